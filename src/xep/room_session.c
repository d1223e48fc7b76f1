/* room_session.c - what our own presence and the turns of a session make of the
 * rooms that we are in. */

#include <xmpp/xep/room_session.h>

#include <string.h>

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
        xmpp_room_send_presence(room);
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

/* ---- sessions ---------------------------------------------------- */

/* The room still has what we left while the session was suspended. What is
 * being checked stays in doubt. */
static void resume_room(xmpp_room_t *room)
{
    if (!room->is_pinged)
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

static const xmpp_row_t rows[] = {
    XMPP_NEEDS(&xmpp_mod_room), XMPP_OUT_PRESENCE(on_own_presence),
    XMPP_LIFECYCLE(on_room_turn), XMPP_SPEC("XEP-0045", "1.35.5", "complete"),
    XMPP_ROWS_END};

XMPP_MODULE(xmpp_mod_room_session, "room_session", 0, rows);
