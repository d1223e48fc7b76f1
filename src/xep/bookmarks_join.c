/* bookmarks_join.c - enters and leaves rooms as the bookmarks of our account
 * say (XEP-0402 section 4). */

#include <xmpp/xep/bookmarks_join.h>

#include <xmpp/ctx.h>
#include <xmpp/error.h>
#include <xmpp/xep/room_presence.h>

struct joiner {
    char *nick; /* or NULL */
};

static int is_outside(const xmpp_room_t *room)
{
    int state = xmpp_room_get_state(room);

    return state == XMPP_ROOM_NEW || state == XMPP_ROOM_LEFT;
}

/* The nickname if neither the bookmark nor the application has one; owned. */
static char *find_own_nick(xmpp_conn_t *conn)
{
    return xmpp_jid_node(xmpp_conn_get_context(conn),
                         xmpp_conn_get_bound_jid(conn));
}

static int enter_bookmarked(xmpp_conn_t *conn, const struct joiner *joiner,
                            const xmpp_bookmark_t *bookmark, xmpp_room_t *room)
{
    const char *nick = bookmark->nick ? bookmark->nick : joiner->nick;
    char *own = nick ? NULL : find_own_nick(conn);
    xmpp_muc_join_t how;
    int rc = XMPP_EMEM;

    XMPP_INIT(xmpp_muc_join, how);
    how.nick = nick ? nick : own;
    how.password = bookmark->password;
    if (how.nick)
        rc = xmpp_room_join(room, &how, NULL, NULL);
    xmpp_free(xmpp_conn_get_context(conn), own);
    return rc;
}

static void join_bookmark(xmpp_conn_t *conn, const struct joiner *joiner,
                          const xmpp_bookmark_t *bookmark)
{
    xmpp_room_t *room = xmpp_room_new(conn, &bookmark->room);
    int rc = 0;

    if (!room)
        rc = XMPP_EMEM;
    else if (is_outside(room))
        rc = enter_bookmarked(conn, joiner, bookmark, room);
    if (rc)
        xmpp_conn_log(conn, &xmpp_mod_bookmarks_join, XMPP_LEVEL_WARN,
                      "a room is not entered: %s", xmpp_strerror(rc));
    xmpp_room_release(room);
}

static void leave_bookmark(xmpp_conn_t *conn, const xmpp_bookmark_t *bookmark)
{
    xmpp_room_t *room = xmpp_room_find(conn, &bookmark->room);

    if (room && !is_outside(room))
        xmpp_room_leave(room, NULL, NULL, NULL);
}

/* As the session begins. Whatever a watcher does, the list is walked as it is
 * then. */
static void join_all(xmpp_conn_t *conn, const struct joiner *joiner)
{
    const xmpp_bookmark_t *at = NULL;

    while ((at = xmpp_bookmarks_next(conn, at)))
        if (at->autojoin)
            join_bookmark(conn, joiner, at);
}

static void on_list_event(xmpp_conn_t *conn, const xmpp_event_t *event,
                          void *userdata)
{
    const struct joiner *joiner = userdata;
    const xmpp_bookmark_t *now = event->value, *before = event->before;

    if (event->what == XMPP_BOOKMARKS_LOADED)
        join_all(conn, joiner);
    else if (event->what == XMPP_BOOKMARKS_REMOVED && now->autojoin)
        leave_bookmark(conn, now);
    else if (event->what == XMPP_BOOKMARKS_CHANGED && before->autojoin &&
             !now->autojoin)
        leave_bookmark(conn, now);
    else if ((event->what == XMPP_BOOKMARKS_ADDED ||
              event->what == XMPP_BOOKMARKS_CHANGED) &&
             now->autojoin && xmpp_bookmarks_is_loaded(conn))
        join_bookmark(conn, joiner, now);
}

static int on_join_life(xmpp_conn_t *conn, xmpp_lifecycle_t event, void *state)
{
    struct joiner *joiner = state;

    if (event == XMPP_ATTACHED)
        return xmpp_conn_watch(conn, &xmpp_mod_bookmarks, on_list_event, state);
    if (event == XMPP_DETACHED)
        xmpp_free(xmpp_conn_get_context(conn), joiner->nick);
    return 0;
}

static const xmpp_row_t rows[] = {
    XMPP_NEEDS(&xmpp_mod_bookmarks), XMPP_NEEDS(&xmpp_mod_room_presence),
    XMPP_LIFECYCLE(on_join_life), XMPP_SPEC("XEP-0402", "1.2.0", "complete"),
    XMPP_ROWS_END};

XMPP_MODULE(xmpp_mod_bookmarks_join, "bookmarks_join", sizeof(struct joiner),
            rows);

int xmpp_bookmarks_set_nick(xmpp_conn_t *conn, const char *nick)
{
    struct joiner *joiner = xmpp_conn_get_state(conn, &xmpp_mod_bookmarks_join);
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    char *copy = joiner && nick ? xmpp_copy_text(ctx, nick) : NULL;

    if (!joiner)
        return xmpp_conn_fail_unused(conn, &xmpp_mod_bookmarks_join);
    if (nick && !copy)
        return XMPP_EMEM;
    xmpp_free(ctx, joiner->nick);
    joiner->nick = copy;
    return 0;
}
