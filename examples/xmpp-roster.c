/* xmpp-roster.c - list the contacts of an account. */

#include <stdio.h>

#include "cli.h"

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static void print_item(xmpp_stanza_t *item)
{
    xmpp_stanza_t *group;

    printf("%s\t%s\t%s", or_empty(xmpp_stanza_get_attribute(item, "jid")),
           or_empty(xmpp_stanza_get_attribute(item, "subscription")),
           or_empty(xmpp_stanza_get_attribute(item, "name")));
    for (group = xmpp_stanza_get_children(item); group;
         group = xmpp_stanza_get_next(group))
        printf("\t%s", or_empty(xmpp_stanza_get_text_view(group)));
    printf("\n");
}

static void on_roster(xmpp_conn_t *conn, int status, xmpp_stanza_t *reply,
                      void *userdata)
{
    struct cli *cli = userdata;
    xmpp_stanza_t *query = NULL, *item;

    if (status) {
        fprintf(stderr, "xmpp-roster: %s\n", xmpp_strerror(status));
        cli->code = EXIT_ANSWER;
    } else {
        query = xmpp_stanza_get_child_by_ns(reply, XMPP_NS_ROSTER);
    }
    for (item = xmpp_stanza_get_children(query); item;
         item = xmpp_stanza_get_next(item))
        if (xmpp_stanza_is_tag(item))
            print_item(item);
    if (status != XMPP_ENOTCONN)
        xmpp_disconnect(conn);
}

static void on_event(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                     xmpp_stream_error_t *stream_error, void *userdata)
{
    struct cli *cli = userdata;
    xmpp_stanza_t *iq;

    (void)error;
    (void)stream_error;
    if (event != XMPP_CONN_CONNECT) {
        cli_ended(cli);
        return;
    }
    iq = xmpp_iq_new(cli->ctx, "get", NULL);
    xmpp_stanza_add_tag(iq, "query", XMPP_NS_ROSTER);
    if (xmpp_request_send(conn, iq, 0, on_roster, cli))
        xmpp_disconnect(conn);
}

int main(int argc, char **argv)
{
    struct cli cli = {.name = "xmpp-roster",
                      .arguments = "",
                      .about = "List the contacts: address, subscription, "
                               "name, groups; separated by tabs.",
                      .more = ""};

    cli_start(&cli, argc, argv, 0, 0);
    return cli_run(&cli, on_event, &cli);
}
