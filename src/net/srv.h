/* srv.h - DNS answers to an ordered row of targets (RFC 2782); pure. */

#ifndef NET_SRV_H
#define NET_SRV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DNS_NAME_SIZE 256

/* Services of a domain: TLS begins by STARTTLS, or with the first byte
 * (XEP-0368). */
#define SRV_CLIENT "_xmpp-client._tcp"
#define SRV_CLIENT_DIRECT "_xmpps-client._tcp"

struct srv_record {
    uint16_t priority, weight, port;
    bool direct;                /* of _xmpps: TLS from the first byte */
    char target[DNS_NAME_SIZE]; /* "" for the root: no such service */
};

/* Sort by priority, and at random by weight inside it. `pick` gives a number
 * from 0 to most, both included. */
void srv_order(struct srv_record *records, size_t n,
               uint32_t (*pick)(void *userdata, uint32_t most), void *userdata);

/* Is it the single record with target "." that declines the service? */
bool srv_declines(const struct srv_record *records, size_t n);

#endif
