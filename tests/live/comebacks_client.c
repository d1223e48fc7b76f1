/* comebacks_client.c - how soon it is noticed that a session's transport is
 * gone, and how soon the session goes on: after an end, a reset, and a black
 * hole.
 *
 * usage: comebacks_client WAY PORT CA-FILE JID PASSWORD RUNS [SERVER-PORT]
 *
 * WAY and the ports are those of tests/live/way.h. With several RUNS the pauses
 * are those of the defaults, and medians are printed; with one they are short.
 */

#include <time.h>

#include <xmpp/xmpp.h>

#include "live/relay.h"
#include "live/way.h"
#include "tap.h"

#define PATIENCE 60 /* seconds, only to end a test that hangs */
#define RUNS_MOST 101
#define SILENCE                                                                \
    1000 /* milliseconds, before it is asked; and for the answer               \
          */

static char **args;
static xmpp_ctx_t *ctx;
static xmpp_conn_t *conn;
static struct relay *relay;

/* What became of one session. */
static struct {
    int ups, downs, resumed, code;
    unsigned long pause;
    long up_at, down_at;
} now;

static long now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000L + t.tv_nsec / 1000000;
}

static void on_conn(xmpp_conn_t *c, xmpp_conn_event_t event, int error,
                    xmpp_stream_error_t *stream_error, void *userdata)
{
    const xmpp_reconnect_t *next = xmpp_conn_get_reconnect(c);
    const xmpp_failure_t *f = xmpp_conn_get_failure(c);

    (void)error;
    (void)stream_error;
    (void)userdata;
    if (event == XMPP_CONN_CONNECT) {
        now.ups++;
        now.up_at = now_ms();
        now.resumed += xmpp_conn_is_resumed(c);
        return;
    }
    now.downs++;
    now.down_at = now_ms();
    now.pause += next ? next->wait : 0;
    now.code = f ? f->code : 0;
}

static void until(const int *number, int want)
{
    time_t end = time(NULL) + PATIENCE;

    while (*number < want && time(NULL) < end)
        xmpp_run_once(ctx, 50);
    if (*number < want)
        bail("it does not come back");
}

/* What the session's beginning left is answered, so that both are quiet. */
static void settle(void)
{
    long end = now_ms() + 100;

    while (now_ms() < end)
        xmpp_run_once(ctx, 20);
}

static void begin(int runs)
{
    const char *server = args[7] ? args[7] : "0";

    conn = xmpp_conn_new(ctx);
    xmpp_conn_set_jid(conn, args[4]);
    xmpp_conn_set_pass(conn, args[5]);
    xmpp_conn_set_cafile(conn, args[3]);
    xmpp_conn_set_option(conn, XMPP_OPT_RECONNECT, 1);
    xmpp_conn_set_option(conn, XMPP_OPT_RECONNECT_RESET, 0);
    xmpp_conn_set_option(conn, XMPP_OPT_PING_AFTER, SILENCE);
    xmpp_conn_set_option(conn, XMPP_OPT_PING_TIMEOUT, SILENCE);
    if (runs == 1)
        xmpp_conn_set_option(conn, XMPP_OPT_RECONNECT_MIN, 1);
    way_set(conn, args[1], relay_port(relay));
    memset(&now, 0, sizeof(now));
    if (way_connect(conn, args[1], relay_port(relay),
                    (unsigned short)atoi(server), on_conn, NULL))
        bail("cannot begin");
    until(&now.ups, 1);
    settle();
}

/* ---- figures ----------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static int median(int *of, int n)
{
    qsort(of, (size_t)n, sizeof(of[0]), compare);
    return of[n / 2];
}

/* An end of TCP alone is a lost connection under TLS, which says more. */
static int is_loss(int code)
{
    return code == XMPP_ELOST || code == XMPP_EEOF || code == XMPP_ETIMEOUT;
}

static void lose(enum relay_fault fault, const char *what, int runs)
{
    static int noticed[RUNS_MOST], back[RUNS_MOST], login[RUNS_MOST];
    int lost = 0;
    long at;

    begin(runs);
    for (int i = 0; i < runs; i++) {
        now.ups = now.downs = now.resumed = 0;
        now.pause = 0;
        at = now_ms();
        relay_break(relay, fault);
        until(&now.downs, 1);
        noticed[i] = (int)(now.down_at - at);
        lost += is_loss(now.code);
        until(&now.ups, 1);
        back[i] = (int)(now.up_at - at);
        login[i] = back[i] - noticed[i] - (int)now.pause;
        settle();
        if (!now.resumed)
            break;
    }
    is_int(now.resumed, 1, "%s, %s: the session goes on", args[1], what);
    is_int(lost, runs, "%s, %s: and each loss had its reason", args[1], what);
    if (runs > 1)
        printf("# %-6s %-8s noticed after %5d ms, back after %5d ms; the login "
               "alone took %d ms\n",
               args[1], what, median(noticed, runs), median(back, runs),
               median(login, runs));
    xmpp_conn_release(conn);
}

int main(int argc, char **argv)
{
    int runs = argc > 6 ? atoi(argv[6]) : 0;

    if (runs < 1 || runs > RUNS_MOST)
        bail("usage: comebacks_client WAY PORT CA-FILE JID PASSWORD RUNS "
             "[SERVER-PORT]");
    args = argv;
    ctx = xmpp_ctx_new(NULL, NULL);
    relay = relay_start((unsigned short)atoi(argv[2]));
    relay_delay(relay, 0);
    lose(RELAY_END, "end", runs);
    lose(RELAY_RESET, "reset", runs);
    lose(RELAY_HOLE, "silence", runs);
    xmpp_ctx_free(ctx);
    relay_stop(relay);
    return done_testing();
}
