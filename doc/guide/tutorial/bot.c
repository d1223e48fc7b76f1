/* bot.c - the first step: a bot that answers each message with its own text. */

#include <stdio.h>
#include <stdlib.h>
#include <signal.h>

#include <xmpp/xmpp.h>
#include <xmpp/xep/presence.h>

static xmpp_ctx_t *ctx;

static void on_signal(int number)
{
    (void)number;
    xmpp_ctx_finish(ctx); /* ends the streams, and then xmpp_run() returns */
}

/* Called for each message of the type "chat". */
static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *message, void *userdata)
{
    const char *text = xmpp_stanza_get_child_text(message, "body", NULL);
    xmpp_stanza_t *reply;

    (void)userdata;
    if (!text)
        return 1; /* somebody types, for example */
    reply = xmpp_stanza_reply(message);
    xmpp_stanza_add_text_tag(reply, "body", NULL, text);
    xmpp_send_take(conn, reply);
    return 1; /* stay; 0 would remove this function */
}

/* Called when the connection is up, and when it has ended. */
static void on_event(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                     xmpp_stream_error_t *stream_error, void *userdata)
{
    const xmpp_failure_t *why = xmpp_conn_get_failure(conn);

    (void)error;
    (void)stream_error;
    (void)userdata;
    if (event == XMPP_CONN_CONNECT) {
        printf("ready as %s\n", xmpp_conn_get_bound_jid(conn));
        fflush(stdout);
        return;
    }
    if (why)
        fprintf(stderr, "%s: %s\n", why->message,
                xmpp_strerror_advice(why->code));
    if (!xmpp_conn_is_reconnecting(conn))
        xmpp_stop(ctx);
}

int main(void)
{
    unsigned short port = 0;
    xmpp_conn_t *conn;
    int failed;

    ctx = xmpp_ctx_new(NULL, xmpp_get_default_logger(XMPP_LEVEL_ERROR));
    conn = xmpp_conn_new(ctx);
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);

    xmpp_conn_set_jid(conn, getenv("JID"));
    xmpp_conn_set_pass(conn, getenv("LIBXMPP_PASSWORD"));
    xmpp_conn_set_cafile(conn, getenv("CAFILE"));
    xmpp_conn_set_option(conn, XMPP_OPT_RECONNECT, 1);
    xmpp_conn_use(conn, &xmpp_mod_presence);
    xmpp_handler_add(conn, on_message, NULL, "message", "chat", NULL);

    /* NULL finds the server by DNS; 0 is the port 5222 */
    if (getenv("PORT"))
        port = (unsigned short)atoi(getenv("PORT"));
    failed = xmpp_connect_client(conn, getenv("SERVER"), port, on_event, NULL);
    if (!failed) {
        xmpp_run(ctx);
        failed = xmpp_conn_get_failure(conn) != NULL;
    }
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    xmpp_conn_release(conn);
    xmpp_ctx_free(ctx);
    return failed ? 1 : 0;
}
