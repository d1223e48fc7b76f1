/* own_loop.c - what ctx.h promises to a loop of the application's: one
 * descriptor that never changes, and is ready when there is something to do.
 * This loop waits for nothing else, for ever, and looks at no result. */

#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/time.h>

#include "conn/testbed.h"

static int fd;

static void until(struct testbed *testbed, const int *number, int want,
                  const char *what)
{
    struct pollfd p = {.fd = fd,
                       .events = (short)xmpp_ctx_get_events(testbed->ctx)};

    while (*number < want) {
        poll(&p, 1, -1);
        xmpp_ctx_process(testbed->ctx);
    }
    is_int(*number, want, "%s", what);
}

static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    (void)conn;
    (void)stanza;
    ((struct testbed *)userdata)->count++;
    return 1;
}

static int on_time(xmpp_conn_t *conn, void *userdata)
{
    (void)conn;
    ((struct testbed *)userdata)->count++;
    return 0;
}

static void on_timeout(xmpp_conn_t *conn, void *userdata)
{
    (void)conn;
    ((struct testbed *)userdata)->count++;
}

static void on_late(xmpp_conn_t *conn, int status, xmpp_stanza_t *reply,
                    void *userdata)
{
    (void)conn;
    (void)reply;
    is_int(status, XMPP_ETIMEOUT, "a request without an answer");
    ((struct testbed *)userdata)->count++;
}

static void on_post(xmpp_ctx_t *ctx, void *userdata)
{
    (void)ctx;
    ((struct testbed *)userdata)->count++;
}

static void *post(void *userdata)
{
    struct testbed *testbed = userdata;

    xmpp_ctx_post(testbed->ctx, on_post, testbed);
    return NULL;
}

/* A message that is large enough to be written in several turns. */
static void send_large(struct testbed *testbed)
{
    static char text[3000001];
    xmpp_stanza_t *stanza = xmpp_message_new(testbed->ctx, NULL, NULL, "l");

    memset(text, 'x', sizeof(text) - 1);
    xmpp_message_set_body(stanza, text);
    is_int(xmpp_send_take(testbed->conn, stanza), 0, "a large one is sent");
}

static void promised(void)
{
    static const char *const script[] = {
        PEER_LOGIN,     "C id=\"1\"", "S <message/>",
        "C id=\"q\"",   "C id=\"l\"", "C </message>",
        "S <message/>", PEER_CLOSE,   NULL};
    struct testbed testbed;
    xmpp_stanza_t *stanza;
    pthread_t thread;

    testbed_make(&testbed);
    fd = xmpp_ctx_get_fd(testbed.ctx);
    if (fd < 0) {
        skip("there is no descriptor for other loops (--disable-epoll)");
        testbed_free(&testbed, "no descriptor");
        return;
    }
    xmpp_handler_add(testbed.conn, on_message, NULL, "message", NULL, &testbed);
    testbed_connect(&testbed, script);
    until(&testbed, &testbed.ups, 1, "a connect call makes it ready");
    xmpp_send_raw_string(testbed.conn, "<message id=\"1\"/>");
    until(&testbed, &testbed.count, 1, "so does what is sent outside");
    xmpp_timed_handler_add(testbed.conn, on_time, 5, &testbed);
    until(&testbed, &testbed.count, 2, "so does a timer that is due");
    xmpp_slot_add_timeout(testbed.conn, on_timeout, 1, &testbed, NULL, NULL);
    until(&testbed, &testbed.count, 3, "and a timeout");
    stanza = xmpp_iq_new(testbed.ctx, "get", "q");
    xmpp_stanza_add_tag(stanza, "query", "urn:example:late");
    xmpp_request_send(testbed.conn, stanza, 5, on_late, &testbed);
    until(&testbed, &testbed.count, 4, "and the deadline of a request");
    pthread_create(&thread, NULL, post, &testbed);
    until(&testbed, &testbed.count, 5, "and what another thread posts");
    pthread_join(thread, NULL);
    send_large(&testbed);
    until(&testbed, &testbed.count, 6, "and room for the rest of a large one");
    xmpp_disconnect(testbed.conn);
    until(&testbed, &testbed.downs, 1, "and the end of a connection");
    testbed_peer_done(&testbed, "promised");
    testbed.on_event = testbed_close_when_up;
    testbed_connect(&testbed,
                    (const char *const[]){PEER_LOGIN, PEER_CLOSE, NULL});
    until(&testbed, &testbed.downs, 2, "and the next connection");
    testbed_peer_done(&testbed, "once more");
    is_int(xmpp_ctx_get_fd(testbed.ctx), fd, "it is the same descriptor");
    testbed_free(&testbed, "promised");
}

/* ---- signals for those who cannot act in their handler ------------ */

static volatile sig_atomic_t signals;

static void on_signal(int number)
{
    (void)number;
    signals = 1;
}

static void on_interrupt(xmpp_ctx_t *ctx, void *userdata)
{
    ++*(int *)userdata;
    if (signals)
        xmpp_stop(ctx);
}

/* A signal may come before the wait, so there are many. */
static void interrupted(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    struct itimerval often = {{0, 2000}, {0, 2000}}, never = {{0, 0}, {0, 0}};
    struct testbed testbed;
    int calls = 0;

    testbed_make(&testbed);
    sigaction(SIGALRM, &action, NULL);
    xmpp_ctx_set_interrupt_handler(NULL, on_interrupt, NULL);
    xmpp_ctx_set_interrupt_handler(testbed.ctx, on_interrupt, &calls);
    xmpp_ctx_set_timeout(testbed.ctx, 1000000);
    setitimer(ITIMER_REAL, &often, NULL);
    xmpp_run(testbed.ctx);
    setitimer(ITIMER_REAL, &never, NULL);
    ok(calls > 0, "the handler is called where a signal ended the wait");
    xmpp_run_once(testbed.ctx, 0); /* takes the wake-up of xmpp_stop() */
    calls = 0;
    xmpp_run_once(testbed.ctx, 1);
    is_int(calls, 1, "and where nothing came");
    xmpp_ctx_wakeup(testbed.ctx);
    xmpp_run_once(testbed.ctx, 1000000);
    is_int(calls, 1, "but not where something did");
    xmpp_ctx_process(testbed.ctx);
    is_int(calls, 1, "nor without a wait");
    xmpp_ctx_set_interrupt_handler(testbed.ctx, NULL, NULL);
    xmpp_run_once(testbed.ctx, 1);
    is_int(calls, 1, "nor once it is removed");
    testbed_free(&testbed, "interrupted");
}

int main(void)
{
    promised();
    interrupted();
    return done_testing();
}
