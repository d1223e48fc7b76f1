/* room_enter.c - enters a room, changes the nick there, and leaves. */

#include <xmpp/xep/room_enter.h>

#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/digest.h>
#include <xmpp/ns.h>
#include <xmpp/option.h>

/* How much earlier than we heard of the room last its history begins: by what
 * stanzas take on their way, and the room's clock does not matter. */
#define OVERLAP_SECONDS 30

/* ---- presence ---------------------------------------------------- */

xmpp_stanza_t *xmpp_room_make_presence(const xmpp_room_t *room,
                                       const char *nick, const char *type)
{
    char buffer[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t to;
    xmpp_stanza_t *now = xmpp_conn_get_presence(xmpp_room_get_conn(room));
    xmpp_stanza_t *presence;

    if (!room || !nick ||
        xmpp_jid_set_resource(room->jid, nick, XMPP_JID_LENIENT, buffer, &to,
                              NULL))
        return NULL;
    presence =
        now && !type ? xmpp_stanza_copy(now) : xmpp_presence_new(room->ctx);
    xmpp_stanza_set_jid(presence, "to", &to);
    xmpp_stanza_put(presence, "type", type);
    return presence;
}

void xmpp_room_send_presence(xmpp_room_t *room)
{
    xmpp_stanza_t *presence =
        room ? xmpp_room_make_presence(room, room->nick, NULL) : NULL;

    if (!presence)
        return;
    room->is_stale = 0;
    xmpp_send_take(room->conn, presence);
}

static int may_be_nick(const xmpp_room_t *room, const char *nick)
{
    char buffer[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t to;

    return nick && xmpp_jid_set_resource(room->jid, nick, XMPP_JID_STRICT,
                                         buffer, &to, NULL) == 0;
}

/* `why` says what is to be done. */
static int refuse_entry(const xmpp_room_t *room, const char *why)
{
    return room ? xmpp_conn_fail(room->conn, &xmpp_mod_room, XMPP_EINVOP,
                                 "%.100s: %s", room->jid->text, why)
                : XMPP_EINVOP;
}

static int refuse_nick(const xmpp_room_t *room, const char *nick)
{
    return xmpp_conn_fail(room->conn, &xmpp_mod_room, XMPP_EARG,
                          "\"%.100s\" cannot be a nick: it has to be a text "
                          "that may follow the / of an address",
                          nick ? nick : "");
}

/* The id by which an error is known to be the answer. */
static int choose_id(xmpp_room_t *room, xmpp_stanza_t *presence)
{
    char *id = xmpp_random_id(room->ctx);

    xmpp_free(room->ctx, room->asked_id);
    room->asked_id = id;
    return id ? xmpp_stanza_set_id(presence, id) : XMPP_EMEM;
}

/* Take a presence back that may have arrived: now, or when the session goes on.
 */
static void take_back_presence(xmpp_room_t *room)
{
    int rc = xmpp_send_take(
        room->conn, xmpp_room_make_presence(room, room->nick, "unavailable"));

    room->is_ghost = rc == XMPP_ENOTCONN;
}

static unsigned long answer_time(const xmpp_conn_t *conn)
{
    return (unsigned long)xmpp_conn_get_option(conn, XMPP_OPT_REQUEST_TIMEOUT);
}

/* ---- entering ---------------------------------------------------- */

static void forget_place(void *place)
{
    *(xmpp_pending_t **)place = NULL;
}

/* The room has not let us in, but might still do so. */
static void on_late_join(xmpp_conn_t *conn, const xmpp_result_t *result,
                         void *userdata)
{
    xmpp_room_t *room = userdata;

    (void)conn;
    if (result->status != XMPP_ETIMEOUT ||
        !xmpp_room_is_within(room, XMPP_ROOM_ASKED, XMPP_ROOM_OCCUPANTS))
        return;
    xmpp_room_hold(room);
    room->state = XMPP_ROOM_LEFT;
    take_back_presence(room);
    xmpp_room_end_pending(&room->join, XMPP_ETIMEOUT, NULL, NULL);
    if (room->was_in && room->state == XMPP_ROOM_LEFT)
        xmpp_room_end(room, NULL, XMPP_ROOM_LEFT_LOST);
    xmpp_room_release(room);
}

/* Of the history: what we have not seen. */
static long missed_seconds(const xmpp_room_t *room)
{
    return (long)((xmpp_ctx_now(room->ctx) - room->seen) / 1000) +
           OVERLAP_SECONDS;
}

static void add_join(xmpp_room_t *room, xmpp_stanza_t *presence,
                     const xmpp_muc_join_t *how)
{
    xmpp_muc_join_t join;

    XMPP_INIT(xmpp_muc_join, join);
    if (room->is_archived) {
        join.max_stanzas = 0;
    } else if (how) {
        join.max_stanzas = how->max_stanzas;
        join.max_chars = how->max_chars;
        join.seconds = how->seconds;
        join.since = how->since;
    } else {
        join.seconds = missed_seconds(room);
    }
    join.password = room->password;
    xmpp_payload_add(presence, &xmpp_muc_join, &join);
}

/* From here on the room's answer is expected; 0 if what is called has left. */
static int begin_join(xmpp_room_t *room, int is_again)
{
    XMPP_INIT(xmpp_room_joined, room->joined);
    room->joined.is_again = is_again;
    room->was_in |=
        xmpp_room_is_within(room, XMPP_ROOM_HISTORY, XMPP_ROOM_JOINED);
    room->state = XMPP_ROOM_ASKED;
    room->is_stale = room->is_doubtful = room->is_ghost = 0;
    xmpp_room_end_pending(&room->wait, XMPP_EDROPPED, NULL, NULL);
    xmpp_room_end_pending(&room->rename, XMPP_EDROPPED, NULL, NULL);
    return room->state == XMPP_ROOM_ASKED;
}

/* Wait for the answer to what was sent. Without memory nobody waits, so it is
 * taken back. */
static int await_join(xmpp_room_t *room, xmpp_result_handler handler,
                      void *userdata)
{
    unsigned long seconds = (unsigned long)xmpp_conn_get_limit(
        room->conn, &xmpp_mod_room, "join_seconds");

    room->wait =
        xmpp_pending_new(room->conn, seconds * 1000, on_late_join, room);
    xmpp_pending_on_end(room->wait, forget_place, &room->wait);
    if (room->wait)
        room->join = xmpp_pending_new(room->conn, 0, handler, userdata);
    xmpp_pending_on_end(room->join, forget_place, &room->join);
    if (room->join)
        return 0;
    xmpp_room_end_pending(&room->wait, XMPP_EDROPPED, NULL, NULL);
    room->state = XMPP_ROOM_LEFT;
    take_back_presence(room);
    if (room->was_in)
        xmpp_room_end(room, NULL, XMPP_ROOM_LEFT_LOST);
    return XMPP_EMEM;
}

static int send_join(xmpp_room_t *room, const xmpp_muc_join_t *how,
                     int is_again, xmpp_result_handler handler, void *userdata)
{
    xmpp_conn_t *conn = room->conn;
    xmpp_stanza_t *presence = xmpp_room_make_presence(room, room->nick, NULL);
    int rc = choose_id(room, presence);

    if (rc) {
        xmpp_stanza_release(presence);
        return rc;
    }
    add_join(room, presence, how);
    xmpp_conn_hold(conn);
    xmpp_room_hold(room);
    rc = xmpp_send_take(conn, presence);
    if (rc == 0)
        rc = begin_join(room, is_again) ? await_join(room, handler, userdata)
                                        : XMPP_EDROPPED;
    xmpp_room_release(room);
    xmpp_conn_unhold(conn);
    return rc;
}

int xmpp_room_join(xmpp_room_t *room, const xmpp_muc_join_t *how,
                   xmpp_result_handler handler, void *userdata)
{
    if (!room || !room->conn ||
        xmpp_room_is_within(room, XMPP_ROOM_ASKED, XMPP_ROOM_LEAVING))
        return refuse_entry(room,
                            "we are in it, or on the way in or out: leave "
                            "it first, and wait for the result");
    if (!how || !may_be_nick(room, how->nick))
        return refuse_nick(room, how ? how->nick : NULL);
    if (xmpp_room_set_text(room, &room->nick, how->nick) ||
        xmpp_room_set_text(room, &room->password, how->password))
        return XMPP_EMEM;
    return send_join(room, how, 0, handler, userdata);
}

int xmpp_room_rejoin(xmpp_room_t *room, const xmpp_muc_join_t *how,
                     xmpp_result_handler handler, void *userdata)
{
    if (!room || !room->conn || !room->nick || room->join ||
        xmpp_room_is_within(room, XMPP_ROOM_ASKED, XMPP_ROOM_OCCUPANTS) ||
        room->state == XMPP_ROOM_LEAVING)
        return refuse_entry(room, "it was never joined, or the last join or "
                                  "leave has not ended: wait for its result");
    return send_join(room, how, 1, handler, userdata);
}

/* ---- another nick ------------------------------------------------ */

static void forget_rename(void *module_data)
{
    xmpp_room_t *room = module_data;

    room->rename = NULL;
    room->is_renamed = 0;
}

static int send_nick(xmpp_room_t *room, xmpp_result_handler handler,
                     void *userdata)
{
    xmpp_conn_t *conn = room->conn;
    xmpp_stanza_t *presence = xmpp_room_make_presence(room, room->wanted, NULL);
    int rc = choose_id(room, presence);

    if (rc) {
        xmpp_stanza_release(presence);
        return rc;
    }
    xmpp_conn_hold(conn);
    xmpp_room_hold(room);
    rc = xmpp_send_take(conn, presence);
    if (rc == 0)
        room->rename =
            xmpp_pending_new(conn, answer_time(conn), handler, userdata);
    if (rc == 0 && !room->rename)
        rc = XMPP_EMEM;
    room->is_renamed = 0;
    xmpp_pending_on_end(room->rename, forget_rename, room);
    xmpp_room_release(room);
    xmpp_conn_unhold(conn);
    return rc;
}

int xmpp_room_set_nick(xmpp_room_t *room, const char *nick,
                       xmpp_result_handler handler, void *userdata)
{
    if (!xmpp_room_is_within(room, XMPP_ROOM_HISTORY, XMPP_ROOM_JOINED) ||
        room->rename)
        return refuse_entry(room, "we are not in it, or change the nick "
                                  "already: wait for the result");
    if (!may_be_nick(room, nick))
        return refuse_nick(room, nick);
    if (xmpp_room_set_text(room, &room->wanted, nick))
        return XMPP_EMEM;
    return send_nick(room, handler, userdata);
}

/* ---- leaving ----------------------------------------------------- */

/* The room does not answer. */
static void forget_leave(void *module_data)
{
    xmpp_room_t *room = module_data;

    room->leave = NULL;
    if (room->state == XMPP_ROOM_LEAVING)
        xmpp_room_end(room, NULL, XMPP_ROOM_LEFT_ASKED);
}

/* Without a connection, or without memory, nobody waits for the answer. */
static int await_leave(xmpp_room_t *room, int code, xmpp_result_handler handler,
                       void *userdata)
{
    xmpp_room_end_pending(&room->join, XMPP_EDROPPED, NULL, NULL);
    if (code == 0)
        room->leave = xmpp_pending_new(room->conn, answer_time(room->conn),
                                       handler, userdata);
    if (room->leave) {
        xmpp_pending_on_end(room->leave, forget_leave, room);
        return 0;
    }
    room->is_ghost = code == XMPP_ENOTCONN;
    xmpp_room_end(room, NULL, XMPP_ROOM_LEFT_ASKED);
    return code ? code : XMPP_EMEM;
}

int xmpp_room_leave(xmpp_room_t *room, const char *status,
                    xmpp_result_handler handler, void *userdata)
{
    xmpp_conn_t *conn = room ? room->conn : NULL;
    xmpp_stanza_t *presence;
    int rc;

    if (!conn || !xmpp_room_is_within(room, XMPP_ROOM_ASKED, XMPP_ROOM_JOINED))
        return refuse_entry(room, "we are not in it, or leave already");
    presence = xmpp_room_make_presence(room, room->nick, "unavailable");
    xmpp_stanza_add_text_tag(presence, "status", NULL, status);
    xmpp_conn_hold(conn);
    xmpp_room_hold(room);
    room->state = XMPP_ROOM_LEAVING;
    rc = await_leave(room, xmpp_send_take(conn, presence), handler, userdata);
    xmpp_room_release(room);
    xmpp_conn_unhold(conn);
    return rc;
}
