/* sync_rooms.h - the messages of rooms once and in order (sync.h), for each
 * room that we are in (room.h).
 *
 *     xmpp_conn_use(conn, &xmpp_mod_sync_rooms);
 *     xmpp_conn_use(conn, &xmpp_mod_room_stay);  (to return to rooms)
 *     xmpp_conn_watch(conn, &xmpp_mod_sync, on_sync, NULL);
 *
 * From XMPP_ROOM_EVENT_JOINED on the messages of a room come as
 * XMPP_SYNC_MESSAGE, with `archive` the room, and messages for it can be sent
 * with xmpp_sync_send(). So use this module before you watch xmpp_mod_room.
 * xmpp_mod_room_message reports the same messages: watch one of the two.
 *
 * If the session ends, or trouble removes us, and we enter the room again, what
 * was missed comes from the archive of the room, from where it was read before.
 * Until then our messages for the room wait. A session that is resumed needs
 * nothing. Each join queries whether the room has an archive: if so, the room
 * sends no history of its own when we return (xmpp_room_set_archived()).
 *
 * If it has none, live messages come in the same way. What was missed is a gap
 * (XMPP_SYNC_GAP), and the history that the room sends comes from
 * room_message.h only.
 *
 * A room may lose us without a word. Then it refuses our messages, which makes
 * us check (room_check.h); they are sent again when we are back in the room.
 *
 * A room is not followed any more once we leave it, somebody removes us, or it
 * is destroyed. Its waiting messages, and what is stored of it, stay for
 * another join. A room to which nothing returns after the end of a session, or
 * that does not let us in again (XMPP_ROOM_STAY_FAILED), is offline until
 * somebody enters it, and what we send to it waits: if nobody will, remove it
 * yourself, xmpp_sync_remove().
 */

#ifndef XMPP_XEP_SYNC_ROOMS_H
#define XMPP_XEP_SYNC_ROOMS_H

#include <xmpp/xep/room_check.h>
#include <xmpp/xep/sync.h>

XMPP_BEGIN

XMPP_API extern const xmpp_module_t xmpp_mod_sync_rooms;

XMPP_END

#endif /* XMPP_XEP_SYNC_ROOMS_H */
