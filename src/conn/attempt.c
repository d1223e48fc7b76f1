/* attempt.c - the present attempt of a connection: its state, and what wakes it
 * up. */

#include "conn/attempt.h"

#include "conn/ctx.h"

/* ---- waking it up ------------------------------------------------ */

static void attempt_wake(struct attempt *attempt)
{
    poll_again(attempt->conn->ctx->poll, &attempt->again);
}

void attempt_kick(struct attempt *attempt)
{
    /* While dialling there is nothing to pump, and the dial wakes itself up.
     * Only a requested end needs a turn. */
    if (attempt->over || (!attempt->has_transport && !attempt->stop_requested))
        return;
    if (attempt->turns)
        /* The pass of the pump that is at work will see the change. The note is
         * for a loop inside a handler, for which that pass waits. */
        attempt->kicked = true;
    else
        attempt_wake(attempt);
}

void conn_kick(xmpp_conn_t *conn)
{
    if (conn->attempt)
        attempt_kick(conn->attempt);
}

void attempt_kick_nested(struct attempt *attempt)
{
    if (attempt->kicked && !attempt->over)
        attempt_wake(attempt);
    attempt->kicked = false;
}

/* ---- its targets ------------------------------------------------- */

bool attempt_keep_reason(struct attempt *attempt, const struct fault *why)
{
    if (!attempt->earlier)
        attempt->earlier = env_zalloc(attempt->env, sizeof(*attempt->earlier));
    if (attempt->earlier)
        attempt->earlier->fault = *why;
    return attempt->earlier != NULL;
}

void attempt_settle(struct attempt *attempt)
{
    if (attempt->earlier)
        xmpp_stanza_release(attempt->earlier->stream_error);
    env_free(attempt->env, attempt->earlier);
    env_free(attempt->env, attempt->target);
    attempt->earlier = NULL;
    attempt->target = NULL;
}

/* ---- ending it --------------------------------------------------- */

void conn_lose(xmpp_conn_t *conn)
{
    struct attempt *attempt = conn ? conn_talking(conn) : NULL;

    if (!attempt || !attempt->is_up)
        return;
    /* The application believes that the stanza was sent. An end that names the
     * reason is better than a stanza that is silently missing. */
    stream_fail(attempt->stream, XMPP_EMEM, "a stanza could not be queued");
    attempt_kick(attempt);
}

void attempt_close(struct attempt *attempt)
{
    attempt->stop_requested = true;
    /* Before our stream header was sent there is no stream to end: the
     * transport is closed. While dialling, the next turn ends the attempt. */
    if (attempt->opened)
        stream_close(attempt->stream, attempt_now(attempt));
    else if (attempt->has_transport)
        stream_abort(attempt->stream);
    attempt_kick(attempt);
}

void attempt_drop(struct attempt *attempt)
{
    /* Also with a transport: if that fails on its way out, the next target is
     * not tried. */
    attempt->stop_requested = true;
    if (attempt->has_transport)
        stream_abort(attempt->stream);
    attempt_kick(attempt);
}

/* ---- its state --------------------------------------------------- */

int xmpp_conn_is_connecting(xmpp_conn_t *conn)
{
    struct attempt *attempt = conn ? conn_live(conn) : NULL;

    return attempt && !attempt->is_up;
}

int xmpp_conn_is_connected(xmpp_conn_t *conn)
{
    struct attempt *attempt = conn ? conn_live(conn) : NULL;

    return attempt && attempt->is_up;
}

int xmpp_conn_is_disconnected(xmpp_conn_t *conn)
{
    return !conn || !conn_live(conn);
}

xmpp_conn_type_t xmpp_conn_get_type(const xmpp_conn_t *conn)
{
    static const xmpp_conn_type_t types[] = {[STREAM_CLIENT] = XMPP_CLIENT,
                                             [STREAM_COMPONENT] =
                                                 XMPP_COMPONENT,
                                             [STREAM_RAW] = XMPP_UNKNOWN};
    const struct attempt *attempt = conn ? conn_live(conn) : NULL;

    return attempt ? types[attempt->account.wanted.kind] : XMPP_UNKNOWN;
}

int xmpp_conn_is_component(const xmpp_conn_t *conn)
{
    return xmpp_conn_get_type(conn) == XMPP_COMPONENT;
}
