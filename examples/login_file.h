/* login_file.h - what one login leaves for the next, in a file. */

#ifndef EXAMPLES_LOGIN_FILE_H
#define EXAMPLES_LOGIN_FILE_H

#include "cli.h"

/* Take what is in cli->login_file, if it exists, and keep it up to date from
 * now on. NULL, or what is wrong with the file. */
const char *login_file_open(struct cli *cli);

/* Write it anew: for the pin, which a login may have raised. */
void login_file_save(struct cli *cli);

#endif
