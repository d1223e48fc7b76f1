/* bookmarks.h - the rooms that our account remembers, on all of its clients
 * (XEP-0402).
 *
 *     xmpp_conn_use(conn, &xmpp_mod_bookmarks);
 *     xmpp_conn_watch(conn, &xmpp_mod_bookmarks, on_bookmark, NULL);
 *
 * They are read in each new session, and then followed. bookmarks_edit.h
 * changes them, bookmarks_join.h enters and leaves rooms as they say.
 *
 * A server that does not keep private data private keeps them in the older way:
 * as one XML element (XEP-0048 in XEP-0049). There, what another client changes
 * is only seen in the next session, and if two change something at the same
 * time, one change is lost.
 *
 * The limits: "rooms", and "octets" of the XML of each; what is above is left
 * out.
 */

#ifndef XMPP_XEP_BOOKMARKS_H
#define XMPP_XEP_BOOKMARKS_H

#include <xmpp/module.h>
#include <xmpp/result.h>
#include <xmpp/xep/bookmark.h>

XMPP_BEGIN

XMPP_API extern const xmpp_module_t xmpp_mod_bookmarks;

/* Events of this module. The value is an xmpp_bookmark_t. */
enum {
    XMPP_BOOKMARKS_LOADED = 1, /* all are known; no value */
    XMPP_BOOKMARKS_ADDED,
    XMPP_BOOKMARKS_CHANGED, /* with what it was */
    XMPP_BOOKMARKS_REMOVED, /* as it was */
    XMPP_BOOKMARKS_FAILED   /* they could not be read; no value */
};

/* ---- what is known ----------------------------------------------- */

/* Are all known? From LOADED to the end of the session; before and after it
 * what the last session left. */
XMPP_API int xmpp_bookmarks_is_loaded(xmpp_conn_t *conn);

/* Where the server keeps them, as soon as they are loaded. */
typedef enum {
    XMPP_BOOKMARKS_NOWHERE,   /* not known yet, or the server cannot */
    XMPP_BOOKMARKS_IN_NODE,   /* XEP-0402 */
    XMPP_BOOKMARKS_IN_BOTH,   /* and the server shows them to older clients */
    XMPP_BOOKMARKS_IN_STORAGE /* XEP-0048 */
} xmpp_bookmarks_place_t;

XMPP_API int xmpp_bookmarks_get_place(xmpp_conn_t *conn);

/* The bookmark of a room, of which the bare address counts, and the next one:
 * NULL is the first, and the result after the last. Borrowed until it changes.
 */
XMPP_API const xmpp_bookmark_t *xmpp_bookmarks_get(xmpp_conn_t *conn,
                                                   const xmpp_jid_t *room);
XMPP_API const xmpp_bookmark_t *
xmpp_bookmarks_next(xmpp_conn_t *conn, const xmpp_bookmark_t *bookmark);
XMPP_API size_t xmpp_bookmarks_count(xmpp_conn_t *conn);

/* Read them again. 0; 1 if that is being done; XMPP_EINVOP if the module is not
 * in use, or on a component; else the codes of xmpp_request(). */
XMPP_API int xmpp_bookmarks_load(xmpp_conn_t *conn);

/* ---- for modules ------------------------------------------------- */

/* The server has this <conference/> of a room now, or none (NULL): the list
 * changes, and the event comes. */
XMPP_API void xmpp_bookmarks_apply(xmpp_conn_t *conn, const xmpp_jid_t *room,
                                   xmpp_stanza_t *conference);

/* The <storage/> of the older way, as the server has it; borrowed, or NULL. And
 * what it has from now on; copied. */
XMPP_API xmpp_stanza_t *xmpp_bookmarks_get_storage(const xmpp_conn_t *conn);
XMPP_API void xmpp_bookmarks_set_storage(xmpp_conn_t *conn,
                                         xmpp_stanza_t *storage);

XMPP_END

#endif /* XMPP_XEP_BOOKMARKS_H */
