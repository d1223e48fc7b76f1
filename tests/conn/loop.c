/* loop.c - our loop, the application's loop, timers and wake-ups. */

#include <poll.h>
#include <pthread.h>

#include "conn/bed.h"

/* ---- the application's loop ----------------------------------------- */

static void turn(struct bed *bed)
{
    struct pollfd p = {.fd = xmpp_ctx_get_fd(bed->ctx),
                       .events = (short)xmpp_ctx_get_events(bed->ctx)};

    poll(&p, 1, xmpp_ctx_get_timeout(bed->ctx));
    while (xmpp_ctx_process(bed->ctx) > 0)
        ;
}

static void by_poll(void)
{
    static const char *const script[] = {PEER_LOGIN, PEER_CLOSE, NULL};
    struct bed bed;

    bed_make(&bed);
    is_int(xmpp_ctx_get_timeout(bed.ctx), -1, "nothing to do: wait for ever");
    bed_connect(&bed, script);
    while (!bed.ups && !bed.downs)
        turn(&bed);
    is_int(bed.ups, 1, "poll(2) on one descriptor drives a login");
    xmpp_disconnect(bed.conn);
    while (!bed.downs)
        turn(&bed);
    is_int(bed.downs, 1, "and its end");
    bed_peer_done(&bed, "own loop");
    bed_free(&bed, "own loop");
}

/* ---- timers ---------------------------------------------------------- */

static int thrice(xmpp_ctx_t *ctx, void *userdata)
{
    struct bed *bed = userdata;

    if (++bed->count == 3)
        xmpp_stop(ctx);
    return bed->count < 3;
}

static void global_timers(void)
{
    struct bed bed;

    bed_make(&bed);
    xmpp_global_timed_handler_add(bed.ctx, thrice, 2, &bed);
    xmpp_global_timed_handler_add(bed.ctx, thrice, 2, &bed);
    xmpp_run(bed.ctx);
    is_int(bed.count, 3, "a global timer fires until it is done");
    xmpp_run_once(bed.ctx, 10);
    is_int(bed.count, 3, "and then no more");
    xmpp_global_timed_handler_add(bed.ctx, thrice, 1, &bed);
    xmpp_global_timed_handler_delete(bed.ctx, thrice);
    xmpp_run_once(bed.ctx, 10);
    is_int(bed.count, 3, "a deleted one does not fire");
    xmpp_global_timed_handler_add(bed.ctx, thrice, 100000, &bed);
    bed_free(&bed, "global timers");
}

static int endless(xmpp_ctx_t *ctx, void *userdata)
{
    (void)ctx;
    ((struct bed *)userdata)->count++;
    return 1;
}

static void no_period(void)
{
    struct bed bed;

    bed_make(&bed);
    xmpp_global_timed_handler_add(bed.ctx, endless, 0, &bed);
    xmpp_run_once(bed.ctx, 10);
    ok(bed.count >= 1, "a timer without a period fires, %d", bed.count);
    ok(bed.count < 1000, "and lets the loop return");
    bed_free(&bed, "no period");
}

static int count(xmpp_conn_t *conn, void *userdata)
{
    struct bed *bed = userdata;

    ok(xmpp_conn_is_connected(conn), "a timer runs while connected");
    return ++bed->count < 2;
}

static void timers(void)
{
    static const char *const script[] = {PEER_LOGIN, PEER_CLOSE, NULL};
    struct bed bed;

    bed_make(&bed);
    xmpp_timed_handler_add(bed.conn, count, 1, &bed);
    xmpp_run_once(bed.ctx, 20);
    is_int(bed.count, 0, "a timer waits for the connection");
    bed_connect(&bed, script);
    bed_until(&bed, &bed.count, 2, "then fires");
    xmpp_disconnect(bed.conn);
    bed_until(&bed, &bed.downs, 1, "down");
    bed_peer_done(&bed, "timers");
    bed_free(&bed, "timers");
}

/* ---- another thread -------------------------------------------------- */

static void *wake(void *ctx)
{
    xmpp_ctx_wakeup(ctx);
    return NULL;
}

static void wakes(void)
{
    struct bed bed;
    pthread_t thread;

    bed_make(&bed);
    pthread_create(&thread, NULL, wake, bed.ctx);
    xmpp_run_once(bed.ctx, 1000000);
    ok(true, "a wait of many minutes is ended by another thread");
    pthread_join(thread, NULL);
    bed_free(&bed, "woken");
}

/* ---- many connections ------------------------------------------------ */

static void two_at_once(void)
{
    static const char *const script[] = {PEER_LOGIN, PEER_CLOSE, NULL};
    struct bed bed;
    struct peer *other = peer_start(script);
    xmpp_conn_t *second;

    bed_make(&bed);
    bed_connect(&bed, script);
    second = xmpp_conn_new(bed.ctx);
    xmpp_conn_set_jid(second, "example.org");
    xmpp_conn_set_flags(second, XMPP_CONN_FLAG_DISABLE_TLS);
    xmpp_connect_client(second, "127.0.0.1", peer_port(other), bed_handler,
                        &bed);
    bed_until(&bed, &bed.ups, 2, "two connections live in one context");
    xmpp_disconnect(second);
    xmpp_disconnect(bed.conn);
    bed_until(&bed, &bed.downs, 2, "and end");
    bed_peer_done(&bed, "first");
    is_str(peer_join(other), NULL, "second: as expected");
    xmpp_conn_release(second);
    bed_free(&bed, "two");
}

int main(void)
{
    by_poll();
    global_timers();
    no_period();
    timers();
    wakes();
    two_at_once();
    return done_testing();
}
