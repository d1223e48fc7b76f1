/* room_presence.h - what presence makes of the rooms that we are in (XEP-0045):
 * who is there, and whether we are. xep/room.h has an example.
 *
 * A resumed session keeps its rooms; the end of a session leaves them. What our
 * presence is (xep/presence.h) goes to all of them; to be unavailable leaves
 * them, too. Presence of rooms that we have not asked for is ignored.
 */

#ifndef XMPP_XEP_ROOM_PRESENCE_H
#define XMPP_XEP_ROOM_PRESENCE_H

#include <xmpp/xep/room_enter.h>

XMPP_BEGIN

XMPP_API extern const xmpp_module_t xmpp_mod_room_presence;

XMPP_END

#endif /* XMPP_XEP_ROOM_PRESENCE_H */
