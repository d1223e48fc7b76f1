/* send.h - sending, and what waits to be sent. */

#ifndef XMPP_SEND_H
#define XMPP_SEND_H

#include <xmpp/conn.h>

XMPP_BEGIN

/* Send a stanza, which is taken in any case. 0 when it is queued in order;
 * else nothing was queued: what xmpp_stanza_get_status() tells, XMPP_EARG if
 * `to` or `from` are not valid addresses (RFC 7622; a resourcepart only has to
 * be harmless, and unprepared parts that were received may be sent back by
 * xmpp_stanza_set_jid() or xmpp_stanza_reply()), XMPP_ENOTCONN before the
 * login is complete and after the end, XMPP_EFULL, XMPP_EMEM. The log and
 * xmpp_ctx_get_last_error() say which part of it was refused, and why. */
XMPP_API int xmpp_send_take(xmpp_conn_t *conn, xmpp_stanza_t *stanza);

/* What became of a stanza, told once. `status`:
 *   0              the server has it: acknowledged by stream management
 *   1              it was sent, and nobody acknowledges: the server has no
 *                  stream management, or it is switched off
 *   XMPP_EREFUSED  given back: the server ended the stream over it, and again
 *                  when it was sent alone; xmpp_conn_get_failure() says why
 *   XMPP_EDROPPED  taken out of the queue by xmpp_conn_queue_drop()
 *   XMPP_ENOTCONN  given back: the session is over and it will not be sent
 *                  (again); the server may have it all the same
 * `text` is the stanza as it was written, without a NUL at its end; borrowed
 * until the handler returns, whatever that does to the connection. `conn` is
 * NULL where a state is freed without a connection. */
typedef void (*xmpp_sent_handler)(xmpp_conn_t *conn, int status,
                                  const char *text, size_t length,
                                  void *userdata);

/* As xmpp_send_take(), and be told what became of it: at the latest when the
 * connection is released, unless xmpp_conn_send_queue_drop_element() took it
 * out of the queue. XMPP_EARG
 * for what is not a message, presence or iq; XMPP_EINVOP on a raw connection.
 * If the state goes to another connection object, so does the telling; it
 * does not go to another process. Costs no allocation of its own. */
XMPP_API int xmpp_send_tracked(xmpp_conn_t *conn, xmpp_stanza_t *stanza,
                               xmpp_sent_handler handler, void *userdata);

/* libstrophe's: serialise and queue; the caller keeps the stanza. As it cannot
 * report, no limit but memory holds for it, nor for the others without a
 * result: if memory is out the connection ends with XMPP_EMEM. What can never
 * be sent, and what is said while not connected, is dropped with a warning in
 * the log, which says why, as xmpp_ctx_get_last_error() does. */
XMPP_API void xmpp_send(xmpp_conn_t *conn, xmpp_stanza_t *stanza);

/* Queue bytes as they are: they have to be whole, well-formed XML; each
 * element becomes an item of the queue. Raw connections may do so from
 * XMPP_CONN_RAW_CONNECT on. */
XMPP_API void xmpp_send_raw(xmpp_conn_t *conn, const char *data, size_t len);
XMPP_API void xmpp_send_raw_string(xmpp_conn_t *conn, const char *fmt, ...)
    XMPP_PRINTF(2, 3);

/* Send a stream error; does not close the stream. */
XMPP_API void xmpp_send_error(xmpp_conn_t *conn, xmpp_error_type_t type,
                              char *text);

/* Number of stanzas (and raw elements) of the application that wait to be
 * written; the first is not counted once a part of it is written. What waits
 * when the connection ends goes on waiting for the next one. */
XMPP_API int xmpp_conn_send_queue_len(const xmpp_conn_t *conn);

typedef enum {
    XMPP_QUEUE_OLDEST = -1,
    XMPP_QUEUE_YOUNGEST = -2
} xmpp_queue_element_t;

/* Take one of them back: its text (owned: xmpp_free), or NULL if none. */
XMPP_API char *xmpp_conn_send_queue_drop_element(xmpp_conn_t *conn,
                                                 xmpp_queue_element_t which);

/* ---- requests ---------------------------------------------------- */

/* The end of a request, called exactly once. `status`:
 *   0              `reply` is the result
 *   XMPP_ESTANZA   `reply` is an error; see xmpp_stanza_get_error()
 *   XMPP_ETIMEOUT  no answer in time; reply is NULL
 *   XMPP_ENOTCONN  the connection ended before; reply is NULL
 *   XMPP_ELIMIT    the answer came and was above a limit (option.h), so that it
 *                  was not read; reply is NULL
 * `reply` is borrowed for the call. */
typedef void (*xmpp_reply_handler)(xmpp_conn_t *conn, int status,
                                   xmpp_stanza_t *reply, void *userdata);

/* Send an iq of type get or set, which is taken, and wait for its answer
 * from the entity it is addressed to, and from nobody else (RFC 6120 section
 * 8.1.2.1). An id is made up if it has none. `timeout` in milliseconds, 0
 * for XMPP_OPT_REQUEST_TIMEOUT. 0 when sent; else the handler will not be
 * called: as xmpp_send_take(), XMPP_EARG (not such an iq, or its id is in
 * use), XMPP_EFULL (too many outstanding). Without a handler nobody is told
 * how it ends. */
XMPP_API int xmpp_request_send(xmpp_conn_t *conn, xmpp_stanza_t *iq,
                               unsigned long timeout,
                               xmpp_reply_handler handler, void *userdata);

/* Forget requests of that handler and userdata; it will not be called for
 * them. Returns how many there were. */
XMPP_API int xmpp_request_cancel(xmpp_conn_t *conn, xmpp_reply_handler handler,
                                 void *userdata);

XMPP_END

#endif /* XMPP_SEND_H */
