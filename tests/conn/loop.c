/* loop.c - our loop, the application's loop, timers and wake-ups. */

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>

#include "conn/testbed.h"

/* ---- the application's loop -------------------------------------- */

/* Without a descriptor (--disable-epoll) it asks now and then. */
static void turn(struct testbed *testbed)
{
    struct pollfd p = {.fd = xmpp_ctx_get_fd(testbed->ctx),
                       .events = (short)xmpp_ctx_get_events(testbed->ctx)};

    poll(&p, 1, p.fd < 0 ? 1 : xmpp_ctx_get_poll_timeout(testbed->ctx));
    while (xmpp_ctx_process(testbed->ctx) > 0)
        ;
}

static void by_poll(void)
{
    static const char *const script[] = {PEER_LOGIN, PEER_CLOSE, NULL};
    struct testbed testbed;

    testbed_make(&testbed);
    is_int(xmpp_ctx_get_poll_timeout(testbed.ctx), -1,
           "nothing to do: wait for ever");
    testbed_connect(&testbed, script);
    while (!testbed.ups && !testbed.downs)
        turn(&testbed);
    is_int(testbed.ups, 1, "poll(2) on one descriptor drives a login");
    xmpp_disconnect(testbed.conn);
    while (!testbed.downs)
        turn(&testbed);
    is_int(testbed.downs, 1, "and its end");
    testbed_peer_done(&testbed, "own loop");
    testbed_free(&testbed, "own loop");
}

/* ---- descriptors ------------------------------------------------- */

enum { DESCRIPTORS = 256 };

/* doc/guide/fork.md promises that a program which is run by exec() has none. */
static void closed_by_exec(void)
{
    static const char *const script[] = {PEER_LOGIN, PEER_CLOSE, NULL};
    int had[DESCRIPTORS], opened = 0, kept = 0;
    struct testbed testbed;

    for (int fd = 0; fd < DESCRIPTORS; fd++)
        had[fd] = fcntl(fd, F_GETFD) >= 0;
    testbed_make(&testbed);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "it is logged in");
    for (int fd = 0; fd < DESCRIPTORS; fd++) {
        int flags = had[fd] ? -1 : fcntl(fd, F_GETFD);

        opened += flags >= 0;
        kept += flags >= 0 && !(flags & FD_CLOEXEC);
    }
    ok(opened > 0, "a connection has descriptors");
    is_int(kept, 0, "exec() closes each of them");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "and ends");
    testbed_peer_done(&testbed, "descriptors");
    testbed_free(&testbed, "descriptors");
}

/* ---- timers ------------------------------------------------------ */

static int thrice(xmpp_ctx_t *ctx, void *userdata)
{
    struct testbed *testbed = userdata;

    if (++testbed->count == 3)
        xmpp_stop(ctx);
    return testbed->count < 3;
}

static void global_timers(void)
{
    struct testbed testbed;

    testbed_make(&testbed);
    xmpp_global_timed_handler_add(testbed.ctx, thrice, 2, &testbed);
    xmpp_global_timed_handler_add(testbed.ctx, thrice, 2, &testbed);
    xmpp_run(testbed.ctx);
    is_int(testbed.count, 3, "a global timer fires until it is done");
    xmpp_run_once(testbed.ctx, 10);
    is_int(testbed.count, 3, "and then no more");
    xmpp_global_timed_handler_add(testbed.ctx, thrice, 1, &testbed);
    xmpp_global_timed_handler_delete(testbed.ctx, thrice);
    xmpp_run_once(testbed.ctx, 10);
    is_int(testbed.count, 3, "a deleted one does not fire");
    xmpp_global_timed_handler_add(testbed.ctx, thrice, 100000, &testbed);
    testbed_free(&testbed, "global timers");
}

/* It sets itself another period and says that it goes. */
static int renews(xmpp_ctx_t *ctx, void *userdata)
{
    struct testbed *testbed = userdata;

    if (++testbed->count == 3)
        return 0;
    xmpp_global_timed_handler_add(ctx, renews, 1, testbed);
    return 0;
}

static int deleted_inside(xmpp_ctx_t *ctx, void *userdata)
{
    struct testbed *testbed = userdata;

    testbed->count++;
    xmpp_global_timed_handler_add(ctx, deleted_inside, 1, testbed);
    xmpp_global_timed_handler_delete(ctx, deleted_inside);
    return 1;
}

static int nested(xmpp_ctx_t *ctx, void *userdata)
{
    struct testbed *testbed = userdata;

    testbed->count++;
    for (int i = 0; i < 5; i++)
        xmpp_run_once(ctx, 2);
    return testbed->count < 3;
}

static void timers_by_themselves(void)
{
    struct testbed testbed;

    testbed_make(&testbed);
    xmpp_global_timed_handler_add(testbed.ctx, renews, 1, &testbed);
    testbed_until(&testbed, &testbed.count, 3,
                  "a timer that adds itself again stays");
    xmpp_run_once(testbed.ctx, 10);
    is_int(testbed.count, 3, "until it does not");
    testbed.count = 0;
    xmpp_global_timed_handler_add(testbed.ctx, deleted_inside, 1, &testbed);
    testbed_until(&testbed, &testbed.count, 1,
                  "one that deletes itself behind that");
    xmpp_run_once(testbed.ctx, 10);
    is_int(testbed.count, 1, "goes");
    testbed.count = 0;
    xmpp_global_timed_handler_add(testbed.ctx, nested, 1, &testbed);
    xmpp_run_once(testbed.ctx, 60000);
    is_int(testbed.count, 1,
           "one that runs the loop is not called inside itself");
    testbed_until(&testbed, &testbed.count, 3, "but afterwards");
    xmpp_run_once(testbed.ctx, 10);
    is_int(testbed.count, 3, "until it goes");
    testbed_free(&testbed, "timers by themselves");
}

static int endless(xmpp_ctx_t *ctx, void *userdata)
{
    (void)ctx;
    ((struct testbed *)userdata)->count++;
    return 1;
}

static void no_period(void)
{
    struct testbed testbed;

    testbed_make(&testbed);
    xmpp_global_timed_handler_add(testbed.ctx, endless, 0, &testbed);
    xmpp_run_once(testbed.ctx, 10);
    ok(testbed.count >= 1, "a timer without a period fires, %d", testbed.count);
    ok(testbed.count < 1000, "and lets the loop return");
    testbed_free(&testbed, "no period");
}

static int count(xmpp_conn_t *conn, void *userdata)
{
    struct testbed *testbed = userdata;

    ok(xmpp_conn_is_connected(conn), "a timer runs while connected");
    return ++testbed->count < 2;
}

static void timers(void)
{
    static const char *const script[] = {PEER_LOGIN, PEER_CLOSE, NULL};
    struct testbed testbed;

    testbed_make(&testbed);
    xmpp_timed_handler_add(testbed.conn, count, 1, &testbed);
    xmpp_run_once(testbed.ctx, 20);
    is_int(testbed.count, 0, "a timer waits for the connection");
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.count, 2, "then fires");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    testbed_peer_done(&testbed, "timers");
    testbed_free(&testbed, "timers");
}

/* ---- another thread ---------------------------------------------- */

static void *wake(void *ctx)
{
    xmpp_ctx_wakeup(ctx);
    return NULL;
}

static void wakes(void)
{
    struct testbed testbed;
    pthread_t thread;

    testbed_make(&testbed);
    pthread_create(&thread, NULL, wake, testbed.ctx);
    xmpp_run_once(testbed.ctx, 1000000);
    ok(true, "a wait of many minutes is ended by another thread");
    pthread_join(thread, NULL);
    testbed_free(&testbed, "woken");
}

/* ---- ending from outside ----------------------------------------- */

static xmpp_ctx_t *to_finish;

static void on_signal(int number)
{
    (void)number;
    xmpp_ctx_finish(to_finish);
}

static void raise_when_up(struct testbed *testbed, xmpp_conn_event_t event)
{
    (void)testbed;
    if (event == XMPP_CONN_CONNECT)
        raise(SIGUSR1);
}

static void finished_by_signal(void)
{
    static const char *const script[] = {PEER_LOGIN, PEER_CLOSE, NULL};
    struct sigaction action = {.sa_handler = on_signal};
    struct testbed testbed;

    testbed_make(&testbed);
    to_finish = testbed.ctx;
    sigaction(SIGUSR1, &action, NULL);
    testbed.on_event = raise_when_up;
    testbed_connect(&testbed, script);
    xmpp_run(testbed.ctx);
    is_int(testbed.downs, 1, "a signal handler ends the stream and the loop");
    ok(!xmpp_conn_get_failure(testbed.conn), "in good order");
    testbed_peer_done(&testbed, "finished by a signal");
    testbed_free(&testbed, "finished by a signal");
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
    struct testbed *testbed = userdata;
    void *(*function)(void *) = testbed->count ? stop : finish;

    pthread_create(testbed->pointer, NULL, function, ctx);
    return 0;
}

static void ended_by_thread(int by_stop)
{
    struct testbed testbed;
    pthread_t thread;

    testbed_make(&testbed);
    testbed.pointer = &thread;
    testbed.count = by_stop;
    xmpp_ctx_set_timeout(testbed.ctx, 1000000);
    xmpp_global_timed_handler_add(testbed.ctx, start_thread, 1, &testbed);
    xmpp_run(testbed.ctx);
    ok(true, "another thread ends the loop by %s", by_stop ? "stop" : "finish");
    pthread_join(thread, NULL);
    testbed_free(&testbed, "ended by a thread");
}

static void again_at_once(struct testbed *testbed, xmpp_conn_event_t event)
{
    if (event == XMPP_CONN_CONNECT)
        xmpp_ctx_finish(testbed->ctx);
    else
        is_int(xmpp_connect_client(testbed->conn, "127.0.0.1", 1,
                                   testbed_handler, testbed),
               XMPP_EINVOP, "a connect call is refused meanwhile");
}

static void finished_for_good(void)
{
    static const char *const script[] = {PEER_LOGIN, PEER_CLOSE, NULL};
    struct testbed testbed;

    testbed_make(&testbed);
    testbed.on_event = again_at_once;
    testbed_connect(&testbed, script);
    xmpp_run(testbed.ctx);
    is_int(testbed.downs, 1, "who connects again ends all the same");
    ok(strstr(xmpp_conn_get_failure(testbed.conn)->message, "xmpp_ctx_finish"),
       "and is told why");
    testbed_peer_done(&testbed, "for good");

    testbed.on_event = testbed_close_when_up;
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.downs, 2,
                  "afterwards the context works as before");
    testbed_peer_done(&testbed, "afterwards");
    testbed_free(&testbed, "for good");
}

static void finish_twice(struct testbed *testbed, xmpp_conn_event_t event)
{
    if (event == XMPP_CONN_CONNECT) {
        xmpp_ctx_finish(testbed->ctx);
        xmpp_ctx_finish(testbed->ctx);
    }
}

static void finished_twice(void)
{
    static const char *const script[] = {PEER_LOGIN, "eof", NULL};
    struct testbed testbed;

    testbed_make(&testbed);
    testbed.on_event = finish_twice;
    testbed_connect(&testbed, script);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_CLOSE_TIMEOUT, 3600000);
    xmpp_run(testbed.ctx);
    is_int(testbed.downs, 0, "the second call does not wait for the server");
    xmpp_conn_release(testbed.conn);
    testbed.conn = NULL;
    testbed_peer_done(&testbed, "twice");
    testbed_free(&testbed, "twice");
}

static void finished_before(void)
{
    struct testbed testbed;

    testbed_make(&testbed);
    xmpp_ctx_finish(NULL);
    xmpp_ctx_finish(testbed.ctx);
    is_int(xmpp_connect_client(testbed.conn, "127.0.0.1", fake_server_no_port(),
                               testbed_handler, &testbed),
           0, "nobody has read it yet");
    xmpp_run(testbed.ctx);
    is_int(testbed.downs, 1, "what came before the loop is not forgotten");
    testbed_free(&testbed, "finished before");
}

static void finished_in_own_loop(void)
{
    static const char *const script[] = {PEER_LOGIN, PEER_CLOSE, NULL};
    struct testbed testbed;

    testbed_make(&testbed);
    testbed_connect(&testbed, script);
    while (!testbed.ups && !testbed.downs)
        turn(&testbed);
    xmpp_ctx_finish(testbed.ctx);
    while (!testbed.downs)
        turn(&testbed);
    ok(!xmpp_conn_get_failure(testbed.conn), "in a loop of your own, too");
    testbed_peer_done(&testbed, "own loop, finished");
    testbed_free(&testbed, "own loop, finished");
}

/* ---- many connections -------------------------------------------- */

static void two_at_once(void)
{
    static const char *const script[] = {PEER_LOGIN, PEER_CLOSE, NULL};
    struct testbed testbed;
    struct fake_server *other = fake_server_start(script);
    xmpp_conn_t *second;

    testbed_make(&testbed);
    testbed_connect(&testbed, script);
    second = xmpp_conn_new(testbed.ctx);
    xmpp_conn_set_jid(second, "example.org");
    xmpp_conn_set_flags(second, XMPP_CONN_FLAG_DISABLE_TLS);
    xmpp_connect_client(second, "127.0.0.1", fake_server_port(other),
                        testbed_handler, &testbed);
    testbed_until(&testbed, &testbed.ups, 2,
                  "two connections live in one context");
    xmpp_disconnect(second);
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 2, "and end");
    testbed_peer_done(&testbed, "first");
    is_str(fake_server_join(other), NULL, "second: as expected");
    xmpp_conn_release(second);
    testbed_free(&testbed, "two");
}

int main(void)
{
    by_poll();
    closed_by_exec();
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
