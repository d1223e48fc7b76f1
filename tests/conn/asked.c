/* asked.c - what a turn of the loop asks of the system: only descriptors that
 * are ready, and those once. */

#include <poll.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "conn/bed.h"

#define ROUNDS 50

/* Calls of this thread; the peer has another. */
struct calls {
    int read, poll, wait, clock;
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

static const char *const script[] = {PEER_LOGIN, "play", PEER_CLOSE, NULL};

static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct bed *bed = userdata;

    (void)stanza;
    bed->count++;
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

static void our_turn(struct bed *bed)
{
    xmpp_run_once(bed->ctx, 60000);
}

static void their_turn(struct bed *bed)
{
    struct pollfd p = {.fd = xmpp_ctx_get_fd(bed->ctx),
                       .events = (short)xmpp_ctx_get_events(bed->ctx)};

    __real_poll(&p, 1, xmpp_ctx_get_poll_timeout(bed->ctx));
    xmpp_ctx_process(bed->ctx);
}

static void converse(const char *name, void (*turn)(struct bed *), int clocks)
{
    struct bed bed;
    int turns = 0;

    bed_make(&bed);
    xmpp_handler_add(bed.conn, on_message, NULL, "message", NULL, &bed);
    bed_connect(&bed, long_script());
    bed_until(&bed, &bed.count, 1, name);
    turn(&bed); /* whoever watches asks for the descriptor here */
    calls = (struct calls){0};
    for (; bed.count < ROUNDS; turns++)
        turn(&bed);
    is_int(calls.wait, turns, "%s: %d turns ask once each", name, turns);
    is_int(calls.poll, 0, "%s: not again by other means", name);
    is_int(calls.read, 0, "%s: neither the clock nor the wake-up is read",
           name);
    ok(calls.clock <= clocks, "%s: the clock is set %d times", name,
       calls.clock);
    xmpp_disconnect(bed.conn);
    bed_until(&bed, &bed.downs, 1, "down");
    bed_peer_done(&bed, name);
    bed_free(&bed, name);
}

static void woken(void)
{
    struct bed bed;

    bed_make(&bed);
    xmpp_ctx_wakeup(bed.ctx);
    xmpp_ctx_wakeup(bed.ctx);
    calls = (struct calls){0};
    xmpp_run_once(bed.ctx, 60000);
    is_int(calls.read, 1, "two wake-ups are read together");
    for (int i = 0; i < 10; i++)
        xmpp_run_once(bed.ctx, 1);
    is_int(calls.read, 1, "and not looked for again");
    is_int(calls.wait, 11, "an empty turn asks once");
    bed_free(&bed, "woken");
}

int main(void)
{
    converse("our loop", our_turn, 0);
    converse("another", their_turn, 3 * ROUNDS);
    woken();
    return done_testing();
}
