/* read.c - reads payloads from trees. */

#include <xmpp/payload.h>

#include <xmpp/error.h>

#include "payload/table.h"
#include "payload/value_inside.h"
#include "stanza/find.h"

/* A struct that is being read. All memory is that of the tree. */
struct reading {
    const xmpp_payload_t *payload;
    xmpp_stanza_t *element;
    struct str ns; /* of the element */
    void *value;
    struct arena *arena;
    unsigned depth;
};

static int read_struct(const struct reading *outer, xmpp_stanza_t *element,
                       const xmpp_payload_t *payload, const void **ret);

/* ---- which child is meant ---------------------------------------- */

static bool name_fits(struct str have, const char *name, size_t n)
{
    return have.n == n && *have.s == *name && memcmp(have.s, name, n) == 0;
}

/* Those with a number are the same text, and so are those of a tree that
 * nobody declared again. */
static bool texts_fit(struct str a, struct str b)
{
    return a.n == b.n && (a.s == b.s || memcmp(a.s, b.s, a.n) == 0);
}

/* Its own xmlns, which is the first attribute of a received element; STR_NONE
 * if it inherits. */
static struct str declared_ns(const xmpp_stanza_t *node)
{
    const struct attr *a = node->attrs;

    return a && a->id == N_XMLNS ? a->value : node_attr(node, N_XMLNS);
}

/* Whether a child is in a namespace, where NULL stands for that of its parent.
 * In a tree that was built by hand a stanza without xmlns is in the namespace
 * of its stream: see node_is_own(). */
static bool ns_fits(const struct reading *r, const xmpp_stanza_t *child,
                    const char *ns, size_t n)
{
    struct str own = declared_ns(child);

    if (ns)
        return texts_fit(own.s ? own : r->ns, str_n(ns, n));
    return !own.s || texts_fit(own, r->ns) || (!r->ns.n && node_is_own(child));
}

static bool payload_fits(const struct reading *r, const xmpp_stanza_t *child,
                         const xmpp_payload_t *payload)
{
    return name_fits(child->text, payload->name, payload->name_size) &&
           ns_fits(r, child, payload->ns, payload->ns_size);
}

/* Each child is compared with each row: nearly all comparisons end at the
 * length or the first octet of the name. */
static bool child_fits(const struct reading *r, const xmpp_stanza_t *child,
                       const xmpp_field_t *field)
{
    if (field->name)
        return name_fits(child->text, field->name, field->name_size) &&
               field_has_place(field, PLACES_NAMED) &&
               ns_fits(r, child, field->ns, field->ns_size);
    if (field_has_place(field, PLACES_STRUCT))
        return payload_fits(r, child, field->more);
    return field->at == XMPP_AT_CHOICE &&
           value_place(field->more, child->text) &&
           ns_fits(r, child, field->ns, field->ns_size);
}

/* ---- texts ------------------------------------------------------- */

/* Whether there is a text that could not be joined. */
static bool has_text(const xmpp_stanza_t *node)
{
    const xmpp_stanza_t *child = node->first;

    while (child && child->kind != NODE_TEXT)
        child = child->next;
    return child != NULL;
}

/* The text of an element. 0, or XMPP_EMEM. */
static int read_text(xmpp_stanza_t *node, struct str *ret)
{
    const xmpp_stanza_t *only = node->first;

    if (only && !only->next && only->kind == NODE_TEXT)
        *ret = only->text;
    else
        *ret = node_text(node);
    return !ret->s && has_text(node) ? XMPP_EMEM : 0;
}

static struct str read_attr(const xmpp_stanza_t *node, const char *name,
                            size_t n)
{
    const struct attr *a = node->attrs;

    while (a && !name_fits(a->name, name, n))
        a = a->next;
    return a ? a->value : STR_NONE;
}

/* The text that a child has for a row: of an attribute, or its own, where an
 * empty element has an empty text. STR_NONE if it has none. */
static int read_child_text(const xmpp_field_t *field, xmpp_stanza_t *child,
                           struct str *ret)
{
    int rc;

    if (field->sub) {
        *ret = read_attr(child, field->sub, field->sub_size);
        return 0;
    }
    rc = read_text(child, ret);
    if (rc == 0 && !ret->s)
        *ret = STR("");
    return rc;
}

/* ---- single values ----------------------------------------------- */

/* -1 stands for a bool that was not read yet: false counts as read, for a value
 * that must be there. */
#define BOOL_UNREAD (-1)

static bool is_unread(const xmpp_field_t *field, const void *member)
{
    if (field->is == XMPP_IS_BOOL)
        return *(const int *)member == BOOL_UNREAD;
    return field_is_absent(field, member);
}

static void read_nothing(const xmpp_field_t *field, void *member)
{
    void (*clear)(void *) = value_kind(field->is)->clear;

    if (field->is == XMPP_IS_BOOL)
        *(int *)member = BOOL_UNREAD;
    else if (clear)
        clear(member);
}

/* 0 also for what is not understood. */
static int read_member(const struct reading *r, const xmpp_field_t *field,
                       void *member, struct str text)
{
    int rc = value_kind(field->is)->read(field, member, r->arena, text);

    return rc < 0 ? rc : 0;
}

/* ---- lists ------------------------------------------------------- */

/* An item of any list. */
union list_item {
    const void *pointer;
    long number;
    double real;
    int place;
    xmpp_jid_t jid;
    xmpp_time_t time;
    xmpp_bytes_t bytes;
};

/* A list doubles, and so takes time and memory in proportion to its length. */
static int list_add(const struct reading *r, const xmpp_field_t *field,
                    const union list_item *item)
{
    size_t *count = field_count(field, r->value), n = *count;
    size_t size = field_item_size(field);
    char **items = field_of(field, r->value);

    if ((n & (n - 1)) == 0) { /* it is full: 0, 1, 2, 4, ... */
        char *more = arena_alloc(r->arena, (n ? 2 * n : 1) * size);

        if (!more)
            return XMPP_EMEM;
        if (n)
            memcpy(more, *items, n * size);
        *items = more;
    }
    memcpy(*items + n * size, item, size);
    ++*count;
    return 0;
}

static int read_item(const struct reading *r, const xmpp_field_t *field,
                     xmpp_stanza_t *child)
{
    union list_item item;
    struct str text;
    int rc;

    if (field->at == XMPP_AT_ELEMENTS) {
        rc = read_struct(r, child, field->more, &item.pointer);
        return rc == 0 ? list_add(r, field, &item) : rc;
    }
    rc = read_child_text(field, child, &text);
    if (rc || !text.s)
        return rc;
    rc = value_kind(field->is)->read(field, &item, r->arena, text);
    return rc > 0 ? list_add(r, field, &item) : rc;
}

/* ---- children ---------------------------------------------------- */

/* 0 also for what cannot be read, if there is memory. */
static int read_child(const struct reading *r, const xmpp_field_t *field,
                      xmpp_stanza_t *child)
{
    void *to = field_of(field, r->value);
    struct str text = STR_NONE;
    int rc;

    switch (field->at) {
    case XMPP_AT_FLAG:
        *(int *)to = 1;
        return 0;
    case XMPP_AT_CHOICE:
        if (!*(int *)to)
            *(int *)to = value_place(field->more, child->text);
        return 0;
    case XMPP_AT_ELEMENT:
        return struct_at(to) ? 0 : read_struct(r, child, field->more, to);
    case XMPP_AT_CHILD:
    case XMPP_AT_CHILD_ATTR:
        rc = is_unread(field, to) ? read_child_text(field, child, &text) : 0;
        return text.s ? read_member(r, field, to, text) : rc;
    default:
        return read_item(r, field, child);
    }
}

/* One child, for every row that means it. */
static int read_for_rows(const struct reading *r, xmpp_stanza_t *child)
{
    const xmpp_field_t *field = r->payload->fields;
    size_t left = r->payload->field_count;
    int rc = 0;

    for (; left && rc != XMPP_EMEM;
         left--, field = table_after(r->payload, field))
        if (child_fits(r, child, field))
            rc = read_child(r, field, child);
    return rc == XMPP_EMEM ? rc : 0;
}

static int read_children(const struct reading *r)
{
    xmpp_stanza_t *child = r->element->first;
    int rc = 0;

    for (; child && rc == 0; child = child->next)
        if (child->kind == NODE_ELEMENT)
            rc = read_for_rows(r, child);
    return rc;
}

/* ---- the element itself ------------------------------------------ */

static int read_own_field(const struct reading *r, const xmpp_field_t *field)
{
    void *member = field_of(field, r->value);
    struct str text = STR_NONE;
    int rc = 0;

    if (field_has_place(field, PLACES_VALUE))
        read_nothing(field, member);
    if (field->at == XMPP_AT_ATTR)
        text = read_attr(r->element, field->name, field->name_size);
    else if (field->at == XMPP_AT_TEXT)
        rc = read_text(r->element, &text);
    else if (field->at == XMPP_AT_SELF)
        *(xmpp_stanza_t **)member = r->element;
    return text.s ? read_member(r, field, member, text) : rc;
}

/* All members become absent, except what is in the element itself. */
static int read_own(const struct reading *r)
{
    const xmpp_field_t *field = r->payload->fields;
    size_t left = r->payload->field_count;
    int rc = 0;

    for (; left && rc == 0; left--, field = table_after(r->payload, field))
        rc = read_own_field(r, field);
    return rc;
}

static int read_end(const struct reading *r)
{
    const xmpp_field_t *field = r->payload->fields;
    size_t left = r->payload->field_count;
    int rc = 0;

    for (; left; left--, field = table_after(r->payload, field)) {
        void *member = field_of(field, r->value);

        if (field->must && is_unread(field, member))
            rc = XMPP_EARG;
        if (field->is == XMPP_IS_BOOL && *(int *)member == BOOL_UNREAD)
            *(int *)member = 0;
    }
    return rc;
}

/* 0, XMPP_EARG, XMPP_EMEM. */
static int read_struct(const struct reading *outer, xmpp_stanza_t *element,
                       const xmpp_payload_t *payload, const void **ret)
{
    struct str ns = declared_ns(element);
    struct reading r = {payload, element,      ns.s ? ns : outer->ns,
                        NULL,    outer->arena, outer->depth + 1};
    int rc;

    if (r.depth > PAYLOAD_DEPTH_MOST)
        return XMPP_EARG;
    r.value = arena_alloc(r.arena, payload->size);
    if (!r.value)
        return XMPP_EMEM;
    memset(r.value, 0, payload->size);
    *(size_t *)r.value = payload->size;
    rc = read_own(&r);
    if (rc == 0)
        rc = read_children(&r);
    if (rc == 0)
        rc = read_end(&r);
    if (rc == 0)
        *ret = r.value;
    return rc;
}

/* ---- for all ----------------------------------------------------- */

/* A stanza inside another element, as in a copy or in an archive. */
static bool is_in_stream_ns(const xmpp_stanza_t *element)
{
    return element->ns == NS_CLIENT || element->ns == NS_COMPONENT;
}

/* What is around an element, which need not have a parent. Wherever a stanza
 * is, its stream is around it. */
static struct reading reading_around(const xmpp_stanza_t *element)
{
    struct reading r = {0};
    bool is_inside = element->parent && !is_in_stream_ns(element);

    r.ns = node_ns(is_inside ? element->parent : element);
    r.arena = &node_tree(element)->arena;
    return r;
}

int xmpp_payload_read(xmpp_stanza_t *element, const xmpp_payload_t *payload,
                      const void **ret)
{
    struct reading around;

    if (!element || !payload || !ret)
        return XMPP_EINVOP;
    around = reading_around(element);
    return element->kind == NODE_ELEMENT &&
                   payload_fits(&around, element, payload)
               ? read_struct(&around, element, payload, ret)
               : XMPP_EARG;
}

/* All with the same memory. */
static int read_all(const struct reading *around, xmpp_stanza_t *parent,
                    const xmpp_payload_t *payload, xmpp_payload_handler handler,
                    void *userdata)
{
    xmpp_stanza_t *child = node_first_element(parent);
    const void *value;
    int rc = 0;

    for (; child && rc == 0; child = node_next_element(child)) {
        if (!payload_fits(around, child, payload))
            continue;
        arena_clear(around->arena);
        rc = read_struct(around, child, payload, &value);
        if (rc == 0)
            rc = handler(value, userdata);
        else if (rc != XMPP_EMEM)
            rc = 0;
    }
    return rc;
}

int xmpp_payload_read_each(xmpp_stanza_t *parent, const xmpp_payload_t *payload,
                           xmpp_payload_handler handler, void *userdata)
{
    struct reading around = {0};
    struct arena arena;
    int rc;

    if (!parent || !payload || !handler)
        return XMPP_EINVOP;
    if (!arena_init(&arena, node_env(parent), ARENA_PAGE))
        return XMPP_EMEM;
    around.ns = node_ns(parent);
    around.arena = &arena;
    rc = read_all(&around, parent, payload, handler, userdata);
    arena_free(&arena);
    return rc;
}

const void *xmpp_payload_find(xmpp_stanza_t *parent,
                              const xmpp_payload_t *payload)
{
    const void *value = NULL;
    int rc = XMPP_EARG;

    for (xmpp_stanza_t *child = node_first_element(parent);
         child && rc && rc != XMPP_EMEM; child = node_next_element(child))
        rc = xmpp_payload_read(child, payload, &value);
    return value;
}
