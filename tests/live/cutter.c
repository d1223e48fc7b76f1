/* cutter.c - a proxy on loopback that cuts connections at random points. */

#define _GNU_SOURCE
#include "live/cutter.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "live/loopback.h"

#define LINES_MOST 64
#define HOLE_LEAST 200 /* ms */
#define HOLE_MOST 2000

/* A forwarded connection; free when fd[0] is -1. */
struct line {
    int fd[2];     /* client, server */
    bool ended[2]; /* it will say nothing more */
    long budget;   /* bytes until it is cut */
    long hole_end; /* it swallows everything until then; else 0 */
};

struct cutter {
    pthread_t thread;
    int listening;
    unsigned short port, to;
    unsigned seed;
    atomic_int stretch;
    atomic_int count;
    atomic_bool digs, rests, stops;
    struct line lines[LINES_MOST];
};

/* Some are cut in the login, some soon behind it, some late; where in a TLS
 * record or a stanza is chance. */
static long draw(struct cutter *c)
{
    static const long most[] = {4000, 12000, 20000, 20000, 40000, 80000};

    return c->stretch *
           (rand_r(&c->seed) % most[(unsigned)rand_r(&c->seed) % 6]);
}

static void cut(struct line *line)
{
    struct linger none = {.l_onoff = 1};

    for (int i = 0; i < 2; i++) {
        setsockopt(line->fd[i], SOL_SOCKET, SO_LINGER, &none, sizeof(none));
        close(line->fd[i]);
    }
    line->fd[0] = -1;
}

static void take_new(struct cutter *c)
{
    struct sockaddr_in a = loopback(c->to);
    int client = accept4(c->listening, NULL, NULL, SOCK_CLOEXEC);
    int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (client < 0 || server < 0 ||
        connect(server, (struct sockaddr *)&a, sizeof(a)))
        give_up("# cutter: forwarding");
    for (int i = 0; i < LINES_MOST; i++)
        if (c->lines[i].fd[0] < 0) {
            c->lines[i] = (struct line){{client, server}, {false}, draw(c), 0};
            return;
        }
    give_up("# cutter: too many connections");
}

static bool swallow(struct line *line, int from)
{
    char bytes[4096];

    if (recv(line->fd[from], bytes, sizeof(bytes), 0) <= 0)
        line->ended[from] = true;
    return true;
}

/* Its bytes are used up: whether it lives on, as a hole. */
static bool fall(struct cutter *c, struct line *line)
{
    c->count++;
    if (!c->digs || rand_r(&c->seed) % 2)
        return false;
    line->hole_end =
        now_ms() + HOLE_LEAST + rand_r(&c->seed) % (HOLE_MOST - HOLE_LEAST);
    return true;
}

/* Bytes from one side to the other; false when the line is to end. */
static bool forward(struct cutter *c, struct line *line, int from)
{
    char bytes[4096];
    long most = sizeof(bytes);
    ssize_t n;

    if (line->hole_end)
        return swallow(line, from);
    if (!c->rests && line->budget < most)
        most = line->budget;
    n = most ? recv(line->fd[from], bytes, (size_t)most, 0) : 0;
    if (n > 0 && send(line->fd[!from], bytes, (size_t)n, MSG_NOSIGNAL) != n)
        return false;
    if (n > 0)
        line->budget -= c->rests ? 0 : n;
    if (most && n <= 0) {
        shutdown(line->fd[!from], SHUT_WR);
        line->ended[from] = true;
        return !line->ended[!from] && n == 0;
    }
    if (line->budget > 0 || c->rests)
        return true;
    return fall(c, line);
}

static void end_holes(struct cutter *c)
{
    long now = now_ms();

    for (int i = 0; i < LINES_MOST; i++) {
        struct line *line = &c->lines[i];

        if (line->fd[0] >= 0 && line->hole_end && line->hole_end <= now)
            cut(line);
    }
}

static void *work(void *arg)
{
    struct cutter *c = arg;

    while (!c->stops) {
        struct pollfd fds[1 + 2 * LINES_MOST];

        fds[0] = (struct pollfd){c->listening, POLLIN, 0};
        for (int i = 0; i < 2 * LINES_MOST; i++) {
            struct line *line = &c->lines[i / 2];
            bool quiet = line->fd[0] < 0 || line->ended[i % 2];
            int fd = quiet ? -1 : line->fd[i % 2];

            fds[1 + i] = (struct pollfd){fd, POLLIN, 0};
        }
        end_holes(c);
        if (poll(fds, 1 + 2 * LINES_MOST, 50) <= 0)
            continue;
        for (int i = 0; i < 2 * LINES_MOST; i++)
            if (fds[1 + i].revents && c->lines[i / 2].fd[0] >= 0 &&
                !forward(c, &c->lines[i / 2], i % 2))
                cut(&c->lines[i / 2]);
        if (fds[0].revents)
            take_new(c);
    }
    for (int i = 0; i < LINES_MOST; i++)
        if (c->lines[i].fd[0] >= 0)
            cut(&c->lines[i]);
    return NULL;
}

struct cutter *cutter_start(unsigned short port, unsigned seed)
{
    struct cutter *c = calloc(1, sizeof(*c));

    if (!c)
        give_up("# cutter");
    c->to = port;
    c->seed = seed;
    c->stretch = 1;
    for (int i = 0; i < LINES_MOST; i++)
        c->lines[i].fd[0] = -1;
    c->listening = loopback_listen(&c->port);
    if (c->listening < 0 || pthread_create(&c->thread, NULL, work, c))
        give_up("# cutter");
    return c;
}

unsigned short cutter_port(const struct cutter *c)
{
    return c->port;
}

void cutter_dig(struct cutter *c)
{
    c->digs = true;
}

void cutter_stretch(struct cutter *c, int factor)
{
    c->stretch = factor;
}

int cutter_count(const struct cutter *c)
{
    return c->count;
}

void cutter_rest(struct cutter *c)
{
    c->rests = true;
}

void cutter_stop(struct cutter *c)
{
    c->stops = true;
    pthread_join(c->thread, NULL);
    close(c->listening);
    free(c);
}
