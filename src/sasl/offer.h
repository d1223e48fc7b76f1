/* offer.h - what a server offers for the login, and what of it was refused. */

#ifndef SASL_OFFER_H
#define SASL_OFFER_H

#include "base/buf.h"

/* `mechanisms` and `types` are the names as they were offered, each with a
 * separator behind it, `lists` both in the form that XEP-0474 signs. `known`
 * and `refused` are bits by row of the table of mechanisms. */
struct sasl_offer {
    struct buf mechanisms, types;
    struct buf lists;
    uint32_t known, refused;
    unsigned bindings;    /* known types of channel binding, as bits */
    bool has_types;       /* the server lists its types (XEP-0440) */
    bool has_plus;        /* it has a mechanism with channel binding */
    bool password_barred; /* a stronger one was refused: never fall to PLAIN */
    bool binding_failed;  /* a guess at its type was refused */
};

void offer_init(struct sasl_offer *offer, const struct env *env);
void offer_free(struct sasl_offer *offer);

/* Feed every name, in any order, known or not; then seal. What is offered by
 * another way too only counts for the flag of SCRAM: who could bind the channel
 * there must not be told that it cannot. */
void offer_mechanism(struct sasl_offer *offer, struct str name);
void offer_elsewhere(struct sasl_offer *offer, struct str name);
void offer_binding(struct sasl_offer *offer, struct str type);

/* The names that were fed, for a person: "SCRAM-SHA-1 PLAIN", "nothing". They
 * are the server's, so they are quoted, and only a few of them told. */
void offer_describe(const struct sasl_offer *offer, char *out, size_t n);

/* Sort what was fed; 0 or XMPP_EMEM. */
int offer_seal(struct sasl_offer *offer);

#endif
