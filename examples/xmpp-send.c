/* xmpp-send.c - send one message, from the arguments or standard input. */

#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"

#define TEXT_MOST 1000000

struct letter {
    struct cli cli;
    char *text;
};

static char *join(char **words)
{
    char *text = NULL;
    size_t n = 0;
    FILE *out = open_memstream(&text, &n);

    for (; out && *words; words++)
        fprintf(out, "%s%s", *words, words[1] ? " " : "");
    if (out)
        fclose(out);
    return text;
}

static char *read_all(void)
{
    char *text = malloc(TEXT_MOST + 1);
    size_t n = text ? fread(text, 1, TEXT_MOST, stdin) : 0;

    while (n && text[n - 1] == '\n')
        n--;
    if (text)
        text[n] = '\0';
    return text;
}

static int give_up(xmpp_conn_t *conn, void *userdata)
{
    struct letter *letter = userdata;

    fprintf(stderr, "xmpp-send: no reply\n");
    letter->cli.code = EXIT_ANSWER;
    xmpp_disconnect(conn);
    return 0;
}

static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *message,
                      void *userdata)
{
    struct letter *letter = userdata;
    const char *type = xmpp_stanza_get_type(message);
    const char *text = xmpp_stanza_get_child_text(message, "body", NULL);

    if (type && !strcmp(type, "error")) {
        fprintf(stderr, "xmpp-send: refused: %s\n",
                xmpp_stanza_get_error(message, NULL, NULL));
        letter->cli.code = EXIT_ANSWER;
    } else if (text) {
        printf("%s: %s\n", xmpp_stanza_get_from(message), text);
    } else {
        return 1;
    }
    xmpp_timed_handler_delete(conn, give_up);
    xmpp_disconnect(conn);
    return 1;
}

static void deliver(xmpp_conn_t *conn, struct letter *letter)
{
    struct cli *cli = &letter->cli;
    xmpp_stanza_t *m = xmpp_message_new(cli->ctx, "chat", cli->rest[0], NULL);
    int rc;

    xmpp_message_set_body(m, letter->text);
    rc = xmpp_send_take(conn, m);
    if (rc) {
        fprintf(stderr, "xmpp-send: not sent: %s\n", xmpp_strerror(rc));
        cli->code = EXIT_ANSWER;
    }
    if (rc || !cli->wait_reply)
        xmpp_disconnect(conn);
    else
        xmpp_timed_handler_add(conn, give_up,
                               (unsigned long)cli->wait_reply * 1000, letter);
}

static void on_event(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                     xmpp_stream_error_t *stream_error, void *userdata)
{
    struct letter *letter = userdata;

    (void)error;
    (void)stream_error;
    if (event == XMPP_CONN_CONNECT)
        deliver(conn, letter);
    else
        cli_ended(&letter->cli);
}

int main(int argc, char **argv)
{
    struct letter letter = {
        .cli = {.name = "xmpp-send",
                .arguments = "TO [TEXT...]",
                .about = "Send one message; without TEXT, from standard "
                         "input.",
                .more = "  --wait-reply SECONDS  print the first answer\n"}};
    int code;

    cli_start(&letter.cli, argc, argv, 1, -1);
    letter.text =
        letter.cli.rest_n > 1 ? join(letter.cli.rest + 1) : read_all();
    if (!letter.text)
        return EXIT_USAGE;
    xmpp_handler_add(letter.cli.conn, on_message, NULL, "message", NULL,
                     &letter);
    code = cli_run(&letter.cli, on_event, &letter);
    free(letter.text);
    return code;
}
