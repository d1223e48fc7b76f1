/* life.c - the life of a connection as an application sees it. */

#include "conn/bed.h"

static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct bed *bed = userdata;
    char *body = xmpp_message_get_body(stanza);

    (void)conn;
    is_str(xmpp_stanza_get_from(stanza), "juliet@example.org/balcony",
           "the handler sees the sender");
    is_str(body, "Art thou not Romeo?", "and the body");
    xmpp_free(bed->ctx, body);
    bed->count++;
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
    struct bed bed;
    xmpp_stanza_t *message;

    bed_make(&bed);
    ok(xmpp_conn_is_disconnected(bed.conn), "at first it is disconnected");
    bed_connect(&bed, script);
    ok(xmpp_conn_is_connecting(bed.conn), "then connecting");
    is_int(xmpp_connect_client(bed.conn, "127.0.0.1", 1, bed_handler, &bed),
           XMPP_EINVOP, "connecting twice is refused");
    xmpp_handler_add(bed.conn, on_message, NULL, "message", NULL, &bed);
    bed_until(&bed, &bed.ups, 1, "it logs in");
    ok(xmpp_conn_is_connected(bed.conn), "then connected");
    is_str(xmpp_conn_get_bound_jid(bed.conn), "guest@example.org/r",
           "the bound address");
    is_int(xmpp_send_take(bed.conn, xmpp_presence_new(bed.ctx)), 0,
           "presence is sent");
    bed_until(&bed, &bed.count, 1, "a message arrives");
    message = xmpp_message_new(bed.ctx, "chat", "juliet@example.org", NULL);
    xmpp_message_set_body(message, "wherefore");
    is_int(xmpp_send_take(bed.conn, message), 0, "a message is sent");
    xmpp_disconnect(bed.conn);
    xmpp_disconnect(bed.conn);
    bed_until(&bed, &bed.downs, 1, "it ends");
    is_int(bed.error, 0, "without an error");
    ok(!xmpp_conn_get_failure(bed.conn), "and without a failure");
    ok(xmpp_conn_is_disconnected(bed.conn), "at last it is disconnected");
    bed_peer_done(&bed, "a life");
    bed_free(&bed, "a life");
}

/* ---- sending when it cannot be ----------------------------------- */

static void sends_early(void)
{
    struct bed bed;

    bed_make(&bed);
    is_int(xmpp_send_take(bed.conn, xmpp_presence_new(bed.ctx)), XMPP_ENOTCONN,
           "nothing is sent while disconnected");
    xmpp_send_raw_string(bed.conn, "<presence/>");
    is_int(xmpp_conn_send_queue_len(bed.conn), 0, "nor queued");
    xmpp_connect_client(bed.conn, "127.0.0.1", peer_no_port(), bed_handler,
                        &bed);
    is_int(xmpp_send_take(bed.conn, xmpp_presence_new(bed.ctx)), XMPP_ENOTCONN,
           "nor while connecting");
    bed_until(&bed, &bed.downs, 1, "a refused connection ends");
    bed_failed(&bed, XMPP_LAYER_TCP, XMPP_ECONNECT, "refused");
    bed_free(&bed, "refused");
}

/* ---- again ------------------------------------------------------- */

static void again_when_down(struct bed *bed, xmpp_conn_event_t event)
{
    if (event == XMPP_CONN_CONNECT)
        xmpp_disconnect(bed->conn);
    else if (bed->downs == 1)
        bed_connect_again(bed);
}

static void reconnects(void)
{
    static const char *const script[] = {
        PEER_LOGIN, "C </stream:stream>", "S </stream:stream>",
        "accept",   PEER_LOGIN,           PEER_CLOSE,
        NULL};
    struct bed bed;

    bed_make(&bed);
    bed.on_event = again_when_down;
    bed_connect(&bed, script);
    bed_until(&bed, &bed.downs, 2, "connecting anew in the handler works");
    is_int(bed.ups, 2, "and logs in twice");
    bed_peer_done(&bed, "again");
    bed_free(&bed, "again");
}

/* ---- stopping early ---------------------------------------------- */

static void stops_while_connecting(void)
{
    static const char *const script[] = {"C <stream:stream", "eof", NULL};
    struct bed bed;

    bed_make(&bed);
    bed_connect(&bed, script);
    xmpp_disconnect(bed.conn);
    is_int(bed.downs, 0, "disconnect tells nothing by itself");
    bed_until(&bed, &bed.downs, 1, "but the loop does");
    ok(!xmpp_conn_get_failure(bed.conn), "it is not a failure");
    is_int(bed.ups, 0, "it never came up");
    xmpp_run_once(bed.ctx, 10);
    is_int(bed.downs, 1, "it is told once");
    peer_join(bed.peer);
    bed_free(&bed, "stopped early");
}

static void ends_with_the_context(void)
{
    static const char *const script[] = {PEER_LOGIN, "eof", NULL};
    struct bed bed;

    bed_make(&bed);
    bed_connect(&bed, script);
    bed_until(&bed, &bed.ups, 1, "up");
    is_int(xmpp_conn_release(bed.conn), 1, "the last hold is released");
    bed.conn = NULL;
    is_int(bed.downs, 1, "which tells DISCONNECT at once");
    bed_peer_done(&bed, "released");
    bed_free(&bed, "released");
}

int main(void)
{
    talks();
    sends_early();
    reconnects();
    stops_while_connecting();
    ends_with_the_context();
    return done_testing();
}
