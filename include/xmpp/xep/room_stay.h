/* room_stay.h - returns to rooms that nobody wanted to leave (XEP-0045).
 *
 *     xmpp_conn_use(conn, &xmpp_mod_room_stay);
 *
 * It begins with XMPP_ROOM_EVENT_JOINED and ends as we leave, or are removed by
 * somebody. After the end of a session, a shutdown of the service, trouble
 * between the servers, and where the room has forgotten us (xep/room_check.h)
 * or removed us without a reason it enters the room again, with the history
 * that we missed. A refusal that may pass (a server cannot be reached, the room
 * is full, our own ghost has the nick) is tried again, each time later.
 *
 * The limits: "retry_seconds" until the first new attempt, which double up to
 * five minutes; "attempts", after which it gives up.
 */

#ifndef XMPP_XEP_ROOM_STAY_H
#define XMPP_XEP_ROOM_STAY_H

#include <xmpp/xep/room_check.h>

XMPP_BEGIN

XMPP_API extern const xmpp_module_t xmpp_mod_room_stay;

/* The event; its value is a xmpp_room_left_t. */
typedef enum {
    XMPP_ROOM_STAY_FAILED /* the room does not let us in again; `condition` is
                           * why, or NULL if it does not answer */
} xmpp_room_stay_event_t;

/* Do not return to this room: for one that we are not in at present. 0;
 * XMPP_EINVOP if it would not have been tried. */
XMPP_API int xmpp_room_give_up(xmpp_room_t *room);

XMPP_END

#endif /* XMPP_XEP_ROOM_STAY_H */
