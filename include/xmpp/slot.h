/* slot.h - registrations that can be removed one by one, and may own their
 * userdata. Language bindings need both.
 *
 * Each function that adds or sends does what its namesake in handler.h or
 * send.h does. The differences:
 *
 *   - Each call makes a registration of its own, even with a function and a
 *     userdata that are registered already.
 *   - `ret_slot`, unless NULL, receives the number of the registration.
 *   - `free_userdata`, unless NULL, is called with `userdata` exactly once,
 *     however the registration ends. So `userdata` is taken: it is freed too
 *     if the call fails.
 *
 * A registration ends when it is removed by its number or by a delete or cancel
 * function that fits it, or when its handler returns 0 (an iq handler stays
 * whatever it returns); a request or a timeout ends when its handler is called;
 * all end when their connection or context is released, and the handlers of
 * requests are called then (XMPP_ENOTCONN). `free_userdata` is
 * called at once then, or, while the handler is being called, as soon as that
 * has returned. It may do all that a handler may. While a connection or context
 * is being released nothing can be added to it any more: XMPP_EINVOP.
 */

#ifndef XMPP_SLOT_H
#define XMPP_SLOT_H

#include <xmpp/handler.h>
#include <xmpp/send.h>

XMPP_BEGIN

/* The number of a registration; never 0. A number is not used again, so that
 * one that is kept too long does no harm. (Where a long has 32 bits they begin
 * anew after 4294967295 registrations.) */
typedef unsigned long xmpp_slot_t;

typedef void (*xmpp_free_handler)(void *userdata);

/* End a registration of this context or of one of its connections; its handler
 * is not called again. 1 if it was there; 0 if it had ended, which does no
 * harm: a request may be removed in its own handler; so may any registration
 * after its connection was released. */
XMPP_API int xmpp_slot_remove(xmpp_ctx_t *ctx, xmpp_slot_t slot);

/* ---- stanzas ----------------------------------------------------- */

/* These return 0; XMPP_EINVOP without a connection, or if it is being released;
 * XMPP_EARG without a handler, or without the id or namespace that it needs, or
 * for an iq type other than get and set; XMPP_EMEM. */
XMPP_API int xmpp_slot_add_handler(xmpp_conn_t *conn, xmpp_handler handler,
                                   const char *ns, const char *name,
                                   const char *type, void *userdata,
                                   xmpp_free_handler free_userdata,
                                   xmpp_slot_t *ret_slot);
XMPP_API int xmpp_slot_add_id_handler(xmpp_conn_t *conn, xmpp_handler handler,
                                      const char *id, void *userdata,
                                      xmpp_free_handler free_userdata,
                                      xmpp_slot_t *ret_slot);
XMPP_API int xmpp_slot_add_iq_handler(xmpp_conn_t *conn, const char *type,
                                      const char *ns, const char *name,
                                      xmpp_iq_handler handler, void *userdata,
                                      xmpp_free_handler free_userdata,
                                      xmpp_slot_t *ret_slot);

/* Returns what xmpp_request_send() returns. `iq` is taken, too. */
XMPP_API int xmpp_slot_send_request(xmpp_conn_t *conn, xmpp_stanza_t *iq,
                                    unsigned long timeout,
                                    xmpp_reply_handler handler, void *userdata,
                                    xmpp_free_handler free_userdata,
                                    xmpp_slot_t *ret_slot);

/* ---- time -------------------------------------------------------- */

/* Periodic timers. All functions for timers return the same codes as those
 * for stanzas. */
XMPP_API int xmpp_slot_add_timed_handler(xmpp_conn_t *conn,
                                         xmpp_timed_handler handler,
                                         unsigned long period, void *userdata,
                                         xmpp_free_handler free_userdata,
                                         xmpp_slot_t *ret_slot);
XMPP_API int xmpp_slot_add_global_timed_handler(
    xmpp_ctx_t *ctx, xmpp_global_timed_handler handler, unsigned long period,
    void *userdata, xmpp_free_handler free_userdata, xmpp_slot_t *ret_slot);

/* Call a function once, `delay` milliseconds from now. Unlike periodic timers,
 * a timeout runs whether the connection is up or not: it can serve to connect
 * again later. */
typedef void (*xmpp_timeout_handler)(xmpp_conn_t *conn, void *userdata);
XMPP_API int xmpp_slot_add_timeout(xmpp_conn_t *conn,
                                   xmpp_timeout_handler handler,
                                   unsigned long delay, void *userdata,
                                   xmpp_free_handler free_userdata,
                                   xmpp_slot_t *ret_slot);

/* The same for a context. */
typedef void (*xmpp_global_timeout_handler)(xmpp_ctx_t *ctx, void *userdata);
XMPP_API int xmpp_slot_add_global_timeout(xmpp_ctx_t *ctx,
                                          xmpp_global_timeout_handler handler,
                                          unsigned long delay, void *userdata,
                                          xmpp_free_handler free_userdata,
                                          xmpp_slot_t *ret_slot);

XMPP_END

#endif /* XMPP_SLOT_H */
