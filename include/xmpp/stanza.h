/* stanza.h - a stanza and everything in it: a tree of elements and text.
 *
 * A tree lives in one piece of memory with one count of holds. Clone and
 * release on any element count on the whole tree, so an element that is
 * still held keeps everything around it alive, and nothing dangles. Strings
 * and elements returned by the get functions are borrowed: they live as long
 * as the tree is held, and a string until its attribute or text is changed.
 * Every function accepts a NULL stanza and then does nothing, returning NULL
 * or XMPP_EINVOP.
 */

#ifndef XMPP_STANZA_H
#define XMPP_STANZA_H

#include <xmpp/types.h>

XMPP_BEGIN

/* ---- life -------------------------------------------------------- */

/* A blank node, owned: give it a name or a text. NULL when out of memory. */
XMPP_API xmpp_stanza_t *xmpp_stanza_new(xmpp_ctx_t *ctx);

/* Parse one element, by the same rules and limits as the stream's. Owned;
 * NULL when it is not well-formed, not allowed, or memory is out. */
XMPP_API xmpp_stanza_t *xmpp_stanza_new_from_string(xmpp_ctx_t *ctx,
                                                    const char *str);

/* Hold the tree once more; returns the same pointer, now owned twice. */
XMPP_API xmpp_stanza_t *xmpp_stanza_clone(xmpp_stanza_t *stanza);

/* A deep copy of the element alone, owned, in a tree of its own. */
XMPP_API xmpp_stanza_t *xmpp_stanza_copy(const xmpp_stanza_t *stanza);

/* Give one hold back. 1 if that freed the tree, 0 if others still hold it. */
XMPP_API int xmpp_stanza_release(xmpp_stanza_t *stanza);

XMPP_API xmpp_ctx_t *xmpp_stanza_get_context(const xmpp_stanza_t *stanza);

/* ---- reading ----------------------------------------------------- */

XMPP_API int xmpp_stanza_is_text(xmpp_stanza_t *stanza);
XMPP_API int xmpp_stanza_is_tag(xmpp_stanza_t *stanza);

/* The local name of an element; NULL for text. */
XMPP_API const char *xmpp_stanza_get_name(xmpp_stanza_t *stanza);

/* First child and next sibling, text nodes included. */
XMPP_API xmpp_stanza_t *xmpp_stanza_get_children(xmpp_stanza_t *stanza);
XMPP_API xmpp_stanza_t *xmpp_stanza_get_next(xmpp_stanza_t *stanza);

/* The element that contains this one, NULL at the top. */
XMPP_API xmpp_stanza_t *xmpp_stanza_get_parent(xmpp_stanza_t *stanza);

/* The first direct child that fits. By name alone a child of any namespace
 * does: <body xmlns='urn:other'/> is no body. For what belongs to the stanza
 * itself (body, subject, thread, show, status, priority) ask
 * xmpp_stanza_get_child_text(stanza, name, NULL) or name the namespace. */
XMPP_API xmpp_stanza_t *xmpp_stanza_get_child_by_name(xmpp_stanza_t *stanza,
                                                      const char *name);
XMPP_API xmpp_stanza_t *xmpp_stanza_get_child_by_ns(xmpp_stanza_t *stanza,
                                                    const char *ns);
XMPP_API xmpp_stanza_t *
xmpp_stanza_get_child_by_name_and_ns(xmpp_stanza_t *stanza, const char *name,
                                     const char *ns);

/* One step of a path that also asks for a namespace. */
#define XMPP_STANZA_NAME_IN_NS(name, ns) name "[@ns='" ns "']"

/* Walk down a path of names, each "name" or XMPP_STANZA_NAME_IN_NS(), ended
 * by a NULL of pointer type. The first step has to fit `stanza` itself. */
XMPP_API xmpp_stanza_t *xmpp_stanza_get_child_by_path(xmpp_stanza_t *stanza,
                                                      ...);

/* The value of an attribute, NULL if absent. "xmlns" is an attribute like
 * any other; "xml:lang" is also found as "lang". */
XMPP_API const char *xmpp_stanza_get_attribute(xmpp_stanza_t *stanza,
                                               const char *name);
XMPP_API int xmpp_stanza_get_attribute_count(xmpp_stanza_t *stanza);

/* Fill `attr` with name, value, name, value, ... up to `attrlen` slots.
 * Returns the number of slots filled. */
XMPP_API int xmpp_stanza_get_attributes(xmpp_stanza_t *stanza,
                                        const char **attr, int attrlen);

XMPP_API const char *xmpp_stanza_get_ns(xmpp_stanza_t *stanza);
XMPP_API const char *xmpp_stanza_get_type(xmpp_stanza_t *stanza);
XMPP_API const char *xmpp_stanza_get_id(xmpp_stanza_t *stanza);
XMPP_API const char *xmpp_stanza_get_to(xmpp_stanza_t *stanza);
XMPP_API const char *xmpp_stanza_get_from(xmpp_stanza_t *stanza);

/* The text of a text node, or the direct texts of an element joined, as a
 * new string (owned: xmpp_free). NULL when there is none. */
XMPP_API char *xmpp_stanza_get_text(xmpp_stanza_t *stanza);

/* The text of a text node; NULL for an element. Borrowed. */
XMPP_API const char *xmpp_stanza_get_text_ptr(xmpp_stanza_t *stanza);

/* As xmpp_stanza_get_text(), but borrowed from the tree: no allocation
 * where the text is one piece, as in every received element without
 * markup. Valid until the text changes. */
XMPP_API const char *xmpp_stanza_get_text_view(xmpp_stanza_t *stanza);

/* The text of the first child with that name and namespace. NULL means the
 * element's own: where it has none, in a tree built by hand, a child without
 * one or of a stream's ("jabber:client") fits, no other. "" if the child is
 * empty, NULL if there is none. Borrowed. */
XMPP_API const char *xmpp_stanza_get_child_text(xmpp_stanza_t *stanza,
                                                const char *name,
                                                const char *ns);

/* Serialise (owned: xmpp_free). NUL-terminated; *buflen does not count the
 * NUL. 0; or XMPP_EMEM, XMPP_EINVOP (a node without a name), and then *buf is
 * NULL and *buflen 0. */
XMPP_API int xmpp_stanza_to_text(xmpp_stanza_t *stanza, char **buf,
                                 size_t *buflen);

/* What a stanza of type "error" says (RFC 6120 section 8.3.2): the defined
 * condition, or "undefined-condition"; NULL if there is no error of the
 * stanza's own namespace in it.
 * `ret_type` and `ret_text` may be NULL and receive the error type and the
 * text, or NULL. All borrowed. */
XMPP_API const char *xmpp_stanza_get_error(xmpp_stanza_t *stanza,
                                           const char **ret_type,
                                           const char **ret_text);

/* ---- changing ---------------------------------------------------- */

/* 0, XMPP_EMEM, or XMPP_EINVOP: a name on a text, a text on an element, an
 * attribute on anything but an element. Strings are copied. */
XMPP_API int xmpp_stanza_set_name(xmpp_stanza_t *stanza, const char *name);
XMPP_API int xmpp_stanza_set_text(xmpp_stanza_t *stanza, const char *text);
XMPP_API int xmpp_stanza_set_text_with_size(xmpp_stanza_t *stanza,
                                            const char *text, size_t size);
XMPP_API int xmpp_stanza_set_attribute(xmpp_stanza_t *stanza, const char *key,
                                       const char *value);
/* 0, or -1 if there is no such attribute. */
XMPP_API int xmpp_stanza_del_attribute(xmpp_stanza_t *stanza, const char *name);

XMPP_API int xmpp_stanza_set_ns(xmpp_stanza_t *stanza, const char *ns);
XMPP_API int xmpp_stanza_set_id(xmpp_stanza_t *stanza, const char *id);
XMPP_API int xmpp_stanza_set_type(xmpp_stanza_t *stanza, const char *type);
XMPP_API int xmpp_stanza_set_to(xmpp_stanza_t *stanza, const char *to);
XMPP_API int xmpp_stanza_set_from(xmpp_stanza_t *stanza, const char *from);

/* Append a child; constant time. The caller keeps its own hold on `child`,
 * which from now on counts for the whole tree. XMPP_EINVOP if the child
 * already has a parent or contains `stanza`. */
XMPP_API int xmpp_stanza_add_child(xmpp_stanza_t *stanza, xmpp_stanza_t *child);

/* The same; with `do_clone` 0 the caller's hold is taken. */
XMPP_API int xmpp_stanza_add_child_ex(xmpp_stanza_t *stanza,
                                      xmpp_stanza_t *child, int do_clone);

/* Take a child out of its parent and discard it. The parent's tree keeps
 * the memory until it is freed. 0, or XMPP_EINVOP without a parent. */
XMPP_API int xmpp_stanza_remove(xmpp_stanza_t *child);

XMPP_END

#endif /* XMPP_STANZA_H */
