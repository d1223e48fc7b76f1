/* chars.h - the characters that XML 1.0 allows. */

#ifndef STANZA_CHARS_H
#define STANZA_CHARS_H

#include "base/str.h"

/* Whether it is UTF-8 and has only characters that XML allows (section 2.2). */
bool chars_are_text(struct str text);

/* Write why a text is not allowed, or not a name: the character, and the octet
 * where it is, counted from 0. */
void chars_explain(struct str text, bool is_name, char *out, size_t size);

/* Whether it can be the name of an element or attribute. Beyond ASCII every
 * character is accepted: to tell letters apart would need the tables of
 * Unicode. */
bool chars_are_name(struct str name);

#endif
