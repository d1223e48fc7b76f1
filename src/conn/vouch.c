/* vouch.c - asking the DNS about a server's certificate (DANE). */

#include "conn/vouch.h"

#include <xmpp/tls.h>

#include "conn/pump.h"

static void on_answer(void *userdata)
{
    xmpp_conn_t *conn = userdata;

    env_log(&conn->ctx->env, XMPP_LEVEL_INFO, "dns", "DANE: %s",
            dane_reason(conn->dane));
    pump_kick(conn);
}

static bool is_wanted(const xmpp_conn_t *conn)
{
    const struct wanted *w = &conn->account.wanted;

    return conn->settings.options[XMPP_OPT_DANE] &&
           w->kind != STREAM_COMPONENT && w->tls != TLS_NEVER &&
           !(conn->settings.flags & XMPP_CONN_FLAG_TRUST_TLS);
}

/* The handshake waits for it, and has a patience of its own. */
static uint64_t patience(const xmpp_conn_t *conn)
{
    uint64_t dns = conn_patience(conn, XMPP_OPT_CONNECT_TIMEOUT),
             step = conn_patience(conn, XMPP_OPT_STEP_TIMEOUT) / 4 * 3;

    return dns < step ? dns : step;
}

void vouch_begin(xmpp_conn_t *conn, const char *host, unsigned port)
{
    const struct dane_wanted wanted = {
        .domain = conn->account.domain,
        .host = host,
        .port = port,
        .service = conn->srv_port ? SERVICE_CLIENT : NULL,
        .usual_port = conn->srv_port,
        .anchor = conn->account.settings.tls.anchor,
        .servers = conn->ctx->dns_servers,
        .timeout = patience(conn),
    };
    const char *lack = NULL;

    if (!is_wanted(conn))
        return;
    conn->dane = dane_ask(&conn->ctx->env, conn->ctx->poll, &wanted, on_answer,
                          conn, &lack);
    if (lack)
        fault_set(&conn->fault, XMPP_LAYER_TLS, XMPP_ETRUST, "%s", lack);
    else if (!conn->dane)
        fault_set(&conn->fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
}

void vouch_end(xmpp_conn_t *conn)
{
    dane_free(conn->dane);
    conn->dane = NULL;
}

int xmpp_conn_set_dane_anchor(xmpp_conn_t *conn, const char *path)
{
    return conn ? conn_set(conn, __func__, &conn->settings.tls.anchor, path)
                : XMPP_EINVOP;
}
