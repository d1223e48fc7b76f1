/* outbox_late.c - items that are not to be sent any more: their deadline has
 * passed, or the peer does not accept so many bytes. */

#include <xmpp/error.h>

#include "stream/outbox.h"

void outbox_note_deadline(struct outbox *box, uint64_t deadline)
{
    if (deadline && deadline < box->rests)
        deadline = box->rests;
    if (deadline && (!box->due || deadline < box->due))
        box->due = deadline;
}

/* What left over the present transport is on its way, and what may have been
 * sent keeps its place, for the peer may count it. While the outbox is stopped
 * all places are kept, and each item may still be taken back. */
static size_t first_unsent(const struct outbox *box)
{
    size_t i = outbox_untouched(box);

    if (box->stopped)
        return box->done;
    return i > box->maybe ? i : box->maybe;
}

static bool is_unfit(const struct item *item, const struct outbox_terms *terms)
{
    bool late = item->deadline && item->deadline <= terms->now;
    bool large = terms->most && item->n > terms->most;

    return (late || large) && !item->passing;
}

/* Without changing anything: copies of all, and when to look again. */
static int copy_unfit(const struct outbox *box,
                      const struct outbox_terms *terms, int status,
                      struct outbox *ret)
{
    size_t count = outbox_count(box);

    for (size_t i = first_unsent(box); i < count; i++) {
        struct item item = outbox_item(box, i);
        struct str text = outbox_text(box, &item);

        if (!is_unfit(&item, terms)) {
            outbox_note_deadline(ret, item.passing ? 0 : item.deadline);
            continue;
        }
        item.start = outbox_size(ret);
        item.status = status;
        buf_puts(&ret->bytes, text);
        buf_put(&ret->items, (const char *)&item, sizeof(item));
    }
    ret->done = ret->written = outbox_count(ret);
    return ret->bytes.failed || ret->items.failed ? XMPP_EMEM : 0;
}

static void keep_places(struct outbox *box, const struct outbox_terms *terms)
{
    size_t count = outbox_count(box);

    for (size_t i = box->done; i < count; i++) {
        struct item item = outbox_item(box, i);

        if (!is_unfit(&item, terms))
            continue;
        item.passing = true;
        item.handler = NULL;
        outbox_store(box, i, &item);
    }
    outbox_count_gone(box);
}

/* Bytes that stay move up. */
static size_t move_up(char *bytes, size_t to, size_t from, size_t past)
{
    memmove(bytes + to, bytes + from, past - from);
    return to + (past - from);
}

/* One pass over the bytes, however many go. What lies between two items is the
 * stream's own, and stays. */
static void close_places(struct outbox *box, const struct outbox_terms *terms)
{
    size_t count = outbox_count(box), first = first_unsent(box), to = first;
    char *bytes = box->bytes.data + box->bytes.start;
    size_t from = 0, past = 0;

    for (size_t i = first; i < count; i++) {
        struct item item = outbox_item(box, i);
        size_t at = (size_t)(item.start - box->first);

        past = move_up(bytes, past, from, at);
        from = at + item.n;
        if (is_unfit(&item, terms))
            continue;
        item.start = box->first + past;
        past = move_up(bytes, past, at, from);
        outbox_store(box, to++, &item);
    }
    past = move_up(bytes, past, from, outbox_size(box));
    buf_cut(&box->bytes, past);
    buf_cut(&box->items, to * sizeof(struct item));
}

int outbox_weed(struct outbox *box, const struct outbox_terms *terms,
                int status, struct outbox *ret)
{
    int rc = copy_unfit(box, terms, status, ret);

    if (rc)
        return rc;
    if (terms->now)
        box->rests = terms->now + outbox_count(box) / OUTBOX_LOOKS;
    box->due = 0;
    outbox_note_deadline(box, ret->due);
    if (!outbox_count(ret))
        return 0;
    if (box->stopped)
        keep_places(box, terms);
    else
        close_places(box, terms);
    return 0;
}
