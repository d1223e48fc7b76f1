/* cli_options.h - the command line of the example programs. */

#ifndef EXAMPLES_CLI_OPTIONS_H
#define EXAMPLES_CLI_OPTIONS_H

#include "cli_rows.h"

/* Fill in what stands on the command line, and what the files of settings add.
 * Exits for --help, --version and misuse. */
void cli_read_options(struct cli *cli, int argc, char **argv);

/* The row of this name that the program has, or NULL; `is_known` is whether
 * another program has it. */
const struct cli_row *cli_find_row(const struct cli *cli, const char *name,
                                   int *is_known);

/* Whether the member of this row was set already. */
int cli_is_set(const struct cli *cli, const struct cli_row *row);

/* Set it to this text, which stays where it is; of a switch to yes or no. It
 * comes from that line of a file, or from none. */
void cli_set_row(struct cli *cli, const struct cli_row *row, const char *text,
                 struct cli_place place);

/* Where the value of this row comes from; all zero: not from a file. */
struct cli_place cli_place_of(const struct cli *cli, const char *name);

#endif
