/* queue.h - the queue of what is not delivered: looking at it, and pruning it.
 *
 * What is sent stays in a queue until the server acknowledges it (XEP-0198),
 * and outlives the connection there. If the server ends a stream over something
 * that it was sent (policy-violation, not-well-formed, ...), all that was on
 * its way is suspected. In the next session the suspects are sent one by one,
 * each after the one before is acknowledged. If a stream ends so again while
 * one is alone on its way, it is that one's fault: it is not sent a third time,
 * but given back with XMPP_EREFUSED. After a vague condition
 * (undefined-condition, internal-server-error, one that is not known) it is
 * sent four times. A saved state keeps what is suspected.
 */

#ifndef XMPP_QUEUE_H
#define XMPP_QUEUE_H

#include <xmpp/send.h>

XMPP_BEGIN

/* A stanza, or a raw element. Made by the library only; read it by pointer, for
 * members may be added at the end. */
typedef struct _xmpp_queued_t {
    unsigned long id; /* its name while it is in the queue; never 0 */
    const char *text; /* as it was written, without a NUL at its end */
    size_t length;
    int is_sent;      /* non-zero: at least begun, and not acknowledged */
    int is_suspected; /* non-zero: the server ended a stream, perhaps over it */
} xmpp_queued_t;

/* The oldest element behind the one with the id `after`; 0: the very oldest.
 * NULL if there is none, and on raw connections. At any time, also while
 * disconnected. Borrowed until anything is sent on the connection or taken out
 * of the queue, this function is called again, or the loop runs. */
XMPP_API const xmpp_queued_t *xmpp_conn_queue_next(xmpp_conn_t *conn,
                                                   unsigned long after);

/* Take it out: it is not sent (again). Its handler (xmpp_send_tracked) is told
 * XMPP_EDROPPED inside of this call. If it was sent already, the server may
 * have it all the same. 0; XMPP_EARG if there is no such element (any more);
 * XMPP_EMEM, and it stays. */
XMPP_API int xmpp_conn_queue_drop(xmpp_conn_t *conn, unsigned long id);

/* Be told of stanzas that are given back with XMPP_EREFUSED and have no handler
 * of their own: those of xmpp_send(), and those of a restored state. NULL: only
 * the log is told. */
XMPP_API void xmpp_conn_set_refused_handler(xmpp_conn_t *conn,
                                            xmpp_sent_handler handler,
                                            void *userdata);

XMPP_END

#endif /* XMPP_QUEUE_H */
