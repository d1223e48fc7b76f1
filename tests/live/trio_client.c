/* trio_client.c - two clients of one account in a room, on a bad network:
 * connections are cut or end in black holes, and sessions are lost. They speak
 * in the room and to somebody who is in there, too, and write down what they
 * are told.
 *
 * usage: trio_client PORT CA-FILE ACCOUNT PASSWORD ROOM PEER MESSAGES
 *             PEER-MESSAGES FOLDER SEED
 *
 * Each says so many messages in the room, and a fifth of that to the peer, as
 * the peer does. Each message is "SENDER NUMBER", and the peer's number 0 is
 * there before. FOLDER/SENDER has what it is told: "room SENDER NUMBER", "chat
 * SENDER NUMBER", "gap ROOM-OR-CHAT", "fate ID FATE CONDITION", and
 * "cuts COUNT" in the end. "ready" on standard output: both are in the room.
 * The exit status is 0 when all has come. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <xmpp/xep/room_stay.h>
#include <xmpp/xep/sync_rooms.h>
#include <xmpp/xmpp.h>

#include "live/cutter.h"
#include "live/keeper.h"
#include "tap.h"

#define NUMBERS_MOST 20000
#define PATIENCE 500  /* seconds, only to end a test that hangs */
#define WINDOW 60     /* messages whose fate a client does not know at most */
#define SHARE 5       /* one in so many is to the peer alone */
#define STRETCH 10    /* how many bytes, against the cutter's own */
#define AFTERMATH 300 /* turns in which nothing more must come */

enum where { CHAT, ROOM, PLACES };
enum sender { BY_ONE, BY_TWO, BY_PEER, SENDERS };

static const char *const place_names[PLACES] = {"chat", "room"};
static const char *const sender_names[SENDERS] = {"one", "two", "peer"};

static struct {
    xmpp_ctx_t *ctx;
    char **args;
    xmpp_jid_t *room, *peer;
    unsigned seed;
    bool shares_nick;
    time_t end;
} all;

static struct end {
    enum sender self;
    struct keeper line;
    xmpp_room_t *room;
    struct cutter *cutter;
    FILE *told;
    char last_id[100]; /* of the peer's last message to us alone */
    bool has_seen;
    int pending;
    int said[PLACES];
    int heard[PLACES][SENDERS];            /* the last number, or -1 */
    bool is_settled[PLACES][NUMBERS_MOST]; /* its fate is known */
} ends[2];

static bool in_time(void)
{
    return time(NULL) < all.end;
}

/* How many messages are said there. */
static int total(enum where where, enum sender sender)
{
    int most = atoi(all.args[sender == BY_PEER ? 8 : 7]);

    return where == ROOM ? most : most / SHARE;
}

/* ---- what is told ------------------------------------------------ */

static enum where where_is(const xmpp_jid_t *archive)
{
    return archive->domain_size ? ROOM : CHAT;
}

static void take_message(struct end *e, const xmpp_sync_message_t *m)
{
    const char *body = xmpp_stanza_get_child_text(m->message, "body", NULL);
    enum where where = where_is(&m->archive);
    char name[20];
    int number;

    if (!body || sscanf(body, "%19s %d", name, &number) != 2)
        return;
    fprintf(e->told, "%s %s %d\n", place_names[where], name, number);
    for (int i = 0; i < SENDERS; i++)
        if (!strcmp(name, sender_names[i]) && number > e->heard[where][i])
            e->heard[where][i] = number;
    if (where == CHAT && !strcmp(name, "peer"))
        snprintf(e->last_id, sizeof(e->last_id), "%s",
                 m->own_id ? m->own_id : "");
}

static void take_fate(struct end *e, const xmpp_sync_fate_t *fate)
{
    enum where where = strncmp(fate->id, "room", 4) ? CHAT : ROOM;
    const char *dot = strrchr(fate->id, '.');
    int number = dot ? atoi(dot + 1) : 0;

    fprintf(e->told, "fate %s %d %s\n", fate->id, fate->fate,
            fate->condition ? fate->condition : "-");
    if (number <= 0 || number >= NUMBERS_MOST || e->is_settled[where][number])
        return;
    e->is_settled[where][number] = true;
    e->pending--;
}

static void take_gap(struct end *e, const xmpp_sync_gap_t *gap)
{
    fprintf(e->told, "gap %s\n", place_names[where_is(&gap->archive)]);
}

static void take_seen(struct end *e, const xmpp_sync_seen_t *seen)
{
    e->has_seen |= seen->id && strcmp(seen->id, ends[BY_ONE].last_id) == 0;
}

static void on_sync(xmpp_conn_t *conn, const xmpp_event_t *event,
                    void *userdata)
{
    struct end *e = userdata;

    (void)conn;
    if (event->what == XMPP_SYNC_MESSAGE)
        take_message(e, event->value);
    if (event->what == XMPP_SYNC_FATE)
        take_fate(e, event->value);
    if (event->what == XMPP_SYNC_GAP)
        take_gap(e, event->value);
    if (event->what == XMPP_SYNC_SEEN)
        take_seen(e, event->value);
}

static void on_stay(xmpp_conn_t *conn, const xmpp_event_t *event,
                    void *userdata)
{
    struct end *e = userdata;
    const xmpp_room_left_t *left = event->value;

    (void)conn;
    fprintf(e->told, "gap room, which is lost: %s\n",
            left->condition ? left->condition : "no answer");
}

/* ---- connections ------------------------------------------------- */

static void join(struct end *e)
{
    xmpp_muc_join_t how;
    int state = xmpp_room_get_state(e->room);

    XMPP_INIT(xmpp_muc_join, how);
    how.nick = all.shares_nick ? "both" : sender_names[e->self];
    if (state == XMPP_ROOM_NEW || state == XMPP_ROOM_LEFT)
        xmpp_room_join(e->room, &how, NULL, NULL);
}

static void on_session(xmpp_conn_t *conn, void *userdata)
{
    xmpp_send_take(conn, xmpp_presence_new(all.ctx));
    join(userdata);
}

static void make(enum sender self)
{
    struct end *e = &ends[self];
    char text[1024];

    e->self = self;
    memset(e->heard, -1, sizeof(e->heard));
    snprintf(text, sizeof(text), "%s/%s", all.args[9], sender_names[self]);
    e->told = fopen(text, "w");
    if (!e->told)
        bail(text);
    setvbuf(e->told, NULL, _IOLBF, 0);
    e->cutter =
        cutter_start((unsigned short)atoi(all.args[1]), all.seed + self);
    cutter_stretch(e->cutter, STRETCH);
    cutter_dig(e->cutter);
    e->line.conn = xmpp_conn_new(all.ctx);
    e->line.port = cutter_port(e->cutter);
    e->line.seed = &all.seed;
    e->line.on_session = on_session;
    e->line.userdata = e;
    snprintf(text, sizeof(text), "%s/%s", all.args[3], sender_names[self]);
    xmpp_conn_set_jid(e->line.conn, text);
    xmpp_conn_set_pass(e->line.conn, all.args[4]);
    xmpp_conn_set_cafile(e->line.conn, all.args[2]);
    xmpp_conn_use(e->line.conn, &xmpp_mod_sync_rooms);
    xmpp_conn_use(e->line.conn, &xmpp_mod_room_stay);
    xmpp_conn_set_limit(e->line.conn, &xmpp_mod_room_stay, "retry_seconds", 1);
    xmpp_conn_set_limit(e->line.conn, &xmpp_mod_sync, "catch-up", 100000);
    xmpp_conn_set_limit(e->line.conn, &xmpp_mod_sync, "page", 20);
    xmpp_conn_watch(e->line.conn, &xmpp_mod_sync, on_sync, e);
    xmpp_conn_watch(e->line.conn, &xmpp_mod_room_stay, on_stay, e);
    e->room = xmpp_room_new(e->line.conn, all.room);
}

static void turn(void)
{
    keeper_turn(&ends[BY_ONE].line);
    keeper_turn(&ends[BY_TWO].line);
    xmpp_run_once(all.ctx, 5);
}

/* ---- the story --------------------------------------------------- */

static bool is_ready(const struct end *e)
{
    return e->heard[CHAT][BY_PEER] >= 0 && e->heard[ROOM][BY_PEER] >= 0;
}

static void say(struct end *e, enum where where)
{
    const char *name = sender_names[e->self];
    char body[40], id[40];
    int number = e->said[where] + 1;
    xmpp_stanza_t *m;

    snprintf(body, sizeof(body), "%s %d", name, number);
    snprintf(id, sizeof(id), "%s.%s.%d", place_names[where], name, number);
    m = xmpp_message_new(all.ctx, where == ROOM ? "groupchat" : "chat",
                         all.args[where == ROOM ? 5 : 6], id);
    xmpp_message_set_body(m, body);
    if (xmpp_sync_send(e->line.conn, m, NULL, NULL))
        return;
    e->said[where] = number;
    e->pending++;
}

/* As many as the window allows: some turns have some, others none. */
static void say_some(struct end *e)
{
    int count = rand_r(&all.seed) % 12;

    while (count-- > 0 && e->pending < WINDOW) {
        enum where where = rand_r(&all.seed) % (SHARE + 1) ? ROOM : CHAT;

        if (e->said[where] < total(where, e->self))
            say(e, where);
    }
}

static bool has_heard(const struct end *e, enum sender sender)
{
    return e->self == sender ||
           (e->heard[ROOM][sender] >= total(ROOM, sender) &&
            e->heard[CHAT][sender] >= total(CHAT, sender));
}

static bool has_said_all(const struct end *e)
{
    return e->said[ROOM] == total(ROOM, e->self) &&
           e->said[CHAT] == total(CHAT, e->self);
}

static bool is_settled(const struct end *e)
{
    return has_said_all(e) && e->pending <= 0 && has_heard(e, BY_ONE) &&
           has_heard(e, BY_TWO) && has_heard(e, BY_PEER) &&
           xmpp_sync_get_state(e->line.conn, NULL) == XMPP_SYNC_LIVE &&
           xmpp_sync_get_state(e->line.conn, all.room) == XMPP_SYNC_LIVE;
}

static void talk(void)
{
    bool rests = false;

    while (!(is_settled(&ends[0]) && is_settled(&ends[1])) && in_time()) {
        turn();
        say_some(&ends[0]);
        say_some(&ends[1]);
        if (rests || !has_said_all(&ends[0]) || !has_said_all(&ends[1]) ||
            !has_heard(&ends[0], BY_PEER))
            continue;
        rests = true;
        cutter_rest(ends[0].cutter);
        cutter_rest(ends[1].cutter);
    }
}

/* One has displayed what the peer said last, and the other learns it. */
static void mark(void)
{
    int sent = 1;

    while (!ends[1].has_seen && in_time()) {
        if (sent && ends[0].line.is_up)
            sent = xmpp_sync_displayed(ends[0].line.conn, all.peer,
                                       ends[0].last_id, NULL);
        turn();
    }
    for (int i = 0; i < AFTERMATH; i++)
        turn();
}

static void finish(struct end *e)
{
    printf("# %s: %d cuts, %d sessions, %d resumed; %d and %d said\n",
           sender_names[e->self], cutter_count(e->cutter), e->line.sessions,
           e->line.resumed, e->said[ROOM], e->said[CHAT]);
    if (!is_settled(e))
        printf("# %s: account %d, room %d, %d of its own pending\n",
               sender_names[e->self], xmpp_sync_get_state(e->line.conn, NULL),
               xmpp_sync_get_state(e->line.conn, all.room), e->pending);
    fprintf(e->told, "cuts %d\n", cutter_count(e->cutter));
    xmpp_room_release(e->room);
    xmpp_conn_release(e->line.conn);
    cutter_stop(e->cutter);
    fclose(e->told);
}

static void start(char **argv)
{
    all.args = argv;
    all.seed = (unsigned)strtoul(argv[10], NULL, 10);
    all.shares_nick = all.seed % 2;
    all.end = time(NULL) + PATIENCE;
    all.ctx = xmpp_ctx_new(NULL, NULL);
    all.room = xmpp_jid_from_string(all.ctx, argv[5], NULL);
    all.peer = xmpp_jid_from_string(all.ctx, argv[6], NULL);
    make(BY_ONE);
    make(BY_TWO);
    while (!(is_ready(&ends[BY_ONE]) && is_ready(&ends[BY_TWO])) && in_time())
        turn();
    puts("ready");
    fflush(stdout);
}

int main(int argc, char **argv)
{
    bool good;

    if (argc != 11)
        bail("usage");
    start(argv);
    talk();
    good = is_settled(&ends[BY_ONE]) && is_settled(&ends[BY_TWO]);
    if (good)
        mark();
    good = good && ends[BY_TWO].has_seen;
    finish(&ends[BY_ONE]);
    finish(&ends[BY_TWO]);
    xmpp_free(all.ctx, all.room);
    xmpp_free(all.ctx, all.peer);
    xmpp_ctx_free(all.ctx);
    return good ? 0 : 1;
}
