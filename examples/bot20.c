/* bot20.c - the bot that README shows: it answers each message. */
#include <signal.h>
#include <stdlib.h>
#include <xmpp/xmpp.h>
#include <xmpp/xep/presence.h>
static xmpp_ctx_t *ctx;
static void on_signal(int number) { xmpp_ctx_finish(ctx); }
static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *message, void *userdata) {
    const char *text = xmpp_stanza_get_child_text(message, "body", NULL);
    xmpp_stanza_t *reply = text ? xmpp_stanza_reply(message) : NULL;
    xmpp_stanza_add_text_tag(reply, "body", NULL, text);
    if (reply) xmpp_send_take(conn, reply);
    return 1; /* and stay */
}
static void on_event(xmpp_conn_t *conn, xmpp_conn_event_t event, int error, xmpp_stream_error_t *why, void *userdata) {
    if (event == XMPP_CONN_DISCONNECT && !xmpp_conn_is_reconnecting(conn)) xmpp_stop(ctx);
}
int main(void) {
    xmpp_conn_t *conn = xmpp_conn_new(ctx = xmpp_ctx_new(NULL, xmpp_get_default_logger(XMPP_LEVEL_INFO)));
    signal(SIGINT, on_signal), signal(SIGTERM, on_signal);
    xmpp_conn_set_jid(conn, getenv("JID")), xmpp_conn_set_pass(conn, getenv("LIBXMPP_PASSWORD"));
    xmpp_conn_set_cafile(conn, getenv("CAFILE")); /* a private authority; NULL: the system's */
    xmpp_conn_use(conn, &xmpp_mod_presence); /* available in each session */
    xmpp_handler_add(conn, on_message, NULL, "message", "chat", NULL);
    xmpp_conn_set_option(conn, XMPP_OPT_RECONNECT, 1); /* it comes back by itself */
    int code = 1; /* refused before it began: the log says why */
    if (xmpp_connect_client(conn, NULL, 0, on_event, NULL) == 0) {
        xmpp_run(ctx);
        const xmpp_failure_t *f = xmpp_conn_get_failure(conn);
        code = !f ? 0 : f->layer == XMPP_LAYER_SASL ? 3 : 2;
    }
    return signal(SIGINT, SIG_DFL), signal(SIGTERM, SIG_DFL), xmpp_conn_release(conn), xmpp_ctx_free(ctx), code;
}
