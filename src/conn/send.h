/* send.h - sending from inside. */

#ifndef CONN_SEND_H
#define CONN_SEND_H

#include <xmpp/send.h>

#include "conn/conn.h"

/* As xmpp_request_send(). If it is not 0, the userdata is still the caller's.
 */
int send_request(xmpp_conn_t *conn, xmpp_stanza_t *iq, unsigned long timeout,
                 xmpp_reply_handler handler, const struct slot_args *args);

#endif
