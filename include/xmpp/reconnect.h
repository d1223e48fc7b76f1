/* reconnect.h - a connection that comes back by itself.
 *
 *     xmpp_conn_set_option(conn, XMPP_OPT_RECONNECT, 1);
 *     xmpp_connect_client(conn, NULL, 0, on_event, NULL);
 *     xmpp_run(ctx);
 *
 *     static void on_event(xmpp_conn_t *conn, xmpp_conn_event_t event, ...)
 *     {
 *         if (event == XMPP_CONN_DISCONNECT &&
 *             !xmpp_conn_is_reconnecting(conn))
 *             xmpp_stop(xmpp_conn_get_context(conn));
 *     }
 *
 * With XMPP_OPT_RECONNECT one connect call is enough: the connection is made
 * again whenever it is lost, until xmpp_disconnect(), or until that cannot
 * help. It connects as the call did, with the settings of the moment. A session
 * that the server still has is resumed (sm.h), and open requests stay open for
 * it. Clients and components come back, raw connections do not.
 *
 * Each transport that ends has its XMPP_CONN_DISCONNECT, each new one its
 * XMPP_CONN_CONNECT. In the handler xmpp_conn_is_reconnecting() says whether
 * another attempt follows. Exactly one XMPP_CONN_DISCONNECT for each connect
 * call comes without one: the last. If xmpp_disconnect() ends a pause between
 * two attempts, that event comes from the loop. A connect call in the pause
 * takes the place of the earlier one, and xmpp_conn_release() ends the pause:
 * then the earlier call gets no event any more. An attempt that could not even
 * begin has its XMPP_CONN_DISCONNECT, too.
 *
 * The pauses are drawn by lot, so that the clients of a server that was
 * restarted do not return in one moment (RFC 6120 section 3.3): the first lasts
 * up to XMPP_OPT_RECONNECT_MIN, each further one up to twice as long, up to
 * XMPP_OPT_RECONNECT_MAX. They begin anew after a session that lasted for
 * XMPP_OPT_RECONNECT_RESET. What ended the connection decides as well (`retry`
 * in xmpp_failure_t):
 *
 *   XMPP_RETRY_SOON   after such a pause: lost and refused connections, no
 *                     answer, a server that shuts down, ...
 *   XMPP_RETRY_LATER  after one between half of XMPP_OPT_RECONNECT_MAX and all
 *                     of it, because the server is overloaded or has had
 *                     enough of us
 *   XMPP_RETRY_NEVER  not at all: a wrong password, a disabled account, another
 *                     client with our resource, ... doc/USING has the table
 *
 * XMPP_OPT_RECONNECT_TRIES and XMPP_OPT_RECONNECT_TIME limit how often and how
 * long it is tried; without them it is tried for ever.
 */

#ifndef XMPP_RECONNECT_H
#define XMPP_RECONNECT_H

#include <xmpp/conn.h>

XMPP_BEGIN

/* What a connection waits for between two attempts. Only the library makes such
 * structs; members may be added at the end. */
typedef struct _xmpp_reconnect_t {
    unsigned attempt;   /* the number of the next attempt, from 1 on: since the
                         * connect call, or since a session that lasted */
    unsigned long wait; /* the whole pause before it, in milliseconds */
    unsigned long left; /* what is left of it now */
    int is_suspended;   /* it waits for xmpp_conn_wake() only */
} xmpp_reconnect_t;

/* Does an attempt follow by itself? 1 in a pause between two attempts, and in
 * the handler that is called as such a pause begins; else 0. */
XMPP_API int xmpp_conn_is_reconnecting(const xmpp_conn_t *conn);

/* What it waits for; NULL if no attempt follows. Borrowed until the next call.
 * Why the last attempt ended is in xmpp_conn_get_failure(). */
XMPP_API const xmpp_reconnect_t *xmpp_conn_get_reconnect(xmpp_conn_t *conn);

/* The machine has another network: connect over it now. A pause ends, and a
 * connection that is being made is begun anew. One that is up is dropped if its
 * session can be resumed, else the server has five seconds for a sign of life.
 * The pauses are short again. After xmpp_conn_suspend() it still waits for
 * xmpp_conn_wake(). 0; XMPP_EINVOP if the connection does not come back by
 * itself: XMPP_OPT_RECONNECT is not set, there was no connect call, or its last
 * XMPP_CONN_DISCONNECT was reported. */
XMPP_API int xmpp_conn_network_changed(xmpp_conn_t *conn);

/* The machine is about to sleep: close the transport at once and keep the
 * session, as xmpp_conn_drop() does, and make no attempt until
 * xmpp_conn_wake(). The results are those of xmpp_conn_network_changed(). */
XMPP_API int xmpp_conn_suspend(xmpp_conn_t *conn);

/* The machine is awake: connect now. A connection that is still up is kept if
 * the server gives a sign of life within five seconds. The results are those of
 * xmpp_conn_network_changed(). */
XMPP_API int xmpp_conn_wake(xmpp_conn_t *conn);

XMPP_END

#endif /* XMPP_RECONNECT_H */
