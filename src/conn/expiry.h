/* expiry.h - stanzas that are not sent in time. */

#ifndef CONN_EXPIRY_H
#define CONN_EXPIRY_H

#include "conn/conn.h"

/* Like actions, stanzas wait for the session, so the alarm is the connection's.
 */
void expiry_init(xmpp_conn_t *conn);
void expiry_clear(xmpp_conn_t *conn);

/* A stanza has come, or a transport is gone. */
void expiry_arm(xmpp_conn_t *conn);

#endif
