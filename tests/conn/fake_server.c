/* fake_server.c - a server on loopback that follows a script, in a thread. */

#define _GNU_SOURCE
#include "conn/fake_server.h"
#include "conn/fake_server_tls.h"
#include "conn/fake_words.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define PATIENCE 120000 /* milliseconds; only to end a test that hangs */

struct fake_server {
    pthread_t thread;
    const char *const *script;
    int listening, fd;
    unsigned short port;
    struct fake_server_tls *tls; /* NULL: in the clear */
    const char *wrong;
    int pause; /* milliseconds before each read */
    char id[FAKE_ID_SIZE];
    char got[65536];
    size_t n;
};

static int bind_on_loopback(unsigned short *port)
{
    struct sockaddr_in a = {.sin_family = AF_INET};
    socklen_t n = sizeof(a);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof(a)) ||
        getsockname(fd, (struct sockaddr *)&a, &n)) {
        perror("# peer");
        exit(99);
    }
    *port = ntohs(a.sin_port);
    return fd;
}

/* It stays bound, so that nobody else gets it. */
unsigned short fake_server_no_port(void)
{
    static unsigned short port;

    if (!port)
        bind_on_loopback(&port);
    return port;
}

/* What the kernel takes before anybody reads it is little. */
static void narrow(int fd)
{
    int size = 32768;

    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
}

static bool wait_for(int fd, short events)
{
    struct pollfd p = {.fd = fd, .events = events};

    return poll(&p, 1, PATIENCE) == 1;
}

static ssize_t take(struct fake_server *peer, char *to, size_t n)
{
    return peer->tls ? fake_server_tls_read(peer->tls, to, n)
                     : read(peer->fd, to, n);
}

static bool get_more(struct fake_server *peer)
{
    ssize_t n;

    if (peer->n == sizeof(peer->got)) { /* forget what is long ago */
        peer->n /= 2;
        memmove(peer->got, peer->got + sizeof(peer->got) - peer->n, peer->n);
    }
    if (peer->pause)
        poll(NULL, 0, peer->pause);
    if (!(peer->tls && fake_server_tls_pending(peer->tls)) &&
        !wait_for(peer->fd, POLLIN))
        return false;
    n = take(peer, peer->got + peer->n, sizeof(peer->got) - peer->n);
    if (n <= 0)
        return false;
    peer->n += (size_t)n;
    return true;
}

static bool expect(struct fake_server *peer, const char *text)
{
    size_t length = strlen(text), used;
    char *at;

    while (!(at = memmem(peer->got, peer->n, text, length)))
        if (!get_more(peer))
            return false;
    used = (size_t)(at - peer->got) + length;
    fake_words_keep_id(peer->got, used, peer->id);
    peer->n -= used;
    memmove(peer->got, peer->got + used, peer->n);
    return true;
}

static bool put(void *server, const char *text, size_t n)
{
    struct fake_server *peer = server;

    while (n) {
        ssize_t written = peer->tls ? fake_server_tls_write(peer->tls, text, n)
                                    : send(peer->fd, text, n, MSG_NOSIGNAL);

        if (written <= 0)
            return false;
        text += written;
        n -= (size_t)written;
    }
    return true;
}

static void hang_up(struct fake_server *peer)
{
    fake_server_tls_free(peer->tls);
    peer->tls = NULL;
    if (peer->fd >= 0)
        close(peer->fd);
    peer->fd = -1;
    peer->n = 0;
}

static bool reset(struct fake_server *peer)
{
    struct linger none = {.l_onoff = 1};

    setsockopt(peer->fd, SOL_SOCKET, SO_LINGER, &none, sizeof(none));
    hang_up(peer);
    return true;
}

/* What it says goes out at once: else each line waits for the other side. */
static bool accept_next(struct fake_server *peer)
{
    int one = 1;

    hang_up(peer);
    if (wait_for(peer->listening, POLLIN))
        peer->fd = accept4(peer->listening, NULL, NULL, SOCK_CLOEXEC);
    setsockopt(peer->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    return peer->fd >= 0;
}

static bool await_end(struct fake_server *peer)
{
    while (get_more(peer))
        ;
    return true;
}

/* What came before the handshake is not forgotten: it must be nothing. */
static bool secure(struct fake_server *peer, const char *prefix)
{
    peer->tls = peer->n ? NULL : fake_server_tls_start(peer->fd, prefix);
    return peer->tls != NULL;
}

static bool obey(struct fake_server *peer, const char *line)
{
    if (!strncmp(line, "C ", 2))
        return expect(peer, line + 2);
    if (!strncmp(line, "S ", 2))
        return fake_words_say(line + 2, peer->id, put, peer);
    if (!strncmp(line, "X ", 2))
        return fake_words_say_bytes(line + 2, put, peer);
    if (!strncmp(line, "tls ", 4))
        return secure(peer, line + 4);
    if (!strncmp(line, "notls ", 6))
        return !secure(peer, line + 6);
    if (!strcmp(line, "accept"))
        return accept_next(peer);
    if (!strcmp(line, "eof"))
        return await_end(peer);
    if (!strcmp(line, "deaf"))
        return wait_for(peer->listening, POLLIN);
    if (sscanf(line, "slow %d", &peer->pause) == 1)
        return true;
    if (!strcmp(line, "reset"))
        return reset(peer);
    hang_up(peer);
    return !strcmp(line, "hangup");
}

static void *serve(void *arg)
{
    struct fake_server *peer = arg;

    if (!accept_next(peer))
        peer->wrong = "nobody came";
    for (size_t i = 0; peer->script[i] && !peer->wrong; i++)
        if (!obey(peer, peer->script[i]))
            peer->wrong = peer->script[i];
    hang_up(peer);
    return NULL;
}

struct fake_server *fake_server_start(const char *const *script)
{
    struct fake_server *peer = calloc(1, sizeof(*peer));

    if (!peer)
        exit(99);
    peer->script = script;
    peer->fd = -1;
    peer->listening = bind_on_loopback(&peer->port);
    narrow(peer->listening);
    if (listen(peer->listening, 16) ||
        pthread_create(&peer->thread, NULL, serve, peer)) {
        perror("# peer");
        exit(99);
    }
    return peer;
}

unsigned short fake_server_port(const struct fake_server *peer)
{
    return peer->port;
}

void fake_server_visit(const struct fake_server *peer)
{
    struct sockaddr_in a = {.sin_family = AF_INET};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    a.sin_port = htons(peer->port);
    if (fd < 0 || connect(fd, (struct sockaddr *)&a, sizeof(a)))
        perror("# visit");
    if (fd >= 0)
        close(fd);
}

void fake_server_poke(const struct fake_server *peer)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons(peer->port)};
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(fd, (struct sockaddr *)&to, sizeof(to)))
        printf("# the server is gone already\n");
    close(fd);
}

const char *fake_server_join(struct fake_server *peer)
{
    const char *wrong;

    pthread_join(peer->thread, NULL);
    wrong = peer->wrong;
    close(peer->listening);
    free(peer);
    return wrong;
}
