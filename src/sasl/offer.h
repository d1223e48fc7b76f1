/* offer.h - the mechanisms that a server offers, and those that it refused. */

#ifndef SASL_OFFER_H
#define SASL_OFFER_H

#include "base/buf.h"

/* `mechanisms` and `types` are the names in the order of the offer, each
 * followed by a separator; `lists` is both in the form that XEP-0474 hashes.
 * `known` and `refused` are sets of rows of the table of mechanisms. */
struct sasl_offer {
    struct buf mechanisms, types;
    struct buf lists;
    uint32_t known, refused;
    unsigned bindings;    /* known types of channel binding, as bits */
    bool has_types;       /* the server lists its types (XEP-0440) */
    bool has_plus;        /* it offers a mechanism with channel binding */
    bool password_barred; /* a proof was refused: never fall back to PLAIN */
    bool binding_failed;  /* a guess at its type of binding was refused */
};

void offer_init(struct sasl_offer *offer, const struct env *env);
void offer_free(struct sasl_offer *offer);

/* Add every name that is offered, known or not, in any order; then seal. A
 * mechanism that is offered elsewhere (SASL2 beside SASL) counts for SCRAM's
 * flag only: to a server that has channel binding we must not claim that it has
 * not. */
void offer_mechanism(struct sasl_offer *offer, struct str name);
void offer_elsewhere(struct sasl_offer *offer, struct str name);
void offer_binding(struct sasl_offer *offer, struct str type);

/* The offered names, for a person: "SCRAM-SHA-1 PLAIN" or "nothing". They come
 * from the server, so they are quoted, and a long list is cut. */
void offer_describe(const struct sasl_offer *offer, char *out, size_t n);

/* The offer is complete: make `lists`. 0 or XMPP_EMEM. */
int offer_seal(struct sasl_offer *offer);

#endif
