/* record.h - records as JSON, each on a line of its own (RFC 8259). */

#ifndef EXAMPLES_RECORD_H
#define EXAMPLES_RECORD_H

#include <stdio.h>

/* An object that is being written; `is_first`: no member or item yet. */
struct record {
    FILE *to;
    int is_first;
};

/* { or [: in `to`, as a member, or as an item (NULL). */
void record_begin(struct record *record, FILE *to);
void record_open(struct record *record, const char *name, char bracket);
void record_close(struct record *record, char bracket);

/* A member or, without a name, an item. A text is written so that it can be
 * shown in a terminal; NULL is null, and what is not UTF-8 becomes U+FFFD. */
void record_text(struct record *record, const char *name, const char *text);
void record_number(struct record *record, const char *name, double number);
void record_bool(struct record *record, const char *name, int is_true);

#endif
