/* sync_notes.c - what is known of one archive. */

#include <xmpp/xep/sync_notes.h>

#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/error.h>
#include <xmpp/ns.h>

/* ---- payloads ---------------------------------------------------- */

static const xmpp_field_t known_fields[] = {
    XMPP_FLAG(xmpp_sync_known_t, is_begun, "begun"),
    XMPP_ATTR(xmpp_sync_known_t, cursor, TEXT, "cursor"),
    XMPP_ATTR(xmpp_sync_known_t, time, TIME, "time"),
    XMPP_ATTR(xmpp_sync_known_t, live, NUMBER, "live"),
    XMPP_CHILDREN(xmpp_sync_known_t, ids, id_count, "id"),
    XMPP_CHILDREN(xmpp_sync_known_t, keys, key_count, "key"),
    XMPP_ELEMENTS(xmpp_sync_known_t, gaps, gap_count, &xmpp_sync_gap),
};
XMPP_PAYLOAD(xmpp_sync_known, xmpp_sync_known_t, "known", XMPP_NS_SYNC,
             known_fields);

/* ---- the notes --------------------------------------------------- */

/* `known` points into the rest; the texts of a gap are in its own block. */
struct _xmpp_sync_notes_t {
    xmpp_ctx_t *ctx;
    xmpp_jid_t *archive; /* NULL: our account's */
    xmpp_sync_known_t known;
    char *cursor;
    xmpp_sync_list_t ids, keys;
    size_t live; /* at most ids.count */
    xmpp_sync_gaps_t gaps;
};

/* After each change. */
static void notes_update(xmpp_sync_notes_t *notes)
{
    xmpp_sync_known_t *known = &notes->known;

    known->cursor = notes->cursor;
    known->ids = (const char *const *)notes->ids.texts;
    known->id_count = notes->ids.count;
    known->live = notes->live ? (long)notes->live : XMPP_NO_NUMBER;
    known->keys = (const char *const *)notes->keys.texts;
    known->key_count = notes->keys.count;
    known->gaps = (const xmpp_sync_gap_t *const *)notes->gaps.all;
    known->gap_count = notes->gaps.count;
}

/* ---- life -------------------------------------------------------- */

xmpp_sync_notes_t *xmpp_sync_notes_new(xmpp_ctx_t *ctx,
                                       const xmpp_jid_t *archive)
{
    xmpp_sync_notes_t *notes = ctx ? xmpp_zalloc(ctx, sizeof(*notes)) : NULL;

    if (!notes)
        return NULL;
    notes->ctx = ctx;
    xmpp_sync_gaps_init(&notes->gaps, ctx);
    notes->archive = archive ? xmpp_jid_copy(ctx, archive) : NULL;
    if (archive && !notes->archive) {
        xmpp_free(ctx, notes);
        return NULL;
    }
    XMPP_INIT(xmpp_sync_known, notes->known);
    notes_update(notes);
    return notes;
}

void xmpp_sync_notes_free(xmpp_sync_notes_t *notes)
{
    if (!notes)
        return;
    xmpp_sync_gaps_clear(&notes->gaps);
    xmpp_sync_list_cut(notes->ctx, &notes->ids, 0);
    xmpp_sync_list_cut(notes->ctx, &notes->keys, 0);
    xmpp_free(notes->ctx, notes->cursor);
    xmpp_free(notes->ctx, notes->archive);
    xmpp_free(notes->ctx, notes);
}

const xmpp_sync_known_t *xmpp_sync_notes_get(const xmpp_sync_notes_t *notes)
{
    return notes ? &notes->known : NULL;
}

void xmpp_sync_notes_begin(xmpp_sync_notes_t *notes)
{
    if (notes)
        notes->known.is_begun = 1;
}

/* ---- messages ---------------------------------------------------- */

int xmpp_sync_notes_has(const xmpp_sync_notes_t *notes, const char *id)
{
    return notes && id &&
           xmpp_sync_list_find(&notes->ids, id) < notes->ids.count;
}

/* The last gap may end here; -1 when out of memory. */
static int end_gap(xmpp_sync_notes_t *notes, const char *id, xmpp_time_t time)
{
    const xmpp_sync_gap_t *open = xmpp_sync_notes_find_gap(notes, NULL);

    return open ? xmpp_sync_notes_narrow(notes, NULL, id, time) : 0;
}

/* What is forgotten does not count. */
static void set_live(xmpp_sync_notes_t *notes, long live)
{
    long most = (long)notes->ids.count;

    notes->live = (size_t)(live < 0 ? 0 : live > most ? most : live);
}

int xmpp_sync_notes_add(xmpp_sync_notes_t *notes, const char *id,
                        xmpp_time_t time, int source)
{
    char *copy, *cursor = NULL;
    int moves = source != XMPP_SYNC_LATE;

    if (!notes || !id)
        return XMPP_EINVOP;
    copy = xmpp_copy_text(notes->ctx, id);
    if (moves)
        cursor = xmpp_copy_text(notes->ctx, id);
    if (!copy || (moves && (!cursor || end_gap(notes, id, time)))) {
        xmpp_free(notes->ctx, copy);
        xmpp_free(notes->ctx, cursor);
        return XMPP_EMEM;
    }
    xmpp_sync_list_add(notes->ctx, &notes->ids, copy);
    set_live(notes, source == XMPP_SYNC_BY_PAGE ? 0 : (long)notes->live + 1);
    if (moves) {
        xmpp_free(notes->ctx, notes->cursor);
        notes->cursor = cursor;
        notes->known.time = time;
    }
    notes_update(notes);
    return 0;
}

int xmpp_sync_notes_add_behind(xmpp_sync_notes_t *notes, const char *before,
                               const char *id, xmpp_time_t time, int source)
{
    int rc = xmpp_sync_notes_add(notes, id, time, source);

    if (rc == 0 && source != XMPP_SYNC_BY_STREAM)
        xmpp_sync_list_move_behind(&notes->ids, id, before);
    return rc;
}

void xmpp_sync_notes_move_behind(xmpp_sync_notes_t *notes, const char *before,
                                 const char *id)
{
    if (notes)
        xmpp_sync_list_move_behind(&notes->ids, id, before);
}

/* How many are remembered behind this id; 0 if it is not remembered. */
static size_t count_behind(const xmpp_sync_notes_t *notes, const char *id)
{
    size_t at = id ? xmpp_sync_list_find(&notes->ids, id) : notes->ids.count;

    return at < notes->ids.count ? notes->ids.count - at - 1 : 0;
}

int xmpp_sync_notes_settle(xmpp_sync_notes_t *notes, const char *end)
{
    char *cursor;

    if (!notes)
        return XMPP_EINVOP;
    if (end && (!notes->cursor || strcmp(end, notes->cursor))) {
        cursor = xmpp_copy_text(notes->ctx, end);
        if (!cursor)
            return XMPP_EMEM;
        xmpp_free(notes->ctx, notes->cursor);
        notes->cursor = cursor;
        notes->known.time = XMPP_NO_TIME;
    }
    notes->live = count_behind(notes, end);
    notes_update(notes);
    return 0;
}

/* The place of the first id behind the last gap; 0 without one. */
static size_t find_gap_end(const xmpp_sync_notes_t *notes)
{
    size_t i = notes->gaps.count, at;

    while (i-- > 0) {
        const char *end = notes->gaps.all[i]->before;

        at = end ? xmpp_sync_list_find(&notes->ids, end) : notes->ids.count;
        if (at < notes->ids.count)
            return at;
    }
    return 0;
}

/* The place of the last id before those that came otherwise than in order, but
 * not behind the cursor. There are ids. */
static size_t find_order_end(const xmpp_sync_notes_t *notes, size_t live)
{
    size_t at = notes->ids.count - live, cursor = notes->ids.count;

    at -= at > 0;
    if (notes->cursor)
        cursor = xmpp_sync_list_find(&notes->ids, notes->cursor);
    return cursor < at ? cursor : at;
}

const char *xmpp_sync_notes_get_start(const xmpp_sync_notes_t *notes)
{
    const xmpp_sync_gap_t *open = xmpp_sync_notes_find_gap(notes, NULL);
    size_t live, at, gap_end;

    if (!notes)
        return NULL;
    live = notes->live < XMPP_SYNC_OVERLAP ? notes->live : XMPP_SYNC_OVERLAP;
    if (open)
        return open->after;
    if (!live)
        return notes->cursor;
    if (live == notes->ids.count && !notes->gaps.count)
        return NULL; /* the archive was empty when all this began */
    if (notes->cursor && !xmpp_sync_notes_has(notes, notes->cursor))
        return notes->cursor; /* all that is remembered came late */
    at = find_order_end(notes, live);
    gap_end = find_gap_end(notes);
    return notes->ids.texts[at > gap_end ? at : gap_end];
}

const char *xmpp_sync_notes_get_later(const xmpp_sync_notes_t *notes,
                                      const char *start)
{
    const char *cursor = notes ? notes->cursor : NULL;
    size_t at, end;

    if (!cursor || !start || !strcmp(start, cursor))
        return NULL;
    at = xmpp_sync_list_find(&notes->ids, start);
    end = xmpp_sync_list_find(&notes->ids, cursor);
    if (at >= end || end == notes->ids.count)
        return cursor;
    return notes->ids.texts[at + (end - at + 1) / 2];
}

int xmpp_sync_notes_has_since(const xmpp_sync_notes_t *notes, const char *start,
                              const char *id)
{
    size_t at = notes && id ? xmpp_sync_list_find(&notes->ids, id) : 0;

    return notes && id && start && at < notes->ids.count &&
           at >= xmpp_sync_list_find(&notes->ids, start);
}

int xmpp_sync_notes_add_key(xmpp_sync_notes_t *notes, const char *key)
{
    char *copy;

    if (!notes || !key)
        return XMPP_EINVOP;
    copy = xmpp_copy_text(notes->ctx, key);
    if (!copy)
        return XMPP_EMEM;
    xmpp_sync_list_add(notes->ctx, &notes->keys, copy);
    notes_update(notes);
    return 0;
}

int xmpp_sync_notes_take_key(xmpp_sync_notes_t *notes, const char *key)
{
    size_t at;

    if (!notes || !key)
        return 0;
    at = xmpp_sync_list_find(&notes->keys, key);
    if (at == notes->keys.count)
        return 0;
    xmpp_sync_list_drop(notes->ctx, &notes->keys, at);
    notes_update(notes);
    return 1;
}

void xmpp_sync_notes_cut_keys(xmpp_sync_notes_t *notes, size_t count)
{
    if (!notes)
        return;
    xmpp_sync_list_cut(notes->ctx, &notes->keys, count);
    notes_update(notes);
}

/* ---- gaps -------------------------------------------------------- */

const xmpp_sync_gap_t *xmpp_sync_notes_find_gap(const xmpp_sync_notes_t *notes,
                                                const char *before)
{
    return notes ? xmpp_sync_gaps_find(&notes->gaps, before) : NULL;
}

/* What was delivered behind the start, which may lie in the gap. */
static void set_gap_ids(const xmpp_sync_notes_t *notes, xmpp_sync_gap_t *gap)
{
    size_t at = notes->ids.count - notes->live, behind;

    behind = gap->after ? xmpp_sync_list_find(&notes->ids, gap->after) + 1 : at;
    if (behind <= notes->ids.count)
        at = behind;
    gap->ids = (const char *const *)notes->ids.texts + at;
    gap->id_count = notes->ids.count - at;
}

int xmpp_sync_notes_add_gap(xmpp_sync_notes_t *notes, int why,
                            const char *before, xmpp_time_t before_time,
                            size_t most, const xmpp_sync_gap_t **ret)
{
    xmpp_sync_gap_t gap;
    int rc;

    if (!notes)
        return XMPP_EINVOP;
    XMPP_INIT(xmpp_sync_gap, gap);
    if (notes->archive)
        gap.archive = *notes->archive;
    gap.after = xmpp_sync_notes_get_start(notes);
    if (gap.after == notes->cursor)
        gap.after_time = notes->known.time;
    gap.before = before;
    gap.before_time = before_time;
    gap.why = why;
    set_gap_ids(notes, &gap);
    rc = xmpp_sync_gaps_add(&notes->gaps, &gap, most);
    notes_update(notes);
    if (rc == 0 && ret)
        *ret = notes->gaps.all[notes->gaps.count - 1];
    return rc;
}

int xmpp_sync_notes_advance(xmpp_sync_notes_t *notes, const char *after,
                            const char *id, xmpp_time_t time)
{
    return notes ? xmpp_sync_gaps_advance(&notes->gaps, after, id, time)
                 : XMPP_EINVOP;
}

int xmpp_sync_notes_narrow(xmpp_sync_notes_t *notes, const char *before,
                           const char *now, xmpp_time_t time)
{
    int rc = notes ? xmpp_sync_gaps_narrow(&notes->gaps, before, now, time)
                   : XMPP_EARG;

    if (rc == 0)
        notes_update(notes);
    return rc;
}

int xmpp_sync_notes_set(xmpp_sync_notes_t *notes,
                        const xmpp_sync_known_t *known)
{
    char *cursor;
    size_t i;
    int rc;

    if (!notes || !known)
        return XMPP_EINVOP;
    cursor = known->cursor ? xmpp_copy_text(notes->ctx, known->cursor) : NULL;
    if (known->cursor && !cursor)
        return XMPP_EMEM;
    xmpp_free(notes->ctx, notes->cursor);
    notes->cursor = cursor;
    notes->known.is_begun = known->is_begun;
    notes->known.time = known->time;
    xmpp_sync_gaps_clear(&notes->gaps);
    rc = xmpp_sync_list_set(notes->ctx, &notes->ids, known->ids,
                            known->id_count);
    set_live(notes, known->live);
    if (rc == 0)
        rc = xmpp_sync_list_set(notes->ctx, &notes->keys, known->keys,
                                known->key_count);
    for (i = 0; rc == 0 && i < known->gap_count; i++)
        rc = xmpp_sync_gaps_add(&notes->gaps, known->gaps[i], known->gap_count);
    notes_update(notes);
    return rc;
}
