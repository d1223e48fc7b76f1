/* sm.h - stream management (XEP-0198): acknowledgements and resumption.
 *
 * Where the server offers it, it is used, unless XMPP_CONN_FLAG_DISABLE_SM is
 * set. What is sent is then kept until the server acknowledges it; when the
 * transport is lost, the next connection of the same account on the same
 * object continues the session, and neither side loses or repeats a stanza.
 *
 * Where the server does not continue it, a new session begins, and what the
 * old one left unacknowledged is sent again (XMPP_OPT_SM_RESEND). Whether the
 * server had handled it already cannot always be known, so a stanza may then
 * arrive twice; xmpp_send_tracked() tells what became of each. What was not
 * sent at all waits for the next session in any case.
 */

#ifndef XMPP_SM_H
#define XMPP_SM_H

#include <xmpp/conn.h>

XMPP_BEGIN

/* ---- what stands now --------------------------------------------- */

/* Non-zero if the present (or, when disconnected, the last) session began as
 * the continuation of an earlier one, so that presence, rooms and so on are as
 * they were: it is 0 where a goodbye of xmpp_disconnect() had reached the
 * server before. Known when XMPP_CONN_CONNECT is told. */
XMPP_API int xmpp_conn_is_resumed(const xmpp_conn_t *conn);

/* Non-zero if the session could be continued, were the transport lost now;
 * when disconnected: if the next connection will ask for it. */
XMPP_API int xmpp_conn_is_resumable(const xmpp_conn_t *conn);

/* How many seconds the server keeps a session whose transport is lost; 0 if
 * it did not say or cannot resume it. */
XMPP_API unsigned long xmpp_conn_get_resume_time(const xmpp_conn_t *conn);

/* Stanzas that were sent and not acknowledged; 0 where nobody does so. */
XMPP_API unsigned long xmpp_conn_get_unacked(const xmpp_conn_t *conn);

/* ---- from one connection object to another ----------------------- */

/* A session and all that it has not delivered yet. */
typedef struct _xmpp_sm_t xmpp_sm_state_t;

/* Take the state out of a connection that is disconnected; owned, NULL if
 * there is none or it is not disconnected. Give it to another connection of
 * the same context, or free it. */
XMPP_API xmpp_sm_state_t *xmpp_conn_get_sm_state(xmpp_conn_t *conn);

/* Put it in, before connecting; taken if 0 is returned. XMPP_EINVOP if the
 * connection is not disconnected, has a state already, or is of another
 * context. A state of another account is not used: what it holds is given
 * back when the connection is started. */
XMPP_API int xmpp_conn_set_sm_state(xmpp_conn_t *conn,
                                    xmpp_sm_state_t *sm_state);

/* What it holds is given back. NULL is allowed. */
XMPP_API void xmpp_free_sm_state(xmpp_sm_state_t *sm_state);

/* ---- from one process to the next -------------------------------- */

/* The state as bytes, at any time: versioned, the same on every machine.
 * *ret_bytes is owned: xmpp_free(). 0; XMPP_EINVOP if there is no state;
 * XMPP_EMEM. A stanza that is being handled right now is not counted as
 * handled. */
XMPP_API int xmpp_conn_save_sm_state(xmpp_conn_t *conn,
                                     unsigned char **ret_bytes,
                                     size_t *ret_len);

/* Put a saved state in, before connecting: one of xmpp_conn_save_sm_state()
 * or one in the form that libstrophe 0.14 gives to its callback. 0;
 * XMPP_EINVOP if the connection is not disconnected or has a state, or if
 * the bytes are no such state; XMPP_EMEM. */
XMPP_API int xmpp_conn_restore_sm_state(xmpp_conn_t *conn,
                                        const unsigned char *sm_state,
                                        size_t sm_state_len);

/* libstrophe's: called after each change with the state in libstrophe's form,
 * borrowed for the call; NULL and 0 when there is nothing to be resumed. That
 * form knows no account and no address; costs a copy of the queue each time.
 * What is sent is told inside of the call that sends, before a byte of it
 * leaves: whoever stores the state here, in this form or by
 * xmpp_conn_save_sm_state(), loses and repeats nothing if the process is
 * killed. */
typedef void (*xmpp_sm_callback)(xmpp_conn_t *conn, void *ctx,
                                 const unsigned char *sm_state,
                                 size_t sm_state_len);
XMPP_API void xmpp_conn_set_sm_callback(xmpp_conn_t *conn, xmpp_sm_callback cb,
                                        void *ctx);

XMPP_END

#endif /* XMPP_SM_H */
