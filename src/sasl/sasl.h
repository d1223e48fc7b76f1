/* sasl.h - mechanisms as strings in, strings out: no XML, no base64. */

#ifndef SASL_SASL_H
#define SASL_SASL_H

#include "base/buf.h"
#include "base/error.h"

/* What we can prove who we are with. All borrowed while a login lasts. */
struct credentials {
    struct str authcid;  /* user name: the localpart, unprepared */
    struct str authzid;  /* usually none */
    struct str password; /* STR_NONE if there is none */
    struct str allowed;  /* mechanisms, separated by spaces; STR_NONE: safe ones */
    bool external;       /* a client certificate was given to TLS */
    bool anonymous;      /* nothing else is wished */
    bool encrypted;      /* TLS is up and verified as policy demands */
    unsigned long min_iterations, max_iterations; /* of SCRAM */
};

/* A login in progress with one mechanism. */
struct sasl;

/* One row per mechanism. */
struct mechanism {
    const char *name;
    int strength;        /* the highest that both sides have is used */
    bool needs_tls;      /* reveals the password itself */
    bool is_mutual;      /* success has to carry the server's proof */
    bool (*is_possible)(const struct credentials *);
    size_t size;         /* of its own state, zeroed before start */
    int digest;          /* for the SCRAM family */
    /* The first message; an absent one leaves *has_initial false. */
    int (*start)(struct sasl *, struct buf *out, bool *has_initial);
    /* Answer a challenge. */
    int (*step)(struct sasl *, struct str challenge, struct buf *out);
    /* Is the success to be believed? `data` may be STR_NONE. */
    int (*success)(struct sasl *, struct str data);
    void (*wipe)(struct sasl *);
};

struct sasl {
    const struct env *env;
    const struct mechanism *mechanism;
    const struct credentials *credentials;
    struct fault *fault; /* where errors are told, layer SASL */
    int steps;           /* challenges answered */
    void *state;
};

/* The choice: feed every offered name, then take the strongest that is
 * known, allowed, possible and not yet refused. Starts zeroed. */
struct sasl_offer {
    uint32_t offered, refused; /* bits by row of the table */
    bool password_barred; /* a stronger one was refused: never fall to PLAIN */
};
void sasl_offer_add(struct sasl_offer *offer, struct str name);
void sasl_offer_refuse(struct sasl_offer *offer, const struct mechanism *m);
/* NULL, and XMPP_EMECH or XMPP_ECRED told to `fault` with the reason, if
 * there is none. */
const struct mechanism *sasl_choose(const struct sasl_offer *offer,
                                    const struct credentials *credentials,
                                    struct fault *fault);

/* Is at least one known mechanism in a list separated by spaces? */
bool sasl_knows_any(struct str list);

/* Begin; NULL when memory is out. Answers are appended to `out` by the
 * functions of the row; each returns 0 or the code told to `fault`. */
struct sasl *sasl_new(const struct env *env, const struct mechanism *mechanism,
                      const struct credentials *credentials,
                      struct fault *fault);
void sasl_free(struct sasl *sasl); /* wipes */

#endif
