/* room.c - a room that we are in: handles, what is known, how it goes on. */

#include <xmpp/xep/room.h>

#include <stddef.h>
#include <stdio.h>

#include <xmpp/ctx.h>
#include <xmpp/dict.h>

struct rooms {
    xmpp_dict_t *all; /* struct entry, by bare address */
    /* The limits: */
    long rooms_most, occupants_most, octets_most, join_seconds, subject_seconds;
};

struct entry {
    xmpp_room_t *room;
};

static struct rooms *rooms_of(const xmpp_conn_t *conn)
{
    return xmpp_conn_get_state(conn, &xmpp_mod_room);
}

/* ---- life -------------------------------------------------------- */

static void wipe_password(char *text)
{
    volatile char *p = text;

    while (p && *p)
        *p++ = '\0';
}

static void free_room(xmpp_room_t *room)
{
    xmpp_ctx_t *ctx = room->ctx;

    xmpp_occupants_free(room->occupants);
    wipe_password(room->password);
    xmpp_free(ctx, room->password);
    xmpp_free(ctx, room->jid);
    xmpp_free(ctx, room->nick);
    xmpp_free(ctx, room->wanted);
    xmpp_free(ctx, room->subject);
    xmpp_free(ctx, room->asked_id);
    xmpp_free(ctx, room);
}

static xmpp_room_t *make_new_room(xmpp_conn_t *conn, const xmpp_jid_t *jid)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    xmpp_room_t *room = xmpp_zalloc(ctx, sizeof(*room));

    if (!room)
        return NULL;
    room->conn = conn;
    room->ctx = ctx;
    room->jid = xmpp_jid_copy(ctx, jid);
    room->occupants = xmpp_occupants_new(ctx);
    XMPP_INIT(xmpp_room_joined, room->joined);
    if (room->jid && room->occupants)
        return room;
    free_room(room);
    return NULL;
}

static xmpp_room_t *open_room(struct rooms *rooms, xmpp_conn_t *conn,
                              const xmpp_jid_t *jid)
{
    struct entry *entry;

    xmpp_dict_set_most(rooms->all, (size_t)rooms->rooms_most);
    entry = xmpp_dict_put_jid(rooms->all, jid, XMPP_JID_BARE);
    if (entry && (entry->room || (entry->room = make_new_room(conn, jid))))
        return entry->room;
    xmpp_dict_drop(rooms->all, entry);
    return NULL;
}

xmpp_room_t *xmpp_room_new(xmpp_conn_t *conn, const xmpp_jid_t *jid)
{
    struct rooms *rooms = rooms_of(conn);
    int is_room = jid && jid->local_size && !jid->resource_size;
    int is_possible = rooms && is_room && !xmpp_conn_is_component(conn);
    xmpp_room_t *room = is_possible ? open_room(rooms, conn, jid) : NULL;

    xmpp_room_hold(room);
    if (!rooms)
        xmpp_conn_fail_unused(conn, &xmpp_mod_room);
    else if (!room)
        xmpp_conn_fail(conn, &xmpp_mod_room, XMPP_EINVOP,
                       !is_room       ? "this is not the address of a room"
                       : !is_possible ? "a component enters no rooms"
                                      : "too many rooms, or out of memory");
    return room;
}

void xmpp_room_hold(xmpp_room_t *room)
{
    if (room)
        room->holds++;
}

/* A room that we are in needs no handle. */
void xmpp_room_release(xmpp_room_t *room)
{
    struct rooms *rooms = room ? rooms_of(room->conn) : NULL;

    if (!room || --room->holds > 0 || room->is_ghost ||
        xmpp_room_is_within(room, XMPP_ROOM_ASKED, XMPP_ROOM_LEAVING))
        return;
    if (rooms)
        xmpp_dict_drop(rooms->all, xmpp_dict_find_jid(rooms->all, room->jid,
                                                      XMPP_JID_BARE));
    free_room(room);
}

static struct entry *find_room_entry(const struct rooms *rooms,
                                     const xmpp_jid_t *jid)
{
    return rooms && jid ? xmpp_dict_find_jid(rooms->all, jid, XMPP_JID_BARE)
                        : NULL;
}

xmpp_room_t *xmpp_room_find(xmpp_conn_t *conn, const xmpp_jid_t *jid)
{
    const struct entry *entry = find_room_entry(rooms_of(conn), jid);

    return entry ? entry->room : NULL;
}

xmpp_room_t *xmpp_room_next_room(xmpp_conn_t *conn, const xmpp_room_t *room)
{
    const struct rooms *rooms = rooms_of(conn);
    const struct entry *entry = room ? find_room_entry(rooms, room->jid) : NULL;

    if (!rooms || (room && !entry))
        return NULL;
    entry = xmpp_dict_next(rooms->all, entry);
    return entry ? entry->room : NULL;
}

/* ---- what is known ----------------------------------------------- */

xmpp_conn_t *xmpp_room_get_conn(const xmpp_room_t *room)
{
    return room ? room->conn : NULL;
}

const xmpp_jid_t *xmpp_room_get_jid(const xmpp_room_t *room)
{
    return room ? room->jid : NULL;
}

int xmpp_room_get_state(const xmpp_room_t *room)
{
    return room ? room->state : XMPP_ROOM_NEW;
}

int xmpp_room_is_doubtful(const xmpp_room_t *room)
{
    return room && room->is_doubtful;
}

const char *xmpp_room_get_nick(const xmpp_room_t *room)
{
    return room ? room->nick : NULL;
}

const char *xmpp_room_get_subject(const xmpp_room_t *room)
{
    return room ? room->subject : NULL;
}

const xmpp_occupant_t *xmpp_room_get_occupant(const xmpp_room_t *room,
                                              const char *nick)
{
    return room ? xmpp_occupants_get(room->occupants, nick) : NULL;
}

const xmpp_occupant_t *xmpp_room_get_occupant_by_id(const xmpp_room_t *room,
                                                    const char *occupant_id)
{
    return room && room->state >= XMPP_ROOM_HISTORY
               ? xmpp_occupants_get_by_id(room->occupants, occupant_id)
               : NULL;
}

const xmpp_occupant_t *xmpp_room_get_self(const xmpp_room_t *room)
{
    return xmpp_room_get_occupant(room, xmpp_room_get_nick(room));
}

const xmpp_occupant_t *xmpp_room_next(const xmpp_room_t *room,
                                      const xmpp_occupant_t *occupant)
{
    return room ? xmpp_occupants_next(room->occupants, occupant) : NULL;
}

size_t xmpp_room_count(const xmpp_room_t *room)
{
    return room ? xmpp_occupants_count(room->occupants) : 0;
}

void xmpp_room_set_archived(xmpp_room_t *room, int is_archived)
{
    if (room)
        room->is_archived = is_archived != 0;
}

/* ---- for modules ------------------------------------------------- */

int xmpp_room_is_within(const xmpp_room_t *room, int first, int last)
{
    return room && room->state >= first && room->state <= last;
}

int xmpp_room_set_text(xmpp_room_t *room, char **place, const char *text)
{
    char *copy = room && place ? xmpp_copy_text(room->ctx, text) : NULL;

    if (!room || !place)
        return XMPP_EINVOP;
    if (text && !copy)
        return XMPP_EMEM;
    if (place == &room->password)
        wipe_password(*place);
    xmpp_free(room->ctx, *place);
    *place = copy;
    return 0;
}

void xmpp_room_end_pending(xmpp_pending_t **place, int status,
                           const xmpp_payload_t *payload, const void *value)
{
    xmpp_pending_t *pending = place ? *place : NULL;

    if (!pending)
        return;
    *place = NULL;
    xmpp_pending_end(pending, status, payload, value);
}

void xmpp_room_note(xmpp_room_t *room)
{
    if (!room)
        return;
    room->heard = xmpp_ctx_now(room->ctx);
    if (room->state == XMPP_ROOM_JOINED)
        room->seen = room->heard;
}

const xmpp_room_joined_t *xmpp_room_describe(xmpp_room_t *room)
{
    if (!room)
        return NULL;
    room->joined.room = *room->jid;
    room->joined.nick = room->nick;
    return &room->joined;
}

void xmpp_room_limit_occupants(xmpp_room_t *room)
{
    const struct rooms *rooms = rooms_of(xmpp_room_get_conn(room));

    if (rooms)
        xmpp_occupants_set_most(room->occupants, (size_t)rooms->occupants_most,
                                (size_t)rooms->octets_most);
}

/* ---- how it goes on ---------------------------------------------- */

/* As it is now: what is called may enter again, with another nick. */
static const char *copy_room_nick(const xmpp_room_t *room, char *buffer)
{
    snprintf(buffer, XMPP_JID_BUFFER_SIZE, "%s", room->nick ? room->nick : "");
    return room->nick ? buffer : NULL;
}

static void emit_joined(xmpp_room_t *room, int what)
{
    char nick[XMPP_JID_BUFFER_SIZE];
    xmpp_room_joined_t joined = *xmpp_room_describe(room);

    joined.nick = copy_room_nick(room, nick);
    xmpp_conn_emit(room->conn, &xmpp_mod_room, what, &joined, NULL);
}

void xmpp_room_set_doubtful(xmpp_room_t *room, int is_doubtful)
{
    if (!xmpp_room_is_within(room, XMPP_ROOM_OCCUPANTS, XMPP_ROOM_JOINED) ||
        room->is_doubtful == is_doubtful)
        return;
    room->is_doubtful = is_doubtful;
    emit_joined(room, is_doubtful ? XMPP_ROOM_EVENT_DOUBTFUL
                                  : XMPP_ROOM_EVENT_CERTAIN);
}

void xmpp_room_end(xmpp_room_t *room, const xmpp_muc_user_t *user, int why)
{
    int was_in =
        xmpp_room_is_within(room, XMPP_ROOM_HISTORY, XMPP_ROOM_LEAVING) ||
        (room && room->was_in);
    char nick[XMPP_JID_BUFFER_SIZE];
    xmpp_room_left_t left;

    if (!room)
        return;
    xmpp_room_hold(room); /* what is called may release the last handle */
    XMPP_INIT(xmpp_room_left, left);
    xmpp_room_left_read(&left, user, why);
    room->why = left.why;
    left.room = *room->jid;
    left.nick = copy_room_nick(room, nick);
    room->state = XMPP_ROOM_LEFT;
    room->is_doubtful = room->was_in = 0;
    xmpp_room_end_pending(&room->wait, XMPP_EDROPPED, NULL, NULL);
    xmpp_room_end_pending(&room->join, XMPP_EDROPPED, NULL, NULL);
    xmpp_room_end_pending(&room->rename, XMPP_EDROPPED, NULL, NULL);
    xmpp_room_end_pending(&room->leave, 0, NULL, NULL);
    if (was_in)
        xmpp_conn_emit(room->conn, &xmpp_mod_room, XMPP_ROOM_EVENT_LEFT, &left,
                       NULL);
    xmpp_room_release(room);
}

void xmpp_room_end_history(xmpp_room_t *room)
{
    if (!xmpp_room_is_within(room, XMPP_ROOM_HISTORY, XMPP_ROOM_HISTORY))
        return;
    room->state = XMPP_ROOM_JOINED;
    room->seen = xmpp_ctx_now(room->ctx);
    xmpp_room_end_pending(&room->wait, XMPP_EDROPPED, NULL, NULL);
    xmpp_room_end_pending(&room->join, 0, &xmpp_room_joined,
                          xmpp_room_describe(room));
    if (room->state == XMPP_ROOM_JOINED)
        emit_joined(room, XMPP_ROOM_EVENT_JOINED);
}

static void wait_for_subject(xmpp_room_t *room);

/* The room has not sent a subject, which it must (section 7.2.15). One that is
 * never silent does not make us wait for ever. */
static void on_no_subject(xmpp_conn_t *conn, const xmpp_result_t *result,
                          void *userdata)
{
    xmpp_room_t *room = userdata;
    const struct rooms *rooms = rooms_of(conn);
    unsigned long now = xmpp_ctx_now(room->ctx);

    if (result->status != XMPP_ETIMEOUT)
        return;
    xmpp_room_hold(room);
    if (now - room->heard < (unsigned long)rooms->subject_seconds * 1000 &&
        now - room->entered < (unsigned long)rooms->join_seconds * 1000)
        wait_for_subject(room);
    else
        xmpp_room_end_history(room);
    xmpp_room_release(room);
}

static void forget_room_wait(void *module_data)
{
    ((xmpp_room_t *)module_data)->wait = NULL;
}

static void wait_for_subject(xmpp_room_t *room)
{
    const struct rooms *rooms = rooms_of(room->conn);

    room->wait = xmpp_pending_new(room->conn,
                                  (unsigned long)rooms->subject_seconds * 1000,
                                  on_no_subject, room);
    xmpp_pending_on_end(room->wait, forget_room_wait, room);
    if (!room->wait)
        xmpp_room_end_history(room);
}

void xmpp_room_begin_history(xmpp_room_t *room)
{
    if (!room)
        return;
    room->state = XMPP_ROOM_HISTORY;
    room->entered = xmpp_ctx_now(room->ctx);
    room->was_in = 0;
    xmpp_room_end_pending(&room->wait, XMPP_EDROPPED, NULL, NULL);
    wait_for_subject(room);
}

/* ---- the module -------------------------------------------------- */

/* Handles outlive the connection; what nobody holds goes with it. */
static void detach_room(xmpp_room_t *room)
{
    room->conn = NULL;
    room->state = XMPP_ROOM_LEFT;
    room->is_ghost = 0;
    if (room->holds == 0)
        free_room(room);
}

static int on_rooms_life(xmpp_conn_t *conn, xmpp_lifecycle_t event, void *state)
{
    struct rooms *rooms = state;
    const struct entry *entry = NULL;

    if (event == XMPP_ATTACHED) {
        rooms->all = xmpp_dict_new(xmpp_conn_get_context(conn),
                                   sizeof(struct entry), 0, NULL);
        return rooms->all ? 0 : XMPP_EMEM;
    }
    if (event == XMPP_DETACHED) {
        while ((entry = xmpp_dict_next(rooms->all, entry)))
            detach_room(entry->room);
        xmpp_dict_free(rooms->all);
    }
    return 0;
}

static const xmpp_row_t rows[] = {
    XMPP_LIMIT("rooms", 1000, 1, 1000000, offsetof(struct rooms, rooms_most)),
    XMPP_LIMIT("occupants", 20000, 1, 10000000,
               offsetof(struct rooms, occupants_most)),
    XMPP_LIMIT("octets", 16777216, 4096, 2147483647L,
               offsetof(struct rooms, octets_most)),
    XMPP_LIMIT("join_seconds", 120, 1, 86400,
               offsetof(struct rooms, join_seconds)),
    XMPP_LIMIT("subject_seconds", 10, 1, 86400,
               offsetof(struct rooms, subject_seconds)),
    XMPP_EVENT(XMPP_ROOM_EVENT_JOINED, "joined", &xmpp_room_joined),
    XMPP_EVENT(XMPP_ROOM_EVENT_LEFT, "left", &xmpp_room_left),
    XMPP_EVENT(XMPP_ROOM_EVENT_DOUBTFUL, "doubtful", &xmpp_room_joined),
    XMPP_EVENT(XMPP_ROOM_EVENT_CERTAIN, "certain", &xmpp_room_joined),
    XMPP_EVENT(XMPP_ROOM_EVENT_OCCUPANT_JOINED, "occupant-joined",
               &xmpp_occupant),
    XMPP_EVENT(XMPP_ROOM_EVENT_OCCUPANT_CHANGED, "occupant-changed",
               &xmpp_occupant),
    XMPP_EVENT(XMPP_ROOM_EVENT_OCCUPANT_RENAMED, "occupant-renamed",
               &xmpp_room_renamed),
    XMPP_EVENT(XMPP_ROOM_EVENT_OCCUPANT_LEFT, "occupant-left",
               &xmpp_room_departure),
    XMPP_LIFECYCLE(on_rooms_life),
    XMPP_SPEC("XEP-0045", "1.35.5", "complete"),
    XMPP_SPEC("XEP-0421", "1.0.1", "complete"),
    XMPP_ROWS_END};

XMPP_MODULE(xmpp_mod_room, "room", sizeof(struct rooms), rows);
