/* sync_world.c - a server with an archive, a client whose engine is under test,
 * and an application with a database, for schedules with faults. */

#include "xep/sync_world.h"

#include <xmpp/ctx.h>
#include <xmpp/error.h>

#include <limits.h>

#include "tap.h"

/* ---- what the engine orders -------------------------------------- */

static void maybe_die(struct world *w)
{
    if ((w->kind & WORLD_DIES) && world_draw(w, 400) == 0)
        w->is_dead = true;
}

static int on_request(void *to, long number, int is_last, const char *after)
{
    struct world *w = to;
    struct world_asked *asked = &w->asked[w->asked_count];

    if (w->is_dead || !w->up || w->asked_count == 64)
        return XMPP_ENOTCONN;
    w->asked_count++;
    asked->number = number;
    asked->is_last = is_last;
    asked->is_first = !after;
    snprintf(asked->after, sizeof(asked->after), "%s", after ? after : "");
    return 0;
}

static void note_gap(struct world *w, const xmpp_sync_gap_t *gap)
{
    int after = world_find(w, gap->after), before;

    before = gap->before ? world_find(w, gap->before) : INT_MAX;
    w->gaps[w->gap_count].after = after;
    w->gaps[w->gap_count++].before = before;
}

/* A gap without an end ends with the next message. */
static void end_gap(struct world *w, int at)
{
    struct world_gap *gap = w->gap_count ? &w->gaps[w->gap_count - 1] : NULL;

    if (gap && gap->before > at)
        gap->before = at;
}

static int which(const struct world *w, const xmpp_sync_item_t *item)
{
    return item->id ? world_find(w, item->id) : atoi(item->key + 1);
}

static void note_item(struct world *w, const xmpp_sync_item_t *item)
{
    int at = which(w, item);

    if (w->all[at].delivered++)
        world_wrong(w, "a message was delivered twice");
    if (w->all[at].by == BY_US)
        world_wrong(w, "one of ours was delivered");
    if (item->id && at <= w->last && !(w->kind & WORLD_OVERTAKES))
        world_wrong(w, "a message is out of order");
    if (item->id) {
        w->last = at;
        end_gap(w, at);
    }
    w->delivered++;
}

static void on_deliver(void *to, const xmpp_sync_item_t *item,
                       const xmpp_sync_gap_t *gap)
{
    struct world *w = to;
    char *text;
    unsigned long fail_at = w->mem.fail_at;

    maybe_die(w);
    if (w->is_dead)
        return;
    w->mem.fail_at = 0; /* the application has memory */
    text = xmpp_payload_to_text(
        w->ctx, &xmpp_sync_known,
        xmpp_sync_notes_get(xmpp_sync_line_get_notes(w->line)), NULL);
    free(w->notes);
    w->notes = strdup(text);
    xmpp_free(w->ctx, text);
    w->mem.fail_at = fail_at;
    if (gap)
        note_gap(w, gap);
    if (item)
        note_item(w, item);
    maybe_die(w);
}

static struct world_own *find_world_own(struct world *w, const char *id)
{
    return &w->own[atoi(id + 1)];
}

static int on_send(void *to, const char *id, const char *after)
{
    struct world *w = to;
    struct world_own *own = find_world_own(w, id);

    if (w->is_dead || !w->up)
        return XMPP_ENOTCONN;
    own->has_after = after != NULL;
    snprintf(own->after, sizeof(own->after), "%s", after ? after : "");
    own->is_sent = true;
    maybe_die(w);
    if (w->is_dead)
        return XMPP_ENOTCONN;
    own->wire = WIRE_OUT;
    return 0;
}

static void on_settle(void *to, const char *id, int fate)
{
    struct world *w = to;
    struct world_own *own = find_world_own(w, id);

    maybe_die(w);
    if (w->is_dead)
        return;
    if (fate != XMPP_SYNC_STORED && fate != XMPP_SYNC_SENT &&
        !(fate == XMPP_SYNC_UNKNOWN && w->kind & (WORLD_EXPIRES | WORLD_FAILS)))
        world_wrong(w, "a fate that cannot be");
    if (own->settled++)
        world_wrong(w, "a fate was reported twice");
    own->is_open = false;
    own->is_unknown = fate == XMPP_SYNC_UNKNOWN;
}

static void on_report(void *to, int state)
{
    (void)to;
    (void)state;
}

/* ---- the client -------------------------------------------------- */

/* Given back, or left by a process that ended. */
static void restore_own(struct world *w)
{
    for (int i = 0; i < w->own_count; i++)
        if (w->own[i].is_open)
            xmpp_sync_own_add(xmpp_sync_line_get_own(w->line), w->own[i].id,
                              w->own[i].is_sent ? XMPP_SYNC_DOUBTFUL
                                                : XMPP_SYNC_QUEUED,
                              w->own[i].has_after ? w->own[i].after : NULL);
}

static void start_process(struct world *w)
{
    xmpp_sync_orders_t orders = {sizeof(orders), w,          NULL,
                                 &w->limits,     on_request, on_deliver,
                                 on_send,        on_settle,  on_report};
    void *known;

    w->mem.fail_at = 0;
    xmpp_sync_line_free(w->line);
    w->line = xmpp_sync_line_new(w->ctx, &orders);
    if (w->notes) {
        known = xmpp_payload_from_text(w->ctx, &xmpp_sync_known, w->notes,
                                       (size_t)-1);
        xmpp_sync_notes_set(xmpp_sync_line_get_notes(w->line), known);
        xmpp_free(w->ctx, known);
    }
    restore_own(w);
    w->up = w->resumable = w->is_dead = false;
    w->got = 0;
}

/* Is the process still there after a call? */
static void survive(struct world *w)
{
    w->mem.fail_at = 0;
    if (w->is_dead)
        start_process(w);
}

static void starve(struct world *w)
{
    if ((w->kind & WORLD_STARVES) && world_chance(w, 10))
        failmem_arm(&w->mem, 1 + world_draw(w, 8), 0);
}

static void fill_item(const struct world *w, int at, xmpp_sync_item_t *item,
                      char key[16])
{
    const struct world_message *m = &w->all[at];

    memset(item, 0, sizeof(*item));
    snprintf(key, 16, "k%d", at);
    item->id = m->is_archived ? m->id : NULL;
    item->key = key;
    item->own = m->by == BY_US ? m->own : NULL;
    item->time = XMPP_NO_TIME;
}

static void take_page(struct world *w, const struct world_sent *page)
{
    xmpp_sync_item_t items[WORLD_PAGE];
    const xmpp_sync_item_t *list[WORLD_PAGE];
    char keys[WORLD_PAGE][16];

    for (int i = 0; i < page->count; i++) {
        fill_item(w, page->items[i], &items[i], keys[i]);
        list[i] = &items[i];
    }
    if (page->is_failed)
        xmpp_sync_line_fail_page(w->line, page->number, XMPP_SYNC_FAILED);
    else if (page->is_missing)
        xmpp_sync_line_fail_page(w->line, page->number, XMPP_SYNC_EXPIRED);
    else
        xmpp_sync_line_take_page(w->line, page->number, list,
                                 (size_t)page->count, page->is_complete, 0);
}

static void deliver(struct world *w, int n)
{
    while (n-- > 0 && w->got < w->queued && w->up) {
        const struct world_sent *sent = &w->queue[w->got++];
        xmpp_sync_item_t item;
        char key[16];

        /* One whose key cannot be noted may come again with its id; a page
         * may release such. */
        if (!(w->kind & WORLD_NAMELESS) ||
            (sent->message >= 0 && !sent->is_nameless))
            starve(w);
        if (sent->message < 0) {
            take_page(w, sent);
        } else {
            fill_item(w, sent->message, &item, key);
            item.id = sent->is_nameless ? NULL : item.id;
            item.is_delayed = sent->is_delayed;
            xmpp_sync_line_receive(w->line, &item);
        }
        survive(w);
    }
}

static void acknowledge(struct world *w)
{
    xmpp_sync_own_t *own = xmpp_sync_line_get_own(w->line);

    world_forget_got(w);
    for (int i = 0; i < w->own_count; i++)
        if (w->own[i].is_open && w->own[i].wire == WIRE_THERE &&
            xmpp_sync_own_get_state(own, w->own[i].id) == XMPP_SYNC_OUT)
            xmpp_sync_own_settle(own, w->own[i].id, XMPP_SYNC_SENT);
    survive(w);
}

static void say(struct world *w)
{
    struct world_own *own = &w->own[w->own_count];

    if (w->own_count == WORLD_MOST)
        return;
    memset(own, 0, sizeof(*own));
    snprintf(own->id, sizeof(own->id), "o%d-%u", w->own_count,
             world_draw(w, 10000));
    own->is_open = true;
    w->own_count++; /* it is in the database before it is sent */
    xmpp_sync_own_add(xmpp_sync_line_get_own(w->line), own->id,
                      XMPP_SYNC_QUEUED, NULL),
        xmpp_sync_line_go_on(w->line, 1);
    survive(w);
}

/* ---- sessions ---------------------------------------------------- */

static void resume(struct world *w)
{
    w->up = true;
    world_forget_got(w);
    if (w->kind & WORLD_OVERTAKES)
        world_lose_some(w);
    for (int i = 0; i < w->own_count; i++)
        if (w->own[i].wire == WIRE_CUT)
            w->own[i].wire = WIRE_OUT;
    for (int i = 0; i < w->queued; i++) /* some servers mark what they repeat */
        w->queue[i].is_delayed |= world_chance(w, 30);
    if (world_chance(w, 50))
        w->asked_count = 0; /* its requests did not arrive */
    xmpp_sync_line_resume(w->line);
    survive(w);
}

static void begin(struct world *w)
{
    xmpp_sync_own_t *own = xmpp_sync_line_get_own(w->line);

    world_keep_offline(w);
    w->has_session = w->up = true;
    w->asked_count = 0;
    for (int i = 0; i < w->own_count; i++) {
        if (w->own[i].is_open)
            xmpp_sync_own_doubt(own, w->own[i].id, 1);
        if ((w->own[i].wire == WIRE_OUT || w->own[i].wire == WIRE_CUT) &&
            (w->kind & WORLD_OVERTAKES) && world_chance(w, 30))
            w->own[i].wire = WIRE_LATE;
        else if (w->own[i].wire < WIRE_LATE && w->own[i].wire != WIRE_THERE)
            w->own[i].wire = WIRE_NONE;
    }
    if (world_chance(w, 30))
        xmpp_sync_line_end(w->line);
    xmpp_sync_line_begin(w->line, world_chance(w, 20) && w->count
                                      ? w->all[w->count - 1].id
                                      : NULL);
    survive(w);
}

static void cut(struct world *w)
{
    if (world_chance(w, 50))
        world_flush(w);
    for (int i = 0; i < w->own_count; i++)
        if (w->own[i].wire == WIRE_OUT)
            w->own[i].wire = WIRE_CUT;
    w->up = false;
    w->resumable = true;
    if (world_chance(w, 20))
        start_process(w);
}

static void while_down(struct world *w)
{
    if (world_chance(w, 60)) {
        if (w->resumable && w->has_session && world_chance(w, 50))
            resume(w);
        else
            begin(w);
    } else if (world_chance(w, 30)) {
        start_process(w);
    } else if (world_chance(w, 20)) {
        w->has_session = w->resumable = false;
        w->queued = w->got = 0;
    }
}

static void while_up(struct world *w)
{
    unsigned x = world_draw(w, 100);

    if (x < 38) {
        deliver(w, 1 + (int)world_draw(w, 4));
    } else if (x < 60) {
        world_execute(w);
    } else if (x < 76) {
        say(w);
        if (world_chance(w, 70))
            world_flush(w);
    } else if (x < 84) {
        world_flush(w);
        acknowledge(w);
    } else if (x < 88) {
        xmpp_sync_line_go_on(w->line, world_is_open(w)); /* try again */
        survive(w);
    } else if (world_chance(w, w->cuts)) {
        cut(w);
    }
}

/* Everything comes in. */
static void calm_down(struct world *w)
{
    w->kind &= ~(WORLD_DIES | WORLD_STARVES | WORLD_FAILS);
    if (!w->up)
        begin(w);
    for (int i = 0; i < 500; i++) {
        xmpp_sync_line_go_on(w->line, world_is_open(w));
        world_execute(w);
        world_flush(w);
        deliver(w, 99);
        if (xmpp_sync_line_get_state(w->line) == XMPP_SYNC_LIVE)
            acknowledge(w);
    }
}

/* ---- the judgement ----------------------------------------------- */

static bool in_gap(const struct world *w, int at)
{
    for (int i = 0; i < w->gap_count; i++)
        if (w->gaps[i].after < at && at < w->gaps[i].before)
            return true;
    return false;
}

/* What is lost close to what expires is missing without a gap. */
static void judge(struct world *w)
{
    if (xmpp_sync_line_get_state(w->line) != XMPP_SYNC_LIVE)
        world_wrong(w, "it does not come to an end");
    for (int i = 0; i < w->count; i++)
        if (w->all[i].by != BY_US && w->all[i].is_archived &&
            !w->all[i].delivered && !in_gap(w, i) &&
            ~w->kind & (WORLD_EXPIRES | WORLD_OVERTAKES))
            world_wrong(w, "a message is missing without a gap");
    for (int i = 0; i < w->own_count; i++) {
        int n = world_copies(w, w->own[i].id);

        if (n > 1 && !(w->kind & (WORLD_EXPIRES | WORLD_FAILS)))
            world_wrong(w, "one of ours was sent twice");
        if (n < 1 && !w->own[i].is_unknown)
            world_wrong(w, "one of ours was not sent");
        if (w->own[i].is_open)
            world_wrong(w, "the fate of one of ours is not known");
    }
}

const char *world_play(struct world *w, unsigned long seed, int kind)
{
    memset(w, 0, sizeof(*w));
    w->random = seed * 2654435761ULL + 12345;
    w->kind = kind;
    w->last = -1;
    w->limits =
        (xmpp_sync_limits_t){sizeof(w->limits), 10 + (long)world_draw(w, 40),
                             2 + (long)world_draw(w, 20), 100};
    failmem_init(&w->mem);
    w->mem.is_plain = 1;
    w->ctx = xmpp_ctx_new(&w->mem.mem, NULL);
    start_process(w);
    for (int i = world_set_pace(w); i > 0 && !w->wrong; i--)
        if (world_chance(w, w->puts))
            world_put(w, world_chance(w, 80) ? BY_PEER : BY_OTHER_CLIENT, "");
        else if (w->up)
            while_up(w);
        else
            while_down(w);
    calm_down(w);
    judge(w);
    xmpp_sync_line_free(w->line);
    xmpp_ctx_free(w->ctx);
    if (w->mem.held)
        world_wrong(w, "memory is left");
    free(w->notes);
    return w->wrong;
}
