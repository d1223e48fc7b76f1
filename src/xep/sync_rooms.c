/* sync_rooms.c - follows the archives of the rooms that we are in. */

#include <xmpp/xep/sync_rooms.h>

#include <string.h>

#include <xmpp/error.h>
#include <xmpp/module.h>
#include <xmpp/xep/mam_archive.h>

struct follower {
    int is_arriving; /* with the message that the modules see now */
};

/* Its userdata holds the room. A room whose support is not known stays as it
 * is. */
static void on_room_support(xmpp_conn_t *conn, const xmpp_result_t *result,
                            void *userdata)
{
    const xmpp_mam_support_t *support = result->status ? NULL : result->value;

    (void)conn;
    if (support)
        xmpp_room_set_archived(userdata, support->is_supported);
    xmpp_room_release(userdata);
}

static void query_room_support(xmpp_conn_t *conn, xmpp_room_t *room)
{
    xmpp_room_hold(room);
    if (xmpp_mam_get_support(conn, xmpp_room_get_jid(room), on_room_support,
                             room))
        xmpp_room_release(room);
}

/* The archive is read from our arrival on, and not before: what is sent to the
 * room between a page and our arrival would be missing. */
static void follow_room(xmpp_conn_t *conn, const xmpp_jid_t *room, int is_away)
{
    int rc = xmpp_sync_set_away(conn, room, is_away);

    if (rc)
        xmpp_conn_log(conn, &xmpp_mod_sync_rooms, XMPP_LEVEL_ERROR,
                      "a room is not followed: %s", xmpp_strerror(rc));
}

static void arrive_in(xmpp_conn_t *conn, const xmpp_jid_t *jid)
{
    xmpp_room_t *room = xmpp_room_find(conn, jid);

    if (xmpp_room_get_state(room) != XMPP_ROOM_JOINED)
        return;                /* a watcher has left it */
    follow_room(conn, jid, 1); /* it may be a second join */
    query_room_support(conn, room);
    follow_room(conn, jid, 0);
}

/* The subject with which a join ends is not one of the messages. So we arrive
 * when all have seen it; but messages can be sent at once. */
static void on_followed_joined(xmpp_conn_t *conn, struct follower *follower,
                               const xmpp_event_t *event)
{
    const xmpp_room_joined_t *joined = event->value;

    follower->is_arriving =
        event->stanza &&
        !strcmp(xmpp_stanza_get_name(event->stanza), "message");
    if (follower->is_arriving)
        follow_room(conn, &joined->room, 1);
    else
        arrive_in(conn, &joined->room);
}

/* It is the last of the modules in question that sees a message. */
static int on_followed_message(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                               void *state)
{
    struct follower *follower = state;
    xmpp_jid_t room;

    if (!follower->is_arriving)
        return 0;
    follower->is_arriving = 0;
    xmpp_jid_cut(in->from, XMPP_JID_BARE, &room);
    arrive_in(conn, &room);
    return 0;
}

static void on_departure(xmpp_conn_t *conn, const xmpp_room_left_t *left)
{
    static const unsigned returns =
        1u << XMPP_ROOM_LEFT_SHUTDOWN | 1u << XMPP_ROOM_LEFT_TROUBLE |
        1u << XMPP_ROOM_LEFT_GONE | 1u << XMPP_ROOM_LEFT_LOST |
        1u << XMPP_ROOM_LEFT_SESSION;

    if (returns >> left->why & 1)
        follow_room(conn, &left->room, 1);
    else
        xmpp_sync_remove(conn, &left->room);
}

/* The room knows us, so what it has refused is refused. */
static void on_certainty(xmpp_conn_t *conn, const xmpp_room_joined_t *joined)
{
    const xmpp_room_t *room = xmpp_room_find(conn, &joined->room);

    if (xmpp_room_get_state(room) == XMPP_ROOM_JOINED &&
        xmpp_sync_get_state(conn, &joined->room) > XMPP_SYNC_OFFLINE)
        follow_room(conn, &joined->room, 0);
}

static void on_followed_event(xmpp_conn_t *conn, const xmpp_event_t *event,
                              void *userdata)
{
    if (event->what == XMPP_ROOM_EVENT_JOINED)
        on_followed_joined(conn, userdata, event);
    if (event->what == XMPP_ROOM_EVENT_LEFT)
        on_departure(conn, event->value);
    if (event->what == XMPP_ROOM_EVENT_CERTAIN)
        on_certainty(conn, event->value);
}

static int on_follow_turn(xmpp_conn_t *conn, xmpp_lifecycle_t turn, void *state)
{
    int rc;

    if (turn != XMPP_ATTACHED)
        return 0;
    rc = xmpp_conn_watch(conn, &xmpp_mod_room, on_followed_event, state);
    return rc < 0 ? rc : 0;
}

static const xmpp_row_t rows[] = {XMPP_NEEDS(&xmpp_mod_room_check),
                                  XMPP_NEEDS(&xmpp_mod_mam_archive),
                                  XMPP_NEEDS(&xmpp_mod_sync),
                                  XMPP_LIFECYCLE(on_follow_turn),
                                  XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_ALL,
                                               NULL, NULL, NULL,
                                               on_followed_message),
                                  XMPP_SPEC("XEP-0313", "1.1.3", "complete"),
                                  XMPP_ROWS_END};

XMPP_MODULE(xmpp_mod_sync_rooms, "sync_rooms", sizeof(struct follower), rows);
