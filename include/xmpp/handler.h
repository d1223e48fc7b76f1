/* handler.h - being told: stanzas that arrive, and time that passes.
 *
 * A handler returns non-zero to stay and 0 to be removed. It may do anything:
 * add and remove handlers (itself too), send, disconnect, release the
 * connection. Handlers outlive a disconnect and serve the next connection.
 */

#ifndef XMPP_HANDLER_H
#define XMPP_HANDLER_H

#include <xmpp/types.h>

XMPP_BEGIN

typedef int (*xmpp_handler)(xmpp_conn_t *conn, xmpp_stanza_t *stanza,
                            void *userdata);

/* Be told of stanzas whose element name and type are those given and whose
 * namespace, or that of a direct child, is `ns`; NULL fits everything. All
 * handlers that fit are called, first those by id, each kind in the order in
 * which they were added. A message without a type, or with one that RFC 6121
 * does not know, is heard as "normal" too (section 5.2.2). The same function
 * with the same userdata is added only once; one that adds itself while it is
 * called, and returns 0, is there again. A handler added while a stanza is
 * handed out does not see it. */
XMPP_API void xmpp_handler_add(xmpp_conn_t *conn, xmpp_handler handler,
                               const char *ns, const char *name,
                               const char *type, void *userdata);

/* Has our own account said this: its bare address, or nobody, which means the
 * same (RFC 6120 section 8.1.2.1)? 1 or 0. What is not, is no word about our
 * account. Roster pushes, carbons, archive results and events of private
 * nodes are checked before any handler is called; those of others are
 * ignored. */
XMPP_API int xmpp_conn_is_from_self(const xmpp_conn_t *conn,
                                    xmpp_stanza_t *stanza);

/* Remove all entries of that function. */
XMPP_API void xmpp_handler_delete(xmpp_conn_t *conn, xmpp_handler handler);

/* Be told of any stanza with this id; of an iq that is a result or an error
 * only if it answers a question of ours to its sender (RFC 6120 section
 * 8.1.2.1), in whatever way that was sent, before or after this call. While
 * such a question waits, no other iq with its id is told. Prefer
 * xmpp_request_send(), which also looks at the clock. */
XMPP_API void xmpp_id_handler_add(xmpp_conn_t *conn, xmpp_handler handler,
                                  const char *id, void *userdata);
XMPP_API void xmpp_id_handler_delete(xmpp_conn_t *conn, xmpp_handler handler,
                                     const char *id);

/* ---- questions of others ----------------------------------------- */

/* Says whether a question was its own:
 *   0   no: others are asked, at last the library answers
 *   >0  yes: the handler has sent an answer, or will
 *   <0  yes: the library answers by the error of this code: XMPP_EARG is
 *       bad-request, XMPP_EINVOP not-allowed, XMPP_ENOHOST item-not-found,
 *       XMPP_EAUTH forbidden, XMPP_EMEM and XMPP_EFULL resource-constraint,
 *       any other internal-server-error
 * `iq` is borrowed for the call. */
typedef int (*xmpp_iq_handler)(xmpp_conn_t *conn, xmpp_stanza_t *iq,
                               void *userdata);

/* Answer each iq of this type ("get", "set", NULL for both) whose only element
 * has this namespace and name (NULL: any). Whoever was added first is asked
 * first, before all other handlers, and what he takes nobody else hears. An iq
 * that nobody takes is answered by the library (XMPP_OPT_ANSWER_UNKNOWN); a
 * handler of xmpp_handler_add() that fits takes it too, for it may answer
 * later, unless it has no filter at all. 0; 1 if the function is there already
 * with this userdata (nothing changes); XMPP_EINVOP without a connection;
 * XMPP_EARG for another type, or without a handler or a namespace; XMPP_EMEM.
 */
XMPP_API int xmpp_iq_handler_add(xmpp_conn_t *conn, const char *type,
                                 const char *ns, const char *name,
                                 xmpp_iq_handler handler, void *userdata);
XMPP_API void xmpp_iq_handler_delete(xmpp_conn_t *conn, xmpp_iq_handler handler,
                                     void *userdata);

/* ---- time -------------------------------------------------------- */

/* Be called every `period` milliseconds while connected, the first time one
 * period from now (or from the time the connection is up). The same function
 * with the same userdata is added only once; one that adds itself while it is
 * called, and returns 0, goes on with the new period. It is not called inside
 * of itself, should it run the loop. */
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
