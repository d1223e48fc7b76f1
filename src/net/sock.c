/* sock.c - a connected TCP socket as the bottom stage of a pipe. */

#include "net/sock.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

#include "net/poll.h"

struct sock {
    struct stage stage;
    const struct env *env;
    int fd;
    int refused;  /* errno of a write while the peer's last words are unread */
    bool deaf;    /* nobody wants to read them */
    bool is_dry;  /* the last read took all there was */
    bool is_full; /* the last write filled it */
};

/* ---- the stage --------------------------------------------------- */

static struct sock *sock_of(struct stage *stage)
{
    return (struct sock *)stage;
}

/* The socket is connected already, and nothing is kept back in here. */
static int sock_progress(struct stage *stage)
{
    (void)stage;
    return 0;
}

static ssize_t lost(struct stage *stage, int error)
{
    if (error == EAGAIN || error == EINTR)
        return PIPE_AGAIN;
    if (error == ETIMEDOUT)
        fault_set(stage->fault, XMPP_LAYER_TCP, XMPP_ETIMEOUT,
                  "the server's host no longer confirms what it is sent");
    else
        fault_set(stage->fault, XMPP_LAYER_TCP, XMPP_ELOST, "%s",
                  strerror(error));
    fault_set_os(stage->fault, error);
    return PIPE_FAIL;
}

/* What the peer sent before it went away is read to its end. Behind a read that
 * was not filled there is nothing yet: a system call would only confirm it, and
 * what comes meanwhile makes the descriptor ready. */
static ssize_t sock_read(struct stage *stage, char *to, size_t n)
{
    struct sock *sock = sock_of(stage);
    ssize_t got;

    if (sock->is_dry) {
        sock->is_dry = false;
        return PIPE_AGAIN;
    }
    got = recv(sock->fd, to, n, 0);
    if (got > 0) {
        sock->is_dry = (size_t)got < n;
        return got;
    }
    if (got < 0 && errno == EINTR)
        return PIPE_AGAIN;
    if (sock->refused)
        return lost(stage, sock->refused);
    return got == 0 ? PIPE_EOF : lost(stage, errno);
}

static bool has_unread(const struct sock *sock)
{
    char byte;

    return recv(sock->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

/* A peer that went away may have sent the reason before: an alert, a stream
 * error. So a refused write is a failure only after that was read. */
static ssize_t sock_write(struct stage *stage, const char *from, size_t n)
{
    struct sock *sock = sock_of(stage);
    ssize_t sent;
    int error;

    /* Behind a write that was cut there is no room yet, as in sock_read(). */
    if (sock->is_full) {
        sock->is_full = false;
        return PIPE_AGAIN;
    }
    /* a library must not raise SIGPIPE in the program that uses it */
    sent = send(sock->fd, from, n, MSG_NOSIGNAL);
    error = errno;
    if (sent >= 0) {
        sock->is_full = (size_t)sent < n;
        return sent;
    }
    if ((error == EPIPE || error == ECONNRESET) && !sock->deaf &&
        has_unread(sock)) {
        sock->refused = error;
        return PIPE_AGAIN;
    }
    return lost(stage, error);
}

/* If the stages above read no more, those last words are not waited for. */
static unsigned wants(struct stage *stage, unsigned above)
{
    struct sock *sock = sock_of(stage);

    sock->deaf = sock->refused && !(above & POLL_READ);
    return above;
}

static bool pending(struct stage *stage)
{
    (void)stage;
    return false;
}

/* Only our side ends: what the peer still sends is read. */
static int sock_close(struct stage *stage)
{
    shutdown(sock_of(stage)->fd, SHUT_WR);
    return 0;
}

static void sock_free(struct stage *stage)
{
    struct sock *sock = sock_of(stage);

    close(sock->fd);
    env_free(sock->env, sock);
}

static const struct stage_row row = {
    .name = "tcp",
    .layer = XMPP_LAYER_TCP,
    .progress = sock_progress,
    .read = sock_read,
    .write = sock_write,
    .flush = sock_progress,
    .wants = wants,
    .pending = pending,
    .close = sock_close,
    .free = sock_free,
};

struct stage *sock_stage_new(const struct env *env, int fd, struct fault *fault)
{
    struct sock *sock = env_zalloc(env, sizeof(*sock));

    if (!sock) {
        close(fd);
        return NULL;
    }
    sock->stage = (struct stage){&row, NULL, fault};
    sock->env = env;
    sock->fd = fd;
    return &sock->stage;
}

/* ---- sockets ----------------------------------------------------- */

/* Without Nagle's wait (RFC 1122 section 4.2.3.4): what belongs together is
 * written at once, and the rest would wait for an acknowledgement. */
int sock_open(int family)
{
    int one = 1;
    int fd =
        socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP);

    if (fd >= 0)
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    return fd;
}

int sock_bind(int fd, const struct address *address)
{
    struct sockaddr_storage from;
    socklen_t n = address_fill(address, 0, &from);
    int on = 1;

    /* or each would take a port away from all its peers */
    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on, sizeof(on));
    return bind(fd, (struct sockaddr *)&from, n);
}

int sock_connect(int fd, const struct sockaddr *address, socklen_t n)
{
    if (connect(fd, address, n) == 0)
        return 0;
    /* an interrupted attempt goes on, too (POSIX, connect()) */
    return errno == EINPROGRESS || errno == EINTR ? 1 : -1;
}

int sock_error(int fd)
{
    int error = 0;
    socklen_t n = sizeof(error);

    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &n))
        return errno;
    return error;
}

static int set_number(int fd, int level, int option, int value)
{
    return setsockopt(fd, level, option, &value, sizeof(value));
}

void sock_acknowledge(int fd, bool at_once)
{
#ifdef TCP_QUICKACK
    set_number(fd, IPPROTO_TCP, TCP_QUICKACK, at_once);
#else
    (void)fd;
    (void)at_once;
#endif
}

void sock_shut(int fd)
{
    shutdown(fd, SHUT_RDWR);
}

void sock_set_patience(int fd, unsigned ms)
{
#ifdef TCP_USER_TIMEOUT
    set_number(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, (int)ms);
#else
    (void)fd;
    (void)ms;
#endif
}

int sock_set_keepalive(int fd, int idle, int interval, int count)
{
    if (set_number(fd, SOL_SOCKET, SO_KEEPALIVE, 1) ||
        set_number(fd, IPPROTO_TCP, TCP_KEEPIDLE, idle) ||
        (interval > 0 && set_number(fd, IPPROTO_TCP, TCP_KEEPINTVL, interval)))
        return -1;
    if (count <= 0)
        return 0;
    if (set_number(fd, IPPROTO_TCP, TCP_KEEPCNT, count))
        return -1;
    /* no probes are sent while something is unacknowledged: without this it
     * would be sent again and again for a quarter of an hour */
    return set_number(fd, IPPROTO_TCP, TCP_USER_TIMEOUT,
                      (idle + interval * count) * 1000);
}
