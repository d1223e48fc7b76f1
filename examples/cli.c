/* cli.c - what all example programs share: options, password, signals. */

#define _GNU_SOURCE
#include "cli.h"
#include "login_file.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

static volatile sig_atomic_t interrupted;
static xmpp_ctx_t *to_wake;

static void on_signal(int number)
{
    (void)number;
    interrupted++;
    if (to_wake)
        xmpp_ctx_wakeup(to_wake);
}

/* ---- help ------------------------------------------------------------- */

static void help(const struct cli *cli, FILE *to)
{
    fprintf(to,
            "usage: %s [options] JID %s\n%s\n\n"
            "  --server HOST[:PORT]  connect there instead of asking the DNS\n"
            "  --direct-tls          TLS from the first byte\n"
            "  --compress            by zlib, where it is offered\n"
            "  --ca-file FILE        trust these certificates (PEM) instead\n"
            "                        of the system's\n"
            "  --crl-file FILE       refuse what these lists (PEM) revoke\n"
            "  --pin SHA256          accept only this key of the server\n"
            "  --dane, --require-dane  ask the DNS about the certificate, too\n"
            "  --dane-anchor FILE    the keys that the DNS is believed by\n"
            "  --cert FILE, --key FILE  log in with this certificate (PEM, or\n"
            "                        PKCS#12 in one, or a pkcs11: URL)\n"
            "  --mechanisms LIST     log in by these SASL mechanisms only\n"
            "  --dns SERVER[:PORT]   ask this name server\n"
            "  --resource NAME       bind this resource\n"
            "  --password-file FILE  read the password from its first line\n"
            "  --login-file FILE     keep a token and a pin for the next login\n"
            "                        there, and log in by them\n"
            "  --tag WORD            bind by Bind 2, with this in the resource\n"
            "  --pipeline            do not wait for what the server offers, if\n"
            "                        it is known from the last time\n"
            "  --timeout SECONDS     patience for each step of the login\n"
            "  --verbose             show what happens\n"
            "%s"
            "  --help, --version\n\n"
            "The password comes from LIBXMPP_PASSWORD, from the file, or is\n"
            "asked for; with a certificate it is that of its key.\n"
            "Exit codes: 0 fine, 1 usage, 2 no connection, 3 login refused,\n"
            "4 a request was refused or not answered.\n",
            cli->name, cli->arguments, cli->about, cli->more);
}

static void misuse(const struct cli *cli, const char *what, const char *which)
{
    fprintf(stderr, "%s: %s%s\n\n", cli->name, what, which);
    help(cli, stderr);
    exit(EXIT_USAGE);
}

/* ---- options ---------------------------------------------------------- */

static void set_server(struct cli *cli, const char *text)
{
    char *colon;

    cli->host_owned = strdup(text);
    colon = strrchr(cli->host_owned, ':');
    if (colon && (strchr(cli->host_owned, ':') == colon ||
                  (colon > cli->host_owned && colon[-1] == ']'))) {
        *colon = '\0';
        cli->port = (unsigned short)strtoul(colon + 1, NULL, 10);
    }
    cli->host = cli->host_owned;
}

static const char *value_of(struct cli *cli, char ***at)
{
    if (!(*at)[1])
        misuse(cli, "a value is missing behind ", **at);
    return *++*at;
}

/* Options that take a text. */
static const char **place_of(struct cli *cli, const char *option)
{
    const struct {
        const char *option;
        const char **place;
    } rows[] = {
        {"--ca-file", &cli->cafile},
        {"--crl-file", &cli->crlfile},
        {"--pin", &cli->pin},
        {"--dane-anchor", &cli->anchor},
        {"--cert", &cli->cert},
        {"--key", &cli->key},
        {"--dns", &cli->dns},
        {"--mechanisms", &cli->mechanisms},
        {"--resource", &cli->resource},
        {"--password-file", &cli->password_file},
        {"--login-file", &cli->login_file},
        {"--tag", &cli->tag},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (!strcmp(rows[i].option, option))
            return rows[i].place;
    return NULL;
}

static void read_option(struct cli *cli, char ***at)
{
    const char *option = **at;
    const char **place = place_of(cli, option);

    if (!strcmp(option, "--help")) {
        help(cli, stdout);
        exit(EXIT_FINE);
    } else if (!strcmp(option, "--version")) {
        printf("%s (libxmpp %s)\n", cli->name, xmpp_version());
        exit(EXIT_FINE);
    } else if (!strcmp(option, "--server"))
        set_server(cli, value_of(cli, at));
    else if (!strcmp(option, "--direct-tls"))
        cli->flags |= (long)XMPP_CONN_FLAG_LEGACY_SSL;
    else if (!strcmp(option, "--dane"))
        cli->dane = 1;
    else if (!strcmp(option, "--require-dane"))
        cli->dane = 2;
    else if (!strcmp(option, "--pipeline"))
        cli->pipeline = 1;
    else if (!strcmp(option, "--compress"))
        cli->flags |= (long)(XMPP_CONN_FLAG_ENABLE_COMPRESSION |
                             XMPP_CONN_FLAG_COMPRESSION_DONT_RESET);
    else if (place)
        *place = value_of(cli, at);
    else if (!strcmp(option, "--verbose"))
        cli->verbose = 1;
    else if (!strcmp(option, "--timeout"))
        cli->timeout = atoi(value_of(cli, at));
    else if (!strcmp(option, "--wait-reply") && cli->more[0])
        cli->wait_reply = atoi(value_of(cli, at));
    else
        misuse(cli, "there is no option ", option);
}

static void read_arguments(struct cli *cli, char **argv, int least, int most)
{
    char **at = argv + 1;

    for (; *at && !strncmp(*at, "--", 2) && (*at)[2]; at++)
        read_option(cli, &at);
    if (!*at)
        misuse(cli, "an address is missing", "");
    cli->jid = *at++;
    cli->rest = at;
    while (*at++)
        cli->rest_n++;
    if (cli->rest_n < least || (most >= 0 && cli->rest_n > most))
        misuse(cli, "too few or too many arguments", "");
}

/* ---- password --------------------------------------------------------- */

static char *read_line(FILE *from)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t n = getline(&line, &size, from);

    if (n < 0) {
        free(line);
        return NULL;
    }
    line[strcspn(line, "\r\n")] = '\0';
    return line;
}

static char *ask(const char *jid)
{
    struct termios before, silent;
    FILE *tty = fopen("/dev/tty", "r+");
    char *line;

    if (!tty)
        return NULL;
    fprintf(tty, "Password for %s: ", jid);
    fflush(tty);
    tcgetattr(fileno(tty), &before);
    silent = before;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(fileno(tty), TCSAFLUSH, &silent);
    line = read_line(tty);
    tcsetattr(fileno(tty), TCSAFLUSH, &before);
    fprintf(tty, "\n");
    fclose(tty);
    return line;
}

static char *find_password(struct cli *cli)
{
    const char *variable = getenv("LIBXMPP_PASSWORD");
    char *line = NULL;
    FILE *file;

    if (!cli->password_file)
        return variable ? strdup(variable) : ask(cli->jid);
    file = fopen(cli->password_file, "r");
    if (!file) {
        perror(cli->password_file);
        exit(EXIT_USAGE);
    }
    line = read_line(file);
    fclose(file);
    return line;
}

/* The password, when it is needed: of a key, or if a token was not enough. */
static int give_password(char *to, size_t most, xmpp_conn_t *conn, void *userdata)
{
    struct cli *cli = userdata;
    char *password = find_password(cli);
    int n = password && strlen(password) < most ? (int)strlen(password) : -1;

    (void)conn;
    if (n >= 0)
        memcpy(to, password, (size_t)n + 1);
    if (password)
        explicit_bzero(password, strlen(password));
    free(password);
    return n;
}

static void set_password(struct cli *cli)
{
    char *password;

    if (cli->no_password)
        return;
    if (cli->cert) { /* it takes the place of a password, but may need one */
        xmpp_conn_set_password_callback(cli->conn, give_password, cli);
        return;
    }
    if (cli->has_token) {
        xmpp_conn_set_pass_handler(cli->conn, give_password, cli);
        return;
    }
    password = find_password(cli);
    if (!password)
        misuse(cli, "there is no password", "");
    xmpp_conn_set_pass(cli->conn, password);
    explicit_bzero(password, strlen(password));
    free(password);
}

/* ---- life ------------------------------------------------------------- */

static void set_jid(struct cli *cli)
{
    const char *slash = strchr(cli->jid, '/');

    if (cli->resource && !slash &&
        asprintf(&cli->jid_owned, "%s/%s", cli->jid, cli->resource) > 0)
        cli->jid = cli->jid_owned;
    xmpp_conn_set_jid(cli->conn, cli->jid);
}

static void set_login_file(struct cli *cli)
{
    const char *wrong = cli->login_file ? login_file_open(cli) : NULL;

    if (wrong)
        misuse(cli, wrong, cli->login_file);
}

static void set_trust(struct cli *cli)
{
    xmpp_conn_set_cafile(cli->conn, cli->cafile);
    xmpp_conn_set_crlfile(cli->conn, cli->crlfile);
    if (cli->pin && xmpp_conn_add_tls_pin(cli->conn, XMPP_TLS_PIN_KEY, cli->pin))
        misuse(cli, "no SHA-256: ", cli->pin);
    if (xmpp_conn_set_option(cli->conn, XMPP_OPT_DANE, cli->dane))
        misuse(cli, "DANE was not built in", "");
    xmpp_conn_set_dane_anchor(cli->conn, cli->anchor);
    xmpp_conn_set_client_cert(cli->conn, cli->cert, cli->key);
}

void cli_start(struct cli *cli, int argc, char **argv, int least, int most)
{
    struct sigaction action = {.sa_handler = on_signal};

    (void)argc;
    read_arguments(cli, argv, least, most);
    setvbuf(stdout, NULL, _IOLBF, 0);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    if (!cli->log)
        cli->log = xmpp_get_default_logger(cli->verbose ? XMPP_LEVEL_DEBUG
                                                        : XMPP_LEVEL_ERROR);
    cli->ctx = xmpp_ctx_new(NULL, cli->log);
    cli->conn = xmpp_conn_new(cli->ctx);
    if (!cli->conn) {
        fprintf(stderr, "%s: out of memory\n", cli->name);
        exit(EXIT_CONNECT);
    }
    to_wake = cli->ctx;
    set_jid(cli);
    set_trust(cli);
    if (xmpp_conn_set_mechanisms(cli->conn, cli->mechanisms))
        misuse(cli, "no mechanism is known in: ", cli->mechanisms);
    xmpp_conn_set_flags(cli->conn, cli->flags);
    if (cli->dns && xmpp_ctx_set_dns_servers(cli->ctx, cli->dns))
        misuse(cli, "no name server: ", cli->dns);
    if (cli->timeout > 0) {
        xmpp_conn_set_option(cli->conn, XMPP_OPT_CONNECT_TIMEOUT,
                             cli->timeout * 1000L);
        xmpp_conn_set_option(cli->conn, XMPP_OPT_STEP_TIMEOUT,
                             cli->timeout * 1000L);
    }
    if (xmpp_conn_set_bind_tag(cli->conn, cli->tag))
        misuse(cli, "no tag: ", cli->tag);
    xmpp_conn_set_option(cli->conn, XMPP_OPT_PIPELINE, cli->pipeline);
    set_login_file(cli);
    set_password(cli);
}

void cli_ended(struct cli *cli)
{
    const xmpp_failure_t *f = xmpp_conn_get_failure(cli->conn);

    login_file_save(cli);
    if (f) {
        fprintf(stderr, "%s: %s\n%s: %s\n", cli->name, f->message, cli->name,
                xmpp_strerror_advice(f->code));
        cli->code = f->layer == XMPP_LAYER_SASL ? EXIT_LOGIN : EXIT_CONNECT;
    }
    xmpp_stop(cli->ctx);
}

static int stop_if_interrupted(xmpp_ctx_t *ctx, void *userdata)
{
    struct cli *cli = userdata;

    if (interrupted && !xmpp_conn_is_disconnected(cli->conn))
        xmpp_disconnect(cli->conn);
    if (interrupted > 1 || (interrupted &&
                            xmpp_conn_is_disconnected(cli->conn)))
        xmpp_stop(ctx);
    return 1;
}

int cli_serve(struct cli *cli)
{
    xmpp_global_timed_handler_add(cli->ctx, stop_if_interrupted, 200, cli);
    xmpp_run(cli->ctx);
    to_wake = NULL;
    xmpp_conn_release(cli->conn);
    xmpp_ctx_free(cli->ctx);
    free(cli->jid_owned);
    free(cli->host_owned);
    return cli->code;
}

int cli_run(struct cli *cli, xmpp_conn_handler handler, void *userdata)
{
    int rc = xmpp_connect_client(cli->conn, cli->host, cli->port, handler,
                                 userdata);

    if (rc) {
        fprintf(stderr, "%s: %s: %s\n", cli->name, cli->jid,
                xmpp_strerror(rc));
        cli->code = EXIT_USAGE;
        xmpp_conn_release(cli->conn);
        xmpp_ctx_free(cli->ctx);
        return cli->code;
    }
    return cli_serve(cli);
}
