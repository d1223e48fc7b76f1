/* xmpp-watch.c - print whose presence changes. */

#include <stdio.h>

#include "cli.h"
#include "output.h"

static int on_presence(xmpp_conn_t *conn, xmpp_stanza_t *presence,
                       void *userdata)
{
    const char *type = xmpp_stanza_get_type(presence);
    const char *state = xmpp_stanza_get_child_text(presence, "show", NULL);

    (void)conn;
    show(stdout, SHOW_FIELD, xmpp_stanza_get_from(presence));
    putchar('\t');
    show(stdout, SHOW_FIELD, type ? type : state ? state : "available");
    putchar('\t');
    show(stdout, SHOW_FIELD,
         xmpp_stanza_get_child_text(presence, "status", NULL));
    cli_line(userdata);
    return 1;
}

static void on_event(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                     xmpp_stream_error_t *stream_error, void *userdata)
{
    struct cli *cli = userdata;

    (void)error;
    (void)stream_error;
    if (event == XMPP_CONN_CONNECT) {
        cli_is_up(cli);
        xmpp_send_take(conn, xmpp_presence_new(cli->ctx));
    } else {
        cli_ended(cli);
    }
}

int main(int argc, char **argv)
{
    struct cli cli = {
        .name = "xmpp-watch",
        .arguments = "",
        .about =
            "Print presence as it changes: address, state, text, with tabs "
            "between.\nIn them tab, newline, CR and \\ are written as \\t "
            "\\n \\r \\\\, other controls\nas \\x1B or \\u{202E}.",
        .kind = CLI_LOGS_IN | CLI_SERVES};

    cli_start(&cli, argc, argv, 0, 0);
    xmpp_handler_add(cli.conn, on_presence, NULL, "presence", NULL, &cli);
    return cli_run(&cli, on_event, &cli);
}
