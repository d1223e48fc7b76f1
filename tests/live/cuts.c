/* cuts.c - two accounts of a real server talk while their connections are cut
 * at random points; what was sent is compared with what arrived, both ways:
 * nothing lost, nothing doubled, everything in order.
 *
 * usage: cuts PORT CA-FILE JID JID PASSWORD CUTS [SEED] */

#include <time.h>

#include <xmpp/xmpp.h>

#include "live/cutter.h"
#include "live/keeper.h"
#include "tap.h"

#define PATIENCE 100 /* seconds, only to end a test that hangs */
#define WINDOW 40    /* messages on the way at most, each way */

struct end {
    const char *jid;
    struct keeper line;
    struct end *other;
    int moved, restored; /* how often another object went on with it */
    int next;            /* number of the next message to be said */
    int heard;           /* messages of the other, so far in order */
    int wrong;           /* lost, doubled, or out of order */
    int acked, back;     /* what became of ours */
};

static xmpp_ctx_t *ctx;
static struct cutter *cutter;
static char **args;
static unsigned seed;
static time_t end_of_patience;

static bool in_time(void)
{
    return time(NULL) < end_of_patience;
}

/* ---- what is heard ----------------------------------------------- */

static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct end *e = userdata;
    const char *body = xmpp_stanza_get_child_text(stanza, "body", NULL);
    int number = body ? atoi(body) : -1;
    const char *type = xmpp_stanza_get_type(stanza);

    (void)conn;
    if (number != e->heard || (type && strcmp(type, "error") == 0)) {
        e->wrong++;
        printf("# %s heard %d (%s), expected %d\n", e->jid, number,
               type ? type : "normal", e->heard);
    }
    e->heard = number + 1;
    return 1;
}

static void on_sent(xmpp_conn_t *conn, int status, const char *text, size_t n,
                    void *userdata)
{
    struct end *e = userdata;

    (void)conn;
    (void)text;
    (void)n;
    if (status == 0)
        e->acked++;
    else
        e->back++;
}

/* ---- what is said ------------------------------------------------ */

static void say(struct end *e)
{
    char to[256], body[600];
    xmpp_stanza_t *m;

    snprintf(to, sizeof(to), "%s/cut", e->other->jid);
    snprintf(body, sizeof(body), "%d %0*d", e->next, rand_r(&seed) % 400, 0);
    m = xmpp_message_new(ctx, "chat", to, NULL);
    xmpp_message_set_body(m, body);
    if (xmpp_send_tracked(e->line.conn, m, on_sent, e) == 0)
        e->next++;
}

static void say_some(struct end *e)
{
    int some = rand_r(&seed) % 4;

    while (e->line.is_up && some-- > 0 && e->next - e->other->heard < WINDOW)
        say(e);
}

/* ---- connections ------------------------------------------------- */

static void make(struct end *e)
{
    char jid[256];

    snprintf(jid, sizeof(jid), "%s/cut", e->jid);
    e->line.conn = xmpp_conn_new(ctx);
    e->line.port = cutter_port(cutter);
    xmpp_conn_set_jid(e->line.conn, jid);
    xmpp_conn_set_pass(e->line.conn, args[5]);
    xmpp_conn_set_cafile(e->line.conn, args[2]);
    xmpp_handler_add(e->line.conn, on_message, NULL, "message", NULL, e);
}

/* Another object goes on, as in the same process or in the next. */
static void move(struct end *e)
{
    xmpp_conn_t *old = e->line.conn;

    make(e);
    if (xmpp_conn_set_sm_state(e->line.conn, xmpp_conn_get_sm_state(old)) == 0)
        e->moved++;
    xmpp_conn_release(old);
}

static void restore(struct end *e)
{
    unsigned char *bytes;
    size_t n;

    if (xmpp_conn_save_sm_state(e->line.conn, &bytes, &n))
        return;
    xmpp_conn_release(e->line.conn); /* gives back what is not acknowledged */
    make(e);
    if (xmpp_conn_restore_sm_state(e->line.conn, bytes, n) == 0)
        e->restored++;
    xmpp_free(ctx, bytes);
}

static void stay_connected(struct end *e)
{
    int how = 2;

    if (xmpp_conn_is_disconnected(e->line.conn) && e->line.sessions)
        how = rand_r(&seed) % 6;
    if (how == 0)
        move(e);
    if (how == 1)
        restore(e);
    keeper_turn(&e->line);
}

/* ---- the story --------------------------------------------------- */

static void turn(struct end *a, struct end *b)
{
    stay_connected(a);
    stay_connected(b);
    xmpp_run_once(ctx, 5);
}

static bool is_settled(const struct end *e)
{
    return e->line.is_up && e->other->heard == e->next &&
           xmpp_conn_get_unacked(e->line.conn) == 0;
}

static void judge(const struct end *e)
{
    printf("# %s: %d messages, %d connections lost, %d resumed, %d moved, %d "
           "restored, %d fresh\n",
           e->jid, e->next, e->line.downs, e->line.resumed, e->moved,
           e->restored, e->line.sessions);
    is_int(e->other->heard, e->next, "%s: all that was said arrived", e->jid);
    is_int(e->other->wrong, 0, "each once, and in order");
    is_int(e->acked + e->back, e->next, "what became of each was told once");
    ok(e->restored || !e->back, "acknowledged, unless a process ended");
    is_int(e->line.sessions, 1, "it was one session all the time");
    ok(e->line.resumed > 0, "resumed %d times", e->line.resumed);
}

static void leave(struct end *e)
{
    const xmpp_failure_t *f;
    int downs = e->line.downs;

    xmpp_disconnect(e->line.conn);
    while (e->line.downs == downs && in_time())
        xmpp_run_once(ctx, 100);
    f = xmpp_conn_get_failure(e->line.conn);
    ok(e->line.downs > downs && !f, "%s leaves in peace", e->jid);
    if (f)
        printf("# %s\n", f->message);
    xmpp_conn_release(e->line.conn);
}

int main(int argc, char **argv)
{
    struct end a = {0}, b = {0};
    int cuts;

    if (argc < 7)
        bail("usage");
    args = argv;
    cuts = atoi(argv[6]);
    seed =
        argc > 7 ? (unsigned)strtoul(argv[7], NULL, 10) : (unsigned)time(NULL);
    printf("# seed %u\n", seed);
    end_of_patience = time(NULL) + (cuts > 1000 ? cuts : PATIENCE);
    a.jid = argv[3], b.jid = argv[4];
    a.other = &b, b.other = &a;
    ctx = xmpp_ctx_new(NULL, NULL);
    cutter = cutter_start((unsigned short)atoi(argv[1]), seed);
    make(&a);
    make(&b);
    while (!(a.line.sessions && b.line.sessions) && in_time())
        turn(&a, &b);
    while (cutter_count(cutter) < cuts && in_time()) {
        say_some(&a);
        say_some(&b);
        turn(&a, &b);
    }
    ok(cutter_count(cutter) >= cuts, "%d connections were cut",
       cutter_count(cutter));
    cutter_rest(cutter);
    while (!(is_settled(&a) && is_settled(&b)) && in_time())
        turn(&a, &b);
    judge(&a);
    judge(&b);
    leave(&a);
    leave(&b);
    xmpp_ctx_free(ctx);
    cutter_stop(cutter);
    return done_testing();
}
