/* scram_first.h - reads and checks the server's first message of SCRAM. */

#ifndef SASL_SCRAM_FIRST_H
#define SASL_SCRAM_FIRST_H

#include "sasl/sasl.h"

/* Views into the message. `offer` and `tls` are STR_NONE if they are absent. */
struct server_first {
    struct str nonce, salt; /* the salt in base64 */
    unsigned long iterations;
    struct str offer; /* h: hash of its mechanisms and types (XEP-0474) */
    struct str tls;   /* t: its version of TLS (XEP-0515) */
};

/* Take "x=value" from the front; STR_NONE if another attribute is there. */
struct str scram_take(struct str *message, char attribute);

/* Split the message; `ours` is our nonce. 0 or XMPP_ECHALLENGE. */
int scram_first_read(struct sasl *sasl, struct str ours, struct str message,
                     struct server_first *ret);

/* Compare what the server signs with what we received. 0; XMPP_EDOWNGRADE if
 * they differ; XMPP_EPOLICY if the server signs nothing, but the choice needs
 * it. */
int scram_first_check(struct sasl *sasl, const struct server_first *first);

#endif
