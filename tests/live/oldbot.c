/* oldbot.c - a bot in the style of libstrophe's own example: it answers
 * messages and questions about its version, and knows nothing of us.
 *
 * usage: oldbot JID PASSWORD HOST PORT CA-FILE
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <strophe.h>

static int version_handler(xmpp_conn_t *conn, xmpp_stanza_t *stanza,
                           void *userdata)
{
    xmpp_ctx_t *ctx = (xmpp_ctx_t *)userdata;
    xmpp_stanza_t *reply, *query, *name, *text;
    const char *ns;

    reply = xmpp_stanza_reply(stanza);
    xmpp_stanza_set_type(reply, "result");
    query = xmpp_stanza_new(ctx);
    xmpp_stanza_set_name(query, "query");
    ns = xmpp_stanza_get_ns(xmpp_stanza_get_children(stanza));
    if (ns)
        xmpp_stanza_set_ns(query, ns);
    name = xmpp_stanza_new(ctx);
    xmpp_stanza_set_name(name, "name");
    xmpp_stanza_add_child(query, name);
    xmpp_stanza_release(name);
    text = xmpp_stanza_new(ctx);
    xmpp_stanza_set_text(text, "old bot");
    xmpp_stanza_add_child(name, text);
    xmpp_stanza_release(text);
    xmpp_stanza_add_child(reply, query);
    xmpp_stanza_release(query);
    xmpp_send(conn, reply);
    xmpp_stanza_release(reply);
    return 1;
}

static int message_handler(xmpp_conn_t *conn, xmpp_stanza_t *stanza,
                           void *userdata)
{
    xmpp_ctx_t *ctx = (xmpp_ctx_t *)userdata;
    xmpp_stanza_t *body = xmpp_stanza_get_child_by_name(stanza, "body");
    const char *type = xmpp_stanza_get_type(stanza);
    xmpp_stanza_t *reply;
    char *text;

    if (body == NULL || (type != NULL && strcmp(type, "error") == 0))
        return 1;
    text = xmpp_stanza_get_text(body);
    if (text == NULL)
        return 1;
    reply = xmpp_stanza_reply(stanza);
    if (xmpp_stanza_get_type(reply) == NULL)
        xmpp_stanza_set_type(reply, "chat");
    xmpp_message_set_body(reply, text);
    xmpp_send(conn, reply);
    xmpp_stanza_release(reply);
    xmpp_free(ctx, text);
    return 1;
}

static void conn_handler(xmpp_conn_t *conn, xmpp_conn_event_t status, int error,
                         xmpp_stream_error_t *stream_error, void *userdata)
{
    xmpp_ctx_t *ctx = (xmpp_ctx_t *)userdata;
    xmpp_stanza_t *presence;

    (void)stream_error;
    if (status == XMPP_CONN_CONNECT) {
        xmpp_handler_add(conn, version_handler, "jabber:iq:version", "iq", NULL,
                         ctx);
        xmpp_handler_add(conn, message_handler, NULL, "message", NULL, ctx);
        presence = xmpp_presence_new(ctx);
        xmpp_send(conn, presence);
        xmpp_stanza_release(presence);
        printf("connected\n");
    } else {
        printf("disconnected: %d\n", error);
        xmpp_stop(ctx);
    }
}

int main(int argc, char **argv)
{
    xmpp_ctx_t *ctx;
    xmpp_conn_t *conn;

    if (argc != 6)
        return 1;
    xmpp_initialize();
    ctx = xmpp_ctx_new(NULL, xmpp_get_default_logger(XMPP_LEVEL_INFO));
    conn = xmpp_conn_new(ctx);
    xmpp_conn_set_jid(conn, argv[1]);
    xmpp_conn_set_pass(conn, argv[2]);
    xmpp_conn_set_cafile(conn, argv[5]);
    if (xmpp_connect_client(conn, argv[3], (unsigned short)atoi(argv[4]),
                            conn_handler, ctx) == XMPP_EOK)
        xmpp_run(ctx);
    xmpp_conn_release(conn);
    xmpp_ctx_free(ctx);
    xmpp_shutdown();
    return 0;
}
