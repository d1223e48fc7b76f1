/* modules_events.c - who watches a module is called for its events, once, until
 * it is removed, whatever it does meanwhile. */

#include "conn/diary.h"

static struct testbed testbed;

enum { ADDED, GONE };

static int on_message(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state);

static const xmpp_row_t rows[] = {
    XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_LIVE, NULL, NULL, NULL, on_message),
    XMPP_EVENT(ADDED, "added", NULL), XMPP_EVENT(GONE, "gone", NULL),
    XMPP_ROWS_END};
static XMPP_MODULE(mod, "mod", sizeof(int), rows);

static int on_message(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    int *count = state;

    xmpp_conn_emit(conn, &mod, ADDED, xmpp_stanza_get_id(in->message), "old");
    ++*count; /* valid, whatever a watcher did */
    return 0;
}

/* One that watches. */
struct watcher {
    const char *name;
    void (*deed)(struct watcher *watcher);
    xmpp_slot_t slot;
    int freed;
};

static void on_event(xmpp_conn_t *conn, const xmpp_event_t *event,
                     void *userdata)
{
    struct watcher *watcher = userdata;

    (void)conn;
    diary_add("%s:%s", watcher->name, event->name ? event->name : "-");
    if (watcher->deed)
        watcher->deed(watcher);
    if (watcher->freed)
        diary_add("freed too early");
}

static void on_free(void *userdata)
{
    struct watcher *watcher = userdata;

    watcher->freed++;
    diary_add("%s.freed", watcher->name);
}

static void begin(void)
{
    diary_begin(&testbed);
    xmpp_conn_use(testbed.conn, &mod);
}

static void watch(struct watcher *watcher)
{
    is_int(xmpp_slot_add_watch(testbed.conn, &mod, on_event, watcher, on_free,
                               &watcher->slot),
           0, "%s watches", watcher->name);
}

static void release(void)
{
    xmpp_conn_t *conn = testbed.conn;

    testbed.conn = NULL;
    xmpp_conn_release(conn);
}

/* ---- being called ------------------------------------------------ */

static void look(xmpp_conn_t *conn, const xmpp_event_t *event, void *userdata)
{
    (void)conn;
    (void)userdata;
    ok(event->module == &mod, "whose event it is");
    is_int(event->what, ADDED, "which");
    is_str(event->value, "m1", "what it is now");
    is_str(event->before, "old", "and was");
    is_str(event->stanza ? xmpp_stanza_get_id(event->stanza) : NULL, "m1",
           "what caused it");
    diary_add("look:%s", event->name);
}

static void watches(void)
{
    struct watcher one = {.name = "one"}, two = {.name = "two"};

    begin();
    is_int(xmpp_conn_watch(testbed.conn, &mod, look, NULL), 0, "one watches");
    is_int(xmpp_conn_watch(testbed.conn, &mod, look, NULL), 1, "once only");
    watch(&one);
    watch(&two);
    diary_login(&testbed);
    diary_hear(&testbed, "<message id='m1'/>");
    diary_is("look:added one:added two:added", "all are called, in order");
    xmpp_conn_unwatch(testbed.conn, &mod, look, NULL);
    is_int(xmpp_slot_remove(testbed.ctx, one.slot), 1, "one is removed");
    is_int(xmpp_slot_remove(testbed.ctx, one.slot), 0, "once only");
    xmpp_conn_emit(testbed.conn, &mod, GONE, NULL, NULL);
    xmpp_conn_emit(testbed.conn, &mod, 77, NULL, NULL);
    diary_is("one.freed two:gone two:-", "the other is called");
    xmpp_conn_unwatch(testbed.conn, &mod, on_event, &two);
    diary_is("two.freed", "a slot is found by its function, too");
    testbed_free(&testbed, "watchers");
}

static void watches_nothing(void)
{
    struct watcher one = {.name = "one"};

    diary_begin(&testbed);
    is_int(xmpp_slot_add_watch(testbed.conn, &mod, on_event, &one, on_free,
                               &one.slot),
           XMPP_EINVOP, "a module that is not in use has no events");
    diary_is("one.freed", "the userdata is taken all the same");
    xmpp_conn_use(testbed.conn, &mod);
    is_int(xmpp_conn_watch(testbed.conn, &mod, NULL, NULL), XMPP_EARG,
           "a watch needs a function");
    is_int(xmpp_conn_watch(NULL, &mod, on_event, NULL), XMPP_EINVOP,
           "and a connection");
    failmem_arm(&testbed.memory, 1, 0);
    is_int(xmpp_conn_watch(testbed.conn, &mod, on_event, NULL), XMPP_EMEM,
           "and memory");
    failmem_arm(&testbed.memory, 0, 0);
    testbed_free(&testbed, "no watchers");
}

/* ---- deeds ------------------------------------------------------- */

static void remove_self(struct watcher *watcher)
{
    xmpp_slot_remove(testbed.ctx, watcher->slot);
}

static void remove_all(struct watcher *watcher)
{
    (void)watcher;
    xmpp_conn_unwatch(testbed.conn, &mod, on_event, watcher);
    xmpp_conn_unwatch(testbed.conn, &mod, on_event, testbed.pointer);
}

static void add_other(struct watcher *watcher)
{
    watcher->deed = NULL;
    watch(testbed.pointer);
}

static void emit_again(struct watcher *watcher)
{
    watcher->deed = remove_self;
    xmpp_conn_emit(testbed.conn, &mod, GONE, NULL, NULL);
}

static void let_go(struct watcher *watcher)
{
    (void)watcher;
    release();
}

static const struct play {
    void (*deed)(struct watcher *watcher);
    const char *diary, *what;
    bool alone; /* the other does not watch at first */
} plays[] = {
    {remove_self, "one:added one.freed two:added", "it removes itself", false},
    {remove_all, "one:added two.freed one.freed", "it removes all", false},
    {add_other, "one:added", "it adds another", true},
    {emit_again, "one:added one:gone two:gone one.freed two:added",
     "it causes another event, in which it is removed", false},
    {let_go, "one:added two.freed one.freed", "it releases the connection",
     false},
};

static void acts(const struct play *play)
{
    struct watcher one = {.name = "one", .deed = play->deed};
    struct watcher two = {.name = "two"};

    begin();
    testbed.pointer = &two;
    watch(&one);
    if (!play->alone)
        watch(&two);
    diary_login(&testbed);
    diary_hear(&testbed, "<message id='m1'/>");
    diary_is(play->diary, play->what);
    testbed_free(&testbed, play->what);
    is_int(one.freed, 1, "freed once");
    is_int(two.freed, 1, "and so the other");
}

/* ---- from outside ------------------------------------------------ */

/* A function of the module, which goes on after an event. */
static void poke(xmpp_conn_t *conn)
{
    int *count = xmpp_conn_get_state(conn, &mod);

    xmpp_conn_hold(conn);
    xmpp_conn_emit(conn, &mod, ADDED, NULL, NULL);
    ++*count; /* valid, whatever a watcher did */
    diary_add("poked");
    xmpp_conn_unhold(conn);
}

/* Nothing else holds the connection: it is not even connected. */
static void holds(void)
{
    struct watcher one = {.name = "one", .deed = let_go};

    begin();
    watch(&one);
    poke(testbed.conn);
    diary_is("one:added one.freed poked", "released in a call from outside");
    xmpp_conn_hold(NULL);
    xmpp_conn_unhold(NULL);
    testbed_free(&testbed, "held");
}

int main(void)
{
    watches();
    watches_nothing();
    for (size_t i = 0; i < sizeof(plays) / sizeof(plays[0]); i++)
        acts(&plays[i]);
    holds();
    return done_testing();
}
