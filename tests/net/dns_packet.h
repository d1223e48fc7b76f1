/* dns_packet.h - the bytes of a DNS answer, honest or not. */

#ifndef TESTS_NET_DNS_PACKET_H
#define TESTS_NET_DNS_PACKET_H

#include <stddef.h>

struct dns_packet {
    unsigned char bytes[70000];
    int n;
};

/* The header, and the question; how many answers it says there are. */
void dns_packet_begin(struct dns_packet *p, const char *name, unsigned type,
                      unsigned answers);

void dns_packet_put(struct dns_packet *p, const void *bytes, size_t n);

/* A record of the name asked for. */
void dns_packet_put_record(struct dns_packet *p, unsigned type,
                           const void *data, size_t n);
void dns_packet_put_srv(struct dns_packet *p, unsigned priority, unsigned port,
                        const char *target);

#endif
