/* find.h - reading a tree by known names, without strings. */

#ifndef STANZA_FIND_H
#define STANZA_FIND_H

#include "stanza/node.h"

/* An element with this name and namespace? The namespace is the element's
 * own xmlns, or, in a tree built by hand, the nearest one above it. */
bool node_is(const xmpp_stanza_t *node, enum name_id name, enum name_id ns);

/* An iq of type get or set? */
bool node_is_question(const xmpp_stanza_t *node);

/* An iq of type result or error? */
bool node_is_answer(const xmpp_stanza_t *node);

/* The first child element that fits, or NULL. NAME_NONE fits everything. */
xmpp_stanza_t *node_child(const xmpp_stanza_t *node, enum name_id name,
                          enum name_id ns);

/* Is an element in the namespace of its parent, as <body/> is in a message and
 * <body xmlns='urn:other'/> is not? Where neither says one, as in trees built
 * by hand, it is; a parent that says none is of the stream's. */
bool node_is_own(const xmpp_stanza_t *child);

/* The first child element with this name that is. */
xmpp_stanza_t *node_own_child(const xmpp_stanza_t *node, struct str name);

/* The first child that is an element, or the next sibling that is one. */
xmpp_stanza_t *node_first_element(const xmpp_stanza_t *node);
xmpp_stanza_t *node_next_element(const xmpp_stanza_t *node);

/* The value of an attribute, STR_NONE if absent. */
struct str node_attr(const xmpp_stanza_t *node, enum name_id name);
struct str node_attr_named(const xmpp_stanza_t *node, struct str name);

/* The attribute itself, or NULL. */
struct attr *node_find_attr(const xmpp_stanza_t *node, struct str name);

/* The name of an element, STR_NONE for text. */
struct str node_name(const xmpp_stanza_t *node);

/* The namespace in force, STR_NONE if there is none. */
struct str node_ns(const xmpp_stanza_t *node);

/* The text directly in an element, in one piece. STR_NONE if there is none
 * (or, where it has to be joined, memory is out: then *status tells). */
struct str node_text(xmpp_stanza_t *node);

#endif
