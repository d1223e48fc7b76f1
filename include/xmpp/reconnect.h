/* reconnect.h - a connection that reconnects by itself.
 *
 *     static void on_event(xmpp_conn_t *conn, xmpp_conn_event_t event, ...)
 *     {
 *         if (event == XMPP_CONN_DISCONNECT &&
 *             !xmpp_conn_is_reconnecting(conn))
 *             xmpp_stop(xmpp_conn_get_context(conn));
 *     }
 *
 *     xmpp_conn_set_option(conn, XMPP_OPT_RECONNECT, 1);
 *     if (xmpp_connect_client(conn, NULL, 0, on_event, NULL) == 0)
 *         xmpp_run(ctx);
 *
 * With XMPP_OPT_RECONNECT one connect call is enough. The library connects
 * again whenever the connection is lost, until xmpp_disconnect() is called, or
 * until another attempt would not help. It connects to the host of that call,
 * with the settings that hold at the time. If the server still has the session,
 * it is resumed (sm.h), and open requests stay open. Clients and components
 * reconnect; raw connections do not. While the password stays the same, the
 * keys that SCRAM derived from it are kept in memory, so that coming back does
 * not take the time of that computation again.
 *
 * Each login is reported by XMPP_CONN_CONNECT, and the end of each attempt by
 * XMPP_CONN_DISCONNECT, even if the attempt could not begin. In the handler,
 * xmpp_conn_is_reconnecting() says whether another attempt follows. For each
 * connect call, exactly one XMPP_CONN_DISCONNECT comes without another attempt:
 * it is the last event. If xmpp_disconnect() is called in the pause between two
 * attempts, that event comes from the loop. A connect call in the pause
 * replaces the earlier call, and xmpp_conn_release() ends the pause; in both
 * cases the earlier call gets no further event.
 *
 * The pauses are random, so that the clients of a server that was restarted do
 * not all return at once (RFC 6120 section 3.3). The first pause lasts at most
 * XMPP_OPT_RECONNECT_MIN. The maximum then doubles with each attempt, up to
 * XMPP_OPT_RECONNECT_MAX. It is XMPP_OPT_RECONNECT_MIN again after a session
 * that lasted for XMPP_OPT_RECONNECT_RESET. The cause of the end matters as
 * well (`retry` in xmpp_failure_t):
 *
 *   XMPP_RETRY_SOON   Connect after such a pause. The connection was lost or
 *                     refused, nobody answered, the server shuts down, ...
 *   XMPP_RETRY_LATER  Connect after a pause between half of
 *                     XMPP_OPT_RECONNECT_MAX and all of it. The server is
 *                     overloaded, or limits how much we may do.
 *   XMPP_RETRY_NEVER  Do not connect again. The password is wrong, the account
 *                     is disabled, the proxy refuses us, another client took
 *                     our resource, ...
 *
 * doc/USING has the whole table. XMPP_OPT_RECONNECT_TRIES and
 * XMPP_OPT_RECONNECT_TIME limit how many attempts are made and for how long;
 * without them there is no limit. XMPP_OPT_RECONNECT may be changed at any
 * time. If it is set to 0 in a pause, that ends the pause as xmpp_disconnect()
 * does.
 */

#ifndef XMPP_RECONNECT_H
#define XMPP_RECONNECT_H

#include <xmpp/conn.h>

XMPP_BEGIN

/* The pause between two attempts. Only the library makes such structs; members
 * may be added at the end. */
typedef struct _xmpp_reconnect_t {
    unsigned attempt;   /* the number of the next attempt, from 1 on: since the
                         * connect call, or since a session that lasted */
    unsigned long wait; /* the whole pause before it, in milliseconds */
    unsigned long left; /* what is left of it now */
    int is_suspended;   /* it waits for xmpp_conn_wake() only */
} xmpp_reconnect_t;

/* Will the library make another attempt? 1 in a pause between two attempts, and
 * in the call of the handler with which such a pause begins; else 0. */
XMPP_API int xmpp_conn_is_reconnecting(const xmpp_conn_t *conn);

/* The present pause; NULL if no attempt follows. Borrowed until this function
 * is called again. xmpp_conn_get_failure() has the reason why the last attempt
 * ended. */
XMPP_API const xmpp_reconnect_t *xmpp_conn_get_reconnect(xmpp_conn_t *conn);

/* The machine has another network: connect over it now. This ends a pause, and
 * starts an attempt that is in progress again. A connection that is up is
 * dropped at once if its session can be resumed. Otherwise it is kept if the
 * server gives a sign of life within five seconds. The pauses are short again.
 * After xmpp_conn_suspend() nothing happens before xmpp_conn_wake().
 *
 * 0; XMPP_EINVOP if the connection does not reconnect by itself, because
 * XMPP_OPT_RECONNECT is not set, there was no connect call, or its last
 * XMPP_CONN_DISCONNECT was reported; XMPP_EMEM. */
XMPP_API int xmpp_conn_network_changed(xmpp_conn_t *conn);

/* The machine is about to sleep: close the transport at once and keep the
 * session, as xmpp_conn_drop() does. No attempt is made until xmpp_conn_wake().
 * XMPP_CONN_DISCONNECT comes from the loop. The results are those of
 * xmpp_conn_network_changed(). */
XMPP_API int xmpp_conn_suspend(xmpp_conn_t *conn);

/* The machine is awake: connect now. A connection that is still up is kept if
 * the server gives a sign of life within five seconds. The results are those of
 * xmpp_conn_network_changed(). */
XMPP_API int xmpp_conn_wake(xmpp_conn_t *conn);

XMPP_END

#endif /* XMPP_RECONNECT_H */
