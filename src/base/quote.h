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

/* Append a text of any length to the one in `out`, with the same escapes, but
 * quotation marks stay as they are: it is a sentence, and stands between none.
 * What does not fit into `size` octets is left out. */
void quote_append(char *out, size_t size, const char *sentence);

#endif
