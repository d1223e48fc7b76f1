/* cli_account.h - what files of settings add to the command line. */

#ifndef EXAMPLES_CLI_ACCOUNT_H
#define EXAMPLES_CLI_ACCOUNT_H

#include "cli.h"

/* Find the account, and take the settings that neither the command line nor the
 * environment has. Exits if a file is not right. */
void cli_read_accounts(struct cli *cli);

/* The settings are used no more: passwords in them are wiped. */
void cli_forget_accounts(void);

#endif
