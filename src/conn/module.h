/* module.h - the modules of a connection, along its life. */

#ifndef CONN_MODULE_H
#define CONN_MODULE_H

#include "conn/attempt.h"

/* A session is up, a new one or an earlier one: before the application learns
 * of it. The attempt may be over afterwards. */
void module_up(struct attempt *attempt);

/* Features of the stream came after the session was up. */
void module_offer(xmpp_conn_t *conn);

/* The connection ended that was up. */
void module_down(struct attempt *attempt);

/* The connection is being released: the session is over, nobody watches any
 * more. */
void module_release(xmpp_conn_t *conn);

/* Nothing of the connection is in progress: free the modules. */
void module_free(xmpp_conn_t *conn);

/* The members of a connection with a module in use; NULL, and words about it in
 * the context, if it is not in use or is NULL. */
struct member *module_member(xmpp_conn_t *conn, const xmpp_module_t *module);

#endif
