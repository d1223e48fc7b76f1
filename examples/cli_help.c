/* cli_help.c - what --help shows. */

#include "cli_help.h"

#include <stdio.h>
#include <string.h>

#include "cli_rows.h"

#define WIDTH 79
#define INDENT 30 /* of what an option is for */

/* The words of a text from column INDENT on. */
static void print_words(const char *text)
{
    int at = INDENT;

    while (*text) {
        int n = (int)strcspn(text, " ");

        if (at > INDENT && at + 1 + n > WIDTH) {
            printf("\n%*s", INDENT, "");
            at = INDENT;
        }
        at += printf("%s%.*s", at > INDENT ? " " : "", n, text);
        text += n + (text[n] != '\0');
    }
    putchar('\n');
}

static void print_row(const struct cli_row *row)
{
    char left[80];

    snprintf(left, sizeof(left), "%c%c%s--%s%s%s", row->letter ? '-' : ' ',
             row->letter ? row->letter : ' ', row->letter ? ", " : "  ",
             row->name, *row->shown ? " " : "", row->shown);
    printf("  %-*s", INDENT - 2, left);
    if (strlen(left) > INDENT - 3)
        printf("\n%*s", INDENT, "");
    print_words(row->help);
}

static void print_rows(const struct cli *cli, int traits)
{
    for (int i = 0; i < cli_row_count; i++)
        if (cli_has_row(cli, &cli_rows[i]) &&
            (cli_rows[i].traits & traits) == traits)
            print_row(&cli_rows[i]);
}

static void print_codes(const struct cli *cli)
{
    static const char *const meanings[] = {
#define EXIT_TEXT_(name, code, text) text,
        EXIT_MAP(EXIT_TEXT_)
#undef EXIT_TEXT_
    };

    printf("\nExit codes:\n");
    for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
        printf("  %-6d %s\n", cli_code(cli, (int)i), meanings[i]);
    printf("  128+N  signal N came before %s\n",
           cli->kind & CLI_SERVES ? "it was logged in; later, it is 0"
                                  : "the work was done");
}

static void print_rules(const struct cli *cli)
{
    puts("\nOptions may be anywhere; -- ends them. --no- before the name of an "
         "option\nwithout a value undoes it: --no-reconnect. "
         "~/.config/xmpp/accounts.conf has\naccounts, and settings with the "
         "names of options. The command line goes\nbefore the environment, "
         "and the environment before that file.");
    if (cli->kind & CLI_LOGS_IN)
        puts("The password comes from --password-file or --password-command, "
             "from the\nvariable LIBXMPP_PASSWORD, from that file, or from "
             "the terminal; with a\ncertificate it is that of its key.");
    puts("Without --proxy, the URL in LIBXMPP_PROXY is used; other users "
         "cannot read it.");
}

static void print_usage(const struct cli *cli)
{
    int n = printf("usage: %s [options] %s", cli->name,
                   (cli->kind & (CLI_LOGS_IN | CLI_COMPONENT)) == CLI_LOGS_IN
                       ? "JID"
                       : "DOMAIN");

    if (n + 1 + (int)strlen(cli->arguments) > WIDTH)
        printf("\n%*s", (int)strlen(cli->name) + 7, "");
    printf("%s%s\n%s\n\n", *cli->arguments ? " " : "", cli->arguments,
           cli->about);
}

void cli_help(const struct cli *cli, int is_all)
{
    print_usage(cli);
    print_rows(cli, is_all ? 0 : BRIEF);
    if (is_all) {
        print_codes(cli);
        print_rules(cli);
    }
}
