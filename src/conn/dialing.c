/* dialing.c - from an account to a target: where to look for the server. */

#include "conn/dialing.h"

#include "conn/causes.h"
#include "conn/discovery.h"
#include "conn/names.h"
#include "conn/redirect.h"
#include "conn/way.h"
#include "net/sock.h"
#include "stream/sm.h"

#define KEEPALIVE_IDLE 60 /* seconds */
#define KEEPALIVE_INTERVAL 30
#define KEEPALIVE_COUNT 3

#define PORT_CLIENT 5222 /* RFC 6120 section 3.2.2 */
#define PORT_DIRECT_TLS 5223

/* ---- sockets ----------------------------------------------------- */

void xmpp_conn_set_sockopt_callback(xmpp_conn_t *conn,
                                    xmpp_sockopt_callback callback)
{
    struct attempt *attempt = conn ? conn_talking(conn) : NULL;

    if (!conn)
        return;
    conn->sockopt = callback;
    if (callback && attempt)
        callback(conn, &attempt->watch.fd);
}

int xmpp_sockopt_cb_keepalive(xmpp_conn_t *conn, void *sock)
{
    (void)conn;
    if (!sock)
        return XMPP_EINVOP;
    return sock_set_keepalive(*(int *)sock, KEEPALIVE_IDLE, KEEPALIVE_INTERVAL,
                              KEEPALIVE_COUNT);
}

/* What our own clocks would notice, the kernel notices as well: in raw mode and
 * in a loop that is not run they do not. */
void dialing_guard(const xmpp_conn_t *conn, int fd)
{
    long after = conn->options[XMPP_OPT_PING_AFTER];
    long patience = conn->options[XMPP_OPT_PING_TIMEOUT];

    sock_set_patience(fd, after && patience ? (unsigned)(after + patience) : 0);
}

static int prepare_socket(void *userdata, int fd)
{
    const struct attempt *attempt = userdata;
    xmpp_conn_t *conn = attempt->conn;
    int rc;

    dialing_guard(conn, fd);
    if (conn->keepalive_timeout > 0)
        sock_set_keepalive(fd, conn->keepalive_timeout,
                           conn->keepalive_interval, 0);
    if (!conn->sockopt)
        return 0;
    /* The callback may release the connection. */
    conn_hold(conn);
    rc = conn->sockopt(conn, &fd);
    conn_unhold(conn);
    return rc;
}

static void keep_cause(void *userdata, const struct target *target,
                       const struct fault *why)
{
    const struct attempt *attempt = userdata;

    causes_add(attempt->conn, target, why);
}

/* ---- where to ---------------------------------------------------- */

/* Does TLS begin with the first byte? A component never has TLS
 * (conn/account). */
static bool wants_direct_tls(const struct attempt *attempt)
{
    return attempt->account.wanted.kind != STREAM_COMPONENT &&
           (attempt->account.settings.flags & XMPP_CONN_FLAG_LEGACY_SSL) != 0;
}

/* May a target begin in the clear? With XMPP_CONN_FLAG_LEGACY_SSL it may not.
 */
static const char *plain_service(const struct attempt *attempt)
{
    return wants_direct_tls(attempt) ? NULL : SRV_CLIENT;
}

/* May it have TLS from the first byte, because its records demand it? Not
 * without TLS, and not in raw mode, where the application starts TLS itself. */
static const char *direct_service(const struct attempt *attempt)
{
    const struct wanted *wanted = &attempt->account.wanted;
    bool may = wanted->kind == STREAM_CLIENT && wanted->tls != TLS_NEVER;

    return may || wants_direct_tls(attempt) ? SRV_CLIENT_DIRECT : NULL;
}

/* What is the same wherever it goes. */
static struct dial_wanted dial_base(const struct attempt *attempt)
{
    const xmpp_conn_t *conn = attempt->conn;
    struct dial_wanted wanted = {
        .most_records = (size_t)conn->options[XMPP_OPT_MAX_DNS_ANSWERS],
        .timeout = (unsigned)conn->options[XMPP_OPT_CONNECT_TIMEOUT],
        .most_targets = (unsigned)conn->options[XMPP_OPT_MAX_TARGETS],
        .prepare = prepare_socket,
        .missed = keep_cause,
        .memory = conn->ctx->memory,
    };

    names_want(attempt, &wanted);
    return wanted;
}

/* SRV records of `domain` are looked up, unless a host is given. */
static bool dial(struct attempt *attempt, const char *domain, const char *host,
                 unsigned port, dial_done done)
{
    xmpp_conn_t *conn = attempt->conn;
    struct dial_wanted wanted = dial_base(attempt);

    wanted.domain = domain;
    wanted.host = host;
    wanted.port = (uint16_t)port;
    wanted.service = plain_service(attempt);
    wanted.direct = direct_service(attempt);
    wanted.direct_tls = wants_direct_tls(attempt);
    way_begin(attempt, &wanted);
    /* DANE has to know later which way led to the host (tls_query_dane()). */
    attempt->srv_port =
        wanted.host || names_lead_elsewhere(attempt, domain) ? 0 : port;
    attempt->dial = dial_new(attempt->env, conn->ctx->poll, &wanted,
                             &attempt->fault, done, attempt);
    return attempt->dial != NULL;
}

static unsigned usual_port(const struct attempt *attempt)
{
    return wants_direct_tls(attempt) ? PORT_DIRECT_TLS : PORT_CLIENT;
}

/* The host and port that were given, or those that the domain implies. */
static bool dial_usual(struct attempt *attempt, const char *host, unsigned port,
                       dial_done done)
{
    if (!port)
        port = usual_port(attempt);
    return dial(attempt, attempt->account.domain, host, port, done);
}

/* Without a port the new host is looked up like a domain, by SRV records. With
 * DANE it is dialled as a host, because validated SRV records are those of the
 * account's domain. A redirect that came under TLS never leads to a place
 * without it. */
bool dialing_redirect(struct attempt *attempt, dial_done done)
{
    xmpp_conn_t *conn = attempt->conn;
    const struct redirect *to = &conn->redirect;
    char *host = redirect_take_host(conn); /* then back to the usual one */
    bool is_plain = to->port || conn->options[XMPP_OPT_DANE] != 0;
    bool has_begun;

    if (!host)
        return false;
    if (to->is_secured)
        attempt->account.wanted.tls = TLS_REQUIRED;
    env_log(attempt->env, XMPP_LEVEL_INFO, "conn",
            "the server redirects us to %s port %u", host, to->port);
    has_begun = is_plain ? dial_usual(attempt, host, to->port, done)
                         : dial(attempt, host, NULL, usual_port(attempt), done);
    env_free(attempt->env, host);
    return has_begun;
}

/* The server that keeps our session may prefer another address (XEP-0198
 * section 5). It is only connected to: the certificate has to name the
 * account's domain as before. */
static bool dial_location(struct attempt *attempt, dial_done done)
{
    xmpp_conn_t *conn = attempt->conn;
    char host[256];
    unsigned port;

    if (!xmpp_conn_is_resumable(conn) || way_has_websocket(attempt) ||
        discovery_is_only(attempt) ||
        attempt->account.wanted.avoid & PATH_RESUME ||
        !sm_location(conn->sm, host, &port))
        return false;
    return dial_usual(attempt, host, port, done);
}

/* No WebSocket is known, or the present one is of no use. False if there is
 * none, or with a fault. */
static bool dial_discovered(struct attempt *attempt, dial_done done)
{
    const struct dial_wanted wanted = dial_base(attempt);

    switch (discovery_next(attempt, &wanted, done)) {
    case DISCOVERY_PENDING:
        return true;
    case DISCOVERY_FOUND:
        if (dial_usual(attempt, NULL, 0, done))
            return true;
        fault_set(&attempt->fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
        return false;
    default:
        return false;
    }
}

/* The preferred address did not answer: continue with the usual ones. They did
 * not answer either: continue with what the domain names. */
bool dialing_anew(struct attempt *attempt, dial_done done)
{
    const xmpp_conn_t *conn = attempt->conn;

    if (!attempt->by_location)
        return dial_discovered(attempt, done);
    /* The preferred address is only a hint, so its failure is forgotten. */
    attempt->by_location = false;
    attempt->fault = (struct fault){0};
    if (discovery_is_only(attempt))
        return dial_discovered(attempt, done);
    if (dial_usual(attempt, conn->named_host, conn->named_port, done))
        return true;
    fault_set(&attempt->fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
    return false;
}

bool dialing_next(struct attempt *attempt, dial_done done)
{
    if (dial_has_more(attempt->dial)) {
        dial_next(attempt->dial, &attempt->fault, attempt);
        return true;
    }
    dial_free(attempt->dial);
    attempt->dial = NULL;
    return dialing_anew(attempt, done);
}

bool dialing_begin(struct attempt *attempt, const char *host, unsigned port,
                   dial_done done)
{
    /* A redirect is the server's latest word, so it comes first. A host that
     * the application named comes before the location of the session. */
    attempt->by_location = attempt->account.wanted.kind == STREAM_CLIENT &&
                           (dialing_redirect(attempt, done) ||
                            (!host && dial_location(attempt, done)));
    if (attempt->by_location)
        return true;
    return discovery_is_only(attempt) ? dial_discovered(attempt, done)
                                      : dial_usual(attempt, host, port, done);
}
