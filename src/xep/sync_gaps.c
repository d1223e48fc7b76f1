/* sync_gaps.c - what is missing of one archive. */

#include <xmpp/xep/sync_gaps.h>

#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/error.h>
#include <xmpp/ns.h>

static const char *const whys[] = {"first",      "too-many", "expired",
                                   "no-archive", "failed",   NULL};

static const xmpp_field_t gap_fields[] = {
    XMPP_ATTR(xmpp_sync_gap_t, archive, JID, "archive"),
    XMPP_ATTR(xmpp_sync_gap_t, after, TEXT, "after"),
    XMPP_ATTR(xmpp_sync_gap_t, before, TEXT, "before"),
    XMPP_ATTR(xmpp_sync_gap_t, after_time, TIME, "after-time"),
    XMPP_ATTR(xmpp_sync_gap_t, before_time, TIME, "before-time"),
    XMPP_ATTR_ENUM(xmpp_sync_gap_t, why, "why", whys),
    XMPP_CHILDREN(xmpp_sync_gap_t, ids, id_count, "id"),
};
XMPP_PAYLOAD(xmpp_sync_gap, xmpp_sync_gap_t, "gap", XMPP_NS_SYNC, gap_fields);

void xmpp_sync_gaps_init(xmpp_sync_gaps_t *gaps, xmpp_ctx_t *ctx)
{
    if (!gaps)
        return;
    memset(gaps, 0, sizeof(*gaps));
    gaps->ctx = ctx;
}

void xmpp_sync_gaps_clear(xmpp_sync_gaps_t *gaps)
{
    if (!gaps)
        return;
    while (gaps->count > 0)
        xmpp_free(gaps->ctx, gaps->all[--gaps->count]);
    xmpp_free(gaps->ctx, gaps->all);
    xmpp_sync_gaps_init(gaps, gaps->ctx);
}

int xmpp_sync_id_equal(const char *a, const char *b)
{
    return a && b ? !strcmp(a, b) : a == b;
}

/* Its place, or their number. */
static size_t gap_at(const xmpp_sync_gaps_t *gaps, const char *before)
{
    size_t i = gaps->count;

    while (i-- > 0)
        if (xmpp_sync_id_equal(gaps->all[i]->before, before))
            return i;
    return gaps->count;
}

const xmpp_sync_gap_t *xmpp_sync_gaps_find(const xmpp_sync_gaps_t *gaps,
                                           const char *before)
{
    size_t at = gaps ? gap_at(gaps, before) : 0;

    return gaps && at < gaps->count ? gaps->all[at] : NULL;
}

/* ---- changes ----------------------------------------------------- */

static void replace_gap(xmpp_sync_gaps_t *gaps, size_t at, xmpp_sync_gap_t *gap)
{
    xmpp_free(gaps->ctx, gaps->all[at]);
    gaps->all[at] = gap;
}

/* By a copy, whose texts are its own. */
static int change_gap(xmpp_sync_gaps_t *gaps, size_t at,
                      const xmpp_sync_gap_t *changed)
{
    xmpp_sync_gap_t *copy =
        xmpp_payload_copy(gaps->ctx, &xmpp_sync_gap, changed);

    if (!copy)
        return XMPP_EMEM;
    replace_gap(gaps, at, copy);
    return 0;
}

static void drop_gap(xmpp_sync_gaps_t *gaps, size_t at)
{
    xmpp_free(gaps->ctx, gaps->all[at]);
    gaps->count--;
    memmove(gaps->all + at, gaps->all + at + 1,
            (gaps->count - at) * sizeof(gaps->all[0]));
}

static int make_gap_room(xmpp_sync_gaps_t *gaps)
{
    size_t room = gaps->room ? 2 * gaps->room : 4;
    xmpp_sync_gap_t **all;

    if (gaps->count < gaps->room)
        return 0;
    all = xmpp_zalloc(gaps->ctx, room * sizeof(*all));
    if (!all)
        return XMPP_EMEM;
    if (gaps->all)
        memcpy(all, gaps->all, gaps->room * sizeof(*all));
    xmpp_free(gaps->ctx, gaps->all);
    gaps->all = all;
    gaps->room = room;
    return 0;
}

/* The second becomes both. */
static int join_oldest(xmpp_sync_gaps_t *gaps)
{
    xmpp_sync_gap_t both = *gaps->all[1];

    both.after = gaps->all[0]->after;
    both.after_time = gaps->all[0]->after_time;
    both.why = gaps->all[0]->why;
    if (change_gap(gaps, 1, &both))
        return XMPP_EMEM;
    drop_gap(gaps, 0);
    return 0;
}

/* There is room. */
static void put_gap(xmpp_sync_gaps_t *gaps, xmpp_sync_gap_t *gap)
{
    const xmpp_sync_gap_t *last =
        gaps->count ? gaps->all[gaps->count - 1] : NULL;

    if (last && (!last->before || xmpp_sync_id_equal(last->after, gap->after)))
        replace_gap(gaps, gaps->count - 1, gap);
    else
        gaps->all[gaps->count++] = gap;
}

int xmpp_sync_gaps_add(xmpp_sync_gaps_t *gaps, const xmpp_sync_gap_t *gap,
                       size_t most)
{
    xmpp_sync_gap_t *copy;

    if (!gaps || !gap)
        return XMPP_EINVOP;
    copy = xmpp_payload_copy(gaps->ctx, &xmpp_sync_gap, gap);
    if (!copy || make_gap_room(gaps)) {
        xmpp_free(gaps->ctx, copy);
        return XMPP_EMEM;
    }
    put_gap(gaps, copy);
    while (gaps->count > 1 && gaps->count > most && join_oldest(gaps) == 0)
        ;
    return 0;
}

int xmpp_sync_gaps_advance(xmpp_sync_gaps_t *gaps, const char *after,
                           const char *id, xmpp_time_t time)
{
    xmpp_sync_gap_t changed;

    if (!gaps || !id)
        return XMPP_EINVOP;
    if (!gaps->count)
        return 0;
    changed = *gaps->all[gaps->count - 1];
    if (changed.before || !xmpp_sync_id_equal(changed.after, after))
        return 0;
    changed.after = id;
    changed.after_time = time;
    return change_gap(gaps, gaps->count - 1, &changed);
}

int xmpp_sync_gaps_narrow(xmpp_sync_gaps_t *gaps, const char *before,
                          const char *now, xmpp_time_t time)
{
    size_t at = gaps ? gap_at(gaps, before) : 0;
    xmpp_sync_gap_t changed;

    if (!gaps || at == gaps->count)
        return XMPP_EARG;
    if (!now) {
        drop_gap(gaps, at);
        return 0;
    }
    changed = *gaps->all[at];
    changed.before = now;
    changed.before_time = time;
    return change_gap(gaps, at, &changed);
}
