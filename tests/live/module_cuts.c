/* module_cuts.c - modules on a real server, while the connection of one of
 * three clients is cut at random points: contact list, presence, notes of a
 * node, copies and requests. In the end nothing is missing, nothing came twice,
 * and nothing was requested anew.
 *
 * ejabberd loses copies, and seldom an answer, that are on their way while a
 * session is resumed, and delivers some after later ones: with "lossy" these
 * may be missing, or late.
 *
 * usage: module_cuts PORT CA-FILE JID PEER-JID PASSWORD CUTS [lossy] [SEED] */

#include <time.h>

#include <xmpp/have.h>
#include <xmpp/xmpp.h>

#include "live/cutter.h"
#include "live/keeper.h"
#include "tap.h"

#if defined(XMPP_HAVE_PEP) && defined(XMPP_HAVE_CAPS) &&                       \
    defined(XMPP_HAVE_SUBSCRIPTION) && defined(XMPP_HAVE_CARBONS)
#include <xmpp/module.h>
#include <xmpp/xep/availability.h>
#include <xmpp/xep/caps.h>
#include <xmpp/xep/carbons.h>
#include <xmpp/xep/pep.h>
#include <xmpp/xep/subscription.h>

#define PATIENCE 90 /* seconds, only to end a test that hangs */
#define WINDOW 10   /* steps that may be on the way */
#define NODE "urn:example:count"
#define ID_MOST 128 /* of the last note, which is the state of our module */

/* Ours is cut; our other client and the peer are not. */
enum who { OURS, OTHER, PEER, CLIENTS };

struct client {
    const char *jid;
    struct keeper line;
};

#define STEPS_MOST 10000

/* What comes to ours is numbered: 1, 2, ... */
struct counter {
    const char *what;
    bool may_miss; /* and may be late */
    int last, missed, wrong;
    bool came[STEPS_MOST];
};

struct story {
    xmpp_ctx_t *ctx;
    struct cutter *cutter;
    struct client clients[CLIENTS];
    char **args;
    int steps;
    struct counter notes, copies;
    int loaded, begun, ended, failed; /* contact lists; requests of ours */
    time_t end;
};

static struct story story;

/* ---- what comes in ----------------------------------------------- */

static void count(struct counter *c, const char *text)
{
    int number = text ? atoi(text) : -1;

    if (number == 0) /* before it begins */
        return;
    if (number != c->last + 1)
        printf("# %s %d after %d\n", c->what, number, c->last);
    if (number < 0 || number >= STEPS_MOST || c->came[number] ||
        (number != c->last + 1 && !c->may_miss)) {
        c->wrong++;
        return;
    }
    c->came[number] = true;
    c->missed += number > c->last ? number - c->last - 1 : -1;
    c->last = number > c->last ? number : c->last;
}

typedef struct {
    size_t size;
    const char *text;
} note_t;

static const xmpp_field_t note_fields[] = {XMPP_TEXT_MUST(note_t, text, TEXT)};
static XMPP_PAYLOAD(note, note_t, "note", NODE, note_fields);

/* Prosody may send an event to our bare and to our whole address, both with one
 * id. */
static int on_note(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    const char *id = xmpp_stanza_get_id(in->message);
    const note_t *value = in->value;
    char *last_id = state;

    (void)conn;
    if (!value || (id && strcmp(id, last_id) == 0))
        return 0;
    snprintf(last_id, ID_MOST, "%s", id ? id : "");
    story.notes.last = story.notes.last < 0 ? 0 : story.notes.last;
    count(&story.notes, value->text);
    return 0;
}

static int on_copy(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    (void)conn;
    (void)state;
    if (in->via == XMPP_VIA_CARBON_OUT)
        count(&story.copies,
              xmpp_stanza_get_child_text(in->message, "body", NULL));
    return 0;
}

static const xmpp_row_t rows[] = {
    XMPP_NEEDS(&xmpp_mod_pubsub),
    XMPP_NODE(XMPP_SENDER_ANYONE, XMPP_NOTIFY, NODE, &note, on_note),
    XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_ALL, XMPP_NS_CLIENT, "body", NULL,
                 on_copy),
    XMPP_ROWS_END};
static XMPP_MODULE(mod_counts, "counts", ID_MOST, rows);

static void on_roster(xmpp_conn_t *conn, const xmpp_event_t *event,
                      void *userdata)
{
    (void)conn;
    (void)userdata;
    story.loaded += event->what == XMPP_ROSTER_LOADED;
}

static void on_end(xmpp_conn_t *conn, const xmpp_result_t *result,
                   void *userdata)
{
    (void)conn;
    (void)userdata;
    story.ended++;
    if (result->status == XMPP_ETIMEOUT && story.copies.may_miss) {
        printf("# an answer did not come\n");
    } else if (result->status) {
        story.failed++;
        printf("# a request ended with %s\n",
               xmpp_strerror_name(result->status));
    }
}

/* ---- clients ----------------------------------------------------- */

static void make(enum who who, const char *jid, const char *resource)
{
    static const xmpp_module_t *const modules[] = {
        &xmpp_mod_presence, &xmpp_mod_roster, &xmpp_mod_subscription,
        &xmpp_mod_availability, &xmpp_mod_caps};
    struct client *c = &story.clients[who];
    char full[256];

    snprintf(full, sizeof(full), "%s/%s", jid, resource);
    c->jid = jid;
    c->line.conn = xmpp_conn_new(story.ctx);
    c->line.port = who == OURS ? cutter_port(story.cutter)
                               : (unsigned short)atoi(story.args[1]);
    xmpp_conn_set_jid(c->line.conn, full);
    xmpp_conn_set_pass(c->line.conn, story.args[5]);
    xmpp_conn_set_cafile(c->line.conn, story.args[2]);
    if (story.copies.may_miss)
        xmpp_conn_set_option(c->line.conn, XMPP_OPT_REQUEST_TIMEOUT, 10000);
    for (size_t i = 0; i < sizeof(modules) / sizeof(modules[0]); i++)
        xmpp_conn_use(c->line.conn, modules[i]);
    xmpp_subscription_set_policy(c->line.conn, XMPP_SUBSCRIPTION_APPROVE_ALL,
                                 1);
    if (who == PEER)
        xmpp_conn_use(c->line.conn, &xmpp_mod_pep);
    if (who != OURS)
        return;
    xmpp_conn_use(c->line.conn, &mod_counts);
    xmpp_conn_use(c->line.conn, &xmpp_mod_carbons);
    xmpp_conn_watch(c->line.conn, &xmpp_mod_roster, on_roster, NULL);
}

static bool turn(void)
{
    for (int who = 0; who < CLIENTS; who++)
        keeper_turn(&story.clients[who].line);
    xmpp_run_once(story.ctx, 5);
    return time(NULL) < story.end;
}

static void show(enum who who, int number)
{
    xmpp_presence_t presence;
    char status[16];

    snprintf(status, sizeof(status), "%d", number);
    XMPP_INIT(xmpp_presence, presence);
    presence.status = status;
    xmpp_presence_set(story.clients[who].line.conn, &presence);
}

static void publish(int number)
{
    char text[16];
    note_t value;

    snprintf(text, sizeof(text), "%d", number);
    XMPP_INIT(note, value);
    value.text = text;
    xmpp_pep_publish(story.clients[PEER].line.conn, NODE, "current", &note,
                     &value, NULL, NULL, NULL);
}

static void parse(const char *text, char *room, xmpp_jid_t *jid)
{
    xmpp_jid_parse(text, (size_t)-1, XMPP_JID_STRICT, room, jid, NULL);
}

/* A contact of our list gets another name; `who` is the client that does it. */
static int rename_contact(enum who who, int contact, int number,
                          xmpp_result_handler handler)
{
    char room[XMPP_JID_BUFFER_SIZE], jid[64], name[16];
    xmpp_roster_item_t item;

    XMPP_INIT(xmpp_roster_item, item);
    snprintf(jid, sizeof(jid), "contact%d@example.net", contact);
    parse(jid, room, &item.jid);
    snprintf(name, sizeof(name), "%d", number);
    item.name = name;
    return xmpp_roster_set(story.clients[who].line.conn, &item, handler, NULL);
}

static void say(int number)
{
    struct client *other = &story.clients[OTHER];
    xmpp_stanza_t *m =
        xmpp_message_new(story.ctx, "chat", story.clients[PEER].jid, NULL);
    char body[16];

    snprintf(body, sizeof(body), "%d", number);
    xmpp_message_set_body(m, body);
    xmpp_send_take(other->line.conn, m);
}

/* ---- the story --------------------------------------------------- */

static const char *peer_status(void)
{
    char room[XMPP_JID_BUFFER_SIZE];
    const xmpp_presence_t *seen;
    xmpp_jid_t jid;

    parse(story.clients[PEER].jid, room, &jid);
    seen = xmpp_availability_get(story.clients[OURS].line.conn, &jid);
    return seen && seen->status ? seen->status : "";
}

/* Until all know each other, and ours gets notes and copies. */
static void begin(void)
{
    char room[XMPP_JID_BUFFER_SIZE];
    struct client *ours = &story.clients[OURS];
    xmpp_jid_t peer;

    while (!(ours->line.is_up && story.clients[OTHER].line.is_up &&
             story.clients[PEER].line.is_up) &&
           turn())
        ;
    for (int who = 0; who < CLIENTS; who++)
        show((enum who)who, 0);
    parse(story.clients[PEER].jid, room, &peer);
    is_int(xmpp_subscription_request(ours->line.conn, &peer, NULL), 0,
           "a contact is requested");
    while (strcmp(peer_status(), "0") != 0 && turn())
        ;
    is_str(peer_status(), "0", "and seen");
    for (int i = 0; story.notes.last < 0 && turn(); i++)
        if (i % 200 == 0)
            publish(0);
    is_int(story.notes.last, 0, "its notes arrive");
    while (!xmpp_carbons_is_enabled(ours->line.conn) && turn())
        ;
}

static void step(void)
{
    int n = ++story.steps;

    publish(n);
    show(PEER, n);
    say(n);
    rename_contact(OTHER, n % 7, n, NULL);
    if (story.clients[OURS].line.is_up &&
        rename_contact(OURS, 10 + n % 3, n, on_end) == 0)
        story.begun++;
}

static bool is_settled(void)
{
    char last[16];

    snprintf(last, sizeof(last), "%d", story.steps);
    return story.notes.last == story.steps &&
           (story.copies.last == story.steps || story.copies.may_miss) &&
           story.ended == story.begun && strcmp(peer_status(), last) == 0;
}

/* Both of our clients have the same list. */
static bool is_same_list(void)
{
    xmpp_conn_t *a = story.clients[OURS].line.conn,
                *b = story.clients[OTHER].line.conn;
    const xmpp_roster_item_t *item = NULL, *same;

    while ((item = xmpp_roster_next(a, item))) {
        same = xmpp_roster_get(b, &item->jid);
        if (!same || !xmpp_payload_equal(&xmpp_roster_item, item, same))
            return false;
    }
    return xmpp_roster_count(a) == xmpp_roster_count(b);
}

static void judge(void)
{
    const struct client *ours = &story.clients[OURS];

    printf("# %d steps, %d cuts, %d resumed\n", story.steps,
           cutter_count(story.cutter), ours->line.resumed);
    is_int(ours->line.sessions, 1, "it was one session all the time");
    ok(ours->line.resumed > 0, "resumed %d times", ours->line.resumed);
    is_int(story.notes.last, story.steps, "each note arrived");
    is_int(story.notes.wrong, 0, "once, and in order");
    if (story.copies.may_miss)
        printf("# %d copies are missing\n",
               story.copies.missed + story.steps - story.copies.last);
    else
        is_int(story.copies.last, story.steps, "each copy arrived");
    is_int(story.copies.wrong, 0, "once, and in order");
    is_int(story.ended, story.begun, "each request of ours ended");
    is_int(story.failed, 0, "well");
    ok(strtol(peer_status(), NULL, 10) == story.steps, "presence is the last");
    ok(is_same_list(), "the lists of %zu contacts are the same",
       xmpp_roster_count(ours->line.conn));
    is_int(story.loaded, 1, "ours was loaded once");
}

static void leave(void)
{
    for (int who = 0; who < CLIENTS; who++)
        xmpp_disconnect(story.clients[who].line.conn);
    for (int who = 0; who < CLIENTS; who++) {
        while (!xmpp_conn_is_disconnected(story.clients[who].line.conn) &&
               time(NULL) < story.end)
            xmpp_run_once(story.ctx, 50);
        xmpp_conn_release(story.clients[who].line.conn);
    }
}

static void play(int cuts)
{
    make(OURS, story.args[3], "cut");
    make(OTHER, story.args[3], "other");
    make(PEER, story.args[4], "peer");
    begin();
    while (cutter_count(story.cutter) < cuts && turn())
        if (story.steps - story.notes.last < WINDOW &&
            (story.steps - story.copies.last < WINDOW || story.copies.may_miss))
            step();
    ok(cutter_count(story.cutter) >= cuts, "%d connections were cut",
       cutter_count(story.cutter));
    cutter_rest(story.cutter);
    while (!(is_settled() && is_same_list()) && turn())
        ;
    judge();
    leave();
}

int main(int argc, char **argv)
{
    bool is_lossy = argc > 7 && strcmp(argv[7], "lossy") == 0;
    const char *given = argc > 7 + is_lossy ? argv[7 + is_lossy] : NULL;
    unsigned seed =
        given ? (unsigned)strtoul(given, NULL, 10) : (unsigned)time(NULL);

    if (argc < 7)
        bail("usage");
    story.args = argv;
    printf("# seed %u\n", seed);
    story.end = time(NULL) + PATIENCE;
    story.notes = (struct counter){.what = "note", .last = -1};
    story.copies = (struct counter){.what = "copy", .may_miss = is_lossy};
    story.ctx = xmpp_ctx_new(NULL, NULL);
    story.cutter = cutter_start((unsigned short)atoi(argv[1]), seed);
    play(atoi(argv[6]));
    xmpp_ctx_free(story.ctx);
    cutter_stop(story.cutter);
    return done_testing();
}
#else
int main(void)
{
    ok(true, "this library has not all of the modules");
    return done_testing();
}
#endif
