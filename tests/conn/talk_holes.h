/* talk_holes.h - what a line of a talk leaves open, such as an id. */

#ifndef TESTS_CONN_TALK_HOLES_H
#define TESTS_CONN_TALK_HOLES_H

#include "base/str.h"

#define HOLES_MOST 32

/* A hole is %NAME%, of small letters and digits. */
struct talk_holes {
    struct {
        char name[16];
        char text[256];
    } filled[HOLES_MOST];
    size_t count;
};

/* How many bytes of `text` the line is, or SIZE_MAX if it is not its beginning.
 * A hole that was not filled takes what there is up to the byte that follows
 * it in the line; a filled one is what it took. %*% takes it and forgets it. */
size_t talk_holes_match(struct talk_holes *holes, struct str text,
                        struct str line);

/* The line with its holes filled: to be freed. */
char *talk_holes_fill(const struct talk_holes *holes, struct str line,
                      size_t *ret_n);

/* Fill a hole, whatever was in it. */
void talk_holes_set(struct talk_holes *holes, const char *name,
                    struct str text);

#endif
