/* muc_invite.c - invitations to rooms: direct ones (XEP-0249), and mediated
 * ones (XEP-0045 section 7.8.2). */

#include <xmpp/xep/muc_invite.h>

#include <string.h>

#include <xmpp/build.h>
#include <xmpp/ctx.h>
#include <xmpp/digest.h>
#include <xmpp/error.h>
#include <xmpp/ns.h>

/* ---- payloads ---------------------------------------------------- */

static const xmpp_field_t invitation_fields[] = {
    XMPP_ATTR_MUST(xmpp_muc_invitation_t, room, JID, "jid"),
    XMPP_ATTR(xmpp_muc_invitation_t, from, JID, "from"),
    XMPP_ATTR(xmpp_muc_invitation_t, is_direct, BOOL, "direct"),
    XMPP_ATTR(xmpp_muc_invitation_t, reason, TEXT, "reason"),
    XMPP_ATTR(xmpp_muc_invitation_t, password, TEXT, "password"),
    XMPP_ATTR(xmpp_muc_invitation_t, is_continuation, BOOL, "continue"),
    XMPP_ATTR(xmpp_muc_invitation_t, thread, TEXT, "thread"),
};
XMPP_PAYLOAD(xmpp_muc_invitation, xmpp_muc_invitation_t, "invitation",
             XMPP_NS_CONFERENCE, invitation_fields);

static const xmpp_field_t uninvited_fields[] = {
    XMPP_ATTR_MUST(xmpp_muc_uninvited_t, room, JID, "room"),
    XMPP_ATTR(xmpp_muc_uninvited_t, jid, JID, "jid"),
    XMPP_ATTR(xmpp_muc_uninvited_t, reason, TEXT, "reason"),
    XMPP_ATTR(xmpp_muc_uninvited_t, condition, TEXT, "condition"),
    XMPP_ATTR(xmpp_muc_uninvited_t, text, TEXT, "text"),
};
XMPP_PAYLOAD(xmpp_muc_uninvited, xmpp_muc_uninvited_t, "uninvited",
             XMPP_NS_MUC_USER, uninvited_fields);

/* A direct one, as it travels: who invites is the sender. */
static const xmpp_field_t direct_fields[] = {
    XMPP_ATTR_MUST(xmpp_muc_invitation_t, room, JID, "jid"),
    XMPP_ATTR(xmpp_muc_invitation_t, is_continuation, BOOL, "continue"),
    XMPP_ATTR(xmpp_muc_invitation_t, password, TEXT, "password"),
    XMPP_ATTR(xmpp_muc_invitation_t, reason, TEXT, "reason"),
    XMPP_ATTR(xmpp_muc_invitation_t, thread, TEXT, "thread"),
};
static XMPP_PAYLOAD(direct, xmpp_muc_invitation_t, "x", XMPP_NS_CONFERENCE,
                    direct_fields);

/* ---- being invited ----------------------------------------------- */

/* Only a room itself may speak for it; its occupants have resources. What we
 * sent ourselves, and what was said in a room, is no invitation. */
static int is_from_room(const xmpp_inbound_t *in)
{
    return in->from && in->from->local_size && !in->from->resource_size;
}

static int may_invite(const xmpp_inbound_t *in)
{
    const char *type = xmpp_stanza_get_type(in->message);

    return in->from && in->via != XMPP_VIA_CARBON_OUT &&
           in->via != XMPP_VIA_ARCHIVE && (!type || strcmp(type, "groupchat"));
}

/* XEP-0249 section 4 */
static void report_invitation(xmpp_conn_t *conn,
                              const xmpp_muc_invitation_t *invitation)
{
    if (xmpp_conn_sender_is(conn, &invitation->room, XMPP_SENDER_ROOM))
        xmpp_conn_log(conn, &xmpp_mod_muc_invite, XMPP_LEVEL_DEBUG,
                      "ignored: an invitation to a room that we are in");
    else
        xmpp_conn_emit(conn, &xmpp_mod_muc_invite, XMPP_MUC_INVITED, invitation,
                       NULL);
}

static int on_mediated(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    const xmpp_muc_user_t *user = in->value;
    const xmpp_muc_invite_t *invite;
    xmpp_muc_invitation_t invitation;

    (void)state;
    if (!user->invite_count || !may_invite(in) || !is_from_room(in))
        return 0;
    invite = user->invites[0];
    XMPP_INIT(xmpp_muc_invitation, invitation);
    invitation.room = *in->from;
    invitation.from = invite->from;
    invitation.reason = invite->reason;
    invitation.password = user->password;
    invitation.is_continuation = invite->is_continued;
    invitation.thread = invite->thread;
    report_invitation(conn, &invitation);
    return 0;
}

/* Rooms put the element of a direct invitation beside a mediated one, for
 * clients of long ago (XEP-0045 section 7.8.2). */
static int is_mediated(const xmpp_inbound_t *in,
                       const xmpp_muc_invitation_t *invitation)
{
    const xmpp_muc_user_t *user =
        xmpp_payload_find(in->message, &xmpp_muc_user);

    return user && user->invite_count && is_from_room(in) &&
           xmpp_jid_equal(in->from, &invitation->room, XMPP_JID_FULL);
}

static int on_direct(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    xmpp_muc_invitation_t invitation =
        *(const xmpp_muc_invitation_t *)in->value;

    (void)state;
    xmpp_jid_cut(&invitation.room, XMPP_JID_BARE, &invitation.room);
    if (!may_invite(in) || !invitation.room.local_size ||
        is_mediated(in, &invitation))
        return 0;
    invitation.from = *in->from;
    invitation.is_direct = 1;
    report_invitation(conn, &invitation);
    return 0;
}

/* ---- what becomes of ours ---------------------------------------- */

static int on_declined(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    const xmpp_muc_user_t *user = in->value;
    xmpp_muc_uninvited_t end;

    (void)state;
    if (!user->decline || !is_from_room(in))
        return 0;
    XMPP_INIT(xmpp_muc_uninvited, end);
    end.room = *in->from;
    end.jid = user->decline->from;
    end.reason = user->decline->reason;
    xmpp_conn_emit(conn, &xmpp_mod_muc_invite, XMPP_MUC_DECLINED, &end, NULL);
    return 0;
}

/* An error contains what we sent. */
static int on_refused(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    const char *type = xmpp_stanza_get_type(in->message);
    const xmpp_muc_user_t *user;
    xmpp_muc_uninvited_t end;

    (void)state;
    if (!type || strcmp(type, "error") || !is_from_room(in))
        return 0;
    user = xmpp_payload_find(in->message, &xmpp_muc_user);
    if (!user || !user->invite_count)
        return 0;
    XMPP_INIT(xmpp_muc_uninvited, end);
    end.room = *in->from;
    end.jid = user->invites[0]->to;
    end.condition = xmpp_stanza_get_error(in->message, NULL, &end.text);
    xmpp_conn_emit(conn, &xmpp_mod_muc_invite, XMPP_MUC_UNINVITED, &end, NULL);
    return 0;
}

static const xmpp_row_t rows[] = {
    XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_ALL, XMPP_NS_MUC_USER, "x",
                 &xmpp_muc_user, on_mediated),
    XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_ALL, XMPP_NS_CONFERENCE, "x", &direct,
                 on_direct),
    XMPP_MESSAGE(XMPP_SENDER_ROOM, XMPP_LIVE, XMPP_NS_MUC_USER, "x",
                 &xmpp_muc_user, on_declined),
    XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_LIVE, NULL, NULL, NULL, on_refused),
    XMPP_FEATURE(XMPP_NS_CONFERENCE),
    XMPP_EVENT(XMPP_MUC_INVITED, "invited", &xmpp_muc_invitation),
    XMPP_EVENT(XMPP_MUC_DECLINED, "declined", &xmpp_muc_uninvited),
    XMPP_EVENT(XMPP_MUC_UNINVITED, "uninvited", &xmpp_muc_uninvited),
    XMPP_SPEC("XEP-0249", "1.2", "complete"),
    XMPP_ROWS_END};

XMPP_MODULE(xmpp_mod_muc_invite, "muc_invite", 0, rows);

/* ---- inviting ---------------------------------------------------- */

/* A message to this address, with an id of its own. */
static xmpp_stanza_t *make_message(xmpp_conn_t *conn, const xmpp_jid_t *to)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    char *id = xmpp_random_id(ctx);
    xmpp_stanza_t *message = id ? xmpp_message_new(ctx, NULL, NULL, id) : NULL;

    xmpp_stanza_set_jid(message, "to", to);
    xmpp_free(ctx, id);
    return message;
}

static xmpp_stanza_t *make_mediated(xmpp_conn_t *conn, const xmpp_jid_t *to,
                                    const xmpp_jid_t *room,
                                    const xmpp_muc_invitation_t *invitation)
{
    xmpp_stanza_t *message = make_message(conn, room);
    xmpp_muc_invite_t invite;

    XMPP_INIT(xmpp_muc_invite, invite);
    invite.to = *to;
    invite.reason = invitation->reason;
    invite.is_continued = invitation->is_continuation;
    invite.thread = invitation->is_continuation ? invitation->thread : NULL;
    xmpp_payload_add(xmpp_stanza_add_tag(message, "x", XMPP_NS_MUC_USER),
                     &xmpp_muc_invite, &invite);
    return message;
}

static xmpp_stanza_t *make_direct(xmpp_conn_t *conn, const xmpp_jid_t *to,
                                  const xmpp_jid_t *room,
                                  const xmpp_muc_invitation_t *invitation)
{
    xmpp_stanza_t *message = make_message(conn, to);
    xmpp_muc_invitation_t sent;

    XMPP_INIT(direct, sent);
    sent.room = *room;
    sent.reason = invitation->reason;
    sent.password = invitation->password;
    sent.is_continuation = invitation->is_continuation;
    sent.thread = invitation->thread;
    xmpp_payload_add(message, &direct, &sent);
    return message;
}

static int refuse_invitation(xmpp_conn_t *conn, const char *what)
{
    return xmpp_conn_fail(conn, &xmpp_mod_muc_invite, XMPP_EARG, "%s", what);
}

int xmpp_muc_send_invitation(xmpp_conn_t *conn, const xmpp_jid_t *to,
                             const xmpp_muc_invitation_t *invitation)
{
    xmpp_jid_t room;

    if (!to || !to->domain_size)
        return refuse_invitation(conn, "an invitation needs somebody to "
                                       "invite");
    xmpp_jid_cut(invitation ? &invitation->room : NULL, XMPP_JID_BARE, &room);
    if (!room.local_size)
        return refuse_invitation(conn, "an invitation needs the address of a "
                                       "room, which has a localpart");
    return xmpp_send_take(conn,
                          invitation->is_direct
                              ? make_direct(conn, to, &room, invitation)
                              : make_mediated(conn, to, &room, invitation));
}

int xmpp_muc_decline_invitation(xmpp_conn_t *conn,
                                const xmpp_muc_invitation_t *invitation,
                                const char *reason)
{
    xmpp_stanza_t *message;
    xmpp_muc_decline_t decline;

    if (!invitation || invitation->is_direct || !invitation->room.local_size)
        return refuse_invitation(conn, "only an invitation through a room is "
                                       "declined: ignore a direct one");
    message = make_message(conn, &invitation->room);
    XMPP_INIT(xmpp_muc_decline, decline);
    decline.to = invitation->from;
    decline.reason = reason;
    xmpp_payload_add(xmpp_stanza_add_tag(message, "x", XMPP_NS_MUC_USER),
                     &xmpp_muc_decline, &decline);
    return xmpp_send_take(conn, message);
}
