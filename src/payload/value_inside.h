/* value_inside.h - one kind of value. */

#ifndef PAYLOAD_VALUE_INSIDE_H
#define PAYLOAD_VALUE_INSIDE_H

#include "payload/value.h"

#include "base/arena.h"

/* Only is_absent() and the destination of read() and clear() need not be values
 * that are there. tail() and set_tail() are NULL if the value does not point to
 * anything. */
struct value_kind {
    size_t size;
    bool (*is_absent)(const void *value);
    void (*clear)(void *value);
    int (*read)(const xmpp_field_t *field, void *to, struct arena *arena,
                struct str text);
    struct str (*text)(const xmpp_field_t *field, const void *value,
                       char *room);
    bool (*equals)(const void *a, const void *b);
    struct str (*tail)(const void *value);
    void (*set_tail)(void *value, const char *copy);
};

/* They point to octets (value_octets.c) or do not (value_plain.c). */
extern const struct value_kind value_of_text, value_of_jid, value_of_bytes;
extern const struct value_kind value_of_number, value_of_real, value_of_bool,
    value_of_time, value_of_enum;

/* By xmpp_is_t; the first one is of no value. */
#define VALUE_KINDS (XMPP_IS_ENUM + 1)
extern const struct value_kind *const value_kinds[VALUE_KINDS];

/* What a later header may add is no value. */
static inline const struct value_kind *value_kind(unsigned is)
{
    return value_kinds[is < VALUE_KINDS ? is : 0];
}

#endif
