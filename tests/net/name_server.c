/* name_server.c - a name server on loopback, without a thread. */

#define _GNU_SOURCE /* sched_getcpu */
#include "net/name_server.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/dns_packet.h"
#include "net/poll.h"
#include "tap.h"

#define SERVERS 8
#define HOPS 3         /* of a handshake of TCP */
#define PATIENCE 60000 /* milliseconds; only to end a test that hangs */

/* ---- the network ------------------------------------------------- */

/* A socket that sends to itself. From now on the thread stays on its processor,
 * for each of them has a queue of its own. */
static int open_mirror(void)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t n = sizeof(at);
    int fd = socket(AF_INET, SOCK_DGRAM, 0);
    cpu_set_t here;

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || bind(fd, (struct sockaddr *)&at, n) ||
        getsockname(fd, (struct sockaddr *)&at, &n) ||
        connect(fd, (struct sockaddr *)&at, n))
        bail("no loopback");
    CPU_ZERO(&here);
    CPU_SET((size_t)sched_getcpu(), &here);
    sched_setaffinity(0, sizeof(here), &here);
    return fd;
}

/* What is sent now comes behind all that was sent before; each answer of the
 * system is one hop more. */
void loopback_settle(void)
{
    static int mirror = -1;
    char c = 0;

    if (mirror < 0)
        mirror = open_mirror();
    for (int i = 0; i < HOPS; i++) {
        struct pollfd one = {.fd = mirror, .events = POLLIN};

        if (send(mirror, &c, 1, 0) != 1 || poll(&one, 1, PATIENCE) != 1 ||
            recv(mirror, &c, 1, 0) != 1)
            bail("loopback does not work");
    }
}

/* ---- a name server ----------------------------------------------- */

void name_server_open(struct name_server *dns, struct name_server_row *rows)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t n = sizeof(at);
    size_t used = 0;

    dns->rows = rows;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    dns->fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (dns->fd < 0 || bind(dns->fd, (struct sockaddr *)&at, n) ||
        getsockname(dns->fd, (struct sockaddr *)&at, &n) ||
        fcntl(dns->fd, F_SETFL, O_NONBLOCK))
        bail("no name server");
    for (int i = 0; i < SERVERS; i++)
        used += (size_t)snprintf(dns->servers + used,
                                 sizeof(dns->servers) - used, "%s127.0.0.1:%u",
                                 i ? "," : "", ntohs(at.sin_port));
}

void name_server_close(struct name_server *dns)
{
    close(dns->fd);
}

/* The name asked for, with dots; its type. */
static unsigned read_question(const unsigned char *b, int n, char *name)
{
    int at = 12, to = 0;

    while (at < n && b[at] && at + b[at] + 1 < n && to + b[at] + 1 < 256) {
        memcpy(name + to, b + at + 1, b[at]);
        to += b[at];
        name[to++] = '.';
        at += b[at] + 1;
    }
    name[to ? to - 1 : 0] = '\0';
    return at + 2 < n ? (unsigned)b[at + 1] * 256 + b[at + 2] : 0;
}

static struct name_server_row *find(struct name_server *dns, const char *name,
                                    unsigned type)
{
    for (struct name_server_row *r = dns->rows; r->name; r++)
        if (strcasecmp(r->name, name) == 0 && r->type == type)
            return r;
    return NULL;
}

static void put_record(struct dns_packet *p, const struct name_server_row *r)
{
    unsigned char address[16];

    p->bytes[7]++;
    if (r->type == NAME_SERVER_SRV) {
        dns_packet_put_srv(p, p->bytes[7], r->port, r->target);
        return;
    }
    inet_pton(r->type == NAME_SERVER_A ? AF_INET : AF_INET6, r->target,
              address);
    dns_packet_put_record(p, r->type, address,
                          r->type == NAME_SERVER_A ? 4 : 16);
}

/* The row, and those below it that speak of the same. */
static void put_records(struct dns_packet *p, const struct name_server_row *r)
{
    for (const struct name_server_row *other = r; other->name; other++)
        if (other->type == r->type && strcasecmp(other->name, r->name) == 0)
            put_record(p, other);
}

static void answer(struct name_server *dns, const struct name_server_row *r,
                   const unsigned char *question, int n,
                   const struct sockaddr_in *to)
{
    static struct dns_packet p;

    p.n = 0;
    dns_packet_put(&p, question, (size_t)n);
    p.bytes[2] = 0x81;
    p.bytes[3] = r ? 0x80 : 0x83;
    p.bytes[7] = p.bytes[9] = p.bytes[11] = 0;
    if (r && r->how == NAME_SERVER_ANSWER)
        put_records(&p, r);
    sendto(dns->fd, p.bytes, (size_t)p.n, 0, (const struct sockaddr *)to,
           sizeof(*to));
}

int name_server_serve(struct name_server *dns)
{
    unsigned char b[300];
    char name[256];
    struct sockaddr_in from;
    socklen_t size = sizeof(from);
    ssize_t n;
    int count = 0;

    while ((n = recvfrom(dns->fd, b, sizeof(b), 0, (struct sockaddr *)&from,
                         &size)) > 12) {
        unsigned type = read_question(b, (int)n, name);
        struct name_server_row *r = find(dns, name, type);

        count++;
        if (r) {
            r->asked++;
            memcpy(r->question, b, (size_t)n);
            r->question_n = (int)n;
            r->from = from;
        }
        if (!r || r->how == NAME_SERVER_ANSWER || r->how == NAME_SERVER_ABSENT)
            answer(dns, r, b, (int)n, &from);
    }
    return count;
}

void name_server_turn(struct name_server *dns, struct poll *loop, int step)
{
    loopback_settle();
    if (name_server_serve(dns))
        loopback_settle();
    poll_turn(loop, step);
}

void name_server_release(struct name_server *dns)
{
    for (struct name_server_row *r = dns->rows; r->name; r++) {
        if (r->how != NAME_SERVER_HELD)
            continue;
        r->how = NAME_SERVER_ANSWER;
        if (r->question_n)
            answer(dns, r, r->question, r->question_n, &r->from);
    }
}
