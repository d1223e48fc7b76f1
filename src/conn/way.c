/* way.c - by which way an attempt gets to its server. */

#include "conn/way.h"

#include <stdio.h>
#include <xmpp/transport.h>

#include "base/crypt.h"
#include "base/parts.h"

/* ---- setting it -------------------------------------------------- */

static int refuse_part(xmpp_conn_t *conn, const char *part)
{
    return env_refuse(&conn->ctx->env, XMPP_EINVOP,
                      "this library was built without %s", part);
}

int xmpp_conn_set_proxy(xmpp_conn_t *conn, const char *url)
{
    struct proxy proxy;
    const char *why;
    int rc;

    if (!conn)
        return XMPP_EINVOP;
    if (url && !PART_PROXY)
        return refuse_part(conn, "proxies");
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

int xmpp_conn_set_websocket(xmpp_conn_t *conn, const char *url)
{
    struct url read;
    const char *why;
    int rc;

    if (!conn)
        return XMPP_EINVOP;
    if (url && !PART_WEBSOCKET)
        return refuse_part(conn, "WebSocket");
    rc = url ? way_read_websocket(str_of(url), &read, &why) : 0;
    if (rc == XMPP_EARG)
        return env_refuse(&conn->ctx->env, rc,
                          "this is not the URL of a WebSocket, such as "
                          "wss://example.org/xmpp-websocket: %s",
                          why);
    return rc ? rc
              : conn_set(conn, __func__, &conn->settings.way.websocket, url);
}

/* ---- a WebSocket ------------------------------------------------- */

static struct messages *messages_of(struct websocket_content *content)
{
    return &LIST_ENTRY(content, struct way, content)->messages;
}

static size_t content_put(struct websocket_content *content, struct str bytes,
                          struct buf *payload, bool *ret_ends)
{
    return messages_put(messages_of(content), bytes, payload, ret_ends);
}

static int content_get(struct websocket_content *content, struct str piece,
                       bool begins, bool ends, struct buf *in,
                       const char **ret_why)
{
    return messages_get(messages_of(content), piece, begins, ends, in, ret_why);
}

/* Without TLS only where nobody can listen, unless the application says so. By
 * a proxy the loopback is the proxy's. */
static int check_clear(struct attempt *attempt, const struct way *way)
{
    const xmpp_conn_t *conn = attempt->conn;
    const char *why = NULL;

    if (!way_url_is_clear(&way->url))
        return 0;
    if (attempt->account.settings.flags & XMPP_CONN_FLAG_MANDATORY_TLS)
        why = "XMPP_CONN_FLAG_MANDATORY_TLS is set";
    else if (!conn->options[XMPP_OPT_WEBSOCKET_CLEAR] &&
             (way->has_proxy || !way_is_loopback(way->url.host)))
        why = "ws:// is for this machine only: use wss://, or set "
              "XMPP_OPT_WEBSOCKET_CLEAR";
    return why ? fault_set(&attempt->fault, XMPP_LAYER_APP, XMPP_EARG,
                           "the WebSocket has no TLS: %s", why)
               : 0;
}

/* `text` outlives the way: its views and the path point into it. */
static int take_websocket(struct attempt *attempt, struct way *way,
                          const char *text)
{
    bool is_ipv6;
    char port[16];
    const char *why;
    int rc = PART_WEBSOCKET ? way_read_websocket(str_of(text), &way->url, &why)
                            : XMPP_EINVOP;

    if (rc)
        return rc;
    is_ipv6 = strchr(way->url.host, ':') != NULL;
    snprintf(port, sizeof(port), ":%u", way->url.port);
    snprintf(way->authority, sizeof(way->authority), "%s%s%s%s",
             is_ipv6 ? "[" : "", way->url.host, is_ipv6 ? "]" : "",
             way_port_is_usual(&way->url) ? "" : port);
    way->has_websocket = true;
    way->content =
        (struct websocket_content){.put = content_put, .get = content_get};
    way->wanted = (struct websocket_wanted){
        .host = way->authority,
        .path = way->url.path.n ? way->url.path.s : "/",
        .protocol = "xmpp",
        .content = &way->content,
    };
    return check_clear(attempt, way);
}

/* From a server under TLS to one without it: never. */
bool way_redirect(struct attempt *attempt, struct str text,
                  char host[IDNA_NAME_MOST + 1], unsigned *ret_port)
{
    struct way *way = attempt->account.way;
    char **setting = &attempt->account.settings.way.websocket;
    bool was_clear = way_url_is_clear(&way->url);
    char *uri = env_strndup(attempt->env, text.s, text.n);
    struct url url;
    const char *why;

    if (!PART_WEBSOCKET || !uri ||
        way_read_websocket(str_of(uri), &url, &why) ||
        (way_url_is_clear(&url) && !was_clear)) {
        env_free(attempt->env, uri);
        return false;
    }
    env_free(attempt->env, *setting);
    *setting = uri;
    memcpy(host, url.host, sizeof(url.host));
    *ret_port = url.port;
    way->is_found = false; /* this URL is the word of one server */
    return take_websocket(attempt, way, uri) == 0;
}

/* ---- of an attempt ----------------------------------------------- */

static struct way *make_way(struct attempt *attempt)
{
    struct way *way = env_zalloc(attempt->env, sizeof(*way));

    if (PART_WEBSOCKET && way)
        messages_init(&way->messages, attempt->env);
    attempt->account.way = way;
    return way;
}

/* What was wanted of a stream over TCP is not what is wanted now. */
int way_take_found(struct attempt *attempt, const char *url)
{
    char **setting = &attempt->account.settings.way.websocket;
    struct wanted *wanted = &attempt->account.wanted;
    int rc = env_replace(attempt->env, setting, url);

    if (rc == 0 && !attempt->account.way && !make_way(attempt))
        rc = XMPP_EMEM;
    if (rc == 0)
        rc = take_websocket(attempt, attempt->account.way, *setting);
    if (rc)
        return rc;
    attempt->account.way->is_found = true;
    wanted->tls = way_is_clear(attempt) ? TLS_NEVER : TLS_REQUIRED;
    wanted->zlib = false;
    return 0;
}

static int take_both(struct attempt *attempt, const char *proxy,
                     const char *websocket)
{
    struct way *way = attempt->account.way;
    const char *why;
    int rc = 0;

    way->has_proxy = proxy != NULL;
    if (PART_PROXY && proxy)
        rc = way_read_proxy(str_of(proxy), &way->proxy, &why);
    if (rc == 0 && websocket)
        rc = take_websocket(attempt, way, websocket);
    return rc;
}

/* The setters have checked the URLs. */
int way_init(struct attempt *attempt, enum stream_kind kind)
{
    const struct settings *set = &attempt->account.settings;
    /* XEP-0114 has no form for messages. */
    const char *websocket =
        kind == STREAM_COMPONENT ? NULL : set->way.websocket;

    if (!set->way.proxy && !websocket)
        return 0;
    if (!make_way(attempt))
        return XMPP_EMEM;
    return take_both(attempt, set->way.proxy, websocket);
}

void way_free(struct attempt *attempt)
{
    struct way *way = attempt->account.way;

    if (way) {
        if (PART_WEBSOCKET)
            messages_free(&way->messages);
        crypt_wipe(way, sizeof(*way));
    }
    env_free(attempt->env, way);
    attempt->account.way = NULL;
}

bool way_has_proxy(const struct attempt *attempt)
{
    return PART_PROXY && attempt->account.way &&
           attempt->account.way->has_proxy;
}

bool way_has_websocket(const struct attempt *attempt)
{
    return PART_WEBSOCKET && attempt->account.way &&
           attempt->account.way->has_websocket;
}

bool way_is_clear(const struct attempt *attempt)
{
    return way_has_websocket(attempt) &&
           way_url_is_clear(&attempt->account.way->url);
}

const char *way_tls_name(const struct attempt *attempt)
{
    return way_has_websocket(attempt) ? attempt->account.way->url.host
                                      : attempt->account.domain;
}

const char *way_other_tls_name(const struct attempt *attempt)
{
    return way_has_websocket(attempt) && attempt->account.way->is_found
               ? attempt->account.domain
               : NULL;
}

/* ---- dialling ---------------------------------------------------- */

/* It is named: so no records are looked up for it. */
static void dial_websocket(const struct way *way, struct dial_wanted *wanted)
{
    wanted->host = way->url.host;
    wanted->port = (uint16_t)way->url.port;
    wanted->direct_tls = !way_url_is_clear(&way->url);
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

static void dial_proxy(struct way *way, struct dial_wanted *wanted)
{
    keep_server(&way->server, wanted);
    wanted->host = way->proxy.host;
    wanted->port = (uint16_t)way->proxy.port;
    wanted->service = wanted->direct = NULL;
    wanted->direct_tls = false;
}

void way_begin(struct attempt *attempt, struct dial_wanted *wanted)
{
    struct way *way = attempt->account.way;

    if (way_has_websocket(attempt))
        dial_websocket(way, wanted);
    if (way_has_proxy(attempt))
        dial_proxy(way, wanted);
}

static void go_by_proxy(struct attempt *attempt, struct way *way)
{
    struct target *target = attempt->target, reached = *target;

    *target = way->server;
    target->fd = reached.fd;
    target->memory = reached.memory;
    target->proxy = &way->proxy;
    memcpy(target->address, reached.address, sizeof(target->address));
    env_log(attempt->env, XMPP_LEVEL_INFO, "conn",
            "that is the proxy; by it to %s port %u", target->host,
            target->port);
}

void way_follow(struct attempt *attempt)
{
    struct way *way = attempt->account.way;

    if (way_has_proxy(attempt))
        go_by_proxy(attempt, way);
    if (!PART_WEBSOCKET || !way_has_websocket(attempt))
        return;
    messages_restart(&way->messages);
    attempt->target->websocket = &way->wanted;
}

void way_blame(struct attempt *attempt)
{
    const struct fault *fault = &attempt->fault;

    if (way_has_proxy(attempt) &&
        (fault->layer == XMPP_LAYER_DNS || fault->layer == XMPP_LAYER_TCP))
        fault_add(&attempt->fault, "this is the proxy, not the server");
}
