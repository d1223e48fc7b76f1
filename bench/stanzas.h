/* stanzas.h - what the benchmark receives: three kinds of input, the same bytes
 * for everybody. */

#ifndef BENCH_STANZAS_H
#define BENCH_STANZAS_H

#include <stddef.h>

/* Longer than any of them. */
#define STANZAS_LONGEST 20000

/* Write the i-th stanza of a kind; its length. 0 for an unknown kind.
 *   chat   a message of 366 bytes, with five extensions
 *   mix    of ten, six messages, three presences with caps, and one answer
 *          with a roster of 20 contacts
 *   large  a publish-subscribe item of about 16 KB */
size_t stanzas_write(char *to, const char *kind, long i);

#endif
