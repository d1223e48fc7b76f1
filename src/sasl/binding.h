/* binding.h - types of channel binding (RFC 5056), and a channel's data. */

#ifndef SASL_BINDING_H
#define SASL_BINDING_H

#include "base/str.h"

/* From the weakest to the best. With the server's key an attacker can pretend
 * to be its end point; the exporter of our channel exists in our channel only.
 */
enum binding {
    BINDING_NONE,
    BINDING_END_POINT, /* tls-server-end-point, RFC 5929 */
    BINDING_UNIQUE,    /* tls-unique, RFC 5929: up to TLS 1.2 */
    BINDING_EXPORTER,  /* tls-exporter, RFC 9266 */
    BINDINGS
};

#define BINDING_MOST 64 /* bytes of data: the longest is a SHA-512 */

#define TLS_1_2 0x0303u
#define TLS_1_3 0x0304u

/* The TLS channel of a stream. Zeroed means unknown, or without TLS. A type of
 * binding without data is not available. */
struct channel {
    unsigned version; /* as TLS writes it, 0 if unknown */
    struct {
        size_t n;
        char data[BINDING_MOST];
    } bindings[BINDINGS];
};

/* The registered name, NULL for none. Static. */
const char *binding_name(enum binding binding);

/* BINDING_NONE for an unknown name. */
enum binding binding_find(struct str name);

/* A type as a bit, and the set of types that a channel has (NULL has none).
 * With TLS 1.3 tls-unique is never in the set, whatever the data (RFC 9266
 * section 1). */
unsigned binding_bit(enum binding binding);
unsigned binding_bits(const struct channel *channel);

/* The best type of a set. */
enum binding binding_best(unsigned bits);

#endif
