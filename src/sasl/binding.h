/* binding.h - types of channel binding (RFC 5056), and a channel's data. */

#ifndef SASL_BINDING_H
#define SASL_BINDING_H

#include "base/str.h"

/* From the weakest to the best: who has the server's key can answer for the
 * end point, but has no other channel's exporter. */
enum binding {
    BINDING_NONE,
    BINDING_END_POINT, /* tls-server-end-point, RFC 5929 */
    BINDING_UNIQUE,    /* tls-unique, RFC 5929: up to TLS 1.2 */
    BINDING_EXPORTER,  /* tls-exporter, RFC 9266 */
    BINDINGS
};

#define BINDING_MOST 64 /* bytes of data: a SHA-512 */

#define TLS_1_2 0x0303u
#define TLS_1_3 0x0304u

/* What is known of the TLS that a stream travels in. Zeroed: nothing, or
 * there is no TLS. A type without bytes is not to be had. */
struct channel {
    unsigned version; /* as TLS writes it, 0 if unknown */
    struct {
        size_t n;
        char data[BINDING_MOST];
    } bindings[BINDINGS];
};

/* The registered name, NULL for none. Static. */
const char *binding_name(enum binding binding);

/* BINDING_NONE for a stranger. */
enum binding binding_find(struct str name);

/* Types as bits: those that a channel (or NULL) has. tls-unique is not one of
 * them where TLS is 1.3, whatever the data are: it does not exist there. */
unsigned binding_bit(enum binding binding);
unsigned binding_bits(const struct channel *channel);

/* The best of a set. */
enum binding binding_best(unsigned bits);

#endif
