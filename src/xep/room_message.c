/* room_message.c - messages in rooms (XEP-0045). */

#include <xmpp/xep/room_message.h>

#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/digest.h>
#include <xmpp/ns.h>
#include <xmpp/xep/forward.h>

#define SEEN_SLOTS 256

/* `seen` has hashes of the last messages, a ring. */
struct messages {
    uint64_t seed, seen[SEEN_SLOTS];
    size_t seen_count;
};

static const xmpp_field_t message_fields[] = {
    XMPP_ATTR_MUST(xmpp_room_message_t, room, JID, "room"),
    XMPP_ATTR(xmpp_room_message_t, nick, TEXT, "nick"),
    XMPP_ATTR(xmpp_room_message_t, occupant_id, TEXT, "occupant-id"),
    XMPP_ATTR(xmpp_room_message_t, is_ours, BOOL, "ours"),
    XMPP_ATTR(xmpp_room_message_t, is_history, BOOL, "history"),
    XMPP_ATTR(xmpp_room_message_t, time, TIME, "time"),
    XMPP_ATTR(xmpp_room_message_t, stanza_id, TEXT, "stanza-id"),
    XMPP_CHILD_NS(xmpp_room_message_t, body, TEXT, "body", XMPP_NS_CLIENT),
    XMPP_ELEMENT(xmpp_room_message_t, occupant, &xmpp_occupant),
    XMPP_SELF(xmpp_room_message_t, message),
};
XMPP_PAYLOAD(xmpp_room_message, xmpp_room_message_t, "message",
             XMPP_NS_MUC_USER, message_fields);

/* ---- what was seen ----------------------------------------------- */

static uint64_t mix_text(uint64_t hash, const char *text, size_t n)
{
    size_t i;

    for (i = 0; i < n; i++)
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(1099511628211);
    return (hash ^ n) * UINT64_C(1099511628211);
}

/* 0: it has no id. */
static uint64_t hash_message(const struct messages *all,
                             const xmpp_room_message_t *m)
{
    const char *id =
        m->stanza_id ? m->stanza_id : xmpp_stanza_get_id(m->message);
    size_t n;
    const char *room = xmpp_jid_view(&m->room, XMPP_JID_BARE, &n);
    uint64_t hash = mix_text(all->seed, room, n);

    if (!id)
        return 0;
    if (!m->stanza_id && m->nick)
        hash = mix_text(hash, m->nick, strlen(m->nick));
    return mix_text(hash, id, strlen(id)) | 1;
}

/* Of the history that was requested to be sure (room_enter.c) some is known. */
static int was_seen(struct messages *all, const xmpp_room_message_t *m)
{
    uint64_t hash = hash_message(all, m);
    size_t i;

    if (!hash)
        return 0;
    for (i = 0; m->is_history && i < SEEN_SLOTS; i++)
        if (all->seen[i] == hash)
            return 1;
    all->seen[all->seen_count++ % SEEN_SLOTS] = hash;
    return 0;
}

/* ---- what comes in ----------------------------------------------- */

static const char *read_nick(const xmpp_jid_t *from, char *buffer)
{
    size_t n;
    const char *view = xmpp_jid_view(from, XMPP_JID_RESOURCE, &n);

    if (!view)
        return NULL;
    memcpy(buffer, view, n);
    buffer[n] = '\0';
    return buffer;
}

/* Only if the room vouches for it: it would have given us one, too. */
static const char *read_occupant_id(const xmpp_room_t *room,
                                    xmpp_stanza_t *message)
{
    const xmpp_occupant_t *self = xmpp_room_get_self(room);

    return self && self->occupant_id
               ? xmpp_stanza_get_attribute(
                     xmpp_stanza_get_child_by_name_and_ns(
                         message, "occupant-id", XMPP_NS_OCCUPANT_ID),
                     "id")
               : NULL;
}

/* Somebody else may have had our nick before. */
static int is_from_ourselves(const xmpp_room_t *room,
                             const xmpp_room_message_t *m)
{
    const xmpp_occupant_t *self = xmpp_room_get_self(room);

    if (!m->nick || !room->nick)
        return 0;
    if (m->occupant_id && self && self->occupant_id)
        return strcmp(m->occupant_id, self->occupant_id) == 0;
    return strcmp(m->nick, room->nick) == 0;
}

/* `nick` is a buffer. */
static void describe_message(xmpp_room_t *room, xmpp_stanza_t *message,
                             const xmpp_jid_t *address, char *nick,
                             xmpp_room_message_t *m)
{
    XMPP_INIT(xmpp_room_message, *m);
    m->room = *room->jid;
    m->message = message;
    m->body = xmpp_stanza_get_child_text(message, "body", NULL);
    m->nick = read_nick(address, nick);
    m->occupant_id = read_occupant_id(room, message);
    m->time = xmpp_delay_get(room->conn, message, room->jid);
    m->stanza_id = xmpp_stanza_id_get(room->conn, message, room->jid);
    m->is_history = room->state == XMPP_ROOM_HISTORY || m->time != XMPP_NO_TIME;
    m->is_ours = is_from_ourselves(room, m);
    m->occupant = m->is_history
                      ? xmpp_room_get_occupant_by_id(room, m->occupant_id)
                      : xmpp_room_get_occupant(room, m->nick);
}

static void emit_message(xmpp_room_t *room, int what, const void *value)
{
    xmpp_conn_emit(room->conn, &xmpp_mod_room_message, what, value, NULL);
}

static void on_subject(xmpp_room_t *room, const xmpp_room_message_t *m,
                       const char *text)
{
    xmpp_room_subject_t subject;

    XMPP_INIT(xmpp_room_subject, subject);
    subject.room = *room->jid;
    subject.subject = text;
    subject.nick = m->nick;
    subject.time = m->time;
    if (xmpp_room_set_text(room, &room->subject, text) == 0)
        emit_message(room, XMPP_ROOM_SUBJECT, &subject);
    xmpp_room_end_history(room);
}

/* Only the room itself changes its configuration. */
static int is_configuration(const xmpp_room_message_t *m,
                            xmpp_room_change_t *change)
{
    const xmpp_muc_user_t *user =
        m->nick ? NULL : xmpp_payload_find(m->message, &xmpp_muc_user);

    XMPP_INIT(xmpp_room_change, *change);
    if (!user || !user->status_count)
        return 0;
    change->room = m->room;
    change->statuses = user->statuses;
    change->status_count = user->status_count;
    return 1;
}

/* A room that does not mark our own presence (it must since 2008) has sent the
 * last one before its first message. A message that was not delayed ends the
 * history. */
static void advance_room(xmpp_room_t *room, xmpp_stanza_t *message,
                         int is_subject)
{
    const xmpp_occupant_t *self = xmpp_room_get_self(room);

    xmpp_room_note(room);
    if (room->state == XMPP_ROOM_OCCUPANTS && self) {
        xmpp_occupants_keep_ids(
            room->occupants,
            xmpp_occupants_has_id(room->occupants, self->nick));
        xmpp_room_begin_history(room);
    }
    if (!is_subject &&
        !xmpp_stanza_get_child_by_name_and_ns(message, "delay", XMPP_NS_DELAY))
        xmpp_room_end_history(room);
}

/* Only a subject without a body is a change of the subject (section 7.2.15). */
static void on_groupchat(xmpp_room_t *room, struct messages *all,
                         const xmpp_inbound_t *in)
{
    char nick[XMPP_JID_BUFFER_SIZE];
    xmpp_room_message_t m;
    xmpp_room_change_t change;
    const char *subject =
        xmpp_stanza_get_child_text(in->stanza, "subject", NULL);

    if (xmpp_stanza_get_child_text(in->stanza, "body", NULL))
        subject = NULL;
    advance_room(room, in->stanza, subject != NULL);
    if (room->state < XMPP_ROOM_HISTORY)
        return; /* we are not in, yet */
    describe_message(room, in->stanza, in->from, nick, &m);
    if (m.is_ours)
        xmpp_room_end_send(room, in->stanza, m.stanza_id);
    if (subject)
        on_subject(room, &m, subject);
    else if (is_configuration(&m, &change))
        emit_message(room, XMPP_ROOM_CONFIGURED, &change);
    else if (!was_seen(all, &m))
        emit_message(room, XMPP_ROOM_MESSAGE, &m);
}

/* Between an occupant and us; the room itself sends other things, too. */
static void on_private(xmpp_room_t *room, const xmpp_inbound_t *in,
                       const xmpp_jid_t *peer)
{
    char nick[XMPP_JID_BUFFER_SIZE];
    xmpp_room_message_t m;

    if (!peer->resource_size)
        return;
    describe_message(room, in->message, peer, nick, &m);
    m.is_history = m.time != XMPP_NO_TIME;
    m.is_ours = in->via == XMPP_VIA_CARBON_OUT;
    emit_message(room, XMPP_ROOM_PRIVATE_MESSAGE, &m);
}

static int on_room_message(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                           void *state)
{
    const char *type = xmpp_stanza_get_type(in->message);
    const xmpp_jid_t *peer = in->via == XMPP_VIA_CARBON_OUT ? in->to : in->from;
    xmpp_room_t *room = xmpp_room_find(conn, peer);
    int is_stream = in->via == XMPP_VIA_STREAM;

    if (in->via == XMPP_VIA_ARCHIVE || (type && strcmp(type, "error") == 0) ||
        !xmpp_room_is_within(room, XMPP_ROOM_OCCUPANTS, XMPP_ROOM_JOINED))
        return 0;
    xmpp_room_hold(room);
    if (!type || strcmp(type, "groupchat") != 0)
        on_private(room, in, peer);
    else if (is_stream)
        on_groupchat(room, state, in);
    xmpp_room_release(room);
    return 0;
}

/* ---- the module -------------------------------------------------- */

static int on_messages_turn(xmpp_conn_t *conn, xmpp_lifecycle_t turn,
                            void *state)
{
    struct messages *all = state;

    (void)conn;
    return turn == XMPP_ATTACHED ? xmpp_random(&all->seed, sizeof(all->seed))
                                 : 0;
}

static const xmpp_row_t rows[] = {
    XMPP_NEEDS(&xmpp_mod_room_send),
    XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_ALL, NULL, NULL, NULL,
                 on_room_message),
    XMPP_EVENT(XMPP_ROOM_MESSAGE, "message", &xmpp_room_message),
    XMPP_EVENT(XMPP_ROOM_PRIVATE_MESSAGE, "private", &xmpp_room_message),
    XMPP_EVENT(XMPP_ROOM_SUBJECT, "subject", &xmpp_room_subject),
    XMPP_EVENT(XMPP_ROOM_CONFIGURED, "configured", &xmpp_room_change),
    XMPP_LIFECYCLE(on_messages_turn),
    XMPP_SPEC("XEP-0045", "1.35.5", "complete"),
    XMPP_ROWS_END};

XMPP_MODULE(xmpp_mod_room_message, "room_message", sizeof(struct messages),
            rows);
