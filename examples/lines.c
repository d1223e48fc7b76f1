/* lines.c - lines from a descriptor, as they come and without waiting. */

#include "lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int end_line(struct lines *lines, char *line, size_t n,
                    lines_handler handler, void *userdata)
{
    int skips = lines->skips;

    line[n] = '\0';
    lines->skips = 0;
    return skips ? 0 : handler(userdata, line, n);
}

/* The rest, which no line end follows, moves to the front. */
static void split(struct lines *lines, lines_handler handler, void *userdata)
{
    char *line = lines->text, *past = line + lines->n, *end;

    lines->is_left = 0;
    while (!lines->is_left &&
           (end = memchr(line, '\n', (size_t)(past - line)))) {
        lines->is_left =
            end_line(lines, line, (size_t)(end - line), handler, userdata);
        line = end + 1;
    }
    lines->n = (size_t)(past - line);
    memmove(lines->text, line, lines->n);
    if (lines->n <= lines->most || lines->is_left)
        return;
    if (!lines->skips)
        handler(userdata, NULL, 0);
    lines->skips = 1;
    lines->n = 0;
}

/* 0, or -1 and errno has why. */
static int read_some(struct lines *lines, int fd)
{
    ssize_t n;

    if (!lines->text)
        lines->text = malloc(lines->most + 2); /* one too many, and a NUL */
    if (!lines->text)
        return -1;
    n = read(fd, lines->text + lines->n, lines->most + 1 - lines->n);
    if (n < 0)
        return errno == EINTR || errno == EAGAIN ? 0 : -1;
    lines->n += (size_t)n;
    lines->is_at_end = n == 0;
    return 0;
}

int lines_read(struct lines *lines, int fd, lines_handler handler,
               void *userdata)
{
    if (!lines->is_left && !lines->is_at_end && read_some(lines, fd))
        return -1;
    split(lines, handler, userdata);
    if (lines->is_left || !lines->is_at_end)
        return 1;
    if (lines->n)
        end_line(lines, lines->text, lines->n, handler, userdata);
    lines->n = 0;
    return 0;
}

void lines_free(struct lines *lines)
{
    free(lines->text);
    *lines = (struct lines){.most = lines->most};
}
