/* color.c - color on standard output, where it helps somebody who looks. */

#include "color.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int is_on;

static int is_wanted(void)
{
    const char *no = getenv("NO_COLOR"), *terminal = getenv("TERM");

    return isatty(STDOUT_FILENO) && !(no && *no) && terminal && *terminal &&
           strcmp(terminal, "dumb") != 0;
}

int color_choose(const char *when)
{
    if (!when || !strcmp(when, "auto"))
        is_on = is_wanted();
    else if (!strcmp(when, "always") || !strcmp(when, "never"))
        is_on = *when == 'a';
    else
        return -1;
    return 0;
}

int color_is_on(void)
{
    return is_on;
}

void color_begin(enum color color)
{
    static const char *const codes[] = {
        [IN_BOLD] = "\033[1m",   [IN_DIM] = "\033[2m",   [IN_RED] = "\033[31m",
        [IN_GREEN] = "\033[32m", [IN_CYAN] = "\033[36m",
    };

    if (is_on)
        fputs(codes[color], stdout);
}

void color_end(void)
{
    if (is_on)
        fputs("\033[0m", stdout);
}
