/* dialing.c - from an account to a connected socket: where it is looked for. */

#include "conn/dialing.h"

#include "conn/attempt.h"
#include "conn/pump.h"
#include "conn/vouch.h"
#include "net/sock.h"
#include "stream/sm.h"

#define PORT_CLIENT 5222
#define PORT_DIRECT_TLS 5223

static int prepare_socket(void *userdata, int fd)
{
    xmpp_conn_t *conn = userdata;
    int rc;

    if (conn->keepalive_timeout > 0)
        sock_set_keepalive(fd, conn->keepalive_timeout,
                           conn->keepalive_interval, 0);
    if (!conn->sockopt)
        return 0;
    conn_hold(conn);
    rc = conn->sockopt(conn, &fd);
    conn_unhold(conn);
    return rc;
}

static bool dial_anew(xmpp_conn_t *conn);

static void dialed(void *userdata, int fd, const char *host, unsigned port)
{
    xmpp_conn_t *conn = userdata;

    conn_hold(conn);
    if (fd >= 0) {
        env_log(&conn->ctx->env, XMPP_LEVEL_INFO, "conn",
                "connected to %s port %u", host, port);
        vouch_begin(conn, host, port);
    }
    dial_free(conn->dial); /* and `host` with it */
    conn->dial = NULL;
    conn->account.wanted.port = port;
    if (fd >= 0)
        pump_start(conn, fd);
    else if (!dial_anew(conn))
        attempt_end(conn);
    conn_unhold(conn);
}

/* `domain` is asked for SRV records, unless there is a host. */
static bool dial(xmpp_conn_t *conn, const char *domain, const char *host,
                 unsigned port)
{
    const struct dial_wanted wanted = {
        .domain = domain,
        .host = host,
        .port = (uint16_t)port,
        .service = conn->account.direct_tls ? NULL : SERVICE_CLIENT,
        .servers = conn->ctx->dns_servers,
        .lookups = conn->ctx->dns_servers ? NULL : &conn->ctx->lookups,
        .most_records =
            (size_t)conn->settings.options[XMPP_OPT_MAX_DNS_ANSWERS],
        .timeout = (unsigned)conn->settings.options[XMPP_OPT_CONNECT_TIMEOUT],
        .prepare = prepare_socket,
    };

    conn->srv_port = host ? 0 : port;
    conn->dial = dial_new(&conn->ctx->env, conn->ctx->poll, &wanted,
                          &conn->fault, dialed, conn);
    return conn->dial != NULL;
}

/* Where the server has to be reached, unless it is said otherwise. */
static bool dial_usual(xmpp_conn_t *conn, const char *host, unsigned port)
{
    if (!port)
        port = conn->account.direct_tls ? PORT_DIRECT_TLS : PORT_CLIENT;
    if (!host && conn->account.direct_tls)
        host = conn->account.domain;
    return dial(conn, conn->account.domain, host, port);
}

/* Where a server sent us: as a domain of its own that has SRV records, unless
 * the port is said. Whoever had TLS is not sent to where there is none. */
bool dialing_redirect(xmpp_conn_t *conn)
{
    struct redirect *to = &conn->redirect;
    char host[sizeof(to->host)];
    bool is_plain = to->port || conn->account.direct_tls ||
                    conn->settings.options[XMPP_OPT_DANE] != 0;

    if (!to->host[0])
        return false;
    memcpy(host, to->host, sizeof(host));
    to->host[0] = '\0'; /* once */
    if (to->is_secured)
        conn->account.wanted.tls = TLS_REQUIRED;
    env_log(&conn->ctx->env, XMPP_LEVEL_INFO, "conn",
            "the server sends us to %s port %u", host, to->port);
    return is_plain ? dial_usual(conn, host, to->port)
                    : dial(conn, host, NULL, PORT_CLIENT);
}

/* Where a server that keeps our session would like to be reached (XEP-0198
 * section 5): an address to connect to and nothing else; whom the certificate
 * has to name does not change. */
static bool dial_location(xmpp_conn_t *conn)
{
    char host[256];
    unsigned port;

    if (!xmpp_conn_is_resumable(conn) ||
        conn->account.wanted.avoid & PATH_RESUME ||
        !sm_location(conn->sm, host, &port))
        return false;
    return dial_usual(conn, host, port);
}

/* If nobody answered there, the server is looked for as ever. */
static bool dial_anew(xmpp_conn_t *conn)
{
    if (!conn->by_location)
        return false;
    conn->by_location = false;
    conn->fault = (struct fault){0};
    if (dial_usual(conn, conn->named_host, conn->named_port))
        return true;
    fault_set(&conn->fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
    return false;
}

bool dialing_begin(xmpp_conn_t *conn, const char *host, unsigned port)
{
    conn->by_location =
        conn->account.wanted.kind == STREAM_CLIENT &&
        (dialing_redirect(conn) || (!host && dial_location(conn)));
    return conn->by_location || dial_usual(conn, host, port);
}
