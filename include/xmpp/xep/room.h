/* room.h - a room that we are in (XEP-0045).
 *
 *     xmpp_conn_use(conn, &xmpp_mod_room_message);  (xep/room_message.h)
 *     xmpp_conn_use(conn, &xmpp_mod_room_stay);     (xep/room_stay.h)
 *     xmpp_conn_watch(conn, &xmpp_mod_room, on_room, userdata);
 *
 *     room = xmpp_room_new(conn, jid);
 *     xmpp_room_join(room, &how, on_joined, userdata);
 *
 * room_message brings everything that is needed to join and leave, to know who
 * is there, and to send and get messages. room_stay returns to the rooms in a
 * new session, and checks that we are still in those that are quiet. This
 * module alone has the handles, what is known of each room, and the events.
 *
 * The limits: "rooms", of which something is known; "occupants" that are kept
 * of each; "octets" of their texts, in each; "join_seconds" that a join may
 * take; "subject_seconds" that a subject is waited for while the room is
 * silent.
 */

#ifndef XMPP_XEP_ROOM_H
#define XMPP_XEP_ROOM_H

#include <xmpp/module.h>
#include <xmpp/result.h>
#include <xmpp/xep/occupants.h>
#include <xmpp/xep/room_event.h>

XMPP_BEGIN

XMPP_API extern const xmpp_module_t xmpp_mod_room;

/* A room. Handles of one room are the same pointer, and counted. */
typedef struct _xmpp_room_t xmpp_room_t;

/* How far we are in. The order of what a room sends is fixed (section 7.1). */
typedef enum {
    XMPP_ROOM_NEW,       /* not joined yet */
    XMPP_ROOM_ASKED,     /* the join was sent */
    XMPP_ROOM_OCCUPANTS, /* their presence arrives; our own is the last */
    XMPP_ROOM_HISTORY,   /* we are in; messages of the past arrive */
    XMPP_ROOM_JOINED,    /* the subject has arrived: all is live from here */
    XMPP_ROOM_LEAVING,   /* we asked to leave */
    XMPP_ROOM_LEFT       /* not in it any more; what is known stays as it was */
} xmpp_room_state_t;

/* The events. Those of occupants begin with our own arrival: who was there
 * before is not reported one by one, see xmpp_room_next(). */
typedef enum {
    XMPP_ROOM_EVENT_JOINED,           /* xmpp_room_joined_t */
    XMPP_ROOM_EVENT_LEFT,             /* xmpp_room_left_t: we were in it */
    XMPP_ROOM_EVENT_DOUBTFUL,         /* xmpp_room_joined_t: the connection is
                                       * lost, or the room does not answer: what
                                       * is known may be out of date */
    XMPP_ROOM_EVENT_CERTAIN,          /* xmpp_room_joined_t: not any more */
    XMPP_ROOM_EVENT_OCCUPANT_JOINED,  /* xmpp_occupant_t */
    XMPP_ROOM_EVENT_OCCUPANT_CHANGED, /* xmpp_occupant_t, also of ourselves */
    XMPP_ROOM_EVENT_OCCUPANT_RENAMED, /* xmpp_room_renamed_t, likewise */
    XMPP_ROOM_EVENT_OCCUPANT_LEFT     /* xmpp_room_departure_t */
} xmpp_room_event_t;

/* ---- handles ----------------------------------------------------- */

/* The room with this bare address: the one that is there, or a new one that is
 * not joined. Owned: xmpp_room_release(). A handle may outlive its connection,
 * but not its context. NULL if the module is not in use, on a component, for an
 * address without a localpart or with a resource, at the limit "rooms", or when
 * out of memory: xmpp_ctx_get_last_error() has the reason. */
XMPP_API xmpp_room_t *xmpp_room_new(xmpp_conn_t *conn, const xmpp_jid_t *room);

/* Release a handle. A room that we are in stays joined without one. */
XMPP_API void xmpp_room_release(xmpp_room_t *room);

/* The room, borrowed; NULL if it is not there. The resource is ignored. */
XMPP_API xmpp_room_t *xmpp_room_find(xmpp_conn_t *conn, const xmpp_jid_t *room);

/* The room behind this one; NULL: the first. NULL after the last. */
XMPP_API xmpp_room_t *xmpp_room_next_room(xmpp_conn_t *conn,
                                          const xmpp_room_t *room);

/* ---- what is known ----------------------------------------------- */

XMPP_API xmpp_conn_t *xmpp_room_get_conn(const xmpp_room_t *room); /* or NULL */
XMPP_API const xmpp_jid_t *xmpp_room_get_jid(const xmpp_room_t *room);
XMPP_API int xmpp_room_get_state(const xmpp_room_t *room);
XMPP_API int xmpp_room_is_doubtful(const xmpp_room_t *room);
XMPP_API const char *xmpp_room_get_nick(const xmpp_room_t *room); /* our own */
XMPP_API const char *xmpp_room_get_subject(const xmpp_room_t *room);

/* Occupants, ourselves included; borrowed until this occupant changes or
 * leaves. An id is known only if the room vouches for it (XEP-0421 section 4).
 */
XMPP_API const xmpp_occupant_t *xmpp_room_get_occupant(const xmpp_room_t *room,
                                                       const char *nick);
XMPP_API const xmpp_occupant_t *
xmpp_room_get_occupant_by_id(const xmpp_room_t *room, const char *occupant_id);
XMPP_API const xmpp_occupant_t *xmpp_room_get_self(const xmpp_room_t *room);
XMPP_API const xmpp_occupant_t *xmpp_room_next(const xmpp_room_t *room,
                                               const xmpp_occupant_t *occupant);
XMPP_API size_t xmpp_room_count(const xmpp_room_t *room);

/* The history of this room is read from its archive (XEP-0313): from now on it
 * is joined without history. */
XMPP_API void xmpp_room_set_archived(xmpp_room_t *room, int is_archived);

/* ---- for modules about rooms ------------------------------------- */

/* A room; this file, room_enter.c and xmpp_mod_room_presence change it. It is
 * in the table of its connection, where there is one of each address, as long
 * as somebody holds it, we are in it, or it has to hear that we left; then
 * `conn` is set. Each operation that is not NULL is open. Members may be added
 * at the end. */
struct _xmpp_room_t {
    xmpp_conn_t *conn;
    xmpp_ctx_t *ctx;
    xmpp_jid_t *jid;
    int holds;
    int state;       /* xmpp_room_state_t */
    int is_doubtful; /* what is known may be out of date */
    int is_archived; /* history is read from the archive */
    int is_ghost;    /* we left while the session was suspended: the room does
                      * not know */
    int is_stale;    /* our presence has changed since the join was sent */
    int is_renamed;  /* `rename` waits for our new presence only */
    char *nick;      /* ours, or the one we enter with */
    char *wanted;    /* the one that `rename` is for */
    char *password, *subject;
    char *asked_id; /* of the presence that `join` or `rename` sent */
    int is_pinged;  /* room_check expects an answer, */
    int is_silent;  /* or got none when it last `checked` */
    unsigned long checked;
    unsigned long heard;       /* when it sent something, by xmpp_ctx_now(); */
    unsigned long seen;        /* and until when we have its messages */
    xmpp_room_joined_t joined; /* but for `room` and `nick` */
    xmpp_occupants_t *occupants;
    xmpp_pending_t *join, *rename, *leave;
    xmpp_pending_t *wait;  /* how long the room may take, ASKED to HISTORY */
    unsigned long entered; /* when its history began, by xmpp_ctx_now() */
    int why;               /* xmpp_room_why_t: we are not in it any more */
    int was_in; /* we enter again without having left: LEFT is still to come */
    int has_unkept; /* there may be occupants beyond a limit */
};

/* Hold it while the application is called: as a handle. */
XMPP_API void xmpp_room_hold(xmpp_room_t *room);

/* Is its state one of these, or between them? NULL has none. */
XMPP_API int xmpp_room_is_within(const xmpp_room_t *room, int first, int last);

/* Replace one of its texts. 0 or XMPP_EMEM, and then it stays. A password is
 * wiped. */
XMPP_API int xmpp_room_set_text(xmpp_room_t *room, char **place,
                                const char *text);

/* End the operation in this place, if there is one. */
XMPP_API void xmpp_room_end_pending(xmpp_pending_t **place, int status,
                                    const xmpp_payload_t *payload,
                                    const void *value);

/* It sent something. Once it is joined we have all that came before. */
XMPP_API void xmpp_room_note(xmpp_room_t *room);

/* What is reported of it: room->joined with room and nick. */
XMPP_API const xmpp_room_joined_t *xmpp_room_describe(xmpp_room_t *room);

/* Set the limits of the connection for its occupants. */
XMPP_API void xmpp_room_limit_occupants(xmpp_room_t *room);

/* The room does, or does not, answer. */
XMPP_API void xmpp_room_set_doubtful(xmpp_room_t *room, int is_doubtful);

/* The occupants are complete; all is live from here. Without a subject this
 * ends by itself. */
XMPP_API void xmpp_room_begin_history(xmpp_room_t *room);
XMPP_API void xmpp_room_end_history(xmpp_room_t *room);

/* We are not in it any more, and what was under way is over. The reason is in
 * `user`, if there is one, or else `why` (xmpp_room_why_t). */
XMPP_API void xmpp_room_end(xmpp_room_t *room, const xmpp_muc_user_t *user,
                            int why);

XMPP_END

#endif /* XMPP_XEP_ROOM_H */
