/* zone.c - a name server on loopback, without a thread. */

#include "net/zone.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/packet.h"
#include "tap.h"

#define SERVERS 8

void zone_open(struct zone *zone, struct zone_row *rows)
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t n = sizeof(at);
    size_t used = 0;

    zone->rows = rows;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    zone->fd = socket(AF_INET, SOCK_DGRAM, 0);
    if (zone->fd < 0 || bind(zone->fd, (struct sockaddr *)&at, n) ||
        getsockname(zone->fd, (struct sockaddr *)&at, &n) ||
        fcntl(zone->fd, F_SETFL, O_NONBLOCK))
        bail("no name server");
    for (int i = 0; i < SERVERS; i++)
        used += (size_t)snprintf(zone->servers + used,
                                 sizeof(zone->servers) - used, "%s127.0.0.1:%u",
                                 i ? "," : "", ntohs(at.sin_port));
}

void zone_close(struct zone *zone)
{
    close(zone->fd);
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

static struct zone_row *find(struct zone *zone, const char *name, unsigned type)
{
    for (struct zone_row *r = zone->rows; r->name; r++)
        if (strcasecmp(r->name, name) == 0 && r->type == type)
            return r;
    return NULL;
}

static void put_answer(struct packet *p, const struct zone_row *r)
{
    unsigned char address[16];

    p->bytes[7] = 1;
    if (r->type == ZONE_SRV) {
        packet_put_srv(p, 1, r->port, r->target);
        return;
    }
    inet_pton(r->type == ZONE_A ? AF_INET : AF_INET6, r->target, address);
    packet_put_record(p, r->type, address, r->type == ZONE_A ? 4 : 16);
}

static void answer(struct zone *zone, const struct zone_row *r,
                   const unsigned char *question, int n,
                   const struct sockaddr_in *to)
{
    static struct packet p;

    p.n = 0;
    packet_put(&p, question, (size_t)n);
    p.bytes[2] = 0x81;
    p.bytes[3] = r ? 0x80 : 0x83;
    p.bytes[7] = p.bytes[9] = p.bytes[11] = 0;
    if (r && r->how == ZONE_ANSWER)
        put_answer(&p, r);
    sendto(zone->fd, p.bytes, (size_t)p.n, 0, (const struct sockaddr *)to,
           sizeof(*to));
}

void zone_serve(struct zone *zone)
{
    unsigned char b[300];
    char name[256];
    struct sockaddr_in from;
    socklen_t size = sizeof(from);
    ssize_t n;

    while ((n = recvfrom(zone->fd, b, sizeof(b), 0, (struct sockaddr *)&from,
                         &size)) > 12) {
        unsigned type = read_question(b, (int)n, name);
        struct zone_row *r = find(zone, name, type);

        if (r) {
            r->asked++;
            memcpy(r->question, b, (size_t)n);
            r->question_n = (int)n;
            r->from = from;
        }
        if (!r || r->how == ZONE_ANSWER || r->how == ZONE_ABSENT)
            answer(zone, r, b, (int)n, &from);
    }
}

void zone_release(struct zone *zone)
{
    for (struct zone_row *r = zone->rows; r->name; r++) {
        if (r->how != ZONE_HELD)
            continue;
        r->how = ZONE_ANSWER;
        if (r->question_n)
            answer(zone, r, r->question, r->question_n, &r->from);
    }
}

unsigned zone_asked(const struct zone *zone, const char *name)
{
    unsigned asked = 0;

    for (const struct zone_row *r = zone->rows; r->name; r++)
        if (strcasecmp(r->name, name) == 0)
            asked += r->asked;
    return asked;
}
