/* scram_first.h - the server's first message of SCRAM, read and checked. */

#ifndef SASL_SCRAM_FIRST_H
#define SASL_SCRAM_FIRST_H

#include "sasl/sasl.h"

/* Views into the message. `offer` and `tls` are STR_NONE where the server does
 * not say them. */
struct server_first {
    struct str nonce, salt; /* the salt in base64 */
    unsigned long iterations;
    struct str offer; /* h: hash of its mechanisms and types (XEP-0474) */
    struct str tls;   /* t: the version it speaks (XEP-0515) */
};

/* Take "x=value" from the front; STR_NONE if it is another attribute. */
struct str scram_take(struct str *message, char attribute);

/* Split it; `ours` is our nonce. 0 or XMPP_ECHALLENGE. */
int scram_first_read(struct sasl *sasl, struct str ours, struct str message,
                     struct server_first *ret);

/* Is what the server signs there what we saw? 0; XMPP_EDOWNGRADE if not;
 * XMPP_EPOLICY if it does not say although we may not go on without. */
int scram_first_check(struct sasl *sasl, const struct server_first *first);

#endif
