/* room_presence.c - what presence makes of the rooms that we are in. */

#include <xmpp/xep/room_presence.h>

#include <stdio.h>
#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/error.h>
#include <xmpp/ns.h>

/* From our own arrival on, and not while we leave. */
static void emit_occupant(xmpp_room_t *room, int what, const void *value,
                          const void *before)
{
    if (xmpp_room_is_within(room, XMPP_ROOM_HISTORY, XMPP_ROOM_JOINED))
        xmpp_conn_emit(room->conn, &xmpp_mod_room, what, value, before);
}

static void emit_left(xmpp_room_t *room, const xmpp_occupant_t *occupant,
                      const xmpp_muc_user_t *user, int why, const char *status)
{
    xmpp_room_departure_t departure;

    XMPP_INIT(xmpp_room_departure, departure);
    xmpp_room_departure_read(&departure, user, why);
    departure.occupant = occupant;
    departure.status = status;
    emit_occupant(room, XMPP_ROOM_EVENT_OCCUPANT_LEFT, &departure, NULL);
}

/* Returns what is kept; NULL if it is not, because of a limit or memory.
 * *ret_before is what it replaces, owned, or else NULL. */
static const xmpp_occupant_t *keep_occupant(xmpp_room_t *room,
                                            const xmpp_occupant_t *occupant,
                                            xmpp_occupant_t **ret_before)
{
    int rc;

    *ret_before = NULL;
    xmpp_room_limit_occupants(room);
    rc = xmpp_occupants_put(room->occupants, occupant, ret_before);
    if (rc == 0)
        return xmpp_occupants_get(room->occupants, occupant->nick);
    xmpp_conn_log(room->conn, &xmpp_mod_room, XMPP_LEVEL_INFO,
                  "an occupant is not kept: %s", xmpp_strerror(rc));
    return NULL;
}

/* ---- nicks ------------------------------------------------------- */

static void emit_renamed(xmpp_room_t *room, const char *before,
                         const char *nick, int is_self)
{
    xmpp_room_renamed_t renamed;

    XMPP_INIT(xmpp_room_renamed, renamed);
    renamed.room = *room->jid;
    renamed.nick = nick;
    renamed.before = before;
    renamed.is_self = is_self;
    emit_occupant(room, XMPP_ROOM_EVENT_OCCUPANT_RENAMED, &renamed, NULL);
}

/* What is known of `old` under its new nick. 0 if that is not kept. */
static int move_occupant(xmpp_room_t *room, const xmpp_occupant_t *old,
                         const char *nick)
{
    char address[XMPP_JID_BUFFER_SIZE];
    xmpp_occupant_t moved = *old, *replaced = NULL;
    int is_kept;

    moved.nick = nick;
    xmpp_jid_set_resource(room->jid, nick, XMPP_JID_LENIENT, address,
                          &moved.address, NULL);
    is_kept = keep_occupant(room, &moved, &replaced) != NULL;
    xmpp_free(room->ctx, replaced);
    return is_kept;
}

/* We move, and so whoever was there leaves for us. */
static void rename_self(xmpp_room_t *room, const char *nick)
{
    char before[XMPP_JID_BUFFER_SIZE];
    xmpp_occupant_t *old, *other;

    if (!room->nick || strcmp(room->nick, nick) == 0)
        return;
    snprintf(before, sizeof(before), "%s", room->nick);
    if (xmpp_room_set_text(room, &room->nick, nick))
        return;
    room->is_renamed = 1;
    old = xmpp_occupants_take(room->occupants, before);
    other = xmpp_occupants_take(room->occupants, nick);
    if (old)
        move_occupant(room, old, nick);
    if (other)
        emit_left(room, other, NULL, XMPP_ROOM_LEFT_GONE, NULL);
    emit_renamed(room, before, nick, 1);
    xmpp_free(room->ctx, other);
    xmpp_free(room->ctx, old);
}

/* ---- our own presence -------------------------------------------- */

static void copy_statuses(xmpp_room_t *room, const xmpp_muc_user_t *user)
{
    xmpp_room_joined_t *joined = &room->joined;

    joined->is_new = xmpp_muc_user_has(user, XMPP_MUC_CREATED);
    joined->is_nonanonymous = xmpp_muc_user_has(user, XMPP_MUC_NONANONYMOUS);
    joined->is_logged = xmpp_muc_user_has(user, XMPP_MUC_LOGGED);
    joined->is_nick_rewritten =
        xmpp_muc_user_has(user, XMPP_MUC_NICK_REWRITTEN);
}

/* The occupants are complete. */
static void enter_room(xmpp_room_t *room, const xmpp_muc_user_t *user)
{
    copy_statuses(room, user);
    xmpp_room_begin_history(room);
    if (room->is_stale)
        xmpp_room_send_presence(room);
}

/* A change of the nick is over with the presence that has the new one. */
static void end_rename(xmpp_room_t *room)
{
    xmpp_room_renamed_t renamed;

    if (!room->rename || (!room->is_renamed && room->wanted &&
                          strcmp(room->wanted, room->nick) != 0))
        return;
    XMPP_INIT(xmpp_room_renamed, renamed);
    renamed.room = *room->jid;
    renamed.nick = room->nick;
    renamed.is_self = 1;
    xmpp_room_end_pending(&room->rename, 0, &xmpp_room_renamed, &renamed);
}

static void on_self(xmpp_room_t *room, const xmpp_occupant_t *self,
                    const xmpp_muc_user_t *user, const xmpp_occupant_t *before)
{
    if (room->state == XMPP_ROOM_OCCUPANTS) {
        enter_room(room, user);
        return;
    }
    end_rename(room);
    emit_occupant(room, XMPP_ROOM_EVENT_OCCUPANT_CHANGED, self, before);
}

/* ---- presence of occupants --------------------------------------- */

static void on_other(xmpp_room_t *room, const xmpp_occupant_t *occupant,
                     const xmpp_occupant_t *before)
{
    emit_occupant(room,
                  before ? XMPP_ROOM_EVENT_OCCUPANT_CHANGED
                         : XMPP_ROOM_EVENT_OCCUPANT_JOINED,
                  occupant, before);
}

/* Of one that is not kept: without an id that the room does not vouch for. */
static const xmpp_occupant_t *without_claims(const xmpp_room_t *room,
                                             const xmpp_occupant_t *occupant,
                                             xmpp_occupant_t *buffer)
{
    const xmpp_occupant_t *self = xmpp_room_get_self(room);

    *buffer = *occupant;
    if (!self || !self->occupant_id)
        buffer->occupant_id = NULL;
    return buffer;
}

/* Our own nick; and that the room gave an occupant id to us, who sent none,
 * shows that it replaces those that others send (XEP-0421 section 4). */
static int note_self(xmpp_room_t *room, const xmpp_occupant_t *self)
{
    xmpp_occupants_keep_ids(room->occupants, self->occupant_id != NULL);
    return xmpp_room_set_text(room, &room->nick, self->nick);
}

static void on_occupant(xmpp_room_t *room, xmpp_stanza_t *presence,
                        const xmpp_muc_user_t *user)
{
    const xmpp_occupant_t *occupant = xmpp_occupant_read(presence, user), *kept;
    const xmpp_occupant_t *before;
    xmpp_occupant_t *replaced = NULL, unkept;
    int is_self = xmpp_muc_user_has(user, XMPP_MUC_SELF);

    if (!occupant ||
        !xmpp_room_is_within(room, XMPP_ROOM_ASKED, XMPP_ROOM_JOINED))
        return;
    if (room->state == XMPP_ROOM_ASKED) {
        xmpp_occupants_clear(room->occupants);
        xmpp_occupants_hide_ids(room->occupants);
        room->has_unkept = 0;
        room->state = XMPP_ROOM_OCCUPANTS;
    }
    if (is_self && room->state >= XMPP_ROOM_HISTORY)
        rename_self(room, occupant->nick);
    if (!xmpp_room_is_within(room, XMPP_ROOM_OCCUPANTS, XMPP_ROOM_JOINED) ||
        (is_self && note_self(room, occupant)))
        return;
    kept = keep_occupant(room, occupant, &replaced);
    room->has_unkept |= !kept;
    before = kept ? replaced : xmpp_room_get_occupant(room, occupant->nick);
    if (room->state >= XMPP_ROOM_HISTORY)
        occupant = kept ? kept : without_claims(room, occupant, &unkept);
    if (is_self)
        on_self(room, occupant, user, before);
    else
        on_other(room, occupant, before);
    xmpp_free(room->ctx, replaced);
}

/* One that is not kept was reported as well. */
static void on_gone(xmpp_room_t *room, const xmpp_occupant_t *last,
                    const xmpp_muc_user_t *user, int why)
{
    xmpp_occupant_t *old = xmpp_occupants_take(room->occupants, last->nick);
    xmpp_occupant_t unkept;

    if (old)
        emit_left(room, old, user, why, last->status);
    else if (room->has_unkept)
        emit_left(room, without_claims(room, last, &unkept), user, why,
                  last->status);
    xmpp_free(room->ctx, old);
}

/* Somebody moves to another nick (section 7.6). The presence with that nick
 * follows. Who is not kept, or moves to where somebody else is, as another
 * client of the same user may be, leaves for us. */
static void rename_other(xmpp_room_t *room, const xmpp_occupant_t *now,
                         const char *nick)
{
    xmpp_occupant_t *old;

    if (!xmpp_room_get_occupant(room, now->nick) ||
        xmpp_room_get_occupant(room, nick)) {
        on_gone(room, now, NULL, XMPP_ROOM_LEFT_GONE);
        return;
    }
    old = xmpp_occupants_take(room->occupants, now->nick);
    if (move_occupant(room, old, nick))
        emit_renamed(room, now->nick, nick, 0);
    else
        emit_left(room, old, NULL, XMPP_ROOM_LEFT_GONE, NULL);
    xmpp_free(room->ctx, old);
}

/* Somebody whose nick cannot be a part of an address cannot be pinged, and
 * could not leave. */
static int is_renamed_to(const xmpp_room_t *room, const xmpp_muc_user_t *user,
                         const char *nick)
{
    char address[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t moved;

    return nick && xmpp_muc_user_has(user, XMPP_MUC_RENAMED) &&
           xmpp_jid_set_resource(room->jid, nick, XMPP_JID_LENIENT, address,
                                 &moved, NULL) == 0;
}

/* Who keeps the nick has not gone either. */
static void on_renamed(xmpp_room_t *room, const xmpp_occupant_t *now,
                       const char *nick, int is_self)
{
    if (is_self)
        rename_self(room, nick);
    else if (strcmp(now->nick, nick) != 0)
        rename_other(room, now, nick);
}

/* Before the first occupant has arrived it answers a leave of ours that came
 * before. What the room itself is, such as its picture, is another matter. */
static void on_unavailable(xmpp_room_t *room, xmpp_stanza_t *presence,
                           const xmpp_muc_user_t *user)
{
    const xmpp_occupant_t *occupant = xmpp_occupant_read(presence, user);
    const xmpp_muc_item_t *item = xmpp_muc_user_get_item(user);
    int is_self;

    if (!occupant ||
        !xmpp_room_is_within(room, XMPP_ROOM_OCCUPANTS, XMPP_ROOM_LEAVING))
        return;
    is_self = xmpp_muc_user_has(user, XMPP_MUC_SELF) ||
              (room->nick && strcmp(occupant->nick, room->nick) == 0);
    if (item && is_renamed_to(room, user, item->nick))
        on_renamed(room, occupant, item->nick, is_self);
    else if (is_self)
        xmpp_room_end(room, user,
                      room->state == XMPP_ROOM_LEAVING ? XMPP_ROOM_LEFT_ASKED
                                                       : XMPP_ROOM_LEFT_GONE);
    else
        on_gone(room, occupant, user, XMPP_ROOM_LEFT_ASKED);
}

/* ---- errors ------------------------------------------------------ */

static void end_refused(xmpp_pending_t **place, xmpp_stanza_t *stanza)
{
    xmpp_pending_t *pending = *place;
    xmpp_result_t result;

    *place = NULL;
    memset(&result, 0, sizeof(result));
    result.status = XMPP_ESTANZA;
    result.stanza = stanza;
    result.condition =
        xmpp_stanza_get_error(stanza, &result.type, &result.text);
    xmpp_pending_end_with(pending, &result);
}

/* An error without an id, or with the one of what we sent, is the answer to
 * that. Any other is about a presence of us that did not arrive. */
static void on_presence_error(xmpp_room_t *room, xmpp_stanza_t *presence)
{
    const char *id = xmpp_stanza_get_id(presence);
    int is_answer = !id || !room->asked_id || !strcmp(id, room->asked_id);

    if (is_answer &&
        xmpp_room_is_within(room, XMPP_ROOM_ASKED, XMPP_ROOM_OCCUPANTS)) {
        room->state = XMPP_ROOM_LEFT;
        xmpp_room_end_pending(&room->wait, XMPP_EDROPPED, NULL, NULL);
        end_refused(&room->join, presence);
        if (room->was_in && room->state == XMPP_ROOM_LEFT)
            xmpp_room_end(room, NULL, XMPP_ROOM_LEFT_REFUSED);
    } else if (room->state == XMPP_ROOM_LEAVING) {
        xmpp_room_end(room, NULL, XMPP_ROOM_LEFT_ASKED);
    } else if (is_answer && room->rename) {
        end_refused(&room->rename, presence);
    } else {
        xmpp_room_set_doubtful(room, 1);
    }
}

/* ---- what comes in ----------------------------------------------- */

/* A server that cannot reach the service may answer for all of it. */
static xmpp_room_t *find_by_service(xmpp_conn_t *conn, const xmpp_inbound_t *in)
{
    const char *id = xmpp_stanza_get_id(in->stanza);
    xmpp_room_t *room = NULL;

    while (id && !in->from->local_size &&
           (room = xmpp_room_next_room(conn, room)))
        if (room->asked_id && strcmp(id, room->asked_id) == 0 &&
            xmpp_jid_equal(in->from, room->jid, XMPP_JID_DOMAIN))
            return room;
    return NULL;
}

static int on_room_presence(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                            void *state)
{
    const char *type = xmpp_stanza_get_type(in->stanza);
    int is_error = type && strcmp(type, "error") == 0;
    xmpp_room_t *room = xmpp_room_find(conn, in->from);
    const xmpp_muc_user_t *user;

    (void)state;
    if (!room && is_error && in->from)
        room = find_by_service(conn, in);
    if (!room || room->state == XMPP_ROOM_NEW || room->state == XMPP_ROOM_LEFT)
        return 0;
    xmpp_room_hold(room);
    if (!is_error)
        xmpp_room_note(room);
    user = xmpp_payload_find(in->stanza, &xmpp_muc_user);
    if (is_error)
        on_presence_error(room, in->stanza);
    else if (!type)
        on_occupant(room, in->stanza, user);
    else if (strcmp(type, "unavailable") == 0)
        on_unavailable(room, in->stanza, user);
    xmpp_room_release(room);
    return 0;
}

/* ---- the module -------------------------------------------------- */

/* Who may send what only rooms may, such as invitations. */
static int is_our_room(xmpp_conn_t *conn, const xmpp_jid_t *jid, void *state)
{
    (void)state;
    return xmpp_room_is_within(xmpp_room_find(conn, jid), XMPP_ROOM_OCCUPANTS,
                               XMPP_ROOM_LEAVING);
}

static int is_our_occupant(xmpp_conn_t *conn, const xmpp_jid_t *jid,
                           void *state)
{
    const xmpp_occupant_t *self = xmpp_room_get_self(xmpp_room_find(conn, jid));

    return self && is_our_room(conn, jid, state) &&
           xmpp_jid_equal(jid, &self->address, XMPP_JID_FULL);
}

static const xmpp_row_t rows[] = {
    XMPP_NEEDS(&xmpp_mod_room_session),
    XMPP_PRESENCE(XMPP_SENDER_ANYONE, NULL, NULL, NULL, on_room_presence),
    XMPP_KNOWS(XMPP_SENDER_ROOM, is_our_room),
    XMPP_KNOWS(XMPP_SENDER_SELF, is_our_occupant),
    XMPP_FEATURE(XMPP_NS_MUC),
    XMPP_SPEC("XEP-0045", "1.35.5", "complete"),
    XMPP_ROWS_END};

XMPP_MODULE(xmpp_mod_room_presence, "room_presence", 0, rows);
