/* sync_fill.c - what is missing of an archive, fetched. */

#include <xmpp/xep/sync_fill.h>

#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/error.h>
#include <xmpp/store.h>

/* `pending` is what the application waits for; it may end before the page that
 * is under way arrives. A call in progress keeps the struct: `busy`. */
struct _xmpp_sync_fill_t {
    xmpp_sync_archive_t *archive;
    xmpp_ctx_t *ctx;
    xmpp_pending_t *pending;
    char *before;                 /* where the gap ends */
    char *mark;                   /* where it ended some pages ago */
    unsigned long pages, mark_at; /* until the mark is set again */
    long wanted;                  /* 0: all */
    int is_open;                  /* a page is under way */
    int busy, is_freed;
};

static void on_gap_page(xmpp_conn_t *conn, const xmpp_result_t *result,
                        void *userdata);

xmpp_sync_fill_t *xmpp_sync_fill_new(xmpp_sync_archive_t *archive)
{
    xmpp_conn_t *conn = xmpp_sync_archive_get_conn(archive);
    xmpp_ctx_t *ctx = conn ? xmpp_conn_get_context(conn) : NULL;
    xmpp_sync_fill_t *fill = ctx ? xmpp_zalloc(ctx, sizeof(*fill)) : NULL;

    if (!fill)
        return NULL;
    fill->archive = archive;
    fill->ctx = ctx;
    return fill;
}

static void forget_pending(void *userdata)
{
    ((xmpp_sync_fill_t *)userdata)->pending = NULL;
}

void xmpp_sync_fill_free(xmpp_sync_fill_t *fill)
{
    xmpp_pending_t *pending;

    if (!fill)
        return;
    pending = fill->pending;
    fill->pending = NULL;
    if (fill->is_open)
        xmpp_result_cancel(xmpp_sync_archive_get_conn(fill->archive),
                           on_gap_page, fill);
    fill->is_open = 0;
    fill->is_freed = 1;
    fill->busy++;
    if (pending)
        xmpp_pending_end(pending, XMPP_ENOTCONN, NULL, NULL);
    if (--fill->busy)
        return;
    xmpp_free(fill->ctx, fill->before);
    xmpp_free(fill->ctx, fill->mark);
    xmpp_free(fill->ctx, fill);
}

static void leave_fill(xmpp_sync_fill_t *fill)
{
    if (--fill->busy || !fill->is_freed)
        return;
    xmpp_free(fill->ctx, fill->before);
    xmpp_free(fill->ctx, fill->mark);
    xmpp_free(fill->ctx, fill);
}

/* ---- a page ------------------------------------------------------ */

static const xmpp_sync_gap_t *find_gap(const xmpp_sync_fill_t *fill)
{
    return fill->before
               ? xmpp_sync_notes_find_gap(
                     xmpp_sync_archive_get_notes(fill->archive), fill->before)
               : NULL;
}

/* Where the part of a page begins that lies in the gap. */
static size_t gap_begins(const xmpp_mam_page_t *page, const char *after)
{
    size_t i = page->result_count;

    while (after && i > 0 && strcmp(page->results[i - 1]->id, after))
        i--;
    return after ? i : 0;
}

/* The gap ends before the first message of the page, or is filled. 0,
 * XMPP_EMEM. */
static int narrow_gap(xmpp_sync_fill_t *fill, const xmpp_mam_result_t *first)
{
    char *now = first ? xmpp_copy_text(fill->ctx, first->id) : NULL;
    int rc = XMPP_EMEM;

    if (now || !first)
        rc = xmpp_sync_notes_narrow(xmpp_sync_archive_get_notes(fill->archive),
                                    fill->before, now,
                                    first ? first->stamp : XMPP_NO_TIME);
    if (rc) {
        xmpp_free(fill->ctx, now);
        return rc;
    }
    xmpp_free(fill->ctx, fill->before);
    fill->before = now;
    return 0;
}

/* Where the gap would end was it before: the server goes round in a circle. The
 * mark is set anew after twice as many pages each time (Brent), so that any
 * circle is found, and one id is kept. */
static int goes_round(xmpp_sync_fill_t *fill, const char *now)
{
    char *mark;

    if (fill->mark && !strcmp(fill->mark, now))
        return 1;
    if (++fill->pages < fill->mark_at)
        return 0;
    mark = xmpp_copy_text(fill->ctx, now);
    if (mark) {
        xmpp_free(fill->ctx, fill->mark);
        fill->mark = mark;
        fill->mark_at *= 2;
        fill->pages = 0;
    }
    return 0;
}

/* Was it delivered before the gap was made? */
static int was_delivered(const xmpp_sync_gap_t *gap, const char *id)
{
    size_t i = gap->id_count;

    while (i > 0 && strcmp(gap->ids[i - 1], id))
        i--;
    return i > 0;
}

/* The messages, and the gap that is smaller now: stored together, as at
 * on_line_deliver() of sync_archive.c. */
static void deliver_page(xmpp_sync_fill_t *fill, const xmpp_mam_page_t *page,
                         size_t at, const xmpp_sync_gap_t *old)
{
    xmpp_conn_t *conn = xmpp_sync_archive_get_conn(fill->archive);
    int is_together = xmpp_conn_store_begin(conn) > 0;

    if (is_together)
        xmpp_sync_archive_keep(fill->archive);
    for (; at < page->result_count && !fill->is_freed; at++)
        if (!was_delivered(old, page->results[at]->id))
            xmpp_sync_archive_deliver(fill->archive, page->results[at]);
    if (!is_together && !fill->is_freed)
        xmpp_sync_archive_keep(fill->archive);
    if (!fill->is_freed)
        xmpp_sync_archive_report_gap(fill->archive, find_gap(fill), old);
    xmpp_conn_store_commit(conn);
}

/* 0: there is more; 1: the gap is filled, or enough was fetched; or a code. */
static int take_gap_page(xmpp_sync_fill_t *fill, const xmpp_mam_page_t *page)
{
    const xmpp_sync_gap_t *gap = find_gap(fill);
    size_t at = gap ? gap_begins(page, gap->after) : 0;
    int is_filled = at > 0 || page->is_complete || !page->result_count;
    long fetched = (long)(page->result_count - at);
    xmpp_sync_gap_t *old;
    int rc;

    if (!gap)
        return XMPP_EARG;
    if (page->is_partial ||
        (!is_filled && goes_round(fill, page->results[0]->id)))
        return XMPP_EPROTO;
    old = xmpp_payload_copy(fill->ctx, &xmpp_sync_gap, gap);
    rc =
        old ? narrow_gap(fill, is_filled ? NULL : page->results[0]) : XMPP_EMEM;
    if (rc == 0)
        deliver_page(fill, page, at, old);
    xmpp_free(fill->ctx, old);
    if (rc || is_filled || fill->is_freed)
        return rc ? rc : 1;
    if (!fill->wanted)
        return 0;
    fill->wanted -= fetched < fill->wanted ? fetched : fill->wanted;
    return fill->wanted == 0;
}

/* ---- pages ------------------------------------------------------- */

static int get_gap_page(xmpp_sync_fill_t *fill)
{
    int rc = xmpp_sync_archive_get(fill->archive, fill->before, NULL,
                                   fill->wanted, on_gap_page, fill);

    fill->is_open = rc == 0;
    return rc;
}

static void on_gap_page(xmpp_conn_t *conn, const xmpp_result_t *result,
                        void *userdata)
{
    xmpp_sync_fill_t *fill = userdata;
    xmpp_result_t end = *result;
    xmpp_pending_t *pending;

    (void)conn;
    fill->is_open = 0;
    if (!fill->pending)
        return; /* nobody waits any more */
    fill->busy++;
    end.value = end.payload = NULL;
    if (end.status == 0)
        end.status = take_gap_page(fill, result->value);
    if (end.status == 0)
        end.status = get_gap_page(fill);
    if (end.status > 0)
        end.status = 0;
    pending = fill->is_open ? NULL : fill->pending;
    if (pending) {
        fill->pending = NULL;
        xmpp_pending_end_with(pending, &end);
    }
    leave_fill(fill);
}

int xmpp_sync_fill_start(xmpp_sync_fill_t *fill, const char *before, long count,
                         xmpp_result_handler handler, void *userdata)
{
    xmpp_conn_t *conn;
    int rc;

    if (!fill || count < 0)
        return XMPP_EINVOP;
    if (fill->is_open || fill->pending)
        return XMPP_EFULL;
    conn = xmpp_sync_archive_get_conn(fill->archive);
    xmpp_free(fill->ctx, fill->mark);
    fill->mark = NULL;
    fill->pages = 0, fill->mark_at = 1;
    xmpp_free(fill->ctx, fill->before);
    fill->before = before ? xmpp_copy_text(fill->ctx, before) : NULL;
    fill->wanted = count;
    if (!find_gap(fill))
        return XMPP_EARG;
    rc = get_gap_page(fill);
    if (rc)
        return rc;
    fill->pending = xmpp_pending_new(conn, 0, handler, userdata);
    if (!fill->pending) {
        xmpp_result_cancel(conn, on_gap_page, fill);
        fill->is_open = 0;
        return XMPP_EFULL;
    }
    xmpp_pending_on_end(fill->pending, forget_pending, fill);
    return 0;
}
