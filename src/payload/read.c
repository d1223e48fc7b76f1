/* read.c - reads payloads from trees. */

#include <xmpp/payload.h>

#include <xmpp/error.h>

#include "payload/table.h"
#include "payload/value.h"
#include "stanza/find.h"

/* A struct that is being read. */
struct reading {
    const xmpp_payload_t *payload;
    xmpp_stanza_t *element;
    struct str ns; /* of the element */
    void *value;
    unsigned depth;
};

static int read_struct(xmpp_stanza_t *element, struct str ns,
                       const xmpp_payload_t *payload, unsigned depth,
                       const void **ret);

/* ---- which child is meant ---------------------------------------- */

static bool names_fit(struct str a, struct str b)
{
    return a.n == b.n && a.n && *a.s == *b.s && memcmp(a.s, b.s, a.n) == 0;
}

static bool namespaces_fit(struct str a, struct str b)
{
    return a.n == b.n && (a.s == b.s || memcmp(a.s, b.s, a.n) == 0);
}

/* In a tree that was built by hand, a stanza without xmlns is in the namespace
 * of its stream: see node_is_own(). */
static bool is_own(const xmpp_stanza_t *child, struct str child_ns,
                   struct str ns)
{
    return namespaces_fit(child_ns, ns) || (!ns.n && node_is_own(child));
}

static struct str child_namespace(const xmpp_stanza_t *child,
                                  struct str parent_ns)
{
    struct str own = node_attr(child, N_XMLNS);

    return own.s ? own : parent_ns;
}

/* A child, and what is asked of it for every row of the table. */
struct candidate {
    xmpp_stanza_t *node;
    struct str name, ns;
    bool is_own;
};

static struct candidate candidate_of(const struct reading *r,
                                     xmpp_stanza_t *child)
{
    struct candidate c = {child, child->text, child_namespace(child, r->ns),
                          false};

    c.is_own = is_own(child, c.ns, r->ns);
    return c;
}

static bool namespace_fits(const struct candidate *c, const char *ns, size_t n)
{
    return ns ? namespaces_fit(c->ns, str_n(ns, n)) : c->is_own;
}

static bool payload_fits(const struct candidate *c,
                         const xmpp_payload_t *payload)
{
    return names_fit(c->name, str_n(payload->name, payload->name_size)) &&
           namespace_fits(c, payload->ns, payload->ns_size);
}

static bool field_fits(const xmpp_field_t *field, const struct candidate *c)
{
    switch (field->at) {
    case XMPP_AT_CHILD:
    case XMPP_AT_CHILD_ATTR:
    case XMPP_AT_FLAG:
    case XMPP_AT_CHILDREN:
        return names_fit(c->name, field_name(field)) &&
               namespace_fits(c, field->ns, field->ns_size);
    case XMPP_AT_CHOICE:
        return namespace_fits(c, field->ns, field->ns_size) &&
               value_place(field->more, c->name);
    case XMPP_AT_ELEMENT:
    case XMPP_AT_ELEMENTS:
        return payload_fits(c, field->more);
    default:
        return false;
    }
}

/* ---- single values ----------------------------------------------- */

/* -1 stands for a bool that was not read yet: false counts as read, for a value
 * that must be there. */
#define BOOL_UNREAD (-1)

static void read_nothing(const xmpp_field_t *field, void *value)
{
    field_clear(field, value);
    if (field->is == XMPP_IS_BOOL && field->at <= XMPP_AT_CHILD_ATTR)
        *(int *)field_of(field, value) = BOOL_UNREAD;
}

static bool is_unread(const xmpp_field_t *field, const void *member)
{
    if (field->is == XMPP_IS_BOOL)
        return *(const int *)member == BOOL_UNREAD;
    return field_is_absent(field, member);
}

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
    *ret = node_text(node);
    return !ret->s && has_text(node) ? XMPP_EMEM : 0;
}

static struct str read_attr(const xmpp_stanza_t *node, struct str name)
{
    const struct attr *a = node->attrs;

    while (a && !names_fit(a->name, name))
        a = a->next;
    return a ? a->value : STR_NONE;
}

/* The text that a child has for a row: of an attribute, or its own, where an
 * empty element has an empty text. STR_NONE if it has none. */
static int read_child_text(const xmpp_field_t *field, xmpp_stanza_t *child,
                           struct str *ret)
{
    int rc = 0;

    if (field->sub)
        *ret = read_attr(child, field_sub(field));
    else
        rc = read_text(child, ret);
    if (rc == 0 && !ret->s && !field->sub)
        *ret = STR("");
    return rc;
}

/* 0 also for what is not understood. */
static int read_member(const struct reading *r, const xmpp_field_t *field,
                       struct str text)
{
    void *to = field_of(field, r->value);
    int rc;

    if (!text.s || !is_unread(field, to))
        return 0;
    rc = value_read(field, to, r->element, text);
    return rc < 0 ? rc : 0;
}

/* ---- lists ------------------------------------------------------- */

static int list_make(const struct reading *r, const xmpp_field_t *field)
{
    size_t *count = field_count(field, r->value);
    void *items;

    if (!*count)
        return 0;
    items = xmpp_stanza_alloc(r->element, *count * field_item_size(field));
    *(void **)field_of(field, r->value) = items;
    *count = 0;
    return items ? 0 : XMPP_EMEM;
}

/* First the members for the lengths count the children that fit; then the lists
 * are made, and the lengths count what was understood. */
static int read_list_sizes(const struct reading *r)
{
    int rc = 0;

    for (xmpp_stanza_t *child = node_first_element(r->element); child;
         child = node_next_element(child)) {
        struct candidate c = candidate_of(r, child);

        for (size_t i = 0; i < r->payload->field_count; i++) {
            const xmpp_field_t *field = table_row(r->payload, i);

            if (field_is_list(field) && field_fits(field, &c))
                ++*field_count(field, r->value);
        }
    }
    for (size_t i = 0; i < r->payload->field_count && rc == 0; i++)
        if (field_is_list(table_row(r->payload, i)))
            rc = list_make(r, table_row(r->payload, i));
    return rc;
}

static int read_item(const struct reading *r, const xmpp_field_t *field,
                     const struct candidate *c)
{
    size_t *count = field_count(field, r->value);
    char *items = *(char **)field_of(field, r->value);
    void *to = items + *count * field_item_size(field);
    struct str text;
    int rc;

    if (field->at == XMPP_AT_ELEMENTS) {
        rc = read_struct(c->node, c->ns, field->more, r->depth + 1, to);
        *count += rc == 0;
        return rc == XMPP_EMEM ? rc : 0;
    }
    rc = read_child_text(field, c->node, &text);
    if (rc == 0 && text.s)
        rc = value_read(field, to, r->element, text);
    *count += rc > 0;
    return rc < 0 ? rc : 0;
}

/* ---- children ---------------------------------------------------- */

static int read_child(const struct reading *r, const xmpp_field_t *field,
                      const struct candidate *c)
{
    void *to = field_of(field, r->value);
    struct str text;
    int rc;

    switch (field->at) {
    case XMPP_AT_FLAG:
        *(int *)to = 1;
        return 0;
    case XMPP_AT_CHOICE:
        if (!*(int *)to)
            *(int *)to = value_place(field->more, c->name);
        return 0;
    case XMPP_AT_ELEMENT:
        if (struct_at(to))
            return 0;
        rc = read_struct(c->node, c->ns, field->more, r->depth + 1, to);
        return rc == XMPP_EMEM ? rc : 0;
    case XMPP_AT_CHILD:
    case XMPP_AT_CHILD_ATTR:
        rc = read_child_text(field, c->node, &text);
        return rc ? rc : read_member(r, field, text);
    default:
        return read_item(r, field, c);
    }
}

static int read_children(const struct reading *r)
{
    int rc = 0;

    for (xmpp_stanza_t *child = node_first_element(r->element);
         child && rc == 0; child = node_next_element(child)) {
        struct candidate c = candidate_of(r, child);

        for (size_t i = 0; i < r->payload->field_count && rc == 0; i++)
            if (field_fits(table_row(r->payload, i), &c))
                rc = read_child(r, table_row(r->payload, i), &c);
    }
    return rc;
}

/* ---- the element itself ------------------------------------------ */

/* What is in the element itself. *ret_lists: whether there are lists. */
static int read_own(const struct reading *r, bool *ret_lists)
{
    int rc = 0;

    *ret_lists = false;
    for (size_t i = 0; i < r->payload->field_count && rc == 0; i++) {
        const xmpp_field_t *field = table_row(r->payload, i);
        struct str text = STR_NONE;

        read_nothing(field, r->value);
        *ret_lists |= field_is_list(field);
        if (field->at == XMPP_AT_SELF)
            *(xmpp_stanza_t **)field_of(field, r->value) = r->element;
        if (field->at == XMPP_AT_ATTR)
            text = read_attr(r->element, field_name(field));
        if (field->at == XMPP_AT_TEXT)
            rc = read_text(r->element, &text);
        if (rc == 0 && text.s)
            rc = read_member(r, field, text);
    }
    return rc;
}

static int read_end(const struct reading *r)
{
    int rc = 0;

    for (size_t i = 0; i < r->payload->field_count; i++) {
        const xmpp_field_t *field = table_row(r->payload, i);
        void *member = field_of(field, r->value);

        if (field->must && is_unread(field, member))
            rc = XMPP_EARG;
        if (field->is == XMPP_IS_BOOL && *(int *)member == BOOL_UNREAD)
            *(int *)member = 0;
    }
    return rc;
}

static int read_struct(xmpp_stanza_t *element, struct str ns,
                       const xmpp_payload_t *payload, unsigned depth,
                       const void **ret)
{
    struct reading r = {payload, element, ns, NULL, depth};
    bool has_lists;
    int rc;

    if (depth > PAYLOAD_DEPTH_MOST)
        return XMPP_EARG;
    r.value = xmpp_stanza_alloc(element, payload->size);
    if (!r.value)
        return XMPP_EMEM;
    *(size_t *)r.value = payload->size;
    rc = read_own(&r, &has_lists);
    if (rc == 0 && has_lists)
        rc = read_list_sizes(&r);
    if (rc == 0)
        rc = read_children(&r);
    if (rc == 0)
        rc = read_end(&r);
    if (rc == 0)
        *ret = r.value;
    return rc;
}

/* ---- for all ----------------------------------------------------- */

static struct candidate candidate_in(xmpp_stanza_t *element)
{
    struct candidate c = {element, node_name(element), node_ns(element), true};

    if (element->parent)
        c.is_own = node_is_own(element);
    return c;
}

int xmpp_payload_read(xmpp_stanza_t *element, const xmpp_payload_t *payload,
                      const void **ret)
{
    struct candidate c;

    if (!element || !payload || !ret)
        return XMPP_EINVOP;
    c = candidate_in(element);
    return payload_fits(&c, payload)
               ? read_struct(element, c.ns, payload, 1, ret)
               : XMPP_EARG;
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
