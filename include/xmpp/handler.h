/* handler.h - functions that are called for stanzas, and as time passes.
 *
 *     static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *stanza,
 *                           void *userdata)
 *     {
 *         const char *text = xmpp_stanza_get_child_text(stanza, "body", NULL);
 *
 *         if (text)
 *             printf("%s: %s\n", xmpp_stanza_get_from(stanza), text);
 *         return 1;
 *     }
 *
 *     xmpp_handler_add(conn, on_message, NULL, "message", NULL, NULL);
 *
 * A handler returns non-zero to stay and 0 to be removed. It may do anything:
 * add and remove handlers, itself included; send; disconnect; release the
 * connection. Handlers stay after a disconnect, and serve the next connection.
 *
 * slot.h has the same functions for handlers that are removed one by one, or
 * that own their userdata.
 */

#ifndef XMPP_HANDLER_H
#define XMPP_HANDLER_H

#include <xmpp/types.h>

XMPP_BEGIN

typedef int (*xmpp_handler)(xmpp_conn_t *conn, xmpp_stanza_t *stanza,
                            void *userdata);

/* Call a function for each stanza that fits: its element name and its type are
 * those given, and its namespace, or that of a direct child, is `ns`. NULL fits
 * everything. All handlers that fit are called, first those by id, each kind in
 * the order in which they were added. A message without a type, or with a type
 * that RFC 6121 does not know, also fits "normal" (section 5.2.2).
 *
 * The same function with the same userdata is added only once. A handler that
 * adds itself again while it is called, and returns 0, stays registered. A
 * handler that is added while a stanza is being delivered does not get that
 * stanza. */
XMPP_API void xmpp_handler_add(xmpp_conn_t *conn, xmpp_handler handler,
                               const char *ns, const char *name,
                               const char *type, void *userdata);

/* 1 if the stanza came from our own account: from our bare JID, or without a
 * `from`, which means the same (RFC 6120 section 8.1.2.1); else 0. Roster
 * pushes, carbons, archive results and events of private nodes need not be
 * checked: handlers get them only from those who may send them. */
XMPP_API int xmpp_conn_is_from_self(const xmpp_conn_t *conn,
                                    xmpp_stanza_t *stanza);

/* Remove all handlers with this function, whatever their filters and userdata.
 */
XMPP_API void xmpp_handler_delete(xmpp_conn_t *conn, xmpp_handler handler);

/* Call a function for each stanza with this id. An iq of type "result" or
 * "error" fits only if it answers an iq that we sent to its sender, before or
 * after this call (RFC 6120 section 8.1.2.1); until that answer comes, no other
 * iq with the id fits. Prefer xmpp_request_send(), which also has a deadline.
 */
XMPP_API void xmpp_id_handler_add(xmpp_conn_t *conn, xmpp_handler handler,
                                  const char *id, void *userdata);
XMPP_API void xmpp_id_handler_delete(xmpp_conn_t *conn, xmpp_handler handler,
                                     const char *id);

/* ---- iq stanzas of others ---------------------------------------- */

/* Returns whether it takes the iq:
 *
 *   0   no: the next handler gets it; if none takes it, the library answers
 *   >0  yes: it has sent an answer, or will send one
 *   <0  yes: the library answers with the error of this code: XMPP_EARG is
 *       bad-request, XMPP_EINVOP not-allowed, XMPP_ENOHOST item-not-found,
 *       XMPP_ENOSERVICE service-unavailable, XMPP_EAUTH and XMPP_EPOLICY
 *       forbidden, XMPP_EMEM and XMPP_EFULL resource-constraint, XMPP_ELIMIT
 *       policy-violation, XMPP_ETIMEOUT remote-server-timeout, any other
 *       internal-server-error
 *
 * It stays whatever it returns. `iq` is borrowed for the call. */
typedef int (*xmpp_iq_handler)(xmpp_conn_t *conn, xmpp_stanza_t *iq,
                               void *userdata);

/* Offer a function each iq of this type ("get", "set", NULL for both) whose
 * only element has this namespace and name (NULL: any). These handlers come
 * behind the modules in use (module.h) and before all other handlers, in the
 * order in which they were added; an iq that one of them takes goes no further.
 * A handler of xmpp_handler_add() whose filter fits counts as taking the iq,
 * because it may answer later; one without any filter does not. An iq that
 * nobody takes is answered by the library (XMPP_OPT_ANSWER_UNKNOWN).
 *
 * 0; 1 if the function is there already with this userdata (nothing changes);
 * XMPP_EINVOP without a connection, or if it is being released; XMPP_EARG for
 * another type, or without a handler or a namespace; XMPP_EMEM. */
XMPP_API int xmpp_iq_handler_add(xmpp_conn_t *conn, const char *type,
                                 const char *ns, const char *name,
                                 xmpp_iq_handler handler, void *userdata);

/* Remove the handler with this function and userdata. */
XMPP_API void xmpp_iq_handler_delete(xmpp_conn_t *conn, xmpp_iq_handler handler,
                                     void *userdata);

/* ---- time -------------------------------------------------------- */

/* Call a function every `period` milliseconds while connected, the first time
 * one period from now, or, if not connected, one period after the connection is
 * up. The same function with the same userdata is added only once. One that
 * adds itself again while it is called, and returns 0, goes on with the new
 * period. While it runs it is not called again, even if it runs the loop. */
typedef int (*xmpp_timed_handler)(xmpp_conn_t *conn, void *userdata);
XMPP_API void xmpp_timed_handler_add(xmpp_conn_t *conn,
                                     xmpp_timed_handler handler,
                                     unsigned long period, void *userdata);
XMPP_API void xmpp_timed_handler_delete(xmpp_conn_t *conn,
                                        xmpp_timed_handler handler);

/* The same for a context, whatever its connections do. */
typedef int (*xmpp_global_timed_handler)(xmpp_ctx_t *ctx, void *userdata);
XMPP_API void xmpp_global_timed_handler_add(xmpp_ctx_t *ctx,
                                            xmpp_global_timed_handler handler,
                                            unsigned long period,
                                            void *userdata);
XMPP_API void
xmpp_global_timed_handler_delete(xmpp_ctx_t *ctx,
                                 xmpp_global_timed_handler handler);

XMPP_END

#endif /* XMPP_HANDLER_H */
