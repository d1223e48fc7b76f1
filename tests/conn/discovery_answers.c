/* discovery_answers.c - what a web server may answer, and what comes of it:
 * where redirects lead, which refusals may be tried again, and WebSockets
 * without TLS. */

#include "conn/discovery_testbed.h"

/* ---- redirects --------------------------------------------------- */

#define MOVED(status, url)                                                     \
    "S HTTP/1.1 " status " Moved\r\nLocation: " url "\r\n\r\n", "end", "accept"
#define ASK(path, authority)                                                   \
    "C GET " path " HTTP/1.1\r\nHost: " authority "\r\n"
#define NAMED JSON(LINK(THERE)), "accept", of_host, "ws", PEER_LOGIN, PEER_CLOSE

/* The port is part of the authority, and stays where only the path changes. */
static void to_a_port(void)
{
    struct testbed testbed;

    discovery_begin(&testbed, 2, 1, 0,
                    SCRIPT(of_domain, ASK_JSON,
                           MOVED("308", "https://www.example.org:8443/a"),
                           of_web, ASK("/a", "www.example.org:8443"),
                           MOVED("302", "/b"), of_web,
                           ASK("/b", "www.example.org:8443"),
                           MOVED("303", "https://www.example.org?c"), of_web,
                           ASK("/?c", "www.example.org"), NAMED));
    discovery_succeeds(&testbed, "a port, the same, and none");
    targets_end(&testbed, "a port");
}

/* An IPv6 address is in brackets, but as a name to be dialled it is not. */
static void to_an_address(void)
{
    struct testbed testbed;

    testbed_make_virtual(&testbed);
    xmpp_conn_set_flags(testbed.conn, 0);
    xmpp_conn_set_cafile(testbed.conn, discovery_ca_file);
    xmpp_conn_set_jid(testbed.conn, "[::1]");
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_HOST_META, 2);
    targets_meet(&testbed, 1, 0,
                 SCRIPT(of_address, ASK("/.well-known/host-meta.json", "[::1]"),
                        MOVED("302", "https://[::1]:8443/a"), of_address,
                        ASK("/a", "[::1]:8443"), MISSING, "accept", of_address,
                        ASK("/.well-known/host-meta", "[::1]"), MISSING));
    discovery_fails(&testbed, XMPP_LAYER_HTTP, XMPP_EHOSTMETA, "an address");
    is_str(memory_server_dialled(testbed.server), "::1 443", "  was dialled");
    targets_failed(&testbed, 0, "::1", XMPP_LAYER_HTTP, XMPP_EHOSTMETA);
    targets_end(&testbed, "an address");
}

/* ---- refusals ---------------------------------------------------- */

/* Both documents are answered so: does an attempt follow? */
static void refused(const char *answer, const char *words, xmpp_retry_t retry)
{
    const xmpp_failure_t *f;
    struct testbed testbed;

    discovery_begin(&testbed, 2, 1, 0,
                    SCRIPT(of_domain, ASK_JSON, answer, "end", "accept",
                           of_domain, ASK_XRD, answer, "end"));
    discovery_fails(&testbed, XMPP_LAYER_HTTP, XMPP_EHOSTMETA, words);
    f = xmpp_conn_get_failure(testbed.conn);
    ok(strstr(f->message, words), "  it says so: %s", f->message);
    is_int(f->retry, retry, "  may it be tried again?");
    targets_end(&testbed, words);
}

static void refusals(void)
{
    static const struct {
        const char *status;
        xmpp_retry_t retry;
    } rows[] = {{"300", XMPP_RETRY_NEVER}, {"304", XMPP_RETRY_NEVER},
                {"309", XMPP_RETRY_NEVER}, {"404", XMPP_RETRY_NEVER},
                {"407", XMPP_RETRY_NEVER}, {"408", XMPP_RETRY_SOON},
                {"409", XMPP_RETRY_NEVER}, {"429", XMPP_RETRY_SOON},
                {"430", XMPP_RETRY_NEVER}, {"499", XMPP_RETRY_NEVER},
                {"500", XMPP_RETRY_SOON},  {"503", XMPP_RETRY_SOON}};
    char answer[100], words[32];

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        snprintf(answer, sizeof(answer),
                 "S HTTP/1.1 %s No\r\nContent-Length: 0\r\n\r\n",
                 rows[i].status);
        snprintf(words, sizeof(words), "it answered %s", rows[i].status);
        refused(answer, words, rows[i].retry);
    }
    refused(FOUND "hello", "neither JSON nor XRD", XMPP_RETRY_NEVER);
    refused("S HTTP/1.1 302 Moved\r\nLocation: /a b\r\n\r\n",
            "it is not a URL that can be followed", XMPP_RETRY_NEVER);
}

/* Where a session was, there may be one again. */
static void refused_later(void)
{
    struct testbed testbed;

    testbed_make_virtual(&testbed);
    xmpp_conn_set_flags(testbed.conn, 0);
    xmpp_conn_set_cafile(testbed.conn, discovery_ca_file);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_HOST_META, 2);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_RECONNECT, 1);
    targets_meet(&testbed, 1, 0,
                 SCRIPT(of_domain, ASK_JSON, JSON(LINK(THERE)), "accept",
                        of_host, "ws", PEER_LOGIN, "reset", "accept", of_domain,
                        ASK_JSON, MISSING, "accept", of_domain, ASK_XRD,
                        MISSING));
    testbed_until(&testbed, &testbed.ups, 1, "a session");
    for (int i = 0; i < 200 && memory_server_count(testbed.server) < 5; i++)
        xmpp_run_once(testbed.ctx, 1000000);
    is_int(memory_server_count(testbed.server), 5,
           "  whose domain names no WebSocket then: it is asked again");
    xmpp_conn_release(testbed.conn);
    testbed.conn = NULL;
    testbed_peer_end(&testbed);
    testbed_free(&testbed, "refused later");
}

static void not_reached(const char *proxy, const char *dialled, int direct_tls)
{
    const xmpp_target_failure_t *f;
    struct testbed testbed;

    testbed_make_virtual(&testbed);
    xmpp_conn_set_flags(testbed.conn, 0);
    xmpp_conn_set_cafile(testbed.conn, discovery_ca_file);
    xmpp_conn_set_proxy(testbed.conn, proxy);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_HOST_META, 2);
    targets_meet(&testbed, 1, 65535, SCRIPT("accept"));
    discovery_fails(&testbed, XMPP_LAYER_TCP, XMPP_ECONNECT, dialled);
    is_str(memory_server_dialled(testbed.server), dialled, "  was dialled");
    f = xmpp_conn_get_target_failure(testbed.conn, 0);
    is_int(f->direct_tls, direct_tls, "  with TLS at once, or without");
    targets_no_more(&testbed, 1);
    testbed_peer_end(&testbed);
    testbed_free(&testbed, dialled);
}

/* ---- without TLS ------------------------------------------------- */

#define CLEAR JSON(LINK("ws://ws.example.com/ws"))

/* Only if both settings allow it. */
static void in_clear(long allowed, long flags, bool is_used)
{
    const char *const used[] = {of_domain, ASK_JSON,   CLEAR,      "accept",
                                "ws",      PEER_LOGIN, PEER_CLOSE, NULL};
    const char *const unused[] = {of_domain, ASK_JSON, CLEAR,   "accept",
                                  of_domain, ASK_XRD,  MISSING, NULL};
    struct testbed testbed;

    testbed_make_virtual(&testbed);
    xmpp_conn_set_flags(testbed.conn, flags);
    xmpp_conn_set_cafile(testbed.conn, discovery_ca_file);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_HOST_META, 2);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_WEBSOCKET_CLEAR, allowed);
    testbed.on_event = testbed_close_when_up;
    targets_meet(&testbed, 1, 0, is_used ? used : unused);
    if (is_used)
        discovery_succeeds(&testbed, "without TLS, where that is allowed");
    else
        discovery_fails(&testbed, XMPP_LAYER_HTTP, XMPP_EHOSTMETA,
                        "not without TLS");
    targets_end(&testbed, "without TLS");
}

int main(void)
{
    discovery_open();
    to_a_port();
    to_an_address();
    refusals();
    refused_later();
    not_reached(NULL, "example.org 443", 1);
    not_reached("http://proxy:3128", "proxy 3128", 0);
    in_clear(1, 0, true);
    in_clear(0, 0, false);
    in_clear(1, XMPP_CONN_FLAG_MANDATORY_TLS, false);
    discovery_close();
    return done_testing();
}
