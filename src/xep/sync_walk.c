/* sync_walk.c - the way through an archive, page by page. */

#include <xmpp/xep/sync_walk.h>

#include <string.h>

#include <xmpp/ctx.h>

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
    walk->after = NULL;
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
    xmpp_sync_walk_clear(walk);
    walk->is_last = 1;
    walk->why = why;
    xmpp_sync_walk_again(walk);
}

/* ---- beginnings -------------------------------------------------- */

static const char *start_walk(xmpp_sync_walk_t *walk, int *ret_is_new)
{
    const xmpp_sync_known_t *known = xmpp_sync_notes_get(walk->notes);

    *ret_is_new = known && !known->is_begun && !known->cursor;
    walk->count = walk->walked = 0;
    walk->is_past = 1;
    return known ? known->cursor : NULL;
}

void xmpp_sync_walk_look_up(xmpp_sync_walk_t *walk)
{
    int is_new;

    if (walk)
        xmpp_sync_walk_after(walk, start_walk(walk, &is_new));
}

/* Rules 1, 4 and 6 of sync_line.h. */
void xmpp_sync_walk_begin(xmpp_sync_walk_t *walk)
{
    const char *cursor, *sent_after = NULL;
    int is_doubtful, is_new;

    if (!walk)
        return;
    cursor = start_walk(walk, &is_new);
    is_doubtful = xmpp_sync_own_find_doubt(walk->own, &sent_after);
    if (is_new) {
        xmpp_sync_walk_last(walk, XMPP_SYNC_FIRST);
    } else if (cursor && is_doubtful &&
               (!sent_after || strcmp(sent_after, cursor))) {
        walk->is_past = 0;
        xmpp_sync_walk_after(walk, sent_after);
    } else {
        xmpp_sync_walk_after(walk, cursor);
    }
}

void xmpp_sync_walk_update(xmpp_sync_walk_t *walk)
{
    if (walk && xmpp_sync_own_find_doubt(walk->own, NULL))
        xmpp_sync_walk_begin(walk);
    else
        xmpp_sync_walk_look_up(walk);
}
