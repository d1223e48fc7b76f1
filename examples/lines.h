/* lines.h - lines from a descriptor, as they come and without waiting. */

#ifndef EXAMPLES_LINES_H
#define EXAMPLES_LINES_H

#include <stddef.h>

/* A line of at most `most` bytes. `text` is owned; all zero at first. */
struct lines {
    size_t most;
    char *text;
    size_t n;      /* bytes of a line that has not ended */
    int skips;     /* the rest of a line that was too long */
    int is_left;   /* the handler wanted no more: lines may be left in `text` */
    int is_at_end; /* of the input */
};

/* Called with each line, a NUL in the place of its end; NULL: it is longer than
 * `most`. Not 0: no more for now. */
typedef int (*lines_handler)(void *userdata, const char *line, size_t n);

/* Read once, unless something is left, and call `handler` for what is complete.
 * 1; 0 at the end, when a line that nothing ended has been handed out, too; -1,
 * and errno has why. */
int lines_read(struct lines *lines, int fd, lines_handler handler,
               void *userdata);

void lines_free(struct lines *lines);

#endif
