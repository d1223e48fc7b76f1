/* url.c - URLs that name a host: what is read, what is refused. */

#include "address/url.h"
#include "conn/way.h"
#include "tap.h"

static const struct {
    const char *text, *scheme, *user, *password, *host;
    unsigned port;
    const char *path;
} good[] = {
    {"http://proxy", "http", NULL, NULL, "proxy", 0, ""},
    {"http://proxy:3128/", "http", NULL, NULL, "proxy", 3128, "/"},
    {"socks5://a:b@h.example:1080", "socks5", "a", "b", "h.example", 1080, ""},
    {"socks5://a@h", "socks5", "a", NULL, "h", 0, ""},
    {"socks5://a:@h", "socks5", "a", "", "h", 0, ""},
    {"socks5://a:b:c@h", "socks5", "a", "b:c", "h", 0, ""},
    {"x://a%40:%3a@[::1]:9", "x", "a%40", "%3a", "::1", 9, ""},
    {"wss://H\xc3\xa4.example/ws?a=b&c=/d:@", "wss", NULL, NULL,
     "xn--h-0fa.example", 0, "/ws?a=b&c=/d:@"},
    {"wss://192.0.2.1?q", "wss", NULL, NULL, "192.0.2.1", 0, "?q"},
    {"a+b-c.d://h/%20", "a+b-c.d", NULL, NULL, "h", 0, "/%20"},
};

static const char *const bad[] = {
    "",
    "http",
    "http:",
    "http:/proxy",
    "http://",
    "://proxy",
    "9p://proxy",
    "ht tp://proxy",
    "proxy:1080",
    "http://:80",
    "http://proxy:",
    "http://proxy:0",
    "http://proxy:65536",
    "http://proxy:80x",
    "http://proxy:+80",
    "http://proxy:80:80",
    "http://::1",
    "http://[::1",
    "http://[::1]x",
    "http://[fe80::1%25eth0]",
    "http://[::g]",
    "http://pro xy",
    " http://proxy",
    "http://proxy ",
    "http://proxy\n",
    "http://proxy/\n",
    "http://proxy/ a",
    "http://proxy/#a",
    "http://proxy#a",
    "http://proxy/%",
    "http://proxy/%2",
    "http://proxy/%gg",
    "http://proxy/\"",
    "http://proxy/\xc3\xa4",
    "http://@proxy",
    "http://:b@proxy",
    "http://a b@proxy",
    "http://a%@proxy",
    "http://a@b@proxy",
    "http://a:p@ss@proxy",
    "http://-._~",
};

static void is_view(struct str got, const char *want, const char *what)
{
    ok(want ? str_is(got, want) : !got.s, "%s: %.*s", what, STR_ARG(got));
}

static void reads(void)
{
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        const char *why = NULL;
        struct url url;

        if (!ok(url_read(str_of(good[i].text), &url, &why) == 0, "%s",
                good[i].text))
            continue;
        is_view(url.scheme, good[i].scheme, "its scheme");
        is_view(url.user, good[i].user, "its user");
        is_view(url.password, good[i].password, "its password");
        is_str(url.host, good[i].host, "its host");
        is_int(url.port, good[i].port, "its port");
        is_view(url.path, good[i].path, "its path");
    }
}

static void refuses(void)
{
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        const char *why = NULL;
        struct url url = {.port = 7};

        is_int(url_read(str_of(bad[i]), &url, &why), XMPP_EARG, "not '%s'",
               bad[i]);
        ok(why && url.port == 7, "for a reason: %s", why ? why : "none");
    }
    {
        const char *why = NULL;
        struct url url;

        is_int(url_read(STR("http://a\0b"), &url, &why), XMPP_EARG, "a NUL");
    }
}

static void decodes(void)
{
    char out[8];

    is_int(url_decode(STR("a%40%c3%A4b"), out, sizeof(out)), 5, "decoded");
    is_str(out,
           "a@\xc3\xa4"
           "b",
           "as it was");
    is_int(url_decode(STR_NONE, out, sizeof(out)), 0, "nothing");
    is_int(url_decode(STR("1234567"), out, sizeof(out)), 7, "it just fits");
    is_int(url_decode(STR("12345678"), out, sizeof(out)), -1, "or not");
    is_int(url_decode(STR("a%00"), out, sizeof(out)), -1, "a NUL");
    is_int(url_decode(STR("%0a"), out, sizeof(out)), -1, "a new line");
    is_int(url_decode(STR("%7F"), out, sizeof(out)), -1, "a DEL");
}

static void proxy_is(const char *text, int rc, bool socks, unsigned port)
{
    const char *why = NULL;
    struct proxy proxy = {.port = 0};

    is_int(way_read_proxy(str_of(text), &proxy, &why), rc, "%.60s", text);
    if (rc)
        ok(why, "%s", why);
    else
        ok((proxy.kind == PROXY_SOCKS5) == socks && proxy.port == port,
           "which it is");
}

static void proxies(void)
{
    char text[900] = "socks5://";

    proxy_is("socks5://h", 0, true, 1080);
    proxy_is("socks5h://h:9050", 0, true, 9050);
    proxy_is("HTTP://h", 0, false, 80);
    proxy_is("http://h:3128/", 0, false, 3128);
    proxy_is("https://h", XMPP_EARG, false, 0);
    proxy_is("socks4://h", XMPP_EARG, false, 0);
    proxy_is("http://h/path", XMPP_EARG, false, 0);
    proxy_is("http://h?q", XMPP_EARG, false, 0);
    proxy_is("http://a%3ab:c@h", XMPP_EARG, false, 0);
    proxy_is("socks5://a%3ab:c@h", 0, true, 1080);
    proxy_is("socks5://a%00:c@h", XMPP_EARG, false, 0);
    for (int i = 0; i < 255; i++)
        strcat(text, "%41");
    strcat(text, "@h");
    proxy_is(text, 0, true, 1080);
    memcpy(text + 9, "%41%41%41a", 10);
    memmove(text + 10, text + 9, 765);
    proxy_is(text, XMPP_EARG, false, 0);
}

int main(void)
{
    reads();
    refuses();
    decodes();
    proxies();
    return done_testing();
}
