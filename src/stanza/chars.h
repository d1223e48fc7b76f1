/* chars.h - what XML 1.0 can carry. */

#ifndef STANZA_CHARS_H
#define STANZA_CHARS_H

#include "base/str.h"

/* Valid UTF-8 of characters that XML allows (section 2.2)? */
bool chars_are_text(struct str text);

/* Say what is wrong with a text that is none of these: which character, and
 * at which octet, counted from 0. */
void chars_explain(struct str text, bool is_name, char *out, size_t size);

/* Usable as the name of an element or attribute? Beyond ASCII everything
 * passes, for telling letters apart would need Unicode's classes. */
bool chars_are_name(struct str name);

#endif
