/* proxied.c - whole connections by a proxy: logged in, refused, silent, never
 * reached, with DANE; and what the setter refuses. */

#include "conn/ctx.h"
#include "conn/testbed.h"
#include "net/dane.h"

#include <xmpp/transport.h>

#define CONNECTED "S HTTP/1.1 200 OK\r\n\r\n"

static void begin(struct testbed *testbed, const char *url,
                  const char *const *script)
{
    testbed_make_virtual(testbed);
    is_int(xmpp_conn_set_proxy(testbed->conn, url), 0, "by %s", url);
    testbed_serve(testbed, script);
    is_int(
        xmpp_connect_client(testbed->conn, NULL, 0, testbed_handler, testbed),
        0, "it begins");
}

static void by_http(void)
{
    static const char *const script[] = {"C CONNECT example.org:5222 HTTP/1.1",
                                         "C \r\n\r\n",
                                         CONNECTED,
                                         PEER_LOGIN,
                                         PEER_CLOSE,
                                         NULL};
    struct testbed testbed;

    begin(&testbed, "http://proxy:3128", script);
    testbed_ends_well(&testbed, "by HTTP");
}

static void by_socks(void)
{
    static const char *const script[] = {"C \2",          "X 0502",
                                         "C secret",      "X 0100",
                                         "C example.org", "X 0500000100000000",
                                         "X 0000",        PEER_LOGIN,
                                         PEER_CLOSE,      NULL};
    static const char *const secrets[] = {"secret", NULL};
    struct testbed testbed;

    testbed_make_virtual(&testbed);
    testbed.memory.secrets = secrets;
    xmpp_conn_set_proxy(testbed.conn, "socks5://user:secret@proxy");
    testbed_serve(&testbed, script);
    xmpp_connect_client(testbed.conn, "example.org", 5269, testbed_handler,
                        &testbed);
    memory_server_set_piece(testbed.server, 1);
    testbed_ends_well(&testbed, "by SOCKS");
}

/* As it was set when the attempt began. */
static void unset(void)
{
    static const char *const script[] = {PEER_LOGIN, PEER_CLOSE, NULL};
    struct testbed testbed;

    testbed_make_virtual(&testbed);
    xmpp_conn_set_proxy(testbed.conn, "http://proxy");
    is_int(xmpp_conn_set_proxy(testbed.conn, NULL), 0, "no proxy again");
    testbed_connect(&testbed, script);
    testbed_ends_well(&testbed, "directly");
}

static void refused(void)
{
    static const char *const script[] = {
        "C \r\n\r\n", "S HTTP/1.1 403 Forbidden\r\n\r\n", "eof", NULL};
    struct testbed testbed;

    begin(&testbed, "http://proxy", script);
    testbed_fails_so(&testbed, XMPP_LAYER_PROXY, XMPP_EPROXY, "403 Forbidden",
                     "refused");
    ok(!xmpp_conn_get_failure(testbed.conn)->retry, "for ever");
    testbed_peer_done(&testbed, "refused");
    testbed_free(&testbed, "refused");
}

static void wrong_password(void)
{
    static const char *const script[] = {"C \2",   "X 0502", "C secret",
                                         "X 0101", "eof",    NULL};
    struct testbed testbed;

    begin(&testbed, "socks5://user:secret@proxy", script);
    testbed_fails_so(&testbed, XMPP_LAYER_PROXY, XMPP_EPROXYAUTH, "user name",
                     "a wrong password");
    ok(!strstr(xmpp_conn_get_failure(testbed.conn)->message, "secret"),
       "which the message does not quote");
    testbed_peer_done(&testbed, "a wrong password");
    testbed_free(&testbed, "a wrong password");
}

static void silent(void)
{
    static const char *const script[] = {"C \r\n\r\n", "eof", NULL};
    struct testbed testbed;

    begin(&testbed, "http://proxy", script);
    testbed_fails_so(&testbed, XMPP_LAYER_PROXY, XMPP_ETIMEOUT, "http proxy",
                     "a silent proxy");
    ok(xmpp_conn_get_failure(testbed.conn)->retry, "it may speak later");
    testbed_peer_end(&testbed);
    testbed_free(&testbed, "a silent proxy");
}

/* The failure to reach it is not taken for the server's. */
static void not_reached(void)
{
    struct testbed testbed;
    char url[64];

    testbed_make(&testbed);
    snprintf(url, sizeof(url), "socks5://127.0.0.1:%u", fake_server_no_port());
    xmpp_conn_set_proxy(testbed.conn, url);
    xmpp_connect_client(testbed.conn, NULL, 0, testbed_handler, &testbed);
    testbed_fails_so(&testbed, XMPP_LAYER_TCP, XMPP_ECONNECT,
                     "this is the proxy", "nobody there");
    testbed_free(&testbed, "nobody there");
}

/* A query for DANE would not go by the proxy. */
static void with_dane(void)
{
    static const char *const script[] = {"eof", NULL};
    struct testbed testbed;

    if (!dane_is_there()) {
        skip("DANE is not built in");
        return;
    }
    testbed_make_virtual(&testbed);
    xmpp_conn_set_flags(testbed.conn, 0);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_DANE, 1);
    xmpp_conn_set_proxy(testbed.conn, "http://proxy");
    testbed_serve(&testbed, script);
    xmpp_connect_client(testbed.conn, NULL, 0, testbed_handler, &testbed);
    testbed_fails_so(&testbed, XMPP_LAYER_TLS, XMPP_EDANE, "DNS queries",
                     "DANE");
    testbed_peer_end(&testbed);
    testbed_free(&testbed, "DANE");
}

/* ---- the setter -------------------------------------------------- */

static void is_refused(struct testbed *testbed, const char *url,
                       const char *words)
{
    const char *why;

    is_int(xmpp_conn_set_proxy(testbed->conn, url), XMPP_EARG, "not %s", url);
    why = xmpp_ctx_get_last_error(testbed->ctx);
    ok(strstr(why, words) && !strstr(why, "secret"), "%s", why);
}

static void sets(void)
{
    struct testbed testbed;

    testbed_make(&testbed);
    is_refused(&testbed, "proxy:1080", "scheme");
    is_refused(&testbed, "ftp://proxy", "socks5 or http");
    is_refused(&testbed, "socks5://u:secr@et@secret", "%40");
    is_refused(&testbed, "socks5://u:secret@proxy/way", "no path");
    is_int(xmpp_conn_set_proxy(NULL, "http://proxy"), XMPP_EINVOP,
           "of no connection");
    testbed_free(&testbed, "setting");
}

static int set_all(struct testbed *testbed)
{
    return xmpp_conn_set_proxy(testbed->conn, "http://\xc3\xa4.example:3128");
}

int main(void)
{
    by_http();
    by_socks();
    unset();
    refused();
    wrong_password();
    silent();
    not_reached();
    with_dane();
    sets();
    testbed_squeeze(NULL, set_all);
    return done_testing();
}
