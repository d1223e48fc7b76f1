/* room.c - handles of rooms without a session: counted, limited, beyond their
 * connection; and what modules do with a room. */

#include <xmpp/build.h>
#include <xmpp/ctx.h>
#include <xmpp/error.h>
#include <xmpp/xep/room_message.h>

#include "failmem.h"
#include "tap.h"

static struct failmem memory;
static xmpp_ctx_t *ctx;
static xmpp_conn_t *conn;
static int ended;

static void on_ended(xmpp_conn_t *c, const xmpp_result_t *result,
                     void *userdata)
{
    (void)c;
    (void)userdata;
    ended = result->status;
}

static xmpp_room_t *new_room(const char *text)
{
    xmpp_jid_t *jid = xmpp_jid_from_string(ctx, text, NULL);
    xmpp_room_t *room = xmpp_room_new(conn, jid);

    xmpp_free(ctx, jid);
    return room;
}

static void begin(void)
{
    conn = xmpp_conn_new(ctx);
    is_int(xmpp_conn_use(conn, &xmpp_mod_room_message), 0, "in use");
}

/* ---- handles ----------------------------------------------------- */

static void check_handles(void)
{
    xmpp_room_t *a = new_room("a@chat.example.org");
    xmpp_room_t *same = new_room("A@chat.example.org");
    xmpp_room_t *b = new_room("b@chat.example.org");

    ok(a && a == same && a != b, "one room of each address");
    ok(xmpp_room_next_room(conn, NULL) == a &&
           xmpp_room_next_room(conn, a) == b && !xmpp_room_next_room(conn, b),
       "all of them");
    ok(xmpp_room_get_conn(a) == conn, "on this connection");
    xmpp_room_release(a);
    ok(xmpp_room_find(conn, xmpp_room_get_jid(same)) == a, "still held once");
    xmpp_room_release(same);
    ok(xmpp_room_next_room(conn, NULL) == b, "and gone");
    ok(!new_room("chat.example.org") && !new_room("a@chat.example.org/nick"),
       "these are not rooms");
    xmpp_conn_set_limit(conn, &xmpp_mod_room, "rooms", 1);
    ok(!new_room("c@chat.example.org"), "one too many");
    xmpp_conn_set_limit(conn, &xmpp_mod_room, "rooms", 10);
    xmpp_room_release(b);
}

static void check_nothing(void)
{
    xmpp_muc_join_t how;

    XMPP_INIT(xmpp_muc_join, how);
    ok(!xmpp_room_new(NULL, NULL) && !xmpp_room_find(conn, NULL) &&
           !xmpp_room_next_room(NULL, NULL) && !xmpp_room_get_jid(NULL) &&
           !xmpp_room_get_conn(NULL) && !xmpp_room_get_nick(NULL) &&
           !xmpp_room_get_subject(NULL) && !xmpp_room_get_self(NULL) &&
           !xmpp_room_get_occupant_by_id(NULL, "x") &&
           !xmpp_room_next(NULL, NULL) && !xmpp_room_count(NULL) &&
           !xmpp_room_is_doubtful(NULL) && !xmpp_room_get_state(NULL),
       "nothing is known of no room");
    is_int(xmpp_room_join(NULL, &how, NULL, NULL), XMPP_EINVOP, "join");
    is_int(xmpp_room_rejoin(NULL, NULL, NULL, NULL), XMPP_EINVOP, "rejoin");
    is_int(xmpp_room_leave(NULL, NULL, NULL, NULL), XMPP_EINVOP, "leave");
    is_int(xmpp_room_set_nick(NULL, "x", NULL, NULL), XMPP_EINVOP, "nick");
    is_int(xmpp_room_send(NULL, NULL, NULL, NULL), XMPP_EINVOP, "send");
    is_int(xmpp_room_send_private(NULL, "x", NULL), XMPP_EINVOP, "private");
    is_int(xmpp_room_set_subject(NULL, "x", NULL, NULL), XMPP_EINVOP,
           "subject");
    xmpp_room_release(NULL);
    xmpp_room_hold(NULL);
    xmpp_room_set_archived(NULL, 1);
}

/* The copy that is kept for entering again. */
static void check_password(void)
{
    static const char *const secrets[] = {"cauldronburn", NULL};
    xmpp_room_t *room = new_room("a@chat.example.org");

    memory.secrets = secrets;
    is_int(xmpp_room_set_text(room, &room->password, "cauldronburn"), 0, "one");
    is_int(xmpp_room_set_text(room, &room->password, "cauldronburn"), 0, "two");
    xmpp_room_release(room);
    is_str(memory.spilled, NULL, "it is wiped");
    memory.secrets = NULL;
}

/* ---- without a session ------------------------------------------- */

static void check_offline(void)
{
    xmpp_room_t *room = new_room("a@chat.example.org");
    xmpp_muc_join_t how;

    XMPP_INIT(xmpp_muc_join, how);
    is_int(xmpp_room_join(room, &how, NULL, NULL), XMPP_EARG, "no nick");
    how.nick = "\x01";
    is_int(xmpp_room_join(room, &how, NULL, NULL), XMPP_EARG, "not a nick");
    is_int(xmpp_room_rejoin(room, NULL, NULL, NULL), XMPP_EINVOP,
           "it was never joined");
    how.nick = "third";
    how.password = "cauldronburn";
    is_int(xmpp_room_join(room, &how, NULL, NULL), XMPP_ENOTCONN, "offline");
    is_int(xmpp_room_get_state(room), XMPP_ROOM_NEW, "nothing has happened");
    is_int(xmpp_room_leave(room, NULL, NULL, NULL), XMPP_EINVOP, "not in it");
    xmpp_room_release(room);
}

/* ---- what modules do --------------------------------------------- */

static void put(xmpp_room_t *room, const char *nick)
{
    char buffer[XMPP_JID_BUFFER_SIZE];
    xmpp_occupant_t occupant, *before;

    XMPP_INIT(xmpp_occupant, occupant);
    xmpp_jid_set_resource(xmpp_room_get_jid(room), nick, XMPP_JID_STRICT,
                          buffer, &occupant.address, NULL);
    occupant.nick = nick;
    xmpp_occupants_put(room->occupants, &occupant, &before);
}

/* Through a room as if it had been joined. */
static xmpp_room_t *enter(void)
{
    xmpp_room_t *room = new_room("a@chat.example.org");

    xmpp_room_set_text(room, &room->nick, "third");
    xmpp_room_set_text(room, &room->subject, "Fire");
    room->state = XMPP_ROOM_OCCUPANTS;
    put(room, "third");
    room->join = xmpp_pending_new(conn, 0, on_ended, NULL);
    xmpp_room_begin_history(room);
    ok(xmpp_room_is_within(room, XMPP_ROOM_HISTORY, XMPP_ROOM_HISTORY),
       "history");
    xmpp_room_end_history(room);
    ok(xmpp_room_get_state(room) == XMPP_ROOM_JOINED && ended == 0, "joined");
    return room;
}

static void check_course(void)
{
    xmpp_room_t *room = enter();
    xmpp_stanza_t *presence;

    xmpp_room_note(room);
    xmpp_room_set_doubtful(room, 1);
    ok(xmpp_room_is_doubtful(room), "doubtful");
    ok(xmpp_conn_sender_is(conn, xmpp_room_get_jid(room), XMPP_SENDER_ROOM) &&
           xmpp_conn_sender_is(conn, &xmpp_room_get_self(room)->address,
                               XMPP_SENDER_ROOM),
       "it and its occupants may send what rooms may");
    is_str(xmpp_room_describe(room)->nick, "third", "what is reported");
    presence = xmpp_room_make_presence(room, "third", "unavailable");
    is_str(xmpp_stanza_get_to(presence), "a@chat.example.org/third",
           "to our address there");
    xmpp_room_end_send(room, presence, NULL); /* which nobody has sent */
    xmpp_stanza_release(presence);
    room->rename = xmpp_pending_new(conn, 0, on_ended, NULL);
    xmpp_room_hold(room);
    xmpp_room_end(room, NULL, XMPP_ROOM_LEFT_GONE);
    is_int(ended, XMPP_EDROPPED, "what was under way is over");
    ok(!xmpp_conn_sender_is(conn, xmpp_room_get_jid(room), XMPP_SENDER_ROOM),
       "and so is what it may");
    xmpp_room_end_pending(&room->rename, 0, NULL, NULL);
    xmpp_room_release(room);
    xmpp_room_release(room);
}

/* A handle of a room that we were in, which is not in another's way. */
static void check_after_the_connection(void)
{
    xmpp_room_t *room = enter(), *held = new_room("a@chat.example.org");

    xmpp_conn_release(conn);
    conn = NULL;
    ok(room == held && !xmpp_room_get_conn(room), "the connection is gone");
    is_int(xmpp_room_get_state(room), XMPP_ROOM_LEFT, "the room is left");
    is_str(xmpp_room_get_subject(room), "Fire", "what was known stays");
    is_str(xmpp_room_get_occupant(room, "third")->nick, "third", "who was in");
    is_int(xmpp_room_rejoin(room, NULL, NULL, NULL), XMPP_EINVOP,
           "no connection");
    is_int(xmpp_room_send(room, xmpp_message_new(ctx, NULL, NULL, NULL), NULL,
                          NULL),
           XMPP_EINVOP, "nor to send");
    xmpp_room_release(room);
    xmpp_room_release(held);
}

int main(void)
{
    failmem_init(&memory);
    ctx = xmpp_ctx_new(&memory.mem, NULL);
    begin();
    check_handles();
    check_nothing();
    check_password();
    check_offline();
    check_course();
    check_after_the_connection();
    xmpp_ctx_free(ctx);
    is_int(memory.held, 0, "nothing is left");
    return done_testing();
}
