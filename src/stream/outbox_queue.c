/* outbox_queue.c - an outbox as the application sees it: a queue that it can
 * look at and take from. */

#include <limits.h>

#include "stream/outbox.h"

/* Close the gap that an item leaves: those behind it move forward. */
static void move_forward(struct outbox *box, size_t i, size_t at, size_t n)
{
    char *bytes = box->bytes.data + box->bytes.start;
    size_t last = outbox_count(box) - 1;

    memmove(bytes + at, bytes + at + n, outbox_size(box) - at - n);
    buf_cut(&box->bytes, outbox_size(box) - n);
    for (; i < last; i++) {
        struct item next = outbox_item(box, i + 1);

        next.start -= n;
        outbox_store(box, i, &next);
    }
    buf_cut(&box->items, last * sizeof(struct item));
}

/* Or those in front of it move back, and are counted on. */
static void move_back(struct outbox *box, size_t i, size_t at, size_t n)
{
    char *bytes = box->bytes.data + box->bytes.start;

    memmove(bytes + n, bytes, at);
    buf_consume(&box->bytes, n);
    box->first += n;
    box->sent += n;
    for (; i > 0; i--) {
        struct item before = outbox_item(box, i - 1);

        before.start += n;
        outbox_store(box, i, &before);
    }
    buf_consume(&box->items, sizeof(struct item));
}

/* Take out an item. Nothing of it was sent (keeps_place), so `sent` and the
 * counts of what is in front stay right. The fewer bytes move: the oldest of a
 * long queue has hardly any in front, the youngest none behind. */
static void take_out(struct outbox *box, size_t i)
{
    struct item gone = outbox_item(box, i);
    size_t at = (size_t)(gone.start - box->first);

    if (at < outbox_size(box) - at - gone.n)
        move_back(box, i, at, gone.n);
    else
        move_forward(box, i, at, gone.n);
}

/* An item that was begun has to be finished, or the XML of the stream would
 * break. */
size_t outbox_untouched(const struct outbox *box)
{
    size_t i = box->written;

    if (i < outbox_count(box) && outbox_item(box, i).start < box->sent)
        i++;
    return i;
}

int outbox_length(const struct outbox *box)
{
    size_t n = outbox_count(box) - outbox_untouched(box) - box->gone;

    return n < INT_MAX ? (int)n : INT_MAX;
}

void outbox_count_gone(struct outbox *box)
{
    size_t count = outbox_count(box);

    box->gone = 0;
    for (size_t i = box->written; i < count; i++)
        box->gone += outbox_item(box, i).passing;
}

/* The peer may count it, or its bytes are under way: then its place stays, and
 * it is only not sent again. While nothing leaves, places stay as well, because
 * closing each gap would take time. */
static bool keeps_place(const struct outbox *box, size_t i)
{
    return i < outbox_untouched(box) || i < box->maybe ||
           (box->stopped && i + 1 < outbox_count(box));
}

static void drop_item(struct outbox *box, size_t i)
{
    struct item item = outbox_item(box, i);

    if (!keeps_place(box, i)) {
        take_out(box, i);
        return;
    }
    item.passing = true;
    item.handler = NULL;
    outbox_store(box, i, &item);
    box->gone += box->stopped && i >= box->written;
}

static bool is_gone(const struct outbox *box, size_t i)
{
    return outbox_item(box, i).passing;
}

/* The oldest or the youngest that waits; the number of items if none does.
 * `oldest` remembers what a search from the front has passed, so that emptying
 * a queue takes linear time. */
static size_t find_waiting(struct outbox *box, bool oldest)
{
    size_t n = outbox_count(box), first = outbox_untouched(box), i = n;

    if (first < box->oldest)
        first = box->oldest;
    if (!oldest) {
        while (i > first && is_gone(box, i - 1))
            i--;
        return i > first ? i - 1 : n;
    }
    while (first < n && is_gone(box, first))
        first++;
    if (box->stopped)
        box->oldest = first;
    return first;
}

char *outbox_drop(struct outbox *box, bool oldest)
{
    size_t i = find_waiting(box, oldest);
    struct item item;
    struct str view;
    char *text;

    if (i == outbox_count(box))
        return NULL;
    item = outbox_item(box, i);
    view = outbox_text(box, &item);
    text = env_strndup(box->bytes.env, view.s, view.n);
    if (text)
        drop_item(box, i);
    return text;
}

/* ---- by name ----------------------------------------------------- */

/* The first from `i` on that is neither done nor taken back. `listed` remembers
 * what a search from the front has passed: see find_waiting(). */
static size_t find_listed(struct outbox *box, size_t i)
{
    size_t count = outbox_count(box);
    bool from_front = i <= box->done || i <= box->listed;

    if (from_front && i < box->listed)
        i = box->listed;
    while (i < count && is_gone(box, i))
        i++;
    if (from_front)
        box->listed = i;
    return i;
}

/* Ids grow along the queue. The application's may be cut to 32 bits, so they
 * are compared by their distance from the oldest. */
size_t outbox_after(struct outbox *box, unsigned long id)
{
    size_t low = box->done, high = outbox_count(box);

    if (low < high && id) {
        uint64_t base = outbox_item(box, low).id;
        unsigned long ahead = id - (unsigned long)base + 1;
        uint64_t wanted = ahead > (unsigned long)-1 / 2 ? base : base + ahead;

        while (low < high) {
            size_t middle = low + (high - low) / 2;

            if (outbox_item(box, middle).id < wanted)
                low = middle + 1;
            else
                high = middle;
        }
    }
    return find_listed(box, low);
}

/* The text is copied first: without memory nothing is taken back. */
int outbox_take_back(struct outbox *box, unsigned long id, struct outcome *ret)
{
    size_t i = id ? outbox_after(box, id - 1) : outbox_count(box);
    struct item item;

    if (i == outbox_count(box) || (unsigned long)outbox_item(box, i).id != id)
        return XMPP_EARG;
    item = outbox_item(box, i);
    *ret = (struct outcome){item.handler, item.userdata, XMPP_EDROPPED, {0}};
    if (item.handler && !outbox_copy(box, &item, &ret->text))
        return XMPP_EMEM;
    drop_item(box, i);
    return 0;
}
