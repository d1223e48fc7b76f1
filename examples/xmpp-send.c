/* xmpp-send.c - send one message, from the arguments or standard input.
 *
 * It is delivered when the server has it: by the acknowledgement of stream
 * management (XEP-0198) or, without it, by the answer to a ping behind it
 * (XEP-0199). Then it is still given a while to come back as an error, for a
 * server asks others only after it took the message. */

#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "cli_signal.h"
#include "record.h"
#include "utf8.h"

#define TEXT_MOST 1000000 /* bytes; few servers take more */
#define PATIENCE 30       /* seconds for the server to take it */
#define BOUNCE_PATIENCE 3 /* and for the message to come back */
#define NS_PING "urn:xmpp:ping"

static const char too_long[] = "the text is longer than 1000000 bytes";

struct letter {
    struct cli cli; /* first */
    xmpp_jid_t *to;
    xmpp_stanza_t *message; /* until it is sent */
    char *id, *text;
    size_t n;           /* bytes of it */
    int is_taken;       /* the server has it */
    const char *status; /* for --json; NULL: it was not sent */
    char *condition, *why, *from, *reply; /* owned, or NULL */
};

/* ---- the record -------------------------------------------------- */

/* Whatever failed before, another attempt has made good. */
static int is_answered(const struct letter *letter)
{
    return letter->status && strcmp(letter->status, "unknown");
}

static void write_record(const struct letter *letter, const char *why)
{
    const struct cli *cli = &letter->cli;
    int fails = !is_answered(letter);
    struct record record;

    record_begin(&record, stdout);
    record_text(&record, "to", cli->rest_n > 0 ? cli->rest[0] : NULL);
    record_text(&record, "id", letter->id);
    record_text(&record, "status",
                letter->status ? letter->status : "not-sent");
    record_text(&record, "condition", letter->condition);
    record_text(&record, "why", why);
    record_text(&record, "layer", fails ? cli->layer : NULL);
    record_text(&record, "code", fails ? cli->failure : NULL);
    record_text(&record, "from", letter->from);
    record_text(&record, "reply", letter->reply);
    record_close(&record, '}');
}

static void print_record(struct letter *letter)
{
    const char *why = is_answered(letter) ? NULL : letter->cli.why;

    write_record(letter, letter->why ? letter->why : why);
    cli_line(&letter->cli);
}

static void on_refusal(const struct cli *cli, const char *why)
{
    write_record((const struct letter *)cli, why); /* it comes first */
    putchar('\n');
}

/* ---- what came of it --------------------------------------------- */

static void end_with(struct letter *letter, const char *what, const char *why,
                     int code)
{
    free(letter->why);
    letter->why = strdup(why);
    cli_error(&letter->cli, "%s: %s", what, why);
    cli_finish(&letter->cli, code);
}

static int on_silence(xmpp_conn_t *conn, void *userdata)
{
    struct letter *letter = userdata;

    (void)conn;
    if (letter->cli.done)
        return 0;
    end_with(letter, "perhaps not delivered",
             "the server did not acknowledge it in time", EXIT_ANSWER);
    return 0;
}

static int on_no_bounce(xmpp_conn_t *conn, void *userdata)
{
    struct letter *letter = userdata;

    (void)conn;
    cli_finish(&letter->cli, EXIT_FINE);
    return 0;
}

static int on_no_reply(xmpp_conn_t *conn, void *userdata)
{
    struct letter *letter = userdata;

    (void)conn;
    cli_error(&letter->cli, "delivered, but no reply came in time");
    cli_finish(&letter->cli, EXIT_ANSWER);
    return 0;
}

static void wait_for(struct letter *letter, xmpp_timed_handler handler,
                     int seconds)
{
    xmpp_timed_handler_add(letter->cli.conn, handler,
                           (unsigned long)seconds * 1000, letter);
}

static void on_taken(struct letter *letter)
{
    struct cli *cli = &letter->cli;

    xmpp_timed_handler_delete(cli->conn, on_silence);
    if (cli->done || letter->is_taken)
        return;
    letter->is_taken = 1;
    letter->status = "delivered";
    if (cli->wait_reply)
        wait_for(letter, on_no_reply, cli->wait_reply);
    else if (cli->wait_bounce)
        wait_for(letter, on_no_bounce, cli->wait_bounce);
    else
        cli_finish(cli, EXIT_FINE);
}

static void on_pong(xmpp_conn_t *conn, int status, xmpp_stanza_t *reply,
                    void *userdata)
{
    (void)conn;
    (void)reply;
    if (status == 0 || status == XMPP_ESTANZA) /* either is an answer */
        on_taken(userdata);
    else if (status == XMPP_ETIMEOUT)
        on_silence(conn, userdata);
}

/* A server answers in order: who answers this has read what came before. */
static void ask_server(struct letter *letter)
{
    xmpp_stanza_t *iq = xmpp_iq_new(letter->cli.ctx, "get", NULL);
    int rc;

    xmpp_stanza_add_tag(iq, "ping", NS_PING);
    rc = xmpp_request_send(letter->cli.conn, iq, 0, on_pong, letter);
    if (rc)
        end_with(letter, "perhaps not delivered", xmpp_strerror(rc),
                 EXIT_ANSWER);
}

/* If the connection is lost now, another one would not show what became of it.
 */
static void on_unsure(struct letter *letter)
{
    letter->cli.reconnect = 0;
    xmpp_conn_set_option(letter->cli.conn, XMPP_OPT_RECONNECT, 0);
    ask_server(letter);
}

static void on_sent(xmpp_conn_t *conn, int status, const char *text,
                    size_t length, void *userdata)
{
    (void)conn;
    (void)text;
    (void)length;
    if (status == 0)
        on_taken(userdata);
    else if (status > 0)
        on_unsure(userdata);
}

/* ---- what comes back --------------------------------------------- */

static void on_bounce(struct letter *letter, xmpp_stanza_t *message)
{
    const char *type, *text = NULL;
    const char *why = xmpp_stanza_get_error(message, &type, &text);

    cli_error(&letter->cli, "not delivered: %s%s%s", why ? why : "refused",
              text ? ": " : "", text ? text : "");
    cli_advise(&letter->cli, why);
    letter->status = "refused";
    letter->condition = why ? strdup(why) : NULL;
    free(letter->why);
    letter->why = text ? strdup(text) : NULL;
    cli_finish(&letter->cli, EXIT_ANSWER);
}

static void on_reply(struct letter *letter, xmpp_stanza_t *message,
                     const char *text)
{
    const char *from = xmpp_stanza_get_from(message);

    letter->from = from ? strdup(from) : NULL;
    letter->reply = strdup(text);
    if (!letter->cli.json)
        cli_message(&letter->cli, from, text);
    cli_finish(&letter->cli, EXIT_FINE);
}

/* Errors that name our message, and what the recipient says. */
static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *message, void *userdata)
{
    struct letter *letter = userdata;
    const char *type = xmpp_stanza_get_type(message);
    const char *id = xmpp_stanza_get_id(message);
    const char *text = xmpp_stanza_get_child_text(message, "body", NULL);
    xmpp_jid_t from;

    (void)conn;
    if (letter->cli.done || letter->message)
        return 1;
    if (type && !strcmp(type, "error")) {
        if (id && !strcmp(id, letter->id))
            on_bounce(letter, message);
    } else if (text && letter->cli.wait_reply &&
               xmpp_stanza_get_jid(message, "from", &from) == 1 &&
               xmpp_jid_equal(&from, letter->to, XMPP_JID_BARE)) {
        on_reply(letter, message, text);
    }
    return 1;
}

static void deliver(struct letter *letter)
{
    struct cli *cli = &letter->cli;
    xmpp_stanza_t *message = letter->message;
    int rc;

    letter->message = NULL;
    letter->status = "unknown";
    rc = xmpp_send_tracked(cli->conn, message, on_sent, letter);
    if (rc) {
        letter->status = NULL;
        end_with(letter, "not sent", xmpp_ctx_get_last_error(cli->ctx),
                 rc == XMPP_EARG ? EXIT_USAGE : EXIT_ANSWER);
        return;
    }
    wait_for(letter, on_silence, cli->timeout ? cli->timeout : PATIENCE);
}

static void on_event(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                     xmpp_stream_error_t *stream_error, void *userdata)
{
    struct letter *letter = userdata;

    (void)conn;
    (void)error;
    (void)stream_error;
    if (event == XMPP_CONN_CONNECT) {
        if (letter->message) /* else the session has it in its queue */
            deliver(letter);
        return;
    }
    /* What the server took is delivered, even if nothing else is awaited. */
    if (letter->is_taken && !letter->cli.wait_reply)
        cli_finish(&letter->cli, EXIT_FINE);
    else if (!letter->message && !letter->is_taken && !letter->cli.done &&
             !letter->cli.reconnect)
        cli_error(&letter->cli, "perhaps not delivered");
    cli_ended(&letter->cli);
}

/* ---- what is sent ------------------------------------------------ */

static void refuse(struct letter *letter, const char *why)
{
    if (!cli_signal()) {
        letter->why = strdup(why);
        cli_error(&letter->cli, "nothing was sent: %s", why);
    }
    cli_give_up(&letter->cli, EXIT_USAGE);
}

/* All of standard input, but no more than one byte too many: a line end is none
 * of the text. */
static size_t read_all(struct letter *letter)
{
    size_t n = 0;
    ssize_t got = 1;

    letter->text = malloc(TEXT_MOST + 3);
    if (!letter->text)
        refuse(letter, "out of memory");
    while (got && n < TEXT_MOST + 2) {
        got = cli_read(STDIN_FILENO, letter->text + n, TEXT_MOST + 2 - n);
        if (got < 0)
            refuse(letter, strerror(errno));
        n += (size_t)got;
    }
    letter->text[n] = '\0';
    return n;
}

static void read_input(struct letter *letter)
{
    size_t n = read_all(letter);

    if (n > TEXT_MOST + 1)
        refuse(letter, too_long);
    while (n && (letter->text[n - 1] == '\r' || letter->text[n - 1] == '\n'))
        letter->text[--n] = '\0';
    letter->n = n;
}

static void join_words(struct letter *letter, char **words)
{
    FILE *out = open_memstream(&letter->text, &letter->n);

    for (; out && *words; words++)
        fprintf(out, "%s%s", *words, words[1] ? " " : "");
    if (!out || fclose(out))
        refuse(letter, "out of memory");
}

static void mend_text(struct letter *letter)
{
    size_t count;
    char *mended = utf8_mend(letter->text, letter->n, &count);

    free(letter->text);
    letter->text = mended;
    if (!mended)
        refuse(letter, "out of memory");
    letter->n = strlen(mended);
    if (count)
        cli_note(&letter->cli,
                 "replaced by U+FFFD, because it cannot be sent: %zu", count);
}

/* The library refuses whatever else cannot be sent. */
static void check_text(struct letter *letter)
{
    if (letter->cli.replace)
        mend_text(letter);
    if (letter->n != strlen(letter->text))
        refuse(letter, "the text contains a NUL, which cannot be sent; "
                       "--replace sends U+FFFD");
    if (!letter->text[strspn(letter->text, " \t\r\n")])
        refuse(letter, "the text is empty");
    if (letter->n > TEXT_MOST)
        refuse(letter, too_long);
}

static void take_address(struct letter *letter)
{
    xmpp_text_error_t error;
    char why[200];

    letter->to =
        xmpp_jid_from_string(letter->cli.ctx, letter->cli.rest[0], &error);
    if (letter->to)
        return;
    xmpp_text_error_format(&error, why, sizeof(why));
    cli_misuse(&letter->cli, "\"%s\" is not a valid address: %s",
               letter->cli.rest[0], why);
}

static void release(struct cli *cli)
{
    struct letter *letter = (struct letter *)cli; /* it comes first */

    if (cli->json)
        print_record(letter);
    free(letter->condition);
    free(letter->why);
    free(letter->from);
    free(letter->reply);
    xmpp_stanza_release(letter->message);
    xmpp_free(cli->ctx, letter->id);
    xmpp_free(cli->ctx, letter->to);
    free(letter->text);
}

static void refuse_message(struct letter *letter)
{
    char why[400];

    snprintf(why, sizeof(why), "%s%s",
             xmpp_stanza_get_status_text(letter->message),
             xmpp_stanza_get_status(letter->message) == XMPP_EARG
                 ? "; --replace sends U+FFFD"
                 : "");
    refuse(letter, why);
}

static void make_message(struct letter *letter)
{
    struct cli *cli = &letter->cli;

    letter->id = xmpp_uuid_gen(cli->ctx);
    letter->message =
        xmpp_message_new(cli->ctx, "chat", cli->rest[0], letter->id);
    xmpp_message_set_body(letter->message, letter->text);
    if (!letter->id)
        refuse(letter, "out of memory");
    if (xmpp_stanza_get_status(letter->message))
        refuse_message(letter);
}

int main(int argc, char **argv)
{
    struct letter letter = {
        .cli = {.name = "xmpp-send",
                .arguments = "TO [TEXT...]",
                .about =
                    "Send one message of at most 1000000 bytes; without TEXT, "
                    "read it from standard\ninput. Ends when the server has "
                    "accepted the message and no error came back.",
                .kind = CLI_LOGS_IN | CLI_SENDS | CLI_RECORDS,
                .wait_bounce = BOUNCE_PATIENCE,
                .release = release,
                .on_refusal = on_refusal}};

    cli_start(&letter.cli, argc, argv, 1, -1);
    take_address(&letter);
    if (letter.cli.rest_n > 1)
        join_words(&letter, letter.cli.rest + 1);
    else
        read_input(&letter);
    check_text(&letter);
    make_message(&letter);
    xmpp_handler_add(letter.cli.conn, on_message, NULL, "message", NULL,
                     &letter);
    return cli_run(&letter.cli, on_event, &letter);
}
