/* sync_seen.c - what one client of ours has displayed counts on all of them. */

#include <xmpp/xep/sync_seen.h>

#include <stddef.h>
#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/dict.h>
#include <xmpp/error.h>
#include <xmpp/module.h>

/* Of a conversation for which something waits until its archive is live. */
struct wait {
    int has_news; /* another client's mark (it is in mds.h) is not reported */
    char *own;    /* what we have displayed, and the server may not know yet */
    int is_late;  /* something newer than `own` was displayed meanwhile */
};

/* Both are by full address. A mark whose id the room gave is in `rooms`. */
struct seen {
    xmpp_dict_t *chats, *rooms; /* struct wait */
    long most;
    char *account; /* whose they are, a bare address; NULL: nobody's yet */
};

static void wait_done(xmpp_ctx_t *ctx, void *record)
{
    xmpp_free(ctx, ((struct wait *)record)->own);
}

static xmpp_dict_t *waits_of(const struct seen *seen, int is_room)
{
    return is_room ? seen->rooms : seen->chats;
}

static struct wait *find_wait(const struct seen *seen, const xmpp_jid_t *chat,
                              int is_room)
{
    return xmpp_dict_find_jid(waits_of(seen, is_room), chat, XMPP_JID_FULL);
}

/* In place of the oldest one if there are too many. NULL when out of memory. */
static struct wait *make_wait(xmpp_conn_t *conn, const struct seen *seen,
                              const xmpp_jid_t *chat, int is_room)
{
    struct wait *wait = find_wait(seen, chat, is_room);
    xmpp_dict_t *dict = waits_of(seen, is_room);

    if (wait)
        return wait;
    while (xmpp_dict_count(dict) >= (size_t)seen->most)
        xmpp_dict_drop(dict, xmpp_dict_next(dict, NULL));
    wait = xmpp_dict_put_jid(dict, chat, XMPP_JID_FULL);
    if (!wait)
        xmpp_conn_log(conn, &xmpp_mod_sync_seen, XMPP_LEVEL_WARN,
                      "a mark is left out: %s", xmpp_strerror(XMPP_EMEM));
    return wait;
}

/* What is newer than ours is known: ours would take it back. It stays, because
 * it may still come from the server. */
static void overtake(const struct seen *seen, const xmpp_jid_t *chat,
                     int is_room)
{
    struct wait *wait = find_wait(seen, chat, is_room);

    if (wait)
        wait->is_late = 1;
}

/* A room that we are not in is not live, whether it is followed or not. */
static int is_archive_live(xmpp_conn_t *conn, const xmpp_jid_t *chat,
                           int is_room)
{
    if (is_room && !xmpp_conn_sender_is(conn, chat, XMPP_SENDER_ROOM))
        return 0;
    return xmpp_sync_get_state(conn, is_room ? chat : NULL) == XMPP_SYNC_LIVE;
}

/* ---- what other clients have displayed --------------------------- */

static void report_mark(xmpp_conn_t *conn, const xmpp_mds_displayed_t *mark,
                        int is_room)
{
    xmpp_sync_seen_t value;

    XMPP_INIT(xmpp_sync_seen, value);
    value.chat = mark->chat;
    value.archive_id = mark->id;
    if (is_room)
        value.archive = mark->by;
    xmpp_conn_emit(conn, &xmpp_mod_sync, XMPP_SYNC_SEEN, &value, NULL);
}

/* The server sends our own marks back to us. */
static int is_echo(const struct wait *wait, const xmpp_mds_displayed_t *mark)
{
    return wait && wait->own && !strcmp(wait->own, mark->id);
}

/* An id of anybody else cannot be found in the conversation (section 5.1). */
static void on_mark_of_ours(xmpp_conn_t *conn, const xmpp_event_t *event,
                            void *userdata)
{
    const xmpp_mds_displayed_t *mark = event->value;
    const struct seen *seen = userdata;
    struct wait *wait;
    int is_room;

    if (event->what != XMPP_MDS_DISPLAYED)
        return;
    is_room = !xmpp_conn_sender_is(conn, &mark->by, XMPP_SENDER_ACCOUNT);
    if (is_room && !xmpp_jid_equal(&mark->by, &mark->chat, XMPP_JID_FULL))
        return;
    wait = find_wait(seen, &mark->chat, is_room);
    if (is_echo(wait, mark)) {
        xmpp_dict_drop(waits_of(seen, is_room), wait);
    } else if (is_archive_live(conn, &mark->chat, is_room)) {
        overtake(seen, &mark->chat, is_room);
        report_mark(conn, mark, is_room);
    } else {
        wait = make_wait(conn, seen, &mark->chat, is_room);
        if (wait)
            wait->has_news = 1;
    }
}

/* ---- what we have displayed -------------------------------------- */

/* Until the archive is live; a marker's also until it comes back from the
 * server. */
static void keep_seen(xmpp_conn_t *conn, const struct seen *seen,
                      const xmpp_jid_t *chat, int is_room, const char *id)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    struct wait *wait = make_wait(conn, seen, chat, is_room);

    if (!wait)
        return;
    xmpp_free(ctx, wait->own);
    wait->own = xmpp_copy_text(ctx, id);
    wait->is_late = 0;
    if (!wait->own && !wait->has_news)
        xmpp_dict_drop(waits_of(seen, is_room), wait);
}

/* Of a mark of our own: `by` is absent unless it is the room. The copy is
 * freed. What the session did not carry waits for the next one, unless
 * something newer does. */
static void end_publication(xmpp_conn_t *conn, xmpp_mds_displayed_t *mark,
                            int status)
{
    const struct seen *seen = xmpp_conn_get_state(conn, &xmpp_mod_sync_seen);
    int is_room = mark->by.domain_size != 0;
    const struct wait *wait = find_wait(seen, &mark->chat, is_room);

    if (status == XMPP_ENOTCONN && !(wait && wait->own && !wait->is_late))
        keep_seen(conn, seen, &mark->chat, is_room, mark->id);
    else if (status)
        xmpp_conn_log(conn, &xmpp_mod_sync_seen, XMPP_LEVEL_INFO,
                      "what was displayed is not published: %s",
                      xmpp_strerror(status));
    xmpp_free(xmpp_conn_get_context(conn), mark);
}

static void on_seen_published(xmpp_conn_t *conn, const xmpp_result_t *result,
                              void *mark)
{
    end_publication(conn, mark, result->status);
}

static void publish_seen(xmpp_conn_t *conn, const xmpp_jid_t *chat, int is_room,
                         const char *id)
{
    xmpp_mds_displayed_t mark, *copy;
    int rc;

    XMPP_INIT(xmpp_mds_displayed, mark);
    mark.chat = *chat;
    mark.id = id;
    if (is_room)
        mark.by = *chat;
    copy = xmpp_payload_copy(xmpp_conn_get_context(conn), &xmpp_mds_displayed,
                             &mark);
    if (!copy)
        return;
    rc = xmpp_mds_set(conn, chat, id, is_room ? chat : NULL, on_seen_published,
                      copy);
    if (rc)
        end_publication(conn, copy, rc);
}

/* The server has it, or is about to. */
static int is_published(xmpp_conn_t *conn, const xmpp_sync_seen_t *value)
{
    const xmpp_mds_displayed_t *known = xmpp_mds_get(conn, &value->chat);

    return known && !strcmp(known->id, value->archive_id);
}

/* Section 4.5.3: to a bare address, which is the id of the item. A room is
 * another matter: the mark would go to the room before our server. */
static int can_go_with_marker(xmpp_conn_t *conn, const xmpp_sync_seen_t *value,
                              int is_room)
{
    return value->marker && !is_room && !value->chat.resource_size &&
           xmpp_mds_is_assisted(conn);
}

static void add_to_marker(const struct seen *seen,
                          const xmpp_sync_seen_t *value)
{
    char buffer[XMPP_JID_BUFFER_SIZE];
    xmpp_stanza_id_t id;
    xmpp_mds_t mark;

    XMPP_INIT(xmpp_stanza_id, id);
    XMPP_INIT(xmpp_mds, mark);
    id.id = value->archive_id;
    if (seen->account)
        xmpp_jid_parse(seen->account, strlen(seen->account), XMPP_JID_LENIENT,
                       buffer, &id.by, NULL);
    mark.stanza_id = &id;
    xmpp_payload_add(value->marker, &xmpp_mds, &mark);
}

static void on_own_displayed(xmpp_conn_t *conn, const struct seen *seen,
                             const xmpp_sync_seen_t *value)
{
    int is_room = value->archive.domain_size != 0;

    if (!value->archive_id)
        return;
    if (!is_archive_live(conn, &value->chat, is_room)) {
        keep_seen(conn, seen, &value->chat, is_room, value->archive_id);
    } else if (is_published(conn, value)) {
        overtake(seen, &value->chat, is_room);
    } else if (can_go_with_marker(conn, value, is_room)) {
        add_to_marker(seen, value);
        keep_seen(conn, seen, &value->chat, is_room, value->archive_id);
    } else {
        overtake(seen, &value->chat, is_room);
        publish_seen(conn, &value->chat, is_room, value->archive_id);
    }
}

/* ---- what sync reports ------------------------------------------- */

/* The message that another client has marked is behind what we displayed. */
static void on_seen_message(xmpp_conn_t *conn, const struct seen *seen,
                            const xmpp_sync_message_t *message)
{
    struct wait *wait =
        find_wait(seen, &message->chat, message->archive.domain_size != 0);
    const xmpp_mds_displayed_t *mark;

    if (!wait || !wait->own || !wait->has_news || !message->id)
        return;
    mark = xmpp_mds_get(conn, &message->chat);
    if (!mark || strcmp(mark->id, message->id))
        return;
    xmpp_free(xmpp_conn_get_context(conn), wait->own);
    wait->own = NULL;
}

static size_t find_delivered(const xmpp_sync_known_t *known, const char *id)
{
    size_t i = known->id_count;

    while (i > 0 && strcmp(known->ids[i - 1], id))
        i--;
    return i;
}

/* Was the message of this mark delivered behind ours? Of those that are not
 * remembered any more all are older than the others. */
static int is_behind(xmpp_conn_t *conn, const xmpp_jid_t *archive,
                     const xmpp_mds_displayed_t *mark, const char *own)
{
    const xmpp_sync_known_t *known = xmpp_sync_get_known(conn, archive);
    size_t at = known && mark && own ? find_delivered(known, mark->id) : 0;

    return at && at >= find_delivered(known, own);
}

/* Ours goes first, because a watcher may change anything. */
static void end_wait(xmpp_conn_t *conn, xmpp_dict_t *dict, struct wait *wait,
                     const xmpp_jid_t *chat, int is_room)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    const xmpp_mds_displayed_t *news =
        wait->has_news ? xmpp_mds_get(conn, chat) : NULL;
    xmpp_mds_displayed_t *mark =
        news ? xmpp_payload_copy(ctx, &xmpp_mds_displayed, news) : NULL;
    int is_late = wait->is_late;
    char *own = wait->own;

    is_late |= is_behind(conn, is_room ? chat : NULL, news, own);
    wait->own = NULL;
    xmpp_dict_drop(dict, wait);
    if (own && !is_late)
        publish_seen(conn, chat, is_room, own);
    if (mark)
        report_mark(conn, mark, is_room);
    xmpp_free(ctx, mark);
    xmpp_free(ctx, own);
}

/* The address of a record, which outlives it. Owned; NULL when out of memory.
 */
static xmpp_jid_t *copy_chat(xmpp_ctx_t *ctx, const struct wait *wait)
{
    char buffer[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t chat;
    size_t n;
    const char *key = xmpp_dict_key(wait, &n);

    if (xmpp_jid_parse(key, n, XMPP_JID_LENIENT, buffer, &chat, NULL))
        return NULL;
    return xmpp_jid_copy(ctx, &chat);
}

/* Each of those that are there now; one that has to wait again is behind them.
 */
static void end_waits_of_account(xmpp_conn_t *conn, const struct seen *seen)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    size_t count = xmpp_dict_count(seen->chats);
    struct wait *wait;
    xmpp_jid_t *chat;

    while (count-- && (wait = xmpp_dict_next(seen->chats, NULL)) &&
           is_archive_live(conn, NULL, 0)) {
        chat = copy_chat(ctx, wait);
        if (chat)
            end_wait(conn, seen->chats, wait, chat, 0);
        else
            xmpp_dict_drop(seen->chats, wait);
        xmpp_free(ctx, chat);
    }
}

static void on_live(xmpp_conn_t *conn, const struct seen *seen,
                    const xmpp_jid_t *archive)
{
    struct wait *wait;

    if (!archive->domain_size) {
        end_waits_of_account(conn, seen);
        return;
    }
    wait = find_wait(seen, archive, 1);
    if (wait)
        end_wait(conn, seen->rooms, wait, archive, 1);
}

static void on_synced(xmpp_conn_t *conn, const xmpp_event_t *event,
                      void *userdata)
{
    const xmpp_sync_change_t *change = event->value;

    if (event->what == XMPP_SYNC_MESSAGE)
        on_seen_message(conn, userdata, event->value);
    if (event->what == XMPP_SYNC_SHOWN)
        on_own_displayed(conn, userdata, event->value);
    if (event->what == XMPP_SYNC_STATE && change->state == XMPP_SYNC_LIVE)
        on_live(conn, userdata, &change->archive);
}

/* ---- life -------------------------------------------------------- */

static int attach_seen(xmpp_conn_t *conn, struct seen *seen)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    int rc = XMPP_EMEM;

    seen->chats = xmpp_dict_new(ctx, sizeof(struct wait), 0, wait_done);
    seen->rooms = xmpp_dict_new(ctx, sizeof(struct wait), 0, wait_done);
    if (seen->chats && seen->rooms)
        rc = xmpp_conn_watch(conn, &xmpp_mod_sync, on_synced, seen);
    if (rc >= 0)
        rc = xmpp_conn_watch(conn, &xmpp_mod_mds, on_mark_of_ours, seen);
    if (rc >= 0)
        return 0;
    xmpp_conn_unwatch(conn, &xmpp_mod_sync, on_synced, seen);
    xmpp_dict_free(seen->chats);
    xmpp_dict_free(seen->rooms);
    return rc;
}

/* What waits for another account is forgotten. */
static void set_seen_account(xmpp_conn_t *conn, struct seen *seen)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    char *account = xmpp_jid_bare(ctx, xmpp_conn_get_bound_jid(conn));

    if (!account || (seen->account && strcmp(account, seen->account))) {
        xmpp_dict_clear(seen->chats);
        xmpp_dict_clear(seen->rooms);
    }
    xmpp_free(ctx, seen->account);
    seen->account = account;
}

static int on_seen_life(xmpp_conn_t *conn, xmpp_lifecycle_t event, void *state)
{
    struct seen *seen = state;

    if (event == XMPP_ATTACHED)
        return attach_seen(conn, seen);
    if (event == XMPP_SESSION_STARTED)
        set_seen_account(conn, seen);
    if (event == XMPP_DETACHED) {
        xmpp_dict_free(seen->chats);
        xmpp_dict_free(seen->rooms);
        xmpp_free(xmpp_conn_get_context(conn), seen->account);
    }
    return 0;
}

static const xmpp_row_t rows[] = {
    XMPP_NEEDS(&xmpp_mod_sync),
    XMPP_NEEDS(&xmpp_mod_mds),
    XMPP_LIFECYCLE(on_seen_life),
    XMPP_LIMIT("waiting", 10000, 1, 10000000, offsetof(struct seen, most)),
    XMPP_SPEC("XEP-0490", "1.0.1", "complete"),
    XMPP_ROWS_END};

XMPP_MODULE(xmpp_mod_sync_seen, "sync_seen", sizeof(struct seen), rows);
