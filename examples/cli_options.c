/* cli_options.c - the command line of the example programs. */

#define _GNU_SOURCE
#include "cli_options.h"

#include <getopt.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"

enum value {
    SWITCH, /* none: the member becomes `least` */
    TEXT,
    NUMBER, /* from `least` to `most` */
    HELP,
    VERSION
};

/* An option, where it goes, and who has it (0: everybody). */
static const struct row {
    const char *name;
    int letter;
    enum value value;
    size_t member;
    int least, most, who;
    const char *shown, *help; /* for --help; NULL: with the one before */
} rows[] = {
#define AT(member) offsetof(struct cli, member)
    {"server", 0, TEXT, AT(server), 0, 0, 0, "HOST[:PORT]",
     "connect to this host instead of using the DNS"},
    {"resolve", 0, TEXT, AT(resolve), 0, 0, 0, "NAME=HOST[:PORT]",
     "connect to HOST wherever NAME would be looked up"},
    {"source", 0, TEXT, AT(source), 0, 0, 0, "ADDRESS",
     "connect from this address of this machine"},
    {"direct-tls", 0, SWITCH, AT(direct_tls), 1, 0, 0, "",
     "TLS from the first byte"},
    {"compress", 0, SWITCH, AT(compress), 1, 0, 0, "",
     "by zlib, if the server offers it"},
    {"ca-file", 0, TEXT, AT(cafile), 0, 0, 0, "FILE",
     "trust these (PEM) instead of the system's"},
    {"crl-file", 0, TEXT, AT(crlfile), 0, 0, 0, "FILE",
     "refuse certificates that these lists (PEM) revoke"},
    {"pin", 0, TEXT, AT(pin), 0, 0, 0, "SHA256",
     "accept only this key of the server"},
    {"dane", 0, SWITCH, AT(dane), 1, 0, 0, "",
     "also check the certificate in the DNS"},
    {"require-dane", 0, SWITCH, AT(dane), 2, 0, 0, "",
     "and refuse servers without such records"},
    {"dane-anchor", 0, TEXT, AT(anchor), 0, 0, 0, "FILE",
     "the keys of DNSSEC to trust"},
    {"cert", 0, TEXT, AT(cert), 0, 0, CLI_LOGS_IN, "FILE",
     "log in with this certificate (PEM, or PKCS#12)"},
    {"key", 0, TEXT, AT(key), 0, 0, CLI_LOGS_IN, "FILE",
     "its key, if it is in another file, or a pkcs11: URL"},
    {"mechanisms", 0, TEXT, AT(mechanisms), 0, 0, CLI_LOGS_IN, "LIST",
     "use only these SASL mechanisms"},
    {"dns", 0, TEXT, AT(dns), 0, 0, 0, "SERVER[:PORT]", "use this name server"},
    {"proxy", 0, TEXT, AT(proxy), 0, 0, 0, "URL",
     "connect through this proxy: socks5:// or http://HOST:PORT"},
    {"websocket", 0, TEXT, AT(websocket), 0, 0, CLI_LOGS_IN, "URL|auto",
     "connect by WebSocket: wss://HOST/PATH, or the domain's"},
    {"host-meta", 0, SWITCH, AT(host_meta), 1, 0, CLI_LOGS_IN, "",
     "do so if TCP leads nowhere"},
    {"resource", 0, TEXT, AT(resource), 0, 0, CLI_LOGS_IN, "NAME",
     "bind this resource"},
    {"password-file", 0, TEXT, AT(password_file), 0, 0, CLI_LOGS_IN, "FILE",
     "read the password from its first line"},
    {"login-file", 0, TEXT, AT(login_file), 0, 0, CLI_LOGS_IN, "FILE",
     "keep a token there for the next login"},
    {"store", 0, TEXT, AT(store_path), 0, 0, CLI_LOGS_IN, "DIR",
     "keep what extensions know there for the next time"},
    {"tag", 0, TEXT, AT(tag), 0, 0, CLI_LOGS_IN, "WORD",
     "use Bind 2, with this tag in the resource"},
    {"pipeline", 0, SWITCH, AT(pipeline), 1, 0, CLI_LOGS_IN, "",
     "log in without waiting for the server's features"},
    {"timeout", 0, NUMBER, AT(timeout), 1, 3600, 0, "SECONDS",
     "for each step, and for an answer (1-3600)"},
    {"wait-bounce", 0, NUMBER, AT(wait_bounce), 0, 3600, CLI_SENDS | CLI_PIPES,
     "SECONDS", "for a message that comes back (0-3600; it is 3)"},
    {"wait-reply", 0, NUMBER, AT(wait_reply), 1, 86400, CLI_SENDS, "SECONDS",
     "for a reply, and print it (1-86400)"},
    {"stay", 0, SWITCH, AT(stay), 1, 0, CLI_PIPES, "",
     "go on printing messages after the end of the input"},
    {"reconnect", 0, SWITCH, AT(reconnect), 1, 0,
     CLI_SERVES | CLI_PIPES | CLI_SENDS, "",
     "connect again after a while, if that may help"},
    {"verbose", 'v', SWITCH, AT(verbose), 1, 0, 0, "", "show what happens"},
    {"help", 'h', HELP, 0, 0, 0, 0, "", "show this"},
    {"version", 'V', VERSION, 0, 0, 0, 0, "", "show the version"},
#undef AT
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static int has(const struct cli *cli, const struct row *row)
{
    return !row->who || (cli->kind & row->who);
}

/* ---- help -------------------------------------------------------- */

static void print_row(const struct row *row)
{
    char left[80];

    snprintf(left, sizeof(left), "%c%c%s--%s%s%s", row->letter ? '-' : ' ',
             row->letter ? row->letter : ' ', row->letter ? ", " : "  ",
             row->name, *row->shown ? " " : "", row->shown);
    printf("  %-26s  %s\n", left, row->help);
}

static void help(const struct cli *cli)
{
    static const char *const meanings[] = {
#define EXIT_TEXT_(name, code, text) text,
        EXIT_MAP(EXIT_TEXT_)
#undef EXIT_TEXT_
    };

    printf("usage: %s [options] %s%s%s\n%s\n\n", cli->name,
           (cli->kind & (CLI_LOGS_IN | CLI_COMPONENT)) == CLI_LOGS_IN
               ? "JID"
               : "DOMAIN",
           *cli->arguments ? " " : "", cli->arguments, cli->about);
    for (size_t i = 0; i < ROWS; i++)
        if (has(cli, &rows[i]))
            print_row(&rows[i]);
    printf(
        "\nOptions may be anywhere; -- ends them.%s\n",
        cli->kind & CLI_LOGS_IN
            ? " The password comes from\nLIBXMPP_PASSWORD, from the file, or "
              "is asked for; with a certificate it is\nthat of its key."
            : "");
    printf(
        "Without --proxy, the URL in LIBXMPP_PROXY is used; other users cannot "
        "read it.\n");
    printf("\nExit codes:\n");
    for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
        printf("  %-6d %s\n", cli_code(cli, (int)i), meanings[i]);
    printf("  128+N  signal N came before %s\n",
           cli->kind & CLI_SERVES ? "it was logged in; later, it is 0"
                                  : "the work was done");
}

/* ---- values ------------------------------------------------------ */

static int read_number(const struct cli *cli, const char *what, int least,
                       int most, const char *text)
{
    size_t n = strspn(text, "0123456789");
    long number = n && n < 9 && !text[n] ? strtol(text, NULL, 10) : -1;

    if (number < least || number > most)
        cli_misuse(cli, "--%s must be a number from %d to %d, not \"%s\"", what,
                   least, most, text);
    return (int)number;
}

/* HOST, HOST:PORT, an IPv6 address alone, or in brackets before a port. */
static void read_server(struct cli *cli)
{
    char *colon;

    if (!cli->server)
        return;
    cli->host = cli->host_owned = strdup(cli->server);
    if (!cli->host_owned)
        cli_misuse(cli, "out of memory");
    colon = strrchr(cli->host_owned, ':');
    if (colon && (strchr(cli->host_owned, ':') == colon ||
                  (colon > cli->host_owned && colon[-1] == ']'))) {
        *colon = '\0';
        cli->port = (unsigned short)read_number(cli, "server: the port", 1,
                                                65535, colon + 1);
    }
    if (!*cli->host)
        cli_misuse(cli, "--server has no host in \"%s\"", cli->server);
}

static void apply(struct cli *cli, const struct row *row, const char *text)
{
    char *member = (char *)cli + row->member;

    switch (row->value) {
    case SWITCH:
        memcpy(member, &row->least, sizeof(row->least));
        return;
    case NUMBER: {
        int number = read_number(cli, row->name, row->least, row->most, text);

        memcpy(member, &number, sizeof(number));
        return;
    }
    case TEXT:
        if (!*text)
            cli_misuse(cli, "--%s has an empty value", row->name);
        memcpy(member, &text, sizeof(text));
        return;
    case HELP:
        help(cli);
        break;
    case VERSION:
        printf("%s (libxmpp %s)\n", cli->name, xmpp_version());
    }
    cli_exit(cli, EXIT_FINE);
}

/* ---- the whole --------------------------------------------------- */

/* As getopt_long() wants them: the index of the row is the result, and a letter
 * gives its row as well. */
static void make_table(const struct cli *cli, struct option *table,
                       char *letters)
{
    for (size_t i = 0; i < ROWS; i++) {
        if (!has(cli, &rows[i]))
            continue;
        *table++ = (struct option){
            rows[i].name, rows[i].value == TEXT || rows[i].value == NUMBER,
            NULL, 256 + (int)i};
        if (rows[i].letter)
            *letters++ = (char)rows[i].letter;
    }
    *table = (struct option){0};
    *letters = '\0';
}

static const struct row *row_of(int result)
{
    for (size_t i = 0; i < ROWS; i++)
        if (result == 256 + (int)i || result == rows[i].letter)
            return &rows[i];
    return NULL;
}

static void refuse_option(const struct cli *cli, int result, const char *word)
{
    const struct row *row = optopt >= 256 ? row_of(optopt) : NULL;

    if (row)
        cli_misuse(cli, "--%s %s", row->name,
                   result == ':' ? "needs a value" : "takes no value");
    if (optopt)
        cli_misuse(cli, "unknown option: -%c", optopt);
    cli_misuse(cli, "unknown option: %s", word);
}

void cli_read_options(struct cli *cli, int argc, char **argv)
{
    struct option table[ROWS + 1];
    char letters[ROWS + 2] = ":"; /* a missing value is told as ':' */
    int result;

    make_table(cli, table, letters + 1);
    opterr = 0;
    while ((result = getopt_long(argc, argv, letters, table, NULL)) != -1) {
        if (result == '?' || result == ':')
            refuse_option(cli, result, argv[optind - 1]);
        else
            apply(cli, row_of(result), optarg);
    }
    read_server(cli);
    cli->jid = argv[optind];
    if (!cli->jid)
        cli_misuse(cli, "an address is missing");
    cli->rest = argv + optind + 1;
    cli->rest_n = argc - optind - 1;
}
