/* value.h - single values of payloads, and their texts. */

#ifndef PAYLOAD_VALUE_H
#define PAYLOAD_VALUE_H

#include <xmpp/payload.h>

#include "base/str.h"

bool value_is_absent(unsigned is, const void *value);

/* Make it absent; see field_clear(). */
void value_clear(unsigned is, void *value);

/* Enough for the text of a number and of a time. */
#define VALUE_ROOM 64

/* The text of a value that is there: its own, a static one, or in `room`.
 * STR_NONE if it has none, such as an enum without that name. Bytes are not
 * texts: see value_tail(). */
struct str value_text(const xmpp_field_t *field, const void *value, char *room);

/* What a value points to: the octets of a text, an address or bytes. STR_NONE
 * for other values and absent ones. The pointer to them is the first member of
 * the value. */
struct str value_tail(unsigned is, const void *value);

/* The place of a name in the list of an enum, counted from 1; 0 if it is not in
 * it. */
static inline int value_place(const char *const *names, struct str name)
{
    for (int i = 0; name.n && names[i]; i++)
        if (*names[i] == *name.s && strncmp(names[i], name.s, name.n) == 0 &&
            !names[i][name.n])
            return i + 1;
    return 0;
}

#endif
