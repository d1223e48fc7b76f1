/* send.h - sending from inside. */

#ifndef CONN_SEND_H
#define CONN_SEND_H

#include <xmpp/send.h>

#include "conn/conn.h"

/* As xmpp_request_send(), for any kind of handler. If it is not 0, the userdata
 * is still the caller's. */
int send_request(xmpp_conn_t *conn, xmpp_stanza_t *iq, unsigned long timeout,
                 const struct asker *asker, const struct slot_args *args);

/* Drop the actions with this handler and userdata; returns how many. */
int send_cancel(xmpp_conn_t *conn, action_function function,
                const void *userdata);

/* Who hears of the end by a function of this type. */
struct asker send_asker(xmpp_reply_handler handler);

#endif
