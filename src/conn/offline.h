/* offline.h - what is sent without a session, and waits for the next one. */

#ifndef CONN_OFFLINE_H
#define CONN_OFFLINE_H

#include "conn/conn.h"
#include "stream/outbox.h"

/* Queue a stanza, which stays the caller's, if the application wants that
 * (XMPP_OPT_SEND_OFFLINE) and it is of use in a later session: a message, or
 * presence to somebody. 0; XMPP_ENOTCONN; XMPP_EFULL; XMPP_EMEM; XMPP_EARG or
 * XMPP_EINVOP, and the context has the words. */
int offline_send(xmpp_conn_t *conn, xmpp_stanza_t *stanza,
                 const struct tracking *tracking);

#endif
