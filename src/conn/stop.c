/* stop.c - calls by which an application ends a connection, for good or to have
 * it back. */

#include <xmpp/error.h>

#include "conn/attempt.h"
#include "conn/reconnect.h"

/* A server that is still there after the network changed, or the machine slept,
 * answers within so many milliseconds. */
#define STOP_PATIENCE 5000

void xmpp_disconnect(xmpp_conn_t *conn)
{
    struct attempt *attempt;

    if (!conn)
        return;
    reconnect_stop(conn);
    attempt = conn_live(conn);
    if (attempt)
        attempt_close(attempt);
}

void xmpp_conn_drop(xmpp_conn_t *conn)
{
    struct attempt *attempt = conn ? conn_talking(conn) : NULL;

    if (attempt)
        attempt_drop(attempt);
}

int xmpp_conn_check(xmpp_conn_t *conn, unsigned long patience)
{
    struct attempt *attempt = conn ? conn_talking(conn) : NULL;
    int rc;

    if (!conn)
        return XMPP_EINVOP;
    if (!attempt)
        return XMPP_ENOTCONN;
    rc = stream_check(attempt->stream, patience, attempt_now(attempt));
    attempt_kick(attempt);
    return rc;
}

unsigned long xmpp_conn_get_ping_interval(const xmpp_conn_t *conn)
{
    const int32_t *options = conn ? conn->options : NULL;

    if (!conn)
        return 0;
    if (!options[XMPP_OPT_PING_ADAPT] || !options[XMPP_OPT_PING_AFTER])
        return (unsigned long)options[XMPP_OPT_PING_AFTER];
    return (unsigned long)rhythm_wait(&conn->rhythm,
                                      options[XMPP_OPT_PING_LEAST],
                                      options[XMPP_OPT_PING_AFTER]);
}

/* ---- a connection that comes back -------------------------------- */

/* 0 if it does. */
static int refuse_hint(const xmpp_conn_t *conn)
{
    if (!conn)
        return XMPP_EINVOP;
    if (!conn->options[XMPP_OPT_RECONNECT] ||
        (conn->reconnect.phase != RECONNECT_ARMED &&
         !xmpp_conn_is_reconnecting(conn)))
        return env_refuse(&conn->ctx->env, XMPP_EINVOP,
                          "this connection does not come back by itself: set "
                          "XMPP_OPT_RECONNECT and connect");
    return 0;
}

/* Connect anew, at once. A session that would be lost is asked for a sign of
 * life first; one that is ending already (XMPP_ENOTCONN) cannot be asked. */
static int hurry(xmpp_conn_t *conn, bool asks)
{
    struct attempt *attempt = conn_live(conn);
    int rc;

    reconnect_hurry(conn);
    if (asks && attempt && attempt->is_up) {
        rc = xmpp_conn_check(conn, STOP_PATIENCE);
        if (rc != XMPP_ENOTCONN)
            return rc;
    }
    if (attempt)
        attempt_drop(attempt);
    return 0;
}

int xmpp_conn_network_changed(xmpp_conn_t *conn)
{
    int rc = refuse_hint(conn);

    if (rc)
        return rc;
    rhythm_forget(&conn->rhythm);
    /* A machine that sleeps has no use for its network. */
    return conn->reconnect.is_suspended
               ? 0
               : hurry(conn, !xmpp_conn_is_resumable(conn));
}

int xmpp_conn_suspend(xmpp_conn_t *conn)
{
    int rc = refuse_hint(conn);
    struct attempt *attempt;

    if (rc)
        return rc;
    reconnect_suspend(conn);
    attempt = conn_live(conn);
    if (attempt)
        attempt_drop(attempt);
    return 0;
}

int xmpp_conn_wake(xmpp_conn_t *conn)
{
    int rc = refuse_hint(conn);

    return rc ? rc : hurry(conn, !conn->reconnect.is_suspended);
}
