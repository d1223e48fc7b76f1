/* room_check.c - checks that we are still in rooms that are quiet (XEP-0410).
 */

#include <xmpp/xep/room_check.h>

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/xep/ping.h>

struct checks {
    xmpp_pending_t *tick; /* until the first room may be too quiet */
    long silence_seconds, again_seconds;
};

static struct checks *checks_of(const xmpp_conn_t *conn)
{
    return xmpp_conn_get_state(conn, &xmpp_mod_room_check);
}

static void arm_tick(xmpp_conn_t *conn, struct checks *checks);

/* ---- what an answer means (section 4.2) -------------------------- */

static int is_condition_of(const char *condition, const char *const *conditions)
{
    while (*conditions && strcmp(*conditions, condition) != 0)
        conditions++;
    return *conditions != NULL;
}

/* Who answers, even with one of these errors, knows us. */
static int is_known_there(const xmpp_result_t *result)
{
    static const char *const known[] = {"service-unavailable",
                                        "feature-not-implemented",
                                        "item-not-found", NULL};

    return result->status == 0 ||
           (result->status == XMPP_ESTANZA && result->condition &&
            is_condition_of(result->condition, known));
}

/* Nothing follows from it: a server, or another client of ours with the same
 * nick, does not answer. */
static int is_unanswered(const xmpp_result_t *result)
{
    static const char *const unknown[] = {"remote-server-not-found",
                                          "remote-server-timeout", NULL};

    return result->status != XMPP_ESTANZA || !result->condition ||
           is_condition_of(result->condition, unknown);
}

static void judge_room(xmpp_room_t *room, const xmpp_result_t *result)
{
    room->checked = xmpp_ctx_now(room->ctx);
    room->is_silent = 0;
    if (is_known_there(result)) {
        xmpp_room_note(room);
        xmpp_room_set_doubtful(room, 0);
    } else if (is_unanswered(result)) {
        room->is_silent = 1;
        xmpp_room_set_doubtful(room, 1);
    } else {
        xmpp_room_end(room, NULL, XMPP_ROOM_LEFT_LOST);
    }
}

/* ---- pings ------------------------------------------------------- */

/* The ping holds the room. */
static void on_room_pong(xmpp_conn_t *conn, const xmpp_result_t *result,
                         void *userdata)
{
    xmpp_room_t *room = userdata;

    room->is_pinged = 0;
    if (result->status != XMPP_ENOTCONN && room->state == XMPP_ROOM_JOINED)
        judge_room(room, result);
    arm_tick(conn, checks_of(conn));
    xmpp_room_release(room);
}

static void ping_room(xmpp_conn_t *conn, xmpp_room_t *room)
{
    char buffer[XMPP_JID_BUFFER_SIZE], text[XMPP_JID_BUFFER_SIZE];
    size_t n;
    const char *view;
    xmpp_jid_t self;

    if (xmpp_jid_set_resource(room->jid, room->nick, XMPP_JID_LENIENT, buffer,
                              &self, NULL))
        return;
    view = xmpp_jid_view(&self, XMPP_JID_FULL, &n);
    snprintf(text, sizeof(text), "%.*s", (int)n, view);
    xmpp_room_hold(room);
    room->is_pinged = 1;
    if (xmpp_ping(conn, text, on_room_pong, room) == 0)
        return;
    room->is_pinged = 0;
    room->is_silent = 1;
    room->checked = xmpp_ctx_now(room->ctx);
    xmpp_room_release(room);
}

/* ---- when -------------------------------------------------------- */

/* Milliseconds until it is to be pinged. Not during a change of the nick
 * (section 5), and not while an answer is expected. */
static unsigned long time_left(const struct checks *checks,
                               const xmpp_room_t *room)
{
    unsigned long most = (unsigned long)checks->silence_seconds * 1000;
    unsigned long since = room->heard, passed;

    if (room->is_silent) {
        most = (unsigned long)checks->again_seconds * 1000;
        since = room->checked;
    }
    passed = xmpp_ctx_now(room->ctx) - since;
    if (room->state != XMPP_ROOM_JOINED || room->is_pinged || room->rename)
        return most;
    return passed < most ? most - passed : 0;
}

/* A ping may call the application, and then the rooms may be others: one at a
 * time. */
static void on_check_tick(xmpp_conn_t *conn, const xmpp_result_t *result,
                          void *userdata)
{
    struct checks *checks = checks_of(conn);
    xmpp_room_t *room = NULL;

    (void)userdata;
    if (result->status != XMPP_ETIMEOUT || !xmpp_conn_is_connected(conn))
        return;
    while ((room = xmpp_room_next_room(conn, room)))
        if (time_left(checks, room) == 0) {
            ping_room(conn, room);
            break;
        }
    arm_tick(conn, checks);
}

static void forget_tick(void *module_data)
{
    ((struct checks *)module_data)->tick = NULL;
}

/* One timer for all rooms, at the time of the first. */
static void arm_tick(xmpp_conn_t *conn, struct checks *checks)
{
    unsigned long least = (unsigned long)checks->silence_seconds * 1000, left;
    xmpp_room_t *room = NULL;

    xmpp_room_end_pending(&checks->tick, XMPP_EDROPPED, NULL, NULL);
    if (!xmpp_room_next_room(conn, NULL) || !xmpp_conn_is_connected(conn))
        return;
    while ((room = xmpp_room_next_room(conn, room))) {
        left = time_left(checks, room);
        if (left < least)
            least = left;
    }
    checks->tick =
        xmpp_pending_new(conn, least ? least : 1, on_check_tick, NULL);
    xmpp_pending_on_end(checks->tick, forget_tick, checks);
}

static void on_check_event(xmpp_conn_t *conn, const xmpp_event_t *event,
                           void *userdata)
{
    const xmpp_room_joined_t *joined = event->value;
    xmpp_room_t *room;

    (void)userdata;
    if (event->what != XMPP_ROOM_EVENT_JOINED &&
        event->what != XMPP_ROOM_EVENT_DOUBTFUL)
        return;
    room = xmpp_room_find(conn, &joined->room);
    if (!room || !xmpp_conn_is_connected(conn))
        return;
    if (event->what == XMPP_ROOM_EVENT_JOINED)
        room->is_silent = 0;
    else if (!room->is_pinged && !room->is_silent)
        ping_room(conn, room);
    arm_tick(conn, checks_of(conn));
}

static int on_check_turn(xmpp_conn_t *conn, xmpp_lifecycle_t turn, void *state)
{
    int rc = 0;

    if (turn == XMPP_ATTACHED)
        rc = xmpp_conn_watch(conn, &xmpp_mod_room, on_check_event, NULL);
    if (turn == XMPP_SESSION_RESUMED)
        arm_tick(conn, state);
    return rc < 0 ? rc : 0;
}

/* ---- what is refused ---------------------------------------------- */

/* The room refuses a message of ours because we are not in it (section 7.4 of
 * XEP-0045); or it takes an error of ours, which our server has made of what it
 * could not deliver, for a reason to remove us (section 18.1.2), and sends it
 * back as our own last words. */
static int is_sign_of_loss(const xmpp_room_t *room, const xmpp_inbound_t *in)
{
    const char *condition = xmpp_stanza_get_error(in->stanza, NULL, NULL);
    const xmpp_occupant_t *self = xmpp_room_get_self(room);

    if (!in->from->resource_size)
        return condition && strcmp(condition, "not-acceptable") == 0;
    return self && xmpp_jid_equal(in->from, &self->address, XMPP_JID_FULL) &&
           xmpp_muc_user_has(xmpp_payload_find(in->stanza, &xmpp_muc_user),
                             XMPP_MUC_SELF);
}

/* Many messages may be refused before the answer comes: one ping is enough. */
static int on_refused_message(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                              void *state)
{
    const char *type = xmpp_stanza_get_type(in->stanza);
    xmpp_room_t *room;

    if (!type || strcmp(type, "error") != 0 || !in->from)
        return 0;
    room = xmpp_room_find(conn, in->from);
    if (xmpp_room_get_state(room) != XMPP_ROOM_JOINED || room->is_pinged ||
        !is_sign_of_loss(room, in))
        return 0;
    xmpp_room_hold(room);
    room->is_silent = 1; /* so the event does not ping it */
    xmpp_room_set_doubtful(room, 1);
    if (room->state == XMPP_ROOM_JOINED && xmpp_conn_is_connected(conn))
        ping_room(conn, room);
    arm_tick(conn, state);
    xmpp_room_release(room);
    return 0;
}

static const xmpp_row_t rows[] = {
    XMPP_NEEDS(&xmpp_mod_room_message),
    XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_LIVE, NULL, NULL, NULL,
                 on_refused_message),
    XMPP_NEEDS(&xmpp_mod_ping),
    XMPP_LIMIT("silence_seconds", 900, 1, 86400,
               offsetof(struct checks, silence_seconds)),
    XMPP_LIMIT("again_seconds", 60, 1, 86400,
               offsetof(struct checks, again_seconds)),
    XMPP_LIFECYCLE(on_check_turn),
    XMPP_SPEC("XEP-0410", "1.1.0", "complete"),
    XMPP_ROWS_END};

XMPP_MODULE(xmpp_mod_room_check, "room_check", sizeof(struct checks), rows);
