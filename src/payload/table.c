/* table.c - the rows of payload tables, and the members that they describe. */

#include "payload/table.h"

#include "payload/value_inside.h"

struct list_view field_list(const xmpp_field_t *field, const void *value)
{
    const void *count = (const char *)value + field->count;
    struct list_view list;

    list.items = *(const char *const *)field_in(field, value);
    list.count = list.items ? *(const size_t *)count : 0;
    list.item_size = field_item_size(field);
    return list;
}

size_t field_item_size(const xmpp_field_t *field)
{
    return field_is_struct(field) ? sizeof(void *)
                                  : value_kind(field->is)->size;
}

/* An element cannot have an empty text beside no text at all. */
bool field_is_absent(const xmpp_field_t *field, const void *member)
{
    if (field_is_struct(field))
        return !struct_at(member);
    if (field->at == XMPP_AT_TEXT && value_kind(field->is)->tail)
        return !value_tail(field->is, member).n;
    return value_is_absent(field->is, member);
}

void field_clear(const xmpp_field_t *field, void *value)
{
    if (!field_is_list(field) && !field_is_struct(field))
        value_clear(field->is, field_of(field, value));
}

int struct_refuse(struct env *env, const xmpp_payload_t *payload)
{
    return env_refuse(env, XMPP_EARG,
                      "a struct for <%s/> has no size: begin it with "
                      "XMPP_INIT()",
                      payload->name);
}

void xmpp_payload_init(const xmpp_payload_t *payload, void *value, size_t size)
{
    if (!payload || !value || size < sizeof(size))
        return;
    memset(value, 0, size);
    *(size_t *)value = size;
    for (size_t i = 0; i < payload->field_count; i++)
        if (field_exists(table_row(payload, i), value))
            field_clear(table_row(payload, i), value);
}
