/* loudmouth.c - the client of the benchmark on loudmouth.
 *
 * usage: loudmouth receive|send PORT COUNT [CA_FILE]     as client.c */

#include <loudmouth/loudmouth.h>
#include <stdlib.h>
#include <string.h>

#include "meter.h"

static struct {
    const char *mode;
    long count;
    size_t looked;
    GMainLoop *loop;
} run;

static LmHandlerResult on_stanza(LmMessageHandler *handler, LmConnection *conn,
                                 LmMessage *m, gpointer userdata)
{
    const char *from = lm_message_node_get_attribute(m->node, "from");
    const char *id = lm_message_node_get_attribute(m->node, "id");
    LmMessageNode *body = lm_message_node_get_child(m->node, "body");
    const char *text = body ? lm_message_node_get_value(body) : NULL;

    (void)handler;
    (void)conn;
    (void)userdata;
    run.looked += (from ? strlen(from) : 0) + (text ? strlen(text) : 0);
    if (id && strcmp(id, "end") == 0) {
        meter_end(run.count);
        exit(run.looked ? 0 : 1);
    }
    return LM_HANDLER_RESULT_REMOVE_MESSAGE;
}

static void send_one(LmConnection *conn)
{
    LmMessage *m = lm_message_new_with_sub_type("juliet@example.org/balcony",
                                                LM_MESSAGE_TYPE_MESSAGE,
                                                LM_MESSAGE_SUB_TYPE_CHAT);
    LmMessageNode *node;

    lm_message_node_add_child(m->node, "body",
                              "My bounty is as boundless as the sea, my love "
                              "as deep; the more I give to thee");
    lm_message_node_add_child(m->node, "thread",
                              "e0ffe42b28561960c6b12b944a0927");
    node = lm_message_node_add_child(m->node, "request", NULL);
    lm_message_node_set_attribute(node, "xmlns", "urn:xmpp:receipts");
    node = lm_message_node_add_child(m->node, "active", NULL);
    lm_message_node_set_attribute(node, "xmlns",
                                  "http://jabber.org/protocol/chatstates");
    lm_connection_send(conn, m, NULL);
    lm_message_unref(m);
}

static void on_authenticated(LmConnection *conn, gboolean good,
                             gpointer userdata)
{
    LmMessage *m;

    (void)userdata;
    if (!good)
        exit(2);
    if (strcmp(run.mode, "send") == 0) {
        meter_begin();
        for (long n = 0; n < run.count; n++) {
            send_one(conn);
            if (n % 100 == 99)
                g_main_context_iteration(NULL, FALSE);
        }
        return;
    }
    meter_begin(); /* it reads all that has come, and then calls handlers */
    m = lm_message_new(NULL, LM_MESSAGE_TYPE_PRESENCE);
    lm_connection_send(conn, m, NULL);
    lm_message_unref(m);
}

static void on_open(LmConnection *conn, gboolean good, gpointer userdata)
{
    (void)userdata;
    if (!good ||
        !lm_connection_authenticate(conn, "romeo", "secret", "r",
                                    on_authenticated, NULL, NULL, NULL))
        exit(2);
}

static LmSSLResponse accept_any(LmSSL *ssl, LmSSLStatus status,
                                gpointer userdata)
{
    (void)ssl;
    (void)status;
    (void)userdata;
    return LM_SSL_RESPONSE_CONTINUE;
}

static void watch(LmConnection *conn, LmMessageType type)
{
    LmMessageHandler *handler = lm_message_handler_new(on_stanza, NULL, NULL);

    lm_connection_register_message_handler(conn, handler, type,
                                           LM_HANDLER_PRIORITY_NORMAL);
}

int main(int argc, char **argv)
{
    LmConnection *conn;

    if (argc != 4 && argc != 5)
        return 2;
    run.mode = argv[1];
    run.count = atol(argv[3]);
    conn = lm_connection_new("127.0.0.1");
    lm_connection_set_port(conn, (guint)atoi(argv[2]));
    lm_connection_set_jid(conn, "romeo@example.org");
    if (argc == 5) {
        LmSSL *ssl = lm_ssl_new(NULL, accept_any, NULL, NULL);

        lm_ssl_use_starttls(ssl, TRUE, TRUE);
        lm_connection_set_ssl(conn, ssl);
    }
    watch(conn, LM_MESSAGE_TYPE_MESSAGE);
    watch(conn, LM_MESSAGE_TYPE_PRESENCE);
    watch(conn, LM_MESSAGE_TYPE_IQ);
    if (!lm_connection_open(conn, on_open, NULL, NULL, NULL))
        return 2;
    run.loop = g_main_loop_new(NULL, FALSE);
    g_main_loop_run(run.loop);
    return 1;
}
