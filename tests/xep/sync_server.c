/* sync_server.c - the server of tests/xep/sync_world.h: its archive, and what
 * it sends. */

#include "tap.h"
#include "xep/sync_world.h"

/* ---- chance ------------------------------------------------------ */

unsigned world_draw(struct world *w, unsigned below)
{
    w->random = w->random * 6364136223846793005ULL + 1442695040888963407ULL;
    return (unsigned)(w->random >> 33) % below;
}

bool world_chance(struct world *w, unsigned percent)
{
    return world_draw(w, 100) < percent;
}

void world_wrong(struct world *w, const char *what)
{
    if (!w->wrong)
        w->wrong = what;
}

/* A session may last long, with nearly all said by us, or with another client
 * that says nearly all and whose messages have no ids. But of those that come
 * while the archive fails more are held than can be remembered. */
int world_set_pace(struct world *w)
{
    w->cuts = 100, w->puts = 35, w->nameless = 10;
    if (world_chance(w, 75))
        return 400;
    w->cuts = 3;
    if ((w->kind & WORLD_FAILS) || world_chance(w, 50))
        w->puts = 5;
    else
        w->nameless = 95, w->limits.held = WORLD_MOST;
    return 1200;
}

/* ---- the server -------------------------------------------------- */

static void push(struct world *w, struct world_sent sent)
{
    struct world_sent *end = &w->queue[w->queued];

    if (!w->has_session || w->queued >= 2 * WORLD_MOST)
        return;
    *end = sent;
    if (w->queued++ <= w->got || !(w->kind & WORLD_OVERTAKES) ||
        end[-1].message < 0 || sent.message < 0 || world_chance(w, 70))
        return;
    end[0] = end[-1];
    end[-1] = sent;
}

/* Ids end with the place. */
int world_find(const struct world *w, const char *id)
{
    int at = id ? atoi(strchr(id, '-') + 1) - 1 : -1;

    return at >= 0 && at < w->count ? at : -1;
}

static void expire(struct world *w)
{
    int i, n = 1 + (int)world_draw(w, 20);

    for (i = w->oldest; i < w->count - 20 && n > 0; i++, n--)
        w->all[i].is_expired = true;
    w->oldest = i;
}

/* It is archived, and on its way to the client. */
void world_put(struct world *w, int by, const char *own)
{
    struct world_message *m = &w->all[w->count];
    struct world_sent sent = {.message = w->count};

    if (w->count == WORLD_MOST)
        return;
    w->count++;
    memset(m, 0, sizeof(*m));
    snprintf(m->id, sizeof(m->id), "s%u-%d", world_draw(w, 100000), w->count);
    snprintf(m->own, sizeof(m->own), "%s", own);
    m->by = by;
    m->is_archived =
        by == BY_US || !(w->kind & WORLD_NAMELESS) || world_chance(w, 90);
    sent.is_nameless = !m->is_archived || ((w->kind & WORLD_NAMELESS) &&
                                           world_chance(w, w->nameless));
    if (by != BY_US)
        push(w, sent);
    if ((w->kind & WORLD_EXPIRES) && w->count - w->oldest > 40 &&
        world_chance(w, 5))
        expire(w);
}

/* The place of the first behind `at` that the archive has, or `count`. */
static int next_archived(const struct world *w, int at)
{
    do
        at++;
    while (at < w->count && (!w->all[at].is_archived || w->all[at].is_expired));
    return at;
}

/* Fill a page from this place on; is there nothing behind it? */
static bool fill_page(const struct world *w, int at, struct world_sent *page)
{
    for (; at < w->count && page->count < WORLD_PAGE; at = next_archived(w, at))
        page->items[page->count++] = at;
    return at >= w->count;
}

static int last_page(const struct world *w)
{
    int at = w->count, n = 0;

    while (at > 0 && n < WORLD_PAGE) {
        at--;
        n += w->all[at].is_archived && !w->all[at].is_expired;
    }
    while (at < w->count && (!w->all[at].is_archived || w->all[at].is_expired))
        at++;
    return at;
}

/* What the server had of a lost session. */
static void handle_late(struct world *w)
{
    for (int i = 0; i < w->own_count; i++)
        if (w->own[i].wire == WIRE_LATE) {
            w->own[i].wire = WIRE_THERE;
            world_put(w, BY_US, w->own[i].id);
        }
}

/* An archive query, some time after it was sent. */
void world_execute(struct world *w)
{
    struct world_asked asked = w->asked[0];
    struct world_sent page = {.message = -1, .number = asked.number};
    int at;

    if (!w->has_session || !w->asked_count)
        return;
    memmove(w->asked, w->asked + 1,
            (size_t)--w->asked_count * sizeof(w->asked[0]));
    if ((w->kind & WORLD_FAILS) && world_chance(w, 3))
        page.is_failed = true;
    at = asked.is_first ? -1 : world_find(w, asked.after);
    page.is_missing = at >= 0 && w->all[at].is_expired;
    at = asked.is_last ? last_page(w) : next_archived(w, at);
    page.is_complete = fill_page(w, at, &page);
    if (asked.is_last) /* is it all that there ever was? */
        page.is_complete = w->oldest == 0 && next_archived(w, -1) == at;
    push(w, page);
    handle_late(w);
}

void world_forget_got(struct world *w)
{
    w->queued -= w->got;
    memmove(w->queue, w->queue + w->got,
            (size_t)w->queued * sizeof(w->queue[0]));
    w->got = 0;
}

bool world_is_open(const struct world *w)
{
    return xmpp_sync_line_get_state(w->line) != XMPP_SYNC_LIVE ||
           !xmpp_sync_own_is_waiting(xmpp_sync_line_get_own(w->line));
}

void world_lose_some(struct world *w)
{
    int kept = 0;

    for (int i = 0; i < w->queued; i++)
        if (world_chance(w, 80))
            w->queue[kept++] = w->queue[i];
    w->queued = kept;
}

/* What was not acknowledged may come again, as offline messages. */
void world_keep_offline(struct world *w)
{
    int from = world_chance(w, 50) ? w->got : 0, kept = 0;

    for (int i = from; w->has_session && i < w->queued; i++)
        if (w->queue[i].message >= 0 && !w->queue[i].is_nameless &&
            world_chance(w, 50)) {
            w->queue[kept] = w->queue[i];
            w->queue[kept++].is_delayed = true;
        }
    w->queued = kept;
    w->got = 0;
}

int world_copies(const struct world *w, const char *own)
{
    int n = 0;

    for (int i = 0; i < w->count; i++)
        n += w->all[i].by == BY_US && !strcmp(w->all[i].own, own);
    return n;
}

void world_flush(struct world *w)
{
    for (int i = 0; i < w->own_count; i++)
        if (w->own[i].wire == WIRE_OUT) {
            w->own[i].wire = WIRE_THERE;
            world_put(w, BY_US, w->own[i].id);
        }
}
