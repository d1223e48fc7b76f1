/* xmpp-watch.c - print whose presence changes. */

#include <stdio.h>
#include <xmpp/xep/availability.h>

#include "cli.h"
#include "record.h"
#include "output.h"

static const char *state_of(const xmpp_event_t *event)
{
    static const char *const shows[] = {"available", "chat", "away", "xa",
                                        "dnd"};
    const xmpp_presence_t *presence = event->value;

    return event->what == XMPP_AVAILABILITY_GONE      ? "unavailable"
           : event->what == XMPP_AVAILABILITY_REFUSED ? "error"
                                                      : shows[presence->show];
}

static void print_json(const char *from, const char *state, const char *text)
{
    struct record record;

    record_begin(&record, stdout);
    record_text(&record, "address", from);
    record_text(&record, "state", state);
    record_text(&record, "text", text);
    record_close(&record, '}');
}

static void on_presence(xmpp_conn_t *conn, const xmpp_event_t *event,
                        void *userdata)
{
    const xmpp_presence_t *presence = event->value;
    struct cli *cli = userdata;
    char *from;

    (void)conn;
    if (!presence)
        return; /* the session is over */
    from = xmpp_jid_text(cli->ctx, &presence->from, XMPP_JID_FULL);
    if (cli->json) {
        print_json(from, state_of(event), presence->status);
    } else {
        show(stdout, SHOW_FIELD, from);
        printf("\t%s\t", state_of(event));
        show(stdout, SHOW_FIELD, presence->status);
    }
    cli_line(cli);
    xmpp_free(cli->ctx, from);
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
        .kind = CLI_LOGS_IN | CLI_SERVES | CLI_RECORDS};

    cli_start(&cli, argc, argv, 0, 0);
    xmpp_conn_use(cli.conn, &xmpp_mod_availability);
    xmpp_conn_watch(cli.conn, &xmpp_mod_availability, on_presence, &cli);
    return cli_run(&cli, cli_on_event, &cli);
}
