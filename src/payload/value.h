/* value.h - single values of payloads, and their texts. */

#ifndef PAYLOAD_VALUE_H
#define PAYLOAD_VALUE_H

#include <xmpp/payload.h>

#include "stanza/node.h"

/* The size of a value of this xmpp_is_t; 0 if there is no such value. */
size_t value_size(int is);

bool value_is_absent(int is, const void *value);

/* Make it absent; see field_clear(). */
void value_clear(int is, void *value);

/* Read a NUL-terminated text, which is part of the tree: the value may point
 * into it, or into other memory of the tree. 1 if it was understood, else 0 and
 * *to is untouched; XMPP_EMEM. */
int value_read(const xmpp_field_t *field, void *to, xmpp_stanza_t *tree,
               struct str text);

/* Enough for the text of a number and of a time. */
#define VALUE_ROOM 64

/* The text of a value that is there: its own, a static one, or in `room`.
 * STR_NONE if it has none, such as an enum without that name. Bytes are not
 * texts: see value_tail(). */
struct str value_text(const xmpp_field_t *field, const void *value, char *room);

/* What a value points to: the octets of a text, an address or bytes. STR_NONE
 * for other values and absent ones. */
struct str value_tail(int is, const void *value);

/* Let it point to a copy of these octets. */
void value_set_tail(int is, void *value, const char *copy);

bool value_equals(int is, const void *a, const void *b);

/* The place of a name in the list of an enum, counted from 1; 0 if it is not in
 * it. */
static inline int value_place(const char *const *names, struct str name)
{
    for (int i = 0; name.n && names[i]; i++)
        if (*names[i] == *name.s && str_is(name, names[i]))
            return i + 1;
    return 0;
}

#endif
