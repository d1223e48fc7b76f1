/* xmpp-watch.c - print whose presence changes. */

#include <stdio.h>

#include "cli.h"

static int on_presence(xmpp_conn_t *conn, xmpp_stanza_t *presence,
                       void *userdata)
{
    const char *type = xmpp_stanza_get_type(presence);
    const char *show = xmpp_stanza_get_child_text(presence, "show", NULL);
    const char *status = xmpp_stanza_get_child_text(presence, "status", NULL);
    const char *from = xmpp_stanza_get_from(presence);

    (void)conn;
    (void)userdata;
    printf("%s\t%s\t%s\n", from ? from : "",
           type ? type : show ? show : "available", status ? status : "");
    return 1;
}

static void on_event(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                     xmpp_stream_error_t *stream_error, void *userdata)
{
    struct cli *cli = userdata;

    (void)error;
    (void)stream_error;
    if (event == XMPP_CONN_CONNECT)
        xmpp_send_take(conn, xmpp_presence_new(cli->ctx));
    else
        cli_ended(cli);
}

int main(int argc, char **argv)
{
    struct cli cli = {.name = "xmpp-watch",
                      .arguments = "",
                      .about = "Print presence as it changes: address, "
                               "state, text; separated by tabs.",
                      .more = ""};

    cli_start(&cli, argc, argv, 0, 0);
    xmpp_handler_add(cli.conn, on_presence, NULL, "presence", NULL, &cli);
    return cli_run(&cli, on_event, &cli);
}
