/* guard.h - who may send what: stanzas that claim what their sender may not. */

#ifndef DISPATCH_GUARD_H
#define DISPATCH_GUARD_H

#include "base/list.h"
#include "stanza/node.h"

/* More archives than these are not remembered as queried at the same time; the
 * oldest is forgotten. */
#define GUARD_QUERIES_MOST 64

#define GUARD_VERSION_SIZE 3 /* urn:xmpp:mam:tmp was one */

/* Where a payload stands. */
enum guard_stanza {
    GUARD_MESSAGE,
    GUARD_IQ_SET,
    GUARD_IQ_ANSWER, /* an iq that answers, but no request of ours */
    GUARD_STANZAS
};

/* Who may send it. */
enum guard_sender {
    GUARD_ACCOUNT, /* our account: its bare address, or no sender, which means
                    * the same (RFC 6120 section 8.1.2.1); an answer may come
                    * from all that answer for the account (addressee.h) */
    GUARD_QUERIED  /* our account, or an entity that has not answered a query of
                    * ours to the end */
};

/* A payload that only some may send. The guard knows no extension by its name:
 * a room that receives a payload describes it, in static data. A member that is
 * 0 fits everything. */
struct guard_row {
    enum guard_stanza stanza;
    enum guard_sender sender;
    struct str ns;    /* of a child of the stanza */
    bool any_version; /* any version may stand in the place of the last octet of
                       * `ns`, of at most GUARD_VERSION_SIZE octets */
    const char *const *names; /* of that child, NULL at the end */
    const char *const *nodes; /* one of its children has this `node` */
    const char *query; /* GUARD_QUERIED: an iq set with an element of this name
                        * and of `ns` is such a query */
    const char *why;   /* it is ignored otherwise: for the log */
};

struct guard_rules {
    const struct guard_row *rows;
    size_t count;
};

#define GUARD_SENDER_SIZE 96

/* `queries` are those that have not been answered to the end. `lengths` has a
 * bit for each length of a namespace in a row, so that almost all payloads cost
 * one look, however many rows there are. `sender` is the last address that was
 * read and was valid, unless it is very long: stanzas often come from one
 * sender, one after the other. */
struct guard {
    const struct env *env;
    const struct guard_rules *rules;
    uint64_t lengths[GUARD_STANZAS];
    struct list queries;
    unsigned count;
    unsigned char sender_n;
    char sender[GUARD_SENDER_SIZE];
};

void guard_init(struct guard *guard, const struct env *env,
                const struct guard_rules *rules);

/* Forget all queries. */
void guard_clear(struct guard *guard);

/* Why this stanza must not be handed out, static, or NULL if it may. `self`
 * is our bound JID; without a localpart in it (a component, a raw stream) only
 * the sender has to be a valid address. */
const char *guard_refuses(struct guard *guard, const xmpp_stanza_t *stanza,
                          struct str self);

/* The same for a stanza that answers no request of ours. */
const char *guard_refuses_answer(struct guard *guard,
                                 const xmpp_stanza_t *stanza, struct str self);

/* A stanza was sent: was it a query? */
void guard_sent(struct guard *guard, const xmpp_stanza_t *stanza);

#endif
