/* write.c - writes payloads into trees. */

#include <xmpp/payload.h>

#include <xmpp/error.h>

#include "base/code.h"
#include "payload/table.h"
#include "payload/value.h"
#include "stanza/build.h"
#include "stanza/find.h"

/* An element that is being written. */
struct writing {
    xmpp_stanza_t *element;
    struct str ns; /* of the element */
    unsigned depth;
};

/* ---- texts ------------------------------------------------------- */

static struct str bytes_text(xmpp_stanza_t *tree, const void *value)
{
    const xmpp_bytes_t *bytes = value;
    char *text = arena_bytes(&node_tree(tree)->arena, BASE64_SIZE(bytes->size));

    if (text)
        return str_n(text, base64_encode(text, bytes->data, bytes->size));
    node_fail(tree, XMPP_EMEM);
    return STR_NONE;
}

/* Only years of four digits can be written. */
static struct str written_time(xmpp_stanza_t *tree, const xmpp_field_t *field,
                               const void *value, char *room)
{
    struct str text = value_text(field, value, room);

    if (text.s)
        return text;
    env_refuse(node_env(tree), XMPP_EARG,
               "the member \"%s\" is a time outside of the years 0001 to 9999",
               field->member);
    node_refused(tree);
    return STR_NONE;
}

static struct str written_text(xmpp_stanza_t *tree, const xmpp_field_t *field,
                               const void *value, char *room)
{
    if (field->is == XMPP_IS_BYTES)
        return bytes_text(tree, value);
    if (field->is == XMPP_IS_TIME)
        return written_time(tree, field, value, room);
    return value_text(field, value, room);
}

/* Whether a value is left out. One that must be there is written also where it
 * is false. */
static bool is_left_out(const xmpp_field_t *field, const void *value)
{
    if (field->is == XMPP_IS_BOOL && field->must)
        return false;
    return field_is_absent(field, value);
}

/* ---- elements ---------------------------------------------------- */

/* `ns` NULL: that of the element around it. */
static struct writing begin(const struct writing *w, struct str name,
                            const char *ns, size_t ns_size)
{
    struct writing inner = {node_add(w->element), w->ns, w->depth + 1};

    if (!inner.element)
        return inner;
    node_set_static_name(inner.element, name);
    if (!ns)
        return inner;
    inner.ns = str_n(ns, ns_size);
    if (!str_eq(inner.ns, w->ns))
        node_set(inner.element, N_XMLNS, inner.ns);
    return inner;
}

/* Rows that describe parts of one child share it. */
static xmpp_stanza_t *written_child(const struct writing *w,
                                    const xmpp_field_t *field)
{
    struct str ns = field->ns ? str_n(field->ns, field->ns_size) : w->ns;
    xmpp_stanza_t *child = node_first_element(w->element);

    while (child && !(str_eq(child->text, field_name(field)) &&
                      str_eq(node_ns(child), ns)))
        child = node_next_element(child);
    return child;
}

static xmpp_stanza_t *write_named(const struct writing *w,
                                  const xmpp_field_t *field)
{
    return begin(w, field_name(field), field->ns, field->ns_size).element;
}

static xmpp_stanza_t *write_shared(const struct writing *w,
                                   const xmpp_field_t *field)
{
    xmpp_stanza_t *child = written_child(w, field);

    return child ? child : write_named(w, field);
}

static void write_child(const struct writing *w, const xmpp_field_t *field,
                        const void *value)
{
    char room[VALUE_ROOM];
    struct str text = written_text(w->element, field, value, room);
    xmpp_stanza_t *child;

    if (!text.s)
        return;
    child =
        field_is_list(field) ? write_named(w, field) : write_shared(w, field);
    if (child && field->sub)
        node_set_static_attr(child, field_sub(field), text);
    else
        build_text(child, text);
}

/* ---- rows -------------------------------------------------------- */

static void write_struct(const struct writing *w, const xmpp_payload_t *payload,
                         const void *value);

static void write_attribute(const struct writing *w, const xmpp_field_t *field,
                            const void *value)
{
    char room[VALUE_ROOM];
    struct str text = written_text(w->element, field, value, room);

    if (text.s)
        node_set_static_attr(w->element, field_name(field), text);
}

static void write_choice(const struct writing *w, const xmpp_field_t *field,
                         const void *value)
{
    struct str name = value_text(field, value, NULL);

    if (name.s)
        begin(w, name, field->ns, field->ns_size);
}

static void write_element(const struct writing *w,
                          const xmpp_payload_t *payload, const void *value)
{
    struct writing inner;

    if (!value)
        return;
    inner = begin(w, str_n(payload->name, payload->name_size), payload->ns,
                  payload->ns_size);
    if (inner.element)
        write_struct(&inner, payload, value);
}

static void write_list(const struct writing *w, const xmpp_field_t *field,
                       const void *value)
{
    struct list_view list = field_list(field, value);

    for (size_t i = 0; i < list.count; i++) {
        const void *item = list_item(&list, i);

        if (field_is_struct(field))
            write_element(w, field->more, struct_at(item));
        else if (field->is == XMPP_IS_BOOL || !field_is_absent(field, item))
            write_child(w, field, item);
    }
}

static void write_field(const struct writing *w, const xmpp_field_t *field,
                        const void *value)
{
    const void *member = field_in(field, value);
    char room[VALUE_ROOM];

    if (field_is_list(field))
        write_list(w, field, value);
    else if (is_left_out(field, member))
        return;
    else if (field->at == XMPP_AT_ATTR)
        write_attribute(w, field, member);
    else if (field->at == XMPP_AT_TEXT)
        build_text(w->element, written_text(w->element, field, member, room));
    else if (field->at == XMPP_AT_CHILD || field->at == XMPP_AT_CHILD_ATTR)
        write_child(w, field, member);
    else if (field->at == XMPP_AT_FLAG)
        write_shared(w, field);
    else if (field->at == XMPP_AT_CHOICE)
        write_choice(w, field, member);
    else if (field->at == XMPP_AT_ELEMENT)
        write_element(w, field->more, struct_at(member));
}

static void write_struct(const struct writing *w, const xmpp_payload_t *payload,
                         const void *value)
{
    const xmpp_field_t *field = payload->fields;
    size_t left = payload->field_count;

    if (w->depth > PAYLOAD_DEPTH_MOST) {
        node_fail(w->element, XMPP_EARG);
        return;
    }
    if (!struct_is_begun(value)) {
        struct_refuse(node_env(w->element), payload);
        node_refused(w->element);
        return;
    }
    for (; left; left--, field = table_after(payload, field))
        if (field_exists(field, value))
            write_field(w, field, value);
}

/* ---- for all ----------------------------------------------------- */

xmpp_stanza_t *xmpp_payload_new(xmpp_ctx_t *ctx, const xmpp_payload_t *payload,
                                const void *value)
{
    struct writing w = {NULL, STR_NONE, 1};

    if (!ctx || !payload || !value)
        return NULL;
    w.element = xmpp_stanza_new_tag(ctx, payload->name, payload->ns);
    w.ns = node_ns(w.element);
    if (w.element)
        write_struct(&w, payload, value);
    return w.element;
}

xmpp_stanza_t *xmpp_payload_add(xmpp_stanza_t *parent,
                                const xmpp_payload_t *payload,
                                const void *value)
{
    struct writing w = {parent, STR_NONE, 0}, inner;

    if (!parent || !payload || !value || parent->kind != NODE_ELEMENT)
        return NULL;
    w.ns = node_ns(parent);
    inner = begin(&w, str_n(payload->name, payload->name_size), payload->ns,
                  payload->ns_size);
    if (inner.element)
        write_struct(&inner, payload, value);
    return inner.element;
}
