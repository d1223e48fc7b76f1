/* cli_settings.h - what was chosen on the command line, set on the connection.
 */

#ifndef EXAMPLES_CLI_SETTINGS_H
#define EXAMPLES_CLI_SETTINGS_H

#include "cli.h"

/* Exits where a choice is not valid. */
void cli_apply_settings(struct cli *cli);

#endif
