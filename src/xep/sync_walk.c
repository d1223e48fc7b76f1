/* sync_walk.c - the way through an archive, page by page. */

#include <xmpp/xep/sync_walk.h>

#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/error.h>

void xmpp_sync_walk_init(xmpp_sync_walk_t *walk, xmpp_ctx_t *ctx,
                         const xmpp_sync_notes_t *notes,
                         const xmpp_sync_own_t *own,
                         xmpp_sync_requester request, void *to)
{
    if (!walk)
        return;
    memset(walk, 0, sizeof(*walk));
    walk->ctx = ctx;
    walk->notes = notes;
    walk->own = own;
    walk->request = request;
    walk->to = to;
}

void xmpp_sync_walk_clear(xmpp_sync_walk_t *walk)
{
    if (!walk)
        return;
    xmpp_free(walk->ctx, walk->after);
    xmpp_free(walk->ctx, walk->start);
    walk->after = walk->start = NULL;
}

long xmpp_sync_walk_stop(xmpp_sync_walk_t *walk)
{
    if (!walk)
        return 0;
    walk->is_open = walk->is_due = 0;
    return ++walk->number;
}

int xmpp_sync_walk_awaits(const xmpp_sync_walk_t *walk, long number)
{
    return walk && walk->is_open && walk->number == number;
}

/* ---- requests ---------------------------------------------------- */

void xmpp_sync_walk_again(xmpp_sync_walk_t *walk)
{
    long number;

    if (!walk || !walk->request)
        return;
    number = xmpp_sync_walk_stop(walk);
    walk->is_open = 1;
    if (walk->request(walk->to, number, walk->is_last, walk->after) &&
        walk->number == number) {
        walk->is_open = 0;
        walk->is_due = 1;
    }
}

void xmpp_sync_walk_after(xmpp_sync_walk_t *walk, const char *after)
{
    char *copy;

    if (!walk)
        return;
    copy = after ? xmpp_copy_text(walk->ctx, after) : NULL;
    if (after && !copy) {
        xmpp_sync_walk_stop(walk);
        walk->is_due = 1;
        return;
    }
    xmpp_free(walk->ctx, walk->after);
    walk->after = copy;
    walk->is_last = 0;
    xmpp_sync_walk_again(walk);
}

void xmpp_sync_walk_last(xmpp_sync_walk_t *walk, int why)
{
    if (!walk)
        return;
    xmpp_free(walk->ctx, walk->after);
    walk->after = NULL;
    walk->is_last = 1;
    walk->why = why;
    xmpp_sync_walk_again(walk);
}

/* ---- beginnings -------------------------------------------------- */

/* Where the walk begins to deliver. 0; when out of memory it is due. */
static int start_walk(xmpp_sync_walk_t *walk, const char *start)
{
    const xmpp_sync_known_t *known = xmpp_sync_notes_get(walk->notes);
    char *copy = start ? xmpp_copy_text(walk->ctx, start) : NULL;

    if (start && !copy) {
        xmpp_sync_walk_stop(walk);
        walk->is_due = 1;
        return XMPP_EMEM;
    }
    xmpp_free(walk->ctx, walk->start);
    walk->start = copy;
    walk->count = walk->walked = walk->passed = 0;
    walk->is_past = 1;
    walk->is_beyond =
        !known->cursor || (start && !strcmp(start, known->cursor));
    return 0;
}

void xmpp_sync_walk_look_up(xmpp_sync_walk_t *walk)
{
    if (!walk)
        return;
    walk->rounds += walk->rounds < XMPP_SYNC_ROUNDS;
    if (start_walk(walk, xmpp_sync_notes_get_start(walk->notes)) == 0)
        xmpp_sync_walk_after(walk, walk->start);
}

/* Is what we look for before the start? */
static int is_earlier(const xmpp_sync_walk_t *walk, const char *sent_after)
{
    return walk->start &&
           !(sent_after &&
             xmpp_sync_notes_has_since(walk->notes, walk->start, sent_after));
}

/* Rules 1, 4 and 6 of sync_line.h. */
void xmpp_sync_walk_begin(xmpp_sync_walk_t *walk)
{
    const xmpp_sync_known_t *known =
        xmpp_sync_notes_get(walk ? walk->notes : NULL);
    const char *sent_after = NULL;

    if (!known || start_walk(walk, xmpp_sync_notes_get_start(walk->notes)))
        return;
    walk->rounds = 0;
    if (!known->is_begun && !known->cursor) {
        xmpp_sync_walk_last(walk, XMPP_SYNC_FIRST);
    } else if (xmpp_sync_own_find_doubt(walk->own, &sent_after) &&
               is_earlier(walk, sent_after)) {
        walk->is_past = walk->is_beyond = 0;
        xmpp_sync_walk_after(walk, sent_after);
    } else {
        xmpp_sync_walk_after(walk, walk->start);
    }
}

int xmpp_sync_walk_begin_later(xmpp_sync_walk_t *walk)
{
    const char *later = NULL;

    if (!walk || walk->is_last)
        return 0;
    if (walk->is_past)
        later = xmpp_sync_notes_get_later(walk->notes, walk->start);
    if (!walk->is_past)
        xmpp_sync_walk_look_up(walk);
    else if (!later)
        xmpp_sync_walk_last(walk, XMPP_SYNC_EXPIRED);
    else if (start_walk(walk, later) == 0)
        xmpp_sync_walk_after(walk, walk->start);
    return 1;
}

/* The start is remembered, and the cursor, too: if there are more messages
 * between them than are remembered, that of the cursor was deleted. */
int xmpp_sync_walk_pass(xmpp_sync_walk_t *walk, const char *id)
{
    const xmpp_sync_known_t *known =
        xmpp_sync_notes_get(walk ? walk->notes : NULL);
    int was_past = walk && walk->is_past;

    if (!known || !id)
        return was_past;
    if (known->cursor && !strcmp(id, known->cursor))
        walk->is_beyond = 1;
    if (was_past && !walk->is_beyond)
        walk->is_beyond = ++walk->passed > XMPP_SYNC_REMEMBERED;
    if (walk->start && !strcmp(id, walk->start))
        walk->is_past = 1;
    return was_past;
}

void xmpp_sync_walk_update(xmpp_sync_walk_t *walk)
{
    if (walk && xmpp_sync_own_find_doubt(walk->own, NULL))
        xmpp_sync_walk_begin(walk);
    else
        xmpp_sync_walk_look_up(walk);
}

/* ---- pages ------------------------------------------------------- */

/* The place behind this id in a page; 0 if it is not there. */
static size_t find_behind(const xmpp_sync_item_t *const *items, size_t count,
                          const char *id)
{
    while (id && count > 0 &&
           !(items[count - 1]->id && !strcmp(items[count - 1]->id, id)))
        count--;
    return id ? count : 0;
}

/* May something have expired before this page? Nothing has, if it is not the
 * first, or if it has the oldest message that is known. */
static int may_lack(const xmpp_sync_walk_t *walk,
                    const xmpp_sync_item_t *const *items, size_t count)
{
    const xmpp_sync_known_t *known = xmpp_sync_notes_get(walk->notes);

    return count && !walk->after && !walk->start &&
           (!known->cursor ||
            (known->id_count && !find_behind(items, count, known->ids[0])));
}

int xmpp_sync_walk_begin_page(xmpp_sync_walk_t *walk,
                              const xmpp_sync_item_t *const *items,
                              size_t count, int is_whole, size_t *ret_at)
{
    const xmpp_sync_known_t *known =
        xmpp_sync_notes_get(walk ? walk->notes : NULL);
    size_t at;

    if (!known)
        return 0;
    walk->is_open = 0;
    walk->walked += (long)count;
    if (!items || !ret_at)
        return 0;
    *ret_at = 0;
    if (!walk->is_last)
        return may_lack(walk, items, count);
    at = find_behind(items, count, xmpp_sync_notes_get_start(walk->notes));
    if (!at) {
        at = find_behind(items, count, known->cursor);
        walk->is_beyond = 1;
    }
    *ret_at = at;
    if (known->cursor)
        return at == 0;
    return may_lack(walk, items, count) && (!is_whole || known->is_begun);
}

int xmpp_sync_walk_ends(const xmpp_sync_walk_t *walk,
                        const xmpp_sync_item_t *const *items, size_t count,
                        size_t at, int is_complete)
{
    if (!walk || (count && !items))
        return 0;
    if (walk->is_last)
        return at == count;
    return is_complete || !count ||
           xmpp_sync_id_equal(items[count - 1]->id, walk->after);
}

/* So many times the limit of a catch-up are read. */
#define WALKED_MOST 100

int xmpp_sync_walk_is_endless(const xmpp_sync_walk_t *walk, long most)
{
    return walk && walk->walked > WALKED_MOST * most;
}

/* To be behind itself is to be behind all. */
const char *xmpp_sync_walk_get_before(const xmpp_sync_walk_t *walk,
                                      const xmpp_sync_item_t *const *items,
                                      size_t at)
{
    if (!walk || !items)
        return NULL;
    if (at > 0 || walk->is_last)
        return items[at > 0 ? at - 1 : 0]->id;
    return walk->after;
}
