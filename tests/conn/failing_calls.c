/* failing_calls.c - system calls and TLS record calls that fail when told to.
 */

#include "conn/failing_calls.h"

#include <errno.h>
#include <gnutls/gnutls.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>

static _Thread_local struct failing_call *now;

void failing_call_arm(struct failing_call *failing)
{
    now = failing;
}

static bool is_due(enum failing_kind call)
{
    bool due;

    if (!now || now->call != call || !now->at)
        return false;
    now->calls++;
    due = now->calls == now->at || (now->every && now->calls > now->at &&
                                    (now->calls - now->at) % now->every == 0);
    now->failed += due;
    return due;
}

/* Does it fail? Then errno says how. */
static bool fails(enum failing_kind call)
{
    if (!is_due(call))
        return false;
    errno = now->error;
    return true;
}

/* The same for a call that may do less: then *n becomes 1. */
static bool fails_or_less(enum failing_kind call, size_t *n)
{
    if (!is_due(call))
        return false;
    errno = now->error;
    if (now->error == FAILING_SHORT && *n > 1)
        *n = 1;
    return now->error != FAILING_SHORT;
}

/* TYPE NAME(DECLARED) is led to __wrap_NAME, which fails or passes PASSED on.
 */
#define WRAP(call, type, name, declared, passed)                               \
    type __real_##name declared;                                               \
    type __wrap_##name declared;                                               \
    type __wrap_##name declared                                                \
    {                                                                          \
        return fails(call) ? -1 : __real_##name passed;                        \
    }

#define WRAP_LESS(call, type, name, declared, passed, size, failure)           \
    type __real_##name declared;                                               \
    type __wrap_##name declared;                                               \
    type __wrap_##name declared                                                \
    {                                                                          \
        size_t less = (size_t)size;                                            \
                                                                               \
        if (fails_or_less(call, &less))                                        \
            return failure;                                                    \
        return __real_##name passed;                                           \
    }

WRAP_LESS(FAILING_RECV, ssize_t, recv, (int fd, void *to, size_t n, int flags),
          (fd, to, less, flags), n, -1)
WRAP_LESS(FAILING_SEND, ssize_t, send,
          (int fd, const void *from, size_t n, int flags),
          (fd, from, less, flags), n, -1)
WRAP_LESS(FAILING_EPOLL_WAIT, int, epoll_wait,
          (int fd, struct epoll_event *to, int n, int timeout),
          (fd, to, (int)less, timeout), n, -1)
WRAP_LESS(FAILING_RECORD_RECV, ssize_t, gnutls_record_recv,
          (gnutls_session_t s, void *to, size_t n), (s, to, less), n,
          now->error)
WRAP_LESS(FAILING_RECORD_SEND, ssize_t, gnutls_record_send,
          (gnutls_session_t s, const void *from, size_t n), (s, from, less), n,
          now->error)
WRAP_LESS(FAILING_HANDSHAKE, int, gnutls_handshake, (gnutls_session_t s), (s),
          0, now->error)

WRAP(FAILING_EPOLL_CTL, int, epoll_ctl,
     (int fd, int op, int of, struct epoll_event *event), (fd, op, of, event))
WRAP(FAILING_EPOLL_CREATE, int, epoll_create1, (int flags), (flags))
WRAP(FAILING_EVENTFD, int, eventfd, (unsigned n, int flags), (n, flags))
WRAP(FAILING_TIMERFD_CREATE, int, timerfd_create, (clockid_t clock, int flags),
     (clock, flags))
WRAP(FAILING_TIMERFD_SETTIME, int, timerfd_settime,
     (int fd, int flags, const struct itimerspec *to, struct itimerspec *from),
     (fd, flags, to, from))
WRAP(FAILING_SOCKET, int, socket, (int domain, int type, int protocol),
     (domain, type, protocol))
WRAP(FAILING_SETSOCKOPT, int, setsockopt,
     (int fd, int level, int name, const void *value, socklen_t n),
     (fd, level, name, value, n))
WRAP(FAILING_GETSOCKOPT, int, getsockopt,
     (int fd, int level, int name, void *value, socklen_t *n),
     (fd, level, name, value, n))
WRAP(FAILING_SHUTDOWN, int, shutdown, (int fd, int how), (fd, how))

/* Interrupted, it goes on in the background (POSIX). */
int __real_connect(int fd, const struct sockaddr *to, socklen_t n);
int __wrap_connect(int fd, const struct sockaddr *to, socklen_t n);
int __wrap_connect(int fd, const struct sockaddr *to, socklen_t n)
{
    bool failing = is_due(FAILING_CONNECT);
    int rc = failing && now->error != EINTR ? -1 : __real_connect(fd, to, n);

    if (!failing || (rc < 0 && now->error == EINTR && errno != EINPROGRESS))
        return rc;
    errno = now->error;
    return -1;
}
