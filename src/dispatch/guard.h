/* guard.h - who may say what: stanzas that claim what their sender may not. */

#ifndef DISPATCH_GUARD_H
#define DISPATCH_GUARD_H

#include "base/list.h"
#include "stanza/node.h"

/* More archives than these are not remembered as asked at the same time; the
 * oldest is forgotten. */
#define GUARD_QUERIES_MOST 64

/* The archives that were asked and have not answered to the end. */
struct guard {
    const struct env *env;
    struct list queries;
    unsigned count;
};

void guard_init(struct guard *guard, const struct env *env);

/* Forget what was asked. */
void guard_clear(struct guard *guard);

/* Why this stanza must not be handed out, static, or NULL if it may. `self`
 * is our bound JID; without a localpart in it (a component, a raw stream) only
 * the sender has to be an address:
 *   - roster pushes come from our own account (RFC 6121 section 2.1.6)
 *   - so do carbons (XEP-0280 section 11)
 *   - and the events of nodes that only we may write (XEP-0223 section 6)
 *   - archive results come from our own archive or from one that was asked
 *     and has not ended its answer (XEP-0313 section 8). */
const char *guard_refuses(struct guard *guard, const xmpp_stanza_t *stanza,
                          struct str self);

/* The same for an iq that answers no question of ours: a roster is our
 * account's to tell (RFC 6121 section 2.1.4), in any of the forms in which it
 * answers. */
const char *guard_refuses_answer(const xmpp_stanza_t *stanza, struct str self);

/* A stanza was sent: was it a question to an archive? */
void guard_sent(struct guard *guard, const xmpp_stanza_t *stanza);

#endif
