/* way.c - by which way an attempt gets to its server. */

#include "conn/way.h"

#include <xmpp/transport.h>

#include "address/url.h"
#include "base/crypt.h"

/* ---- the URL of a proxy ------------------------------------------ */

/* The names of curl. There socks5 alone would look up names on this side, which
 * we never do. */
static const struct {
    const char *scheme;
    int kind;
    unsigned port; /* if the URL names none: RFC 1928 section 3, RFC 9110
                      section 4.2.1 */
} schemes[] = {
    {"socks5", PROXY_SOCKS5, 1080},
    {"socks5h", PROXY_SOCKS5, 1080},
    {"http", PROXY_HTTP, 80},
};

#define SCHEMES (sizeof(schemes) / sizeof(schemes[0]))

static size_t find_scheme(struct str scheme)
{
    size_t i = 0;

    while (i < SCHEMES && !str_eq_nocase(scheme, str_of(schemes[i].scheme)))
        i++;
    return i;
}

/* A colon would end the name of Basic (RFC 7617 section 2). NULL: it is fine.
 */
static const char *take_user(const struct url *url, struct proxy *proxy)
{
    proxy->has_user = url->user.s != NULL;
    if (url_decode(url->user, proxy->user, sizeof(proxy->user)) < 0 ||
        url_decode(url->password, proxy->password, sizeof(proxy->password)) < 0)
        return "its user name or password has a control character, or more "
               "than 255 octets";
    if (proxy->kind == PROXY_HTTP && strchr(proxy->user, ':'))
        return "a user name for HTTP has no colon";
    return NULL;
}

static const char *take_proxy(const struct url *url, struct proxy *proxy)
{
    size_t i = find_scheme(url->scheme);

    if (i == SCHEMES)
        return "its scheme is not socks5 or http";
    if (url->path.n && !str_is(url->path, "/"))
        return "a proxy has no path";
    *proxy = (struct proxy){
        .kind = schemes[i].kind,
        .port = url->port ? url->port : schemes[i].port,
    };
    memcpy(proxy->host, url->host, sizeof(url->host));
    return take_user(url, proxy);
}

int way_read_proxy(struct str text, struct proxy *ret, const char **ret_why)
{
    struct url url;
    struct proxy proxy = {.port = 0};
    const char *why = NULL;
    int rc = url_read(text, &url, ret_why);

    if (rc)
        return rc;
    why = take_proxy(&url, &proxy);
    if (why)
        *ret_why = why;
    else
        *ret = proxy;
    crypt_wipe(&proxy, sizeof(proxy));
    return why ? XMPP_EARG : 0;
}

int xmpp_conn_set_proxy(xmpp_conn_t *conn, const char *url)
{
    struct proxy proxy;
    const char *why;
    int rc;

    if (!conn)
        return XMPP_EINVOP;
    rc = url ? way_read_proxy(str_of(url), &proxy, &why) : 0;
    crypt_wipe(&proxy, sizeof(proxy));
    if (rc == XMPP_EARG)
        /* The URL is not quoted: it may have a password in it. */
        return env_refuse(&conn->ctx->env, rc,
                          "this is not the URL of a proxy, such as "
                          "socks5://127.0.0.1:1080: %s",
                          why);
    return rc ? rc : conn_set(conn, __func__, &conn->settings.way.proxy, url);
}

/* ---- of an attempt ----------------------------------------------- */

/* The setter has checked the URL. */
int way_init(struct attempt *attempt)
{
    const char *proxy = attempt->account.settings.way.proxy, *why;
    struct way *way;

    if (!proxy)
        return 0;
    way = env_zalloc(attempt->env, sizeof(*way));
    if (!way)
        return XMPP_EMEM;
    attempt->account.way = way;
    return way_read_proxy(str_of(proxy), &way->proxy, &why);
}

void way_free(struct attempt *attempt)
{
    struct way *way = attempt->account.way;

    if (way)
        crypt_wipe(way, sizeof(*way));
    env_free(attempt->env, way);
    attempt->account.way = NULL;
}

/* A host that is too long for a name stays empty: no proxy is asked for it. */
static void keep_server(struct target *server, const struct dial_wanted *wanted)
{
    const char *name = wanted->host ? wanted->host : wanted->domain;
    size_t n = strlen(name);

    *server = (struct target){
        .port = wanted->port,
        .direct_tls = wanted->direct_tls,
    };
    if (n > 1 && name[0] == '[' && name[n - 1] == ']') { /* as in a URI */
        name++;
        n -= 2;
    }
    if (n < sizeof(server->host))
        memcpy(server->host, name, n);
}

void way_begin(struct attempt *attempt, struct dial_wanted *wanted)
{
    struct way *way = attempt->account.way;

    if (!way)
        return;
    keep_server(&way->server, wanted);
    wanted->host = way->proxy.host;
    wanted->port = (uint16_t)way->proxy.port;
    wanted->service = wanted->direct = NULL;
    wanted->direct_tls = false;
}

void way_follow(struct attempt *attempt)
{
    struct way *way = attempt->account.way;
    struct target *target = &attempt->target, reached = *target;

    if (!way)
        return;
    *target = way->server;
    target->fd = reached.fd;
    target->memory = reached.memory;
    target->proxy = &way->proxy;
    memcpy(target->address, reached.address, sizeof(target->address));
    env_log(attempt->env, XMPP_LEVEL_INFO, "conn",
            "that is the proxy; by it to %s port %u", target->host,
            target->port);
}

void way_blame(struct attempt *attempt)
{
    if (way_has_proxy(attempt))
        fault_add(&attempt->fault, "this is the proxy, not the server");
}
