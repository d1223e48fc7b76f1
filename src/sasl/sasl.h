/* sasl.h - a login with one mechanism: strings in, strings out; no XML, no
 * base64. */

#ifndef SASL_SASL_H
#define SASL_SASL_H

#include "base/buf.h"
#include "base/error.h"
#include "sasl/binding.h"
#include "sasl/keys.h"
#include "sasl/mechanisms.h"
#include "sasl/offer.h"
#include "sasl/strength.h"
#include "sasl/fast_token.h"

/* What we can log in with, and under which rules. All is borrowed for the time
 * of a login. */
struct credentials {
    struct str authcid;     /* user name: the localpart, unprepared */
    struct str authzid;     /* the account to act for; usually STR_NONE */
    struct str domain;      /* of the account */
    struct str password;    /* STR_NONE if there is none */
    struct str oauth_token; /* STR_NONE if there is none */
    struct str allowed;     /* mechanisms, separated by spaces; STR_NONE: all
                               but the legacy ones */
    const struct scram_keys *keys;       /* of an earlier login, or NULL */
    const struct fast_token *fast_token; /* of an earlier login, or NULL */
    const struct channel *channel;       /* our TLS, NULL without TLS */
    struct strength min_strength;        /* the login must not be weaker */
    unsigned port;                       /* of the server, 0 if unknown */
    bool can_get_password;      /* the application can supply a password */
    bool may_pause;             /* the caller understands SASL_BUSY */
    bool external;              /* TLS has our client certificate */
    bool anonymous;             /* only ANONYMOUS is wanted */
    bool encrypted;             /* TLS is up, and verified as policy demands */
    bool allow_legacy;          /* legacy mechanisms are allowed */
    bool needs_channel_binding; /* a login without it is refused */
    unsigned long min_iterations, max_iterations; /* of SCRAM */
};

/* A mechanism and how to use it. `flag` is SCRAM's (RFC 5802 section 6): 'n',
 * 'y' or 'p'. */
struct sasl_choice {
    const struct mechanism *mechanism;
    enum binding binding;
    char flag;
    bool is_guess;    /* the server did not list its types of binding */
    bool needs_proof; /* fail unless the server proves its offer (XEP-0474) */
};

/* A login in progress with one mechanism. */
struct sasl {
    const struct env *env;
    const struct mechanism *mechanism;
    const struct credentials *credentials;
    const struct sasl_offer *offer;
    struct sasl_choice choice;
    struct fault *fault;    /* for errors, in the layer SASL */
    bool is_proven;         /* the server proved its offer */
    char remark[160];       /* what a refusal had beside its condition */
    struct scram_keys keys; /* can log in again, once this login succeeded */
    void *state;
};

/* Begin a login; NULL if there is no memory. The functions of the mechanism's
 * row go on with it: each returns 0, SASL_NEEDS_PASSWORD, SASL_BUSY or the code
 * that it recorded in `fault`. Every mechanism knows how many challenges it has
 * and fails at one more, so a server cannot keep a login going for ever. */
struct sasl *sasl_new(const struct env *env, const struct sasl_choice *choice,
                      const struct credentials *credentials,
                      const struct sasl_offer *offer, struct fault *fault);
void sasl_free(struct sasl *sasl); /* wipes */

/* ---- what several mechanisms use --------------------------------- */

/* The user name, prepared by SASLprep. One that SASLprep refuses stays as it
 * is: it may be a valid localpart all the same. Owned. 0 or XMPP_EMEM. */
int sasl_name(struct sasl *sasl, char **ret);

/* Append a name as GS2 and SCRAM write it (RFC 5802 section 5.1): '=' and ','
 * are escaped. */
void sasl_put_name(struct buf *out, struct str name);

/* The password as it was typed: not empty, UTF-8 without a NUL. Borrowed. 0;
 * SASL_NEEDS_PASSWORD if there is no password yet; or the code recorded in the
 * fault. */
int sasl_typed(struct sasl *sasl, struct str *ret);

/* The same prepared by SASLprep, or as it was typed if SASLprep refuses it.
 * Owned (env_free_secret). */
int sasl_prepared(struct sasl *sasl, char **ret);

/* Salt the password: begin, then go on as long as that returns SASL_BUSY. At 0
 * stretch->out has the salted password. Both return a code that they recorded
 * in the fault; sasl_salt_begin() also SASL_NEEDS_PASSWORD. */
int sasl_salt_begin(struct sasl *sasl, struct crypt_stretch *stretch,
                    enum digest digest, struct str salt,
                    unsigned long iterations);
int sasl_salt_go(struct sasl *sasl, struct crypt_stretch *stretch);

/* Read a count of iterations; false if it is outside the limits. Few iterations
 * would make the password easy to guess, many would keep us busy. */
bool sasl_iterations(const struct sasl *sasl, struct str text,
                     unsigned long *ret);

/* Record a fault: a challenge that is not acceptable, and why; or any other
 * code, without more words. Both return the code. */
int sasl_bad(struct sasl *sasl, const char *what);
int sasl_fail(struct sasl *sasl, int rc);

/* Whether there is a password, or the application can supply one. */
bool sasl_has_password(const struct credentials *c);

#endif
