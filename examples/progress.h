/* progress.h - how far a long action is, in a line of the terminal that is
 * written over. */

#ifndef EXAMPLES_PROGRESS_H
#define EXAMPLES_PROGRESS_H

#include "cli.h"

/* Nothing happens unless standard error is a terminal, nor with --quiet; and
 * not more often than ten times a second. */
void progress_show(const struct cli *cli, const char *fmt, ...)
    XMPP_PRINTF(2, 3);

/* The line is empty again, for something else to be printed. */
void progress_clear(void);

#endif
