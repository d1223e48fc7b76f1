/* cli_help.h - what --help shows. */

#ifndef EXAMPLES_CLI_HELP_H
#define EXAMPLES_CLI_HELP_H

#include "cli.h"

/* A screen of 24 lines, or all there is. */
void cli_help(const struct cli *cli, int is_all);

#endif
