/* cli_options.c - the command line of the example programs. */

#define _GNU_SOURCE
#include "cli_options.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli_account.h"
#include "cli_help.h"

#define YES 256                  /* + a row: what getopt_long() returns */
#define NO (YES + CLI_ROWS_MOST) /* + a row: of --no-NAME */

static const struct cli_place nowhere; /* in a file */

/* ---- values ------------------------------------------------------ */

/* `what` it is of the value: ": the port", or "". */
static int read_number(const struct cli *cli, const char *name,
                       const char *what, int least, int most, const char *text)
{
    size_t n = strspn(text, "0123456789");
    long number = n && n < 9 && !text[n] ? strtol(text, NULL, 10) : -1;

    if (number < least || number > most)
        cli_wrong_value(cli, name,
                        "%s must be a number from %d to %d, not \"%s\"", what,
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
        cli_refuse(cli, "out of memory");
    colon = strrchr(cli->host_owned, ':');
    if (colon && (strchr(cli->host_owned, ':') == colon ||
                  (colon > cli->host_owned && colon[-1] == ']'))) {
        *colon = '\0';
        cli->port = (unsigned short)read_number(cli, "server", ": the port", 1,
                                                65535, colon + 1);
    }
    if (!*cli->host)
        cli_wrong_value(cli, "server", " has no host in \"%s\"", cli->server);
}

static int read_switch(const struct cli *cli, const struct cli_row *row,
                       const char *text)
{
    if (strcmp(text, "yes") && strcmp(text, "no"))
        cli_wrong_value(cli, row->name, " must be yes or no, not \"%s\"", text);
    return *text == 'y' ? row->least : 0;
}

static int number_of(const struct cli *cli, const struct cli_row *row,
                     const char *text)
{
    return row->value == SWITCH
               ? read_switch(cli, row, text)
               : read_number(cli, row->name, "", row->least, row->most, text);
}

void cli_set_row(struct cli *cli, const struct cli_row *row, const char *text,
                 struct cli_place place)
{
    char *member = (char *)cli + row->member;
    int number;

    cli->is_set[row - cli_rows] = 1;
    cli->places[row - cli_rows] = place;
    if (row->value == TEXT) {
        if (!*text)
            cli_wrong_value(cli, row->name, " has an empty value");
        memcpy(member, &text, sizeof(text));
    } else {
        number = number_of(cli, row, text);
        memcpy(member, &number, sizeof(number));
    }
}

/* Two rows may share a member, as dane and require-dane do. */
int cli_is_set(const struct cli *cli, const struct cli_row *row)
{
    for (int i = 0; i < cli_row_count; i++)
        if (cli->is_set[i] && cli_rows[i].member == row->member)
            return 1;
    return 0;
}

const struct cli_row *cli_find_row(const struct cli *cli, const char *name,
                                   int *is_known)
{
    *is_known = 0;
    for (int i = 0; i < cli_row_count; i++)
        if (!strcmp(cli_rows[i].name, name)) {
            *is_known = 1;
            return cli_has_row(cli, &cli_rows[i]) ? &cli_rows[i] : NULL;
        }
    return NULL;
}

struct cli_place cli_place_of(const struct cli *cli, const char *name)
{
    int is_known;
    const struct cli_row *row = cli_find_row(cli, name, &is_known);

    return row ? cli->places[row - cli_rows] : nowhere;
}

/* ---- words ------------------------------------------------------- */

/* As getopt_long() wants them: the index of the row is the result, and a letter
 * gives its row as well. A switch has a second name, which undoes it. */
struct table {
    struct option options[2 * CLI_ROWS_MOST + 1];
    char letters[CLI_ROWS_MOST + 2];
    char undo[CLI_ROWS_MOST][24];
};

static void make_table(const struct cli *cli, struct table *table)
{
    struct option *option = table->options;
    char *letter = table->letters;

    *letter++ = ':'; /* a missing value is told as ':' */
    for (int i = 0; i < cli_row_count; i++) {
        const struct cli_row *row = &cli_rows[i];

        if (!cli_has_row(cli, row))
            continue;
        *option++ = (struct option){row->name,
                                    row->value == TEXT || row->value == NUMBER,
                                    NULL, YES + i};
        if (row->letter)
            *letter++ = (char)row->letter;
        if (row->value != SWITCH)
            continue;
        snprintf(table->undo[i], sizeof(table->undo[i]), "no-%s", row->name);
        *option++ = (struct option){table->undo[i], 0, NULL, NO + i};
    }
}

static const struct cli_row *row_of(int result)
{
    for (int i = 0; i < cli_row_count; i++)
        if (result == YES + i || result == NO + i ||
            result == cli_rows[i].letter)
            return &cli_rows[i];
    return NULL;
}

static void refuse_option(const struct cli *cli, int result, const char *word)
{
    const struct cli_row *row = optopt >= YES ? row_of(optopt) : NULL;

    if (row)
        cli_misuse(cli, "--%s%s %s", optopt >= NO ? "no-" : "", row->name,
                   result == ':' ? "needs a value" : "takes no value");
    if (optopt)
        cli_misuse(cli, "unknown option: -%c", optopt);
    cli_misuse(cli, "unknown option: %s", word);
}

static void take_option(struct cli *cli, int result, const char *value)
{
    const struct cli_row *row = row_of(result);

    if (row->value == HELP)
        cli_help(cli, row->least);
    else if (row->value == VERSION)
        printf("%s (libxmpp %s)\n", cli->name, xmpp_version());
    else if (row->value == SWITCH)
        cli_set_row(cli, row, result >= NO ? "no" : "yes", nowhere);
    else
        cli_set_row(cli, row, value, nowhere);
    if (row->value == HELP || row->value == VERSION)
        cli_exit(cli, EXIT_FINE);
}

/* It goes before the files of settings. */
static void read_environment(struct cli *cli)
{
    const char *proxy = getenv("LIBXMPP_PROXY");
    int is_known;
    const struct cli_row *row = cli_find_row(cli, "proxy", &is_known);

    if (proxy && *proxy && !cli_is_set(cli, row))
        cli_set_row(cli, row, proxy, nowhere);
}

void cli_read_options(struct cli *cli, int argc, char **argv)
{
    struct table table = {0};
    int result;

    make_table(cli, &table);
    opterr = 0;
    while ((result = getopt_long(argc, argv, table.letters, table.options,
                                 NULL)) != -1) {
        if (result == '?' || result == ':')
            refuse_option(cli, result, argv[optind - 1]);
        else
            take_option(cli, result, optarg);
    }
    cli->rest = argv + optind;
    cli->rest_n = argc - optind;
    if (!cli->account) {
        cli->jid = cli->rest[0];
        if (!cli->jid)
            cli_misuse(cli, "an address is missing");
        cli->rest++;
        cli->rest_n--;
    }
    read_environment(cli);
    cli_read_accounts(cli);
    read_server(cli);
}
