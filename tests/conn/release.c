/* release.c - releasing and disconnecting from inside every callback. */

#include "conn/testbed.h"

static const char *const script[] = {
    PEER_LOGIN,
    "S <message from='a@example.org/x' id='m1'><body>1</body></message>"
    "<message from='a@example.org/x' id='m2'><body>2</body></message>",
    "eof", NULL};

/* What a callback does to its connection. */
typedef void (*deed)(struct testbed *testbed);

static void let_go(struct testbed *testbed)
{
    xmpp_conn_t *conn = testbed->conn;

    if (!conn)
        return;
    testbed->conn = NULL;
    testbed->count++;
    is_int(xmpp_conn_release(conn), 1, "  the last hold is released");
}

static void hang_up(struct testbed *testbed)
{
    testbed->count++;
    xmpp_disconnect(testbed->conn);
}

static void run_nested(struct testbed *testbed)
{
    testbed->count++;
    xmpp_run_once(testbed->ctx, 1);
    if (testbed->conn)
        xmpp_disconnect(testbed->conn);
}

static deed present;

static void in_event(struct testbed *testbed, xmpp_conn_event_t event)
{
    if (event == XMPP_CONN_CONNECT && testbed->conn)
        present(testbed);
}

static void in_down(struct testbed *testbed, xmpp_conn_event_t event)
{
    if (event == XMPP_CONN_CONNECT)
        xmpp_disconnect(testbed->conn);
    else if (testbed->conn)
        present(testbed);
}

static int in_stanza(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    (void)conn;
    (void)stanza;
    present(userdata);
    return 0;
}

static int in_timer(xmpp_conn_t *conn, void *userdata)
{
    (void)conn;
    present(userdata);
    return 0;
}

static void in_reply(xmpp_conn_t *conn, int status, xmpp_stanza_t *reply,
                     void *userdata)
{
    struct testbed *testbed = userdata;

    (void)conn;
    (void)reply;
    is_int(status, XMPP_ETIMEOUT, "  the request times out");
    if (testbed->conn)
        present(testbed);
}

static void arrange_event(struct testbed *testbed)
{
    testbed->on_event = in_event;
}

static void arrange_down(struct testbed *testbed)
{
    testbed->on_event = in_down;
}

static void arrange_stanza(struct testbed *testbed)
{
    xmpp_handler_add(testbed->conn, in_stanza, NULL, "message", NULL, testbed);
}

static void arrange_id(struct testbed *testbed)
{
    xmpp_id_handler_add(testbed->conn, in_stanza, "m1", testbed);
}

static void arrange_timer(struct testbed *testbed)
{
    xmpp_timed_handler_add(testbed->conn, in_timer, 1, testbed);
}

static void ask(struct testbed *testbed, xmpp_conn_event_t event)
{
    xmpp_stanza_t *iq;

    if (event != XMPP_CONN_CONNECT)
        return;
    iq = xmpp_iq_new(testbed->ctx, "get", NULL);
    xmpp_stanza_set_to(iq, "example.org");
    is_int(xmpp_request_send(testbed->conn, iq, 5, in_reply, testbed), 0,
           "  a request is sent");
}

static void arrange_reply(struct testbed *testbed)
{
    testbed->on_event = ask;
}

/* A callback for sockets has no userdata. */
static struct testbed *socket_bed;

static int in_socket(xmpp_conn_t *conn, void *sock)
{
    (void)conn;
    (void)sock;
    if (socket_bed->conn && socket_bed->count == 0)
        present(socket_bed);
    return 0;
}

static void arrange_socket(struct testbed *testbed)
{
    socket_bed = testbed;
    xmpp_conn_set_sockopt_callback(testbed->conn, in_socket);
}

static const struct {
    const char *name;
    void (*arrange)(struct testbed *testbed);
} places[] = {
    {"connected", arrange_event}, {"disconnected", arrange_down},
    {"stanza", arrange_stanza},   {"id", arrange_id},
    {"timer", arrange_timer},     {"reply", arrange_reply},
    {"socket", arrange_socket},
};

static const struct {
    const char *name;
    deed deed;
} deeds[] = {
    {"release", let_go},
    {"disconnect", hang_up},
    {"nested loop", run_nested},
};

static void try(size_t place, size_t what)
{
    struct testbed testbed;
    char name[64];

    snprintf(name, sizeof(name), "%s in %s", deeds[what].name,
             places[place].name);
    present = deeds[what].deed;
    if (places[place].arrange == arrange_socket)
        testbed_make(&testbed);
    else
        testbed_make_virtual(&testbed);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_CLOSE_TIMEOUT, 20);
    places[place].arrange(&testbed);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.downs, 1, name);
    ok(testbed.count >= 1, "%s: it was done", name);
    xmpp_run_once(testbed.ctx, 1);
    is_int(testbed.downs, 1, "%s: DISCONNECT is told once", name);
    if (testbed.peer)
        fake_server_poke(testbed.peer);
    testbed_peer_end(&testbed);
    testbed_free(&testbed, name);
}

int main(void)
{
    for (size_t p = 0; p < sizeof(places) / sizeof(places[0]); p++)
        for (size_t d = 0; d < sizeof(deeds) / sizeof(deeds[0]); d++)
            try(p, d);
    return done_testing();
}
