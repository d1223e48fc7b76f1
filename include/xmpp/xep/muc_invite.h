/* muc_invite.h - invitations to rooms: direct ones (XEP-0249), which anybody
 * can send to anybody, and mediated ones (XEP-0045 section 7.8.2), which an
 * occupant sends through the room.
 *
 *     xmpp_conn_use(conn, &xmpp_mod_muc_invite);
 *     xmpp_conn_watch(conn, &xmpp_mod_muc_invite, on_invitation, NULL);
 *
 * A room for members only has to be asked: use a mediated invitation there, or
 * make the contact a member first. In all other cases a direct one is better,
 * because it also reaches who accepts messages from contacts only.
 *
 * An invitation to a room that we are in is ignored. Several may come to the
 * same room: show one of them.
 */

#ifndef XMPP_XEP_MUC_INVITE_H
#define XMPP_XEP_MUC_INVITE_H

#include <xmpp/module.h>
#include <xmpp/xep/muc.h>

XMPP_BEGIN

XMPP_API extern const xmpp_module_t xmpp_mod_muc_invite;

typedef struct _xmpp_muc_invitation_t {
    size_t size;
    xmpp_jid_t room;
    xmpp_jid_t from; /* who invites; of a mediated one this is only what the
                      * room says, and may be the address of an occupant */
    int is_direct;
    const char *reason;   /* for people, or NULL */
    const char *password; /* of the room, or NULL */
    int is_continuation;  /* the room continues a chat of two */
    const char *thread;   /* of that chat, or NULL */
} xmpp_muc_invitation_t;

/* What became of a mediated invitation of ours. */
typedef struct _xmpp_muc_uninvited_t {
    size_t size;
    xmpp_jid_t room;
    xmpp_jid_t jid;               /* who is invited, as the room says */
    const char *reason;           /* of a decline, or NULL */
    const char *condition, *text; /* of a refusal; the text may be NULL */
} xmpp_muc_uninvited_t;

/* Name the members. They are not elements of the protocol. */
XMPP_API extern const xmpp_payload_t xmpp_muc_invitation;
XMPP_API extern const xmpp_payload_t xmpp_muc_uninvited;

/* Events of this module. */
enum {
    XMPP_MUC_INVITED = 1, /* xmpp_muc_invitation_t */
    XMPP_MUC_DECLINED,    /* xmpp_muc_uninvited_t: by whom we invited. Only of
                           * rooms that we are in */
    XMPP_MUC_UNINVITED /* xmpp_muc_uninvited_t: the room refuses to invite, or
                        * there is nobody at that address */
};

/* Invite somebody to `invitation->room`: directly, or through the room, in
 * which we have to be then. `from` does not count, nor does the password of a
 * mediated one, which the room adds.
 *
 * 0; XMPP_EARG without an address, or without one of a room, which has a
 * localpart; else the codes of xmpp_send_take(). */
XMPP_API int xmpp_muc_send_invitation(xmpp_conn_t *conn, const xmpp_jid_t *to,
                                      const xmpp_muc_invitation_t *invitation);

/* Decline a mediated invitation; `reason` may be NULL. A direct one is not
 * answered (XEP-0249 section 2): XMPP_EARG. Else as above. */
XMPP_API int
xmpp_muc_decline_invitation(xmpp_conn_t *conn,
                            const xmpp_muc_invitation_t *invitation,
                            const char *reason);

XMPP_END

#endif /* XMPP_XEP_MUC_INVITE_H */
