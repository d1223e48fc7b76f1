/* storm.c - a server restarts under many clients: how many come back in one
 * moment. */

#include <stdlib.h>

#include "conn/inn.h"
#include "conn/reconnect.h"
#include "tap.h"

/* ---- clients ----------------------------------------------------- */

static struct crowd {
    xmpp_ctx_t *ctx;
    xmpp_conn_t **conns;
    int n, ups, lasts;
} crowd;

static void on_event(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                     xmpp_stream_error_t *stream_error, void *userdata)
{
    (void)error;
    (void)stream_error;
    (void)userdata;
    crowd.ups += event == XMPP_CONN_CONNECT;
    crowd.lasts +=
        event == XMPP_CONN_DISCONNECT && !xmpp_conn_is_reconnecting(conn);
}

static void turn(void)
{
    inn.calls_in_turn = 0;
    xmpp_run_once(crowd.ctx, 1000);
    if (inn.calls_in_turn > inn.most_in_turn)
        inn.most_in_turn = inn.calls_in_turn;
}

static void crowd_gather(int n)
{
    crowd = (struct crowd){.ctx = xmpp_ctx_new(NULL, NULL), .n = n};
    crowd.conns = calloc((size_t)n, sizeof(crowd.conns[0]));
    if (!crowd.ctx || !crowd.conns)
        bail("no memory");
    inn_open(crowd.ctx);
    for (int i = 0; i < n; i++) {
        xmpp_conn_t *conn = crowd.conns[i] = inn_client();

        xmpp_conn_set_option(conn, XMPP_OPT_RECONNECT, 1);
        if (xmpp_connect_client(conn, "127.0.0.1", 5222, on_event, NULL))
            bail("not started");
    }
}

static void crowd_leave(const char *what)
{
    for (int i = 0; i < crowd.n; i++)
        xmpp_conn_release(crowd.conns[i]);
    is_int(crowd.lasts, crowd.n, "%s: each has one last event", what);
    xmpp_ctx_free(crowd.ctx);
    inn_close();
    free(crowd.conns);
}

/* ---- the storm --------------------------------------------------- */

#define CLIENTS 1000
#define DOWN 10 /* seconds */

/* The first calls are spread over 4 seconds and the second ones over 8 more, so
 * that there are at most 0.25 and 0.125 of the clients in one second, and ever
 * less of each further call: 0.4 in all. Four deviations are left to chance,
 * which is the operating system's. */
static void restarts(void)
{
    int most = 0, at = 0, sum = 0;
    uint64_t end;

    crowd_gather(CLIENTS);
    for (int i = 0; i < 100000 && crowd.ups < CLIENTS; i++)
        turn();
    is_int(crowd.ups, CLIENTS, "%d clients are there", CLIENTS);
    /* the pauses are short only after a session that lasted */
    end = poll_now(crowd.ctx->poll) + 61000;
    while (poll_now(crowd.ctx->poll) < end)
        turn();
    crowd.ups = 0;
    inn_crash();
    for (int i = 0; i < 1000000 && crowd.ups < CLIENTS; i++) {
        turn();
        inn.is_down = poll_now(crowd.ctx->poll) < inn.origin + DOWN * 1000;
    }
    is_int(crowd.ups, CLIENTS, "the server restarts, and all come back");
    for (int i = 0; i < INN_SECONDS; i++) {
        sum += inn.calls[i];
        if (inn.calls[i] > most) {
            most = inn.calls[i];
            at = i;
        }
    }
    ok(most <= CLIENTS * 4 / 10 + 80, "at most %d calls in one second (%d)",
       most, at);
    ok(sum < CLIENTS * 6, "%d calls in all", sum);
    /* whoever failed just before the server was back, and drew the longest */
    ok((poll_now(crowd.ctx->poll) - inn.origin) / 1000 <= DOWN + 300 + 1,
       "the last one is back after %lu s",
       (unsigned long)(poll_now(crowd.ctx->poll) - inn.origin) / 1000);
    crowd_leave("a restart");
}

/* ---- all at once ------------------------------------------------- */

#define MANY 10000

/* All pauses of ten thousand connections end in one moment: each turn of the
 * loop begins a few of the attempts. */
static void hurry(void)
{
    int turns = 0;

    crowd_gather(MANY);
    inn.is_down = true;
    turn();
    for (int i = 0; i < MANY; i++)
        if (xmpp_conn_network_changed(crowd.conns[i]))
            bail("nothing to hurry");
    inn_count_anew();
    for (; turns < 100000 && inn.calls[0] + inn.calls[1] < MANY; turns++)
        turn();
    ok(inn.calls[0] + inn.calls[1] >= MANY, "all of them are tried in 2 s");
    ok(inn.most_in_turn <= 2 * RECONNECT_STARTS,
       "at most %d in one turn of the loop", inn.most_in_turn);
    for (int i = 0; i < MANY; i++)
        xmpp_disconnect(crowd.conns[i]);
    for (int i = 0; i < 100 && crowd.lasts < MANY; i++)
        turn();
    crowd_leave("all at once");
}

int main(void)
{
    restarts();
    hurry();
    return done_testing();
}
