/* room_presence.h - what presence makes of the rooms that we are in (XEP-0045):
 * who is there, and whether we are. xep/room.h has an example. Presence of
 * rooms that we have not asked for is ignored.
 */

#ifndef XMPP_XEP_ROOM_PRESENCE_H
#define XMPP_XEP_ROOM_PRESENCE_H

#include <xmpp/xep/room_session.h>

XMPP_BEGIN

XMPP_API extern const xmpp_module_t xmpp_mod_room_presence;

XMPP_END

#endif /* XMPP_XEP_ROOM_PRESENCE_H */
