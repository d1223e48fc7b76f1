/* bot20.c - the bot that README shows: it answers each message. */
#include <stdlib.h>
#include <xmpp/xmpp.h>
static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *message, void *ctx) {
    const char *text = xmpp_stanza_get_child_text(message, "body", NULL);
    xmpp_stanza_t *reply = text ? xmpp_stanza_reply(message) : NULL;
    xmpp_stanza_add_text_tag(reply, "body", NULL, text);
    return !text || xmpp_send_take(conn, reply) == 0;
}
static void on_event(xmpp_conn_t *conn, xmpp_conn_event_t event, int error, xmpp_stream_error_t *why, void *ctx) {
    if (event == XMPP_CONN_CONNECT) xmpp_send_take(conn, xmpp_presence_new(ctx)); else xmpp_stop(ctx);
}
int main(void) {
    xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, xmpp_get_default_logger(XMPP_LEVEL_INFO));
    xmpp_conn_t *conn = xmpp_conn_new(ctx);
    xmpp_conn_set_jid(conn, getenv("JID"));
    xmpp_conn_set_pass(conn, getenv("LIBXMPP_PASSWORD"));
    xmpp_handler_add(conn, on_message, NULL, "message", "chat", ctx);
    if (xmpp_connect_client(conn, NULL, 0, on_event, ctx) == 0) xmpp_run(ctx);
    return xmpp_conn_release(conn), xmpp_ctx_free(ctx), 0;
}
