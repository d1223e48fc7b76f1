/* utf8.h - characters of UTF-8, and what XML cannot carry. */

#ifndef EXAMPLES_UTF8_H
#define EXAMPLES_UTF8_H

#include <stddef.h>

/* The length of the first character of a text that ends with a NUL; 0 if it
 * begins with something that is not UTF-8. */
int utf8_read(const char *text, unsigned long *character);

/* A copy of `n` bytes, which a NUL follows, with U+FFFD for each character that
 * XML cannot carry and each byte that is not UTF-8; a NUL among them is one of
 * these. `*count` is how many there were. Owned; NULL when out of memory. */
char *utf8_mend(const char *text, size_t n, size_t *count);

#endif
