/* pass.h - one stanza past the rows of all modules in use. */

#ifndef DISPATCH_PASS_H
#define DISPATCH_PASS_H

#include "dispatch/members.h"
#include "dispatch/requests.h"
#include "stanza/node.h"

/* So many envelopes may be in each other; see xmpp_inbound_unwrap(). */
#define UNWRAP_MOST 4

enum { PASS_UNTAKEN = 0, PASS_TAKEN = 1 };

/* Whose modules they are. The caller keeps all of it alive. */
struct pass_place {
    struct members *members;
    struct requests *requests;
    xmpp_conn_t *conn;
    struct str self; /* our bound JID */
};

/* Deliver a stanza (borrowed) to all rows that it fits. PASS_UNTAKEN if others
 * have to get it, too. Of an iq request also PASS_TAKEN, or a negative code:
 * answer with the error of that code. Allocates nothing. */
int pass_stanza(const struct pass_place *place, xmpp_stanza_t *stanza);

/* Deliver a stream feature to a row of a module that wants it. */
void pass_offer(const struct pass_place *place, struct member *member,
                const xmpp_row_t *row, xmpp_stanza_t *feature);

/* See xmpp_inbound_unwrap() and xmpp_inbound_item(). */
void pass_unwrapped(const xmpp_inbound_t *in, xmpp_stanza_t *inner,
                    xmpp_via_t via);
int pass_item(const xmpp_inbound_t *in, const xmpp_inbound_t *item);

#endif
