/* loop_calls.c - what a turn of the loop asks of the system: only descriptors
 * that are ready, and those once. */

#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "conn/testbed.h"

#define ROUNDS 50

/* Calls of this thread; the peer has another. */
struct calls {
    int read, poll, wait, clock, recv, send;
};

static _Thread_local struct calls calls;

/* TYPE NAME(DECLARED) is counted as MEMBER, then called with PASSED. */
#define COUNT(member, type, name, declared, passed)                            \
    type __real_##name declared;                                               \
    type __wrap_##name declared;                                               \
    type __wrap_##name declared                                                \
    {                                                                          \
        calls.member++;                                                        \
        return __real_##name passed;                                           \
    }

COUNT(read, ssize_t, read, (int fd, void *to, size_t n), (fd, to, n))
COUNT(poll, int, poll, (struct pollfd * fds, nfds_t n, int timeout),
      (fds, n, timeout))
COUNT(wait, int, epoll_wait,
      (int fd, struct epoll_event *to, int n, int timeout),
      (fd, to, n, timeout))
COUNT(clock, int, timerfd_settime,
      (int fd, int flags, const struct itimerspec *to, struct itimerspec *from),
      (fd, flags, to, from))

COUNT(recv, ssize_t, recv, (int fd, void *to, size_t n, int flags),
      (fd, to, n, flags))
COUNT(send, ssize_t, send, (int fd, const void *from, size_t n, int flags),
      (fd, from, n, flags))

static const char *const script[] = {PEER_LOGIN, "play", PEER_CLOSE, NULL};

static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct testbed *testbed = userdata;

    (void)stanza;
    testbed->count++;
    xmpp_send_raw_string(conn, "<message/>");
    return 1;
}

/* A server that says the next message when it has heard the last answer. */
static const char *const *long_script(void)
{
    static const char *all[2 * ROUNDS + 40];
    size_t n = 0;

    for (const char *const *line = script; *line; line++) {
        if (strcmp(*line, "play") != 0) {
            all[n++] = *line;
            continue;
        }
        for (int i = 0; i < ROUNDS; i++) {
            all[n++] = "S <message/>";
            all[n++] = "C <message/>";
        }
    }
    all[n] = NULL;
    return all;
}

static void our_turn(struct testbed *testbed)
{
    xmpp_run_once(testbed->ctx, 60000);
}

static void their_turn(struct testbed *testbed)
{
    struct pollfd p = {.fd = xmpp_ctx_get_fd(testbed->ctx),
                       .events = (short)xmpp_ctx_get_events(testbed->ctx)};

    __real_poll(&p, 1, xmpp_ctx_get_poll_timeout(testbed->ctx));
    xmpp_ctx_process(testbed->ctx);
}

static void converse(const char *name, void (*turn)(struct testbed *),
                     int clocks)
{
    struct testbed testbed;
    int turns = 0;

    testbed_make(&testbed);
    xmpp_handler_add(testbed.conn, on_message, NULL, "message", NULL, &testbed);
    testbed_connect(&testbed, long_script());
    testbed_until(&testbed, &testbed.count, 1, name);
    turn(&testbed); /* whoever watches asks for the descriptor here */
    calls = (struct calls){0};
    for (; testbed.count < ROUNDS; turns++)
        turn(&testbed);
    is_int(calls.wait, turns, "%s: %d turns ask once each", name, turns);
    is_int(calls.poll, 0, "%s: not again by other means", name);
    is_int(calls.read, 0, "%s: neither the clock nor the wake-up is read",
           name);
    ok(calls.recv <= turns, "%s: a read that was not filled is the last", name);
    ok(calls.clock <= clocks, "%s: the clock is set %d times", name,
       calls.clock);
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    testbed_peer_done(&testbed, name);
    testbed_free(&testbed, name);
}

/* Sent from outside a handler, while nothing comes. */
static void sent(void)
{
    static const char *const listens[] = {PEER_LOGIN, "C ten", PEER_CLOSE,
                                          NULL};
    struct testbed testbed;

    testbed_make(&testbed);
    testbed_connect(&testbed, listens);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    for (int i = 0; i < 3; i++)
        xmpp_run_once(testbed.ctx, 1);
    calls = (struct calls){0};
    for (int i = 0; i < 10; i++) {
        xmpp_send_raw_string(testbed.conn, i < 9 ? "<message/>" : "ten");
        xmpp_run_once(testbed.ctx, 0);
    }
    is_int(calls.send, 10, "ten messages are written");
    is_int(calls.recv, 0, "and nothing is read in vain");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    testbed_peer_done(&testbed, "sent");
    testbed_free(&testbed, "sent");
}

static void woken(void)
{
    struct testbed testbed;

    testbed_make(&testbed);
    xmpp_ctx_wakeup(testbed.ctx);
    xmpp_ctx_wakeup(testbed.ctx);
    calls = (struct calls){0};
    xmpp_run_once(testbed.ctx, 60000);
    is_int(calls.read, 1, "two wake-ups are read together");
    for (int i = 0; i < 10; i++)
        xmpp_run_once(testbed.ctx, 1);
    is_int(calls.read, 1, "and not looked for again");
    is_int(calls.wait, 11, "an empty turn asks once");
    testbed_free(&testbed, "woken");
}

int main(void)
{
    converse("our loop", our_turn, 0);
    converse("another", their_turn, 3 * ROUNDS);
    sent();
    woken();
    return done_testing();
}
