/* send.h - sending stanzas and requests, and what is queued.
 *
 *     xmpp_stanza_t *iq = xmpp_iq_new(ctx, "get", NULL);
 *
 *     xmpp_stanza_set_to(iq, "juliet@example.org/balcony");
 *     xmpp_stanza_add_tag(iq, "query", "urn:example:heating");
 *     xmpp_request_send(conn, iq, 0, on_reply, NULL);
 */

#ifndef XMPP_SEND_H
#define XMPP_SEND_H

#include <xmpp/conn.h>

XMPP_BEGIN

/* Send a stanza. The stanza is taken in any case. 0 if it was queued; otherwise
 * nothing was queued, and the log and xmpp_ctx_get_last_error() name the part
 * that is wrong:
 *   a code of xmpp_stanza_get_status()   the stanza could not be built
 *   XMPP_EARG      `to` or `from` is not a valid address (RFC 7622)
 *   XMPP_ENOTCONN  the login is not complete, or the connection has ended;
 *                  see below
 *   XMPP_EFULL     XMPP_OPT_MAX_OUTBOX or XMPP_OPT_MAX_UNACKED is reached
 *   XMPP_ELIMIT    longer than what the server accepts, as it announced
 *                  (XEP-0478)
 *   XMPP_EMEM      out of memory
 *
 * With XMPP_OPT_SEND_OFFLINE, a message or a directed presence that is sent
 * without a session waits for the next one, whether or not the server has
 * stream management. It may be sent even before the first connect call, but
 * after xmpp_conn_set_jid(). The stanzas are then sent in their order, before
 * everything that is sent after XMPP_CONN_CONNECT. The limits of the queue
 * apply: XMPP_EFULL. If the connection is released or changes to another
 * account before, the handler of the stanza gets XMPP_ENOTCONN. An iq, a
 * broadcast presence and raw text belong to one session, so they do not wait.
 * Nothing is accepted between xmpp_disconnect() and XMPP_CONN_DISCONNECT.
 * Modules add nothing to a stanza that waits. If a saved state is restored
 * (xmpp/sm.h), that has to come before.
 *
 * A resourcepart is refused only if it is harmful. An unprepared address of a
 * received stanza (jid.h) may be sent if it was set by xmpp_stanza_set_jid(),
 * xmpp_stanza_reply(), xmpp_iq_result() or xmpp_iq_error(). */
XMPP_API int xmpp_send_take(xmpp_conn_t *conn, xmpp_stanza_t *stanza);

/* Called at most once for each tracked stanza, with what became of it.
 * `status`:
 *   0              delivered to the server, which acknowledged it
 *   1              sent; there is no acknowledgement, because the server does
 *                  not offer stream management or it is switched off
 *   XMPP_EREFUSED  given up: the server ended the stream because of it, and did
 *                  so again when it was sent alone (xmpp/queue.h);
 *                  xmpp_conn_get_failure() has the reason
 *   XMPP_EDROPPED  removed from the queue by xmpp_conn_queue_drop()
 *   XMPP_ETIMEOUT  not sent in time (xmpp_send_within())
 *   XMPP_ELIMIT    longer than the server of the next session accepts
 *                  (XEP-0478), so it was not sent
 *   XMPP_ENOTCONN  given up: the session is over, so it will not be sent
 *                  again; the server may have received it nevertheless
 *
 * `text` is the stanza as XML, without a NUL at its end. It is borrowed until
 * the handler returns, even if the handler releases the connection. `conn` is
 * NULL if a saved state was freed that belongs to no connection. */
typedef void (*xmpp_sent_handler)(xmpp_conn_t *conn, int status,
                                  const char *text, size_t length,
                                  void *userdata);

/* Like xmpp_send_take(), and call `handler` when it is known what became of the
 * stanza: at the latest when the connection is released, or the state that was
 * taken from it is freed. The handler is not called if
 * xmpp_conn_send_queue_drop_element() removes the stanza. If the session's
 * state is moved to another connection object, the handler moves with it; a
 * state that is saved to bytes keeps no handlers. The results of
 * xmpp_send_take(); also XMPP_EARG if this is not a message, presence or iq,
 * and XMPP_EINVOP on a raw connection. Allocates no memory of its own. */
XMPP_API int xmpp_send_tracked(xmpp_conn_t *conn, xmpp_stanza_t *stanza,
                               xmpp_sent_handler handler, void *userdata);

/* Like xmpp_send_tracked(), but the stanza is not sent later than `ms`
 * milliseconds from now; 0 means no deadline. If nothing of it was written by
 * then, it is removed from the queue, and the handler, which may be NULL, gets
 * XMPP_ETIMEOUT. The same happens if its transport was lost and it would have
 * to be sent again after the deadline; the server may have received it
 * nevertheless. The deadline has no effect on a stanza that was written in time
 * and whose transport is up. In a long queue a deadline is noticed a
 * millisecond later for each thousand stanzas in it. A state that is saved to
 * bytes keeps no deadlines. */
XMPP_API int xmpp_send_within(xmpp_conn_t *conn, xmpp_stanza_t *stanza,
                              unsigned long ms, xmpp_sent_handler handler,
                              void *userdata);

/* libstrophe's: send a copy; the caller keeps the stanza. This function, and
 * the others here without a result, cannot report XMPP_EFULL, so the limits of
 * the queue do not apply to them; if memory runs out the connection ends with
 * XMPP_EMEM. A stanza that cannot be sent, or is sent while not connected, is
 * dropped. The log and xmpp_ctx_get_last_error() then have the reason, as they
 * have for raw text. */
XMPP_API void xmpp_send(xmpp_conn_t *conn, xmpp_stanza_t *stanza);

/* Queue bytes unchanged. They must be whole, well-formed elements; each element
 * counts as one item of the queue. Raw connections may send from
 * XMPP_CONN_RAW_CONNECT on. */
XMPP_API void xmpp_send_raw(xmpp_conn_t *conn, const char *data, size_t len);
XMPP_API void xmpp_send_raw_string(xmpp_conn_t *conn, const char *fmt, ...)
    XMPP_PRINTF(2, 3);

/* Send a stream error. This does not close the stream. */
XMPP_API void xmpp_send_error(xmpp_conn_t *conn, xmpp_error_type_t type,
                              char *text);

/* The number of the application's stanzas (and raw elements) that wait to be
 * written. The first is not counted once part of it has been written. If the
 * connection ends they wait for the next one. */
XMPP_API int xmpp_conn_send_queue_len(const xmpp_conn_t *conn);

typedef enum {
    XMPP_QUEUE_OLDEST = -1,
    XMPP_QUEUE_YOUNGEST = -2
} xmpp_queue_element_t;

/* Remove one of them from the queue and return its text. Owned: xmpp_free().
 * NULL if there is none, or when out of memory. */
XMPP_API char *xmpp_conn_send_queue_drop_element(xmpp_conn_t *conn,
                                                 xmpp_queue_element_t which);

/* ---- requests ---------------------------------------------------- */

/* Called exactly once, when a request ends. `status`:
 *   0              `reply` is the result
 *   XMPP_ESTANZA   `reply` is an error; see xmpp_stanza_get_error()
 *   XMPP_ETIMEOUT  no answer in time
 *   XMPP_ENOTCONN  the session ended first: the request may have been carried
 *                  out nevertheless
 *   XMPP_ELIMIT    the answer exceeded a limit (option.h) and was not read
 *
 * `reply` is borrowed for the call; NULL in the last three cases. */
typedef void (*xmpp_reply_handler)(xmpp_conn_t *conn, int status,
                                   xmpp_stanza_t *reply, void *userdata);

/* Send an iq of type get or set, and wait for the answer. The iq is taken. Only
 * an answer from the entity it is addressed to counts (RFC 6120 section
 * 8.1.2.1). If the iq has no id it is given one. `timeout` is in milliseconds;
 * 0 means XMPP_OPT_REQUEST_TIMEOUT. `handler` may be NULL if you do not need
 * the answer.
 *
 * A request waits for its session. If the transport is lost and the session can
 * be resumed (xmpp_conn_is_resumable()), the request stays open, and the server
 * delivers the answer after the resumption. Its time runs meanwhile. It ends
 * with XMPP_ENOTCONN before XMPP_CONN_DISCONNECT if the session cannot be
 * resumed, before XMPP_CONN_CONNECT if another session begins instead, and when
 * the connection is released.
 *
 * 0 if it was sent. Otherwise the handler is not called: the codes of
 * xmpp_send_take(); also XMPP_EARG if it is not such an iq or its id is in use,
 * and XMPP_EFULL if XMPP_OPT_MAX_REQUESTS are waiting already. */
XMPP_API int xmpp_request_send(xmpp_conn_t *conn, xmpp_stanza_t *iq,
                               unsigned long timeout,
                               xmpp_reply_handler handler, void *userdata);

/* Forget the requests with this handler and userdata: the handler is not called
 * for them, and their answers are ignored. Returns how many there were. */
XMPP_API int xmpp_request_cancel(xmpp_conn_t *conn, xmpp_reply_handler handler,
                                 void *userdata);

XMPP_END

#endif /* XMPP_SEND_H */
