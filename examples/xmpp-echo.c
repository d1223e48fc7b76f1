/* xmpp-echo.c - a bot that answers each message with its own text. */

#include <stdio.h>

#include "cli.h"

static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *message, void *userdata)
{
    struct cli *cli = userdata;
    const char *type = xmpp_stanza_get_type(message);
    const char *text = xmpp_stanza_get_child_text(message, "body", NULL);
    xmpp_stanza_t *reply;

    if (!text || (type && (type[0] == 'e' || type[0] == 'g')))
        return 1; /* errors and rooms are not answered */
    cli_message(cli, xmpp_stanza_get_from(message), text);
    reply = xmpp_stanza_reply(message);
    xmpp_stanza_add_text_tag(reply, "body", NULL, text);
    xmpp_send_take(conn, reply);
    return 1;
}

static void on_event(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                     xmpp_stream_error_t *stream_error, void *userdata)
{
    struct cli *cli = userdata;

    (void)error;
    (void)stream_error;
    if (event == XMPP_CONN_CONNECT) {
        xmpp_send_take(conn, xmpp_presence_new(cli->ctx));
        cli_is_ready(cli);
    } else {
        cli_ended(cli);
    }
}

int main(int argc, char **argv)
{
    struct cli cli = {.name = "xmpp-echo",
                      .arguments = "",
                      .about = "Answer each message with its own text.",
                      .kind = CLI_LOGS_IN | CLI_SERVES | CLI_RECORDS};

    cli_start(&cli, argc, argv, 0, 0);
    xmpp_handler_add(cli.conn, on_message, NULL, "message", NULL, &cli);
    return cli_run(&cli, on_event, &cli);
}
