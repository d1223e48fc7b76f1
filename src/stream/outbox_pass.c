/* outbox_pass.c - an outbox on its way from one transport, and from one
 * session, to the next. */

#include "stream/outbox.h"

/* Keep the items in front of `i`, and those behind that are worth it; close
 * every gap. An item that was sent in part is sent again as a whole. */
static void compact(struct outbox *box, size_t i,
                    bool (*keep)(const struct outbox *, size_t,
                                 const struct item *))
{
    size_t count = outbox_count(box), to = i, n = 0;
    char *bytes = box->bytes.data + box->bytes.start;

    for (size_t k = 0; k < count; k++) {
        struct item item = outbox_item(box, k);

        if (k >= i && !keep(box, k, &item))
            continue;
        memmove(bytes + n, bytes + (item.start - box->first), item.n);
        item.start = box->first + n;
        n += item.n;
        outbox_store(box, k < i ? k : to++, &item);
    }
    buf_cut(&box->items, to * sizeof(struct item));
    buf_cut(&box->bytes, n);
    box->oldest = box->listed = 0;
}

/* What is written left, and what stands behind it waits. */
static void wait_behind_written(struct outbox *box)
{
    box->sent = box->first + outbox_size(box);
    if (box->written < outbox_count(box))
        box->sent = outbox_item(box, box->written).start;
    outbox_count_gone(box);
}

/* Until the session is resumed or over, the peer may count what was sent or may
 * have been sent. Such an item keeps its place, even if it is not sent again.
 */
static bool outlives_transport(const struct outbox *box, size_t i,
                               const struct item *item)
{
    return i < box->written || i < box->maybe || !item->passing;
}

/* A new session counts anew, so no place has to be kept. Raw text that left is
 * not repeated, since nothing says that it was lost. */
static bool outlives_session(const struct outbox *box, size_t i,
                             const struct item *item)
{
    return !item->passing && (item->counts || i >= box->written);
}

void outbox_stop(struct outbox *box)
{
    if (outbox_count(box)) {
        compact(box, box->done, outlives_transport);
        wait_behind_written(box);
    } else {
        /* Our own elements belong to the stream that is gone. */
        buf_clear(&box->bytes);
    }
    for (size_t i = box->done; i < outbox_count(box); i++)
        outbox_note_deadline(box, outbox_item(box, i).deadline);
    box->stopped = true;
}

void outbox_rewind(struct outbox *box)
{
    box->unacked = box->maybe = 0;
    box->stopped = false;
    if (!outbox_count(box))
        return;
    compact(box, box->done, outlives_session);
    box->written = box->done;
    wait_behind_written(box);
}

/* Nothing follows our goodbye, so it can only be the last. */
bool outbox_says_goodbye(const struct outbox *box)
{
    size_t count = outbox_count(box);

    return count > box->done && outbox_item(box, count - 1).passing;
}

size_t outbox_owed(const struct outbox *box)
{
    return outbox_count(box) - box->done - outbox_says_goodbye(box);
}

void outbox_rest(struct outbox *box)
{
    buf_trim(&box->bytes);
    buf_trim(&box->items);
    if (!outbox_count(box))
        buf_trim(&box->spare);
}
