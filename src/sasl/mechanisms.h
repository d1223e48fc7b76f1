/* mechanisms.h - the table of mechanisms: one row each. */

#ifndef SASL_MECHANISMS_H
#define SASL_MECHANISMS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

struct credentials;
struct sasl;

/* What start and step return if they cannot go on before a password is there;
 * they are called again then, as if for the first time. */
#define SASL_ASK 1

/* What step returns if it is not finished: it is called again with the same
 * challenge, as soon as others had their turn. */
#define SASL_BUSY 2

struct mechanism {
    const char *name;
    int strength;         /* the highest that both sides have is used */
    bool needs_tls;       /* reveals the secret itself */
    bool is_mutual;       /* success has to carry the server's proof */
    bool is_scram;        /* its messages can prove the offer (XEP-0474) */
    bool is_plus;         /* with channel binding */
    bool is_bound_by_tls; /* TLS itself proves who we are */
    bool is_legacy;       /* only where the application names it */
    bool (*is_possible)(const struct mechanism *, const struct credentials *);
    size_t size; /* of its own state, zeroed before start */
    int digest;  /* for the SCRAM family */
    /* The first message; an absent one leaves *has_initial false. */
    int (*start)(struct sasl *, struct buf *out, bool *has_initial);
    /* Answer a challenge. */
    int (*step)(struct sasl *, struct str challenge, struct buf *out);
    /* Is the success to be believed? `data` may be STR_NONE. */
    int (*success)(struct sasl *, struct str data);
    void (*wipe)(struct sasl *);
};

/* NULL for a stranger. */
const struct mechanism *mechanism_find(struct str name);

/* By number, the strongest first; NULL past the end. */
const struct mechanism *mechanism_at(unsigned row);

/* As a bit by row, 0 for a stranger; all of a list separated by spaces. */
uint32_t mechanism_bit(struct str name);
uint32_t mechanism_bits(struct str list);

extern const struct mechanism mechanism_plain, mechanism_external,
    mechanism_anonymous; /* plain.c */
extern const struct mechanism mechanism_scram_sha1, mechanism_scram_sha256,
    mechanism_scram_sha512, mechanism_scram_sha1_plus,
    mechanism_scram_sha256_plus, mechanism_scram_sha512_plus; /* scram.c */
extern const struct mechanism mechanism_bearer;               /* bearer.c */
extern const struct mechanism mechanism_digest;               /* digest.c */

#endif
