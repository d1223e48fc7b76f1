/* queue.h - the queue of stanzas that are not delivered: reading and removing.
 *
 * A stanza that is sent stays in the queue until the server acknowledges it
 * (XEP-0198). The queue survives the end of a connection.
 *
 * Some stanzas make a server end the stream (policy-violation, not-well-formed,
 * ...). When that happens, every stanza that was sent and not acknowledged is a
 * suspect. In the next session the suspects are sent one at a time, each after
 * the one before is acknowledged. If the stream ends again while only one is on
 * its way, that stanza is the cause: it is not sent a third time, but given up
 * with XMPP_EREFUSED. After a vague condition (undefined-condition,
 * internal-server-error, an unknown one) it is sent four times. A saved state
 * includes what is suspected.
 */

#ifndef XMPP_QUEUE_H
#define XMPP_QUEUE_H

#include <xmpp/send.h>

XMPP_BEGIN

/* A stanza, or a raw element. Only the library makes such structs; read them by
 * pointer, because members may be added at the end. */
typedef struct _xmpp_queued_t {
    unsigned long id; /* identifies it while it is in the queue; never 0 */
    const char *text; /* as XML, without a NUL at its end */
    size_t length;
    int is_sent;      /* non-zero: at least begun, and not acknowledged */
    int is_suspected; /* non-zero: it may be why the server ended a stream */
} xmpp_queued_t;

/* The element after the one with the id `after`, from the oldest to the newest;
 * 0 returns the oldest. NULL if there is none, and on raw connections. May be
 * called at any time, also while disconnected. Borrowed until something is sent
 * or removed, this function is called again, or the loop runs. */
XMPP_API const xmpp_queued_t *xmpp_conn_queue_next(xmpp_conn_t *conn,
                                                   unsigned long after);

/* Remove an element, so that it is not sent (again). Its handler of
 * xmpp_send_tracked() is called with XMPP_EDROPPED before this function
 * returns. If it was sent already, the server may have received it
 * nevertheless. 0; XMPP_EARG if there is no such element (any more); XMPP_EMEM,
 * and it stays; XMPP_EINVOP if `conn` is NULL. */
XMPP_API int xmpp_conn_queue_drop(xmpp_conn_t *conn, unsigned long id);

/* How many bytes wait to be sent or acknowledged: those that
 * XMPP_OPT_MAX_OUTBOX limits. Without stream management, bytes leave the queue
 * when they are written to the socket. */
XMPP_API size_t xmpp_conn_queue_size(const xmpp_conn_t *conn);

/* Called when the queue has grown to the high mark (`is_high` 1), or has shrunk
 * to the low mark (`is_high` 0). */
typedef void (*xmpp_water_handler)(xmpp_conn_t *conn, int is_high,
                                   void *userdata);

/* Report when the queue fills up, so that a program that has more to send can
 * wait, and when it has emptied again:
 *
 *     static void on_water(xmpp_conn_t *conn, int is_high, void *userdata)
 *     {
 *         struct input *input = userdata;
 *
 *         input->is_paused = is_high;
 *     }
 *
 *     xmpp_conn_set_water_marks(conn, 65536, 1048576, on_water, input);
 *
 * `low` and `high` are in bytes, as xmpp_conn_queue_size() counts them. Choose
 * `high` below XMPP_OPT_MAX_OUTBOX, above which sending returns XMPP_EFULL. The
 * first call comes when the size is `high` or more, the second when it is `low`
 * or less, and so on in turns. The handler is called by the loop, never inside
 * a function that sends, and only during a session: if the queue passes a mark
 * without a session, the next session reports it. The handler may do anything.
 *
 * A second call of this function replaces the marks and the handler, and begins
 * with the high mark again. A NULL `handler` removes them. 0; XMPP_EARG unless
 * `low` is below `high`; XMPP_EINVOP if `conn` is NULL. */
XMPP_API int xmpp_conn_set_water_marks(xmpp_conn_t *conn, size_t low,
                                       size_t high, xmpp_water_handler handler,
                                       void *userdata);

/* Set a handler for stanzas that are given up with XMPP_EREFUSED and have no
 * handler of their own: those of xmpp_send(), and those of a restored state.
 * With NULL there is only a line in the log. */
XMPP_API void xmpp_conn_set_refused_handler(xmpp_conn_t *conn,
                                            xmpp_sent_handler handler,
                                            void *userdata);

XMPP_END

#endif /* XMPP_QUEUE_H */
