/* room_send.h - sends messages to a room (XEP-0045). xep/room_message.h reports
 * those that come.
 */

#ifndef XMPP_XEP_ROOM_SEND_H
#define XMPP_XEP_ROOM_SEND_H

#include <xmpp/xep/room_presence.h>

XMPP_BEGIN

XMPP_API extern const xmpp_module_t xmpp_mod_room_send;

/* Send a message to all. It is taken; its type, address and, if it has none, id
 * are set, and an origin-id (XEP-0359). It ends when the room has sent it back;
 * the value is the xmpp_stanza_id_t that the room gave it, if it does that.
 * Refusals are "forbidden" (we have no voice), "not-acceptable" (we are not in
 * the room), ...; XMPP_EDROPPED: we left the room first, so it may have been
 * sent or not.
 *
 * 0; XMPP_EINVOP if the module is not in use or we are not in the room;
 * XMPP_EARG if a message with this id waits already; XMPP_EMEM; a code of
 * xmpp_send_take(). */
XMPP_API int xmpp_room_send(xmpp_room_t *room, xmpp_stanza_t *message,
                            xmpp_result_handler handler, void *userdata);

/* The same for a message with a subject and nothing else; NULL or "": none. */
XMPP_API int xmpp_room_set_subject(xmpp_room_t *room, const char *subject,
                                   xmpp_result_handler handler, void *userdata);

/* Send a message, which is taken, to one occupant. Its type becomes "chat". 0;
 * XMPP_EINVOP if we are not in the room; XMPP_EARG if the nick cannot be one;
 * a code of xmpp_send_take(). */
XMPP_API int xmpp_room_send_private(xmpp_room_t *room, const char *nick,
                                    xmpp_stanza_t *message);

/* ---- for modules about rooms ------------------------------------- */

/* A message of ours came back; `stanza_id` is that of the room, or NULL. */
XMPP_API void xmpp_room_end_send(xmpp_room_t *room, xmpp_stanza_t *message,
                                 const char *stanza_id);

XMPP_END

#endif /* XMPP_XEP_ROOM_SEND_H */
