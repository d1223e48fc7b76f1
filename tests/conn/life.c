/* life.c - the life of a connection as an application sees it. */

#include "conn/testbed.h"

static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct testbed *testbed = userdata;
    char *body = xmpp_message_get_body(stanza);

    (void)conn;
    is_str(xmpp_stanza_get_from(stanza), "juliet@example.org/balcony",
           "the handler sees the sender");
    is_str(body, "Art thou not Romeo?", "and the body");
    xmpp_free(testbed->ctx, body);
    testbed->count++;
    return 1;
}

static void talks(void)
{
    static const char *const script[] = {
        PEER_LOGIN,
        "C <presence",
        "S <message from='juliet@example.org/balcony' type='chat'>"
        "<body>Art thou not Romeo?</body></message>",
        "C wherefore",
        "C type=\"unavailable\"",
        PEER_CLOSE,
        NULL};
    struct testbed testbed;
    xmpp_stanza_t *message;

    testbed_make(&testbed);
    ok(xmpp_conn_is_disconnected(testbed.conn), "at first it is disconnected");
    testbed_connect(&testbed, script);
    ok(xmpp_conn_is_connecting(testbed.conn), "then connecting");
    is_int(xmpp_connect_client(testbed.conn, "127.0.0.1", 1, testbed_handler,
                               &testbed),
           XMPP_EINVOP, "connecting twice is refused");
    xmpp_handler_add(testbed.conn, on_message, NULL, "message", NULL, &testbed);
    testbed_until(&testbed, &testbed.ups, 1, "it logs in");
    ok(xmpp_conn_is_connected(testbed.conn), "then connected");
    is_str(xmpp_conn_get_bound_jid(testbed.conn), "guest@example.org/r",
           "the bound address");
    is_int(xmpp_conn_get_type(testbed.conn), XMPP_CLIENT, "a client");
    ok(!xmpp_conn_is_component(testbed.conn), "not a component");
    is_int(xmpp_send_take(testbed.conn, xmpp_presence_new(testbed.ctx)), 0,
           "presence is sent");
    testbed_until(&testbed, &testbed.count, 1, "a message arrives");
    message = xmpp_message_new(testbed.ctx, "chat", "juliet@example.org", NULL);
    xmpp_message_set_body(message, "wherefore");
    is_int(xmpp_send_take(testbed.conn, message), 0, "a message is sent");
    xmpp_disconnect(testbed.conn);
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "it ends");
    is_int(testbed.error, 0, "without an error");
    ok(!xmpp_conn_get_failure(testbed.conn), "and without a failure");
    ok(xmpp_conn_is_disconnected(testbed.conn), "at last it is disconnected");
    is_int(xmpp_conn_get_type(testbed.conn), XMPP_UNKNOWN, "and nothing");
    testbed_peer_done(&testbed, "a life");
    testbed_free(&testbed, "a life");
}

/* ---- sending when it cannot be ----------------------------------- */

static void sends_early(void)
{
    struct testbed testbed;

    testbed_make(&testbed);
    is_int(xmpp_send_take(testbed.conn, xmpp_presence_new(testbed.ctx)),
           XMPP_ENOTCONN, "nothing is sent while disconnected");
    xmpp_send_raw_string(testbed.conn, "<presence/>");
    is_int(xmpp_conn_send_queue_len(testbed.conn), 0, "nor queued");
    xmpp_connect_client(testbed.conn, "127.0.0.1", fake_server_no_port(),
                        testbed_handler, &testbed);
    is_int(xmpp_send_take(testbed.conn, xmpp_presence_new(testbed.ctx)),
           XMPP_ENOTCONN, "nor while connecting");
    testbed_until(&testbed, &testbed.downs, 1, "a refused connection ends");
    testbed_failed(&testbed, XMPP_LAYER_TCP, XMPP_ECONNECT, "refused");
    testbed_free(&testbed, "refused");
}

/* ---- again ------------------------------------------------------- */

static void again_when_down(struct testbed *testbed, xmpp_conn_event_t event)
{
    if (event == XMPP_CONN_CONNECT)
        xmpp_disconnect(testbed->conn);
    else if (testbed->downs == 1)
        testbed_connect_again(testbed);
}

static void reconnects(void)
{
    static const char *const script[] = {
        PEER_LOGIN, "C </stream:stream>", "S </stream:stream>",
        "accept",   PEER_LOGIN,           PEER_CLOSE,
        NULL};
    struct testbed testbed;

    testbed_make(&testbed);
    testbed.on_event = again_when_down;
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.downs, 2,
                  "connecting anew in the handler works");
    is_int(testbed.ups, 2, "and logs in twice");
    testbed_peer_done(&testbed, "again");
    testbed_free(&testbed, "again");
}

/* ---- stopping early ---------------------------------------------- */

static void stops_while_connecting(void)
{
    static const char *const script[] = {"C <stream:stream", "eof", NULL};
    struct testbed testbed;

    testbed_make(&testbed);
    testbed_connect(&testbed, script);
    xmpp_disconnect(testbed.conn);
    is_int(testbed.downs, 0, "disconnect tells nothing by itself");
    testbed_until(&testbed, &testbed.downs, 1, "but the loop does");
    ok(!xmpp_conn_get_failure(testbed.conn), "it is not a failure");
    is_int(testbed.ups, 0, "it never came up");
    xmpp_run_once(testbed.ctx, 10);
    is_int(testbed.downs, 1, "it is told once");
    fake_server_join(testbed.peer);
    testbed_free(&testbed, "stopped early");
}

static void ends_with_the_context(void)
{
    static const char *const script[] = {PEER_LOGIN, "eof", NULL};
    struct testbed testbed;

    testbed_make(&testbed);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    is_int(xmpp_conn_release(testbed.conn), 1, "the last hold is released");
    testbed.conn = NULL;
    is_int(testbed.downs, 1, "which tells DISCONNECT at once");
    testbed_peer_done(&testbed, "released");
    testbed_free(&testbed, "released");
}

static int takes(xmpp_conn_t *conn, xmpp_stanza_t *iq, void *userdata)
{
    (void)conn;
    (void)iq;
    (void)userdata;
    return 1;
}

/* What most connections never need is allocated when it is. */
static void lacks_memory(void)
{
    struct testbed testbed;
    const xmpp_failure_t *why;

    testbed_make(&testbed);
    failmem_arm(&testbed.memory, 1, 1);
    is_int(xmpp_connect_component(testbed.conn, NULL, 0, NULL, NULL),
           XMPP_EINVOP, "a component without a host, and without memory");
    why = xmpp_conn_get_failure(testbed.conn);
    ok(why && strcmp(why->message, xmpp_strerror(XMPP_EINVOP)) == 0 &&
           !why->condition[0] && !why->text[0],
       "its code has words all the same");
    is_int(xmpp_iq_handler_add(testbed.conn, NULL, "urn:x", NULL, takes, NULL),
           XMPP_EMEM, "a handler of iq stanzas needs memory");
    failmem_arm(&testbed.memory, 0, 0);
    xmpp_iq_handler_delete(testbed.conn, takes, NULL);
    is_int(xmpp_iq_handler_add(testbed.conn, NULL, "urn:x", NULL, takes, NULL),
           0, "and is added when there is some");
    is_int(xmpp_connect_component(testbed.conn, NULL, 0, NULL, NULL),
           XMPP_EINVOP, "again, with memory");
    why = xmpp_conn_get_failure(testbed.conn);
    ok(why && strstr(why->message, "a component needs"), "all its words");
    testbed_free(&testbed, "without memory");
}

int main(void)
{
    talks();
    lacks_memory();
    sends_early();
    reconnects();
    stops_while_connecting();
    ends_with_the_context();
    return done_testing();
}
