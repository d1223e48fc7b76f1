/* cli.h - what all example programs share: options, password, signals, and how
 * a program tells what became of its work. */

#ifndef EXAMPLES_CLI_H
#define EXAMPLES_CLI_H

#include <xmpp/xmpp.h>

/* The exit codes: X(name, code, what it means). A signal that comes before the
 * work is done gives 128 and its number. */
#define EXIT_MAP(X)                                                            \
    X(EXIT_FINE, 0, "done")                                                    \
    X(EXIT_USAGE, 1, "usage, or input that cannot be sent")                    \
    X(EXIT_CONNECT, 2, "no connection, or it broke before the work was done")  \
    X(EXIT_LOGIN, 3, "the login was refused")                                  \
    X(EXIT_ANSWER, 4, "refused, or not answered in time")                      \
    X(EXIT_OUTPUT, 5, "the output could not be written")

enum {
#define EXIT_ENUM_(name, code, text) name = code,
    EXIT_MAP(EXIT_ENUM_)
#undef EXIT_ENUM_
        EXIT_SIGNAL = 128
};

#define CLI_ROWS_MOST 64 /* rows of cli_rows.h */

/* What a program is, for its options and its --help. */
enum {
    CLI_SENDS = 1,  /* one message */
    CLI_SERVES = 2, /* until it is interrupted, which is its proper end */
    CLI_LOGS_IN = 4,
    CLI_COMPONENT = 8, /* has to be told the server */
    CLI_PIPES = 16,    /* lines of standard input */
    CLI_RECORDS = 32,  /* prints records, which may be JSON */
    CLI_COLORS = 64
};

/* A line of a file; all zero: none. */
struct cli_place {
    const char *path;
    int line;
};

struct cli {
    const char *name, *arguments, *about; /* for --help */
    int kind;

    /* from the command line, and from files of settings */
    const char *jid, *server, *host, *resource, *dns, *proxy, *websocket;
    const char *cafile, *crlfile, *pin, *cert, *key, *mechanisms;
    const char *password_file, *password_command;
    const char *login_file, *store_path, *tag, *anchor;
    const char *account, *config_path, *color;
    unsigned short port;
    const char *resolve, *source;
    int verbose, timeout, wait_reply, wait_bounce, dane, pipeline, reconnect;
    int host_meta;
    int direct_tls, compress, stay, quiet, json, replace;
    char is_set[CLI_ROWS_MOST];             /* each row of cli_rows.h */
    struct cli_place places[CLI_ROWS_MOST]; /* of those from a file */
    struct {                                /* in a file of settings */
        const char *address, *password, *password_file, *password_command;
    } kept;
    char **rest; /* arguments behind the address */
    int rest_n;

    /* Called when standard input can be read, while `reads_input`. */
    void (*on_input)(struct cli *cli);
    int reads_input;
    int has_input; /* also when it cannot: something that was read is left */
    /* What the program ends with instead of a code of EXIT_MAP; or NULL. */
    int (*exit_of)(const struct cli *cli, int code);
    void (*release)(struct cli *cli); /* what else is the context's; or NULL */
    /* With --json: it ends before it began, for this reason; or NULL. */
    void (*on_refusal)(const struct cli *cli, const char *why);
    xmpp_log_t own_log;
    const xmpp_log_t *log; /* NULL: standard error, with --verbose */
    xmpp_ctx_t *ctx;
    xmpp_conn_t *conn;

    int code; /* to exit with */
    int done; /* the work is; nothing that happens later changes the code */
    int up;   /* it was logged in */
    int over; /* the loop ends */
    /* The last failure of the connection; `why` is owned, others are static. */
    char *why;
    const char *layer, *failure;
    char *jid_owned, *host_owned;
    char agent[40]; /* of the login file */
    int has_token;
    xmpp_store_t store;
};

/* ---- from the beginning to the end ------------------------------- */

/* Read the command line and make a connection, ready to be started. Exits by
 * itself for --help, --version and misuse. `least` and `most` are how many
 * arguments have to follow the address; -1 for any number. */
void cli_start(struct cli *cli, int argc, char **argv, int least, int most);

/* Connect (as a client) and serve until the end; returns the exit code.
 * Interrupts end the stream properly. */
int cli_run(struct cli *cli, xmpp_conn_handler handler, void *userdata);

/* The same, behind a connect call that returned `rc`. */
int cli_serve(struct cli *cli, int rc);

/* What the program ends with for a code of EXIT_MAP. */
int cli_code(const struct cli *cli, int code);

/* Nothing is to be sent after all: free everything and exit. */
void cli_give_up(struct cli *cli, int code);

/* The same before anything was made. */
void cli_exit(struct cli *cli, int code);

/* To be called for XMPP_CONN_CONNECT by programs that serve; the second one
 * also prints under which address. */
void cli_is_up(struct cli *cli);
void cli_is_ready(struct cli *cli);

/* The work is done, or it failed with that code: end the stream. */
void cli_finish(struct cli *cli, int code);

/* To be called for XMPP_CONN_DISCONNECT: says why, and ends the loop or, with
 * --reconnect, when another attempt follows. */
void cli_ended(struct cli *cli);

/* A handler that calls cli_is_up() and cli_ended(). The userdata is the cli. */
void cli_on_event(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                  xmpp_stream_error_t *stream_error, void *userdata);

/* The work is done with this result: says why, if it failed. The userdata is
 * the cli. */
void cli_on_result(xmpp_conn_t *conn, const xmpp_result_t *result,
                   void *userdata);

/* ---- saying something -------------------------------------------- */

/* What is wrong, on standard error, as one line after the program's name. */
void cli_error(const struct cli *cli, const char *fmt, ...) XMPP_PRINTF(2, 3);

/* The same for what need not be known, so not with --quiet. */
void cli_note(const struct cli *cli, const char *fmt, ...) XMPP_PRINTF(2, 3);

/* The same for a slip on the command line, with a hint at --help; exits. */
void cli_misuse(const struct cli *cli, const char *fmt, ...) XMPP_PRINTF(2, 3);

/* The same for what --help does not mend, such as a file that is wrong. */
void cli_refuse(const struct cli *cli, const char *fmt, ...) XMPP_PRINTF(2, 3);

/* The same for the value of an option or setting. The text follows its name:
 * --timeout, or FILE:LINE: timeout. */
void cli_wrong_value(const struct cli *cli, const char *name, const char *fmt,
                     ...) XMPP_PRINTF(3, 4);

/* After an error: what to do about a condition that somebody answered with. */
void cli_advise(const struct cli *cli, const char *condition);

/* A message that came, as a line. */
void cli_message(struct cli *cli, const char *from, const char *text);

/* A line of output is complete. If it cannot be written, the program ends. */
void cli_line(struct cli *cli);

#endif
