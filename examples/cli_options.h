/* cli_options.h - the command line of the example programs. */

#ifndef EXAMPLES_CLI_OPTIONS_H
#define EXAMPLES_CLI_OPTIONS_H

#include "cli.h"

/* Fill in what stands on the command line. Exits for --help, --version and
 * misuse. */
void cli_read_options(struct cli *cli, int argc, char **argv);

#endif
