/* raw.c - streams driven by hand, components, the queue, the socket. */

#define XMPP_NO_DEPRECATED
#include <strophe.h>

#include "conn/bed.h"

/* ---- raw --------------------------------------------------------- */

static void open_by_hand(struct bed *bed, xmpp_conn_event_t event)
{
    static char words[][40] = {
        "xmlns",        "jabber:client",
        "xmlns:stream", "http://etherx.jabber.org/streams",
        "to",           "a&b"};
    char *attributes[] = {words[0], words[1], words[2],
                          words[3], words[4], words[5]};
    char twice[] = "twice";

    if (event == XMPP_CONN_RAW_CONNECT) {
        xmpp_send_raw_string(bed->conn, "%s", "");
        is_int(xmpp_conn_open_stream(bed->conn, attributes, 6), 0, "opened");
        is_int(xmpp_conn_tls_start(bed->conn), XMPP_EINVOP,
               "TLS was forbidden");
    }
    if (event == XMPP_CONN_CONNECT && bed->ups == 2) {
        xmpp_send_error(bed->conn, XMPP_SE_CONFLICT, twice);
        xmpp_disconnect(bed->conn);
    }
}

static int see(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct bed *bed = userdata;

    if (strcmp(xmpp_stanza_get_name(stanza), "features") == 0) {
        bed->count++;
        xmpp_send_raw(conn, "<iq/>", 5);
        is_int(xmpp_conn_open_stream_default(conn), 0, "opened again");
    }
    return 1;
}

static void raw(void)
{
    static const char *const script[] = {"C to=\"a&amp;b\">",
                                         "S " PEER_HEADER PEER_BIND,
                                         "C <iq/>",
                                         "C to=\"example.org\"",
                                         "C >",
                                         "S " PEER_HEADER,
                                         "C <conflict",
                                         "C twice",
                                         PEER_CLOSE,
                                         NULL};
    struct bed bed;

    bed_make(&bed);
    bed.on_event = open_by_hand;
    xmpp_handler_add(bed.conn, see, NULL, NULL, NULL, &bed);
    bed.peer = peer_start(script);
    is_int(xmpp_connect_raw(bed.conn, "127.0.0.1", peer_port(bed.peer),
                            bed_handler, &bed),
           0, "a raw connection");
    bed_until(&bed, &bed.downs, 1, "ends");
    is_int(bed.raw_ups, 1, "its transport came up");
    is_int(bed.ups, 2, "and two headers came");
    is_int(bed.count, 1, "features are a stanza");
    bed_peer_done(&bed, "raw");
    bed_free(&bed, "raw");
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
    struct bed bed;

    if (!good) {
        script[4] = "S <stream:error><not-authorized "
                    "xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
                    "</stream:error></stream:stream>";
        script[6] = "eof";
        script[7] = NULL;
        script[5] = "C </stream:stream>";
    }
    bed_make(&bed);
    xmpp_conn_set_jid(bed.conn, "comp.example.org");
    xmpp_conn_set_pass(bed.conn, secret);
    bed.peer = peer_start(script);
    is_int(xmpp_connect_component(bed.conn, "127.0.0.1", peer_port(bed.peer),
                                  bed_handler, &bed),
           0, "a component connects");
    if (good) {
        bed_until(&bed, &bed.ups, 1, "and is accepted");
        is_str(xmpp_conn_get_bound_jid(bed.conn), "comp.example.org",
               "its address");
        xmpp_disconnect(bed.conn);
    }
    bed_until(&bed, &bed.downs, 1, "and ends");
    if (!good) {
        ok(bed.had_stream_error, "a stream error is told");
        is_int(bed.stream_error, XMPP_SE_NOT_AUTHORIZED, "which one");
        bed_failed(&bed, XMPP_LAYER_SASL, XMPP_EAUTH, "component");
    }
    bed_peer_done(&bed, "component");
    bed_free(&bed, "component");
}

/* ---- the queue --------------------------------------------------- */

static void say_number(struct bed *bed, int i)
{
    xmpp_stanza_t *m = xmpp_message_new(bed->ctx, NULL, NULL, NULL);
    char text[16];

    snprintf(text, sizeof(text), "%d", i);
    xmpp_stanza_set_id(m, text);
    xmpp_send(bed->conn, m);
    xmpp_stanza_release(m);
}

static void queue(void)
{
    static const char *const script[] = {
        PEER_LOGIN, "C <message id=\"2\"/><message id=\"3\"/>", PEER_CLOSE,
        NULL};
    struct bed bed;
    char *text;

    bed_make(&bed);
    bed_connect(&bed, script);
    bed_until(&bed, &bed.ups, 1, "up");
    for (int i = 1; i <= 4; i++)
        say_number(&bed, i);
    is_int(xmpp_conn_send_queue_len(bed.conn), 4, "four wait");
    text = xmpp_conn_send_queue_drop_element(bed.conn, XMPP_QUEUE_OLDEST);
    is_str(text, "<message id=\"1\"/>", "the oldest is taken back");
    xmpp_free(bed.ctx, text);
    text = xmpp_conn_send_queue_drop_element(bed.conn, XMPP_QUEUE_YOUNGEST);
    is_str(text, "<message id=\"4\"/>", "and the youngest");
    xmpp_free(bed.ctx, text);
    ok(!xmpp_conn_send_queue_drop_element(bed.conn, (xmpp_queue_element_t)5),
       "and nothing else");
    xmpp_disconnect(bed.conn);
    bed_until(&bed, &bed.downs, 1, "down");
    bed_peer_done(&bed, "the queue");
    bed_free(&bed, "the queue");
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
    struct bed bed;

    bed_make(&bed);
    xmpp_conn_set_sockopt_callback(bed.conn, on_socket);
    bed_connect(&bed, script);
    bed_until(&bed, &bed.ups, 1, "up with a callback for the socket");
    is_int(sockets, 1, "which was called");
    xmpp_conn_set_sockopt_callback(bed.conn, NULL);
    xmpp_conn_set_keepalive(bed.conn, 60, 30);
    xmpp_disconnect(bed.conn);
    bed_until(&bed, &bed.downs, 1, "down");
    refuse = 1;
    xmpp_conn_set_sockopt_callback(bed.conn, on_socket);
    xmpp_connect_client(bed.conn, "127.0.0.1", peer_port(bed.peer), bed_handler,
                        &bed);
    bed_until(&bed, &bed.downs, 2, "a socket that is refused is not used");
    bed_failed(&bed, XMPP_LAYER_TCP, XMPP_ECONNECT, "refused by the callback");
    bed_peer_done(&bed, "the socket");
    bed_free(&bed, "the socket");
}

int main(void)
{
    raw();
    component("test", "C <handshake>aaee83c26aeeafcbabeabfcbcd50df997e0a2a1e<",
              true);
    component("other", "C <handshake>", false);
    queue();
    socket_options();
    return done_testing();
}
