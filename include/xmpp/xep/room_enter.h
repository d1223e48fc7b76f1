/* room_enter.h - enters a room (XEP-0045), changes the nick there, and leaves.
 * xep/room.h has an example.
 */

#ifndef XMPP_XEP_ROOM_ENTER_H
#define XMPP_XEP_ROOM_ENTER_H

#include <xmpp/xep/room.h>

XMPP_BEGIN

/* Enter. The value of the result is a xmpp_room_joined_t; it ends when the
 * subject has arrived. A refusal is XMPP_ESTANZA with one of the conditions of
 * section 7.2.14: "not-authorized" (a password is needed, or wrong),
 * "forbidden" (banned), "registration-required" (members only), "conflict" (the
 * nick), "not-acceptable" (the nick is not the reserved one), "item-not-found"
 * (there is no such room, or it is locked), "not-allowed" (it may not be
 * created), "service-unavailable" (it is full), "jid-malformed"; or that of a
 * server which cannot be reached. The nick and the password are kept for
 * joining again.
 *
 * 0; XMPP_EINVOP without a room, or if we are in it, on the way, or leaving;
 * XMPP_EARG if the nick cannot be one; XMPP_EMEM; a code of xmpp_send_take().
 */
XMPP_API int xmpp_room_join(xmpp_room_t *room, const xmpp_muc_join_t *how,
                            xmpp_result_handler handler, void *userdata);

/* Enter again as before: after the room was left, or is not certain any more.
 * `how` only counts for the history; NULL: what was sent since the last
 * message. Results as above; XMPP_EINVOP if it was never joined. */
XMPP_API int xmpp_room_rejoin(xmpp_room_t *room, const xmpp_muc_join_t *how,
                              xmpp_result_handler handler, void *userdata);

/* Have another nick. It ends when the room has renamed us. Refusals are
 * "conflict" and "not-acceptable". 0; XMPP_EINVOP if we are not in it, or while
 * another change is under way; XMPP_EARG; XMPP_EMEM; a code of
 * xmpp_send_take().
 */
XMPP_API int xmpp_room_set_nick(xmpp_room_t *room, const char *nick,
                                xmpp_result_handler handler, void *userdata);

/* Leave, with a text for people or NULL. A join that is under way ends with
 * XMPP_EDROPPED. 0; XMPP_EINVOP if we are not in it, or leave already;
 * XMPP_EMEM; a code of xmpp_send_take(), and then we have left all the same. */
XMPP_API int xmpp_room_leave(xmpp_room_t *room, const char *status,
                             xmpp_result_handler handler, void *userdata);

/* ---- for modules about rooms ------------------------------------- */

/* Our presence, or with a type what takes it back, to this nick in the room.
 * Owned. NULL when out of memory, or if nobody can have that nick. */
XMPP_API xmpp_stanza_t *xmpp_room_make_presence(const xmpp_room_t *room,
                                                const char *nick,
                                                const char *type);

/* Send it what our presence is now. */
XMPP_API void xmpp_room_send_presence(xmpp_room_t *room);

XMPP_END

#endif /* XMPP_XEP_ROOM_ENTER_H */
