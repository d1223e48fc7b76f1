/* packet.h - the bytes of a DNS answer, honest or not. */

#ifndef TESTS_NET_PACKET_H
#define TESTS_NET_PACKET_H

#include <stddef.h>

struct packet {
    unsigned char bytes[70000];
    int n;
};

/* The header, and the question; how many answers it says there are. */
void packet_begin(struct packet *p, const char *name, unsigned type,
                  unsigned answers);

void packet_put(struct packet *p, const void *bytes, size_t n);

/* A record of the name asked for. */
void packet_put_record(struct packet *p, unsigned type, const void *data,
                       size_t n);
void packet_put_srv(struct packet *p, unsigned priority, unsigned port,
                    const char *target);

#endif
