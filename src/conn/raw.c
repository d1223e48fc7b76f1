/* raw.c - driving a stream by hand: raw connections. */

#include "conn/way.h"

static int reopen(xmpp_conn_t *conn, char **attributes, size_t n)
{
    struct attempt *attempt = conn ? conn_talking(conn) : NULL;
    int rc;

    if (!conn)
        return XMPP_EINVOP;
    if (!attempt)
        return env_refuse(
            &conn->ctx->env, XMPP_EINVOP,
            "a stream can be opened only after XMPP_CONN_RAW_CONNECT");
    rc = stream_open_raw(attempt->stream, attributes, n);
    attempt_kick(attempt);
    return rc;
}

int xmpp_conn_open_stream_default(xmpp_conn_t *conn)
{
    return reopen(conn, NULL, 0);
}

int xmpp_conn_open_stream(xmpp_conn_t *conn, char **attributes,
                          size_t attributes_len)
{
    return reopen(conn, attributes, attributes_len);
}

int xmpp_conn_tls_start(xmpp_conn_t *conn)
{
    struct attempt *attempt = conn ? conn_talking(conn) : NULL;
    int rc;

    if (!conn)
        return XMPP_EINVOP;
    if (!attempt || attempt->secured || way_has_websocket(attempt) ||
        conn->settings.flags & (long)XMPP_CONN_FLAG_DISABLE_TLS)
        return env_refuse(
            &conn->ctx->env, XMPP_EINVOP,
            "TLS can be started once, after XMPP_CONN_RAW_CONNECT, and not "
            "with XMPP_CONN_FLAG_DISABLE_TLS or inside of a WebSocket");
    rc = stream_want_tls(attempt->stream);
    attempt_kick(attempt);
    return rc;
}
