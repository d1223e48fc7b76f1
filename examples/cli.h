/* cli.h - what all example programs share: options, password, signals. */

#ifndef EXAMPLES_CLI_H
#define EXAMPLES_CLI_H

#include <xmpp/xmpp.h>

enum {
    EXIT_FINE = 0,
    EXIT_USAGE = 1,
    EXIT_CONNECT = 2, /* DNS, TCP, TLS, or the stream broke */
    EXIT_LOGIN = 3,
    EXIT_ANSWER = 4 /* a request was refused or not answered */
};

struct cli {
    const char *name, *arguments, *about; /* for --help */
    const char *more;                     /* further options, or "" */
    const xmpp_log_t *log;                /* NULL: standard error */
    int no_password;                      /* nobody logs in */

    /* from the command line */
    const char *jid, *host, *resource, *dns;
    const char *cafile, *crlfile, *pin, *cert, *key, *mechanisms;
    const char *password_file, *login_file, *tag, *anchor;
    unsigned short port;
    int verbose, timeout, wait_reply, dane, pipeline;
    long flags;
    char **rest; /* arguments behind the address */
    int rest_n;

    xmpp_ctx_t *ctx;
    xmpp_conn_t *conn;
    int code; /* to exit with */
    char *jid_owned, *host_owned;
    char agent[40]; /* of the login file */
    int has_token;
};

/* Read the command line and make a connection, ready to be started. Exits
 * by itself for --help, --version and misuse. `least` and `most` are how many
 * arguments have to follow the address. */
void cli_start(struct cli *cli, int argc, char **argv, int least, int most);

/* Connect (as a client) and serve until the end; returns the exit code.
 * Interrupts end the stream properly. */
int cli_run(struct cli *cli, xmpp_conn_handler handler, void *userdata);

/* The same without connecting. */
int cli_serve(struct cli *cli);

/* To be called for XMPP_CONN_DISCONNECT: says why and ends the loop. */
void cli_ended(struct cli *cli);

#endif
