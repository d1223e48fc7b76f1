/* flat.h - libxml2's push parser with next to nothing on top: names are its own
 * pointers, a stanza is a row of events, and text is copied once. */

#ifndef BENCH_FLAT_H
#define BENCH_FLAT_H

#include <stdbool.h>
#include <stddef.h>

struct flat;

struct flat *flat_new(void);
void flat_free(struct flat *flat);

/* Parse; true if the stanza with the id "end" came. Of each stanza the sender
 * and the body are looked at. */
bool flat_push(struct flat *flat, const char *bytes, size_t n);

/* Stanzas so far. */
long flat_seen(const struct flat *flat);

#endif
