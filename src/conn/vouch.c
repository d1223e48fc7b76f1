/* vouch.c - asking the DNS about a server's certificate (DANE). */

#include "conn/vouch.h"

#include <xmpp/tls.h>

static void on_answer(void *userdata)
{
    struct attempt *attempt = userdata;

    env_log(attempt->env, XMPP_LEVEL_INFO, "dns", "DANE: %s",
            dane_reason(attempt->dane));
    attempt_kick(attempt);
}

static bool is_wanted(const struct attempt *attempt)
{
    const struct wanted *w = &attempt->account.wanted;
    const xmpp_conn_t *conn = attempt->conn;

    return conn->settings.options[XMPP_OPT_DANE] &&
           w->kind != STREAM_COMPONENT && w->tls != TLS_NEVER &&
           !(conn->settings.flags & XMPP_CONN_FLAG_TRUST_TLS);
}

/* The handshake waits for it, and has a patience of its own. */
static uint64_t patience(const struct attempt *attempt)
{
    uint64_t dns = attempt_patience(attempt, XMPP_OPT_CONNECT_TIMEOUT),
             step = attempt_patience(attempt, XMPP_OPT_STEP_TIMEOUT) / 4 * 3;

    return dns < step ? dns : step;
}

void vouch_begin(struct attempt *attempt, const char *host, unsigned port)
{
    const xmpp_conn_t *conn = attempt->conn;
    const struct dane_wanted wanted = {
        .domain = attempt->account.domain,
        .host = host,
        .port = port,
        .service = attempt->srv_port ? SERVICE_CLIENT : NULL,
        .usual_port = attempt->srv_port,
        .anchor = attempt->account.settings.tls.anchor,
        .servers = conn->ctx->dns_servers,
        .timeout = patience(attempt),
    };
    const char *lack = NULL;

    if (!is_wanted(attempt))
        return;
    attempt->dane = dane_ask(attempt->env, conn->ctx->poll, &wanted, on_answer,
                             attempt, &lack);
    if (lack)
        fault_set(&attempt->fault, XMPP_LAYER_TLS, XMPP_ETRUST, "%s", lack);
    else if (!attempt->dane)
        fault_set(&attempt->fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
}

void vouch_end(struct attempt *attempt)
{
    dane_free(attempt->dane);
    attempt->dane = NULL;
}

int xmpp_conn_set_dane_anchor(xmpp_conn_t *conn, const char *path)
{
    return conn ? conn_set(conn, __func__, &conn->settings.tls.anchor, path)
                : XMPP_EINVOP;
}
