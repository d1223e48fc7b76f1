/* discovery.c - whole connections by a WebSocket that the domain names
 * (XEP-0156): as the last way and as the only one, by a proxy, with answers of
 * all kinds, with each allocation failing, and released on the way. */

#include "conn/discovery_testbed.h"
#include "net/dane.h"

/* ---- the two policies -------------------------------------------- */

static void last(void)
{
    struct testbed testbed;

    discovery_begin(&testbed, 1, 1, 1,
                    SCRIPT(of_domain, ASK_JSON, JSON(LINK(THERE)), "accept",
                           of_host, "ws", PEER_LOGIN, PEER_CLOSE));
    discovery_succeeds(&testbed, "TCP leads nowhere");
    targets_failed(&testbed, 0, "s1.example.org", XMPP_LAYER_TCP,
                   XMPP_ECONNECT);
    targets_no_more(&testbed, 1);
    targets_end(&testbed, "last");
}

static void only(void)
{
    struct testbed testbed;

    discovery_begin(&testbed, 2, 1, 0,
                    SCRIPT(of_domain, ASK_JSON, JSON(LINK(THERE)), "accept",
                           of_host, "ws", PEER_LOGIN, PEER_CLOSE));
    discovery_succeeds(&testbed, "TCP is not tried");
    targets_no_more(&testbed, 0);
    targets_end(&testbed, "only");
}

static void not_needed(void)
{
    struct testbed testbed;

    discovery_begin(&testbed, 1, 1, 0,
                    SCRIPT(PEER_TO_TLS, of_domain, PEER_LOGIN, PEER_CLOSE));
    discovery_succeeds(&testbed, "over TCP");
    targets_end(&testbed, "not needed");
}

/* The server over TCP was reached, and cannot be used. */
static void after_refusal(void)
{
    struct testbed testbed;

    discovery_begin(&testbed, 1, 1, 0,
                    SCRIPT(HELLO, ERROR("resource-constraint"), "accept",
                           of_domain, ASK_JSON, JSON(LINK(THERE)), "accept",
                           of_host, "ws", PEER_LOGIN, PEER_CLOSE));
    discovery_succeeds(&testbed, "TCP is of no use");
    targets_failed(&testbed, 0, "s1.example.org", XMPP_LAYER_STREAM,
                   XMPP_ESTREAM);
    targets_end(&testbed, "after a refusal");
}

/* A named host, as a named WebSocket, leaves nothing to be looked up. */
static void host_named(void)
{
    struct testbed testbed;

    testbed_make_virtual(&testbed);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_HOST_META, 2);
    testbed.on_event = testbed_close_when_up;
    testbed_connect(&testbed, SCRIPT(PEER_LOGIN, PEER_CLOSE));
    discovery_succeeds(&testbed, "a named host");
    targets_end(&testbed, "a named host");
}

/* ---- documents --------------------------------------------------- */

static void as_xrd(void)
{
    struct testbed testbed;

    discovery_begin(
        &testbed, 2, 1, 0,
        SCRIPT(of_domain, ASK_JSON, MISSING, "accept", of_domain, ASK_XRD,
               FOUND "<?xml version='1.0'?><!-- x -->" XRD_OPEN XRD_LINK
                     "</XRD>",
               "end", "accept", of_host, "ws", PEER_LOGIN, PEER_CLOSE));
    discovery_succeeds(&testbed, "XRD where there is no JSON");
    targets_no_more(&testbed, 0);
    targets_end(&testbed, "XRD");
}

static void by_redirect(void)
{
    struct testbed testbed;

    discovery_begin(
        &testbed, 2, 1, 0,
        SCRIPT(of_domain, ASK_JSON,
               "S HTTP/1.1 301 Moved\r\nLocation: "
               "https://www.example.org/meta?a=b\r\n\r\n",
               "end", "accept", of_web,
               "C GET /meta?a=b HTTP/1.1\r\nHost: www.example.org\r\n",
               "S HTTP/1.1 307 Moved\r\nLocation: /there\r\n\r\n", "end",
               "accept", of_web,
               "C GET /there HTTP/1.1\r\nHost: www.example.org\r\n",
               JSON(LINK(THERE)), "accept", of_host, "ws", PEER_LOGIN,
               PEER_CLOSE));
    discovery_succeeds(&testbed, "two redirects");
    targets_end(&testbed, "redirects");
}

/* It answers so for both documents, and that is why it fails. */
static void useless(const char *answer, const char *words)
{
    struct testbed testbed;
    const xmpp_target_failure_t *f;

    discovery_begin(&testbed, 2, 1, 0,
                    SCRIPT(of_domain, ASK_JSON, answer, "end", "accept",
                           of_domain, ASK_XRD, answer, "end"));
    discovery_fails(&testbed, XMPP_LAYER_HTTP, XMPP_EHOSTMETA, words);
    targets_failed(&testbed, 0, "example.org", XMPP_LAYER_HTTP, XMPP_EHOSTMETA);
    f = xmpp_conn_get_target_failure(testbed.conn, 0);
    ok(f && strstr(f->message, words), "  it says so: %s", words);
    targets_no_more(&testbed, 1);
    targets_end(&testbed, words);
}

static void all_useless(void)
{
    useless("S HTTP/1.1 404 Not Found\r\n\r\n", "404 Not Found");
    useless("S HTTP/1.1 503 Busy\r\n\r\n", "503 Busy");
    useless("S HTTP/1.1 302 Moved\r\nLocation: http://example.org/\r\n\r\n",
            "away from HTTPS");
    useless("S HTTP/1.1 302 Moved\r\nLocation: //example.org/\r\n\r\n",
            "not a URL");
    useless("S HTTP/1.1 302 Moved\r\n\r\n", "not a URL");
    useless("S HTTP/1.1 200 OK\r\nContent-Length: 65537\r\n\r\n", "too long");
    useless("S HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n",
            "compressed");
    useless("S SSH-2.0-OpenSSH\r\n", "not HTTP");
    useless("S " FOUND "hello", "is not HTTP");
    useless(FOUND "hello", "neither JSON nor XRD");
    useless(FOUND "{\"links\":[" LINK("ws://example.org/") "]}",
            "names no WebSocket");
    useless(FOUND "{\"links\":[", "not valid JSON");
    useless(FOUND XRD_OPEN XRD_LINK, "not a valid XRD");
}

static void in_circles(void)
{
#define AGAIN                                                                  \
    "C \r\n\r\n", "S HTTP/1.1 302 Moved\r\nLocation: /a\r\n\r\n", "end",       \
        "accept", of_domain
#define ROUND                                                                  \
    of_domain, AGAIN, AGAIN, AGAIN, "C \r\n\r\n",                              \
        "S HTTP/1.1 302 Moved\r\nLocation: /a\r\n\r\n", "end"
    struct testbed testbed;

    discovery_begin(&testbed, 2, 1, 0, SCRIPT(ROUND, "accept", ROUND));
    discovery_fails(&testbed, XMPP_LAYER_HTTP, XMPP_EHOSTMETA,
                    "a circle of redirects");
    targets_end(&testbed, "a circle");
}

/* ---- trust ------------------------------------------------------- */

/* The document comes only from the domain, verified, whatever the application
 * would accept of a server. */
static void forged(void)
{
    struct testbed testbed;

    testbed_make_virtual(&testbed);
    xmpp_conn_set_flags(testbed.conn, XMPP_CONN_FLAG_TRUST_TLS);
    xmpp_conn_set_cafile(testbed.conn, discovery_ca_file);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_HOST_META, 2);
    targets_meet(&testbed, 1, 0, SCRIPT(self));
    discovery_fails(&testbed, XMPP_LAYER_TLS, XMPP_ECERTISSUER,
                    "a forged web server");
    targets_failed(&testbed, 0, "example.org", XMPP_LAYER_TLS,
                   XMPP_ECERTISSUER);
    targets_end(&testbed, "forged");
}

static void another_name(void)
{
    struct testbed testbed;

    discovery_begin(&testbed, 2, 1, 0, SCRIPT(web_of_self));
    discovery_fails(&testbed, XMPP_LAYER_TLS, XMPP_ECERTNAME,
                    "another web server");
    targets_end(&testbed, "another name");
}

/* A certificate for the domain is as good as one for the host (XEP-0156 section
 * 3.2, rule 1). */
static void domain_will_do(void)
{
    struct testbed testbed;

    discovery_begin(&testbed, 2, 1, 0,
                    SCRIPT(of_domain, ASK_JSON, JSON(LINK(THERE)), "accept",
                           of_domain, "ws", PEER_LOGIN, PEER_CLOSE));
    discovery_succeeds(&testbed, "a certificate for the domain");
    targets_end(&testbed, "domain will do");
}

/* The first cannot be used, the second can. */
static void second_url(void)
{
    struct testbed testbed;

    discovery_begin(&testbed, 1, 1, 1,
                    SCRIPT(of_domain, ASK_JSON,
                           JSON(LINK("wss://bad.example.com/") "," LINK(THERE)),
                           "accept", web_of_self, "accept", of_host, "ws",
                           PEER_LOGIN, PEER_CLOSE));
    discovery_succeeds(&testbed, "the second WebSocket");
    targets_failed(&testbed, 1, "bad.example.com", XMPP_LAYER_TLS,
                   XMPP_ECERTNAME);
    targets_end(&testbed, "second");
}

/* Why TCP failed is why all failed; the list has the rest. */
static void nothing_works(void)
{
    struct testbed testbed;

    discovery_begin(&testbed, 1, 1, 1,
                    SCRIPT(of_domain, ASK_JSON, MISSING, "accept", of_domain,
                           ASK_XRD, MISSING));
    discovery_fails(&testbed, XMPP_LAYER_TCP, XMPP_ECONNECT, "nothing works");
    targets_failed(&testbed, 1, "example.org", XMPP_LAYER_HTTP, XMPP_EHOSTMETA);
    ok(strstr(xmpp_conn_get_failure(testbed.conn)->message, "port 443 (http"),
       "  the sentence has both: %s",
       xmpp_conn_get_failure(testbed.conn)->message);
    targets_end(&testbed, "nothing works");
}

static void with_dane(void)
{
    struct testbed testbed;

    testbed_make_virtual(&testbed);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_HOST_META, 2);
    if (dane_is_there()) {
        xmpp_conn_set_option(testbed.conn, XMPP_OPT_DANE, 1);
        is_int(xmpp_connect_client(testbed.conn, NULL, 0, testbed_handler,
                                   &testbed),
               XMPP_EDANE, "not with DANE");
    } else {
        skip("built without DANE");
    }
    testbed_free(&testbed, "with DANE");
}

/* ---- a proxy ----------------------------------------------------- */

#define CONNECT(where) "C CONNECT " where " HTTP/1.1", "C \r\n\r\n"
#define TUNNEL "S HTTP/1.1 200 OK\r\n\r\n"

/* One that lets only the ports of the web through. */
static void by_proxy(void)
{
    struct testbed testbed;

    testbed_make_virtual(&testbed);
    xmpp_conn_set_flags(testbed.conn, 0);
    xmpp_conn_set_cafile(testbed.conn, discovery_ca_file);
    xmpp_conn_set_proxy(testbed.conn, "http://proxy");
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_HOST_META, 1);
    testbed.on_event = testbed_close_when_up;
    targets_meet(&testbed, 1, 0,
                 SCRIPT(CONNECT("example.org:5222"),
                        "S HTTP/1.1 403 Forbidden\r\n\r\n", "hangup", "accept",
                        CONNECT("example.org:443"), TUNNEL, of_domain, ASK_JSON,
                        JSON(LINK(THERE)), "accept",
                        CONNECT("ws.example.com:443"), TUNNEL, of_host, "ws",
                        PEER_LOGIN, PEER_CLOSE));
    discovery_succeeds(&testbed, "by a proxy");
    targets_failed(&testbed, 0, "example.org", XMPP_LAYER_PROXY, XMPP_EPROXY);
    is_str(memory_server_dialled(testbed.server), "proxy 80",
           "  which is all that was dialled");
    targets_end(&testbed, "by a proxy");
}

/* ---- interrupted ------------------------------------------------- */

static const char *const *whole_script(void)
{
    static const char *script[32];
    const char *const lines[] = {of_domain,
                                 ASK_JSON,
                                 MISSING,
                                 "accept",
                                 of_domain,
                                 ASK_XRD,
                                 FOUND XRD_OPEN XRD_LINK "</XRD>",
                                 "end",
                                 "accept",
                                 of_host,
                                 "ws",
                                 PEER_LOGIN,
                                 PEER_CLOSE,
                                 NULL};

    memcpy(script, lines, sizeof(lines));
    return script;
}

/* After so many turns it is released, or disconnected. */
static void left_after(int turns, bool released)
{
    struct testbed testbed;

    discovery_begin(&testbed, 1, 1, 1, whole_script());
    for (int i = 0; i < turns; i++)
        xmpp_run_once(testbed.ctx, 0);
    if (released) {
        xmpp_conn_release(testbed.conn);
        testbed.conn = NULL;
    } else {
        xmpp_disconnect(testbed.conn);
    }
    for (int i = 0; i < 50; i++)
        xmpp_run_once(testbed.ctx, 0);
    is_int(testbed.downs, 1, "down after %d turns", turns);
    testbed_peer_end(&testbed);
    testbed_free(&testbed, "left");
}

static void without_memory(unsigned long which)
{
    struct testbed testbed;
    int rc;

    testbed_make_virtual(&testbed);
    xmpp_conn_set_flags(testbed.conn, 0);
    xmpp_conn_set_cafile(testbed.conn, discovery_ca_file);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_HOST_META, 1);
    testbed.on_event = testbed_close_when_up;
    testbed_serve(&testbed, whole_script());
    memory_server_set_targets(testbed.server, 1, 1);
    failmem_arm(&testbed.memory, which, 0);
    rc = xmpp_connect_client(testbed.conn, NULL, 0, testbed_handler, &testbed);
    if (rc == 0) {
        testbed_until(&testbed, &testbed.downs, 1, "it ends");
        ok(testbed.ups ||
               xmpp_conn_get_failure(testbed.conn)->code == XMPP_EMEM,
           "it was up, or memory was out");
    } else {
        is_int(rc, XMPP_EMEM, "memory was out");
    }
    testbed_peer_end(&testbed);
    testbed_free(&testbed, "without memory");
}

int main(void)
{
    discovery_open();
    last();
    only();
    not_needed();
    after_refusal();
    host_named();
    as_xrd();
    by_redirect();
    all_useless();
    in_circles();
    forged();
    another_name();
    domain_will_do();
    second_url();
    nothing_works();
    with_dane();
    by_proxy();
    for (int i = 0; i < 40; i++) {
        left_after(i, false);
        left_after(i, true);
    }
    for (unsigned long i = 1; i < 400; i += 3)
        without_memory(i);
    discovery_close();
    return done_testing();
}
