/* sync_line.c - the engine of sync.h for one archive. */

#include <xmpp/xep/sync_line.h>

#include <xmpp/ctx.h>
#include <xmpp/error.h>

/* Whoever gave an order sees by the walk's number whether all has changed. */
struct _xmpp_sync_line_t {
    xmpp_ctx_t *ctx;
    xmpp_sync_orders_t orders;
    xmpp_sync_notes_t *notes;
    xmpp_sync_hold_t *hold;
    xmpp_sync_own_t *own;
    xmpp_sync_walk_t walk;
    xmpp_sync_state_t state;
    int busy, is_freed, has_archive; /* the last: in this session */
    size_t new_keys;                 /* noted since the last request */
};

/* Rule 2: what is held by now is in the archive. */
static int request_page(void *to, long number, int is_last, const char *after)
{
    xmpp_sync_line_t *line = to;

    xmpp_sync_hold_drop_archived(line->hold);
    line->new_keys = 0;
    return line->orders.request(line->orders.to, number, is_last, after);
}

/* ---- life -------------------------------------------------------- */

xmpp_sync_line_t *xmpp_sync_line_new(xmpp_ctx_t *ctx,
                                     const xmpp_sync_orders_t *orders)
{
    xmpp_sync_line_t *line;

    if (!ctx || !orders || !orders->limits || !orders->request ||
        !orders->deliver || !orders->report ||
        !(line = xmpp_zalloc(ctx, sizeof(*line))))
        return NULL;
    line->ctx = ctx;
    line->orders = *orders;
    line->state = XMPP_SYNC_OFFLINE;
    line->notes = xmpp_sync_notes_new(ctx, orders->archive);
    line->hold = xmpp_sync_hold_new(ctx);
    line->own =
        xmpp_sync_own_new(ctx, orders->send, orders->settle, orders->to);
    xmpp_sync_walk_init(&line->walk, ctx, line->notes, line->own, request_page,
                        line);
    if (line->notes && line->hold && line->own)
        return line;
    xmpp_sync_line_free(line);
    return NULL;
}

/* A call in progress keeps the line; it notices by `number` that it is over. */
void xmpp_sync_line_free(xmpp_sync_line_t *line)
{
    if (!line)
        return;
    xmpp_sync_walk_stop(&line->walk);
    line->state = XMPP_SYNC_OFFLINE;
    line->is_freed = 1;
    if (line->busy)
        return;
    xmpp_sync_own_free(line->own);
    xmpp_sync_hold_free(line->hold);
    xmpp_sync_notes_free(line->notes);
    xmpp_sync_walk_clear(&line->walk);
    xmpp_free(line->ctx, line);
}

static void leave_line(xmpp_sync_line_t *line)
{
    if (--line->busy == 0 && line->is_freed)
        xmpp_sync_line_free(line);
}

int xmpp_sync_line_get_state(const xmpp_sync_line_t *line)
{
    return line ? line->state : XMPP_SYNC_OFFLINE;
}

xmpp_sync_notes_t *xmpp_sync_line_get_notes(xmpp_sync_line_t *line)
{
    return line ? line->notes : NULL;
}

xmpp_sync_own_t *xmpp_sync_line_get_own(xmpp_sync_line_t *line)
{
    return line ? line->own : NULL;
}

static void set_line_state(xmpp_sync_line_t *line, xmpp_sync_state_t state)
{
    if (line->state == state)
        return;
    line->state = state;
    line->orders.report(line->orders.to, state);
}

/* ---- delivering -------------------------------------------------- */

/* Without an archive nobody but a stranger can have added an id. */
static int has_id(const xmpp_sync_line_t *line, const xmpp_sync_item_t *item)
{
    return item->id && line->has_archive;
}

/* Its id, behind `before` in a page, is new; its key may not be. Rule 3: the
 * notes change, then all is stored and delivered together. */
static int deliver_item(xmpp_sync_line_t *line, const xmpp_sync_item_t *item,
                        const xmpp_sync_gap_t *gap, int source,
                        const char *before)
{
    int is_known = item->own != NULL;

    if (has_id(line, item) &&
        xmpp_sync_notes_add_behind(line->notes, before, item->id, item->time,
                                   source))
        return XMPP_EMEM;
    if (!item->id && line->has_archive && !item->own)
        line->new_keys += xmpp_sync_notes_add_key(line->notes, item->key) == 0;
    if (source != XMPP_SYNC_BY_STREAM)
        is_known |= xmpp_sync_notes_take_key(line->notes, item->key);
    line->orders.deliver(line->orders.to, is_known ? NULL : item, gap);
    xmpp_sync_own_settle(line->own, item->own, XMPP_SYNC_STORED);
    return 0;
}

/* Messages of ours; what is in doubt only if the archive was read. */
static void send_waiting(xmpp_sync_line_t *line, int can_resend)
{
    while (line->state == XMPP_SYNC_LIVE &&
           xmpp_sync_own_send_next(line->own,
                                   xmpp_sync_notes_get(line->notes)->cursor,
                                   can_resend) > 0)
        ;
}

/* Rule 7: have more than that come without an id since the last request? */
static int has_nameless(const xmpp_sync_line_t *line, size_t most)
{
    return line->walk.rounds < XMPP_SYNC_ROUNDS &&
           line->new_keys + xmpp_sync_hold_count_nameless(line->hold) > most;
}

static void drain_hold(xmpp_sync_line_t *line)
{
    long number = line->walk.number;
    xmpp_sync_item_t *item;

    while (line->walk.number == number &&
           (item = xmpp_sync_hold_take(line->hold))) {
        int rc = 0;

        if (!has_id(line, item) || !xmpp_sync_notes_has(line->notes, item->id))
            rc = deliver_item(line, item, NULL, XMPP_SYNC_BY_STREAM, NULL);
        xmpp_sync_hold_release(line->hold, item);
        if (rc && line->walk.number == number)
            xmpp_sync_walk_begin(&line->walk);
    }
}

static void catch_up_again(xmpp_sync_line_t *line)
{
    set_line_state(line, XMPP_SYNC_CATCHING);
    if (line->state == XMPP_SYNC_CATCHING)
        xmpp_sync_walk_update(&line->walk);
}

/* It is complete, or cannot be. What is held came during the last page. When
 * the archive has to judge some of it once more, what waits had its turn
 * before. */
static void end_catch_up(xmpp_sync_line_t *line, int is_complete)
{
    long number = xmpp_sync_walk_stop(&line->walk);
    int is_read = is_complete && line->has_archive;
    int in_doubt = is_read && xmpp_sync_hold_has_doubt(line->hold, line->notes);

    if (is_complete)
        xmpp_sync_notes_cut_keys(line->notes, line->new_keys);
    line->walk.is_resumed &= !is_complete;
    if (is_read && line->walk.rounds < XMPP_SYNC_ROUNDS &&
        (in_doubt || has_nameless(line, XMPP_SYNC_REMEMBERED))) {
        xmpp_sync_walk_look_up(&line->walk);
        return;
    }
    if (in_doubt)
        xmpp_sync_hold_drop_archived(line->hold);
    line->walk.rounds = is_complete ? 0 : XMPP_SYNC_ROUNDS;
    drain_hold(line);
    if (line->walk.number == number)
        set_line_state(line, XMPP_SYNC_LIVE);
    if (line->state != XMPP_SYNC_LIVE || line->walk.number != number)
        return;
    if (!line->has_archive || line->walk.is_cut)
        xmpp_sync_own_settle_doubt(line->own, XMPP_SYNC_UNKNOWN);
    if (is_complete && !in_doubt)
        xmpp_sync_own_count_look(line->own);
    send_waiting(line, is_complete && !in_doubt);
    if (in_doubt && line->walk.number == number)
        catch_up_again(line);
}

/* Rule 4: all that follows may be missing. */
static void fail_catch_up(xmpp_sync_line_t *line, int why)
{
    const xmpp_sync_gap_t *gap = NULL;
    long number = xmpp_sync_walk_stop(&line->walk);

    line->has_archive = why != XMPP_SYNC_NO_ARCHIVE;
    if (line->has_archive &&
        (line->walk.is_resumed ||
         xmpp_sync_hold_has_doubt(line->hold, line->notes)))
        xmpp_sync_hold_drop_archived(line->hold); /* it lies in the gap */
    line->walk.is_due =
        xmpp_sync_notes_add_gap(line->notes, why, NULL, XMPP_NO_TIME,
                                (size_t)line->orders.limits->gaps, &gap) != 0;
    if (!line->walk.is_due)
        line->orders.deliver(line->orders.to, NULL, gap);
    if (!line->walk.is_due && line->walk.number == number)
        end_catch_up(line, 0);
}

/* ---- what arrives ------------------------------------------------ */

/* Above the limit what has an id is requested later; else it is delivered. */
static int hold_item(xmpp_sync_line_t *line, const xmpp_sync_item_t *item)
{
    long most = line->orders.limits->held;

    if (!item->id && xmpp_sync_hold_count(line->hold) >= most)
        return deliver_item(line, item, NULL, XMPP_SYNC_BY_STREAM, NULL);
    return xmpp_sync_hold_put(line->hold, item, most);
}

static int receive_item(xmpp_sync_line_t *line, const xmpp_sync_item_t *item)
{
    if (has_id(line, item) && xmpp_sync_notes_has(line->notes, item->id))
        return 0;
    if (line->state != XMPP_SYNC_LIVE)
        return hold_item(line, item);
    if (!(has_id(line, item) && item->is_delayed) &&
        deliver_item(line, item, NULL, XMPP_SYNC_BY_STREAM, NULL) == 0 &&
        !(line->state == XMPP_SYNC_LIVE && line->has_archive &&
          has_nameless(line, XMPP_SYNC_REMEMBERED / 2)))
        return 0;
    catch_up_again(line);
    return 0;
}

int xmpp_sync_line_receive(xmpp_sync_line_t *line, const xmpp_sync_item_t *item)
{
    int rc;

    if (!line || !item)
        return XMPP_EINVOP;
    line->busy++;
    rc = receive_item(line, item);
    leave_line(line);
    return rc;
}

/* ---- pages ------------------------------------------------------- */

/* One of a page. Before the start only our own are of interest. */
static int take_item(xmpp_sync_line_t *line, const xmpp_sync_item_t *item,
                     const xmpp_sync_gap_t *gap, int source, const char *before)
{
    int is_past = xmpp_sync_walk_pass(&line->walk, item->id);

    if (is_past && !xmpp_sync_notes_has(line->notes, item->id)) {
        line->walk.count += line->walk.is_beyond;
        xmpp_sync_hold_drop_key(line->hold, item->key);
        return deliver_item(line, item, gap,
                            line->walk.is_beyond ? source : XMPP_SYNC_LATE,
                            before);
    }
    xmpp_sync_notes_move_behind(line->notes, before, item->id);
    if (gap)
        line->orders.deliver(line->orders.to, NULL, gap);
    xmpp_sync_own_settle(line->own, item->own, XMPP_SYNC_STORED);
    return 0;
}

/* A gap before what is new is noted. */
static int begin_page(xmpp_sync_line_t *line,
                      const xmpp_sync_item_t *const *items, size_t count,
                      int is_whole, size_t *ret_at,
                      const xmpp_sync_gap_t **ret_gap)
{
    int rc = 0, has_gap = xmpp_sync_walk_begin_page(&line->walk, items, count,
                                                    is_whole, ret_at);

    if (has_gap)
        rc = xmpp_sync_notes_add_gap(
            line->notes, line->walk.is_last ? line->walk.why : XMPP_SYNC_FIRST,
            count ? items[0]->id : NULL, count ? items[0]->time : XMPP_NO_TIME,
            (size_t)line->orders.limits->gaps, ret_gap);
    line->walk.is_cut |= has_gap && line->walk.is_last;
    if (rc == 0)
        xmpp_sync_notes_begin(line->notes);
    return rc;
}

static void next_page(xmpp_sync_line_t *line, const char *last, int is_complete)
{
    if (is_complete && !line->walk.is_past)
        xmpp_sync_walk_look_up(&line->walk); /* that message is gone */
    else if (is_complete)
        end_catch_up(line, 1);
    else if (xmpp_sync_walk_is_endless(&line->walk,
                                       line->orders.limits->catch_up))
        fail_catch_up(line, XMPP_SYNC_FAILED);
    else if (line->walk.count >= line->orders.limits->catch_up &&
             !xmpp_sync_own_find_doubt(line->own, NULL))
        xmpp_sync_walk_last(&line->walk, XMPP_SYNC_TOO_MANY);
    else
        xmpp_sync_walk_after(&line->walk, last);
}

static void walk_page(xmpp_sync_line_t *line, long number,
                      const xmpp_sync_item_t *const *items, size_t count,
                      int is_complete, int source)
{
    const xmpp_sync_gap_t *gap = NULL;
    const char *before, *last = count ? items[count - 1]->id : NULL;
    int was_open = xmpp_sync_notes_find_gap(line->notes, NULL) != NULL;
    size_t i = 0;

    line->walk.is_due = begin_page(line, items, count, is_complete, &i, &gap);
    if (line->walk.is_due)
        return;
    if (i == count && line->walk.is_last)
        line->orders.deliver(line->orders.to, NULL, gap);
    is_complete =
        xmpp_sync_walk_ends(&line->walk, items, count, i, is_complete);
    for (; i < count && line->walk.number == number; i++, gap = NULL) {
        before = xmpp_sync_walk_get_before(&line->walk, items, i);
        line->walk.is_due = take_item(line, items[i], gap, source, before) != 0;
        if (line->walk.is_due && gap && !was_open) /* it was not reported */
            xmpp_sync_notes_narrow(line->notes, gap->before, NULL, 0);
        if (line->walk.is_due)
            return;
        if (line->walk.is_last || line->walk.number != number)
            continue;
        if (line->walk.is_past && source == XMPP_SYNC_BY_PAGE)
            xmpp_sync_notes_advance(line->notes, before, items[i]->id,
                                    items[i]->time);
        xmpp_sync_own_advance(line->own, before, items[i]->id, items[i]->own);
    }
    if (line->walk.number != number)
        return;
    if (is_complete && line->walk.is_past && source == XMPP_SYNC_BY_PAGE)
        xmpp_sync_notes_settle(line->notes, last ? last : line->walk.after);
    next_page(line, last, is_complete);
}

void xmpp_sync_line_take_page(xmpp_sync_line_t *line, long number,
                              const xmpp_sync_item_t *const *items,
                              size_t count, int is_complete, int is_unstable)
{
    if (!line || !xmpp_sync_walk_awaits(&line->walk, number))
        return;
    line->busy++;
    walk_page(line, number, items, count, is_complete,
              is_unstable ? XMPP_SYNC_LATE : XMPP_SYNC_BY_PAGE);
    leave_line(line);
}

void xmpp_sync_line_fail_page(xmpp_sync_line_t *line, long number, int why)
{
    if (!line || !xmpp_sync_walk_awaits(&line->walk, number))
        return;
    line->busy++;
    line->walk.is_cut |= why == XMPP_SYNC_EXPIRED && !line->walk.is_past;
    if (why != XMPP_SYNC_EXPIRED)
        fail_catch_up(line, why);
    else if (!xmpp_sync_walk_begin_later(&line->walk))
        fail_catch_up(line, XMPP_SYNC_FAILED);
    leave_line(line);
}

/* ---- sessions ---------------------------------------------------- */

void xmpp_sync_line_begin(xmpp_sync_line_t *line, const char *end)
{
    long number;

    if (!line)
        return;
    line->busy++;
    number = xmpp_sync_walk_stop(&line->walk);
    line->has_archive = 1;
    line->walk.is_cut = 0;
    xmpp_sync_hold_drop_archived(line->hold);
    set_line_state(line, XMPP_SYNC_CATCHING);
    if (line->walk.number == number && end &&
        !xmpp_sync_own_find_doubt(line->own, NULL) &&
        xmpp_sync_id_equal(end, xmpp_sync_notes_get_start(line->notes)))
        end_catch_up(line, 1);
    else if (line->walk.number == number)
        xmpp_sync_walk_begin(&line->walk);
    leave_line(line);
}

void xmpp_sync_line_go_on(xmpp_sync_line_t *line, int is_open)
{
    if (!line)
        return;
    line->busy++;
    if (line->state == XMPP_SYNC_LIVE &&
        (!xmpp_sync_own_find_doubt(line->own, NULL) ||
         (is_open && xmpp_sync_own_is_waiting(line->own))))
        send_waiting(line, 0);
    else if (line->state == XMPP_SYNC_LIVE)
        xmpp_sync_line_begin(line, NULL); /* look up what is in doubt */
    else if (line->state == XMPP_SYNC_CATCHING && line->walk.is_due)
        xmpp_sync_walk_begin(&line->walk);
    else if (line->state == XMPP_SYNC_CATCHING && !is_open)
        xmpp_sync_walk_again(&line->walk);
    leave_line(line);
}

void xmpp_sync_line_resume(xmpp_sync_line_t *line)
{
    if (!line)
        return;
    line->busy++;
    line->walk.is_resumed = 1;
    if (line->state == XMPP_SYNC_LIVE && line->has_archive)
        xmpp_sync_line_begin(line, NULL);
    else
        xmpp_sync_line_go_on(line, 0);
    leave_line(line);
}

void xmpp_sync_line_end(xmpp_sync_line_t *line)
{
    if (!line)
        return;
    line->busy++;
    xmpp_sync_walk_stop(&line->walk);
    xmpp_sync_hold_drop_archived(line->hold);
    set_line_state(line, XMPP_SYNC_OFFLINE);
    leave_line(line);
}
