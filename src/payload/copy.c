/* copy.c - copies payloads, each into one block. */

#include <xmpp/payload.h>

#include "base/arena.h"
#include "payload/table.h"
#include "payload/value.h"

/* One block for all: first the structs and lists, which are aligned, then the
 * octets. A value is walked twice in the same way: the first time only sizes
 * are counted, and the pointers into the block are NULL. */
struct block {
    char *objects, *octets; /* where the next ones go */
    size_t objects_size, octets_size;
    bool is_too_deep;
};

static void *block_object(struct block *b, size_t size)
{
    const size_t align = sizeof(union any_object);
    char *here = b->objects;

    size = (size + align - 1) / align * align;
    b->objects_size += size;
    if (here)
        b->objects += size;
    return here;
}

/* With a NUL behind it, as every text has. */
static char *block_octets(struct block *b, struct str octets)
{
    char *here = b->octets;

    b->octets_size += octets.n + 1;
    if (here) {
        memcpy(here, octets.s, octets.n);
        here[octets.n] = '\0';
        b->octets += octets.n + 1;
    }
    return here;
}

static void *copy_struct(struct block *b, const xmpp_payload_t *payload,
                         const void *from, unsigned depth);

/* Numbers and the like point to nothing. */
#define KINDS_WITH_TAIL                                                        \
    (1U << XMPP_IS_TEXT | 1U << XMPP_IS_JID | 1U << XMPP_IS_BYTES)

static inline bool field_has_tail(const xmpp_field_t *field)
{
    return field->is < 32 && KINDS_WITH_TAIL >> field->is & 1;
}

/* `to` has the bytes of `from` already: what they point to is copied. */
static void copy_member(struct block *b, const xmpp_field_t *field, void *to,
                        const void *from, unsigned depth)
{
    struct str tail;

    if (field_is_struct(field)) {
        void *inner = copy_struct(b, field->more, struct_at(from), depth + 1);

        if (to)
            *(void **)to = inner;
        return;
    }
    tail = value_tail(field->is, from);
    if (tail.s) {
        const char *octets = block_octets(b, tail);

        if (to)
            value_set_tail(field->is, to, octets);
    }
}

static void copy_list(struct block *b, const xmpp_field_t *field, void *to,
                      const void *from, unsigned depth)
{
    struct list_view list = field_list(field, from);
    char *items = NULL;

    if (list.count)
        items = block_object(b, list.count * list.item_size);
    if (items)
        memcpy(items, list.items, list.count * list.item_size);
    for (size_t i = 0; i < list.count; i++)
        copy_member(b, field, items ? items + i * list.item_size : NULL,
                    list_item(&list, i), depth);
    if (to) {
        *(char **)field_of(field, to) = items;
        *field_count(field, to) = list.count;
    }
}

static void copy_field(struct block *b, const xmpp_field_t *field, void *to,
                       const void *from, unsigned depth)
{
    if (field_is_list(field))
        copy_list(b, field, to, from, depth);
    else if (field->at == XMPP_AT_SELF && to)
        *(void **)field_of(field, to) = NULL; /* it is part of the tree */
    else if (field_has_tail(field) || field_is_struct(field))
        copy_member(b, field, to ? field_of(field, to) : NULL,
                    field_in(field, from), depth);
}

/* The copy is of the library's size, whatever that of the original. */
static void *copy_struct(struct block *b, const xmpp_payload_t *payload,
                         const void *from, unsigned depth)
{
    const xmpp_field_t *field = payload->fields;
    size_t left = payload->field_count, size;
    void *to;

    if (!from)
        return NULL;
    if (depth > PAYLOAD_DEPTH_MOST) {
        b->is_too_deep = true;
        return NULL;
    }
    size = *(const size_t *)from;
    to = block_object(b, payload->size);
    if (to) {
        if (size < payload->size)
            xmpp_payload_init(payload, to, payload->size);
        memcpy(to, from, size < payload->size ? size : payload->size);
        *(size_t *)to = payload->size;
    }
    for (; left; left--, field = table_after(payload, field))
        if (field_exists(field, from))
            copy_field(b, field, to, from, depth);
    return to;
}

void *xmpp_payload_copy(xmpp_ctx_t *ctx, const xmpp_payload_t *payload,
                        const void *value)
{
    struct block b = {0};

    if (!ctx || !payload || !value)
        return NULL;
    copy_struct(&b, payload, value, 1);
    if (b.is_too_deep)
        return NULL;
    b.objects = env_alloc(env_of(ctx), b.objects_size + b.octets_size);
    if (!b.objects)
        return NULL;
    b.octets = b.objects + b.objects_size;
    return copy_struct(&b, payload, value, 1);
}
