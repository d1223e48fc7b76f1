/* quote.h - text of strangers, made fit to stand inside a sentence. */

#ifndef BASE_QUOTE_H
#define BASE_QUOTE_H

#include "base/str.h"

#define QUOTE_SIZE 96

struct quote {
    char s[QUOTE_SIZE];
};

/* A copy in which nothing can forge a line or hide what it says: quotation
 * marks, control characters, marks of direction and whatever is not UTF-8 are
 * escaped, and what is too long ends in "...". Returns `room->s`. */
const char *quote(struct quote *room, struct str text);

#endif
