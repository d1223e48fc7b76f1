/* xmpp-pipe.c - sends lines of standard input as messages, and prints messages
 * as lines: for cron, logs and alerts. Its exit codes are those of sysexits.h.
 *
 * After the input it ends when the server has all messages, and no error came
 * back for a while. */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "cli.h"
#include "lines.h"
#include "output.h"
#include "utf8.h"

#define LINE_MOST 1000000 /* bytes; few servers take more */
/* That the server has not acknowledged; above it no more input is read. */
#define WAITING_MOST 1000  /* messages */
#define QUEUE_MOST 1048576 /* bytes, below XMPP_OPT_MAX_OUTBOX */
#define BOUNCE_PATIENCE 3  /* seconds for a message to come back */
#define NS_PING "urn:xmpp:ping"

static const char too_long[] = "it is longer than 1000000 bytes";

struct pipe {
    struct cli cli; /* first */
    struct lines lines;
    xmpp_jid_t **to;       /* cli.rest_n of them */
    unsigned long waiting; /* for the server to acknowledge them */
    unsigned long lost;    /* given back by the library */
    int is_unsure;         /* some were sent, and nobody acknowledges */
    int is_in_doubt;       /* their connection was lost */
    int is_at_end;         /* of the input */
    int is_settling;       /* all is sent: it waits for the answer to a ping, or
                              for errors that come back */
    int refused;   /* EX_DATAERR or EX_IOERR if some input was not sent */
    int unreached; /* the EX_ code that stands for EXIT_CONNECT */
};

static struct pipe *pipe_of(struct cli *cli)
{
    return (struct pipe *)cli; /* it comes first */
}

/* ---- the exit code ----------------------------------------------- */

static int exit_of(const struct cli *cli, int code)
{
    static const int codes[] = {[EXIT_FINE] = EX_OK,
                                [EXIT_USAGE] = EX_USAGE,
                                [EXIT_CONNECT] = EX_TEMPFAIL,
                                [EXIT_LOGIN] = EX_NOPERM,
                                [EXIT_ANSWER] = EX_UNAVAILABLE,
                                [EXIT_OUTPUT] = EX_IOERR};
    const struct pipe *p = (const struct pipe *)cli;

    return code == EXIT_CONNECT && p->unreached ? p->unreached : codes[code];
}

/* A later try may help, the domain has no such server, or neither. */
static int code_of(const xmpp_failure_t *f)
{
    if (!f || f->retry)
        return EX_TEMPFAIL;
    return f->layer == XMPP_LAYER_DNS ? EX_NOHOST : EX_UNAVAILABLE;
}

/* ---- the end ----------------------------------------------------- */

static int on_no_bounce(xmpp_conn_t *conn, void *userdata)
{
    struct pipe *p = userdata;

    (void)conn;
    if (!p->cli.stay)
        cli_finish(&p->cli, p->cli.code);
    return 0;
}

static void settle(struct pipe *p)
{
    p->is_settling = 1;
    xmpp_timed_handler_add(p->cli.conn, on_no_bounce,
                           (unsigned long)p->cli.wait_bounce * 1000, p);
}

/* A result and an error are both an answer. After all else but a timeout the
 * session is over, and on_event() is called. */
static void on_pong(xmpp_conn_t *conn, int status, xmpp_stanza_t *reply,
                    void *userdata)
{
    struct pipe *p = userdata;

    (void)conn;
    (void)reply;
    if (status == 0 || status == XMPP_ESTANZA) {
        p->is_unsure = 0;
        settle(p);
    }
    if (status != XMPP_ETIMEOUT)
        return;
    cli_error(&p->cli, "perhaps not delivered: the server did not answer");
    cli_finish(&p->cli, EXIT_ANSWER);
}

/* A server handles stanzas in order: if it answers this, it has read all that
 * was sent before. */
static void ask_server(struct pipe *p)
{
    xmpp_stanza_t *iq = xmpp_iq_new(p->cli.ctx, "get", NULL);

    p->is_settling = 1;
    xmpp_stanza_add_tag(iq, "ping", NS_PING);
    if (xmpp_request_send(p->cli.conn, iq, 0, on_pong, p) != 0)
        cli_finish(&p->cli, EXIT_ANSWER);
}

/* Messages that the server has not taken yet are in memory. */
static int is_full(const struct pipe *p)
{
    return p->waiting >= WAITING_MOST ||
           xmpp_conn_queue_size(p->cli.conn) >= QUEUE_MOST;
}

/* Read more input, or end. */
static void go_on(struct pipe *p)
{
    struct cli *cli = &p->cli;
    int is_up = xmpp_conn_is_connected(cli->conn) && !cli->done;

    cli->reads_input = is_up && !p->is_at_end && !is_full(p);
    if (!is_up || !p->is_at_end || p->waiting || p->is_settling)
        return;
    if (p->is_unsure)
        ask_server(p);
    else
        settle(p);
}

/* ---- lines become messages ---------------------------------------- */

static void on_sent(xmpp_conn_t *conn, int status, const char *text,
                    size_t length, void *userdata)
{
    struct pipe *p = userdata;

    (void)text;
    (void)length;
    p->waiting--;
    p->lost += status < 0;
    p->is_unsure |= status == 1;
    if (conn)
        go_on(p);
}

static void refuse(struct pipe *p, const char *why)
{
    cli_error(&p->cli, "a line was not sent: %s", why);
    p->refused = EX_DATAERR;
}

static int send_to(struct pipe *p, const char *to, const char *text)
{
    char *id = xmpp_uuid_gen(p->cli.ctx);
    xmpp_stanza_t *message = xmpp_message_new(p->cli.ctx, "chat", to, id);

    xmpp_free(p->cli.ctx, id);
    xmpp_message_set_body(message, text);
    p->waiting++;
    if (xmpp_send_tracked(p->cli.conn, message, on_sent, p) == 0)
        return 0;
    p->waiting--;
    return -1;
}

static void send_line(struct pipe *p, const char *line, size_t n)
{
    if (strlen(line) != n) {
        refuse(p, "it contains a NUL");
    } else if (n > LINE_MOST) {
        refuse(p, too_long);
    } else if (line[strspn(line, " \t\r")]) {
        for (int i = 0; i < p->cli.rest_n; i++)
            if (send_to(p, p->cli.rest[i], line)) {
                refuse(p, xmpp_ctx_get_last_error(p->cli.ctx));
                break;
            }
    }
}

static void send_mended(struct pipe *p, const char *line, size_t n)
{
    size_t count;
    char *mended = utf8_mend(line, n, &count);

    if (!mended) {
        refuse(p, "out of memory");
        return;
    }
    if (count)
        cli_note(&p->cli, "replaced by U+FFFD, because it cannot be sent: %zu",
                 count);
    send_line(p, mended, strlen(mended));
    free(mended);
}

static int on_line(void *userdata, const char *line, size_t n)
{
    struct pipe *p = userdata;

    if (!line)
        refuse(p, too_long);
    else if (p->cli.replace)
        send_mended(p, line, n);
    else
        send_line(p, line, n);
    return is_full(p);
}

static void on_input(struct cli *cli)
{
    struct pipe *p = pipe_of(cli);
    int rc = lines_read(&p->lines, STDIN_FILENO, on_line, p);

    if (rc < 0) {
        cli_error(cli, "standard input cannot be read");
        p->refused = EX_IOERR;
    }
    p->is_at_end = rc <= 0;
    cli->has_input = p->lines.is_left;
    go_on(p);
}

/* ---- messages become lines ---------------------------------------- */

/* Nobody else may write into the script that reads the lines. */
static int is_one_of_ours(const struct pipe *p, xmpp_stanza_t *message)
{
    xmpp_jid_t from;

    if (xmpp_stanza_get_jid(message, "from", &from) != 1)
        return 0;
    for (int i = 0; i < p->cli.rest_n; i++)
        if (xmpp_jid_equal(&from, p->to[i], XMPP_JID_BARE))
            return 1;
    return 0;
}

static void on_bounce(struct pipe *p, xmpp_stanza_t *message)
{
    const char *type, *text = NULL;
    const char *why = xmpp_stanza_get_error(message, &type, &text);

    cli_error(&p->cli, "not delivered to %s: %s%s%s",
              xmpp_stanza_get_from(message), why ? why : "refused",
              text ? ": " : "", text ? text : "");
    cli_advise(&p->cli, why);
    p->cli.code = EXIT_ANSWER;
}

/* Whom it is from is known, if there is one only. */
static void print_message(struct pipe *p, const char *from, const char *text)
{
    if (p->cli.rest_n > 1 || p->cli.json) {
        cli_message(&p->cli, from, text);
        return;
    }
    show(stdout, SHOW_FIELD, text);
    cli_line(&p->cli);
}

static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *message, void *userdata)
{
    struct pipe *p = userdata;
    const char *type = xmpp_stanza_get_type(message);
    const char *text = xmpp_stanza_get_child_text(message, "body", NULL);

    (void)conn;
    if (!is_one_of_ours(p, message))
        return 1;
    if (type && !strcmp(type, "error")) {
        on_bounce(p, message);
    } else if (text) {
        print_message(p, xmpp_stanza_get_from(message), text);
    }
    return 1;
}

static void on_event(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                     xmpp_stream_error_t *stream_error, void *userdata)
{
    struct pipe *p = userdata;

    (void)error;
    (void)stream_error;
    if (event == XMPP_CONN_CONNECT) {
        if (!xmpp_conn_is_resumed(conn))
            xmpp_send_take(conn, xmpp_presence_new(p->cli.ctx));
        cli_is_up(&p->cli);
        go_on(p);
        return;
    }
    p->cli.reads_input = p->is_settling = 0;
    p->is_in_doubt |= p->is_unsure && !p->cli.done;
    p->is_unsure = 0;
    p->unreached = code_of(xmpp_conn_get_failure(conn));
    cli_ended(&p->cli);
}

/* ---- the beginning ------------------------------------------------ */

static void take_addresses(struct pipe *p)
{
    struct cli *cli = &p->cli;
    xmpp_text_error_t error;
    char why[200];

    p->to = calloc((size_t)cli->rest_n, sizeof(xmpp_jid_t *));
    for (int i = 0; p->to && i < cli->rest_n; i++) {
        p->to[i] = xmpp_jid_from_string(cli->ctx, cli->rest[i], &error);
        if (p->to[i])
            continue;
        xmpp_text_error_format(&error, why, sizeof(why));
        cli_misuse(cli, "\"%s\" is not a valid address: %s", cli->rest[i], why);
    }
    if (!p->to)
        cli_refuse(cli, "out of memory");
}

static void release(struct cli *cli)
{
    struct pipe *p = pipe_of(cli);

    for (int i = 0; i < cli->rest_n; i++)
        xmpp_free(cli->ctx, p->to[i]);
    free(p->to);
    lines_free(&p->lines);
    if (p->lost)
        cli_error(cli, "messages that were not delivered: %lu", p->lost);
    else if (p->is_in_doubt)
        cli_error(cli, "perhaps not all was delivered: a connection was lost, "
                       "and the server acknowledges nothing");
}

int main(int argc, char **argv)
{
    struct pipe p = {
        .cli = {.name = "xmpp-pipe",
                .arguments = "TO...",
                .about =
                    "Send each line of standard input to each address, and "
                    "print what these answer, one\nline for a message. Ends "
                    "after the input, when all is delivered. The exit codes "
                    "are those\nof sysexits.h; also 65 for a line that could "
                    "not be sent, 68 for a domain without a\nserver, and 69 "
                    "for a failure that time does not mend.",
                .kind = CLI_LOGS_IN | CLI_PIPES | CLI_RECORDS,
                .wait_bounce = BOUNCE_PATIENCE,
                .on_input = on_input,
                .exit_of = exit_of,
                .release = release},
        .lines = {.most = LINE_MOST}};
    int code;

    cli_start(&p.cli, argc, argv, 1, -1);
    take_addresses(&p);
    if (p.cli.stay) /* then an interrupt is its proper end */
        p.cli.kind |= CLI_SERVES;
    xmpp_handler_add(p.cli.conn, on_message, NULL, "message", NULL, &p);
    code = cli_run(&p.cli, on_event, &p);
    if (code == EX_OK && (p.lost || p.is_in_doubt))
        return EX_UNAVAILABLE;
    return code == EX_OK ? p.refused : code;
}
