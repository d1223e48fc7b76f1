/* room_message.h - messages of rooms (XEP-0045): to all, in private, and the
 * subject. xep/room_send.h sends them.
 *
 *     xmpp_conn_use(conn, &xmpp_mod_room_message);
 *     xmpp_conn_watch(conn, &xmpp_mod_room_message, on_message, userdata);
 *
 * What a room sends again after we entered it again is reported once, if it has
 * an id. Rows of other modules get all messages as they come.
 */

#ifndef XMPP_XEP_ROOM_MESSAGE_H
#define XMPP_XEP_ROOM_MESSAGE_H

#include <xmpp/xep/room_send.h>

XMPP_BEGIN

XMPP_API extern const xmpp_module_t xmpp_mod_room_message;

/* A message of a room, or of an occupant to us alone. */
typedef struct _xmpp_room_message_t {
    size_t size;
    xmpp_jid_t room;
    const char *nick;        /* who sent it; NULL: the room itself */
    const char *occupant_id; /* if the room vouches for it, or NULL */
    int is_ours;             /* we sent it, or another client of ours did */
    int is_history;
    xmpp_time_t time;      /* when it was sent, if it is history */
    const char *stanza_id; /* that the room gave it (XEP-0359), or NULL */
    const char *body;      /* or NULL */
    const xmpp_occupant_t *occupant; /* NULL: not in the room any more */
    xmpp_stanza_t *message;
} xmpp_room_message_t;

XMPP_API extern const xmpp_payload_t xmpp_room_message;

/* The events. */
typedef enum {
    XMPP_ROOM_MESSAGE,         /* xmpp_room_message_t: to all */
    XMPP_ROOM_PRIVATE_MESSAGE, /* xmpp_room_message_t: between one occupant, who
                                * has the nick, and us; also of our other
                                * clients (xep/carbons.h) */
    XMPP_ROOM_SUBJECT,         /* xmpp_room_subject_t; the one that we find ends
                                * the join */
    XMPP_ROOM_CONFIGURED       /* xmpp_room_change_t */
} xmpp_room_message_event_t;

XMPP_END

#endif /* XMPP_XEP_ROOM_MESSAGE_H */
