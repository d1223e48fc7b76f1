/* xmpp-roster.c - list the contacts of an account. */

#include <stdio.h>

#include "cli.h"
#include "output.h"

static void print_item(struct cli *cli, xmpp_stanza_t *item)
{
    static const char *const attributes[] = {"jid", "subscription", "name"};
    xmpp_stanza_t *group;

    for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++) {
        if (i)
            putchar('\t');
        show(stdout, SHOW_FIELD,
             xmpp_stanza_get_attribute(item, attributes[i]));
    }
    for (group = xmpp_stanza_get_children(item); group;
         group = xmpp_stanza_get_next(group)) {
        if (!xmpp_stanza_is_tag(group))
            continue;
        putchar('\t');
        show(stdout, SHOW_FIELD, xmpp_stanza_get_text_view(group));
    }
    cli_line(cli);
}

static void on_roster(xmpp_conn_t *conn, int status, xmpp_stanza_t *reply,
                      void *userdata)
{
    struct cli *cli = userdata;
    xmpp_stanza_t *query, *item;

    (void)conn;
    if (status == XMPP_ENOTCONN)
        return; /* why, comes with the event */
    if (status) {
        const char *why = xmpp_stanza_get_error(reply, NULL, NULL);

        cli_error(cli, "%s%s%s", xmpp_strerror(status), why ? ": " : "",
                  why ? why : "");
        cli_finish(cli, EXIT_ANSWER);
        return;
    }
    query = xmpp_stanza_get_child_by_ns(reply, XMPP_NS_ROSTER);
    for (item = xmpp_stanza_get_children(query); item && !cli->done;
         item = xmpp_stanza_get_next(item))
        if (xmpp_stanza_is_tag(item))
            print_item(cli, item);
    cli_finish(cli, EXIT_FINE);
}

static void ask(struct cli *cli)
{
    xmpp_stanza_t *iq = xmpp_iq_new(cli->ctx, "get", NULL);
    int rc;

    xmpp_stanza_add_tag(iq, "query", XMPP_NS_ROSTER);
    rc = xmpp_request_send(cli->conn, iq, 0, on_roster, cli);
    if (rc) {
        cli_error(cli, "%s", xmpp_strerror(rc));
        cli_finish(cli, EXIT_ANSWER);
    }
}

static void on_event(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                     xmpp_stream_error_t *stream_error, void *userdata)
{
    (void)conn;
    (void)error;
    (void)stream_error;
    if (event == XMPP_CONN_CONNECT)
        ask(userdata);
    else
        cli_ended(userdata);
}

int main(int argc, char **argv)
{
    struct cli cli = {
        .name = "xmpp-roster",
        .arguments = "",
        .about =
            "List the contacts: address, subscription, name, groups, with "
            "tabs between.\nIn them tab, newline, CR and \\ are written as "
            "\\t \\n \\r \\\\, other controls\nas \\x1B or \\u{202E}.",
        .kind = CLI_LOGS_IN};

    cli_start(&cli, argc, argv, 0, 0);
    return cli_run(&cli, on_event, &cli);
}
