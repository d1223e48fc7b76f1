/* sync_notes.c - what is known of one archive. */

#include <xmpp/xep/sync_notes.h>

#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/error.h>
#include <xmpp/ns.h>

/* ---- payloads ---------------------------------------------------- */

static const char *const whys[] = {"first",      "too-many", "expired",
                                   "no-archive", "failed",   NULL};

static const xmpp_field_t gap_fields[] = {
    XMPP_ATTR(xmpp_sync_gap_t, archive, JID, "archive"),
    XMPP_ATTR(xmpp_sync_gap_t, after, TEXT, "after"),
    XMPP_ATTR(xmpp_sync_gap_t, before, TEXT, "before"),
    XMPP_ATTR(xmpp_sync_gap_t, after_time, TIME, "after-time"),
    XMPP_ATTR(xmpp_sync_gap_t, before_time, TIME, "before-time"),
    XMPP_ATTR_ENUM(xmpp_sync_gap_t, why, "why", whys),
};
XMPP_PAYLOAD(xmpp_sync_gap, xmpp_sync_gap_t, "gap", XMPP_NS_SYNC, gap_fields);

static const xmpp_field_t known_fields[] = {
    XMPP_FLAG(xmpp_sync_known_t, is_begun, "begun"),
    XMPP_ATTR(xmpp_sync_known_t, cursor, TEXT, "cursor"),
    XMPP_ATTR(xmpp_sync_known_t, time, TIME, "time"),
    XMPP_CHILDREN(xmpp_sync_known_t, ids, id_count, "id"),
    XMPP_CHILDREN(xmpp_sync_known_t, keys, key_count, "key"),
    XMPP_ELEMENTS(xmpp_sync_known_t, gaps, gap_count, &xmpp_sync_gap),
};
XMPP_PAYLOAD(xmpp_sync_known, xmpp_sync_known_t, "known", XMPP_NS_SYNC,
             known_fields);

/* ---- lists ------------------------------------------------------- */

/* What was delivered last, oldest first. */
struct notes_list {
    char *texts[XMPP_SYNC_REMEMBERED];
    size_t count;
};

/* `known` points into the rest; the texts of a gap are in its own block. */
struct _xmpp_sync_notes_t {
    xmpp_ctx_t *ctx;
    xmpp_jid_t *archive; /* NULL: our account's */
    xmpp_sync_known_t known;
    char *cursor;
    struct notes_list ids, keys;
    xmpp_sync_gap_t **gaps;
    size_t gap_room;
};

static size_t notes_list_find(const struct notes_list *list, const char *text)
{
    size_t i = list->count;

    while (i-- > 0)
        if (!strcmp(list->texts[i], text))
            return i;
    return list->count;
}

static void notes_list_drop(xmpp_ctx_t *ctx, struct notes_list *list, size_t at)
{
    xmpp_free(ctx, list->texts[at]);
    list->count--;
    memmove(list->texts + at, list->texts + at + 1,
            (list->count - at) * sizeof(list->texts[0]));
}

static void notes_list_cut(xmpp_ctx_t *ctx, struct notes_list *list,
                           size_t count)
{
    while (list->count > count)
        notes_list_drop(ctx, list, 0);
}

/* `text` is taken. */
static void notes_list_add(xmpp_ctx_t *ctx, struct notes_list *list, char *text)
{
    notes_list_cut(ctx, list, XMPP_SYNC_REMEMBERED - 1);
    list->texts[list->count++] = text;
}

static int notes_list_set(xmpp_ctx_t *ctx, struct notes_list *list,
                          const char *const *texts, size_t count)
{
    size_t i = count > XMPP_SYNC_REMEMBERED ? count - XMPP_SYNC_REMEMBERED : 0;

    notes_list_cut(ctx, list, 0);
    for (; i < count; i++) {
        char *text = xmpp_copy_text(ctx, texts[i]);

        if (!text)
            return XMPP_EMEM;
        notes_list_add(ctx, list, text);
    }
    return 0;
}

/* After each change. */
static void notes_update(xmpp_sync_notes_t *notes)
{
    xmpp_sync_known_t *known = &notes->known;

    known->cursor = notes->cursor;
    known->ids = (const char *const *)notes->ids.texts;
    known->id_count = notes->ids.count;
    known->keys = (const char *const *)notes->keys.texts;
    known->key_count = notes->keys.count;
    known->gaps = (const xmpp_sync_gap_t *const *)notes->gaps;
}

/* ---- life -------------------------------------------------------- */

xmpp_sync_notes_t *xmpp_sync_notes_new(xmpp_ctx_t *ctx,
                                       const xmpp_jid_t *archive)
{
    xmpp_sync_notes_t *notes = ctx ? xmpp_zalloc(ctx, sizeof(*notes)) : NULL;

    if (!notes)
        return NULL;
    notes->ctx = ctx;
    notes->archive = archive ? xmpp_jid_copy(ctx, archive) : NULL;
    if (archive && !notes->archive) {
        xmpp_free(ctx, notes);
        return NULL;
    }
    XMPP_INIT(xmpp_sync_known, notes->known);
    notes_update(notes);
    return notes;
}

static void clear_gaps(xmpp_sync_notes_t *notes)
{
    while (notes->known.gap_count > 0)
        xmpp_free(notes->ctx, notes->gaps[--notes->known.gap_count]);
}

void xmpp_sync_notes_free(xmpp_sync_notes_t *notes)
{
    if (!notes)
        return;
    clear_gaps(notes);
    notes_list_cut(notes->ctx, &notes->ids, 0);
    notes_list_cut(notes->ctx, &notes->keys, 0);
    xmpp_free(notes->ctx, notes->gaps);
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
    return notes && id && notes_list_find(&notes->ids, id) < notes->ids.count;
}

/* The last gap may end here; -1 when out of memory. */
static int end_gap(xmpp_sync_notes_t *notes, const char *id, xmpp_time_t time)
{
    const xmpp_sync_gap_t *open = xmpp_sync_notes_find_gap(notes, NULL);

    return open ? xmpp_sync_notes_narrow(notes, NULL, id, time) : 0;
}

int xmpp_sync_notes_add(xmpp_sync_notes_t *notes, const char *id,
                        xmpp_time_t time, int moves)
{
    char *copy, *cursor = NULL;

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
    notes_list_add(notes->ctx, &notes->ids, copy);
    if (moves) {
        xmpp_free(notes->ctx, notes->cursor);
        notes->cursor = cursor;
        notes->known.time = time;
    }
    notes_update(notes);
    return 0;
}

int xmpp_sync_notes_add_key(xmpp_sync_notes_t *notes, const char *key)
{
    char *copy;

    if (!notes || !key)
        return XMPP_EINVOP;
    copy = xmpp_copy_text(notes->ctx, key);
    if (!copy)
        return XMPP_EMEM;
    notes_list_add(notes->ctx, &notes->keys, copy);
    notes_update(notes);
    return 0;
}

int xmpp_sync_notes_take_key(xmpp_sync_notes_t *notes, const char *key)
{
    size_t at;

    if (!notes || !key)
        return 0;
    at = notes_list_find(&notes->keys, key);
    if (at == notes->keys.count)
        return 0;
    notes_list_drop(notes->ctx, &notes->keys, at);
    notes_update(notes);
    return 1;
}

void xmpp_sync_notes_cut_keys(xmpp_sync_notes_t *notes, size_t count)
{
    if (!notes)
        return;
    notes_list_cut(notes->ctx, &notes->keys, count);
    notes_update(notes);
}

/* ---- gaps -------------------------------------------------------- */

/* Its place, or their number. */
static size_t gap_at(const xmpp_sync_notes_t *notes, const char *before)
{
    size_t i = notes->known.gap_count;

    while (i-- > 0) {
        const char *end = notes->gaps[i]->before;

        if (end && before ? !strcmp(end, before) : end == before)
            return i;
    }
    return notes->known.gap_count;
}

const xmpp_sync_gap_t *xmpp_sync_notes_find_gap(const xmpp_sync_notes_t *notes,
                                                const char *before)
{
    size_t at = notes ? gap_at(notes, before) : 0;

    return notes && at < notes->known.gap_count ? notes->gaps[at] : NULL;
}

static void replace_gap(xmpp_sync_notes_t *notes, size_t at,
                        xmpp_sync_gap_t *gap)
{
    xmpp_free(notes->ctx, notes->gaps[at]);
    notes->gaps[at] = gap;
}

static void drop_gap(xmpp_sync_notes_t *notes, size_t at)
{
    xmpp_free(notes->ctx, notes->gaps[at]);
    notes->known.gap_count--;
    memmove(notes->gaps + at, notes->gaps + at + 1,
            (notes->known.gap_count - at) * sizeof(notes->gaps[0]));
}

static int make_gap_room(xmpp_sync_notes_t *notes)
{
    size_t room = notes->gap_room ? 2 * notes->gap_room : 4;
    xmpp_sync_gap_t **gaps;

    if (notes->known.gap_count < notes->gap_room)
        return 0;
    gaps = xmpp_zalloc(notes->ctx, room * sizeof(*gaps));
    if (!gaps)
        return XMPP_EMEM;
    if (notes->gaps)
        memcpy(gaps, notes->gaps, notes->gap_room * sizeof(*gaps));
    xmpp_free(notes->ctx, notes->gaps);
    notes->gaps = gaps;
    notes->gap_room = room;
    return 0;
}

/* The second becomes both. */
static int join_oldest(xmpp_sync_notes_t *notes)
{
    xmpp_sync_gap_t both = *notes->gaps[1], *copy;

    both.after = notes->gaps[0]->after;
    both.after_time = notes->gaps[0]->after_time;
    both.why = notes->gaps[0]->why;
    copy = xmpp_payload_copy(notes->ctx, &xmpp_sync_gap, &both);
    if (!copy)
        return XMPP_EMEM;
    replace_gap(notes, 1, copy);
    drop_gap(notes, 0);
    return 0;
}

/* A gap behind which nothing was delivered becomes the new one; else that is
 * the last. */
static void put_gap(xmpp_sync_notes_t *notes, xmpp_sync_gap_t *gap)
{
    size_t count = notes->known.gap_count;
    const xmpp_sync_gap_t *last = count ? notes->gaps[count - 1] : NULL;

    if (last && gap->after && last->after && !strcmp(last->after, gap->after))
        replace_gap(notes, count - 1, gap);
    else if (last && !last->before)
        replace_gap(notes, count - 1, gap);
    else
        notes->gaps[notes->known.gap_count++] = gap;
}

static int add_gap(xmpp_sync_notes_t *notes, const xmpp_sync_gap_t *gap,
                   size_t most)
{
    xmpp_sync_gap_t ours = *gap, *copy;

    if (notes->archive)
        ours.archive = *notes->archive;
    copy = xmpp_payload_copy(notes->ctx, &xmpp_sync_gap, &ours);
    if (!copy || make_gap_room(notes)) {
        xmpp_free(notes->ctx, copy);
        return XMPP_EMEM;
    }
    put_gap(notes, copy);
    while (notes->known.gap_count > 1 && notes->known.gap_count > most &&
           join_oldest(notes) == 0)
        ;
    notes_update(notes);
    return 0;
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
    gap.after = notes->cursor;
    gap.after_time = notes->known.time;
    gap.before = before;
    gap.before_time = before_time;
    gap.why = why;
    rc = add_gap(notes, &gap, most);
    if (rc == 0 && ret)
        *ret = notes->gaps[notes->known.gap_count - 1];
    return rc;
}

int xmpp_sync_notes_narrow(xmpp_sync_notes_t *notes, const char *before,
                           const char *now, xmpp_time_t time)
{
    size_t at = notes ? gap_at(notes, before) : 0;
    xmpp_sync_gap_t changed, *copy;

    if (!notes || at == notes->known.gap_count)
        return XMPP_EARG;
    if (!now) {
        drop_gap(notes, at);
        notes_update(notes);
        return 0;
    }
    changed = *notes->gaps[at];
    changed.before = now;
    changed.before_time = time;
    copy = xmpp_payload_copy(notes->ctx, &xmpp_sync_gap, &changed);
    if (!copy)
        return XMPP_EMEM;
    replace_gap(notes, at, copy);
    return 0;
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
    clear_gaps(notes);
    rc = notes_list_set(notes->ctx, &notes->ids, known->ids, known->id_count);
    if (rc == 0)
        rc = notes_list_set(notes->ctx, &notes->keys, known->keys,
                            known->key_count);
    for (i = 0; rc == 0 && i < known->gap_count; i++)
        rc = add_gap(notes, known->gaps[i], known->gap_count);
    notes_update(notes);
    return rc;
}
