/* random_value.h - random values of any payload table, and random trees of its
 * words. */

#ifndef TESTS_PAYLOAD_RANDOM_VALUE_H
#define TESTS_PAYLOAD_RANDOM_VALUE_H

#include <xmpp/payload.h>

/* A number below `n`; the same sequence in every run. */
unsigned random_below(unsigned n);

/* The size of a member: of a list, that of its pointer. */
size_t member_size(const xmpp_field_t *field);

/* A value that can be written and read again. Freed all at once by
 * random_free(). */
void *random_value(const xmpp_payload_t *table);
void random_free(void);

/* Fill `element` with attributes and children that have the names of the table
 * and of those in it, at places where they do and do not belong. */
void random_tree(xmpp_stanza_t *element, const xmpp_payload_t *table);

#endif
