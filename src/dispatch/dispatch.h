/* dispatch.h - one stanza past a row of takers. */

#ifndef DISPATCH_DISPATCH_H
#define DISPATCH_DISPATCH_H

#include "dispatch/guard.h"
#include "dispatch/questions.h"
#include "dispatch/requests.h"
#include "dispatch/routes.h"

/* Who hears what on one connection. `takers` answer questions, and nobody else
 * hears what one of them took. */
struct dispatch {
    struct guard guard;
    struct requests requests;
    struct routes takers, routes;
    struct questions questions;
};

void dispatch_init(struct dispatch *d, struct env *env, struct slots *slots,
                   const struct guard_rules *rules);

/* End all handlers and requests, without calling their functions; who is firing
 * them stops. What frees userdata is called. */
void dispatch_clear(struct dispatch *d);

/* The same, and the memory goes. */
void dispatch_free(struct dispatch *d);

/* A stanza is about to be sent. What it asks is remembered: *ret, or NULL if
 * it asks nothing; see questions_forget(). 0 or XMPP_EMEM. */
int dispatch_asks(struct dispatch *d, const xmpp_stanza_t *stanza,
                  struct question **ret);

/* It was sent. */
void dispatch_sent(struct dispatch *d, const xmpp_stanza_t *stanza);

/* Both for the text of elements. */
int dispatch_sends_text(struct dispatch *d, struct str text);

enum { DISPATCH_DONE = 0, DISPATCH_UNTAKEN = 1 };

/* Hand a stanza (borrowed) to those who wait for it, unless its sender may
 * not say such a thing (guard.h): it is then ignored. First replies to our
 * requests, then those who answer questions, then handlers by id, then the
 * other handlers. `conn` is passed on to them and otherwise opaque; the caller
 * keeps it and `d` alive. `self` is our bound JID. What is left to be done:
 *   DISPATCH_DONE     nothing
 *   DISPATCH_UNTAKEN  an answer, for nobody took this iq (RFC 6120
 * section 8.4); handlers without any filter are observers negative          an
 * error as answer, for who took it says so by this code */
int dispatch_stanza(struct dispatch *d, xmpp_conn_t *conn,
                    xmpp_stanza_t *stanza, struct str self);

/* The same for one that was not read, `stub` being left of it: only a request
 * that it answers hears of it. False if it has to be answered. */
bool dispatch_skipped(struct dispatch *d, xmpp_conn_t *conn,
                      const xmpp_stanza_t *stub, struct str self);

/* An element that is no stanza: only handlers of its namespace may have it.
 * False if nobody expects such a thing; stream management is its own. */
bool dispatch_other(struct dispatch *dispatch, xmpp_conn_t *conn,
                    xmpp_stanza_t *element);

#endif
