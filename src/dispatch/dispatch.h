/* dispatch.h - one stanza past a row of takers. */

#ifndef DISPATCH_DISPATCH_H
#define DISPATCH_DISPATCH_H

#include "dispatch/actions.h"
#include "dispatch/guard.h"
#include "dispatch/members.h"
#include "dispatch/questions.h"
#include "dispatch/requests.h"
#include "dispatch/routes.h"

/* Who gets which stanza on one connection. `takers` are the handlers of iq
 * requests: what one of them takes, nobody else gets. Most connections have
 * none, and a module or two instead. */
struct dispatch {
    struct guard guard;
    struct actions actions;
    struct requests requests; /* those of them that are one iq */
    struct routes routes;
    struct routes *takers; /* owned; NULL before the first */
    struct questions questions;
    struct members members;
    xmpp_stanza_t *stanza; /* that is being delivered, or NULL */
};

void dispatch_init(struct dispatch *d, struct env *env, struct slots *slots,
                   const struct guard_rules *rules);

/* The takers, to add one. NULL when memory is out. */
struct routes *dispatch_takers(struct dispatch *d);

/* End all handlers and actions without calling their functions; a walk under
 * way stops. The functions that free userdata are called. */
void dispatch_clear(struct dispatch *d);

/* The same, and the memory goes. */
void dispatch_free(struct dispatch *d);

/* A stanza is about to be sent. If it is an iq request, it is remembered, so
 * that its answer is recognised: *ret is it, else NULL; see questions_forget().
 * 0 or XMPP_EMEM. */
int dispatch_will_send(struct dispatch *d, const xmpp_stanza_t *stanza,
                       struct question **ret);

/* It was sent: the guard remembers whom it queries. */
void dispatch_sent(struct dispatch *d, const xmpp_stanza_t *stanza);

/* Both, for the text of elements that is about to be sent. */
int dispatch_will_send_text(struct dispatch *d, struct str text);

enum { DISPATCH_DONE = 0, DISPATCH_UNTAKEN = 1 };

/* Deliver a stanza (borrowed), unless its sender may not send such a thing
 * (guard.h): then it is ignored. It goes to the request that it answers, then
 * to the modules, then to the takers, then to handlers by id, then to the other
 * handlers. `conn` is
 * passed on to them and otherwise opaque; the caller keeps it and `d` alive.
 * `self` is our bound JID. The result is what is left to be done:
 *
 *   DISPATCH_DONE     nothing
 *   DISPATCH_UNTAKEN  nobody took this iq: answer it (RFC 6120 section 8.4).
 *                     Handlers without any filter only observe
 *   negative          the module or the taker that the iq is for returned this
 *                     code: answer by its error */
int dispatch_stanza(struct dispatch *d, xmpp_conn_t *conn,
                    xmpp_stanza_t *stanza, struct str self);

/* The same for a stanza that was above a limit, so that only `stub` of it was
 * read: it only ends the request that it answers. False if it has to be
 * answered itself. */
bool dispatch_skipped(struct dispatch *d, const xmpp_stanza_t *stub,
                      struct str self);

/* Deliver an element that is not a stanza to the handlers of its namespace.
 * False if nobody expects it; stream management belongs to the library. */
bool dispatch_other(struct dispatch *dispatch, xmpp_conn_t *conn,
                    xmpp_stanza_t *element);

#endif
