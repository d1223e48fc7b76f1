/* stanza.h - a stanza and everything in it: a tree of elements and text.
 *
 * A tree is one block of memory with one count of holds. xmpp_stanza_clone()
 * and xmpp_stanza_release() on any element count for the whole tree, so an
 * element that you still hold keeps everything around it alive.
 *
 * Strings and elements that the get functions return are borrowed. They live as
 * long as the tree is held; a string also ends when its attribute or text is
 * changed. Every function accepts a NULL stanza and then does nothing: it
 * returns NULL, 0 or XMPP_EINVOP.
 */

#ifndef XMPP_STANZA_H
#define XMPP_STANZA_H

#include <xmpp/types.h>

XMPP_BEGIN

/* ---- life -------------------------------------------------------- */

/* A blank node, which becomes an element by xmpp_stanza_set_name() or a text by
 * xmpp_stanza_set_text(). Owned: xmpp_stanza_release(). NULL when out of
 * memory.
 */
XMPP_API xmpp_stanza_t *xmpp_stanza_new(xmpp_ctx_t *ctx);

/* Parse one element, by the same rules and limits as those of a stream. Owned.
 * NULL if it is not well-formed or not allowed, or when out of memory. */
XMPP_API xmpp_stanza_t *xmpp_stanza_new_from_string(xmpp_ctx_t *ctx,
                                                    const char *str);

/* Take one more hold on the tree. Returns the same pointer; release it once
 * more.
 */
XMPP_API xmpp_stanza_t *xmpp_stanza_clone(xmpp_stanza_t *stanza);

/* A deep copy of the element, without what surrounds it, as a tree of its own.
 * If the tree failed (build.h), so has the copy. Owned. NULL when out of
 * memory. */
XMPP_API xmpp_stanza_t *xmpp_stanza_copy(const xmpp_stanza_t *stanza);

/* Release one hold. 1 if that freed the tree, 0 if there are other holds. */
XMPP_API int xmpp_stanza_release(xmpp_stanza_t *stanza);

/* The bytes of memory that the tree of this element takes: for a limit of what
 * is held. 0 for NULL. */
XMPP_API size_t xmpp_stanza_get_memory(const xmpp_stanza_t *stanza);

XMPP_API xmpp_ctx_t *xmpp_stanza_get_context(const xmpp_stanza_t *stanza);

/* Memory that lives as long as the tree, aligned for any object, zeroed, and
 * counted as the tree's. NULL when out of memory; the tree is not marked as
 * failed (build.h). */
XMPP_API void *xmpp_stanza_alloc(xmpp_stanza_t *stanza, size_t size);

/* ---- reading ----------------------------------------------------- */

XMPP_API int xmpp_stanza_is_text(xmpp_stanza_t *stanza);
XMPP_API int xmpp_stanza_is_tag(xmpp_stanza_t *stanza);

/* The local name of an element; NULL for text. */
XMPP_API const char *xmpp_stanza_get_name(xmpp_stanza_t *stanza);

/* The first child and the next sibling, including text nodes. */
XMPP_API xmpp_stanza_t *xmpp_stanza_get_children(xmpp_stanza_t *stanza);
XMPP_API xmpp_stanza_t *xmpp_stanza_get_next(xmpp_stanza_t *stanza);

/* The element that contains this one, NULL at the top. */
XMPP_API xmpp_stanza_t *xmpp_stanza_get_parent(xmpp_stanza_t *stanza);

/* The first direct child with this name or namespace. A search by name alone
 * finds children of any namespace: it would take <body xmlns='urn:other'/> for
 * the body. For what belongs to the stanza itself (body, subject, thread, show,
 * status, priority) use xmpp_stanza_get_child_text(stanza, name, NULL), or give
 * the namespace. */
XMPP_API xmpp_stanza_t *xmpp_stanza_get_child_by_name(xmpp_stanza_t *stanza,
                                                      const char *name);
XMPP_API xmpp_stanza_t *xmpp_stanza_get_child_by_ns(xmpp_stanza_t *stanza,
                                                    const char *ns);
XMPP_API xmpp_stanza_t *
xmpp_stanza_get_child_by_name_and_ns(xmpp_stanza_t *stanza, const char *name,
                                     const char *ns);

/* The child element behind `previous`, or the first one (NULL), with this name
 * and namespace; `name` or `ns` NULL: any. So a loop visits all of them:
 *
 *     xmpp_stanza_t *item = NULL;
 *     while ((item = xmpp_stanza_next_tag(query, item, "item", NULL)))
 */
XMPP_API xmpp_stanza_t *xmpp_stanza_next_tag(xmpp_stanza_t *parent,
                                             xmpp_stanza_t *previous,
                                             const char *name, const char *ns);

/* One step of a path, with a namespace. */
#define XMPP_STANZA_NAME_IN_NS(name, ns) name "[@ns='" ns "']"

/* Follow a path of names from `stanza` down. Each name is "name" or
 * XMPP_STANZA_NAME_IN_NS(); the first must match `stanza` itself. End the
 * arguments with (char *)NULL. */
XMPP_API xmpp_stanza_t *xmpp_stanza_get_child_by_path(xmpp_stanza_t *stanza,
                                                      ...);

/* The value of an attribute; NULL if there is none. "xmlns" is an attribute
 * like any other. "xml:lang" is also found as "lang". */
XMPP_API const char *xmpp_stanza_get_attribute(xmpp_stanza_t *stanza,
                                               const char *name);
XMPP_API int xmpp_stanza_get_attribute_count(xmpp_stanza_t *stanza);

/* Fill `attr` with name, value, name, value, ..., at most `attrlen` pointers.
 * Returns how many were filled. */
XMPP_API int xmpp_stanza_get_attributes(xmpp_stanza_t *stanza,
                                        const char **attr, int attrlen);

XMPP_API const char *xmpp_stanza_get_ns(xmpp_stanza_t *stanza);
XMPP_API const char *xmpp_stanza_get_type(xmpp_stanza_t *stanza);
XMPP_API const char *xmpp_stanza_get_id(xmpp_stanza_t *stanza);
XMPP_API const char *xmpp_stanza_get_to(xmpp_stanza_t *stanza);
XMPP_API const char *xmpp_stanza_get_from(xmpp_stanza_t *stanza);

/* The text of a text node, or the texts directly in an element, joined to a new
 * string. Owned: xmpp_free(). NULL if there is none, or when out of memory. */
XMPP_API char *xmpp_stanza_get_text(xmpp_stanza_t *stanza);

/* The text of a text node; NULL for an element. Borrowed. */
XMPP_API const char *xmpp_stanza_get_text_ptr(xmpp_stanza_t *stanza);

/* Like xmpp_stanza_get_text(), but borrowed from the tree. Allocates nothing if
 * the text is one piece, as in every received element without child elements.
 * Valid until the text is changed. */
XMPP_API const char *xmpp_stanza_get_text_view(xmpp_stanza_t *stanza);

/* The text of the first child with this name and namespace; "" if that child is
 * empty, NULL if there is none. `ns` NULL means the namespace of `stanza`. If
 * that has none, because you built the tree yourself, a child matches that has
 * none either or has a stream's ("jabber:client"). Borrowed. */
XMPP_API const char *xmpp_stanza_get_child_text(xmpp_stanza_t *stanza,
                                                const char *name,
                                                const char *ns);

/* Serialise to XML. *buf is owned: xmpp_free(). It ends with a NUL, which
 * *buflen does not count. 0, XMPP_EMEM, or XMPP_EINVOP for a node without a
 * name; on failure *buf is NULL and *buflen 0. */
XMPP_API int xmpp_stanza_to_text(xmpp_stanza_t *stanza, char **buf,
                                 size_t *buflen);

/* The error in a stanza of type "error" (RFC 6120 section 8.3.2). Returns the
 * defined condition, or "undefined-condition" if there is none that is known;
 * NULL if the stanza has no <error/> in its own namespace. *ret_type and
 * *ret_text become the error's type and text, or NULL; either pointer may be
 * NULL. All are borrowed. */
XMPP_API const char *xmpp_stanza_get_error(xmpp_stanza_t *stanza,
                                           const char **ret_type,
                                           const char **ret_text);

/* ---- changing ---------------------------------------------------- */

/* Set the name or the text of a node, or an attribute of an element. Strings
 * are copied. 0; XMPP_EMEM; XMPP_EARG for a string that XML cannot carry;
 * XMPP_EINVOP for a name on a text node, a text on an element, or an attribute
 * on anything but an element. */
XMPP_API int xmpp_stanza_set_name(xmpp_stanza_t *stanza, const char *name);
XMPP_API int xmpp_stanza_set_text(xmpp_stanza_t *stanza, const char *text);
XMPP_API int xmpp_stanza_set_text_with_size(xmpp_stanza_t *stanza,
                                            const char *text, size_t size);
XMPP_API int xmpp_stanza_set_attribute(xmpp_stanza_t *stanza, const char *key,
                                       const char *value);

/* Remove an attribute. 0, or -1 if there is no such attribute. */
XMPP_API int xmpp_stanza_del_attribute(xmpp_stanza_t *stanza, const char *name);

XMPP_API int xmpp_stanza_set_ns(xmpp_stanza_t *stanza, const char *ns);
XMPP_API int xmpp_stanza_set_id(xmpp_stanza_t *stanza, const char *id);
XMPP_API int xmpp_stanza_set_type(xmpp_stanza_t *stanza, const char *type);
XMPP_API int xmpp_stanza_set_to(xmpp_stanza_t *stanza, const char *to);
XMPP_API int xmpp_stanza_set_from(xmpp_stanza_t *stanza, const char *from);

/* Append a child, in constant time. You keep your hold on `child`, which from
 * now on counts for the whole tree. XMPP_EINVOP if the child already has a
 * parent, contains `stanza`, or belongs to another context. */
XMPP_API int xmpp_stanza_add_child(xmpp_stanza_t *stanza, xmpp_stanza_t *child);

/* The same. If `do_clone` is 0, your hold on `child` is taken. */
XMPP_API int xmpp_stanza_add_child_ex(xmpp_stanza_t *stanza,
                                      xmpp_stanza_t *child, int do_clone);

/* Remove a child from its parent and discard it. Its memory is freed together
 * with the parent's tree. 0, or XMPP_EINVOP if it has no parent. */
XMPP_API int xmpp_stanza_remove(xmpp_stanza_t *child);

XMPP_END

#endif /* XMPP_STANZA_H */
