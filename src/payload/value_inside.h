/* value_inside.h - one kind of value. */

#ifndef PAYLOAD_VALUE_INSIDE_H
#define PAYLOAD_VALUE_INSIDE_H

#include "payload/value.h"

/* What is NULL does nothing: absent is zero, the value has no text, or does not
 * point to anything. All but read() and clear() get values that are there. */
struct value_kind {
    size_t size;
    bool (*is_absent)(const void *value);
    void (*clear)(void *value);
    int (*read)(const xmpp_field_t *field, void *to, xmpp_stanza_t *tree,
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

#endif
