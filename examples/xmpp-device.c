/* xmpp-device.c - a device that its owner sets up by two ad-hoc commands
 * (XEP-0050): the interval of its reports, and its relay. */

#include <stdio.h>
#include <string.h>

#include <xmpp/xep/command_serve.h>

#include "cli.h"
#include "record.h"

struct device {
    struct cli cli;
    xmpp_jid_t *owner; /* who may run the commands, from any client */
    long seconds;      /* between two reports */
    int relay;         /* 1: on */
};

static void device_show(struct device *device)
{
    struct record record;

    if (device->cli.json) {
        record_begin(&record, stdout);
        record_number(&record, "seconds", (double)device->seconds);
        record_bool(&record, "relay", device->relay);
        record_close(&record, '}');
    } else {
        printf("interval %ld s, relay %s", device->seconds,
               device->relay ? "on" : "off");
    }
    cli_line(&device->cli);
}

static int is_owner(xmpp_conn_t *conn, const xmpp_jid_t *from, void *userdata)
{
    const struct device *device = userdata;

    (void)conn;
    return xmpp_jid_equal(from, device->owner, XMPP_JID_BARE);
}

/* ---- the commands ------------------------------------------------ */

static const xmpp_command_t interval = {
    .size = sizeof(interval),
    .node = "interval",
    .name = "Set the interval of reports",
    .access = XMPP_SENDER_ANYONE,
    .may = is_owner,
};

static const xmpp_command_t relay = {
    .size = sizeof(relay),
    .node = "relay",
    .name = "Switch the relay",
    .access = XMPP_SENDER_ANYONE,
    .may = is_owner,
};

/* One stage: a form, whose answer completes the command. The library has
 * checked it against the form. */
static int on_interval(xmpp_conn_t *conn, xmpp_command_run_t *run,
                       void *userdata)
{
    struct device *device = userdata;
    xmpp_stanza_t *form, *field;

    if (run->stage == 0) {
        form = xmpp_form_new(conn, XMPP_FORM_FORM, interval.name);
        field = xmpp_form_add_field(form, XMPP_FIELD_TEXT_SINGLE, "seconds",
                                    "Seconds between two reports");
        xmpp_form_require(field);
        xmpp_form_add_validate(field, "xs:int", "1", "86400");
        xmpp_form_set_number(form, "seconds", device->seconds);
        return xmpp_command_put_form(run, form, 0);
    }
    device->seconds = xmpp_form_get_number(run->form, "seconds");
    device_show(device);
    xmpp_command_add_note(run, XMPP_NOTE_INFO, "The interval is set.");
    return XMPP_COMMAND_COMPLETED;
}

static int on_relay(xmpp_conn_t *conn, xmpp_command_run_t *run, void *userdata)
{
    struct device *device = userdata;
    xmpp_stanza_t *form;

    if (run->stage == 0) {
        form = xmpp_form_new(conn, XMPP_FORM_FORM, relay.name);
        xmpp_form_add_field(form, XMPP_FIELD_BOOLEAN, "on", "On");
        xmpp_form_set_bool(form, "on", device->relay);
        return xmpp_command_put_form(run, form, 0);
    }
    /* What is left out stays as it is. */
    device->relay = xmpp_form_get_bool(run->form, "on", device->relay);
    device_show(device);
    return XMPP_COMMAND_COMPLETED;
}

/* ---- the program ------------------------------------------------- */

static void on_event(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                     xmpp_stream_error_t *stream_error, void *userdata)
{
    struct device *device = userdata;

    (void)error;
    (void)stream_error;
    if (event == XMPP_CONN_CONNECT) {
        xmpp_send_take(conn, xmpp_presence_new(device->cli.ctx));
        cli_is_ready(&device->cli);
    } else {
        cli_ended(&device->cli);
    }
}

static void device_free(struct cli *cli)
{
    struct device *device = (struct device *)(void *)cli;

    xmpp_free(cli->ctx, device->owner);
}

int main(int argc, char **argv)
{
    struct device device = {
        .cli = {.name = "xmpp-device",
                .arguments = "OWNER",
                .about = "Offer two commands to OWNER: set "
                         "the interval, switch the relay.",
                .kind = CLI_LOGS_IN | CLI_SERVES | CLI_RECORDS,
                .release = device_free},
        .seconds = 60};
    struct cli *cli = &device.cli;
    xmpp_text_error_t error;
    char why[200];

    cli_start(cli, argc, argv, 1, 1);
    device.owner = xmpp_jid_from_string(cli->ctx, cli->rest[0], &error);
    if (!device.owner) {
        xmpp_text_error_format(&error, why, sizeof(why));
        cli_error(cli, "%s: %s", cli->rest[0], why);
        cli_give_up(cli, EXIT_USAGE);
    }
    if (xmpp_command_add(cli->conn, &interval, on_interval, &device) != 0 ||
        xmpp_command_add(cli->conn, &relay, on_relay, &device) != 0) {
        cli_error(cli, "out of memory");
        cli_give_up(cli, EXIT_USAGE);
    }
    return cli_run(cli, on_event, &device);
}
