/* session.h - what outlives a transport: stream management's state. */

#ifndef CONN_SESSION_H
#define CONN_SESSION_H

#include "conn/attempt.h"

/* An attempt begins, its account is known: lend the state to it. 0, XMPP_EMEM.
 */
int session_prepare(struct attempt *attempt);

/* What the application had in its hands is handled. */
void session_handled(xmpp_conn_t *conn);

/* Tell the state to whoever saves it, if it changed. */
void session_changed(xmpp_conn_t *conn);

/* Tell what became of a stanza, which is taken; the caller holds the
 * connection. Tell all that is to be told. */
void session_report(xmpp_conn_t *conn, struct outcome *outcome);
void session_report_done(xmpp_conn_t *conn);

/* Nothing will be sent any more: give everything back. */
void session_free(xmpp_conn_t *conn);

#endif
