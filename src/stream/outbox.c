/* outbox.c - what waits to be sent or to be acknowledged, and where each item
 * of it ends. */

#include "stream/outbox.h"

#include <stdint.h>

#include <xmpp/error.h>

#define BYTES_MOST (SIZE_MAX / 4) /* the limit is the stream's to keep */
#define ONLY_SENT 1               /* status where nobody acknowledges */
/* What grew above this is given back once it is empty. A smaller buffer stays,
 * so that steady traffic needs no allocation. */
#define TRIM_ABOVE 65536
#define TIDY_STEP 65536

void outbox_init(struct outbox *box, const struct env *env)
{
    *box = (struct outbox){0};
    buf_init(&box->bytes, env, BYTES_MOST);
    buf_init(&box->items, env, BYTES_MOST);
    buf_init(&box->spare, env, BYTES_MOST);
}

void outbox_free(struct outbox *box)
{
    buf_free(&box->bytes);
    buf_free(&box->items);
    buf_free(&box->spare);
    if (box->has_refused)
        buf_free(&box->refused.text);
}

/* ---- items ------------------------------------------------------- */

size_t outbox_count(const struct outbox *box)
{
    return buf_size(&box->items) / sizeof(struct item);
}

/* The buffer is one of bytes that moves as it grows: items are copied in and
 * out, and nobody keeps a pointer to one. */
static char *item_place(const struct outbox *box, size_t i)
{
    return box->items.data + box->items.start + i * sizeof(struct item);
}

/* To be looked at, and not kept. */
static inline const struct item *item_at(const struct outbox *box, size_t i)
{
    return (const struct item *)(const void *)item_place(box, i);
}

struct item outbox_item(const struct outbox *box, size_t i)
{
    struct item item;

    memcpy(&item, item_place(box, i), sizeof(item));
    return item;
}

void outbox_store(struct outbox *box, size_t i, const struct item *item)
{
    memcpy(item_place(box, i), item, sizeof(*item));
}

struct str outbox_text(const struct outbox *box, const struct item *item)
{
    return str_n(box->bytes.data + box->bytes.start +
                     (item->start - box->first),
                 item->n);
}

struct str outbox_unsent(const struct outbox *box)
{
    struct str all = buf_view(&box->bytes);
    size_t gone = (size_t)(box->sent - box->first);

    return str_n(all.s + gone, all.n - gone);
}

bool outbox_at_item(const struct outbox *box)
{
    return box->written < outbox_count(box) &&
           outbox_item(box, box->written).start == box->sent;
}

/* Prosody 0.12 goes on with its old parser after a resumption: half a stanza in
 * it would swallow all that follows (tests/live/cuts.c). */
struct str outbox_whole(const struct outbox *box, size_t most)
{
    struct str bytes = outbox_ready(box);
    size_t low = box->written, high = outbox_count(box);

    if (bytes.n <= most)
        return bytes;
    bytes.n = most;
    /* The last item that begins within reach: the first `low` do. */
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (outbox_item(box, middle).start <= box->sent + most)
            low = middle + 1;
        else
            high = middle;
    }
    if (low > box->written) {
        uint64_t start = outbox_item(box, low - 1).start;

        if (start > box->sent)
            bytes.n = (size_t)(start - box->sent);
    }
    return bytes;
}

int outbox_mark(struct outbox *box, size_t size, const struct item *note)
{
    struct item item = *note;

    item.start = box->first + size;
    item.n = outbox_size(box) - size;
    item.id = ++box->ids;
    /* The memory for the report is taken now, because it must not be out later.
     */
    if (item.handler && !buf_reserve(&box->spare, item.n)) {
        buf_clear(&box->spare);
        return XMPP_EMEM;
    }
    buf_put(&box->items, (const char *)&item, sizeof(item));
    if (!box->items.failed) {
        outbox_note_deadline(box, item.deadline);
        return 0;
    }
    buf_cut(&box->items, buf_size(&box->items));
    return XMPP_EMEM;
}

/* ---- what may have left ------------------------------------------ */

/* Only a whole item can have arrived: the peer counts nothing less. */
void outbox_doubt(struct outbox *box, size_t n)
{
    size_t count = outbox_count(box);

    for (size_t i = box->written; i < count; i++) {
        struct item item = outbox_item(box, i);

        if (item.start + item.n > box->sent + n)
            break;
        box->maybe = i + 1;
    }
}

/* What the peer counts was sent, and so was all in front of it. */
bool outbox_presume(struct outbox *box, size_t n)
{
    size_t end = box->written, found = 0;
    struct item item = {0};

    while (found < n && end < box->maybe) {
        item = outbox_item(box, end++);
        found += item.counts;
    }
    if (found < n)
        return false;
    if (end > box->written)
        box->sent = item.start + item.n;
    box->written = end;
    box->unacked += found;
    outbox_count_gone(box);
    return true;
}

size_t outbox_doubted(const struct outbox *box)
{
    size_t n = 0;

    for (size_t i = box->written; i < box->maybe; i++)
        n += outbox_item(box, i).counts;
    return n;
}

/* ---- progress ---------------------------------------------------- */

static void pop_item(struct outbox *box)
{
    buf_consume(&box->items, sizeof(struct item));
    box->done--;
    box->written--;
    box->maybe -= box->maybe > 0;
    box->oldest -= box->oldest > 0;
    box->listed -= box->listed > 0;
}

/* A large text was handed out, and no item is left that could have a handler.
 */
static void trim_spare(struct outbox *box)
{
    if (!outbox_count(box) && box->spare.cap > TRIM_ABOVE)
        buf_trim(&box->spare);
}

/* Forget the items that are done and have no handler, and the bytes that are
 * not needed again. An item with a handler stays with its text until it is
 * fetched. */
static void settle_items(struct outbox *box)
{
    uint64_t needed = box->sent;

    while (box->done && !item_at(box, 0)->handler)
        pop_item(box);
    if (outbox_count(box) && item_at(box, 0)->start < needed)
        needed = item_at(box, 0)->start;
    buf_consume(&box->bytes, (size_t)(needed - box->first));
    box->first = needed;
    if (!outbox_size(box) && box->bytes.cap > TRIM_ABOVE)
        buf_trim(&box->bytes);
    trim_spare(box);
}

/* Answers to <r/> lie between the stanzas that stay. If nobody acknowledges
 * these, the answers would fill our memory. So items move up against what did
 * not leave. Done each time that a quarter was added, it costs little. */
static void tidy_gaps(struct outbox *box)
{
    uint64_t to = box->sent;
    char *bytes;

    if (outbox_size(box) < TIDY_STEP || outbox_size(box) < box->tidy_at)
        return;
    bytes = box->bytes.data + box->bytes.start;
    for (size_t i = outbox_count(box); i-- > 0;) {
        struct item item = outbox_item(box, i);

        if (item.start >= box->sent)
            continue;
        if (item.start + item.n <= to) {
            memmove(bytes + (to - item.n - box->first),
                    bytes + (item.start - box->first), item.n);
            item.start = to - item.n;
            outbox_store(box, i, &item);
        }
        to = item.start;
    }
    buf_consume(&box->bytes, (size_t)(to - box->first));
    box->first = to;
    box->tidy_at = outbox_size(box) + outbox_size(box) / 4 + TIDY_STEP;
}

static void set_item_status(struct outbox *box, size_t i, int status)
{
    struct item item = outbox_item(box, i);

    item.status = status;
    outbox_store(box, i, &item);
}

/* The next `n` stanzas are done, and the raw text around them: nobody
 * acknowledges that. */
static void finish_items(struct outbox *box, size_t n, int status)
{
    while (box->done < box->written) {
        const struct item *item = item_at(box, box->done);

        if (item->counts && n == 0)
            break;
        if (item->counts)
            n--;
        if (item->handler)
            set_item_status(box, box->done, status);
        box->done++;
    }
    settle_items(box);
}

void outbox_sent(struct outbox *box, size_t n)
{
    size_t count = outbox_count(box);

    box->sent += n;
    while (box->written < count) {
        const struct item *item = item_at(box, box->written);

        if (item->start + item->n > box->sent)
            break;
        box->written++;
        box->unacked += item->counts && box->keeps;
    }
    if (!box->keeps)
        finish_items(box, SIZE_MAX, ONLY_SENT);
    else
        /* Raw text in front of all stanzas is done at once. */
        finish_items(box, 0, 0);
    tidy_gaps(box);
}

void outbox_ack(struct outbox *box, size_t n)
{
    box->unacked -= n;
    finish_items(box, n, 0);
}

void outbox_keep_nothing(struct outbox *box)
{
    box->keeps = false;
    box->unacked = 0;
    finish_items(box, SIZE_MAX, ONLY_SENT);
}

size_t outbox_give_back(struct outbox *box, bool all, int status)
{
    size_t unreported = 0, end;

    /* What was never sent counts as sent here, so that one walk ends both. */
    if (all) {
        box->written = outbox_count(box);
        box->sent = box->first + outbox_size(box);
    }
    end = box->written;
    for (size_t i = box->done; i < end; i++) {
        struct item item = outbox_item(box, i);

        unreported += item.counts && !item.handler && !item.passing;
    }
    box->unacked = 0;
    finish_items(box, SIZE_MAX, status);
    outbox_count_gone(box);
    return unreported;
}

/* ---- telling ----------------------------------------------------- */

bool outbox_copy(struct outbox *box, const struct item *item, struct buf *ret)
{
    struct buf copy = box->spare;

    buf_init(&box->spare, copy.env, BYTES_MOST);
    buf_puts(&copy, outbox_text(box, item));
    if (!copy.failed) {
        *ret = copy;
        return true;
    }
    buf_clear(&copy);
    box->spare = copy;
    return false;
}

bool outbox_take_done(struct outbox *box, struct outcome *ret)
{
    struct item item;

    /* It was copied when it was refused, and its item has no handler any more.
     */
    if (box->has_refused) {
        *ret = box->refused;
        box->has_refused = false;
        return true;
    }
    if (!box->done)
        return false;
    item = outbox_item(box, 0);
    if (!outbox_copy(box, &item, &ret->text))
        return false;
    ret->handler = item.handler;
    ret->userdata = item.userdata;
    ret->status = item.status;
    pop_item(box);
    settle_items(box);
    return true;
}

/* The larger one stays: it has room for all that the smaller one was made for.
 */
void outbox_reclaim(struct outbox *box, struct outcome *outcome)
{
    buf_clear(&outcome->text);
    if (!box || outcome->text.cap <= box->spare.cap) {
        buf_free(&outcome->text);
        return;
    }
    buf_free(&box->spare);
    box->spare = outcome->text;
    buf_init(&outcome->text, box->spare.env, BYTES_MOST);
    trim_spare(box);
}
