/* room_presence.c - what presence makes of the rooms that we are in. */

#include <xmpp/xep/room_presence.h>

#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/ns.h>

static void emit_occupant(xmpp_room_t *room, int what, const void *value,
                          const void *before)
{
    xmpp_conn_emit(room->conn, &xmpp_mod_room, what, value, before);
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

/* To tell the room what we are now. */
static void send_own_presence(xmpp_room_t *room)
{
    xmpp_stanza_t *presence = xmpp_room_make_presence(room, room->nick, NULL);

    room->is_stale = 0;
    if (presence)
        xmpp_send_take(room->conn, presence);
}

/* The occupants are complete. That the room gave an occupant id to us, who sent
 * none, shows that it replaces those that others send (XEP-0421 section 4). */
static void enter_room(xmpp_room_t *room, const xmpp_occupant_t *self,
                       const xmpp_muc_user_t *user)
{
    copy_statuses(room, user);
    if (!self->occupant_id)
        xmpp_occupants_drop_ids(room->occupants);
    xmpp_room_begin_history(room);
    if (room->is_stale)
        send_own_presence(room);
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
        enter_room(room, self, user);
        return;
    }
    end_rename(room);
    emit_occupant(room, XMPP_ROOM_EVENT_OCCUPANT_CHANGED, self, before);
}

/* ---- presence of occupants --------------------------------------- */

static void on_other(xmpp_room_t *room, const xmpp_occupant_t *occupant,
                     const xmpp_occupant_t *before)
{
    if (room->state >= XMPP_ROOM_HISTORY)
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

static void on_occupant(xmpp_room_t *room, xmpp_stanza_t *presence,
                        const xmpp_muc_user_t *user)
{
    const xmpp_occupant_t *occupant = xmpp_occupant_read(presence, user), *kept;
    xmpp_occupant_t *before = NULL, unkept;
    int is_self = xmpp_muc_user_has(user, XMPP_MUC_SELF);

    if (!occupant ||
        !xmpp_room_is_within(room, XMPP_ROOM_ASKED, XMPP_ROOM_JOINED))
        return;
    if (room->state == XMPP_ROOM_ASKED) {
        xmpp_occupants_clear(room->occupants);
        room->state = XMPP_ROOM_OCCUPANTS;
    }
    if (is_self && xmpp_room_set_text(room, &room->nick, occupant->nick))
        return;
    kept = xmpp_room_put_occupant(room, occupant, &before);
    if (room->state >= XMPP_ROOM_HISTORY)
        occupant = kept ? kept : without_claims(room, occupant, &unkept);
    if (is_self)
        on_self(room, occupant, user, before);
    else
        on_other(room, occupant, before);
    xmpp_free(room->ctx, before);
}

/* Somebody moves to another nick (section 7.6). The presence with that nick
 * follows. */
static void rename_occupant(xmpp_room_t *room, const xmpp_occupant_t *now,
                            const char *nick, int is_self)
{
    char address[XMPP_JID_BUFFER_SIZE];
    xmpp_occupant_t *old = xmpp_occupants_take(room->occupants, now->nick);
    xmpp_occupant_t *replaced = NULL, moved = old ? *old : *now;
    xmpp_room_renamed_t renamed;

    XMPP_INIT(xmpp_room_renamed, renamed);
    renamed.room = *room->jid;
    renamed.nick = moved.nick = nick;
    renamed.before = now->nick;
    renamed.is_self = is_self;
    if (xmpp_jid_set_resource(room->jid, nick, XMPP_JID_LENIENT, address,
                              &moved.address, NULL) == 0)
        xmpp_room_put_occupant(room, &moved, &replaced);
    if (is_self && xmpp_room_set_text(room, &room->nick, nick) == 0)
        room->is_renamed = 1;
    if (room->state >= XMPP_ROOM_HISTORY)
        emit_occupant(room, XMPP_ROOM_EVENT_OCCUPANT_RENAMED, &renamed, NULL);
    xmpp_free(room->ctx, replaced);
    xmpp_free(room->ctx, old);
}

static void on_gone(xmpp_room_t *room, const xmpp_occupant_t *occupant)
{
    xmpp_occupant_t *old = xmpp_occupants_take(room->occupants, occupant->nick);

    if (old && xmpp_room_is_within(room, XMPP_ROOM_HISTORY, XMPP_ROOM_JOINED))
        emit_occupant(room, XMPP_ROOM_EVENT_OCCUPANT_LEFT, old, NULL);
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
        rename_occupant(room, occupant, item->nick, is_self);
    else if (is_self)
        xmpp_room_end(room, user,
                      room->state == XMPP_ROOM_LEAVING ? XMPP_ROOM_LEFT_ASKED
                                                       : XMPP_ROOM_LEFT_GONE);
    else
        on_gone(room, occupant);
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

/* ---- all rooms --------------------------------------------------- */

/* The room behind one that is held, held; that one is released. So a loop may
 * call the application. */
static xmpp_room_t *next_held(xmpp_conn_t *conn, xmpp_room_t *room)
{
    xmpp_room_t *next = xmpp_room_next_room(conn, room);

    xmpp_room_hold(next);
    xmpp_room_release(room);
    return next;
}

/* Our server tells the rooms that we are unavailable (RFC 6121 section 4.6.3).
 */
static void renew_room(xmpp_room_t *room, int is_available)
{
    if (!is_available &&
        xmpp_room_is_within(room, XMPP_ROOM_ASKED, XMPP_ROOM_JOINED))
        xmpp_room_end(room, NULL, XMPP_ROOM_LEFT_ASKED);
    else if (xmpp_room_is_within(room, XMPP_ROOM_ASKED, XMPP_ROOM_OCCUPANTS))
        room->is_stale = 1;
    else if (xmpp_room_is_within(room, XMPP_ROOM_HISTORY, XMPP_ROOM_JOINED))
        send_own_presence(room);
}

/* Before a presence of ours leaves that goes to all who are subscribed. */
static void on_own_presence(xmpp_conn_t *conn, xmpp_stanza_t *presence,
                            void *state)
{
    const char *type = xmpp_stanza_get_type(presence);
    xmpp_room_t *room = NULL;

    (void)state;
    if (xmpp_stanza_get_to(presence) || (type && strcmp(type, "unavailable")))
        return;
    while ((room = next_held(conn, room)))
        renew_room(room, !type);
}

/* The room still has what we left while the session was suspended. */
static void resume_room(xmpp_room_t *room)
{
    xmpp_room_set_doubtful(room, 0);
    if (!room->is_ghost)
        return;
    room->is_ghost = 0;
    xmpp_send_take(room->conn,
                   xmpp_room_make_presence(room, room->nick, "unavailable"));
}

static void turn_room(xmpp_room_t *room, xmpp_lifecycle_t turn)
{
    if (turn == XMPP_SESSION_RESUMED)
        resume_room(room);
    if (turn == XMPP_CONNECTION_LOST)
        xmpp_room_set_doubtful(room, 1);
    if (turn != XMPP_SESSION_ENDED)
        return;
    room->is_ghost = 0;
    if (xmpp_room_is_within(room, XMPP_ROOM_ASKED, XMPP_ROOM_LEAVING))
        xmpp_room_end(room, NULL, XMPP_ROOM_LEFT_SESSION);
}

static int on_room_turn(xmpp_conn_t *conn, xmpp_lifecycle_t turn, void *state)
{
    xmpp_room_t *room = NULL;

    (void)state;
    if (turn == XMPP_ATTACHED || turn == XMPP_DETACHED)
        return 0;
    while ((room = next_held(conn, room)))
        turn_room(room, turn);
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

static const xmpp_row_t rows[] = {
    XMPP_NEEDS(&xmpp_mod_room),
    XMPP_PRESENCE(XMPP_SENDER_ANYONE, NULL, NULL, NULL, on_room_presence),
    XMPP_OUT_PRESENCE(on_own_presence),
    XMPP_KNOWS(XMPP_SENDER_ROOM, is_our_room),
    XMPP_FEATURE(XMPP_NS_MUC),
    XMPP_LIFECYCLE(on_room_turn),
    XMPP_SPEC("XEP-0045", "1.35.5", "complete"),
    XMPP_ROWS_END};

XMPP_MODULE(xmpp_mod_room_presence, "room_presence", 0, rows);
