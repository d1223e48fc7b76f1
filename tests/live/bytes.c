/* bytes.c - a login to a real server is cut after each of its bytes, in either
 * direction, and the connection comes back by itself.
 *
 * usage: bytes TRANSPORT PORT CA-FILE JID PASSWORD STEP [SERVER-PORT]
 *
 * TRANSPORT is one of tests/live/way.h; PORT is what the relay
 * stands before: the server, or the proxy, which is led to SERVER-PORT. Each
 * STEP-th byte is taken, 1 is all of them; from a random one on. */

#include <time.h>

#include <xmpp/xmpp.h>

#include "live/relay.h"
#include "live/way.h"
#include "tap.h"

#define PATIENCE 60    /* seconds, only to end a test that hangs */
#define SILENCE 400    /* milliseconds of it that are waited for */
#define HOLES_EVERY 12 /* a black hole takes that time; so there are fewer */

static char **args;
static xmpp_ctx_t *ctx;
static struct relay *relay;
static int ups, downs, lasts, faultless;
static int reached; /* bytes at which it was cut */

static void on_conn(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                    xmpp_stream_error_t *stream_error, void *userdata)
{
    (void)error;
    (void)stream_error;
    (void)userdata;
    ups += event == XMPP_CONN_CONNECT;
    if (event == XMPP_CONN_CONNECT)
        return;
    downs++;
    lasts += !xmpp_conn_is_reconnecting(conn);
    faultless += !xmpp_conn_get_failure(conn);
}

static xmpp_conn_t *make(long patience)
{
    xmpp_conn_t *conn = xmpp_conn_new(ctx);

    xmpp_conn_set_jid(conn, args[4]);
    xmpp_conn_set_pass(conn, args[5]);
    xmpp_conn_set_cafile(conn, args[3]);
    xmpp_conn_set_option(conn, XMPP_OPT_RECONNECT, 1);
    xmpp_conn_set_option(conn, XMPP_OPT_RECONNECT_MIN, 1);
    xmpp_conn_set_option(conn, XMPP_OPT_RECONNECT_MAX, 10);
    xmpp_conn_set_option(conn, XMPP_OPT_STEP_TIMEOUT, patience);
    xmpp_conn_set_option(conn, XMPP_OPT_CONNECT_TIMEOUT, patience);
    xmpp_conn_set_option(conn, XMPP_OPT_CLOSE_TIMEOUT, 0);
    way_set(conn, args[1], relay_port(relay));
    return conn;
}

/* Log in, by as many attempts as it takes; false if it does not. */
static bool log_in(xmpp_conn_t *conn)
{
    unsigned short server = (unsigned short)atoi(args[7] ? args[7] : "0");
    time_t end = time(NULL) + PATIENCE;

    ups = downs = lasts = faultless = 0;
    if (way_connect(conn, args[1], relay_port(relay), server, on_conn, NULL))
        bail("cannot begin");
    while (!ups && !lasts && time(NULL) < end)
        xmpp_run_once(ctx, 100);
    return ups > 0 && xmpp_conn_is_connected(conn);
}

/* What was lost was lost for a reason, and once; the end is the last event. */
static bool cut_at(enum relay_fault fault, bool of_server, long at)
{
    xmpp_conn_t *conn = make(SILENCE);
    bool good;

    relay_fail(relay, fault, of_server, at);
    good = log_in(conn) && !faultless && !lasts;
    reached += relay_has_failed(relay);
    xmpp_conn_release(conn);
    good = good && lasts == 1;
    if (!good)
        printf("# at byte %ld of the %s: up %d, down %d, last %d, %s\n", at,
               of_server ? "server" : "client", ups, downs, lasts,
               relay_has_failed(relay) ? "failed" : "not reached");
    return good;
}

static void cut_everywhere(enum relay_fault fault, const char *what, long bytes,
                           bool of_server, unsigned *seed)
{
    long step = atol(args[6]) * (fault == RELAY_HOLE ? HOLES_EVERY : 1);
    long first = rand_r(seed) % (step < bytes ? step : bytes);
    int done = 0, wrong = 0;

    reached = 0;
    for (long at = first; at < bytes && wrong < 5; at += step) {
        done++;
        wrong += !cut_at(fault, of_server, at);
    }
    ok(wrong == 0, "%s: %s after %d of %ld bytes of the %s: it comes back",
       args[1], what, done, bytes, of_server ? "server" : "client");
    /* how many bytes the last messages have depends on the records of TLS */
    ok(reached >= done - done / 10 - 1, "  %d were reached", reached);
}

/* How many bytes a login has, of both. */
static void measure(long *bytes)
{
    xmpp_conn_t *conn = make(PATIENCE * 1000);

    ok(log_in(conn) && downs == 0, "%s: a login that nobody cuts", args[1]);
    bytes[0] = relay_bytes(relay, false);
    bytes[1] = relay_bytes(relay, true);
    xmpp_conn_release(conn);
}

int main(int argc, char **argv)
{
    unsigned seed = (unsigned)time(NULL);
    long bytes[2];

    if (argc < 7 || atol(argv[6]) < 1)
        bail("usage: bytes TRANSPORT PORT CA-FILE JID PASSWORD STEP "
             "[SERVER-PORT]");
    args = argv;
    printf("# seed %u\n", seed);
    ctx = xmpp_ctx_new(NULL, NULL);
    relay = relay_start((unsigned short)atoi(argv[2]));
    relay_delay(relay, 0);
    measure(bytes);
    for (int of_server = 0; of_server < 2; of_server++) {
        long n = bytes[of_server];

        cut_everywhere(RELAY_END, "an end", n, of_server, &seed);
        cut_everywhere(RELAY_RESET, "a reset", n, of_server, &seed);
        cut_everywhere(RELAY_HOLE, "silence", n, of_server, &seed);
    }
    xmpp_ctx_free(ctx);
    relay_stop(relay);
    return done_testing();
}
