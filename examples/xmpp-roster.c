/* xmpp-roster.c - list, change and watch the contacts of an account. */

#include <stdio.h>
#include <string.h>
#include <xmpp/xep/roster.h>

#include "cli.h"
#include "record.h"
#include "output.h"

static const char *const names[] = {"", "none", "to", "from", "both", ""};

static void print_fields(const char *event, const char *jid,
                         const xmpp_roster_item_t *item)
{
    if (event)
        printf("%s\t", event);
    show(stdout, SHOW_FIELD, jid);
    printf("\t%s\t", names[item->subscription]);
    show(stdout, SHOW_FIELD, item->name);
    for (size_t i = 0; i < item->group_count; i++) {
        putchar('\t');
        show(stdout, SHOW_FIELD, item->groups[i]);
    }
}

static void print_json(const char *event, const char *jid,
                       const xmpp_roster_item_t *item)
{
    struct record record;

    record_begin(&record, stdout);
    record_text(&record, "event", event);
    record_text(&record, "address", jid);
    record_text(&record, "subscription", names[item->subscription]);
    record_text(&record, "name", item->name);
    record_open(&record, "groups", '[');
    for (size_t i = 0; i < item->group_count; i++)
        record_text(&record, NULL, item->groups[i]);
    record_close(&record, ']');
    record_close(&record, '}');
}

/* With the event, if the list is watched. */
static void print_item(struct cli *cli, const char *event,
                       const xmpp_roster_item_t *item)
{
    char *jid = xmpp_jid_text(cli->ctx, &item->jid, XMPP_JID_FULL);

    (cli->json ? print_json : print_fields)(event, jid, item);
    cli_line(cli);
    xmpp_free(cli->ctx, jid);
}

/* add JID [NAME [GROUP...]], remove JID */
static void change(struct cli *cli)
{
    xmpp_roster_item_t item;
    xmpp_jid_t *jid = xmpp_jid_from_string(cli->ctx, cli->rest[1], NULL);
    int rc;

    XMPP_INIT(xmpp_roster_item, item);
    if (jid)
        item.jid = *jid;
    item.name = cli->rest_n > 2 ? cli->rest[2] : NULL;
    item.groups = (const char *const *)cli->rest + (cli->rest_n > 3 ? 3 : 0);
    item.group_count = cli->rest_n > 3 ? (size_t)cli->rest_n - 3 : 0;
    if (strcmp(cli->rest[0], "add") == 0)
        rc = xmpp_roster_set(cli->conn, &item, cli_on_result, cli);
    else
        rc = xmpp_roster_remove(cli->conn, jid, cli_on_result, cli);
    xmpp_free(cli->ctx, jid);
    if (rc == 0)
        return;
    cli_error(cli, "%s: %s", cli->rest[1], xmpp_strerror(rc));
    cli_finish(cli, rc == XMPP_EARG ? EXIT_USAGE : EXIT_ANSWER);
}

static void on_roster(xmpp_conn_t *conn, const xmpp_event_t *event,
                      void *userdata)
{
    struct cli *cli = userdata;
    const xmpp_roster_item_t *item = NULL;
    int is_watching = cli->kind & CLI_SERVES;

    if (event->what == XMPP_ROSTER_FAILED) {
        cli_on_result(conn, event->value, cli);
    } else if (event->what == XMPP_ROSTER_LOADED && cli->rest_n > 1) {
        change(cli);
    } else if (event->what == XMPP_ROSTER_LOADED && !is_watching) {
        while (!cli->done && (item = xmpp_roster_next(conn, item)))
            print_item(cli, NULL, item);
        cli_finish(cli, EXIT_FINE);
    } else if (event->value && is_watching) {
        print_item(cli, event->name, event->value);
    }
}

int main(int argc, char **argv)
{
    struct cli cli = {
        .name = "xmpp-roster",
        .arguments = "[add JID [NAME [GROUP...]] | remove JID | watch]",
        .about = "List the contacts: address, subscription, name, groups, with "
                 "tabs between;\nor change them, or follow the changes of the "
                 "list. Tab, newline, CR and \\\nare written as \\t \\n \\r "
                 "\\\\, other controls as \\x1B or \\u{202E}.",
        .kind = CLI_LOGS_IN | CLI_RECORDS};

    cli_start(&cli, argc, argv, 0, -1);
    if (cli.rest_n == 1 && strcmp(cli.rest[0], "watch") == 0)
        cli.kind |= CLI_SERVES;
    else if (cli.rest_n && (cli.rest_n < 2 || strcmp(cli.rest[0], "add")) &&
             (cli.rest_n != 2 || strcmp(cli.rest[0], "remove")))
        cli_misuse(&cli, "expected %s, not: %s", cli.arguments, cli.rest[0]);
    xmpp_conn_use(cli.conn, &xmpp_mod_roster);
    xmpp_conn_watch(cli.conn, &xmpp_mod_roster, on_roster, &cli);
    return cli_run(&cli, cli_on_event, &cli);
}
