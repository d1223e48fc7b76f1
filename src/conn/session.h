/* session.h - what outlives a transport: stream management's state. */

#ifndef CONN_SESSION_H
#define CONN_SESSION_H

#include "conn/attempt.h"

/* An attempt begins, and its account is known: lend it the state. 0 or
 * XMPP_EMEM. */
int session_prepare(struct attempt *attempt);

/* The application has handled the stanza in hand. */
void session_handled(xmpp_conn_t *conn);

/* If the state changed, pass it to the callback that saves it. */
void session_changed(xmpp_conn_t *conn);

/* Report the outcome of a stanza, which is taken, to its handler; the caller
 * holds the connection. Report all outcomes that wait. */
void session_report(xmpp_conn_t *conn, struct outcome *outcome);
void session_report_done(xmpp_conn_t *conn);

/* Report all that is done in an outbox that nobody else can reach. */
void session_report_all(xmpp_conn_t *conn, const struct outbox *box);

/* Nothing will be sent any more: every stanza gets its outcome. */
void session_free(xmpp_conn_t *conn);

#endif
