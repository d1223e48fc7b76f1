/* outgoing.h - what modules add to stanzas before they leave. */

#ifndef CONN_OUTGOING_H
#define CONN_OUTGOING_H

#include "conn/conn.h"

/* Let modules add to a stanza that is about to be sent, unless none wants to.
 * *ret is what to send: the stanza itself, or an owned copy of one that is not
 * ours alone (`is_taken`, and nobody else holds it). 0; XMPP_EMEM;
 * XMPP_ENOTCONN if the connection ended meanwhile; or why a module failed to
 * add. */
int outgoing_add(xmpp_conn_t *conn, xmpp_stanza_t *stanza, bool is_taken,
                 xmpp_stanza_t **ret);

/* What was sent is void: another session begins, or the connection goes. */
void outgoing_forget(xmpp_conn_t *conn);

#endif
