/* bookmark_list.h - bookmarks by the addresses of their rooms, with everything
 * that clients keep in them. bookmarks.h has those of our account.
 */

#ifndef XMPP_XEP_BOOKMARK_LIST_H
#define XMPP_XEP_BOOKMARK_LIST_H

#include <xmpp/xep/bookmark.h>

XMPP_BEGIN

/* ---- for modules ------------------------------------------------- */

typedef struct _xmpp_bookmark_list_t xmpp_bookmark_list_t;

/* Owned: xmpp_bookmark_list_free(). NULL when out of memory. */
XMPP_API xmpp_bookmark_list_t *xmpp_bookmark_list_new(xmpp_ctx_t *ctx);
XMPP_API void xmpp_bookmark_list_free(xmpp_bookmark_list_t *list);
XMPP_API void xmpp_bookmark_list_clear(xmpp_bookmark_list_t *list);

/* How many there may be, and of how many octets of XML each, from now on. */
XMPP_API void xmpp_bookmark_list_set_most(xmpp_bookmark_list_t *list,
                                          size_t most, size_t octets);

/* Keep a copy of this <conference/>, of either specification. *ret_now is what
 * is in it, borrowed until it changes; *ret_before the element that it
 * replaces, owned (xmpp_stanza_release()), or NULL. 0; 1 if the struct is the
 * same as before, for only what is beside it has changed, and then *ret_before
 * is the older one, too; XMPP_EARG if it is no bookmark; XMPP_ELIMIT if it has
 * too many octets; XMPP_EFULL; XMPP_EMEM. */
XMPP_API int xmpp_bookmark_list_put(xmpp_bookmark_list_t *list,
                                    const xmpp_jid_t *room,
                                    xmpp_stanza_t *conference,
                                    const xmpp_bookmark_t **ret_now,
                                    xmpp_stanza_t **ret_before);

/* Take one out: its element, owned. NULL if there is none. */
XMPP_API xmpp_stanza_t *xmpp_bookmark_list_take(xmpp_bookmark_list_t *list,
                                                const xmpp_jid_t *room);

/* That of a room, of which the bare address counts; the one behind another, in
 * the order in which they came since all were old (NULL: the first). Borrowed
 * until it changes. */
XMPP_API const xmpp_bookmark_t *
xmpp_bookmark_list_get(const xmpp_bookmark_list_t *list,
                       const xmpp_jid_t *room);
XMPP_API const xmpp_bookmark_t *
xmpp_bookmark_list_next(const xmpp_bookmark_list_t *list,
                        const xmpp_bookmark_t *bookmark);
XMPP_API size_t xmpp_bookmark_list_count(const xmpp_bookmark_list_t *list);

/* All that is there is old now, until it is put again. And take out one that is
 * old: its element, owned, or NULL. This takes the same time however many there
 * are. */
XMPP_API void xmpp_bookmark_list_age(xmpp_bookmark_list_t *list);
XMPP_API xmpp_stanza_t *xmpp_bookmark_list_sweep(xmpp_bookmark_list_t *list);

XMPP_END

#endif /* XMPP_XEP_BOOKMARK_LIST_H */
