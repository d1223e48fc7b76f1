/* sync_archive.c - an archive of a connection that is kept in step. */

#include <xmpp/xep/sync_archive.h>

#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/error.h>
#include <xmpp/fast.h>
#include <xmpp/module.h>
#include <xmpp/ns.h>
#include <xmpp/store.h>
#include <xmpp/xep/forward.h>
#include <xmpp/xep/sync_keep.h>

/* A page that fails is requested again so often, after so many milliseconds. */
#define RETRIES_MOST 3
#define RETRY_AFTER 2000

/* `number` is that of the page under way, 0: none. A call in progress keeps the
 * struct: `busy`. */
struct _xmpp_sync_archive_t {
    xmpp_conn_t *conn;
    xmpp_sync_owner_t owner;
    xmpp_jid_t *jid; /* NULL: our account's */
    char *key;       /* in the store */
    xmpp_sync_line_t *line;
    long number;
    int retries;
    xmpp_pending_t *waiting; /* for the time to try again */
    int busy, is_freed;
    int is_unkept; /* the application has what the store does not have yet */
    int is_away;   /* from its room */
};

xmpp_sync_line_t *xmpp_sync_archive_get_line(const xmpp_sync_archive_t *a)
{
    return a ? a->line : NULL;
}

xmpp_sync_notes_t *xmpp_sync_archive_get_notes(const xmpp_sync_archive_t *a)
{
    return a ? xmpp_sync_line_get_notes(a->line) : NULL;
}

xmpp_conn_t *xmpp_sync_archive_get_conn(const xmpp_sync_archive_t *a)
{
    return a ? a->conn : NULL;
}

/* The application may stop following the archive in an event. */
static void leave_archive(xmpp_sync_archive_t *a)
{
    if (--a->busy == 0 && a->is_freed)
        xmpp_sync_archive_free(a);
}

/* ---- the store --------------------------------------------------- */

int xmpp_sync_archive_keep(xmpp_sync_archive_t *a)
{
    return a ? xmpp_sync_keep(a->conn, a->key, xmpp_sync_archive_get_notes(a))
             : XMPP_EINVOP;
}

int xmpp_sync_archive_restore(xmpp_sync_archive_t *a)
{
    return a ? xmpp_sync_restore(a->conn, a->owner.module, a->key,
                                 xmpp_sync_archive_get_notes(a))
             : XMPP_EINVOP;
}

/* ---- events ------------------------------------------------------ */

/* If the store can keep all together, the notes go first, because the release
 * of the connection in an event commits. If not, they go last: then a process
 * that is killed in between gets the same message again. If the session ends in
 * the event they go there: after the release there is no store. */
static void on_line_deliver(void *to, const xmpp_sync_item_t *item,
                            const xmpp_sync_gap_t *gap)
{
    xmpp_sync_archive_t *a = to;

    a->busy++;
    a->is_unkept = xmpp_conn_store_begin(a->conn) <= 0;
    if (!a->is_unkept)
        xmpp_sync_archive_keep(a);
    if (gap)
        xmpp_conn_emit(a->conn, a->owner.module, XMPP_SYNC_GAP, gap, NULL);
    if (item)
        xmpp_sync_report(a->conn, a->owner.module, a->jid, item, 0);
    if (a->is_unkept)
        xmpp_sync_archive_keep(a);
    a->is_unkept = 0;
    xmpp_conn_store_commit(a->conn);
    leave_archive(a);
}

static void on_line_report(void *to, int state)
{
    xmpp_sync_archive_t *a = to;
    xmpp_sync_change_t change;

    XMPP_INIT(xmpp_sync_change, change);
    if (a->jid)
        change.archive = *a->jid;
    change.state = state;
    xmpp_conn_emit(a->conn, a->owner.module, XMPP_SYNC_STATE, &change, NULL);
}

static int on_line_send(void *to, const char *id, const char *after)
{
    xmpp_sync_archive_t *a = to;

    return a->owner.send(a->owner.to, id, after);
}

static void on_line_settle(void *to, const char *id, int fate)
{
    xmpp_sync_archive_t *a = to;

    a->owner.settle(a->owner.to, id, fate);
}

/* ---- later ------------------------------------------------------- */

static void forget_waiting(void *archive)
{
    ((xmpp_sync_archive_t *)archive)->waiting = NULL;
}

static void on_retry_time(xmpp_conn_t *conn, const xmpp_result_t *result,
                          void *userdata);

/* Something could not be done. In another session it is done anyway. */
static void try_later(xmpp_sync_archive_t *a)
{
    if (a->waiting)
        return;
    a->waiting =
        xmpp_pending_new(a->conn, RETRY_AFTER * (unsigned long)(a->retries + 1),
                         on_retry_time, a);
    xmpp_pending_on_end(a->waiting, forget_waiting, a);
}

/* The archive is to be read, and no page is under way: there was no memory to
 * request it. */
static void leave_engine(xmpp_sync_archive_t *a)
{
    if (!a->is_freed && !a->number &&
        xmpp_sync_line_get_state(a->line) == XMPP_SYNC_CATCHING)
        try_later(a);
    leave_archive(a);
}

static void on_retry_time(xmpp_conn_t *conn, const xmpp_result_t *result,
                          void *userdata)
{
    xmpp_sync_archive_t *a = userdata;

    (void)conn;
    if (result->status != XMPP_ETIMEOUT)
        return;
    a->busy++;
    xmpp_sync_line_go_on(a->line, a->number != 0);
    leave_engine(a);
}

/* ---- items ------------------------------------------------------- */

static void fill_sync_item(const xmpp_sync_archive_t *a, xmpp_stanza_t *message,
                           int via, xmpp_sync_item_t *item)
{
    memset(item, 0, sizeof(*item));
    item->message = message;
    item->via = via;
    item->time = XMPP_NO_TIME;
    item->key = xmpp_sync_key(message);
    item->own = a->owner.find_own(a->owner.to, message);
}

void xmpp_sync_archive_receive(xmpp_sync_archive_t *a, xmpp_stanza_t *message,
                               int via)
{
    xmpp_sync_item_t item;

    if (!a || !message || a->is_away)
        return;
    fill_sync_item(a, message, via, &item);
    item.id = xmpp_stanza_id_get(a->conn, message, a->jid);
    item.is_delayed =
        xmpp_stanza_next_tag(message, NULL, "delay", XMPP_NS_DELAY) != NULL;
    item.time = xmpp_delay_get(a->conn, message, a->jid);
    a->busy++;
    xmpp_sync_line_receive(a->line, &item);
    leave_engine(a);
}

/* ---- pages ------------------------------------------------------- */

/* Into the memory of the page. NULL when out of memory. */
static const xmpp_sync_item_t **read_items(const xmpp_sync_archive_t *a,
                                           const xmpp_mam_page_t *page,
                                           void **ret_memory)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(a->conn);
    const xmpp_sync_item_t **list;
    xmpp_sync_item_t *items;
    size_t i, n = page->result_count;

    *ret_memory = list =
        xmpp_zalloc(ctx, (n + 1) * (sizeof(*list) + sizeof(*items)));
    if (!list)
        return NULL;
    items = (xmpp_sync_item_t *)(void *)(list + n + 1);
    for (i = 0; i < n; i++) {
        const xmpp_mam_result_t *result = page->results[i];

        fill_sync_item(a, result->message, XMPP_VIA_ARCHIVE, &items[i]);
        items[i].id = result->id;
        items[i].time = result->stamp;
        list[i] = &items[i];
    }
    return list;
}

static void take_archive_page(xmpp_sync_archive_t *a, long number,
                              const xmpp_mam_page_t *page)
{
    void *memory = NULL;
    const xmpp_sync_item_t **list = read_items(a, page, &memory);

    a->retries = 0;
    if (list)
        xmpp_sync_line_take_page(a->line, number, list, page->result_count,
                                 page->is_complete, page->is_unstable);
    xmpp_free(xmpp_conn_get_context(a->conn), memory);
}

static void on_archive_page(xmpp_conn_t *conn, const xmpp_result_t *result,
                            void *userdata)
{
    xmpp_sync_archive_t *a = userdata;
    const xmpp_mam_page_t *page = result->status ? NULL : result->value;
    long number = a->number;
    int why = xmpp_sync_get_why(result);

    (void)conn;
    a->number = 0;
    if (result->status == XMPP_ENOTCONN)
        return;
    a->busy++;
    if (page && !page->is_partial)
        take_archive_page(a, number, page);
    else if (why)
        xmpp_sync_line_fail_page(a->line, number, why);
    else if (a->retries++ < RETRIES_MOST)
        try_later(a);
    else
        xmpp_sync_line_fail_page(a->line, number, XMPP_SYNC_FAILED);
    if (!a->is_freed && !a->number &&
        xmpp_sync_own_is_waiting(xmpp_sync_line_get_own(a->line)))
        try_later(a);
    leave_engine(a);
}

int xmpp_sync_archive_get(xmpp_sync_archive_t *a, const char *before,
                          const char *after, long most,
                          xmpp_result_handler handler, void *userdata)
{
    xmpp_mam_query_t query;
    xmpp_rsm_t page;

    if (!a)
        return XMPP_EINVOP;
    XMPP_INIT(xmpp_mam_query, query);
    XMPP_INIT(xmpp_rsm, page);
    if (a->jid)
        query.archive = *a->jid;
    query.page = &page;
    page.before = before;
    page.after = after;
    page.max = most > 0 && most < *a->owner.page ? most : *a->owner.page;
    return xmpp_mam_get(a->conn, &query, handler, userdata);
}

static int on_line_request(void *to, long number, int is_last,
                           const char *after)
{
    xmpp_sync_archive_t *a = to;
    int rc;

    if (a->number)
        xmpp_result_cancel(a->conn, on_archive_page, a);
    a->number = number;
    rc = xmpp_sync_archive_get(a, is_last ? "" : NULL, after, 0,
                               on_archive_page, a);
    if (rc && a->number == number) {
        a->number = 0;
        try_later(a);
    }
    return rc;
}

void xmpp_sync_archive_report_gap(xmpp_sync_archive_t *a,
                                  const xmpp_sync_gap_t *now,
                                  const xmpp_sync_gap_t *before)
{
    if (!a)
        return;
    a->busy++;
    xmpp_conn_emit(a->conn, a->owner.module, XMPP_SYNC_GAP, now, before);
    leave_archive(a);
}

void xmpp_sync_archive_deliver(xmpp_sync_archive_t *a,
                               const xmpp_mam_result_t *result)
{
    xmpp_sync_item_t item;

    if (!a || !result ||
        xmpp_sync_notes_has(xmpp_sync_archive_get_notes(a), result->id))
        return; /* a gap begins before what may be missing, not behind it */
    fill_sync_item(a, result->message, XMPP_VIA_ARCHIVE, &item);
    item.id = result->id;
    item.time = result->stamp;
    a->busy++;
    if (item.own)
        xmpp_sync_own_settle(xmpp_sync_line_get_own(a->line), item.own,
                             XMPP_SYNC_STORED);
    else
        xmpp_sync_report(a->conn, a->owner.module, a->jid, &item, 1);
    leave_archive(a);
}

/* ---- life -------------------------------------------------------- */

xmpp_sync_archive_t *xmpp_sync_archive_new(xmpp_conn_t *conn,
                                           const xmpp_jid_t *archive,
                                           const xmpp_sync_owner_t *owner)
{
    xmpp_ctx_t *ctx = conn ? xmpp_conn_get_context(conn) : NULL;
    xmpp_sync_archive_t *a = ctx && owner ? xmpp_zalloc(ctx, sizeof(*a)) : NULL;
    xmpp_sync_orders_t orders = {sizeof(orders),  a,
                                 archive,         NULL,
                                 on_line_request, on_line_deliver,
                                 on_line_send,    on_line_settle,
                                 on_line_report};

    if (!a)
        return NULL;
    a->conn = conn;
    a->owner = *owner;
    orders.limits = owner->limits;
    a->jid = archive ? xmpp_jid_copy(ctx, archive) : NULL;
    a->is_away = archive != NULL;
    a->key = archive ? xmpp_jid_text(ctx, archive, XMPP_JID_BARE)
                     : xmpp_copy_text(ctx, "/");
    a->line = xmpp_sync_line_new(ctx, &orders);
    if (a->line && a->key && (a->jid || !archive))
        return a;
    xmpp_sync_archive_free(a);
    return NULL;
}

void xmpp_sync_archive_free(xmpp_sync_archive_t *a)
{
    xmpp_ctx_t *ctx;

    if (!a)
        return;
    a->is_freed = 1;
    if (a->busy)
        return;
    ctx = xmpp_conn_get_context(a->conn);
    xmpp_result_cancel(a->conn, on_archive_page, a);
    xmpp_result_cancel(a->conn, on_retry_time, a);
    xmpp_sync_line_free(a->line);
    xmpp_free(ctx, a->key);
    xmpp_free(ctx, a->jid);
    xmpp_free(ctx, a);
}

void xmpp_sync_archive_begin(xmpp_sync_archive_t *a)
{
    const xmpp_mam_metadata_t *metadata =
        a && !a->jid ? xmpp_payload_find(xmpp_conn_get_bind2_result(a->conn),
                                         &xmpp_mam_metadata)
                     : NULL;

    if (!a || a->is_away)
        return;
    a->retries = 0;
    a->busy++;
    xmpp_sync_line_begin(a->line, metadata ? metadata->last_id : NULL);
    leave_engine(a);
}

void xmpp_sync_archive_resume(xmpp_sync_archive_t *a)
{
    if (!a || a->is_away)
        return;
    a->busy++;
    if (xmpp_sync_line_get_state(a->line) == XMPP_SYNC_OFFLINE)
        xmpp_sync_line_begin(a->line, NULL); /* of an earlier process */
    else
        xmpp_sync_line_resume(a->line);
    leave_engine(a);
}

void xmpp_sync_archive_end(xmpp_sync_archive_t *a)
{
    if (!a)
        return;
    a->busy++;
    if (a->is_unkept)
        xmpp_sync_archive_keep(a);
    a->is_unkept = 0;
    xmpp_sync_line_end(a->line);
    leave_archive(a);
}

int xmpp_sync_archive_set_away(xmpp_sync_archive_t *a, int is_away)
{
    int was_away = a && a->is_away;

    if (!a || !a->jid)
        return 0;
    a->busy++;
    a->is_away = is_away != 0;
    xmpp_sync_own_judge(xmpp_sync_line_get_own(a->line), !is_away && !was_away);
    if (is_away)
        xmpp_sync_archive_end(a);
    else if (!a->is_freed)
        xmpp_sync_line_go_on(a->line, 1);
    leave_archive(a);
    return was_away && !is_away;
}
