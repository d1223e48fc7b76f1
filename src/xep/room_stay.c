/* room_stay.c - returns to rooms that nobody wanted to leave. */

#include <xmpp/xep/room_stay.h>

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/dict.h>

#define DELAY_LONGEST 300000ul /* milliseconds between two attempts */

/* A room that we stay in, which is held; by its address. */
struct stay {
    xmpp_room_t *room;
    long attempts;         /* without success, or with a short one */
    unsigned long joined;  /* when, by xmpp_ctx_now() */
    xmpp_pending_t *retry; /* until the next one */
};

struct stays {
    xmpp_dict_t *all; /* struct stay */
    long retry_seconds, attempts_most;
};

static struct stays *stays_of(const xmpp_conn_t *conn)
{
    return xmpp_conn_get_state(conn, &xmpp_mod_room_stay);
}

static struct stay *stay_find(const struct stays *stays,
                              const xmpp_room_t *room)
{
    return stays ? xmpp_dict_find_jid(stays->all, room->jid, XMPP_JID_BARE)
                 : NULL;
}

/* ---- which rooms ------------------------------------------------- */

static void forget_stay_place(void *place)
{
    *(xmpp_pending_t **)place = NULL;
}

static struct stay *stay_put(struct stays *stays, xmpp_room_t *room)
{
    struct stay *stay = xmpp_dict_put_jid(stays->all, room->jid, XMPP_JID_BARE);

    if (stay && !stay->room) {
        stay->room = room;
        xmpp_room_hold(room);
    }
    return stay;
}

static void stay_drop(struct stays *stays, struct stay *stay)
{
    xmpp_room_t *room = stay ? stay->room : NULL;

    if (!room)
        return;
    xmpp_room_end_pending(&stay->retry, XMPP_EDROPPED, NULL, NULL);
    xmpp_dict_drop(stays->all, stay);
    xmpp_room_release(room);
}

static void report_give_up(xmpp_conn_t *conn, xmpp_room_t *room,
                           const char *condition)
{
    char nick[XMPP_JID_BUFFER_SIZE];
    xmpp_room_left_t left;

    /* what is called may enter again, with another nick */
    snprintf(nick, sizeof(nick), "%s", room->nick);
    XMPP_INIT(xmpp_room_left, left);
    left.room = *room->jid;
    left.nick = nick;
    left.why = XMPP_ROOM_LEFT_REFUSED;
    left.condition = condition;
    xmpp_conn_emit(conn, &xmpp_mod_room_stay, XMPP_ROOM_STAY_FAILED, &left,
                   NULL);
}

/* ---- returning --------------------------------------------------- */

static void return_to(xmpp_conn_t *conn, struct stay *stay);

/* Its userdata holds the room. */
static void on_retry(xmpp_conn_t *conn, const xmpp_result_t *result,
                     void *userdata)
{
    xmpp_room_t *room = userdata;
    struct stay *stay = stay_find(stays_of(conn), room);

    if (stay && result->status == XMPP_ETIMEOUT)
        return_to(conn, stay);
    xmpp_room_release(room);
}

static unsigned long retry_delay(const struct stays *stays, long attempts)
{
    unsigned long delay = (unsigned long)stays->retry_seconds * 1000;

    while (--attempts > 0 && delay < DELAY_LONGEST)
        delay *= 2;
    return delay < DELAY_LONGEST ? delay : DELAY_LONGEST;
}

static void return_later(xmpp_conn_t *conn, struct stay *stay,
                         const char *condition)
{
    struct stays *stays = stays_of(conn);
    xmpp_room_t *room = stay->room;

    if (stay->retry || !xmpp_conn_is_connected(conn))
        return; /* a new session tries again */
    if (++stay->attempts <= stays->attempts_most)
        stay->retry = xmpp_pending_new(conn, retry_delay(stays, stay->attempts),
                                       on_retry, room);
    xmpp_room_hold(room);
    if (stay->retry) {
        xmpp_pending_on_end(stay->retry, forget_stay_place, &stay->retry);
        return;
    }
    stay_drop(stays, stay);
    report_give_up(conn, room, condition);
    xmpp_room_release(room);
}

/* May this refusal pass? The nick may be that of our own ghost. */
static int may_pass(const xmpp_result_t *result)
{
    static const char *const conditions[] = {
        "conflict",
        "internal-server-error",
        "recipient-unavailable",
        "remote-server-not-found",
        "remote-server-timeout",
        "resource-constraint",
        "service-unavailable",
    };
    size_t i;

    if (result->status != XMPP_ESTANZA || !result->condition)
        return 1;
    for (i = 0; i < sizeof(conditions) / sizeof(conditions[0]); i++)
        if (strcmp(result->condition, conditions[i]) == 0)
            return 1;
    return result->type && strcmp(result->type, "wait") == 0;
}

/* Did somebody remove us who did not mean us? */
static int is_passing(int why)
{
    static const unsigned returns =
        1u << XMPP_ROOM_LEFT_SHUTDOWN | 1u << XMPP_ROOM_LEFT_TROUBLE |
        1u << XMPP_ROOM_LEFT_GONE | 1u << XMPP_ROOM_LEFT_LOST;

    return returns >> why & 1;
}

/* Its userdata holds the room. We may have left meanwhile, or were removed. */
static void on_returned(xmpp_conn_t *conn, const xmpp_result_t *result,
                        void *userdata)
{
    xmpp_room_t *room = userdata;
    struct stays *stays = stays_of(conn);
    struct stay *stay = stay_find(stays, room);

    if (stay && result->status && result->status != XMPP_ENOTCONN) {
        if (result->status == XMPP_EDROPPED
                ? room->state == XMPP_ROOM_LEFT && is_passing(room->why)
                : may_pass(result)) {
            return_later(conn, stay, result->condition);
        } else {
            stay_drop(stays, stay);
            if (room->state == XMPP_ROOM_LEFT)
                report_give_up(conn, room, result->condition);
        }
    }
    xmpp_room_release(room);
}

static void return_to(xmpp_conn_t *conn, struct stay *stay)
{
    xmpp_room_t *room = stay->room;
    int rc;

    xmpp_room_hold(room);
    rc = xmpp_room_rejoin(room, NULL, on_returned, room);
    if (rc == 0)
        return;
    stay = stay_find(stays_of(conn), room);
    if (stay && rc != XMPP_EINVOP) /* then the application enters it itself */
        return_later(conn, stay, NULL);
    xmpp_room_release(room);
}

int xmpp_room_give_up(xmpp_room_t *room)
{
    struct stays *stays = room ? stays_of(room->conn) : NULL;
    struct stay *stay = stays ? stay_find(stays, room) : NULL;

    if (!stay || room->state != XMPP_ROOM_LEFT)
        return XMPP_EINVOP;
    stay_drop(stays, stay);
    return 0;
}

/* ---- what happens to rooms --------------------------------------- */

static void on_joined_room(struct stays *stays, xmpp_room_t *room)
{
    struct stay *stay = stay_put(stays, room);

    if (!stay)
        return;
    stay->joined = xmpp_ctx_now(room->ctx);
    xmpp_room_end_pending(&stay->retry, XMPP_EDROPPED, NULL, NULL);
}

/* A room that removes us again and again is not one to stay in: only after a
 * while the attempts begin anew. */
static void on_left_room(xmpp_conn_t *conn, struct stay *stay, int why)
{
    if (xmpp_ctx_now(stay->room->ctx) - stay->joined >= DELAY_LONGEST)
        stay->attempts = 0;
    if (is_passing(why))
        return_later(conn, stay, NULL);
    else if (why != XMPP_ROOM_LEFT_SESSION) /* a new one returns to it */
        stay_drop(stays_of(conn), stay);
}

static void on_stay_event(xmpp_conn_t *conn, const xmpp_event_t *event,
                          void *userdata)
{
    struct stays *stays = stays_of(conn);
    const xmpp_room_joined_t *joined = event->value;
    const xmpp_room_left_t *left = event->value;
    xmpp_room_t *room;
    struct stay *stay;

    (void)userdata;
    if (event->what == XMPP_ROOM_EVENT_JOINED) {
        room = xmpp_room_find(conn, &joined->room);
        if (room)
            on_joined_room(stays, room);
    }
    if (event->what == XMPP_ROOM_EVENT_LEFT) {
        room = xmpp_room_find(conn, &left->room);
        stay = room ? stay_find(stays, room) : NULL;
        if (stay)
            on_left_room(conn, stay, left->why);
    }
}

/* ---- the module -------------------------------------------------- */

static struct stay *next_to_return(const struct stays *stays)
{
    struct stay *stay = NULL;

    while ((stay = xmpp_dict_next(stays->all, stay)))
        if (stay->room->state == XMPP_ROOM_LEFT && !stay->retry)
            return stay;
    return NULL;
}

/* Each attempt may call the application, after which the rooms may be others.
 */
static void return_to_all(xmpp_conn_t *conn, struct stays *stays)
{
    struct stay *stay = NULL;

    while ((stay = xmpp_dict_next(stays->all, stay)))
        stay->attempts = 0;
    while (xmpp_conn_is_connected(conn) && (stay = next_to_return(stays)))
        return_to(conn, stay);
}

static int attach_stays(xmpp_conn_t *conn, struct stays *stays)
{
    int rc;

    stays->all = xmpp_dict_new(xmpp_conn_get_context(conn), sizeof(struct stay),
                               0, NULL);
    if (!stays->all)
        return XMPP_EMEM;
    rc = xmpp_conn_watch(conn, &xmpp_mod_room, on_stay_event, NULL);
    if (rc < 0)
        xmpp_dict_free(stays->all);
    return rc < 0 ? rc : 0;
}

static void detach_stays(struct stays *stays)
{
    struct stay *stay;

    while ((stay = xmpp_dict_next(stays->all, NULL)))
        stay_drop(stays, stay);
    xmpp_dict_free(stays->all);
}

static int on_stay_turn(xmpp_conn_t *conn, xmpp_lifecycle_t turn, void *state)
{
    struct stays *stays = state;

    if (turn == XMPP_ATTACHED)
        return attach_stays(conn, stays);
    if (turn == XMPP_SESSION_STARTED)
        return_to_all(conn, stays);
    if (turn == XMPP_DETACHED)
        detach_stays(stays);
    return 0;
}

static const xmpp_row_t rows[] = {
    XMPP_NEEDS(&xmpp_mod_room_check),
    XMPP_EVENT(XMPP_ROOM_STAY_FAILED, "failed", &xmpp_room_left),
    XMPP_LIMIT("retry_seconds", 5, 1, 86400,
               offsetof(struct stays, retry_seconds)),
    XMPP_LIMIT("attempts", 20, 0, 1000000,
               offsetof(struct stays, attempts_most)),
    XMPP_LIFECYCLE(on_stay_turn),
    XMPP_SPEC("XEP-0045", "1.35.5", "complete"),
    XMPP_ROWS_END};

XMPP_MODULE(xmpp_mod_room_stay, "room_stay", sizeof(struct stays), rows);
