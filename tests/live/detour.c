/* detour.c - what it costs if the first of two addresses leads nowhere.
 *
 * usage: detour PORT CA-FILE JID PASSWORD RUNS HOLE ADDRESS
 *
 * HOLE swallows what is sent there. It logs in that often by HOLE and ADDRESS,
 * and by ADDRESS alone. */

#include <time.h>

#include <xmpp/xmpp.h>

#include "tap.h"

#define PATIENCE 60 /* seconds, only to end a test that hangs */
#define RUNS_MOST 101

static char **args;
static int ups, downs, to_hole;
static long up_at;

static long now_ms(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000L + t.tv_nsec / 1000000;
}

static void on_conn(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                    xmpp_stream_error_t *stream_error, void *userdata)
{
    (void)error;
    (void)stream_error;
    (void)userdata;
    if (event == XMPP_CONN_CONNECT) {
        ups++;
        up_at = now_ms();
        xmpp_disconnect(conn);
    } else {
        downs++;
    }
}

/* After so many milliseconds it was up. */
static int log_in(xmpp_ctx_t *ctx, const char *places)
{
    xmpp_conn_t *conn = xmpp_conn_new(ctx);
    time_t end = time(NULL) + PATIENCE;
    int before = downs;
    long began = now_ms();

    xmpp_conn_set_jid(conn, args[3]);
    xmpp_conn_set_pass(conn, args[4]);
    xmpp_conn_set_cafile(conn, args[2]);
    if (xmpp_conn_set_resolve(conn, places) ||
        xmpp_connect_client(conn, "localhost", (unsigned short)atoi(args[1]),
                            on_conn, NULL))
        bail(xmpp_ctx_get_last_error(ctx));
    while (downs == before && time(NULL) < end)
        xmpp_run_once(ctx, 100);
    to_hole += xmpp_conn_get_target_failure(conn, 0) != NULL;
    xmpp_conn_release(conn);
    return (int)(up_at - began);
}

static int compare(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static int median(xmpp_ctx_t *ctx, const char *places, int runs)
{
    static int took[RUNS_MOST];

    for (int i = 0; i < runs; i++)
        took[i] = log_in(ctx, places);
    qsort(took, (size_t)runs, sizeof(took[0]), compare);
    return took[runs / 2];
}

int main(int argc, char **argv)
{
    xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
    int runs = argc == 8 ? atoi(argv[5]) : 0, directly, around;
    char places[200];

    if (runs < 1 || runs > RUNS_MOST)
        bail("usage: detour PORT CA-FILE JID PASSWORD RUNS HOLE ADDRESS");
    args = argv;
    snprintf(places, sizeof(places), "localhost=%s", argv[7]);
    directly = median(ctx, places, runs);
    is_int(ups, runs, "it logs in by %s", places);
    snprintf(places, sizeof(places), "localhost=%s,%s", argv[6], argv[7]);
    around = median(ctx, places, runs);
    is_int(ups, 2 * runs, "it logs in by %s", places);
    is_int(to_hole, 0, "without having waited for the first to fail");
    if (runs > 1)
        printf("# an address that leads nowhere costs %d ms more than %d\n",
               around - directly, directly);
    xmpp_ctx_free(ctx);
    return done_testing();
}
