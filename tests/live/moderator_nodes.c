/* moderator_nodes.c - what an account keeps about rooms: bookmarks, and up to
 * where each conversation was displayed, seen by another client of it. */

#include "live/moderator.h"

#include <xmpp/xep/bookmarks_edit.h>
#include <xmpp/xep/sync_seen.h>

/* ---- bookmarks --------------------------------------------------- */

static struct {
    int loaded, failed, added, changed, removed;
} list;

static void on_list(xmpp_conn_t *conn, const xmpp_event_t *event,
                    void *userdata)
{
    (void)conn;
    (void)userdata;
    list.loaded += event->what == XMPP_BOOKMARKS_LOADED;
    list.failed += event->what == XMPP_BOOKMARKS_FAILED;
    list.added += event->what == XMPP_BOOKMARKS_ADDED;
    list.changed += event->what == XMPP_BOOKMARKS_CHANGED;
    list.removed += event->what == XMPP_BOOKMARKS_REMOVED;
}

/* What is in the older way is taken over, where the server does not do it. */
static void converts(struct us *us)
{
    struct outcome o = {0};
    int place = xmpp_bookmarks_get_place(us->conn);

    printf("# bookmarks are kept in place %d\n", place);
    if (place != XMPP_BOOKMARKS_IN_NODE)
        return;
    is_str(us_order(us, "old_bookmark old@conference.example Old"), "ok",
           "an older client has a bookmark");
    us_ends(us, &o, xmpp_bookmarks_convert(us->conn, on_outcome, &o), 0, NULL,
            "which is taken over");
    us_await(us, &list.added, 1, "so it is there");
}

static void shares(struct us *us)
{
    struct outcome o = {0};
    xmpp_bookmark_t bookmark;
    xmpp_jid_t *room =
        xmpp_jid_from_string(us->ctx, "cave@conference.example", NULL);
    int added = list.added;

    XMPP_INIT(xmpp_bookmark, bookmark);
    bookmark.room = *room;
    bookmark.name = "The Cave";
    bookmark.autojoin = 1;
    us_ends(us, &o, xmpp_bookmarks_set(us->conn, &bookmark, on_outcome, &o), 0,
            NULL, "a bookmark is added");
    us_await(us, &list.added, added + 1, "it is in the list");
    us_order_until(us, "cave@conference.example", "events");
    if (xmpp_bookmarks_get_place(us->conn) != XMPP_BOOKMARKS_IN_NODE)
        us_order_until(us, "cave@conference.example", "old_bookmarks");
    if (xmpp_bookmarks_get_place(us->conn) != XMPP_BOOKMARKS_IN_STORAGE) {
        is_str(us_order(us, "bookmark heath@conference.example Heath"), "ok",
               "another client adds one");
        us_await(us, &list.added, added + 2, "which we see");
    }
    bookmark.autojoin = 0;
    us_ends(us, &o, xmpp_bookmarks_set(us->conn, &bookmark, on_outcome, &o), 0,
            NULL, "ours is changed");
    us_await(us, &list.changed, 1, "in the list, too");
    us_ends(us, &o, xmpp_bookmarks_remove(us->conn, room, on_outcome, &o), 0,
            NULL, "and removed");
    us_await(us, &list.removed, 1, "there, too");
    xmpp_free(us->ctx, room);
}

static void bookmarks(struct us *us)
{
    us_await(us, &list.loaded, 1, "they are loaded");
    converts(us);
    shares(us);
}

/* ---- marks ------------------------------------------------------- */

static struct {
    int loaded, displayed, seen;
    char last[512], last_seen[512];
} marks;

static void on_mark(xmpp_conn_t *conn, const xmpp_event_t *event,
                    void *userdata)
{
    (void)conn;
    (void)userdata;
    marks.loaded += event->what == XMPP_MDS_LOADED;
    if (event->what != XMPP_MDS_DISPLAYED)
        return;
    marks.displayed++;
    xmpp_payload_print(event->payload, event->value, marks.last,
                       sizeof(marks.last));
}

static void on_seen(xmpp_conn_t *conn, const xmpp_event_t *event,
                    void *userdata)
{
    (void)conn;
    (void)userdata;
    if (event->what != XMPP_SYNC_SEEN)
        return;
    marks.seen++;
    xmpp_payload_print(event->payload, event->value, marks.last_seen,
                       sizeof(marks.last_seen));
}

static void displays(struct us *us)
{
    struct outcome o = {0};
    xmpp_jid_t *chat =
        xmpp_jid_from_string(us->ctx, "nurse@capulet.example", NULL);

    us_await(us, &marks.loaded, 1, "they are loaded");
    us_ends(us, &o, xmpp_mds_set(us->conn, chat, "m1", NULL, on_outcome, &o), 0,
            NULL, "a conversation was displayed");
    us_order_until(us, "nurse@capulet.example", "events");
    is_str(us_order(us, "display nurse@capulet.example m2"), "ok",
           "another client goes on");
    us_await(us, &marks.displayed, 1, "which we see");
    ok(strstr(marks.last, "id: \"m2\"") != NULL, "up to which message: %s",
       marks.last);
    is_str(xmpp_mds_get(us->conn, chat)->id, "m2", "and remember");
    us_await(us, &marks.seen, 1, "it is reported with our messages");
    ok(strstr(marks.last_seen, "archive_id: \"m2\"") != NULL, "too: %s",
       marks.last_seen);
    is_int(xmpp_sync_displayed(us->conn, chat, NULL, "m3"), 0, "we go on");
    us_order_until(us, "m3", "events");
    is_int(marks.seen, 1, "our own mark is no news");
    xmpp_free(us->ctx, chat);
}

/* ---- both -------------------------------------------------------- */

void use_nodes(struct us *us)
{
    is_int(xmpp_conn_use(us->conn, &xmpp_mod_bookmarks), 0, "bookmarks in use");
    xmpp_conn_watch(us->conn, &xmpp_mod_bookmarks, on_list, us);
    is_int(xmpp_conn_use(us->conn, &xmpp_mod_mds), 0, "marks in use");
    xmpp_conn_watch(us->conn, &xmpp_mod_mds, on_mark, us);
    is_int(xmpp_conn_use(us->conn, &xmpp_mod_sync_seen), 0,
           "what was displayed in use");
    xmpp_conn_watch(us->conn, &xmpp_mod_sync, on_seen, us);
}

/* Orders go to that client meanwhile. */
static void with_other(struct us *us, const char *other,
                       void (*test)(struct us *us))
{
    const char *peer = us->peer;

    us->peer = other;
    test(us);
    us->peer = peer;
}

void test_bookmarks(struct us *us, const char *other)
{
    with_other(us, other, bookmarks);
}

void test_marks(struct us *us, const char *other)
{
    with_other(us, other, displays);
}
