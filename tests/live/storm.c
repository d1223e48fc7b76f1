/* storm.c - many clients in one context whose server is killed and restarted:
 * how many of them call in one second, and what each turn of the loop costs.
 *
 * usage: storm PORT CLIENTS
 * It prints "there" when all are logged in, which is when the server is to be
 * killed, and judges when all are back. */

#include <sys/resource.h>
#include <time.h>

#include <xmpp/xmpp.h>

#include "tap.h"

#define PATIENCE 300 /* seconds, only to end a test that hangs */
#define SECONDS PATIENCE
#define DEVIATIONS 5

static xmpp_ctx_t *ctx;
static int n, ups, downs, lasts;
static int calls[SECONDS], called; /* by the second since the server was lost */
static long lost_at;

static long now_us(clockid_t clock)
{
    struct timespec t;

    clock_gettime(clock, &t);
    return t.tv_sec * 1000000L + t.tv_nsec / 1000;
}

static int on_socket(xmpp_conn_t *conn, void *sock)
{
    long second = (now_us(CLOCK_MONOTONIC) - lost_at) / 1000000;

    (void)conn;
    (void)sock;
    called++;
    if (lost_at && second < SECONDS)
        calls[second]++;
    return 0;
}

static void on_conn(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                    xmpp_stream_error_t *stream_error, void *userdata)
{
    (void)error;
    (void)stream_error;
    (void)userdata;
    ups += event == XMPP_CONN_CONNECT;
    downs += event == XMPP_CONN_DISCONNECT;
    lasts += event == XMPP_CONN_DISCONNECT && !xmpp_conn_is_reconnecting(conn);
    if (event == XMPP_CONN_DISCONNECT && !lost_at)
        lost_at = now_us(CLOCK_MONOTONIC);
}

/* ---- turns ------------------------------------------------------- */

static long longest; /* microseconds of the processor, for one turn */
static int turns;

/* A machine that does something else must not count, so it is the time that
 * this thread had. */
static void turn(void)
{
    long began = now_us(CLOCK_THREAD_CPUTIME_ID), took;

    xmpp_run_once(ctx, 100);
    took = now_us(CLOCK_THREAD_CPUTIME_ID) - began;
    longest = took > longest ? took : longest;
    turns++;
}

static bool until(const int *number, int want)
{
    time_t end = time(NULL) + PATIENCE;

    while (*number < want && time(NULL) < end)
        turn();
    return *number >= want;
}

static xmpp_conn_t *begin(unsigned short port)
{
    xmpp_conn_t *conn = xmpp_conn_new(ctx);

    xmpp_conn_set_jid(conn, "example.org");
    xmpp_conn_set_flags(conn, XMPP_CONN_FLAG_DISABLE_TLS);
    xmpp_conn_set_option(conn, XMPP_OPT_RECONNECT, 1);
    xmpp_conn_set_option(conn, XMPP_OPT_RECONNECT_RESET, 0);
    xmpp_conn_set_option(conn, XMPP_OPT_RECONNECT_MAX, 16000);
    xmpp_conn_set_option(conn, XMPP_OPT_STEP_TIMEOUT, PATIENCE * 1000);
    xmpp_conn_set_option(conn, XMPP_OPT_LOGIN_TIMEOUT, PATIENCE * 1000);
    xmpp_conn_set_option(conn, XMPP_OPT_CONNECT_TIMEOUT, PATIENCE * 1000);
    xmpp_conn_set_sockopt_callback(conn, on_socket);
    if (xmpp_connect_client(conn, "127.0.0.1", port, on_conn, NULL))
        bail("cannot begin");
    return conn;
}

/* ---- what was promised ------------------------------------------- */

/* The first pauses are spread evenly over 4 seconds, the second ones over 8, so
 * that a quarter of the clients call in one second, and an eighth once more,
 * and ever less of later calls: below 0.4 in all. The rest is chance. */
static int most_promised(void)
{
    int mean = n * 4 / 10, root = 1;

    while (root * root < mean)
        root++;
    return mean + DEVIATIONS * root;
}

static void judge(void)
{
    int most = 0, at = 0;

    for (int i = 0; i < SECONDS; i++)
        if (calls[i] > most) {
            most = calls[i];
            at = i;
        }
    ok(most <= most_promised(),
       "at most %d calls in a second (the %d-th), of "
       "%d that are promised",
       most, at, most_promised());
    printf("# %d calls; the last client was back after %ld s; the longest of "
           "%d turns took %ld us of the processor\n",
           called, (now_us(CLOCK_MONOTONIC) - lost_at) / 1000000, turns,
           longest);
}

int main(int argc, char **argv)
{
    struct rlimit most;
    xmpp_conn_t **conns;

    if (argc != 3 || (n = atoi(argv[2])) < 1)
        bail("usage: storm PORT CLIENTS");
    getrlimit(RLIMIT_NOFILE, &most);
    most.rlim_cur = most.rlim_max;
    setrlimit(RLIMIT_NOFILE, &most);
    ctx = xmpp_ctx_new(NULL, NULL);
    conns = calloc((size_t)n, sizeof(conns[0]));
    if (!ctx || !conns)
        bail("no memory");
    for (int i = 0; i < n; i++) {
        conns[i] = begin((unsigned short)atoi(argv[1]));
        if (i % 100 == 0)
            turn();
    }
    ok(until(&ups, n), "%d clients are there", n);
    printf("there\n");
    fflush(stdout);
    longest = turns = called = 0;
    ok(until(&downs, 1), "the server is killed");
    ok(until(&ups, 2 * n), "all of them come back");
    judge();
    for (int i = 0; i < n; i++)
        xmpp_conn_release(conns[i]);
    is_int(lasts, n, "each has one last event");
    free(conns);
    xmpp_ctx_free(ctx);
    return done_testing();
}
