/* dial_testbed.c - a dial under test: what it is to reach, and what it did. */

#define _GNU_SOURCE /* SO_DOMAIN */
#include "net/dial_testbed.h"

#include <dirent.h>
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "tap.h"

struct failmem dial_blocks;
struct env dial_env;
struct poll *dial_loop;

void dial_testbed_begin(void)
{
    failmem_init(&dial_blocks);
    env_init(&dial_env, &dial_blocks.mem, NULL);
    dial_loop = poll_new(&dial_env);
    poll_stop_clock(dial_loop, 1000);
}

void dial_testbed_end(void)
{
    poll_free(dial_loop);
    arena_drain(&dial_env);
    is_int(dial_blocks.held, 0, "nothing is left");
}

/* ---- peers ------------------------------------------------------- */

static int open_at(int family, bool listens, unsigned *ret_port)
{
    struct sockaddr_storage at = {.ss_family = (sa_family_t)family};
    socklen_t n = sizeof(at);
    int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK, 0);

    if (family == AF_INET)
        ((struct sockaddr_in *)&at)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    else
        ((struct sockaddr_in6 *)&at)->sin6_addr = in6addr_loopback;
    ((struct sockaddr_in *)&at)->sin_port = htons((uint16_t)*ret_port);
    if (fd < 0 || bind(fd, (struct sockaddr *)&at, n) ||
        (listens && listen(fd, 0)) ||
        getsockname(fd, (struct sockaddr *)&at, &n)) {
        if (fd >= 0)
            close(fd);
        return -1;
    }
    *ret_port = ntohs(((struct sockaddr_in *)&at)->sin_port);
    return fd;
}

/* Also by a connection that was closed some seconds ago. */
static bool is_taken(int family, unsigned port)
{
    int fd = open_at(family, false, &port);

    if (fd < 0)
        return errno == EADDRINUSE;
    close(fd);
    return false;
}

int dial_peer_open(int family, bool listens, unsigned *ret_port)
{
    int other = family == AF_INET ? AF_INET6 : AF_INET, fd;
    unsigned port;

    for (;;) {
        port = *ret_port;
        fd = open_at(family, listens, &port);
        if (fd < 0)
            return -1;
        if (*ret_port || !is_taken(other, port))
            break;
        close(fd);
    }
    *ret_port = port;
    return fd;
}

bool dial_silent_open(struct dial_silent *peer, int family)
{
    struct sockaddr_storage at;
    socklen_t n = sizeof(at);

    peer->fd = dial_peer_open(family, true, &peer->port);
    if (peer->fd < 0 || getsockname(peer->fd, (struct sockaddr *)&at, &n))
        return false;
    for (int i = 0; i < QUEUED; i++) {
        peer->queued[i] = socket(family, SOCK_STREAM | SOCK_NONBLOCK, 0);
        if (connect(peer->queued[i], (struct sockaddr *)&at, n) &&
            errno != EINPROGRESS)
            bail("loopback does not work");
    }
    loopback_settle(); /* now its queue is full */
    return true;
}

int dial_open_files(void)
{
    DIR *dir = opendir("/proc/self/fd");
    int n = 0;

    while (dir && readdir(dir))
        n++;
    if (dir)
        closedir(dir);
    return n;
}

void dial_silent_close(struct dial_silent *peer)
{
    for (int i = 0; i < QUEUED; i++)
        close(peer->queued[i]);
    close(peer->fd);
}

/* ---- a dial ------------------------------------------------------ */

void dial_call_drop(struct dial_call *call)
{
    struct dial *dial = call->dial;

    call->dial = NULL;
    dial_free(dial);
}

static void on_done(void *userdata, const struct target *target)
{
    struct dial_call *call = userdata;

    call->done++;
    call->reached = target != NULL;
    if (target) {
        snprintf(call->host, sizeof(call->host), "%s", target->host);
        call->port = target->port;
        call->direct_tls = target->direct_tls;
        close(target->fd);
    }
    if (call->frees_in_done)
        dial_call_drop(call);
}

static int on_socket(void *userdata, int fd)
{
    struct dial_call *call = userdata;
    int family = 0;
    socklen_t n = sizeof(family);

    getsockopt(fd, SOL_SOCKET, SO_DOMAIN, &family, &n);
    if (call->sockets < 16)
        call->families[call->sockets] = family;
    call->sockets++;
    if (call->frees_in_prepare || call->sockets == call->frees_at)
        dial_call_drop(call);
    return call->skips-- > 0;
}

static void on_missed(void *userdata, const struct target *target,
                      const struct fault *why)
{
    struct dial_call *call = userdata;

    call->missed++;
    call->missed_code = why->code;
    snprintf(call->missed_host, sizeof(call->missed_host), "%s", target->host);
    snprintf(call->missed_address, sizeof(call->missed_address), "%s",
             target->address);
}

void dial_call_init(struct dial_call *call)
{
    *call = (struct dial_call){
        .wanted = {.most_records = 8,
                   .most_targets = 8,
                   .timeout = PATIENCE,
                   .missed = on_missed,
                   .prepare = on_socket},
    };
    name_server_open(&call->dns, call->rows);
    call->wanted.servers = call->dns.servers;
}

void dial_call_know(struct dial_call *call, const char *name, unsigned type,
                    enum name_server_how how, const char *target, unsigned port)
{
    struct name_server_row *row = &call->rows[call->count++];

    row->name = name;
    row->type = type;
    row->how = how;
    row->target = target;
    row->port = port;
}

void dial_call_start(struct dial_call *call)
{
    call->took = poll_now(dial_loop);
    call->dial = dial_new(&dial_env, dial_loop, &call->wanted, &call->fault,
                          on_done, call);
}

void dial_call_turn(struct dial_call *call)
{
    name_server_turn(&call->dns, dial_loop, STEP);
}

void dial_call_run(struct dial_call *call)
{
    dial_call_start(call);
    for (int i = 0; call->dial && !call->done && i < TURNS; i++)
        dial_call_turn(call);
    call->took = poll_now(dial_loop) - call->took;
}

void dial_call_end(struct dial_call *call, const char *what)
{
    int done = call->done;

    for (int i = 0; i < 3; i++)
        dial_call_turn(call);
    is_int(call->done, done, "%s: called no more", what);
    dial_call_drop(call);
    name_server_close(&call->dns);
}
