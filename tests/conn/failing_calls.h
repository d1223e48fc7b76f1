/* failing_calls.h - system calls and TLS record calls that fail when told to.
 * The linker's --wrap leads the library's calls here; see Makefile.am. */

#ifndef TESTS_CONN_FAILING_CALLS_H
#define TESTS_CONN_FAILING_CALLS_H

/* X(name, what it returns when it fails) */
#define FAILING_MAP(X)                                                         \
    X(CONNECT, -1)                                                             \
    X(RECV, -1)                                                                \
    X(SEND, -1)                                                                \
    X(EPOLL_WAIT, -1)                                                          \
    X(EPOLL_CTL, -1)                                                           \
    X(EPOLL_CREATE, -1)                                                        \
    X(EVENTFD, -1)                                                             \
    X(TIMERFD_CREATE, -1)                                                      \
    X(TIMERFD_SETTIME, -1)                                                     \
    X(SOCKET, -1)                                                              \
    X(SETSOCKOPT, -1)                                                          \
    X(GETSOCKOPT, -1)                                                          \
    X(SHUTDOWN, -1)                                                            \
    X(HANDSHAKE, 0)                                                            \
    X(RECORD_RECV, 0)                                                          \
    X(RECORD_SEND, 0)

enum failing_kind {
#define FAILING_ENUM_(name, result) FAILING_##name,
    FAILING_MAP(FAILING_ENUM_)
#undef FAILING_ENUM_
        FAILING_COUNT
};

/* Instead of an error: less is done than was asked for. */
#define FAILING_SHORT 10000

/* What one thread's calls of one kind do. */
struct failing_call {
    enum failing_kind call;
    int error;           /* an errno, GnuTLS's code, or FAILING_SHORT */
    unsigned long at;    /* the n-th fails, from 1; 0: none */
    unsigned long every; /* and every so many-th after it; 0: no other */
    unsigned long calls, failed; /* so far */
};

/* For the calling thread; NULL: nothing fails. */
void failing_call_arm(struct failing_call *failing);

#endif
