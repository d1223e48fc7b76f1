/* value.c - single values of payloads, and their texts. */

#include "payload/value_inside.h"

/* ---- no value ---------------------------------------------------- */

static bool no_value_is_absent(const void *value)
{
    (void)value;
    return true;
}

static int no_value_read(const xmpp_field_t *field, void *to,
                         struct arena *arena, struct str text)
{
    (void)field;
    (void)to;
    (void)arena;
    (void)text;
    return 0;
}

static struct str no_value_text(const xmpp_field_t *field, const void *value,
                                char *room)
{
    (void)field;
    (void)value;
    (void)room;
    return STR_NONE;
}

static bool no_values_equal(const void *a, const void *b)
{
    (void)a;
    (void)b;
    return true;
}

static const struct value_kind no_value = {0,
                                           no_value_is_absent,
                                           NULL,
                                           no_value_read,
                                           no_value_text,
                                           no_values_equal,
                                           NULL};

/* ---- all --------------------------------------------------------- */

const struct value_kind *const value_kinds[VALUE_KINDS] = {
    [0] = &no_value,
    [XMPP_IS_TEXT] = &value_of_text,
    [XMPP_IS_NUMBER] = &value_of_number,
    [XMPP_IS_REAL] = &value_of_real,
    [XMPP_IS_BOOL] = &value_of_bool,
    [XMPP_IS_JID] = &value_of_jid,
    [XMPP_IS_TIME] = &value_of_time,
    [XMPP_IS_BYTES] = &value_of_bytes,
    [XMPP_IS_ENUM] = &value_of_enum,
};

bool value_is_absent(unsigned is, const void *value)
{
    return value_kind(is)->is_absent(value);
}

void value_clear(unsigned is, void *value)
{
    if (value_kind(is)->clear)
        value_kind(is)->clear(value);
}

struct str value_text(const xmpp_field_t *field, const void *value, char *room)
{
    return value_kind(field->is)->text(field, value, room);
}

struct str value_tail(unsigned is, const void *value)
{
    const struct value_kind *kind = value_kind(is);

    return kind->tail ? kind->tail(value) : STR_NONE;
}
