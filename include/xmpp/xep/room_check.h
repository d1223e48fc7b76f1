/* room_check.h - checks that we are still in rooms that are quiet (XEP-0410).
 *
 *     xmpp_conn_use(conn, &xmpp_mod_room_check);
 *
 * A restart of a server, or a broken link between two of them, can remove us
 * from a room without a word. So after some silence a ping goes through the
 * room to ourselves. If the room does not know us any more, that ends it with
 * XMPP_ROOM_LEFT_LOST, and room_stay returns to it. If nobody answers the room
 * is doubtful, and pinged again from time to time. A room that is doubtful
 * because a presence of ours did not reach it is checked at once, and so is one
 * that refuses a message of ours with not-acceptable.
 *
 * The limits: "silence_seconds" before a ping; "again_seconds" before the next
 * one, if nobody answered.
 */

#ifndef XMPP_XEP_ROOM_CHECK_H
#define XMPP_XEP_ROOM_CHECK_H

#include <xmpp/xep/room_message.h>

XMPP_BEGIN

XMPP_API extern const xmpp_module_t xmpp_mod_room_check;

XMPP_END

#endif /* XMPP_XEP_ROOM_CHECK_H */
