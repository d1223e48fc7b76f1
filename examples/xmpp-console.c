/* xmpp-console.c - show the stream in both directions, and send what is typed.
 */

#define _GNU_SOURCE
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "color.h"
#include "lines.h"
#include "output.h"

#define LINE_MOST 65536

struct console {
    struct cli cli;
    xmpp_log_t log;
    struct lines lines;
    int over;    /* the input is */
    int refused; /* something was not sent */
};

/* ---- what travels ------------------------------------------------ */

static int begins(const char *text, const char *with)
{
    return !strncmp(text, with, strlen(with));
}

/* The library logs both directions, with secrets replaced; why a connection
 * ended is said at the end. */
static void on_log(void *userdata, xmpp_log_level_t level, const char *area,
                   const char *text)
{
    struct console *c = userdata;

    if (!begins(text, "SENT: ") && !begins(text, "RECV: ") &&
        level != XMPP_LEVEL_INFO && !c->cli.verbose)
        return;
    color_begin(begins(text, "SENT: ")   ? IN_GREEN
                : begins(text, "RECV: ") ? IN_CYAN
                                         : IN_DIM);
    printf("%s: ", area);
    show(stdout, SHOW_XML, text);
    color_end();
    cli_line(&c->cli);
}

/* ---- what is typed ----------------------------------------------- */

static void refuse(struct console *c, const char *why)
{
    cli_error(&c->cli, "not sent: %s", why);
    c->refused = 1;
}

/* A line that is not well-formed would end the stream: it is refused here. */
static void send_line(struct console *c, const char *line, size_t n)
{
    xmpp_stanza_t *stanza;
    int rc;

    if (!line[strspn(line, " \t\r")] && strlen(line) == n)
        return;
    stanza = strlen(line) == n ? xmpp_stanza_new_from_string(c->cli.ctx, line)
                               : NULL;
    if (!stanza) {
        refuse(c, "a line must be one whole XML element");
        return;
    }
    rc = xmpp_send_take(c->cli.conn, stanza);
    if (rc)
        refuse(c, xmpp_ctx_get_last_error(c->cli.ctx));
}

static int on_line(void *userdata, const char *line, size_t n)
{
    if (line)
        send_line(userdata, line, n);
    else
        refuse(userdata, "the line is longer than 65536 bytes");
    return 0;
}

/* Input is read as soon as there is somebody to send it to. */
static void read_input(struct cli *cli)
{
    struct console *c = (struct console *)cli; /* it comes first */

    if (lines_read(&c->lines, STDIN_FILENO, on_line, c) > 0)
        return;
    cli->reads_input = 0;
    c->over = 1;
    xmpp_disconnect(cli->conn);
}

static void on_event(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                     xmpp_stream_error_t *stream_error, void *userdata)
{
    struct console *c = userdata;

    (void)conn;
    (void)error;
    (void)stream_error;
    c->cli.reads_input = event == XMPP_CONN_CONNECT && !c->over;
    if (event == XMPP_CONN_CONNECT)
        cli_is_ready(&c->cli);
    else
        cli_ended(&c->cli);
}

int main(int argc, char **argv)
{
    static struct console c = {
        .cli = {.name = "xmpp-console",
                .arguments = "",
                .about =
                    "Show the stream in both directions, secrets replaced; "
                    "each line typed is one\nelement to send. What could "
                    "end a line or command a terminal is shown as &#xA;",
                .kind = CLI_LOGS_IN | CLI_SERVES | CLI_COLORS,
                .on_input = read_input},
        .lines = {.most = LINE_MOST}};
    int code;

    c.log.handler = on_log;
    c.log.userdata = &c;
    c.cli.log = &c.log;
    cli_start(&c.cli, argc, argv, 0, 0);
    code = cli_run(&c.cli, on_event, &c);
    lines_free(&c.lines);
    return code == EXIT_FINE && c.refused ? EXIT_USAGE : code;
}
