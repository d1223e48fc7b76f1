/* xmpp-sensor.c - publish a reading, for xmpp-alarm to watch. */

#include <stdlib.h>

#include <xmpp/xep/pep.h>

#include "cli.h"
#include "reading.h"

static const char *read_value(struct cli *cli, double *ret)
{
    char *end;

    *ret = strtod(cli->rest[0], &end);
    if (*end || end == cli->rest[0] || *ret - *ret != 0)
        cli_misuse(cli, "this is not a number: %s", cli->rest[0]);
    return cli->rest_n > 1 ? cli->rest[1] : NULL;
}

/* Always the same item, so the node holds the last reading only; everybody may
 * subscribe to it. */
static void publish(struct cli *cli)
{
    xmpp_pubsub_config_t options;
    const char *service;
    reading_t now;
    int rc;

    XMPP_INIT(xmpp_pubsub_config, options);
    options.access_model = "open";
    options.persist_items = "true";
    XMPP_INIT(reading, now);
    service = read_value(cli, &now.value);
    now.at = xmpp_time_now();
    rc = service
             ? xmpp_pubsub_publish(cli->conn, service, NS_READING, "now",
                                   &reading, &now, &options, cli_on_result, cli)
             : xmpp_pep_publish(cli->conn, NS_READING, "now", &reading, &now,
                                &options, cli_on_result, cli);
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
        publish(userdata);
    else
        cli_ended(userdata);
}

int main(int argc, char **argv)
{
    double value;
    struct cli cli = {
        .name = "xmpp-sensor",
        .arguments = "VALUE [SERVICE]",
        .about = "Publish a number as the item \"now\" of the node "
                 "urn:example:reading, in the\naccount itself or at a service "
                 "for publish-subscribe. xmpp-alarm watches it.",
        .kind = CLI_LOGS_IN};

    cli_start(&cli, argc, argv, 1, 2);
    read_value(&cli, &value);
    return cli_run(&cli, on_event, &cli);
}
