/* raw.c - streams driven by hand, components, the queue, the socket. */

#define XMPP_NO_DEPRECATED
#include <strophe.h>

#include "conn/testbed.h"

/* ---- raw --------------------------------------------------------- */

static int open_with_words(xmpp_conn_t *conn)
{
    static char words[][40] = {
        "xmlns",        "jabber:client",
        "xmlns:stream", "http://etherx.jabber.org/streams",
        "to",           "a&b"};
    char *attributes[] = {words[0], words[1], words[2],
                          words[3], words[4], words[5]};

    return xmpp_conn_open_stream(conn, attributes, 6);
}

static void open_by_hand(struct testbed *testbed, xmpp_conn_event_t event)
{
    char twice[] = "twice";

    if (event == XMPP_CONN_RAW_CONNECT) {
        xmpp_send_raw_string(testbed->conn, "%s", "");
        is_int(open_with_words(testbed->conn), 0, "opened");
        is_int(xmpp_conn_tls_start(testbed->conn), XMPP_EINVOP,
               "TLS was forbidden");
    }
    if (event == XMPP_CONN_CONNECT && testbed->ups == 2) {
        xmpp_send_error(testbed->conn, XMPP_SE_CONFLICT, twice);
        xmpp_disconnect(testbed->conn);
    }
}

static int see(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct testbed *testbed = userdata;

    if (strcmp(xmpp_stanza_get_name(stanza), "features") == 0) {
        testbed->count++;
        xmpp_send_raw(conn, "<iq/>", 5);
        is_int(open_with_words(conn), 0, "opened again");
    }
    return 1;
}

static void raw(void)
{
    static const char *const script[] = {"C to=\"a&amp;b\">",
                                         "S " PEER_HEADER PEER_BIND,
                                         "C <iq/>",
                                         "C to=\"a&amp;b\">",
                                         "S " PEER_HEADER,
                                         "C <conflict",
                                         "C twice",
                                         PEER_CLOSE,
                                         NULL};
    struct testbed testbed;

    testbed_make(&testbed);
    testbed.on_event = open_by_hand;
    xmpp_handler_add(testbed.conn, see, NULL, NULL, NULL, &testbed);
    testbed.peer = fake_server_start(script);
    is_int(xmpp_connect_raw(testbed.conn, "127.0.0.1",
                            fake_server_port(testbed.peer), testbed_handler,
                            &testbed),
           0, "a raw connection");
    testbed_until(&testbed, &testbed.downs, 1, "ends");
    is_int(testbed.raw_ups, 1, "its transport came up");
    is_int(testbed.ups, 2, "and two headers came");
    is_int(testbed.count, 1, "features are a stanza");
    testbed_peer_done(&testbed, "raw");
    testbed_free(&testbed, "raw");
}

/* ---- a component ------------------------------------------------- */

static void component(const char *secret, const char *digest, bool good)
{
    const char *script[] = {
        "C jabber:component:accept",
        "C >",
        "S <stream:stream xmlns='jabber:component:accept' "
        "xmlns:stream='http://etherx.jabber.org/streams' id='3BF96D32' "
        "from='comp.example.org'>",
        digest,
        "S <handshake/>",
        PEER_CLOSE,
        NULL};
    struct testbed testbed;

    if (!good) {
        script[4] = "S <stream:error><not-authorized "
                    "xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                    "</stream:error></stream:stream>";
        script[6] = "eof";
        script[7] = NULL;
        script[5] = "C </stream:stream>";
    }
    testbed_make(&testbed);
    xmpp_conn_set_jid(testbed.conn, "comp.example.org");
    xmpp_conn_set_pass(testbed.conn, secret);
    testbed.peer = fake_server_start(script);
    is_int(xmpp_connect_component(testbed.conn, "127.0.0.1",
                                  fake_server_port(testbed.peer),
                                  testbed_handler, &testbed),
           0, "a component connects");
    if (good) {
        testbed_until(&testbed, &testbed.ups, 1, "and is accepted");
        is_str(xmpp_conn_get_bound_jid(testbed.conn), "comp.example.org",
               "its address");
        is_int(xmpp_conn_get_type(testbed.conn), XMPP_COMPONENT, "its type");
        ok(xmpp_conn_is_component(testbed.conn), "a component");
        xmpp_disconnect(testbed.conn);
    }
    testbed_until(&testbed, &testbed.downs, 1, "and ends");
    if (!good) {
        ok(testbed.had_stream_error, "a stream error is told");
        is_int(testbed.stream_error, XMPP_SE_NOT_AUTHORIZED, "which one");
        testbed_failed(&testbed, XMPP_LAYER_SASL, XMPP_EAUTH, "component");
    }
    testbed_peer_done(&testbed, "component");
    testbed_free(&testbed, "component");
}

/* ---- the queue --------------------------------------------------- */

static void say_number(struct testbed *testbed, int i)
{
    xmpp_stanza_t *m = xmpp_message_new(testbed->ctx, NULL, NULL, NULL);
    char text[16];

    snprintf(text, sizeof(text), "%d", i);
    xmpp_stanza_set_id(m, text);
    xmpp_send(testbed->conn, m);
    xmpp_stanza_release(m);
}

static void queue(void)
{
    static const char *const script[] = {
        PEER_LOGIN, "C <message id=\"2\"/><message id=\"3\"/>", PEER_CLOSE,
        NULL};
    struct testbed testbed;
    char *text;

    testbed_make(&testbed);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    for (int i = 1; i <= 4; i++)
        say_number(&testbed, i);
    is_int(xmpp_conn_send_queue_len(testbed.conn), 4, "four wait");
    text = xmpp_conn_send_queue_drop_element(testbed.conn, XMPP_QUEUE_OLDEST);
    is_str(text, "<message id=\"1\"/>", "the oldest is taken back");
    xmpp_free(testbed.ctx, text);
    text = xmpp_conn_send_queue_drop_element(testbed.conn, XMPP_QUEUE_YOUNGEST);
    is_str(text, "<message id=\"4\"/>", "and the youngest");
    xmpp_free(testbed.ctx, text);
    ok(!xmpp_conn_send_queue_drop_element(testbed.conn,
                                          (xmpp_queue_element_t)5),
       "and nothing else");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    testbed_peer_done(&testbed, "the queue");
    testbed_free(&testbed, "the queue");
}

/* ---- the socket -------------------------------------------------- */

static int sockets, refuse;

static int on_socket(xmpp_conn_t *conn, void *sock)
{
    sockets++;
    return refuse ? -1 : xmpp_sockopt_cb_keepalive(conn, sock);
}

static void socket_options(void)
{
    static const char *const script[] = {PEER_LOGIN, PEER_CLOSE, NULL};
    struct testbed testbed;

    testbed_make(&testbed);
    xmpp_conn_set_sockopt_callback(testbed.conn, on_socket);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1,
                  "up with a callback for the socket");
    is_int(sockets, 1, "which was called");
    xmpp_conn_set_sockopt_callback(testbed.conn, NULL);
    xmpp_conn_set_keepalive(testbed.conn, 60, 30);
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    refuse = 1;
    xmpp_conn_set_sockopt_callback(testbed.conn, on_socket);
    xmpp_connect_client(testbed.conn, "127.0.0.1",
                        fake_server_port(testbed.peer), testbed_handler,
                        &testbed);
    testbed_until(&testbed, &testbed.downs, 2,
                  "a socket that is refused is not used");
    testbed_failed(&testbed, XMPP_LAYER_TCP, XMPP_ECONNECT,
                   "refused by the callback");
    testbed_peer_done(&testbed, "the socket");
    testbed_free(&testbed, "the socket");
}

/* ---- a loop in the handler --------------------------------------- */

static int note_features(xmpp_conn_t *conn, xmpp_stanza_t *stanza,
                         void *userdata)
{
    (void)conn;
    (void)stanza;
    ((struct testbed *)userdata)->count++;
    return 1;
}

/* Nothing is being read when the transport comes up, so a loop in here reads.
 */
static void open_and_run(struct testbed *testbed, xmpp_conn_event_t event)
{
    if (event != XMPP_CONN_RAW_CONNECT)
        return;
    xmpp_conn_open_stream_default(testbed->conn);
    for (int i = 0; i < 500 && !testbed->count && !testbed->downs; i++)
        xmpp_run_once(testbed->ctx, 10);
    is_int(testbed->ups, 1, "the header is read inside of the handler");
    is_int(testbed->count, 1, "and what came with it");
}

/* What was read together with a header must not be lost. */
static void runs_inside(void)
{
    static const char *const script[] = {"C <stream:stream", "C >",
                                         "S " PEER_HEADER PEER_BIND, PEER_CLOSE,
                                         NULL};
    struct testbed testbed;

    testbed_make(&testbed);
    testbed.on_event = open_and_run;
    xmpp_handler_add(testbed.conn, note_features, NULL, NULL, NULL, &testbed);
    testbed.peer = fake_server_start(script);
    xmpp_connect_raw(testbed.conn, "127.0.0.1", fake_server_port(testbed.peer),
                     testbed_handler, &testbed);
    testbed_until(&testbed, &testbed.raw_ups, 1, "a raw connection");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "ends");
    testbed_peer_done(&testbed, "a loop in the handler");
    testbed_free(&testbed, "a loop in the handler");
}

int main(void)
{
    raw();
    runs_inside();
    component("test", "C <handshake>aaee83c26aeeafcbabeabfcbcd50df997e0a2a1e<",
              true);
    component("other", "C <handshake>", false);
    queue();
    socket_options();
    return done_testing();
}
