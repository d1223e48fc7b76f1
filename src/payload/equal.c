/* equal.c - compares payloads. */

#include <xmpp/payload.h>

#include "payload/table.h"
#include "payload/value_inside.h"

static bool structs_equal(const xmpp_payload_t *payload, const void *a,
                          const void *b, unsigned depth);

static bool values_equal(const xmpp_field_t *field, const void *a,
                         const void *b)
{
    bool is_absent = field_is_absent(field, a);

    if (is_absent || field_is_absent(field, b))
        return is_absent == field_is_absent(field, b);
    return value_kind(field->is)->equals(a, b);
}

static bool members_equal(const xmpp_field_t *field, const void *a,
                          const void *b, unsigned depth)
{
    return field_is_struct(field) ? structs_equal(field->more, struct_at(a),
                                                  struct_at(b), depth + 1)
                                  : values_equal(field, a, b);
}

static bool lists_equal(const xmpp_field_t *field, const void *a, const void *b,
                        unsigned depth)
{
    struct list_view list = field_list(field, a), other = field_list(field, b);
    size_t i = 0;

    if (list.count != other.count)
        return false;
    while (i < list.count && members_equal(field, list_item(&list, i),
                                           list_item(&other, i), depth))
        i++;
    return i == list.count;
}

/* A member that one of the structs is too short for is absent there. */
static bool is_absent_in(const xmpp_field_t *field, const void *value)
{
    if (field_is_list(field))
        return !field_list(field, value).count;
    return field_is_absent(field, field_in(field, value));
}

static bool fields_equal(const xmpp_field_t *field, const void *a,
                         const void *b, unsigned depth)
{
    if (field->at == XMPP_AT_SELF)
        return true;
    if (!field_exists(field, a))
        return !field_exists(field, b) || is_absent_in(field, b);
    if (!field_exists(field, b))
        return is_absent_in(field, a);
    if (field_is_list(field))
        return lists_equal(field, a, b, depth);
    return members_equal(field, field_in(field, a), field_in(field, b), depth);
}

/* What is nested too deeply cannot be compared, and so is not equal. */
static bool structs_equal(const xmpp_payload_t *payload, const void *a,
                          const void *b, unsigned depth)
{
    size_t i = 0;

    if (!a || !b || depth > PAYLOAD_DEPTH_MOST)
        return !a && !b;
    while (i < payload->field_count &&
           fields_equal(table_row(payload, i), a, b, depth))
        i++;
    return i == payload->field_count;
}

int xmpp_payload_equal(const xmpp_payload_t *payload, const void *a,
                       const void *b)
{
    return payload && structs_equal(payload, a, b, 1);
}
