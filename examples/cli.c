/* cli.c - what all example programs share: from the command line to the exit
 * code. */

#define _GNU_SOURCE
#include "cli.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli_account.h"
#include "cli_options.h"
#include "cli_password.h"
#include "cli_settings.h"
#include "cli_signal.h"
#include "color.h"
#include "login_file.h"
#include "output.h"
#include "record.h"
#include "store_dir.h"

int cli_code(const struct cli *cli, int code)
{
    return cli->exit_of && code < EXIT_SIGNAL ? cli->exit_of(cli, code) : code;
}

/* ---- output ------------------------------------------------------- */

void cli_line(struct cli *cli)
{
    if (putchar('\n') != EOF && fflush(stdout) == 0)
        return;
    if (cli->code == EXIT_OUTPUT)
        return;
    cli_error(cli, "standard output: %s", strerror(errno));
    cli->code = EXIT_OUTPUT;
    cli->done = 1;
    xmpp_ctx_finish(cli->ctx); /* a note, for this may be a line of the log */
}

void cli_message(struct cli *cli, const char *from, const char *text)
{
    struct record record;

    if (cli->json) {
        record_begin(&record, stdout);
        record_text(&record, "from", from);
        record_text(&record, "text", text);
        record_close(&record, '}');
    } else {
        show(stdout, SHOW_FIELD, from);
        printf(": ");
        show(stdout, SHOW_FIELD, text);
    }
    cli_line(cli);
}

/* What the library says, with --verbose. */
static void on_log(void *userdata, xmpp_log_level_t level, const char *area,
                   const char *text)
{
    static const char *const levels[] = {"DEBUG", "INFO", "WARN", "ERROR"};

    (void)userdata;
    fprintf(stderr, "%s %s ", area, levels[level & 3]);
    show(stderr, SHOW_XML, text);
    putc('\n', stderr);
}

/* ---- the beginning ----------------------------------------------- */

static void check_arguments(const struct cli *cli, int least, int most)
{
    if (cli->rest_n < least)
        cli_misuse(cli, "an argument is missing: %s", cli->arguments);
    if (most >= 0 && cli->rest_n > most)
        cli_misuse(cli, "too many arguments, the first is: %s",
                   cli->rest[most]);
    if ((cli->kind & CLI_COMPONENT) && !cli->host)
        cli_misuse(cli, "--server is required: the host of the server");
}

void cli_start(struct cli *cli, int argc, char **argv, int least, int most)
{
    output_begin();
    cli_read_options(cli, argc, argv);
    check_arguments(cli, least, most);
    if (color_choose(cli->color))
        cli_misuse(cli, "--color must be auto, always or never, not \"%s\"",
                   cli->color);
    cli->own_log.handler = on_log;
    if (!cli->log && cli->verbose)
        cli->log = &cli->own_log;
    cli->ctx = xmpp_ctx_new(NULL, cli->log);
    cli->conn = xmpp_conn_new(cli->ctx);
    if (!cli->conn) {
        cli_error(cli, "out of memory");
        exit(cli_code(cli, EXIT_CONNECT));
    }
    signal(SIGPIPE, SIG_IGN); /* it is an error of output */
    signal(SIGCHLD, SIG_DFL); /* ignored, it would take the exit status away */
    cli_apply_settings(cli);
    cli_catch_signals(cli->ctx);
    cli_set_password(cli);
}

/* ---- the end ----------------------------------------------------- */

void cli_finish(struct cli *cli, int code)
{
    if (!cli->done)
        cli->code = code;
    cli->done = 1;
    xmpp_disconnect(cli->conn);
}

void cli_is_up(struct cli *cli)
{
    cli->up = 1;
}

void cli_is_ready(struct cli *cli)
{
    cli_is_up(cli);
    if (cli->quiet)
        return;
    if (cli->json) {
        struct record record;

        record_begin(&record, stdout);
        record_text(&record, "ready", xmpp_conn_get_bound_jid(cli->conn));
        record_close(&record, '}');
    } else {
        printf("ready as ");
        show(stdout, SHOW_FIELD, xmpp_conn_get_bound_jid(cli->conn));
    }
    cli_line(cli);
}

static int connect_now(struct cli *cli, xmpp_conn_handler handler,
                       void *userdata)
{
    if (cli->kind & CLI_COMPONENT)
        return xmpp_connect_component(cli->conn, cli->host, cli->port, handler,
                                      userdata);
    return xmpp_connect_client(cli->conn, cli->host, cli->port, handler,
                               userdata);
}

static void keep_why(struct cli *cli, const char *why)
{
    free(cli->why);
    cli->why = strdup(why);
}

/* For records. */
static void keep_failure(struct cli *cli, const xmpp_failure_t *f)
{
    keep_why(cli, f->message);
    cli->layer = xmpp_layer_name(f->layer);
    cli->failure = xmpp_strerror_name(f->code);
}

/* A connect call that is refused is told by its failure, if it has one. */
static void tell_refused(struct cli *cli, int rc)
{
    const xmpp_failure_t *f = xmpp_conn_get_failure(cli->conn);
    int is_own = rc == XMPP_EARG || rc == XMPP_EINVOP || rc == XMPP_ECRED;

    if (f) {
        keep_failure(cli, f);
        cli_error(cli, "%s", f->message);
    } else {
        keep_why(cli, xmpp_strerror(rc));
        cli_error(cli, "%s: %s", cli->jid, xmpp_strerror(rc));
    }
    cli->code = is_own ? EXIT_USAGE : EXIT_CONNECT;
}

static void end_loop(struct cli *cli)
{
    cli->over = 1;
    xmpp_stop(cli->ctx);
}

static void tell_next(struct cli *cli, const xmpp_reconnect_t *next)
{
    cli_note(cli, "trying again in %lu seconds", (next->left + 999) / 1000);
    cli->code = EXIT_FINE; /* if nothing worse comes */
}

void cli_ended(struct cli *cli)
{
    const xmpp_failure_t *f = xmpp_conn_get_failure(cli->conn);
    const xmpp_reconnect_t *next = xmpp_conn_get_reconnect(cli->conn);

    login_file_save(cli);
    if (f && !cli->done) {
        const char *advice = xmpp_strerror_advice(f->code);

        keep_failure(cli, f);
        cli_error(cli, "%s", f->message);
        if (*advice)
            cli_note(cli, "%s", advice);
        cli->code = f->layer == XMPP_LAYER_SASL ? EXIT_LOGIN : EXIT_CONNECT;
    }
    if (next)
        tell_next(cli, next);
    else
        end_loop(cli);
}

void cli_on_event(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                  xmpp_stream_error_t *stream_error, void *userdata)
{
    (void)conn;
    (void)error;
    (void)stream_error;
    if (event == XMPP_CONN_CONNECT)
        cli_is_up(userdata);
    else
        cli_ended(userdata);
}

/* Why a session ended, comes with the event. */
void cli_on_result(xmpp_conn_t *conn, const xmpp_result_t *result,
                   void *userdata)
{
    char why[400];

    (void)conn;
    if (result->status == XMPP_ENOTCONN)
        return;
    xmpp_result_format(result, why, sizeof(why));
    if (result->status)
        cli_error(userdata, "%s", why);
    cli_finish(userdata, result->status ? EXIT_ANSWER : EXIT_FINE);
}

/* A signal that comes before the work is done is told as the shell does; so is
 * an end in good order that came too early. */
static void judge_end(struct cli *cli)
{
    int is_proper = (cli->kind & CLI_SERVES) && cli->up;

    if (cli->done)
        return;
    if (cli_signal() && !is_proper) {
        cli->code = EXIT_SIGNAL + cli_signal();
    } else if (cli->code == EXIT_FINE && !is_proper) {
        keep_why(cli, "the connection ended before the work was done");
        cli_error(cli, "the connection ended before the work was done");
        cli->code = EXIT_CONNECT;
    }
}

static int exit_code(struct cli *cli)
{
    int lost = output_end();

    if (lost && cli->code != EXIT_OUTPUT)
        cli_error(cli, "standard output: %s", strerror(lost));
    return cli_code(cli,
                    lost && cli->code == EXIT_FINE ? EXIT_OUTPUT : cli->code);
}

static void free_all(struct cli *cli)
{
    cli_catch_signals(NULL);
    xmpp_conn_release(cli->conn);
    store_dir_close(&cli->store);
    if (cli->release)
        cli->release(cli);
    xmpp_ctx_free(cli->ctx);
    cli_forget_accounts();
    free(cli->jid_owned);
    free(cli->host_owned);
    free(cli->why);
}

void cli_exit(struct cli *cli, int code)
{
    cli->code = code;
    exit(exit_code(cli));
}

void cli_give_up(struct cli *cli, int code)
{
    free_all(cli);
    cli_exit(cli, cli_signal() ? EXIT_SIGNAL + cli_signal() : code);
}

/* A loop of our own: the library's descriptor, and standard input. Where there
 * is no such descriptor (--disable-epoll) the library is looked at now and
 * then. */
static void run_with_input(struct cli *cli)
{
    struct pollfd fds[2] = {{.fd = xmpp_ctx_get_fd(cli->ctx),
                             .events = (short)xmpp_ctx_get_events(cli->ctx)}};

    while (!cli->over) {
        int is_left = cli->reads_input && cli->has_input;

        fds[1] = (struct pollfd){.fd = cli->reads_input ? STDIN_FILENO : -1,
                                 .events = POLLIN};
        poll(fds, 2, is_left ? 0 : fds[0].fd < 0 ? 50 : -1);
        xmpp_ctx_process(cli->ctx);
        if ((fds[1].revents || is_left) && cli->reads_input && !cli->over)
            cli->on_input(cli);
        /* Nothing is left that the interrupt could end. */
        if (cli_signal() && xmpp_conn_is_disconnected(cli->conn))
            cli->over = 1;
    }
}

int cli_serve(struct cli *cli, int rc)
{
    if (rc)
        tell_refused(cli, rc);
    else if (cli->on_input)
        run_with_input(cli);
    else
        xmpp_run(cli->ctx);
    judge_end(cli);
    free_all(cli);
    return exit_code(cli);
}

int cli_run(struct cli *cli, xmpp_conn_handler handler, void *userdata)
{
    return cli_serve(cli, connect_now(cli, handler, userdata));
}
