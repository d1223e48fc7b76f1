/* value.c - single values of payloads, and their texts. */

#include "payload/value_inside.h"

static const struct value_kind *const kinds[] = {
    [XMPP_IS_TEXT] = &value_of_text,   [XMPP_IS_NUMBER] = &value_of_number,
    [XMPP_IS_REAL] = &value_of_real,   [XMPP_IS_BOOL] = &value_of_bool,
    [XMPP_IS_JID] = &value_of_jid,     [XMPP_IS_TIME] = &value_of_time,
    [XMPP_IS_BYTES] = &value_of_bytes, [XMPP_IS_ENUM] = &value_of_enum,
};

/* NULL for what a newer header may have. */
static const struct value_kind *kind_of(int is)
{
    size_t i = (size_t)is;

    return i < sizeof(kinds) / sizeof(kinds[0]) ? kinds[i] : NULL;
}

size_t value_size(int is)
{
    return kind_of(is) ? kind_of(is)->size : 0;
}

bool value_is_absent(int is, const void *value)
{
    return !kind_of(is) || kind_of(is)->is_absent(value);
}

void value_clear(int is, void *value)
{
    const struct value_kind *kind = kind_of(is);

    if (kind && kind->clear)
        kind->clear(value);
}

int value_read(const xmpp_field_t *field, void *to, xmpp_stanza_t *tree,
               struct str text)
{
    const struct value_kind *kind = kind_of(field->is);

    return kind ? kind->read(field, to, tree, text) : 0;
}

struct str value_text(const xmpp_field_t *field, const void *value, char *room)
{
    const struct value_kind *kind = kind_of(field->is);

    return kind && kind->text ? kind->text(field, value, room) : STR_NONE;
}

struct str value_tail(int is, const void *value)
{
    const struct value_kind *kind = kind_of(is);

    return kind && kind->tail && !kind->is_absent(value) ? kind->tail(value)
                                                         : STR_NONE;
}

void value_set_tail(int is, void *value, const char *copy)
{
    const struct value_kind *kind = kind_of(is);

    if (kind && kind->set_tail)
        kind->set_tail(value, copy);
}

bool value_equals(int is, const void *a, const void *b)
{
    bool is_absent = value_is_absent(is, a);

    if (is_absent || value_is_absent(is, b))
        return is_absent == value_is_absent(is, b);
    return kind_of(is)->equals(a, b);
}
