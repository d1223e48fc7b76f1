/* bookmarks_join.h - enters and leaves rooms as the bookmarks of our account
 * say (XEP-0402 section 4), on this client and on others.
 *
 *     xmpp_conn_use(conn, &xmpp_mod_bookmarks_join);
 *
 * Rooms with `autojoin` are entered as soon as the bookmarks are loaded, or
 * when a bookmark gets it. A room is left when its bookmark loses it, or goes;
 * that we entered otherwise, too, for it is the same room. A room that cannot
 * be entered is not tried again before the next session; see room_stay.h.
 *
 * Passwords come out of the bookmark, and so does the nickname. Without one
 * there it is that of xmpp_bookmarks_set_nick(), or else the localpart of our
 * address.
 */

#ifndef XMPP_XEP_BOOKMARKS_JOIN_H
#define XMPP_XEP_BOOKMARKS_JOIN_H

#include <xmpp/xep/bookmarks.h>

XMPP_BEGIN

XMPP_API extern const xmpp_module_t xmpp_mod_bookmarks_join;

/* The nickname in rooms whose bookmark has none, from the next room on; NULL:
 * our localpart. 0; XMPP_EINVOP if the module is not in use; XMPP_EMEM. */
XMPP_API int xmpp_bookmarks_set_nick(xmpp_conn_t *conn, const char *nick);

XMPP_END

#endif /* XMPP_XEP_BOOKMARKS_JOIN_H */
