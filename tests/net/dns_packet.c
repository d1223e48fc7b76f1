/* dns_packet.c - the bytes of a DNS answer, honest or not. */

#include "net/dns_packet.h"

#include <string.h>

void dns_packet_put(struct dns_packet *p, const void *bytes, size_t n)
{
    memcpy(p->bytes + p->n, bytes, n);
    p->n += (int)n;
}

static void put16(struct dns_packet *p, unsigned value)
{
    unsigned char two[2] = {(unsigned char)(value >> 8), (unsigned char)value};

    dns_packet_put(p, two, 2);
}

static void put_name(struct dns_packet *p, const char *name)
{
    while (*name) {
        unsigned char n = (unsigned char)strcspn(name, ".");

        dns_packet_put(p, &n, 1);
        dns_packet_put(p, name, n);
        name += n + (name[n] == '.');
    }
    dns_packet_put(p, "", 1);
}

void dns_packet_begin(struct dns_packet *p, const char *name, unsigned type,
                      unsigned answers)
{
    p->n = 0;
    put16(p, 0x1234);
    put16(p, 0x8180);
    put16(p, 1);
    put16(p, answers);
    put16(p, 0);
    put16(p, 0);
    put_name(p, name);
    put16(p, type);
    put16(p, 1);
}

void dns_packet_put_record(struct dns_packet *p, unsigned type,
                           const void *data, size_t n)
{
    put16(p, 0xc00c); /* the name asked for */
    put16(p, type);
    put16(p, 1);
    put16(p, 0);
    put16(p, 60);
    put16(p, (unsigned)n);
    dns_packet_put(p, data, n);
}

void dns_packet_put_srv(struct dns_packet *p, unsigned priority, unsigned port,
                        const char *target)
{
    static struct dns_packet data;

    data.n = 0;
    put16(&data, priority);
    put16(&data, 7);
    put16(&data, port);
    put_name(&data, target);
    dns_packet_put_record(p, 33, data.bytes, (size_t)data.n);
}
