/* table.h - the rows of payload tables, and the members that they describe. */

#ifndef PAYLOAD_TABLE_H
#define PAYLOAD_TABLE_H

#include <xmpp/payload.h>

#include "base/env.h"
#include "base/str.h"

/* A table may describe itself, and so may the structs of an application: how
 * deep structs are nested. */
#define PAYLOAD_DEPTH_MOST 64

/* Tables and structs may have been compiled with an older header, or with a
 * newer one. So a row has the size that its table says, and a member that lies
 * behind the end of its struct does not exist. */
static inline const xmpp_field_t *table_row(const xmpp_payload_t *payload,
                                            size_t i)
{
    return (const xmpp_field_t *)(const void *)((const char *)payload->fields +
                                                i * payload->field_size);
}

/* The row behind another one. */
static inline const xmpp_field_t *table_after(const xmpp_payload_t *payload,
                                              const xmpp_field_t *field)
{
    return (const xmpp_field_t *)(const void *)((const char *)field +
                                                payload->field_size);
}

/* Sets of places. */
#define PLACE(at) (1U << (at))
#define PLACES_NAMED /* children by the name in the row */                     \
    (PLACE(XMPP_AT_CHILD) | PLACE(XMPP_AT_CHILD_ATTR) | PLACE(XMPP_AT_FLAG) |  \
     PLACE(XMPP_AT_CHILDREN))
#define PLACES_STRUCT (PLACE(XMPP_AT_ELEMENT) | PLACE(XMPP_AT_ELEMENTS))
#define PLACES_LIST (PLACE(XMPP_AT_ELEMENTS) | PLACE(XMPP_AT_CHILDREN))
#define PLACES_VALUE /* single values that have a text */                      \
    (PLACE(XMPP_AT_ATTR) | PLACE(XMPP_AT_TEXT) | PLACE(XMPP_AT_CHILD) |        \
     PLACE(XMPP_AT_CHILD_ATTR))

static inline bool field_has_place(const xmpp_field_t *field, unsigned places)
{
    return field->at < 32 && places >> field->at & 1;
}

static inline bool field_is_list(const xmpp_field_t *field)
{
    return field_has_place(field, PLACES_LIST);
}

static inline bool field_is_struct(const xmpp_field_t *field)
{
    return field_has_place(field, PLACES_STRUCT);
}

static inline struct str field_name(const xmpp_field_t *field)
{
    return str_n(field->name, field->name_size);
}

static inline struct str field_sub(const xmpp_field_t *field)
{
    return str_n(field->sub, field->sub_size);
}

static inline void *field_of(const xmpp_field_t *field, void *value)
{
    return (char *)value + field->offset;
}

static inline const void *field_in(const xmpp_field_t *field, const void *value)
{
    return (const char *)value + field->offset;
}

/* The length of a list. */
static inline size_t *field_count(const xmpp_field_t *field, void *value)
{
    return (size_t *)(void *)((char *)value + field->count);
}

/* Whether the member is in the struct, as its maker knew it. */
static inline bool field_exists(const xmpp_field_t *field, const void *value)
{
    size_t size = *(const size_t *)value;

    return field->offset < size && field->count < size;
}

/* Whether XMPP_INIT() began it. Without a size all of its members would count
 * as absent, silently. */
static inline bool struct_is_begun(const void *value)
{
    return *(const size_t *)value >= sizeof(size_t);
}

/* Refuse one that it did not: XMPP_EARG. */
int struct_refuse(struct env *env, const xmpp_payload_t *payload);

/* A list: its items are one after the other. */
struct list_view {
    const char *items;
    size_t count, item_size;
};

static inline const void *list_item(const struct list_view *list, size_t i)
{
    return list->items + i * list->item_size;
}

/* Without items if the pointer is NULL. */
struct list_view field_list(const xmpp_field_t *field, const void *value);

/* The struct that a member of AT_ELEMENT, or an item of AT_ELEMENTS, points
 * to. */
static inline const void *struct_at(const void *member)
{
    return *(const void *const *)member;
}

/* The size of an item of a list. */
size_t field_item_size(const xmpp_field_t *field);

/* Whether a single value, struct or choice is absent. */
bool field_is_absent(const xmpp_field_t *field, const void *member);

/* Set a member to absent. Everything that is zero when absent must be zero
 * already. */
void field_clear(const xmpp_field_t *field, void *value);

#endif
