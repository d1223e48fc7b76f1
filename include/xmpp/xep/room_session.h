/* room_session.h - what our own presence and the turns of a session make of the
 * rooms that we are in (XEP-0045). xep/room.h has an example.
 *
 * A resumed session keeps its rooms; the end of a session leaves them. What our
 * presence is (xep/presence.h) goes to all of them; to be unavailable leaves
 * them, too.
 */

#ifndef XMPP_XEP_ROOM_SESSION_H
#define XMPP_XEP_ROOM_SESSION_H

#include <xmpp/xep/room_enter.h>

XMPP_BEGIN

XMPP_API extern const xmpp_module_t xmpp_mod_room_session;

XMPP_END

#endif /* XMPP_XEP_ROOM_SESSION_H */
