/* lines.c - lines from a descriptor, as they come and without waiting. */

#include "lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void end_line(struct lines *lines, char *line, size_t n,
                     lines_handler handler, void *userdata)
{
    int skips = lines->skips;

    line[n] = '\0';
    lines->skips = 0;
    if (!skips)
        handler(userdata, line, n);
}

/* The rest, which no line end follows, moves to the front. */
static void split(struct lines *lines, lines_handler handler, void *userdata)
{
    char *line = lines->text, *past = line + lines->n, *end;

    while ((end = memchr(line, '\n', (size_t)(past - line)))) {
        end_line(lines, line, (size_t)(end - line), handler, userdata);
        line = end + 1;
    }
    lines->n = (size_t)(past - line);
    memmove(lines->text, line, lines->n);
    if (lines->n <= lines->most)
        return;
    if (!lines->skips)
        handler(userdata, NULL, 0);
    lines->skips = 1;
    lines->n = 0;
}

int lines_read(struct lines *lines, int fd, lines_handler handler,
               void *userdata)
{
    ssize_t n;

    if (!lines->text)
        lines->text = malloc(lines->most + 2); /* one too many, and a NUL */
    if (!lines->text)
        return -1;
    n = read(fd, lines->text + lines->n, lines->most + 1 - lines->n);
    if (n < 0)
        return errno == EINTR || errno == EAGAIN ? 1 : -1;
    lines->n += (size_t)n;
    split(lines, handler, userdata);
    if (n == 0 && lines->n)
        end_line(lines, lines->text, lines->n, handler, userdata);
    if (n == 0)
        lines->n = 0;
    return n > 0;
}

void lines_free(struct lines *lines)
{
    free(lines->text);
    *lines = (struct lines){.most = lines->most};
}
