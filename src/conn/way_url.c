/* way_url.c - the URLs of proxies and of WebSockets. */

#include "base/crypt.h"
#include "conn/way.h"
#include "net/address.h"

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

/* ---- the URL of a WebSocket -------------------------------------- */

#define PORT_HTTP 80
#define PORT_HTTPS 443

/* localhost is never looked up (RFC 6761 section 6.3). A number that is no
 * address, such as 127.1, may be. */
bool way_is_loopback(const char *host)
{
    static const unsigned char six[16] = {[15] = 1};
    size_t n = strlen(host);
    struct address address;

    if (address_read(&address, host))
        return address.family == AF_INET
                   ? address.bytes[0] == 127
                   : memcmp(address.bytes, six, sizeof(six)) == 0;
    return str_eq_nocase(str_of(host), STR("localhost")) ||
           (n > 10 && str_eq_nocase(str_of(host + n - 10), STR(".localhost")));
}

int way_read_websocket(struct str text, struct url *ret, const char **ret_why)
{
    struct url url;
    int rc = url_read(text, &url, ret_why);
    bool is_clear;

    if (rc)
        return rc;
    is_clear = str_eq_nocase(url.scheme, STR("ws"));
    if (!is_clear && !str_eq_nocase(url.scheme, STR("wss")))
        *ret_why = "its scheme is not wss or ws";
    else if (url.user.s)
        *ret_why = "a WebSocket has no user name and no password";
    else if (url.path.n && url.path.s[0] != '/')
        *ret_why = "its path does not begin with '/'";
    else
        *ret_why = NULL;
    if (*ret_why)
        return XMPP_EARG;
    if (!url.port)
        url.port = is_clear ? PORT_HTTP : PORT_HTTPS;
    *ret = url;
    return 0;
}

bool way_url_is_clear(const struct url *url)
{
    return str_eq_nocase(url->scheme, STR("ws"));
}

bool way_port_is_usual(const struct url *url)
{
    return url->port == (way_url_is_clear(url) ? PORT_HTTP : PORT_HTTPS);
}
