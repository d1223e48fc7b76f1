/* mechanisms.h - the table of SASL mechanisms: one row each. */

#ifndef SASL_MECHANISMS_H
#define SASL_MECHANISMS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

struct credentials;
struct sasl;

/* What `start` and `step` return if they need a password that is not known yet.
 * They are called again once it is, with the same arguments, and must not have
 * changed anything. */
#define SASL_NEEDS_PASSWORD 1

/* What `step` returns if it has more to compute: it is called again with the
 * same challenge, after the other connections had their turn. */
#define SASL_BUSY 2

struct mechanism {
    const char *name;
    int strength;         /* the strongest that both sides have is used */
    bool needs_tls;       /* it reveals the secret itself */
    bool is_mutual;       /* the server proves that it knows the secret */
    bool is_scram;        /* its messages can prove the offer (XEP-0474) */
    bool is_plus;         /* with channel binding */
    bool is_bound_by_tls; /* the client certificate of TLS proves who we are */
    bool is_legacy;       /* only used if the application names it */
    bool (*is_possible)(const struct mechanism *, const struct credentials *);
    size_t size; /* of its state, which is zeroed before `start` */
    int digest;  /* enum digest, of SCRAM and HT */
    /* Append the first message; *has_initial stays false if there is none. */
    int (*start)(struct sasl *, struct buf *out, bool *has_initial);
    /* Append the answer to a challenge. */
    int (*step)(struct sasl *, struct str challenge, struct buf *out);
    /* 0 if the success is to be believed. `data` may be STR_NONE. */
    int (*success)(struct sasl *, struct str data);
    void (*wipe)(struct sasl *);
};

/* NULL for an unknown name. */
const struct mechanism *mechanism_find(struct str name);

/* The n-th row, the strongest first; NULL behind the last. */
const struct mechanism *mechanism_at(unsigned row);

/* A mechanism as a bit, by its row, 0 for an unknown name; and the bits of a
 * list separated by spaces. */
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
