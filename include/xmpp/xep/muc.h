/* muc.h - what rooms and their occupants send each other (XEP-0045): payloads.
 * xep/room.h is a room that we are in.
 */

#ifndef XMPP_XEP_MUC_H
#define XMPP_XEP_MUC_H

#include <xmpp/payload.h>
#include <xmpp/xep/hats.h>

XMPP_BEGIN

/* What somebody may do while in the room (section 5.1). Who has more privileges
 * has a greater number; 0 stands for an absent value. */
typedef enum {
    XMPP_MUC_NO_ROLE = 1, /* not in the room */
    XMPP_MUC_VISITOR,     /* has no voice, if the room is moderated */
    XMPP_MUC_PARTICIPANT,
    XMPP_MUC_MODERATOR
} xmpp_muc_role_t;

/* What the room remembers of somebody's account (section 5.2). */
typedef enum {
    XMPP_MUC_OUTCAST = 1, /* banned */
    XMPP_MUC_NO_AFFILIATION,
    XMPP_MUC_MEMBER,
    XMPP_MUC_ADMIN,
    XMPP_MUC_OWNER
} xmpp_muc_affiliation_t;

/* Status codes that have an effect in this library (section 15.6.2). */
typedef enum {
    XMPP_MUC_NONANONYMOUS = 100, /* all see each other's addresses */
    XMPP_MUC_CONFIGURED = 104,
    XMPP_MUC_SELF = 110, /* the presence is our own */
    XMPP_MUC_LOGGED = 170,
    XMPP_MUC_NOT_LOGGED = 171,
    XMPP_MUC_NOW_NONANONYMOUS = 172,
    XMPP_MUC_NOW_SEMIANONYMOUS = 173, /* only moderators see addresses */
    XMPP_MUC_NOW_ANONYMOUS = 174,
    XMPP_MUC_CREATED = 201,
    XMPP_MUC_NICK_REWRITTEN = 210,
    XMPP_MUC_BANNED = 301,
    XMPP_MUC_RENAMED = 303,
    XMPP_MUC_KICKED = 307,
    XMPP_MUC_UNAFFILIATED = 321, /* an affiliation is lost */
    XMPP_MUC_MEMBERS_ONLY = 322, /* the room is for members only, now */
    XMPP_MUC_SHUTDOWN = 332,
    XMPP_MUC_TROUBLE = 333 /* removed for technical reasons */
} xmpp_muc_status_t;

/* Whom a presence, a message or a list is about. */
typedef struct _xmpp_muc_item_t {
    size_t size;
    xmpp_jid_t jid;   /* the real address, if we may see it */
    const char *nick; /* in a nick change the new one; or reserved */
    int affiliation;  /* xmpp_muc_affiliation_t */
    int role;         /* xmpp_muc_role_t */
    const char *reason;
    const char *actor; /* nick of who did it, or NULL */
    xmpp_jid_t actor_jid;
} xmpp_muc_item_t;

/* The room is gone (section 10.9). */
typedef struct _xmpp_muc_destroy_t {
    size_t size;
    xmpp_jid_t jid; /* an alternate room, or none */
    const char *password, *reason;
} xmpp_muc_destroy_t;

/* An invitation through the room (section 7.8.2). */
typedef struct _xmpp_muc_invite_t {
    size_t size;
    xmpp_jid_t from, to;
    const char *reason;
    int is_continued;   /* it continues a one-to-one chat (section 7.9) */
    const char *thread; /* of that chat, or NULL */
} xmpp_muc_invite_t;

/* It is declined. */
typedef struct _xmpp_muc_decline_t {
    size_t size;
    xmpp_jid_t from, to;
    const char *reason;
} xmpp_muc_decline_t;

/* <x xmlns='http://jabber.org/protocol/muc#user'/> */
typedef struct _xmpp_muc_user_t {
    size_t size;
    const xmpp_muc_item_t *const *items;
    size_t item_count;
    const long *statuses; /* xmpp_muc_status_t, and others */
    size_t status_count;
    const xmpp_muc_destroy_t *destroy;
    const xmpp_muc_invite_t *const *invites;
    size_t invite_count;
    const xmpp_muc_decline_t *decline;
    const char *password; /* of the room that an invitation is for */
} xmpp_muc_user_t;

/* <x xmlns='http://jabber.org/protocol/muc'/>: how to enter a room. Begin one
 * of your own with XMPP_INIT(xmpp_muc_join, how). Of the history the room sends
 * no more than each of the four members allows that are there; without any, it
 * decides. */
typedef struct _xmpp_muc_join_t {
    size_t size;
    const char *nick;     /* that we want; it does not travel in this element */
    const char *password; /* of the room, or NULL */
    long max_stanzas;     /* or XMPP_NO_NUMBER; 0: no history */
    long max_chars;       /* of the XML */
    long seconds;         /* no older than that */
    xmpp_time_t since;    /* not older; or XMPP_NO_TIME */
} xmpp_muc_join_t;

XMPP_API extern const xmpp_payload_t xmpp_muc_item; /* of any namespace */
XMPP_API extern const xmpp_payload_t xmpp_muc_destroy;
XMPP_API extern const xmpp_payload_t xmpp_muc_invite;
XMPP_API extern const xmpp_payload_t xmpp_muc_decline;
XMPP_API extern const xmpp_payload_t xmpp_muc_user;
XMPP_API extern const xmpp_payload_t xmpp_muc_join;

/* Does it have this status code? 1 or 0, also for NULL. */
XMPP_API int xmpp_muc_user_has(const xmpp_muc_user_t *user, long status);

/* The first item, or NULL. */
XMPP_API const xmpp_muc_item_t *
xmpp_muc_user_get_item(const xmpp_muc_user_t *user);

/* ---- occupants --------------------------------------------------- */

/* An occupant, as the presence in the room has it. */
typedef struct _xmpp_occupant_t {
    size_t size;
    xmpp_jid_t address; /* room@service/nick */
    const char *nick;
    xmpp_jid_t jid;          /* the real address, if we may see it */
    const char *occupant_id; /* stays the same when the nick changes; NULL if
                              * the room has none */
    int role;                /* xmpp_muc_role_t */
    int affiliation;         /* xmpp_muc_affiliation_t */
    int show;                /* xmpp_show_t of xep/presence.h */
    const char *status;      /* a text for people, or NULL */
    const xmpp_hat_t *const *hats;
    size_t hat_count;
    const char *reason; /* of the last change of role or affiliation, */
    const char *actor;  /* and the nick of who changed it; or NULL */
} xmpp_occupant_t;

XMPP_API extern const xmpp_payload_t xmpp_occupant;

/* Read a presence of a room. The struct lives in the tree, and as long. `user`
 * is the presence's xmpp_muc_user, which may be NULL. NULL if it is not from an
 * occupant, or when out of memory. */
XMPP_API const xmpp_occupant_t *xmpp_occupant_read(xmpp_stanza_t *presence,
                                                   const xmpp_muc_user_t *user);

XMPP_END

#endif /* XMPP_XEP_MUC_H */
