/* sasl.h - a login as strings in, strings out: no XML, no base64. */

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

/* What we can prove who we are with. All borrowed while a login lasts. */
struct credentials {
    struct str authcid;     /* user name: the localpart, unprepared */
    struct str authzid;     /* usually none */
    struct str domain;      /* of the account */
    struct str password;    /* STR_NONE if there is none */
    struct str oauth_token; /* of OAuth, STR_NONE if there is none */
    struct str
        allowed; /* mechanisms, separated by spaces; STR_NONE: safe ones */
    const struct scram_keys *keys;       /* of an earlier login, or NULL */
    const struct fast_token *fast_token; /* of an earlier login, or NULL */
    const struct channel *channel; /* the TLS we are in, NULL if in none */
    struct strength min_strength;  /* the login must not be weaker */
    unsigned port;                 /* that we connected to, 0 if unknown */
    bool can_ask;                  /* a password can be asked for */
    bool may_pause;                /* SASL_BUSY is understood */
    bool external;                 /* a client certificate was given to TLS */
    bool anonymous;                /* nothing else is wished */
    bool encrypted;     /* TLS is up and verified as policy demands */
    bool allow_legacy;  /* legacy mechanisms are allowed */
    bool needs_binding; /* nothing without channel binding will do */
    unsigned long min_iterations, max_iterations; /* of SCRAM */
};

/* A mechanism, and how to use it. `flag` is SCRAM's: 'n', 'y' or 'p'. */
struct sasl_choice {
    const struct mechanism *mechanism;
    enum binding binding;
    char flag;
    bool is_guess;    /* the server did not say which types it has */
    bool needs_proof; /* only if the server proves its offer (XEP-0474) */
};

/* A login in progress with one mechanism. */
struct sasl {
    const struct env *env;
    const struct mechanism *mechanism;
    const struct credentials *credentials;
    const struct sasl_offer *offer;
    struct sasl_choice choice;
    struct fault *fault;    /* where errors are told, layer SASL */
    bool is_proven;         /* the server proved what it offers */
    char remark[160];       /* what a refusal said beside its condition */
    struct scram_keys keys; /* that would log in again, once it succeeded */
    void *state;
};

/* Every mechanism knows how many challenges it has, and fails at one more: a
 * server cannot go on asking.
 *
 * Begin; NULL when memory is out. Answers are appended to `out` by the
 * functions of the row; each returns 0, SASL_ASK, SASL_BUSY or the code told
 * to `fault`. */
struct sasl *sasl_new(const struct env *env, const struct sasl_choice *choice,
                      const struct credentials *credentials,
                      const struct sasl_offer *offer, struct fault *fault);
void sasl_free(struct sasl *sasl); /* wipes */

/* ---- what several mechanisms use --------------------------------- */

/* The prepared user name; one that cannot be prepared stays as it is, for the
 * server knows. Owned. 0 or XMPP_EMEM. */
int sasl_name(struct sasl *sasl, char **ret);

/* A name as GS2 and SCRAM write it: without '=' and ','. */
void sasl_put_name(struct buf *out, struct str name);

/* The password as it was typed: not empty, UTF-8 without a NUL. Borrowed. 0, or
 * the code told to the fault; SASL_ASK if there is none yet. */
int sasl_typed(struct sasl *sasl, struct str *ret);

/* The same prepared by SASLprep, or as it was typed where SASLprep does not
 * accept it; owned: env_free_secret. */
int sasl_prepared(struct sasl *sasl, char **ret);

/* Salt the password, for `digest`: begin; then go on until it is not SASL_BUSY
 * any more, when stretch->out is the salted password. 0 or the code told;
 * to begin, SASL_ASK too. */
int sasl_salt_begin(struct sasl *sasl, struct crypt_stretch *stretch,
                    enum digest digest, struct str salt,
                    unsigned long iterations);
int sasl_salt_go(struct sasl *sasl, struct crypt_stretch *stretch);

/* A count of iterations within the limits? */
bool sasl_iterations(const struct sasl *sasl, struct str text,
                     unsigned long *ret);

/* Tell a malformed challenge; any other code without words. */
int sasl_bad(struct sasl *sasl, const char *what);
int sasl_lack(struct sasl *sasl, int rc);

/* Is there, or can there be, a password? */
bool sasl_has_password(const struct credentials *c);

#endif
