/* contacts.c - the contact list, presence and subscriptions under an
 * application that may do anything in its watchers; and many contacts. */

#include <xmpp/xep/availability.h>
#include <xmpp/xep/subscription.h>

#include "conn/testbed.h"

#define LIST(rest)                                                             \
    "<iq type='result' id='%id%'><query xmlns='jabber:iq:roster'>" rest        \
    "</query></iq>"
#define PUSH(id, rest)                                                         \
    "<iq type='set' id='" id "'><query xmlns='jabber:iq:roster'>" rest         \
    "</query></iq>"

static struct testbed testbed;
static int events, act_at; /* the n-th event is the one to act in */
static void (*act)(xmpp_conn_t *conn, const xmpp_event_t *event);

static void on_event(xmpp_conn_t *conn, const xmpp_event_t *event,
                     void *userdata)
{
    (void)userdata;
    if (++events == act_at)
        act(conn, event);
}

static void use_all(void)
{
    static const xmpp_module_t *const modules[] = {
        &xmpp_mod_subscription, &xmpp_mod_roster, &xmpp_mod_availability};

    for (size_t i = 0; i < 3; i++) {
        xmpp_conn_use(testbed.conn, modules[i]);
        xmpp_conn_watch(testbed.conn, modules[i], on_event, NULL);
    }
    events = 0;
}

static xmpp_jid_t jid_of(const char *text)
{
    static char buffer[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t jid = {NULL, 0, 0, 0, 0};

    xmpp_jid_parse(text, (size_t)-1, XMPP_JID_STRICT, buffer, &jid, NULL);
    return jid;
}

/* ---- inside of a watcher ----------------------------------------- */

/* Everything that an event reports, a while after the deed. */
static void read_again(const xmpp_event_t *event)
{
    char text[400];

    if (event->payload && event->value)
        xmpp_payload_print(event->payload, event->value, text, sizeof(text));
    if (event->payload && event->before)
        xmpp_payload_print(event->payload, event->before, text, sizeof(text));
}

static void release(xmpp_conn_t *conn, const xmpp_event_t *event)
{
    xmpp_conn_release(conn);
    testbed.conn = NULL;
    read_again(event);
}

static void disconnect(xmpp_conn_t *conn, const xmpp_event_t *event)
{
    xmpp_disconnect(conn);
    read_again(event);
}

static void drop(xmpp_conn_t *conn, const xmpp_event_t *event)
{
    xmpp_conn_drop(conn);
    xmpp_run_once(testbed.ctx, 1);
    read_again(event);
}

/* The list and who is available, each to the end, whatever has just changed. */
static void walk(xmpp_conn_t *conn, const xmpp_event_t *event)
{
    const xmpp_roster_item_t *item = NULL;
    const xmpp_presence_t *contact = NULL, *presence, *request = NULL;
    size_t n = 0;

    while ((item = xmpp_roster_next(conn, item)))
        n++;
    is_int(n, xmpp_roster_count(conn), "a watcher walks the list");
    while ((contact = xmpp_availability_next_contact(conn, contact)))
        for (presence = contact; presence;
             presence = xmpp_availability_next(conn, presence))
            ok(xmpp_availability_get(conn, &presence->from) == presence,
               "and all resources");
    while ((request = xmpp_subscription_next(conn, request)))
        n++;
    read_again(event);
}

static void unwatch(xmpp_conn_t *conn, const xmpp_event_t *event)
{
    xmpp_conn_unwatch(conn, event->module, on_event, NULL);
    read_again(event);
}

static void change_all(xmpp_conn_t *conn, const xmpp_event_t *event)
{
    xmpp_jid_t jid = jid_of("a@x");
    xmpp_presence_t presence;

    XMPP_INIT(xmpp_presence, presence);
    presence.type = XMPP_PRESENCE_UNAVAILABLE;
    xmpp_presence_direct(conn, &jid, NULL);
    xmpp_presence_set(conn, &presence);
    xmpp_roster_remove(conn, &jid, NULL, NULL);
    xmpp_roster_load(conn);
    xmpp_subscription_approve(conn, &jid);
    xmpp_subscription_deny(conn, &jid);
    read_again(event);
}

static const struct deed {
    const char *name;
    void (*act)(xmpp_conn_t *conn, const xmpp_event_t *event);
} deeds[] = {
    {"release", release}, {"disconnect", disconnect}, {"drop", drop},
    {"walk", walk},       {"unwatch", unwatch},       {"change", change_all},
};

/* Everything that can be reported. */
static const char *const busy[] = {
    PEER_LOGIN,
    "C jabber:iq:roster",
    "C <presence",
    "S " LIST("<item jid='a@x' name='ann'><group>g</group></item>"
              "<item jid='b@x' subscription='both'/><item jid='c@x'/>"),
    "S " PUSH("p1", "<item jid='a@x' name='amy'/>")
        PUSH("p2", "<item jid='b@x' subscription='remove'/>")
            PUSH("p3", "<item jid='d@x' subscription='from'/>"),
    "S <presence from='a@x/1'/><presence from='a@x/2'><priority>5</priority>"
    "</presence><presence from='a@x/1'><show>dnd</show></presence>"
    "<presence from='a@x/1' type='unavailable'/>"
    "<presence from='a@x' type='error'/><presence from='c@x/1'/>"
    "<presence from='e@x' type='subscribe'/>"
    "<presence from='e@x' type='unsubscribe'/>"
    "<presence from='f@x' type='subscribe'/>" PUSH(
        "p4", "<item jid='f@x' subscription='from'/>")
        PUSH("p5", "<item jid='c@x' subscription='remove'/>"),
    "S <presence from='a@x' type='subscribed'/>"
    "<presence from='a@x' type='unsubscribed'/>",
    "hangup",
    NULL};

static void run_to_end(void)
{
    for (int i = 0; i < 200 && testbed.conn && !testbed.downs; i++)
        xmpp_run_once(testbed.ctx, 10);
}

static void in_watchers(const struct deed *deed)
{
    int n = 0;

    act = deed->act;
    do {
        act_at = ++n;
        testbed_make_virtual(&testbed);
        use_all();
        testbed_connect(&testbed, busy);
        run_to_end();
        testbed_peer_end(&testbed);
        testbed_free(&testbed, deed->name);
    } while (events >= n);
    ok(n > 15, "%s in each of %d events", deed->name, n - 1);
}

/* ---- without memory ---------------------------------------------- */

static void without_memory(void)
{
    act_at = -1;
    for (unsigned long n = 1, more = 1; more; n++) {
        testbed_make_virtual(&testbed);
        failmem_arm(&testbed.memory, n, 0);
        use_all();
        testbed_connect(&testbed, busy);
        run_to_end();
        more = testbed.memory.failed;
        failmem_arm(&testbed.memory, 0, 0);
        testbed_peer_end(&testbed);
        testbed_free(&testbed, "without memory");
    }
}

/* ---- a list that cannot even be requested ------------------------ */

static int failures, last_status;

static void on_failed(xmpp_conn_t *conn, const xmpp_event_t *event,
                      void *userdata)
{
    (void)conn;
    (void)userdata;
    if (event->what != XMPP_ROSTER_FAILED)
        return;
    failures++;
    last_status = ((const xmpp_result_t *)event->value)->status;
}

/* A module that is used first, and whose request takes the only place. */
static int on_first(xmpp_conn_t *conn, xmpp_lifecycle_t event, void *state)
{
    (void)state;
    if (event == XMPP_SESSION_STARTED)
        xmpp_request(conn, xmpp_iq_to(conn, "get", "x.example"), NULL, NULL,
                     NULL);
    return 0;
}

static const xmpp_row_t first_rows[] = {XMPP_LIFECYCLE(on_first),
                                        XMPP_ROWS_END};
static XMPP_MODULE(first_module, "first", 0, first_rows);

static void not_requested(void)
{
    static const char *const script[] = {PEER_LOGIN, PEER_CLOSE, NULL};

    testbed_make_virtual(&testbed);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_MAX_REQUESTS, 1);
    xmpp_conn_use(testbed.conn, &first_module);
    xmpp_conn_use(testbed.conn, &xmpp_mod_roster);
    xmpp_conn_watch(testbed.conn, &xmpp_mod_roster, on_failed, NULL);
    failures = 0;
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    is_int(failures, 1, "a list that cannot be requested is an event");
    is_int(last_status, XMPP_EFULL, "which says why");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    testbed_peer_done(&testbed, "not requested");
    testbed_free(&testbed, "not requested");
}

/* ---- many -------------------------------------------------------- */

#define MANY 20000

static const char *list_of(int count)
{
    static char text[200 * MANY];
    size_t n = 0;

    n += (size_t)sprintf(text, "S <iq type='result' id='%%id%%'><query "
                               "xmlns='jabber:iq:roster'>");
    for (int i = 0; i < count; i++)
        n += (size_t)sprintf(text + n,
                             "<item jid='contact%d@example.org' name='Contact "
                             "%d' subscription='both'><group>Friends</group>"
                             "</item>",
                             i, i);
    sprintf(text + n, "</query></iq>");
    return text;
}

static int loaded;

static void on_loaded(xmpp_conn_t *conn, const xmpp_event_t *event,
                      void *userdata)
{
    (void)conn;
    (void)userdata;
    loaded +=
        event->what == XMPP_ROSTER_LOADED || event->what == XMPP_ROSTER_CHANGED;
}

/* What a change costs in allocations with so many contacts. */
static unsigned long cost_of_change(int count)
{
    const char *script[] = {PEER_LOGIN,
                            "C jabber:iq:roster",
                            "C </iq>",
                            list_of(count),
                            "C <message",
                            "C />",
                            "S " PUSH("p1", "<item jid='contact7@example.org' "
                                            "name='x'/>"),
                            PEER_CLOSE,
                            NULL};
    unsigned long calls;
    xmpp_jid_t jid;

    testbed_make_virtual(&testbed);
    xmpp_conn_use(testbed.conn, &xmpp_mod_roster);
    xmpp_conn_watch(testbed.conn, &xmpp_mod_roster, on_loaded, NULL);
    loaded = 0;
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &loaded, 1, "loaded");
    is_int(xmpp_roster_count(testbed.conn), count, "all %d contacts", count);
    jid = jid_of("contact7@example.org/r");
    ok(xmpp_roster_get(testbed.conn, &jid) != NULL, "one of them");
    xmpp_send_take(testbed.conn,
                   xmpp_message_new(testbed.ctx, NULL, "a@x", NULL));
    xmpp_run_once(testbed.ctx, 1); /* now the server goes on */
    calls = testbed.memory.calls;
    testbed_until(&testbed, &loaded, 2, "one has changed");
    calls = testbed.memory.calls - calls;
    is_str(xmpp_roster_get(testbed.conn, &jid)->name, "x", "its name");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    testbed_peer_done(&testbed, "many contacts");
    testbed_free(&testbed, "many contacts");
    return calls;
}

int main(void)
{
    for (size_t i = 0; i < sizeof(deeds) / sizeof(deeds[0]); i++)
        in_watchers(&deeds[i]);
    without_memory();
    not_requested();
    is_int(cost_of_change(MANY), cost_of_change(10),
           "a change of one of many costs the same as of one of few");
    return done_testing();
}
