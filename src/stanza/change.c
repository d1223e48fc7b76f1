/* change.c - the public functions that change a tree. */

#include <xmpp/stanza.h>

#include <xmpp/error.h>

#include "stanza/find.h"

int xmpp_stanza_set_name(xmpp_stanza_t *stanza, const char *name)
{
    if (!stanza || !name || stanza->kind == NODE_TEXT)
        return node_misuse(stanza, "xmpp_stanza_set_name(): the name is NULL, "
                                   "or the node is a text");
    return node_set_name(stanza, str_of(name));
}

int xmpp_stanza_set_text_with_size(xmpp_stanza_t *stanza, const char *text,
                                   size_t size)
{
    if (!stanza || !text || stanza->kind == NODE_ELEMENT)
        return node_misuse(stanza, "xmpp_stanza_set_text(): the text is NULL, "
                                   "or the node is an element");
    return node_set_text(stanza, str_n(text, size));
}

int xmpp_stanza_set_text(xmpp_stanza_t *stanza, const char *text)
{
    return xmpp_stanza_set_text_with_size(stanza, text,
                                          text ? strlen(text) : 0);
}

/* ---- attributes -------------------------------------------------- */

int xmpp_stanza_set_attribute(xmpp_stanza_t *stanza, const char *key,
                              const char *value)
{
    if (!stanza || !key || !value || stanza->kind != NODE_ELEMENT)
        return node_misuse(stanza, "xmpp_stanza_set_attribute(): the name or "
                                   "the value is NULL, or the node is not an "
                                   "element");
    return node_set_attr(stanza, str_of(key), str_of(value));
}

/* Its memory stays in the arena, which is freed as a whole. */
int xmpp_stanza_del_attribute(xmpp_stanza_t *stanza, const char *name)
{
    struct attr *before = NULL, *a = stanza && name ? stanza->attrs : NULL;

    while (a && !str_is(a->name, name)) {
        before = a;
        a = a->next;
    }
    if (!a)
        return -1;
    if (before)
        before->next = a->next;
    else
        stanza->attrs = a->next;
    if (stanza->last_attr == a)
        stanza->last_attr = before;
    if (a->id == N_XMLNS)
        stanza->ns = NAME_NONE;
    return 0;
}

static int set(xmpp_stanza_t *stanza, enum name_id name, const char *value)
{
    if (!stanza || !value || stanza->kind != NODE_ELEMENT)
        return node_misuse(stanza, "setting an attribute: the value is NULL, "
                                   "or the node is not an element");
    return node_set(stanza, name, str_of(value));
}

int xmpp_stanza_set_ns(xmpp_stanza_t *stanza, const char *ns)
{
    return set(stanza, N_XMLNS, ns);
}

int xmpp_stanza_set_id(xmpp_stanza_t *stanza, const char *id)
{
    return set(stanza, N_ID, id);
}

int xmpp_stanza_set_type(xmpp_stanza_t *stanza, const char *type)
{
    return set(stanza, N_TYPE, type);
}

int xmpp_stanza_set_to(xmpp_stanza_t *stanza, const char *to)
{
    return set(stanza, N_TO, to);
}

int xmpp_stanza_set_from(xmpp_stanza_t *stanza, const char *from)
{
    return set(stanza, N_FROM, from);
}

/* ---- children ---------------------------------------------------- */

/* Merge two trees in constant time. Every hold on either becomes a hold on the
 * result, so that a node stays valid as long as it is held. */
static void merge(struct tree *into, struct tree *from)
{
    if (into == from)
        return;
    arena_splice(&into->arena, &from->arena);
    into->holds += from->holds;
    if (!into->status) {
        into->status = from->status;
        into->why = from->why;
    }
    from->status = TREE_MOVED;
    from->into = into;
}

/* A circle would never be freed; and an arena cannot move to another context,
 * whose allocator may be another one. */
int xmpp_stanza_add_child_ex(xmpp_stanza_t *stanza, xmpp_stanza_t *child,
                             int do_clone)
{
    if (!stanza || !child || stanza->kind == NODE_TEXT || child->parent ||
        node_top(stanza) == child || node_env(stanza) != node_env(child))
        return node_misuse(stanza, "xmpp_stanza_add_child(): the child is "
                                   "NULL, has a parent, contains the stanza or "
                                   "is of another context, or the stanza is a "
                                   "text");
    /* every node keeps its address; only the memory changes hands */
    merge(node_tree(stanza), node_tree(child));
    child->parent = stanza;
    if (stanza->last)
        stanza->last->next = child;
    else
        stanza->first = child;
    stanza->last = child;
    if (!do_clone)
        xmpp_stanza_release(child);
    return 0;
}

int xmpp_stanza_add_child(xmpp_stanza_t *stanza, xmpp_stanza_t *child)
{
    return xmpp_stanza_add_child_ex(stanza, child, 1);
}

/* The child stays in the memory of the tree that it was in, so a hold on either
 * keeps both. */
int xmpp_stanza_remove(xmpp_stanza_t *child)
{
    xmpp_stanza_t *parent = child ? child->parent : NULL, *before = NULL;

    if (!parent)
        return node_misuse(child,
                           "xmpp_stanza_remove(): the node has no parent");
    for (xmpp_stanza_t *c = parent->first; c != child; c = c->next)
        before = c;
    if (before)
        before->next = child->next;
    else
        parent->first = child->next;
    if (parent->last == child)
        parent->last = before;
    child->parent = child->next = NULL;
    return 0;
}
