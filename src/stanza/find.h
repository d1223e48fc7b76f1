/* find.h - finds nodes of a tree by known names, without comparing strings. */

#ifndef STANZA_FIND_H
#define STANZA_FIND_H

#include "stanza/node.h"

/* Whether it is an element with this name and namespace. The namespace is that
 * of the element's own xmlns or, in a tree that the application built, of the
 * nearest one above it. NAME_NONE matches anything. */
bool node_is_in(const xmpp_stanza_t *node, enum name_id ns);
static inline bool node_is(const xmpp_stanza_t *node, enum name_id name,
                           enum name_id ns)
{
    return node && node->kind == NODE_ELEMENT &&
           (!name || node->name == name) &&
           (!ns || node->ns == ns || node_is_in(node, ns));
}

/* The first child element that node_is() accepts, or NULL. */
xmpp_stanza_t *node_child(const xmpp_stanza_t *node, enum name_id name,
                          enum name_id ns);

/* Whether an element is in the namespace of its parent, as <body/> is in a
 * message and <body xmlns='urn:other'/> is not. An element without xmlns is; a
 * parent without one is in the namespace of the stream. */
bool node_is_own(const xmpp_stanza_t *child);

/* The first child element with this name that is in the namespace of `node`. */
xmpp_stanza_t *node_own_child(const xmpp_stanza_t *node, struct str name);

/* The first element from this sibling on. */
static inline xmpp_stanza_t *node_element_from(xmpp_stanza_t *node)
{
    while (node && node->kind != NODE_ELEMENT)
        node = node->next;
    return node;
}

/* The first child, or the next sibling, that is an element; or NULL. */
static inline xmpp_stanza_t *node_first_element(const xmpp_stanza_t *node)
{
    return node ? node_element_from(node->first) : NULL;
}

static inline xmpp_stanza_t *node_next_element(const xmpp_stanza_t *node)
{
    return node ? node_element_from(node->next) : NULL;
}

/* An attribute, or NULL. */
struct attr *node_find_attr(const xmpp_stanza_t *node, struct str name);
static inline struct attr *node_find_known_attr(const xmpp_stanza_t *node,
                                                enum name_id name)
{
    struct attr *a = node ? node->attrs : NULL;

    while (a && a->id != name)
        a = a->next;
    return a;
}

/* Its value, STR_NONE if it is absent. */
struct str node_attr_named(const xmpp_stanza_t *node, struct str name);
static inline struct str node_attr(const xmpp_stanza_t *node, enum name_id name)
{
    const struct attr *a = node_find_known_attr(node, name);

    return a ? a->value : STR_NONE;
}

/* Whether it is an iq of type get or set. */
static inline bool node_is_question(const xmpp_stanza_t *node)
{
    struct str type;

    if (!node_is(node, N_IQ, NAME_NONE))
        return false;
    type = node_attr(node, N_TYPE);
    return str_eq(type, STR("get")) || str_eq(type, STR("set"));
}

/* Whether it is an iq of type result or error. */
static inline bool node_is_answer(const xmpp_stanza_t *node)
{
    struct str type;

    if (!node_is(node, N_IQ, NAME_NONE))
        return false;
    type = node_attr(node, N_TYPE);
    return str_eq(type, STR("result")) || str_eq(type, STR("error"));
}

/* The name of an element, STR_NONE for text. */
struct str node_name(const xmpp_stanza_t *node);

/* The namespace of an element, inherited or its own; STR_NONE if there is none.
 * In an element that was received its own comes first. */
struct str node_ns_slow(const xmpp_stanza_t *node);
static inline struct str node_ns(const xmpp_stanza_t *node)
{
    const struct attr *a = node ? node->attrs : NULL;

    return a && a->id == N_XMLNS ? a->value : node_ns_slow(node);
}

/* The text directly in an element, in one piece. STR_NONE if there is none, or
 * if there is no memory to join the pieces: then the tree is marked as failed.
 */
struct str node_text(xmpp_stanza_t *node);

#endif
