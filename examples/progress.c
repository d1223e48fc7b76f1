/* progress.c - how far a long action is, in a line of the terminal that is
 * written over. */

#define _GNU_SOURCE
#include "progress.h"

#include <stdarg.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define PERIOD 100 /* milliseconds between two lines */
#define WIDTH 80   /* with the NUL: a line that wraps is not written over */

/* A line is shown now, and when that was. */
static int is_shown;
static long long last;

static long long now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

void progress_show(const struct cli *cli, const char *fmt, ...)
{
    char text[WIDTH];
    va_list ap;

    if (cli->quiet || now() - last < PERIOD || !isatty(STDERR_FILENO))
        return;
    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    fprintf(stderr, "\r%s\033[K", text);
    last = now();
    is_shown = 1;
}

void progress_clear(void)
{
    if (is_shown)
        fputs("\r\033[K", stderr);
    is_shown = 0;
}
