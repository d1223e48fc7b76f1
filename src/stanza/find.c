/* find.c - finds nodes of a tree by known names, without comparing strings. */

#include "stanza/find.h"

#include <xmpp/error.h>

/* The nearest element with an xmlns, from this one upwards. */
static const xmpp_stanza_t *declares(const xmpp_stanza_t *node)
{
    while (node && !node_find_known_attr(node, N_XMLNS))
        node = node->parent;
    return node;
}

bool node_is_in(const xmpp_stanza_t *node, enum name_id ns)
{
    /* an xmlns that is not a known name has NAME_NONE, which is not `ns` */
    node = declares(node);
    return node && node->ns == ns;
}

xmpp_stanza_t *node_child(const xmpp_stanza_t *node, enum name_id name,
                          enum name_id ns)
{
    xmpp_stanza_t *child = node ? node->first : NULL;

    while (child && !node_is(child, name, ns))
        child = child->next;
    return child;
}

/* The namespaces of streams, in which a stanza without xmlns is sent. */
static bool is_content(enum name_id ns)
{
    return ns == NS_CLIENT || ns == NS_COMPONENT;
}

/* In a tree that was built by hand, a parent without a namespace counts as a
 * stanza. */
bool node_is_own(const xmpp_stanza_t *child)
{
    const struct attr *own = node_find_known_attr(child, N_XMLNS);
    struct str ns;

    if (!own)
        return true; /* it inherits */
    ns = node_ns(child->parent);
    return ns.s ? str_eq(own->value, ns) : is_content(child->ns);
}

xmpp_stanza_t *node_own_child(const xmpp_stanza_t *node, struct str name)
{
    xmpp_stanza_t *child = node_first_element(node);

    while (child && !(str_eq(child->text, name) && node_is_own(child)))
        child = node_next_element(child);
    return child;
}

/* Attributes with a known name have its number, so strings are only compared
 * for others. */
static struct attr *attr_named(const xmpp_stanza_t *node, struct str name)
{
    enum name_id id = name_find(name);
    struct attr *a = node ? node->attrs : NULL;

    if (a && id)
        return node_find_known_attr(node, id);
    while (a && !str_eq(a->name, name))
        a = a->next;
    return a;
}

struct str node_attr_named(const xmpp_stanza_t *node, struct str name)
{
    const struct attr *a = attr_named(node, name);

    return a ? a->value : STR_NONE;
}

struct attr *node_find_attr(const xmpp_stanza_t *node, struct str name)
{
    return attr_named(node, name);
}

struct str node_name(const xmpp_stanza_t *node)
{
    return node && node->kind == NODE_ELEMENT ? node->text : STR_NONE;
}

struct str node_ns_slow(const xmpp_stanza_t *node)
{
    return node_attr(node ? declares(node) : NULL, N_XMLNS);
}

/* ---- text -------------------------------------------------------- */

/* The first text from this sibling on. */
static xmpp_stanza_t *text_from(xmpp_stanza_t *node)
{
    while (node && node->kind != NODE_TEXT)
        node = node->next;
    return node;
}

/* The pieces stay: code that walks the tree must not find it changed. */
static struct str join(xmpp_stanza_t *node, xmpp_stanza_t *first)
{
    size_t n = 0;
    char *all, *to;

    for (xmpp_stanza_t *t = first; t; t = text_from(t->next))
        n += t->text.n;
    to = all = arena_bytes(&node_tree(node)->arena, n + 1);
    if (!all) {
        node_fail(node, XMPP_EMEM);
        return STR_NONE;
    }
    for (xmpp_stanza_t *t = first; t; t = text_from(t->next)) {
        memcpy(to, t->text.s, t->text.n);
        to += t->text.n;
    }
    *to = '\0';
    return str_n(all, n);
}

struct str node_text(xmpp_stanza_t *node)
{
    xmpp_stanza_t *first;

    if (!node)
        return STR_NONE;
    if (node->kind == NODE_TEXT)
        return node->text;
    first = text_from(node->first);
    if (!first)
        return STR_NONE;
    return text_from(first->next) ? join(node, first) : first->text;
}
