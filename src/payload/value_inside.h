/* value_inside.h - one kind of value. */

#ifndef PAYLOAD_VALUE_INSIDE_H
#define PAYLOAD_VALUE_INSIDE_H

#include "payload/value.h"

#include "base/arena.h"

/* Only is_absent() and the destination of read() and clear() need not be values
 * that are there. clear() is NULL if a value is absent that is zero; tail(), if
 * the value does not point to anything; else its first member is the pointer.
 */
struct value_kind {
    size_t size; /* 0 if there is no such value */
    bool (*is_absent)(const void *value);
    void (*clear)(void *value);
    int (*read)(const xmpp_field_t *field, void *to, struct arena *arena,
                struct str text);
    struct str (*text)(const xmpp_field_t *field, const void *value,
                       char *room);
    bool (*equals)(const void *a, const void *b);
    struct str (*tail)(const void *value);
};

/* They point to octets (value_octets.c) or do not (value_plain.c). */
extern const struct value_kind value_of_text, value_of_jid, value_of_bytes;
extern const struct value_kind value_of_number, value_of_real, value_of_bool,
    value_of_time, value_of_enum;

/* White space of XML. */
static inline bool value_is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* By xmpp_is_t; the first one is of no value. */
#define VALUE_KINDS (XMPP_IS_ENUM + 1)
extern const struct value_kind *const value_kinds[VALUE_KINDS];

/* What a later header may add is no value. */
static inline const struct value_kind *value_kind(unsigned is)
{
    return value_kinds[is < VALUE_KINDS ? is : 0];
}

#endif
