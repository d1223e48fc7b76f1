/* sm.h - stream management (XEP-0198): acknowledgements and resumption.
 *
 * It is used if the server offers it, unless XMPP_CONN_FLAG_DISABLE_SM is set.
 * Sent stanzas are then kept until the server acknowledges them. If the
 * transport is lost, the next connection of the same account on the same
 * connection object resumes the session, and neither side loses or repeats a
 * stanza.
 *
 * If the server cannot resume the session a new one begins, and the stanzas
 * that were not acknowledged are sent again (XMPP_OPT_SM_RESEND). It is not
 * always known whether the server had handled them before, so some may arrive
 * twice; xmpp_send_tracked() reports what became of each. Stanzas that were not
 * sent at all wait for the next session in any case.
 */

#ifndef XMPP_SM_H
#define XMPP_SM_H

#include <xmpp/conn.h>

XMPP_BEGIN

/* ---- the present session ----------------------------------------- */

/* Non-zero if the present session (when disconnected, the last one) resumed an
 * earlier one, so that presence, rooms and so on are as they were. It is 0 if
 * the server had already received the unavailable presence of
 * xmpp_disconnect(). Known when the handler is called with XMPP_CONN_CONNECT.
 */
XMPP_API int xmpp_conn_is_resumed(const xmpp_conn_t *conn);

/* While connected: non-zero if the session could be resumed if the transport
 * were lost now. While disconnected: non-zero if the next connection will try
 * to resume it. */
XMPP_API int xmpp_conn_is_resumable(const xmpp_conn_t *conn);

/* For how many seconds the server keeps the session after the transport is
 * lost. 0 if the server did not say, or cannot resume sessions. */
XMPP_API unsigned long xmpp_conn_get_resume_time(const xmpp_conn_t *conn);

/* The number of stanzas that were sent and are not acknowledged; 0 without
 * stream management. */
XMPP_API unsigned long xmpp_conn_get_unacked(const xmpp_conn_t *conn);

/* ---- from one connection object to another ----------------------- */

/* A session and everything it has not delivered yet. */
typedef struct _xmpp_sm_t xmpp_sm_state_t;

/* Remove the state from a connection that is disconnected. Owned: give it to
 * another connection of the same context, or xmpp_free_sm_state(). NULL if
 * there is none, or the connection is not disconnected. Requests do not move
 * with it: those that are open end in their time, or when this connection
 * begins another session or is released. */
XMPP_API xmpp_sm_state_t *xmpp_conn_get_sm_state(xmpp_conn_t *conn);

/* Give a connection this state, before it connects. 0, and the state is taken.
 * XMPP_EINVOP if the connection is not disconnected, has a state already, or
 * belongs to another context; then you still own it. A state of another account
 * is not resumed: when the connection starts, the handlers of its stanzas are
 * called with XMPP_ENOTCONN. */
XMPP_API int xmpp_conn_set_sm_state(xmpp_conn_t *conn,
                                    xmpp_sm_state_t *sm_state);

/* Free a state. The handlers of its stanzas (xmpp_send_tracked()) are called
 * with XMPP_ENOTCONN. NULL is ignored. */
XMPP_API void xmpp_free_sm_state(xmpp_sm_state_t *sm_state);

/* ---- from one process to the next -------------------------------- */

/* The state as bytes, at any time. The format has a version and is the same on
 * every machine. *ret_bytes is owned: xmpp_free(). A stanza whose handlers are
 * running at the moment does not count as handled. 0; XMPP_EINVOP if there is
 * no state; XMPP_EMEM. */
XMPP_API int xmpp_conn_save_sm_state(xmpp_conn_t *conn,
                                     unsigned char **ret_bytes,
                                     size_t *ret_len);

/* Give a connection a saved state, before it connects: one of
 * xmpp_conn_save_sm_state(), or one in the format that libstrophe 0.14 passes
 * to its callback. 0; XMPP_EINVOP if the connection is not disconnected or has
 * a state already, or the bytes are not such a state; XMPP_EMEM. */
XMPP_API int xmpp_conn_restore_sm_state(xmpp_conn_t *conn,
                                        const unsigned char *sm_state,
                                        size_t sm_state_len);

/* libstrophe's: called after each change, with the state in libstrophe's
 * format; with NULL and 0 if there is nothing to resume. The bytes are borrowed
 * for the call. This format contains neither account nor address, and each call
 * copies the whole queue.
 *
 * When something is sent the callback is called before the send function
 * returns and before a byte leaves. A program that stores the state in the
 * callback, in this format or by xmpp_conn_save_sm_state(), therefore loses and
 * repeats nothing even if the process is killed. */
typedef void (*xmpp_sm_callback)(xmpp_conn_t *conn, void *ctx,
                                 const unsigned char *sm_state,
                                 size_t sm_state_len);
XMPP_API void xmpp_conn_set_sm_callback(xmpp_conn_t *conn, xmpp_sm_callback cb,
                                        void *ctx);

XMPP_END

#endif /* XMPP_SM_H */
