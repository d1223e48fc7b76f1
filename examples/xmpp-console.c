/* xmpp-console.c - show the stream in both directions, and send what is typed. */

#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

#define LINE_MOST 65536

struct console {
    struct cli cli;
    xmpp_log_t log;
    char line[LINE_MOST];
    size_t n;
    int over;
};

/* The library logs what travels, with secrets replaced. */
static void on_log(void *userdata, xmpp_log_level_t level, const char *area,
                   const char *text)
{
    (void)userdata;
    if (strcmp(area, "xmpp") == 0 || level >= XMPP_LEVEL_INFO)
        printf("%s: %s\n", area, text);
}

/* A line that is not well-formed would end the stream: it is refused here. */
static void send_line(struct console *c, const char *line)
{
    xmpp_stanza_t *stanza;

    if (!line[0])
        return;
    stanza = xmpp_stanza_new_from_string(c->cli.ctx, line);
    if (!stanza)
        fprintf(stderr, "xmpp-console: that is no element\n");
    else if (xmpp_send_take(c->cli.conn, stanza))
        fprintf(stderr, "xmpp-console: not connected\n");
}

static void read_input(struct console *c)
{
    ssize_t n = read(STDIN_FILENO, c->line + c->n, LINE_MOST - c->n - 1);
    char *end;

    if (n <= 0) {
        c->over = 1;
        xmpp_disconnect(c->cli.conn);
        return;
    }
    c->n += (size_t)n;
    c->line[c->n] = '\0';
    while ((end = strchr(c->line, '\n'))) {
        *end = '\0';
        send_line(c, c->line);
        c->n -= (size_t)(end + 1 - c->line);
        memmove(c->line, end + 1, c->n + 1);
    }
    if (c->n == LINE_MOST - 1)
        c->n = 0;
}

/* Input is read as soon as there is somebody to send it to. */
static int poll_input(xmpp_ctx_t *ctx, void *userdata)
{
    struct console *c = userdata;
    struct pollfd p = {.fd = STDIN_FILENO, .events = POLLIN};

    (void)ctx;
    if (!c->over && xmpp_conn_is_connected(c->cli.conn) &&
        poll(&p, 1, 0) == 1)
        read_input(c);
    return 1;
}

static void on_event(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                     xmpp_stream_error_t *stream_error, void *userdata)
{
    struct console *c = userdata;

    (void)error;
    (void)stream_error;
    if (event == XMPP_CONN_CONNECT)
        printf("ready as %s\n", xmpp_conn_get_bound_jid(conn));
    else
        cli_ended(&c->cli);
}

int main(int argc, char **argv)
{
    static struct console c = {
        .cli = {.name = "xmpp-console",
                .arguments = "",
                .about = "Show the stream in both directions, secrets "
                         "replaced; each line typed is one element to send.",
                .more = ""}};

    c.log.handler = on_log;
    c.cli.log = &c.log;
    cli_start(&c.cli, argc, argv, 0, 0);
    xmpp_global_timed_handler_add(c.cli.ctx, poll_input, 50, &c);
    return cli_run(&c.cli, on_event, &c);
}
