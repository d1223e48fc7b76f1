/* resolve.c - name servers that answer some questions only: what is there is
 * used without waiting long for the rest, and what comes in time wins. */

#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "failmem.h"
#include "net/dial.h"
#include "net/name_server.h"
#include "tap.h"

#define HOUR 3600000 /* ends nothing here */
#define GUARD 60000  /* milliseconds; only to end a test that hangs */

static struct failmem memory;
static struct env env;
static struct poll *loop;

/* ---- a server ---------------------------------------------------- */

/* Without `listens` connections are refused there. */
static int open_at(int family, bool listens, unsigned *ret_port)
{
    struct sockaddr_storage at = {.ss_family = (sa_family_t)family};
    socklen_t n = sizeof(at);
    int fd = socket(family, SOCK_STREAM, 0);

    if (family == AF_INET)
        ((struct sockaddr_in *)&at)->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    else
        ((struct sockaddr_in6 *)&at)->sin6_addr = in6addr_loopback;
    if (fd < 0 || bind(fd, (struct sockaddr *)&at, n) ||
        (listens && listen(fd, 5)) ||
        getsockname(fd, (struct sockaddr *)&at, &n)) {
        if (fd >= 0)
            close(fd);
        return -1;
    }
    *ret_port = ntohs(((struct sockaddr_in *)&at)->sin_port);
    return fd;
}

/* ---- a search ---------------------------------------------------- */

struct search {
    struct name_server dns;
    struct dial *dial;
    struct fault fault;
    bool done, connected, release_at_socket;
    char host[256];
    unsigned port;
    int sockets;
    uint64_t took; /* milliseconds of the loop's clock */
};

static void on_done(void *userdata, const struct target *target)
{
    struct search *s = userdata;

    s->done = true;
    s->connected = target != NULL;
    if (!target)
        return;
    snprintf(s->host, sizeof(s->host), "%s", target->host);
    s->port = target->port;
    close(target->fd);
}

static int on_socket(void *userdata, int fd)
{
    struct search *s = userdata;

    (void)fd;
    s->sockets++;
    if (s->release_at_socket)
        name_server_release(&s->dns);
    return 0;
}

static void search(struct search *s, struct name_server_row *rows,
                   unsigned port)
{
    struct dial_wanted wanted = {.domain = "a.test",
                                 .service = "_xmpp-client._tcp",
                                 .port = (uint16_t)port,
                                 .servers = s->dns.servers,
                                 .most_records = 8,
                                 .timeout = HOUR,
                                 .prepare = on_socket};
    uint64_t begin = poll_now(loop), end = begin + GUARD;

    name_server_open(&s->dns, rows);
    s->dial = dial_new(&env, loop, &wanted, &s->fault, on_done, s);
    while (!s->done && poll_now(loop) < end)
        name_server_turn(&s->dns, loop, 5);
    s->took = poll_now(loop) - begin;
    dial_free(s->dial);
    name_server_close(&s->dns);
}

#define SRV "_xmpp-client._tcp.a.test"
#define ROWS(srv, aaaa, a)                                                     \
    {                                                                          \
        {SRV, NAME_SERVER_SRV, srv, "b.test", (port), 0, "", 0, {0}},          \
            {"a.test", NAME_SERVER_AAAA, aaaa, "::1", 0, 0, "", 0, {0}},       \
            {"a.test", NAME_SERVER_A, a, "127.0.0.1", 0, 0, "", 0, {0}},       \
            {"b.test", NAME_SERVER_AAAA, aaaa, "::1", 0, 0, "", 0, {0}},       \
            {"b.test", NAME_SERVER_A, a, "127.0.0.1", 0, 0, "", 0, {0}},       \
        {                                                                      \
            NULL, 0, NAME_SERVER_SILENT, NULL, 0, 0, "", 0,                    \
            {                                                                  \
                0                                                              \
            }                                                                  \
        }                                                                      \
    }

/* A question to each of eight servers in turn takes twelve seconds at least:
 * so long nobody must have waited. */
#define SHORT 3000

static void reaches(enum name_server_how srv, enum name_server_how aaaa,
                    enum name_server_how a, const char *host, int family,
                    const char *what)
{
    struct search s = {0};
    unsigned port = 0;
    int fd = open_at(family, true, &port);

    if (fd < 0) {
        ok(true, "%s # SKIP no IPv6 here", what);
        return;
    }
    {
        struct name_server_row rows[] = ROWS(srv, aaaa, a);

        search(&s, rows, port);
        is_str(s.host, host, "%s: it is reached", what);
        is_int(s.port, port, "%s: at its port", what);
        ok(s.took <= SHORT, "%s: within %lu ms", what, (unsigned long)s.took);
    }
    close(fd);
}

static void silences(void)
{
    reaches(NAME_SERVER_ANSWER, NAME_SERVER_SILENT, NAME_SERVER_ANSWER,
            "b.test", AF_INET, "AAAA is silent");
    reaches(NAME_SERVER_ABSENT, NAME_SERVER_SILENT, NAME_SERVER_ANSWER,
            "a.test", AF_INET, "AAAA is silent, no SRV");
    reaches(NAME_SERVER_SILENT, NAME_SERVER_ABSENT, NAME_SERVER_ANSWER,
            "a.test", AF_INET, "SRV is silent");
    reaches(NAME_SERVER_SILENT, NAME_SERVER_SILENT, NAME_SERVER_ANSWER,
            "a.test", AF_INET, "AAAA and SRV are silent");
    reaches(NAME_SERVER_SILENT, NAME_SERVER_ANSWER, NAME_SERVER_SILENT,
            "a.test", AF_INET6, "A and SRV are silent");
    reaches(NAME_SERVER_ANSWER, NAME_SERVER_ANSWER, NAME_SERVER_SILENT,
            "b.test", AF_INET6, "A is silent");
}

/* SRV comes when a socket of the domain itself is already being connected to,
 * or was refused: nothing is connected yet, and it wins. */
static void late(void)
{
    struct search s = {.release_at_socket = true};
    unsigned port, other;
    int fd = open_at(AF_INET, true, &port);
    int closed = open_at(AF_INET, false, &other);
    struct name_server_row rows[] =
        ROWS(NAME_SERVER_HELD, NAME_SERVER_ABSENT, NAME_SERVER_ANSWER);

    search(&s, rows, other);
    is_str(s.host, "b.test", "a late SRV record is followed");
    is_int(s.port, port, "to its port");
    is_int(s.sockets, 2, "after the domain itself was tried");
    close(closed);
    close(fd);
}

/* Addresses of the domain are there first, and SRV soon after. */
static void in_time(void)
{
    struct search s = {0};
    unsigned port;
    int fd = open_at(AF_INET, true, &port);
    struct name_server_row rows[] =
        ROWS(NAME_SERVER_HELD, NAME_SERVER_ANSWER, NAME_SERVER_ANSWER);
    uint64_t end = poll_now(loop) + GUARD;
    struct dial_wanted wanted = {.domain = "a.test",
                                 .service = "_xmpp-client._tcp",
                                 .port = (uint16_t)port,
                                 .servers = s.dns.servers,
                                 .most_records = 8,
                                 .timeout = HOUR,
                                 .prepare = on_socket};

    rows[3].how = NAME_SERVER_ABSENT; /* b.test has no AAAA */
    name_server_open(&s.dns, rows);
    s.dial = dial_new(&env, loop, &wanted, &s.fault, on_done, &s);
    while (!s.done && poll_now(loop) < end) {
        if (rows[1].asked && rows[2].asked && rows[0].asked)
            name_server_release(&s.dns);
        name_server_turn(&s.dns, loop, 5);
    }
    is_str(s.host, "b.test", "SRV in time wins");
    is_int(s.sockets, 1, "and the domain itself is not tried");
    dial_free(s.dial);
    name_server_close(&s.dns);
    close(fd);
}

static void declined(void)
{
    struct search s = {0};
    unsigned port;
    int fd = open_at(AF_INET, true, &port);
    struct name_server_row rows[] =
        ROWS(NAME_SERVER_ANSWER, NAME_SERVER_ANSWER, NAME_SERVER_ANSWER);

    rows[0].target = "";
    search(&s, rows, port);
    ok(s.done && !s.connected, "a declined service is not dialled");
    is_int(s.fault.code, XMPP_ENOSERVICE, "and told");
    close(fd);
}

int main(void)
{
    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    loop = poll_new(&env);
    poll_stop_clock(loop, 1000); /* the name server answers between turns */
    silences();
    late();
    in_time();
    declined();
    poll_free(loop);
    arena_drain(&env);
    is_int(memory.held, 0, "no memory is left");
    return done_testing();
}
