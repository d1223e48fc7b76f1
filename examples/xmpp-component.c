/* xmpp-component.c - a component (XEP-0114) that echoes, and says what it is.
 */

#include <stdio.h>
#include <string.h>

#include "cli.h"

static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *message, void *cli)
{
    const char *type = xmpp_stanza_get_type(message);
    const char *text = xmpp_stanza_get_child_text(message, "body", NULL);
    xmpp_stanza_t *reply;

    (void)cli;
    if (!text || (type && !strcmp(type, "error")))
        return 1;
    reply = xmpp_stanza_reply(message);
    xmpp_stanza_set_from(reply, xmpp_stanza_get_to(message));
    xmpp_stanza_add_text_tag(reply, "body", NULL, text);
    xmpp_send_take(conn, reply);
    return 1;
}

/* XEP-0030; the library answers pings and what nobody knows. */
static int on_disco(xmpp_conn_t *conn, xmpp_stanza_t *iq, void *cli)
{
    xmpp_stanza_t *reply = xmpp_stanza_reply(iq), *query, *identity;

    (void)cli;
    xmpp_stanza_set_type(reply, "result");
    xmpp_stanza_set_from(reply, xmpp_stanza_get_to(iq));
    query = xmpp_stanza_add_tag(reply, "query", XMPP_NS_DISCO_INFO);
    identity = xmpp_stanza_add_tag(query, "identity", NULL);
    xmpp_stanza_set_attribute(identity, "category", "component");
    xmpp_stanza_set_attribute(identity, "type", "generic");
    xmpp_stanza_set_attribute(identity, "name", "echo");
    xmpp_send_take(conn, reply);
    return 1;
}

static void on_event(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                     xmpp_stream_error_t *stream_error, void *userdata)
{
    (void)conn;
    (void)error;
    (void)stream_error;
    if (event == XMPP_CONN_CONNECT)
        cli_is_ready(userdata);
    else
        cli_ended(userdata);
}

int main(int argc, char **argv)
{
    struct cli cli = {.name = "xmpp-component",
                      .arguments = "",
                      .about = "Run the component DOMAIN, which echoes "
                               "messages. The password is its secret.",
                      .kind = CLI_LOGS_IN | CLI_SERVES | CLI_COMPONENT};

    cli_start(&cli, argc, argv, 0, 0);
    xmpp_handler_add(cli.conn, on_message, NULL, "message", NULL, &cli);
    xmpp_handler_add(cli.conn, on_disco, XMPP_NS_DISCO_INFO, "iq", "get", &cli);
    return cli_run(&cli, on_event, &cli);
}
