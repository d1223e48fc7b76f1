/* quote.h - text of a peer, made safe for a log line or an error text. */

#ifndef BASE_QUOTE_H
#define BASE_QUOTE_H

#include "base/str.h"

#define QUOTE_SIZE 96

struct quote {
    char s[QUOTE_SIZE];
};

/* A copy that can neither forge a line nor show something else than it says:
 * quotation marks, control characters, marks of direction and octets that are
 * not UTF-8 are escaped. A long text is cut and ends in "...". Returns
 * `room->s`. */
const char *quote(struct quote *room, struct str text);

#endif
