/* bookmark.h - what is remembered of a room (XEP-0402), and how it was written
 * before (XEP-0048). bookmarks.h has those of our account.
 */

#ifndef XMPP_XEP_BOOKMARK_H
#define XMPP_XEP_BOOKMARK_H

#include <xmpp/result.h>

XMPP_BEGIN

typedef struct _xmpp_bookmark_t {
    size_t size;
    xmpp_jid_t room;
    const char *name;       /* that the user gave it, or NULL */
    int autojoin;           /* clients join it when they log in */
    const char *nick;       /* that we want there, or NULL */
    const char *password;   /* of the room, or NULL; it is not kept securely */
    xmpp_stanza_t *element; /* of one that was read: the <conference/>, in which
                             * clients keep <extensions/>; NULL in a copy */
} xmpp_bookmark_t;

/* In XEP-0402 the address stands beside the element, as the id of an item. */
XMPP_API extern const xmpp_payload_t xmpp_bookmark;

/* ---- for modules ------------------------------------------------- */

/* Read a <conference/> of either specification. It lives in the tree. NULL if
 * it is none, or when out of memory. */
XMPP_API const xmpp_bookmark_t *xmpp_bookmark_read(xmpp_stanza_t *conference);

/* Make one, in XMPP_NS_BOOKMARKS without the address, or in
 * XMPP_NS_BOOKMARKS_STORAGE with it. What `before` (or NULL) has in it beside
 * nickname and password is kept. Owned. NULL when out of memory. */
XMPP_API xmpp_stanza_t *xmpp_bookmark_make(xmpp_conn_t *conn, const char *ns,
                                           const xmpp_bookmark_t *bookmark,
                                           xmpp_stanza_t *before);

/* The <storage/> of XEP-0048, which has all bookmarks, with this one in place
 * of that of the same address, or without it (`bookmark` has only `room`, and
 * `is_removed` is not 0). What else is in there is kept. `before` NULL: there
 * was nothing. Owned. NULL when out of memory. */
XMPP_API xmpp_stanza_t *
xmpp_bookmark_edit_storage(xmpp_conn_t *conn, xmpp_stanza_t *before,
                           const xmpp_bookmark_t *bookmark, int is_removed);

/* An iq for private XML: to get the <storage/> (NULL), or to set this one,
 * which is copied. Owned. NULL when out of memory. And the <storage/> of an
 * answer, borrowed, or NULL. */
XMPP_API xmpp_stanza_t *xmpp_bookmark_make_query(xmpp_conn_t *conn,
                                                 xmpp_stanza_t *storage);
XMPP_API xmpp_stanza_t *xmpp_bookmark_find_storage(xmpp_stanza_t *answer);

XMPP_END

#endif /* XMPP_XEP_BOOKMARK_H */
