/* wrapped.h - system calls and TLS record calls that fail when told to. The
 * linker's --wrap leads the library's calls here; see Makefile.am. */

#ifndef TESTS_CONN_WRAPPED_H
#define TESTS_CONN_WRAPPED_H

/* X(name, what it returns when it fails) */
#define WRAPPED_MAP(X)                                                         \
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

enum wrapped_call {
#define WRAPPED_ENUM_(name, result) WRAPPED_##name,
    WRAPPED_MAP(WRAPPED_ENUM_)
#undef WRAPPED_ENUM_
        WRAPPED_COUNT
};

/* Instead of an error: less is done than was asked for. */
#define WRAPPED_SHORT 10000

/* What one thread's calls of one kind do. */
struct wrapped {
    enum wrapped_call call;
    int error;           /* an errno, GnuTLS's code, or WRAPPED_SHORT */
    unsigned long at;    /* the n-th fails, from 1; 0: none */
    unsigned long every; /* and every so many-th after it; 0: no other */
    unsigned long calls, failed; /* so far */
};

/* For the calling thread; NULL: nothing fails. */
void wrapped_arm(struct wrapped *wrapped);

#endif
