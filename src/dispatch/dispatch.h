/* dispatch.h - one stanza past a row of takers. */

#ifndef DISPATCH_DISPATCH_H
#define DISPATCH_DISPATCH_H

#include "dispatch/guard.h"
#include "dispatch/requests.h"
#include "dispatch/routes.h"

/* Who hears what on one connection. */
struct dispatch {
    struct guard guard;
    struct requests requests;
    struct routes routes;
};

void dispatch_init(struct dispatch *d, struct env *env);
void dispatch_free(struct dispatch *d); /* calls nobody */

/* Hand a stanza (borrowed) to those who wait for it, unless its sender may
 * not say such a thing (guard.h): it is then ignored. First replies to our
 * requests, then handlers by id, then the other handlers. `conn` is passed on
 * to them and otherwise opaque; the caller keeps it and `d` alive. `self` is
 * our bound JID. Returns whether somebody took it: false for an iq of type
 * get or set that is ours to answer (RFC 6120 section 8.4). Handlers without
 * any filter are observers and take nothing. */
bool dispatch_stanza(struct dispatch *d, xmpp_conn_t *conn,
                     xmpp_stanza_t *stanza, struct str self);

/* An element that is no stanza: only handlers of its namespace may have it.
 * False if nobody expects such a thing; stream management is its own. */
bool dispatch_other(struct dispatch *dispatch, xmpp_conn_t *conn,
                    xmpp_stanza_t *element);

#endif
