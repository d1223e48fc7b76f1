/* bookmarks_edit.h - changing the bookmarks of our account (bookmarks.h).
 */

#ifndef XMPP_XEP_BOOKMARKS_EDIT_H
#define XMPP_XEP_BOOKMARKS_EDIT_H

#include <xmpp/xep/bookmarks.h>

XMPP_BEGIN

/* Add a bookmark, or change that of the same room; what other clients keep with
 * it is kept. Or remove one. The list changes, and the event comes, before the
 * result, or as the server reports it. No value.
 *
 * XMPP_EINVOP if the module is not in use, or if they are not loaded; XMPP_EARG
 * without a room, which has a localpart; XMPP_EMEM; else the codes of
 * xmpp_request(). */
XMPP_API int xmpp_bookmarks_set(xmpp_conn_t *conn,
                                const xmpp_bookmark_t *bookmark,
                                xmpp_result_handler handler, void *userdata);
XMPP_API int xmpp_bookmarks_remove(xmpp_conn_t *conn, const xmpp_jid_t *room,
                                   xmpp_result_handler handler, void *userdata);

/* Take over what is kept in the older way and not yet in the new one, at a
 * server that does both but not by itself (XMPP_BOOKMARKS_IN_NODE): once, when
 * a program goes over to the new one. Older clients go on with what they have.
 * No value. XMPP_EINVOP also anywhere else; else as above. */
XMPP_API int xmpp_bookmarks_convert(xmpp_conn_t *conn,
                                    xmpp_result_handler handler,
                                    void *userdata);

XMPP_END

#endif /* XMPP_XEP_BOOKMARKS_EDIT_H */
