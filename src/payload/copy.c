/* copy.c - copies payloads, each into one block. */

#include <xmpp/payload.h>

#include "base/arena.h"
#include "payload/table.h"
#include "payload/value_inside.h"

/* One block for all: first the structs and lists, which are aligned, then the
 * octets. A copy is put together in a draft; its size is known only then. Most
 * values are small: their draft is on the stack, and moves into a block. For
 * another, the walk through it counts what is needed, and a second one takes
 * the block as its draft. */
struct draft {
    char *objects, *octets;
    size_t objects_most, octets_most;
    size_t objects_n, octets_n; /* what is needed; more than there is room for
                                 * is only counted */
    void **pointers;            /* the places of pointers, if it has to move */
    size_t pointers_most, pointers_n;
    bool is_too_deep;
    const xmpp_payload_t *unbegun; /* of a struct without a size; or NULL */
};

#define DRAFT_ROOM 1024 /* octets; half of them are for objects */
#define DRAFT_POINTERS 32

/* Uninitialized; NULL if there is no room. */
static void *draft_object(struct draft *d, size_t size)
{
    const size_t align = sizeof(union any_object);
    size_t at = d->objects_n;

    d->objects_n += (size + align - 1) / align * align;
    return d->objects_n <= d->objects_most ? d->objects + at : NULL;
}

/* With a NUL behind it, as every text has. NULL if there is no room; a draft
 * that only counts has no octets to point into. */
static char *draft_octets(struct draft *d, struct str octets)
{
    size_t at = d->octets_n;
    char *here;

    d->octets_n += octets.n + 1;
    if (d->octets_n > d->octets_most)
        return NULL;
    here = d->octets + at;
    memcpy(here, octets.s, octets.n);
    here[octets.n] = '\0';
    return here;
}

/* Let the pointer at this place, if there is room for it, point there. */
static void draft_point(struct draft *d, void *at, const void *target)
{
    if (at)
        memcpy(at, &target, sizeof(target));
    if (d->pointers_n < d->pointers_most)
        d->pointers[d->pointers_n] = at;
    d->pointers_n++;
}

static bool draft_fits(const struct draft *d)
{
    return d->objects_n <= d->objects_most && d->octets_n <= d->octets_most &&
           d->pointers_n <= d->pointers_most;
}

/* Into its block. The room for octets is right behind the one for objects. */
static void draft_move(const struct draft *d, char *block)
{
    memcpy(block, d->objects, d->objects_n);
    memcpy(block + d->objects_n, d->octets, d->octets_n);
    for (size_t i = 0; i < d->pointers_n; i++) {
        size_t place = (size_t)((char *)d->pointers[i] - d->objects), offset;
        char *target;

        memcpy(&target, d->pointers[i], sizeof(target));
        if (!target)
            continue;
        offset = (size_t)(target - d->objects);
        target = offset < d->objects_most
                     ? block + offset
                     : block + d->objects_n + offset - d->objects_most;
        memcpy(block + place, &target, sizeof(target));
    }
}

static void *copy_struct(struct draft *d, const xmpp_payload_t *payload,
                         const void *from, unsigned depth);

/* Numbers and the like point to nothing. */
#define KINDS_WITH_TAIL                                                        \
    (1U << XMPP_IS_TEXT | 1U << XMPP_IS_JID | 1U << XMPP_IS_BYTES)

static inline bool field_points(const xmpp_field_t *field)
{
    return (field->is < 32 && KINDS_WITH_TAIL >> field->is & 1) ||
           field_has_place(field,
                           PLACES_STRUCT | PLACES_LIST | PLACE(XMPP_AT_SELF));
}

/* `to` has the bytes of `from` already: what they point to is copied. Whatever
 * points to octets begins with the pointer: see struct value_kind. */
static void copy_member(struct draft *d, const xmpp_field_t *field, void *to,
                        const void *from, unsigned depth)
{
    const struct value_kind *kind;
    struct str tail;

    if (field_is_struct(field)) {
        draft_point(d, to,
                    copy_struct(d, field->more, struct_at(from), depth + 1));
        return;
    }
    kind = value_kind(field->is);
    tail = kind->tail ? kind->tail(from) : STR_NONE;
    if (tail.s)
        draft_point(d, to, draft_octets(d, tail));
}

static void copy_list(struct draft *d, const xmpp_field_t *field, void *to,
                      const void *from, unsigned depth)
{
    struct list_view list = field_list(field, from);
    char *items = NULL;

    if (list.count)
        items = draft_object(d, list.count * list.item_size);
    if (items)
        memcpy(items, list.items, list.count * list.item_size);
    for (size_t i = 0; i < list.count; i++)
        copy_member(d, field, items ? items + i * list.item_size : NULL,
                    list_item(&list, i), depth);
    if (to) {
        draft_point(d, field_of(field, to), items);
        *field_count(field, to) = list.count;
    }
}

static void copy_field(struct draft *d, const xmpp_field_t *field, void *to,
                       const void *from, unsigned depth)
{
    if (field_is_list(field))
        copy_list(d, field, to, from, depth);
    else if (field->at != XMPP_AT_SELF)
        copy_member(d, field, to ? field_of(field, to) : NULL,
                    field_in(field, from), depth);
    else if (to)
        *(void **)field_of(field, to) = NULL; /* it is part of the tree */
}

/* The copy is of the library's size, whatever that of the original. */
static void *copy_struct(struct draft *d, const xmpp_payload_t *payload,
                         const void *from, unsigned depth)
{
    const xmpp_field_t *field = payload->fields;
    size_t left = payload->field_count, size;
    void *to;

    if (!from)
        return NULL;
    if (depth > PAYLOAD_DEPTH_MOST) {
        d->is_too_deep = true;
        return NULL;
    }
    if (!struct_is_begun(from)) {
        d->unbegun = payload;
        return NULL;
    }
    size = *(const size_t *)from;
    to = draft_object(d, payload->size);
    if (to) {
        if (size < payload->size)
            xmpp_payload_init(payload, to, payload->size);
        memcpy(to, from, size < payload->size ? size : payload->size);
        *(size_t *)to = payload->size;
    }
    for (; left; left--, field = table_after(payload, field))
        if (field_points(field) && field_exists(field, from))
            copy_field(d, field, to, from, depth);
    return to;
}

/* Walk through it once more, and into its block. */
static void copy_into(char *block, const struct draft *counted,
                      const xmpp_payload_t *payload, const void *value)
{
    struct draft d = {0};

    d.objects = block;
    d.objects_most = counted->objects_n;
    d.octets = block + counted->objects_n;
    d.octets_most = counted->octets_n;
    copy_struct(&d, payload, value, 1);
}

/* 0; XMPP_EARG for what cannot be copied. */
static int draft_refused(struct env *env, const struct draft *d)
{
    if (d->unbegun)
        return struct_refuse(env, d->unbegun);
    return d->is_too_deep ? env_refuse(env, XMPP_EARG,
                                       "structs are nested more than %d deep",
                                       PAYLOAD_DEPTH_MOST)
                          : 0;
}

int xmpp_payload_check(xmpp_ctx_t *ctx, const xmpp_payload_t *payload,
                       const void *value)
{
    struct draft d = {0}; /* without room: it is only counted */

    if (!ctx || !payload || !value)
        return XMPP_EINVOP;
    copy_struct(&d, payload, value, 1);
    return draft_refused(env_of(ctx), &d);
}

void *xmpp_payload_copy(xmpp_ctx_t *ctx, const xmpp_payload_t *payload,
                        const void *value)
{
    union any_object room[DRAFT_ROOM / sizeof(union any_object)];
    void *pointers[DRAFT_POINTERS];
    struct draft d = {.objects = (char *)room,
                      .octets = (char *)room + DRAFT_ROOM / 2,
                      .objects_most = DRAFT_ROOM / 2,
                      .octets_most = DRAFT_ROOM / 2,
                      .pointers = pointers,
                      .pointers_most = DRAFT_POINTERS};
    char *block;

    if (!ctx || !payload || !value)
        return NULL;
    copy_struct(&d, payload, value, 1);
    if (draft_refused(env_of(ctx), &d))
        return NULL;
    block = env_alloc(env_of(ctx), d.objects_n + d.octets_n);
    if (block && draft_fits(&d))
        draft_move(&d, block);
    else if (block)
        copy_into(block, &d, payload, value);
    return block;
}
