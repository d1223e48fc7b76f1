/* stanza.c - the public functions that hold, copy and read a tree. */

#include <xmpp/stanza.h>

#include <stdarg.h>
#include <stdio.h>

#include <xmpp/error.h>

#include "stanza/conditions.h"
#include "stanza/find.h"
#include "stanza/writer.h"

#define TEXT_MOST (SIZE_MAX / 4)

/* ---- life -------------------------------------------------------- */

xmpp_stanza_t *xmpp_stanza_new(xmpp_ctx_t *ctx)
{
    return ctx ? node_new(env_of(ctx), ARENA_SMALL) : NULL;
}

xmpp_stanza_t *xmpp_stanza_clone(xmpp_stanza_t *stanza)
{
    if (stanza)
        node_tree(stanza)->holds++;
    return stanza;
}

/* 1 if that was the last hold on the tree, as in libstrophe. */
int xmpp_stanza_release(xmpp_stanza_t *stanza)
{
    struct tree *tree;
    struct arena arena;

    if (!stanza)
        return XMPP_EINVOP;
    tree = node_tree(stanza);
    if (--tree->holds)
        return 0;
    arena = tree->arena; /* a copy: the tree itself is in the arena */
    arena_free(&arena);
    return 1;
}

/* A node without its children. A received address stays one: a copy may be sent
 * where the original may. */
static int copy_node(xmpp_stanza_t *to, const xmpp_stanza_t *from)
{
    int rc = 0;

    if (from->kind == NODE_TEXT)
        return node_set_text(to, from->text);
    if (from->kind == NODE_ELEMENT)
        rc = node_set_name(to, from->text);
    for (const struct attr *a = from->attrs; a && rc == 0; a = a->next) {
        rc = node_set_attr(to, a->name, a->value);
        if (rc == 0)
            to->last_attr->is_received = a->is_received;
    }
    return rc;
}

/* `to` is always the copy of `from`, so that the two walks need no stack. What
 * is missing in a tree that failed is missing in its copy, which must not be
 * sent either. */
xmpp_stanza_t *xmpp_stanza_copy(const xmpp_stanza_t *stanza)
{
    xmpp_stanza_t *root, *to;
    const xmpp_stanza_t *from = stanza;
    int rc;

    root = to = stanza ? node_new(node_env(stanza), ARENA_SMALL) : NULL;
    if (!root)
        return NULL;
    rc = copy_node(to, from);
    while (rc == 0) {
        const xmpp_stanza_t *next = node_after(from, stanza);

        if (!next) {
            node_fail_as(root, stanza);
            return root;
        }
        for (; from != next->parent; from = from->parent)
            to = to->parent;
        from = next;
        to = node_add(to);
        rc = to ? copy_node(to, from) : XMPP_EMEM;
    }
    xmpp_stanza_release(root);
    return NULL;
}

void *xmpp_stanza_alloc(xmpp_stanza_t *stanza, size_t size)
{
    void *memory = NULL;

    if (stanza)
        memory = arena_alloc(&node_tree(stanza)->arena, size);
    if (memory)
        memset(memory, 0, size);
    return memory;
}

size_t xmpp_stanza_get_memory(const xmpp_stanza_t *stanza)
{
    return stanza ? node_memory(stanza) : 0;
}

xmpp_ctx_t *xmpp_stanza_get_context(const xmpp_stanza_t *stanza)
{
    return stanza ? env_ctx(node_env(stanza)) : NULL;
}

/* NULL is what a function that makes a stanza returns without memory. */
int xmpp_stanza_get_status(const xmpp_stanza_t *stanza)
{
    return stanza ? node_tree(stanza)->status : XMPP_EMEM;
}

const char *xmpp_stanza_get_status_text(const xmpp_stanza_t *stanza)
{
    return stanza ? node_why(stanza) : "there is no stanza";
}

/* ---- around ------------------------------------------------------ */

int xmpp_stanza_is_text(xmpp_stanza_t *stanza)
{
    return stanza && stanza->kind == NODE_TEXT;
}

int xmpp_stanza_is_tag(xmpp_stanza_t *stanza)
{
    return stanza && stanza->kind == NODE_ELEMENT;
}

const char *xmpp_stanza_get_name(xmpp_stanza_t *stanza)
{
    return node_name(stanza).s;
}

xmpp_stanza_t *xmpp_stanza_get_children(xmpp_stanza_t *stanza)
{
    return stanza ? stanza->first : NULL;
}

xmpp_stanza_t *xmpp_stanza_get_next(xmpp_stanza_t *stanza)
{
    return stanza ? stanza->next : NULL;
}

xmpp_stanza_t *xmpp_stanza_get_parent(xmpp_stanza_t *stanza)
{
    return stanza ? stanza->parent : NULL;
}

static bool stanza_fits(const xmpp_stanza_t *node, const char *name,
                        const char *ns)
{
    return (!name || str_is(node_name(node), name)) &&
           (!ns || str_is(node_ns(node), ns));
}

xmpp_stanza_t *xmpp_stanza_next_tag(xmpp_stanza_t *parent,
                                    xmpp_stanza_t *previous, const char *name,
                                    const char *ns)
{
    xmpp_stanza_t *c =
        previous ? node_next_element(previous) : node_first_element(parent);

    while (c && !stanza_fits(c, name, ns))
        c = node_next_element(c);
    return c;
}

/* The first child element with this name and namespace; NULL matches anything.
 */
static xmpp_stanza_t *child(xmpp_stanza_t *stanza, const char *name,
                            const char *ns)
{
    return xmpp_stanza_next_tag(stanza, NULL, name, ns);
}

/* By the name alone, whatever its namespace, as in libstrophe. */
xmpp_stanza_t *xmpp_stanza_get_child_by_name(xmpp_stanza_t *stanza,
                                             const char *name)
{
    return name ? child(stanza, name, NULL) : NULL;
}

xmpp_stanza_t *xmpp_stanza_get_child_by_ns(xmpp_stanza_t *stanza,
                                           const char *ns)
{
    return ns ? child(stanza, NULL, ns) : NULL;
}

xmpp_stanza_t *xmpp_stanza_get_child_by_name_and_ns(xmpp_stanza_t *stanza,
                                                    const char *name,
                                                    const char *ns)
{
    return name && ns ? child(stanza, name, ns) : NULL;
}

/* Whether an element matches a step of a path: name or name[@ns='...']. */
static bool fits_step(const xmpp_stanza_t *node, const char *step)
{
    struct str name, rest = str_cut(str_of(step), '[', &name);
    static const struct str before = {"@ns='", 5};

    if (!str_eq(node_name(node), name))
        return false;
    if (!rest.s)
        return true;
    return str_starts(rest, before) && rest.n >= before.n + 2 &&
           memcmp(rest.s + rest.n - 2, "']", 2) == 0 &&
           str_eq(node_ns(node),
                  str_n(rest.s + before.n, rest.n - before.n - 2));
}

xmpp_stanza_t *xmpp_stanza_get_child_by_path(xmpp_stanza_t *stanza, ...)
{
    xmpp_stanza_t *node = stanza;
    const char *step;
    va_list ap;

    va_start(ap, stanza);
    step = va_arg(ap, const char *);
    if (!step || !fits_step(node, step))
        node = NULL;
    while (node && (step = va_arg(ap, const char *))) {
        node = node_first_element(node);
        while (node && !fits_step(node, step))
            node = node_next_element(node);
    }
    va_end(ap);
    return node;
}

/* ---- attributes -------------------------------------------------- */

const char *xmpp_stanza_get_attribute(xmpp_stanza_t *stanza, const char *name)
{
    struct str value;

    if (!name)
        return NULL;
    value = node_attr_named(stanza, str_of(name));
    /* its programs expect that libstrophe drops the prefix of xml:lang */
    if (!value.s && strcmp(name, "lang") == 0)
        value = node_attr(stanza, N_LANG);
    return value.s;
}

int xmpp_stanza_get_attribute_count(xmpp_stanza_t *stanza)
{
    int n = 0;

    for (const struct attr *a = stanza ? stanza->attrs : NULL; a; a = a->next)
        n++;
    return n;
}

/* An odd `attrlen` ends with a name, as in libstrophe. */
int xmpp_stanza_get_attributes(xmpp_stanza_t *stanza, const char **attr,
                               int attrlen)
{
    int n = 0;

    for (const struct attr *a = stanza ? stanza->attrs : NULL; a && n < attrlen;
         a = a->next) {
        attr[n++] = a->name.s;
        if (n < attrlen)
            attr[n++] = a->value.s;
    }
    return n;
}

/* Its own xmlns only. The reader gives one to each received element, also where
 * it is inherited. */
const char *xmpp_stanza_get_ns(xmpp_stanza_t *stanza)
{
    return node_attr(stanza, N_XMLNS).s;
}

const char *xmpp_stanza_get_type(xmpp_stanza_t *stanza)
{
    return node_attr(stanza, N_TYPE).s;
}

const char *xmpp_stanza_get_id(xmpp_stanza_t *stanza)
{
    return node_attr(stanza, N_ID).s;
}

const char *xmpp_stanza_get_to(xmpp_stanza_t *stanza)
{
    return node_attr(stanza, N_TO).s;
}

const char *xmpp_stanza_get_from(xmpp_stanza_t *stanza)
{
    return node_attr(stanza, N_FROM).s;
}

/* ---- text -------------------------------------------------------- */

char *xmpp_stanza_get_text(xmpp_stanza_t *stanza)
{
    struct str text = node_text(stanza);

    return text.n ? env_strndup(node_env(stanza), text.s, text.n) : NULL;
}

const char *xmpp_stanza_get_text_ptr(xmpp_stanza_t *stanza)
{
    return xmpp_stanza_is_text(stanza) ? stanza->text.s : NULL;
}

const char *xmpp_stanza_get_text_view(xmpp_stanza_t *stanza)
{
    struct str text = node_text(stanza);

    return text.n ? text.s : NULL;
}

const char *xmpp_stanza_get_child_text(xmpp_stanza_t *stanza, const char *name,
                                       const char *ns)
{
    xmpp_stanza_t *found;
    struct str text;

    if (!stanza || !name)
        return NULL;
    found = ns ? child(stanza, name, ns) : node_own_child(stanza, str_of(name));
    if (!found)
        return NULL;
    text = node_text(found);
    return text.s ? text.s : ""; /* NULL: there is no such child */
}

/* jabber:client is not written: it is the default in the stream of a client. */
int xmpp_stanza_to_text(xmpp_stanza_t *stanza, char **buf, size_t *buflen)
{
    struct buf out;
    int rc;

    if (!buf || !buflen)
        return XMPP_EINVOP;
    *buf = NULL;
    *buflen = 0;
    if (!stanza)
        return XMPP_EINVOP;
    buf_init(&out, node_env(stanza), TEXT_MOST);
    rc = writer_write(&out, stanza, STR(XMPP_NS_CLIENT));
    if (rc == 0) {
        size_t n = buf_size(&out);

        *buf = buf_take(&out);
        *buflen = *buf ? n : 0;
        rc = *buf ? 0 : XMPP_EMEM;
    }
    buf_free(&out);
    return rc;
}

const char *xmpp_stanza_get_error(xmpp_stanza_t *stanza, const char **ret_type,
                                  const char **ret_text)
{
    xmpp_stanza_t *error = node_own_child(stanza, STR("error"));
    struct str condition, text;

    if (ret_type)
        *ret_type = NULL;
    if (ret_text)
        *ret_text = NULL;
    if (!error)
        return NULL;
    condition_read(error, NS_STANZA_ERRORS, &condition, &text);
    if (ret_type)
        *ret_type = node_attr(error, N_TYPE).s;
    if (ret_text)
        *ret_text = text.s;
    /* RFC 6120 section 8.3.2 demands one, but not all send one */
    return condition.s ? condition.s : "undefined-condition";
}
