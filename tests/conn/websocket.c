/* websocket.c - whole connections by WebSocket: logged in and ended, under TLS
 * with the name of the URL, by a proxy, resumed over TCP and back, sent to
 * another place, and refused. */

#include "conn/ctx.h"
#include "conn/fate.h"
#include "conn/way.h"
#include "net/certmaker.h"

#include <xmpp/transport.h>

static struct certmaker certmaker;
static char of_url[160], of_domain[160];

#define LOOPBACK "ws://localhost/ws"
#define MESSAGE                                                                \
    "S <message from='juliet@example.org/r'><body>hi</body></message>"

static void go(struct testbed *testbed, const char *url,
               const char *const *script)
{
    testbed_make_virtual(testbed);
    is_int(xmpp_conn_set_websocket(testbed->conn, url), 0, "%s", url);
    testbed_connect(testbed, script);
}

static void fails_so(struct testbed *testbed, xmpp_layer_t layer, int code,
                     const char *words, const char *what)
{
    testbed_fails_so(testbed, layer, code, words, what);
    testbed_peer_end(testbed);
    testbed_free(testbed, what);
}

/* ---- a life ------------------------------------------------------ */

static void lives(size_t piece)
{
    static const char *const plain[] = {"ws", PEER_LOGIN, PEER_CLOSE, NULL};
    struct testbed testbed;

    go(&testbed, LOOPBACK, plain);
    memory_server_set_piece(testbed.server, piece);
    testbed_ends_well(&testbed, "a life");
}

static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct testbed *testbed = userdata;

    (void)stanza;
    testbed->count++;
    xmpp_send_raw_string(conn,
                         "<presence/><message><body>long %01000d"
                         "</body></message>",
                         7);
    return 1;
}

static void talks(void)
{
    static const char *const script[] = {"ws",
                                         PEER_LOGIN,
                                         MESSAGE,
                                         "C <presence/>",
                                         "C <message><body>long 0",
                                         "C 07</body></message>",
                                         PEER_CLOSE,
                                         NULL};
    struct testbed testbed;

    go(&testbed, LOOPBACK, script);
    xmpp_handler_add(testbed.conn, on_message, NULL, "message", NULL, &testbed);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    testbed_until(&testbed, &testbed.count, 1, "a message came");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    ok(!xmpp_conn_get_failure(testbed.conn), "without a failure");
    testbed_peer_done(&testbed, "talking");
    testbed_free(&testbed, "talking");
}

/* The server ends the WebSocket and not the stream. */
static void ended_by_server(void)
{
    static const char *const script[] = {"ws", PEER_LOGIN, MESSAGE, "end",
                                         NULL};
    struct testbed testbed;

    go(&testbed, LOOPBACK, script);
    fails_so(&testbed, XMPP_LAYER_STREAM, XMPP_EEOF, "without ending",
             "an end of the WebSocket");
}

/* ---- sessions ---------------------------------------------------- */

/* What was written for one transport is sent again by the other. */
static void change_way(struct testbed *testbed, xmpp_conn_event_t event)
{
    if (event != XMPP_CONN_DISCONNECT || testbed->downs != 1)
        return;
    xmpp_conn_set_websocket(testbed->conn, testbed->pointer);
    testbed_connect_again(testbed);
}

static void resumes(const char *first, const char *second,
                    const char *const *script, const char *what)
{
    struct testbed testbed;
    struct fate fate = {0};

    testbed_make_virtual(&testbed);
    testbed.pointer = (char *)(uintptr_t)second;
    testbed.on_event = change_way;
    xmpp_conn_set_websocket(testbed.conn, first);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, what);
    fate_send(&testbed, "m1", &fate);
    testbed_until(&testbed, &testbed.ups, 2, "up again");
    ok(xmpp_conn_is_resumed(testbed.conn), "the session goes on");
    testbed_until(&testbed, &fate.told, 1, "what was sent is acknowledged");
    is_int(fate.status, 0, "by the second connection");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 2, "down");
    ok(!xmpp_conn_get_failure(testbed.conn), "no failure");
    testbed_peer_done(&testbed, what);
    testbed_free(&testbed, what);
}

static void resumes_all_ways(void)
{
    static const char *const both[] = {
        "ws",         TO_ENABLE,     ENABLED,     "C <message", "reset",
        "accept",     "ws",          TO_FEATURES, RESUME("0"),  RESUMED("0"),
        "C <message", "C id=\"m1\"", ACK("1"),    PEER_CLOSE,   NULL};
    static const char *const to_tcp[] = {
        "ws",          TO_ENABLE,   ENABLED,     "C <message", "reset",
        "accept",      TO_FEATURES, RESUME("0"), RESUMED("0"), "C <message",
        "C id=\"m1\"", ACK("1"),    PEER_CLOSE,  NULL};
    static const char *const from_tcp[] = {
        TO_ENABLE,     ENABLED,     "C <message", "reset",      "accept",
        "ws",          TO_FEATURES, RESUME("0"),  RESUMED("0"), "C <message",
        "C id=\"m1\"", ACK("1"),    PEER_CLOSE,   NULL};

    resumes(LOOPBACK, LOOPBACK, both, "by WebSocket both times");
    resumes(LOOPBACK, NULL, to_tcp, "then over TCP");
    resumes(NULL, LOOPBACK, from_tcp, "over TCP, then by WebSocket");
}

/* ---- TLS --------------------------------------------------------- */

static void secured(struct testbed *testbed, const char *certificate,
                    const char *url)
{
    static const char *script[24];
    static const char *const rest[] = {"ws", PEER_LOGIN, PEER_CLOSE, NULL};

    script[0] = certificate;
    memcpy(script + 1, rest, sizeof(rest));
    testbed_make_secured(testbed, certmaker.ca_file);
    testbed->is_virtual = true;
    xmpp_conn_set_websocket(testbed->conn, url);
    testbed_connect(testbed, script);
}

static void note_tls(struct testbed *testbed, xmpp_conn_event_t event)
{
    if (event != XMPP_CONN_CONNECT)
        return;
    ok(xmpp_conn_is_secured(testbed->conn), "it is secured");
    xmpp_disconnect(testbed->conn);
}

/* The name is that of the URL, not of the account. */
static void proves_its_name(void)
{
    struct testbed testbed;

    secured(&testbed, of_url, "wss://ws.example.com/");
    testbed.on_event = note_tls;
    testbed_until(&testbed, &testbed.downs, 1, "a certificate for the URL");
    ok(!xmpp_conn_get_failure(testbed.conn), "without a failure");
    testbed_peer_done(&testbed, "a certificate for the URL");
    testbed_free(&testbed, "a certificate for the URL");
    secured(&testbed, of_domain, "wss://ws.example.com/");
    fails_so(&testbed, XMPP_LAYER_TLS, XMPP_ECERTNAME, "ws.example.com",
             "a certificate for the account");
}

/* While TLS is being set up, nothing of the WebSocket is sent. */
static void ended_early(void)
{
    static const char *const script[] = {"eof", NULL};
    struct testbed testbed;

    testbed_make_secured(&testbed, certmaker.ca_file);
    testbed.is_virtual = true;
    xmpp_conn_set_websocket(testbed.conn, "wss://ws.example.com/");
    testbed_connect(&testbed, script);
    for (int i = 0; i < 5; i++)
        xmpp_run_once(testbed.ctx, 0);
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "ended during the handshake");
    ok(!xmpp_conn_get_failure(testbed.conn), "which is no failure: %s",
       xmpp_conn_get_failure(testbed.conn)
           ? xmpp_conn_get_failure(testbed.conn)->message
           : "none");
    testbed_peer_end(&testbed);
    testbed_free(&testbed, "ended early");
}

static void by_proxy(void)
{
    static const char *const script[] = {"C CONNECT localhost:8080",
                                         "C \r\n\r\n",
                                         "S HTTP/1.1 200 OK\r\n\r\n",
                                         "ws",
                                         PEER_LOGIN,
                                         PEER_CLOSE,
                                         NULL};
    struct testbed testbed;

    testbed_make_virtual(&testbed);
    xmpp_conn_set_proxy(testbed.conn, "http://proxy");
    xmpp_conn_set_websocket(testbed.conn, "ws://localhost:8080");
    is_int(
        xmpp_connect_client(testbed.conn, NULL, 0, testbed_handler, &testbed),
        XMPP_EARG, "by a proxy localhost is the proxy's");
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_WEBSOCKET_CLEAR, 1);
    testbed_connect(&testbed, script);
    testbed_ends_well(&testbed, "by a proxy");
}

/* ---- another place ----------------------------------------------- */

static void sent_on(const char *line, bool followed, const char *what)
{
    const char *script[] = {
        "ws", "C <stream:stream", "C >",      line, "eof", "accept",
        "ws", PEER_LOGIN,         PEER_CLOSE, NULL};
    struct testbed testbed;

    if (!followed)
        script[5] = NULL;
    go(&testbed, LOOPBACK, script);
    if (followed)
        testbed_ends_well(&testbed, what);
    else
        fails_so(&testbed, XMPP_LAYER_STREAM, XMPP_ESTREAM, "may be followed",
                 what);
}

/* As a server over TCP would say it: the words are turned into <close/>'s by
 * nobody, but the same way is taken. */
#define OTHER(uri)                                                             \
    "S " PEER_HEADER "<stream:error><see-other-host "                          \
    "xmlns='urn:ietf:params:xml:ns:xmpp-streams'>" uri                         \
    "</see-other-host></stream:error></stream:stream>"

static void sent_to_others(void)
{
    sent_on(OTHER("ws://127.0.0.1:5281/other"), true, "another place");
    sent_on(OTHER("ws://example.com/"), false, "a place that is not safe");
    sent_on(OTHER("example.com:5222"), false, "a host");
    sent_on(OTHER("http://localhost/"), false, "another scheme");
}

/* ---- refused ----------------------------------------------------- */

static void not_there(void)
{
    static const char *const script[] = {
        "C \r\n\r\n", "S HTTP/1.1 404 Not Found\r\n\r\n", "eof", NULL};
    struct testbed testbed;

    go(&testbed, LOOPBACK, script);
    fails_so(&testbed, XMPP_LAYER_WEBSOCKET, XMPP_EWEBSOCKET, "404 Not Found",
             "a page that is not there");
}

static void silent(void)
{
    static const char *const script[] = {"C \r\n\r\n", "eof", NULL};
    struct testbed testbed;

    go(&testbed, LOOPBACK, script);
    fails_so(&testbed, XMPP_LAYER_WEBSOCKET, XMPP_ETIMEOUT, "websocket",
             "no answer");
}

static void not_a_websocket(void)
{
    static const char *const script[] = {"ws", "C >", "S <a/>", "eof", NULL};
    struct testbed testbed;

    go(&testbed, LOOPBACK, script);
    fails_so(&testbed, XMPP_LAYER_STREAM, XMPP_EPROTO, "stream header",
             "no stream in it");
}

static void refused(struct testbed *testbed, const char *url, const char *words)
{
    const char *why;

    is_int(xmpp_conn_set_websocket(testbed->conn, url), XMPP_EARG, "not %s",
           url);
    why = xmpp_ctx_get_last_error(testbed->ctx);
    ok(strstr(why, words), "%s", why);
}

static void refused_later(struct testbed *testbed, const char *url,
                          const char *words)
{
    is_int(xmpp_conn_set_websocket(testbed->conn, url), 0, "%s", url);
    is_int(
        xmpp_connect_client(testbed->conn, NULL, 0, testbed_handler, testbed),
        XMPP_EARG, "is not connected to");
    ok(strstr(xmpp_conn_get_failure(testbed->conn)->message, words), "%s",
       xmpp_conn_get_failure(testbed->conn)->message);
}

static void sets(void)
{
    struct testbed testbed;

    testbed_make(&testbed);
    refused(&testbed, "ws.example.org", "scheme");
    refused(&testbed, "https://example.org/", "wss or ws");
    refused(&testbed, "wss://u:p@example.org/", "no user name");
    refused(&testbed, "wss://example.org?a", "path");
    is_int(xmpp_conn_set_websocket(NULL, LOOPBACK), XMPP_EINVOP, "of nobody");
    refused_later(&testbed, "ws://example.org/", "XMPP_OPT_WEBSOCKET_CLEAR");
    refused_later(&testbed, "ws://127.0.0.1.example/", "no TLS");
    xmpp_conn_set_flags(testbed.conn, XMPP_CONN_FLAG_MANDATORY_TLS);
    refused_later(&testbed, LOOPBACK, "MANDATORY_TLS");
    ok(way_is_loopback("a.LOCALHOST") && way_is_loopback("127.1.2.3") &&
           way_is_loopback("::1") && !way_is_loopback("localhost.example") &&
           !way_is_loopback("xlocalhost") && !way_is_loopback("127.1") &&
           !way_is_loopback("::2") && !way_is_loopback("128.0.0.1"),
       "what is on this machine");
    testbed_free(&testbed, "setting");
}

/* XEP-0138 would compress what is framed already; a component has no form for
 * it. */
static void affects(void)
{
    struct testbed testbed;

    testbed_make(&testbed);
    xmpp_conn_set_websocket(testbed.conn, LOOPBACK);
    xmpp_conn_set_flags(testbed.conn, XMPP_CONN_FLAG_ENABLE_COMPRESSION);
    xmpp_connect_client(testbed.conn, NULL, 0, testbed_handler, &testbed);
    ok(!testbed.conn->attempt->account.wanted.zlib, "no compression");
    is_int(testbed.conn->attempt->account.wanted.tls, TLS_NEVER, "no STARTTLS");
    xmpp_conn_release(testbed.conn);
    testbed.conn = xmpp_conn_new(testbed.ctx);
    xmpp_conn_set_websocket(testbed.conn, LOOPBACK);
    xmpp_conn_set_jid(testbed.conn, "comp.example.org");
    xmpp_conn_set_pass(testbed.conn, "secret");
    xmpp_connect_component(testbed.conn, "127.0.0.1", 9, testbed_handler,
                           &testbed);
    ok(!way_has_websocket(testbed.conn->attempt), "no components");
    testbed_free(&testbed, "what is affected");
}

static int set_all(struct testbed *testbed)
{
    int rc = xmpp_conn_set_websocket(testbed->conn, "wss://\xc3\xa4.example/");

    return rc ? rc : xmpp_conn_set_proxy(testbed->conn, "http://proxy");
}

int main(void)
{
    struct cert_spec url = {.dns = {"ws.example.com"}},
                     domain = {.dns = {"example.org"}};

    certmaker_open(&certmaker);
    certmaker_files(&certmaker, &url, "url");
    certmaker_files(&certmaker, &domain, "domain");
    snprintf(of_url, sizeof(of_url), "tls %s/url", certmaker.folder);
    snprintf(of_domain, sizeof(of_domain), "tls %s/domain", certmaker.folder);
    lives(SIZE_MAX);
    lives(1);
    talks();
    ended_by_server();
    resumes_all_ways();
    proves_its_name();
    ended_early();
    by_proxy();
    sent_to_others();
    not_there();
    silent();
    not_a_websocket();
    sets();
    affects();
    testbed_squeeze(NULL, set_all);
    certmaker_close(&certmaker);
    return done_testing();
}
