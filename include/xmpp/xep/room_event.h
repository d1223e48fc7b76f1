/* room_event.h - what happens in a room (XEP-0045): values of results and
 * events of xep/room.h and xep/room_message.h.
 */

#ifndef XMPP_XEP_ROOM_EVENT_H
#define XMPP_XEP_ROOM_EVENT_H

#include <xmpp/xep/muc.h>

XMPP_BEGIN

/* We are in, or in again: the value of a join, and of its event. */
typedef struct _xmpp_room_joined_t {
    size_t size;
    xmpp_jid_t room;
    const char *nick;
    int is_new;            /* we created the room; until it is configured, it is
                            * locked (xep/muc_owner.h) */
    int is_nonanonymous;   /* all see our address */
    int is_logged;         /* in public */
    int is_nick_rewritten; /* by the room */
    int is_again;          /* we were in it before, and did not leave */
} xmpp_room_joined_t;

/* Why we, or an occupant, are not in it any more. */
typedef enum {
    XMPP_ROOM_LEFT_ASKED = 1,    /* left, and was not removed */
    XMPP_ROOM_LEFT_KICKED,       /* 307 */
    XMPP_ROOM_LEFT_BANNED,       /* 301 */
    XMPP_ROOM_LEFT_UNAFFILIATED, /* 321 */
    XMPP_ROOM_LEFT_MEMBERS_ONLY, /* 322 */
    XMPP_ROOM_LEFT_SHUTDOWN,     /* 332 */
    XMPP_ROOM_LEFT_TROUBLE,      /* 333: the room could not reach the client */
    XMPP_ROOM_LEFT_DESTROYED,    /* with an alternate room, perhaps */
    XMPP_ROOM_LEFT_GONE,         /* we did not ask, and the room has no reason;
                                  * some do this as we log out. Of an occupant:
                                  * the nick is now that of another client */
    XMPP_ROOM_LEFT_REFUSED,      /* a join failed; the result has details */
    XMPP_ROOM_LEFT_SESSION,      /* the session is over */
    XMPP_ROOM_LEFT_LOST          /* the room has forgotten us (XEP-0410) */
} xmpp_room_why_t;

typedef struct _xmpp_room_left_t {
    size_t size;
    xmpp_jid_t room;
    const char *nick; /* we had */
    int why;          /* xmpp_room_why_t */
    const char *reason;
    const char *actor;     /* nick of who did it, or NULL */
    xmpp_jid_t alternate;  /* where to go instead, or none */
    const char *password;  /* of that room, or NULL */
    const char *condition; /* of a refusal, such as "conflict", or NULL */
} xmpp_room_left_t;

/* An occupant is not there any more (sections 7.14, 8.2, 9.1, and 9.3). */
typedef struct _xmpp_room_departure_t {
    size_t size;
    const xmpp_occupant_t *occupant; /* as it was */
    int why;                         /* xmpp_room_why_t */
    const char *reason;
    const char *actor;    /* nick of who did it, or NULL */
    xmpp_jid_t actor_jid; /* the real address, if we may see it */
    const char *status;   /* the last words of who left, or NULL */
} xmpp_room_departure_t;

/* Somebody has another nick. */
typedef struct _xmpp_room_renamed_t {
    size_t size;
    xmpp_jid_t room;
    const char *nick; /* now */
    const char *before;
    int is_self;
} xmpp_room_renamed_t;

typedef struct _xmpp_room_subject_t {
    size_t size;
    xmpp_jid_t room;
    const char *subject; /* "": none */
    const char *nick;    /* who set it, or NULL */
    xmpp_time_t time;    /* when, if it is known */
} xmpp_room_subject_t;

/* The configuration has changed (section 10.2.1). */
typedef struct _xmpp_room_change_t {
    size_t size;
    xmpp_jid_t room;
    const long *statuses; /* xmpp_muc_status_t: 104, 170 to 174, ... */
    size_t status_count;
} xmpp_room_change_t;

XMPP_API extern const xmpp_payload_t xmpp_room_joined;
XMPP_API extern const xmpp_payload_t xmpp_room_left;
XMPP_API extern const xmpp_payload_t xmpp_room_departure;
XMPP_API extern const xmpp_payload_t xmpp_room_renamed;
XMPP_API extern const xmpp_payload_t xmpp_room_subject;
XMPP_API extern const xmpp_payload_t xmpp_room_change;

/* ---- for modules about rooms ------------------------------------- */

/* Fill in why a presence says that we, or an occupant, are not in the room any
 * more, and give `why` otherwise. Borrowed from `user`, which may be NULL. */
XMPP_API void xmpp_room_left_read(xmpp_room_left_t *left,
                                  const xmpp_muc_user_t *user, int why);
XMPP_API void xmpp_room_departure_read(xmpp_room_departure_t *departure,
                                       const xmpp_muc_user_t *user, int why);

XMPP_END

#endif /* XMPP_XEP_ROOM_EVENT_H */
