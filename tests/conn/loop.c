/* loop.c - our loop, the application's loop, timers and wake-ups. */

#include <poll.h>
#include <pthread.h>
#include <signal.h>

#include "conn/bed.h"

/* ---- the application's loop -------------------------------------- */

static void turn(struct bed *bed)
{
    struct pollfd p = {.fd = xmpp_ctx_get_fd(bed->ctx),
                       .events = (short)xmpp_ctx_get_events(bed->ctx)};

    poll(&p, 1, xmpp_ctx_get_poll_timeout(bed->ctx));
    while (xmpp_ctx_process(bed->ctx) > 0)
        ;
}

static void by_poll(void)
{
    static const char *const script[] = {PEER_LOGIN, PEER_CLOSE, NULL};
    struct bed bed;

    bed_make(&bed);
    is_int(xmpp_ctx_get_poll_timeout(bed.ctx), -1,
           "nothing to do: wait for ever");
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

/* ---- timers ------------------------------------------------------ */

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

/* It sets itself another period and says that it goes. */
static int renews(xmpp_ctx_t *ctx, void *userdata)
{
    struct bed *bed = userdata;

    if (++bed->count == 3)
        return 0;
    xmpp_global_timed_handler_add(ctx, renews, 1, bed);
    return 0;
}

static int deleted_inside(xmpp_ctx_t *ctx, void *userdata)
{
    struct bed *bed = userdata;

    bed->count++;
    xmpp_global_timed_handler_add(ctx, deleted_inside, 1, bed);
    xmpp_global_timed_handler_delete(ctx, deleted_inside);
    return 1;
}

static int nested(xmpp_ctx_t *ctx, void *userdata)
{
    struct bed *bed = userdata;

    bed->count++;
    for (int i = 0; i < 5; i++)
        xmpp_run_once(ctx, 2);
    return bed->count < 3;
}

static void timers_by_themselves(void)
{
    struct bed bed;

    bed_make(&bed);
    xmpp_global_timed_handler_add(bed.ctx, renews, 1, &bed);
    bed_until(&bed, &bed.count, 3, "a timer that adds itself again stays");
    xmpp_run_once(bed.ctx, 10);
    is_int(bed.count, 3, "until it does not");
    bed.count = 0;
    xmpp_global_timed_handler_add(bed.ctx, deleted_inside, 1, &bed);
    bed_until(&bed, &bed.count, 1, "one that deletes itself behind that");
    xmpp_run_once(bed.ctx, 10);
    is_int(bed.count, 1, "goes");
    bed.count = 0;
    xmpp_global_timed_handler_add(bed.ctx, nested, 1, &bed);
    xmpp_run_once(bed.ctx, 60000);
    is_int(bed.count, 1, "one that runs the loop is not called inside itself");
    bed_until(&bed, &bed.count, 3, "but afterwards");
    xmpp_run_once(bed.ctx, 10);
    is_int(bed.count, 3, "until it goes");
    bed_free(&bed, "timers by themselves");
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

/* ---- another thread ---------------------------------------------- */

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

/* ---- ending from outside ----------------------------------------- */

static xmpp_ctx_t *to_finish;

static void on_signal(int number)
{
    (void)number;
    xmpp_ctx_finish(to_finish);
}

static void raise_when_up(struct bed *bed, xmpp_conn_event_t event)
{
    (void)bed;
    if (event == XMPP_CONN_CONNECT)
        raise(SIGUSR1);
}

static void finished_by_signal(void)
{
    static const char *const script[] = {PEER_LOGIN, PEER_CLOSE, NULL};
    struct sigaction action = {.sa_handler = on_signal};
    struct bed bed;

    bed_make(&bed);
    to_finish = bed.ctx;
    sigaction(SIGUSR1, &action, NULL);
    bed.on_event = raise_when_up;
    bed_connect(&bed, script);
    xmpp_run(bed.ctx);
    is_int(bed.downs, 1, "a signal handler ends the stream and the loop");
    ok(!xmpp_conn_get_failure(bed.conn), "in good order");
    bed_peer_done(&bed, "finished by a signal");
    bed_free(&bed, "finished by a signal");
}

static void *finish(void *ctx)
{
    xmpp_ctx_finish(ctx);
    return NULL;
}

static void *stop(void *ctx)
{
    xmpp_stop(ctx);
    return NULL;
}

/* The wait is longer than the test; the thread begins from inside the loop. */
static int start_thread(xmpp_ctx_t *ctx, void *userdata)
{
    struct bed *bed = userdata;
    void *(*function)(void *) = bed->count ? stop : finish;

    pthread_create(bed->pointer, NULL, function, ctx);
    return 0;
}

static void ended_by_thread(int by_stop)
{
    struct bed bed;
    pthread_t thread;

    bed_make(&bed);
    bed.pointer = &thread;
    bed.count = by_stop;
    xmpp_ctx_set_timeout(bed.ctx, 1000000);
    xmpp_global_timed_handler_add(bed.ctx, start_thread, 1, &bed);
    xmpp_run(bed.ctx);
    ok(true, "another thread ends the loop by %s", by_stop ? "stop" : "finish");
    pthread_join(thread, NULL);
    bed_free(&bed, "ended by a thread");
}

static void again_at_once(struct bed *bed, xmpp_conn_event_t event)
{
    if (event == XMPP_CONN_CONNECT)
        xmpp_ctx_finish(bed->ctx);
    else
        is_int(xmpp_connect_client(bed->conn, "127.0.0.1", 1, bed_handler, bed),
               XMPP_EINVOP, "a connect call is refused meanwhile");
}

static void finished_for_good(void)
{
    static const char *const script[] = {PEER_LOGIN, PEER_CLOSE, NULL};
    struct bed bed;

    bed_make(&bed);
    bed.on_event = again_at_once;
    bed_connect(&bed, script);
    xmpp_run(bed.ctx);
    is_int(bed.downs, 1, "who connects again ends all the same");
    ok(strstr(xmpp_conn_get_failure(bed.conn)->message, "xmpp_ctx_finish"),
       "and is told why");
    bed_peer_done(&bed, "for good");

    bed.on_event = bed_close_when_up;
    bed_connect(&bed, script);
    bed_until(&bed, &bed.downs, 2, "afterwards the context works as before");
    bed_peer_done(&bed, "afterwards");
    bed_free(&bed, "for good");
}

static void finish_twice(struct bed *bed, xmpp_conn_event_t event)
{
    if (event == XMPP_CONN_CONNECT) {
        xmpp_ctx_finish(bed->ctx);
        xmpp_ctx_finish(bed->ctx);
    }
}

static void finished_twice(void)
{
    static const char *const script[] = {PEER_LOGIN, "eof", NULL};
    struct bed bed;

    bed_make(&bed);
    bed.on_event = finish_twice;
    bed_connect(&bed, script);
    xmpp_conn_set_option(bed.conn, XMPP_OPT_CLOSE_TIMEOUT, 3600000);
    xmpp_run(bed.ctx);
    is_int(bed.downs, 0, "the second call does not wait for the server");
    xmpp_conn_release(bed.conn);
    bed.conn = NULL;
    bed_peer_done(&bed, "twice");
    bed_free(&bed, "twice");
}

static void finished_before(void)
{
    struct bed bed;

    bed_make(&bed);
    xmpp_ctx_finish(NULL);
    xmpp_ctx_finish(bed.ctx);
    is_int(xmpp_connect_client(bed.conn, "127.0.0.1", peer_no_port(),
                               bed_handler, &bed),
           0, "nobody has read it yet");
    xmpp_run(bed.ctx);
    is_int(bed.downs, 1, "what came before the loop is not forgotten");
    bed_free(&bed, "finished before");
}

static void finished_in_own_loop(void)
{
    static const char *const script[] = {PEER_LOGIN, PEER_CLOSE, NULL};
    struct bed bed;

    bed_make(&bed);
    bed_connect(&bed, script);
    while (!bed.ups && !bed.downs)
        turn(&bed);
    xmpp_ctx_finish(bed.ctx);
    while (!bed.downs)
        turn(&bed);
    ok(!xmpp_conn_get_failure(bed.conn), "in a loop of your own, too");
    bed_peer_done(&bed, "own loop, finished");
    bed_free(&bed, "own loop, finished");
}

/* ---- many connections -------------------------------------------- */

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
    timers_by_themselves();
    no_period();
    timers();
    wakes();
    finished_by_signal();
    ended_by_thread(0);
    ended_by_thread(1);
    finished_for_good();
    finished_twice();
    finished_before();
    finished_in_own_loop();
    two_at_once();
    return done_testing();
}
