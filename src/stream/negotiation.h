/* negotiation.h - a login in progress: the table of steps that it goes by, how
 * far it came, and what it has to remember until the session is up.
 *
 * Only data: negotiate.h walks along the table, and the steps fill in the rows.
 */

#ifndef STREAM_NEGOTIATION_H
#define STREAM_NEGOTIATION_H

#include <xmpp/option.h>

#include "base/error.h"
#include "sasl/choice.h"
#include "sasl/upgrade.h"
#include "stanza/node.h"

struct stream;

/* What a step makes of what happened to it. It fills in `reply` with what is to
 * be sent and, before STEP_FAIL, the fault; the walk does the rest. */
enum verdict {
    STEP_WAIT,          /* the peer has to answer: its patience begins */
    STEP_DONE,          /* on to the next step that is offered */
    STEP_SKIP_REST,     /* nothing more is needed: the session is up */
    STEP_FEATURES,      /* logged in; new features follow in this stream */
    STEP_RESTART,       /* the stream is opened anew (RFC 6120 4.3.3) */
    STEP_WANT_TLS,      /* once TLS is up: opened anew */
    STEP_WANT_ZLIB,     /* once both sides compress: opened anew */
    STEP_WANT_PASSWORD, /* somebody has to be asked; then `wake` */
    STEP_WANT_TURN,     /* it takes long; `wake` when others had their turn */
    STEP_FAIL           /* the fault is set */
};

/* A row of the table. What is NULL never applies: a step without `offered` is
 * always offered; a stranger's element in one without `receive` is an error. */
struct step {
    const char *name;       /* in the log */
    xmpp_layer_t layer;     /* in which it fails */
    xmpp_option_t patience; /* the option with the time that it may take */
    bool ends_silently;  /* a failure here sends no end tag, which would end the
                            session that is being resumed */
    bool hears_stanzas;  /* the address is ours already: others may write, and a
                            server that lets them has done with the login */
    const char *when;    /* for a person, behind a comma */
    const char *missing; /* a sentence: the answer did not come in time */

    bool (*offered)(struct stream *s);
    enum verdict (*begin)(struct stream *s);
    enum verdict (*receive)(struct stream *s, xmpp_stanza_t *node);

    /* The password that it wanted is there, or its turn. */
    enum verdict (*wake)(struct stream *s);

    /* Our header is out, and the peer's is still to come. STEP_WAIT if the step
     * could begin all the same, STEP_DONE if not. */
    enum verdict (*pipeline)(struct stream *s);
};

/* What holds in this login. Together with the row this is the whole state, and
 * the log shows it; negotiate.c has the names. */
enum fact {
    FACT_OLD_STREAM = 1 << 0,      /* from before RFC 3920: no features */
    FACT_AUTHENTICATED = 1 << 1,   /* both sides proved what they had to */
    FACT_BOUND = 1 << 2,           /* an address is ours */
    FACT_NEEDS_SESSION = 1 << 3,   /* RFC 3921's is demanded */
    FACT_PIPELINED = 1 << 4,       /* sent, and the features are to come */
    FACT_OFFER_CHANGED = 1 << 5,   /* they came, and are others */
    FACT_MAY_MISMATCH = 1 << 6,    /* the answer may be that they are */
    FACT_BY_TOKEN = 1 << 7,        /* we log in by a token (XEP-0484) */
    FACT_ASKED_RESUME = 1 << 8,    /* together with the login: to resume, */
    FACT_ASKED_BIND = 1 << 9,      /* to bind (XEP-0386), */
    FACT_ASKED_ENABLE = 1 << 10,   /* and with that to manage the stream */
    FACT_NO_UPGRADE = 1 << 11,     /* a task went wrong: no more of them */
    FACT_PASSWORD_DUE = 1 << 12,   /* somebody is being asked for one */
    FACT_PASSWORD_WRONG = 1 << 13, /* one was, asked for or not */
    FACT_REFUSED = 1 << 14,        /* the last one was, no other came yet */
    FACT_TURN_DUE = 1 << 15,       /* a proof takes more than one turn */
    FACT_OLD_DIGEST = 1 << 16,     /* XEP-0078: not the password itself */
    FACT_OLD_SENT = 1 << 17,       /* XEP-0078: name and password are sent */
    FACT_ENABLE_SENT = 1 << 18     /* behind the request for an address */
};

/* A password that is asked for, and the challenge that it is to answer, if the
 * server was first. */
struct password_request {
    bool has_challenge;
    char *challenge; /* owned */
    size_t challenge_n;
    char *password; /* owned: the answer */
    long tries;     /* how often it was asked for */
};

/* How SASL is wrapped: by RFC 6120 section 6, or by XEP-0388. `first` sends a
 * first message. */
struct profile {
    enum name_id ns;
    enum verdict (*first)(struct stream *s, struct str message,
                          bool has_message);
};

/* What XEP-0388 lets us ask for together with the login. */
struct inlined {
    bool may_resume, may_bind, may_enable; /* is offered (XEP-0198, XEP-0386) */
    uint32_t may_with; /* the same of the children of `bind_with` */
    unsigned fast;     /* mechanisms for tokens, as bits */
    const struct mechanism *wanted; /* a token for this was asked for */
};

/* Tasks between the proofs of a SASL2 login and its success, as bits of
 * sasl/upgrade.h. `now` waits for its data or is being worked at. As sets,
 * `now` is part of `done`, `done` of `asked`, and `asked` of `offered`. */
struct tasks {
    unsigned offered, asked, done, now;
    struct upgrade work;
};

/* Made when a stream is opened, freed when the session is up or over: nothing
 * secret of a login outlives it but the keys and the token that the application
 * keeps, which lie in the stream. `reply`, `behind` and `secret` are set by a
 * step and taken by the walk before anything else happens. */
struct negotiation {
    const struct step *const *table; /* in this order; NULL ends it */
    size_t at;                       /* the row that is under way */
    unsigned facts;                  /* enum fact */

    xmpp_stanza_t *features;     /* owned: the last that came; or NULL */
    xmpp_stanza_t *reply;        /* owned: what the step sends; or NULL */
    xmpp_stanza_t *behind;       /* owned: what follows it at once; or NULL */
    const xmpp_stanza_t *secret; /* a node of it whose text is wiped then */

    struct credentials credentials;
    struct sasl_offer offer;
    struct sasl *sasl;
    const struct profile *profile;
    struct password_request request;
    struct inlined inlined;
    struct tasks tasks;
    xmpp_stanza_t *pipelined; /* owned: the offer that it was pipelined by,
                                 while FACT_PIPELINED */
};

/* The login along this table. NULL when memory is out. */
struct negotiation *negotiation_new(struct env *env,
                                    const struct step *const *table);

/* Forget everything secret and every offer, but not who we are. */
void negotiation_forget(struct env *env, struct negotiation *n);
void negotiation_free(struct env *env, struct negotiation *n);

/* Wait for a password that answers a challenge (STR_NONE: it begins). False
 * when memory is out. */
bool negotiation_keep_challenge(struct env *env, struct negotiation *n,
                                struct str challenge);

static inline const struct step *negotiation_step(const struct negotiation *n)
{
    return n->table[n->at];
}

/* Does any of these hold? Without a login nothing does. */
static inline bool negotiation_has(const struct negotiation *n, unsigned facts)
{
    return n && n->facts & facts;
}

#endif
