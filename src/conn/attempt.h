/* attempt.h - one attempt to connect, from the call to its one end. */

#ifndef CONN_ATTEMPT_H
#define CONN_ATTEMPT_H

#include "conn/conn.h"

/* The end: everything of the attempt is freed, requests end, the application
 * is told XMPP_CONN_DISCONNECT. What conn->fault holds is why. The caller holds
 * the connection. */
void attempt_end(xmpp_conn_t *conn);

/* What conn->fault holds is why the connection ended, for who asks. */
void attempt_keep_failure(xmpp_conn_t *conn);

/* The connection is up, or in raw mode its transport: tell the application. */
void attempt_tell_up(xmpp_conn_t *conn, xmpp_conn_event_t event);

#endif
