/* expiry.h - stanzas that wait, and are not sent: they are too late, or too
 * long for the server. */

#ifndef CONN_EXPIRY_H
#define CONN_EXPIRY_H

#include "conn/conn.h"

/* Like actions, stanzas wait for the session, so the alarm is the connection's.
 */
void expiry_init(xmpp_conn_t *conn);
void expiry_clear(xmpp_conn_t *conn);

/* A stanza has come, or a transport is gone. */
void expiry_arm(xmpp_conn_t *conn);

/* A session begins, and the server accepts so many bytes of a stanza; 0: it did
 * not say. Handlers are called. */
void expiry_fit(xmpp_conn_t *conn, size_t most);

#endif
