/* xmpp-alarm.c - watch what xmpp-sensor publishes, and say when it is too much:
 * a module of one's own, with a row for a node. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xmpp/module.h>
#include <xmpp/xep/pubsub_user.h>

#include "cli.h"
#include "record.h"
#include "reading.h"

/* `is_high` is what was printed last; -1: nothing yet. */
struct alarm {
    struct cli *cli;
    xmpp_jid_t *sensor; /* who publishes */
    double most;
    int is_high;
};

/* ---- the module -------------------------------------------------- */

static void print_json(const char *state, double value, const char *at)
{
    struct record record;

    record_begin(&record, stdout);
    record_text(&record, "state", state);
    record_number(&record, "value", value);
    record_text(&record, "time", at);
    record_close(&record, '}');
}

/* Only a change is worth a line. */
static void judge(struct alarm *alarm, const reading_t *r)
{
    char at[XMPP_TIME_SIZE];
    int is_high = r->value > alarm->most;

    if (is_high == alarm->is_high)
        return;
    alarm->is_high = is_high;
    xmpp_time_print(r->at, at);
    if (alarm->cli->json)
        print_json(is_high ? "alarm" : "fine", r->value, at);
    else
        printf("%s\t%g\t%s", is_high ? "alarm" : "fine", r->value, at);
    cli_line(alarm->cli);
}

/* Others may publish in nodes of that name, too. */
static int on_reading(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    struct alarm *alarm = state;

    (void)conn;
    if (in->item_event == XMPP_ITEM_PUBLISHED && in->value && in->from &&
        xmpp_jid_equal(in->from, alarm->sensor, XMPP_JID_BARE))
        judge(alarm, in->value);
    return 0;
}

static int on_life(xmpp_conn_t *conn, xmpp_lifecycle_t event, void *state)
{
    struct alarm *alarm = state;

    if (event == XMPP_ATTACHED)
        alarm->is_high = -1;
    if (event == XMPP_DETACHED)
        xmpp_free(xmpp_conn_get_context(conn), alarm->sensor);
    return 0;
}

static const xmpp_row_t rows[] = {
    XMPP_NEEDS(&xmpp_mod_pubsub),
    XMPP_NODE(XMPP_SENDER_ANYONE, 0, NS_READING, &reading, on_reading),
    XMPP_LIFECYCLE(on_life), XMPP_ROWS_END};

static XMPP_MODULE(alarm_module, "alarm", sizeof(struct alarm), rows);

/* ---- the program ------------------------------------------------- */

static int is_fine(struct cli *cli, const xmpp_result_t *result)
{
    if (result->status && result->status != XMPP_ENOTCONN) {
        char why[400];

        xmpp_result_format(result, why, sizeof(why));
        cli_error(cli, "%s", why);
        cli_finish(cli, EXIT_ANSWER);
    }
    return result->status == 0; /* why it is lost comes with the event */
}

/* How it is now. Not every service sends that to who subscribes. */
static void on_last(xmpp_conn_t *conn, const xmpp_result_t *result,
                    void *userdata)
{
    struct alarm *alarm = xmpp_conn_get_state(conn, &alarm_module);
    const xmpp_pubsub_t *answer = result->value;
    const reading_t *last = NULL;

    (void)userdata;
    if (result->status == 0 && answer->items && answer->items->item_count)
        last = xmpp_payload_find(answer->items->items[0]->element, &reading);
    if (last)
        judge(alarm, last);
    cli_is_ready(alarm->cli);
}

static void on_subscribed(xmpp_conn_t *conn, const xmpp_result_t *result,
                          void *userdata)
{
    struct cli *cli = userdata;

    if (is_fine(cli, result) &&
        xmpp_pubsub_get_item(conn, cli->rest[0], NS_READING, NULL, on_last,
                             cli))
        cli_finish(cli, EXIT_ANSWER);
}

static void on_event(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                     xmpp_stream_error_t *stream_error, void *userdata)
{
    struct cli *cli = userdata;

    (void)error;
    (void)stream_error;
    if (event != XMPP_CONN_CONNECT) {
        cli_ended(cli);
        return;
    }
    cli_is_up(cli);
    xmpp_send_take(conn, xmpp_presence_new(cli->ctx));
    if (!xmpp_conn_is_resumed(conn) &&
        xmpp_pubsub_subscribe(conn, cli->rest[0], NS_READING, NULL, NULL,
                              on_subscribed, cli))
        cli_finish(cli, EXIT_ANSWER);
}

static void begin(struct cli *cli)
{
    struct alarm *alarm;
    char *end;

    if (xmpp_conn_use(cli->conn, &alarm_module) < 0)
        cli_give_up(cli, EXIT_CONNECT);
    alarm = xmpp_conn_get_state(cli->conn, &alarm_module);
    alarm->cli = cli;
    alarm->sensor = xmpp_jid_from_string(cli->ctx, cli->rest[0], NULL);
    alarm->most = strtod(cli->rest[1], &end);
    if (!alarm->sensor)
        cli_misuse(cli, "this is not an address: %s", cli->rest[0]);
    if (*end || end == cli->rest[1])
        cli_misuse(cli, "this is not a number: %s", cli->rest[1]);
}

int main(int argc, char **argv)
{
    struct cli cli = {
        .name = "xmpp-alarm",
        .arguments = "SENSOR MOST",
        .about = "Subscribe to what xmpp-sensor publishes under the address "
                 "SENSOR (its account, or\na service), and print when it "
                 "exceeds MOST and when it does no longer: \"alarm\"\nor "
                 "\"fine\", the value, the time, with tabs between.",
        .kind = CLI_LOGS_IN | CLI_SERVES | CLI_RECORDS};

    cli_start(&cli, argc, argv, 2, 2);
    begin(&cli);
    return cli_run(&cli, on_event, &cli);
}
