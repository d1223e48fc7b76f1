/* cli_rows.h - the options of the example programs. */

#ifndef EXAMPLES_CLI_ROWS_H
#define EXAMPLES_CLI_ROWS_H

#include "cli.h"

enum cli_value {
    SWITCH, /* none: the member becomes `least`; 0 for --no-NAME */
    TEXT,
    NUMBER, /* from `least` to `most` */
    HELP,   /* `least`: of all options */
    VERSION
};

enum {
    BRIEF = 1,    /* in --help, which fits a screen */
    LINE_ONLY = 2 /* on the command line, not in a file of settings */
};

/* An option, where it goes, and who has it (0: everybody). Its name is also
 * that of a setting. The manual pages and the completion of shells are made
 * from these rows. */
struct cli_row {
    const char *name;
    int letter;
    enum cli_value value;
    size_t member;
    int least, most, who, traits;
    const char *shown, *help;
};

extern const struct cli_row cli_rows[];
extern const int cli_row_count; /* at most CLI_ROWS_MOST */

int cli_has_row(const struct cli *cli, const struct cli_row *row);

#endif
