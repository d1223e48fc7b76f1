/* cli_password.h - where the password of the example programs comes from. */

#ifndef EXAMPLES_CLI_PASSWORD_H
#define EXAMPLES_CLI_PASSWORD_H

#include "cli.h"

/* Give the connection its password, or the way to ask for it. Exits where there
 * is none. */
void cli_set_password(struct cli *cli);

#endif
