/* handler.h - how handlers and timers are registered, with or without a slot.
 */

#ifndef CONN_HANDLER_H
#define CONN_HANDLER_H

#include "conn/conn.h"
#include "conn/timed.h"

/* 0; 1 if it has to be the only one and is not (see struct slot_args);
 * XMPP_EINVOP without an owner, or if that is being released; XMPP_EARG;
 * XMPP_EMEM. If it is not 0, the userdata is still the caller's. */
int handler_add(xmpp_conn_t *conn, xmpp_handler handler, const char *ns,
                const char *name, const char *type,
                const struct slot_args *args);
int handler_add_id(xmpp_conn_t *conn, xmpp_handler handler, const char *id,
                   const struct slot_args *args);
int handler_add_iq(xmpp_conn_t *conn, const char *type, const char *ns,
                   const char *name, xmpp_iq_handler handler,
                   const struct slot_args *args);

/* Of a connection. A periodic one runs while it is connected. */
int handler_add_timed(xmpp_conn_t *conn, timed_function function,
                      unsigned long period, bool is_once,
                      const struct slot_args *args);

/* Of a context. */
int handler_add_global_timed(xmpp_ctx_t *ctx, timed_function function,
                             unsigned long period, bool is_once,
                             const struct slot_args *args);

#endif
