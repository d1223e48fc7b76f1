/* relay.c - a proxy on loopback that counts round trips, and fails where it is
 * told to: at one byte of one direction. */

#define _GNU_SOURCE
#include "live/relay.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "live/loopback.h"

#define PAIRS_MOST 64 /* then the oldest one ends */
#define TURN 5 /* milliseconds after which it looks whether it has to stop */
#define NEVER -1

/* A forwarded connection; free when fd[0] is -1. Side 0 is the client. */
struct pair {
    int fd[2];
    bool ended[2]; /* it will say nothing more */
    int last;      /* whose bytes were forwarded last */
    long held;     /* until then nothing of the server is forwarded; 0: not */
    bool hole;
};

struct relay {
    pthread_t thread;
    int listening;
    unsigned short port, to;
    atomic_int delay, trips;
    atomic_long bytes[2]; /* of the last connection */
    atomic_int fault, side;
    atomic_long left;  /* bytes of that side until it fails, or NEVER */
    atomic_int breaks; /* a fault for all present ones, or NEVER */
    atomic_bool failed, stops;
    unsigned taken; /* connections so far */
    struct pair pairs[PAIRS_MOST];
};

static void pair_end(struct pair *pair, bool resets)
{
    struct linger none = {.l_onoff = 1};

    for (int i = 0; i < 2; i++) {
        if (resets)
            setsockopt(pair->fd[i], SOL_SOCKET, SO_LINGER, &none, sizeof(none));
        close(pair->fd[i]);
    }
    pair->fd[0] = -1;
}

static void take_new(struct relay *r)
{
    struct sockaddr_in a = loopback(r->to);
    int client = accept4(r->listening, NULL, NULL, SOCK_CLOEXEC);
    int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct pair *pair = &r->pairs[r->taken++ % PAIRS_MOST];

    if (client < 0 || server < 0)
        give_up("# relay");
    if (pair->fd[0] >= 0)
        pair_end(pair, true);
    /* the server may be restarting: then the client is refused, too */
    *pair = (struct pair){.fd = {client, server}, .last = 1};
    r->bytes[0] = r->bytes[1] = 0;
    if (connect(server, (struct sockaddr *)&a, sizeof(a)))
        pair_end(pair, true);
}

/* ---- bytes ------------------------------------------------------- */

static void pair_fail(struct pair *pair, int fault)
{
    pair->hole = fault == RELAY_HOLE;
    if (!pair->hole)
        pair_end(pair, fault == RELAY_RESET);
}

static void fail(struct relay *r, struct pair *pair)
{
    r->left = NEVER;
    r->failed = true;
    pair_fail(pair, r->fault);
}

static void fail_all(struct relay *r)
{
    int fault = atomic_exchange(&r->breaks, NEVER);

    for (int i = 0; fault != NEVER && i < PAIRS_MOST; i++)
        if (r->pairs[i].fd[0] >= 0)
            pair_fail(&r->pairs[i], fault);
}

/* An answer begins: it is held, and counted when the time is over. */
static bool is_held(struct relay *r, struct pair *pair, int from)
{
    if (from == 0 || pair->last == 1)
        return false;
    if (!pair->held)
        pair->held = now_ms() + r->delay;
    return now_ms() < pair->held;
}

static void count(struct relay *r, struct pair *pair, int from, long n)
{
    r->trips += from == 1 && pair->last == 0;
    pair->last = from;
    pair->held = 0;
    r->bytes[from] += n;
}

static void forward(struct relay *r, struct pair *pair, int from)
{
    char bytes[16384];
    bool may_fail = r->left != NEVER && r->side == from;
    size_t most = sizeof(bytes);
    ssize_t n;

    if (may_fail && (size_t)r->left < most)
        most = (size_t)r->left;
    if (most == 0) {
        fail(r, pair);
        return;
    }
    n = recv(pair->fd[from], bytes, most, 0);
    if (n > 0 && !pair->hole) {
        count(r, pair, from, n);
        if (send(pair->fd[!from], bytes, (size_t)n, MSG_NOSIGNAL) != n)
            pair_end(pair, true);
        else if (may_fail && atomic_fetch_sub(&r->left, n) == n)
            fail(r, pair);
    } else if (n <= 0) {
        pair->ended[from] = true;
        if (!pair->hole)
            shutdown(pair->fd[!from], SHUT_WR);
        if (n < 0 || pair->ended[!from] || pair->hole)
            pair_end(pair, n < 0);
    }
}

static void *work(void *arg)
{
    struct relay *r = arg;
    struct pollfd fds[1 + 2 * PAIRS_MOST];

    while (!r->stops) {
        fail_all(r);
        fds[0] = (struct pollfd){r->listening, POLLIN, 0};
        for (int i = 0; i < 2 * PAIRS_MOST; i++) {
            const struct pair *pair = &r->pairs[i / 2];
            bool quiet = pair->fd[0] < 0 || pair->ended[i % 2] ||
                         (i % 2 && pair->held && now_ms() < pair->held);

            fds[1 + i] =
                (struct pollfd){quiet ? -1 : pair->fd[i % 2], POLLIN, 0};
        }
        poll(fds, 1 + 2 * PAIRS_MOST, TURN);
        for (int i = 0; i < 2 * PAIRS_MOST; i++) {
            struct pair *pair = &r->pairs[i / 2];

            if (pair->fd[0] >= 0 && fds[1 + i].revents &&
                !is_held(r, pair, i % 2))
                forward(r, pair, i % 2);
        }
        if (fds[0].revents)
            take_new(r);
    }
    for (int i = 0; i < PAIRS_MOST; i++)
        if (r->pairs[i].fd[0] >= 0)
            pair_end(&r->pairs[i], true);
    return NULL;
}

/* ---- what the test calls ----------------------------------------- */

struct relay *relay_start(unsigned short to)
{
    struct relay *r = calloc(1, sizeof(*r));

    if (!r)
        give_up("# relay");
    r->to = to;
    r->delay = 20;
    r->left = NEVER;
    r->breaks = NEVER;
    for (int i = 0; i < PAIRS_MOST; i++)
        r->pairs[i].fd[0] = -1;
    r->listening = loopback_listen(&r->port);
    if (r->listening < 0 || pthread_create(&r->thread, NULL, work, r))
        give_up("# relay");
    return r;
}

unsigned short relay_port(const struct relay *r)
{
    return r->port;
}

void relay_stop(struct relay *r)
{
    r->stops = true;
    pthread_join(r->thread, NULL);
    close(r->listening);
    free(r);
}

void relay_delay(struct relay *r, int ms)
{
    r->delay = ms;
}

int relay_trips(struct relay *r)
{
    return atomic_exchange(&r->trips, 0);
}

void relay_fail(struct relay *r, enum relay_fault fault, bool of_server,
                long at)
{
    r->left = NEVER;
    r->fault = (int)fault;
    r->side = of_server;
    r->failed = false;
    r->left = at;
}

void relay_break(struct relay *r, enum relay_fault fault)
{
    r->breaks = (int)fault;
}

long relay_bytes(const struct relay *r, bool of_server)
{
    return r->bytes[of_server];
}

bool relay_has_failed(const struct relay *r)
{
    return r->failed;
}
