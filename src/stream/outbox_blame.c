/* outbox_blame.c - what the peer ends its streams over: found by saying it
 * alone, and not for ever. */

#include "stream/outbox.h"

/* Where nothing is acknowledged it is not known when the next may follow, so
 * nothing is held back. A suspect was on its way, so it stands in front of all
 * the rest. */
bool outbox_holds(const struct outbox *box)
{
    return box->keeps && box->done < outbox_count(box) &&
           outbox_item(box, box->done).blame > 0;
}

struct str outbox_ready(const struct outbox *box)
{
    struct str bytes = outbox_unsent(box);
    struct item first;
    uint64_t end;

    if (!outbox_holds(box))
        return bytes;
    first = outbox_item(box, box->done);
    end = first.start + first.n;
    if (end <= box->sent)
        bytes.n = 0;
    else if (end - box->sent < bytes.n)
        bytes.n = (size_t)(end - box->sent);
    return bytes;
}

/* Its outcome is ready at once. Its place stays, because the peer may have
 * counted it. */
static bool refuse_item(struct outbox *box, size_t i, int status)
{
    struct item item = outbox_item(box, i);
    struct outcome outcome = {item.handler, item.userdata, status, {0}};

    if (box->has_refused || !outbox_copy(box, &item, &outcome.text))
        return false;
    box->refused = outcome;
    box->has_refused = true;
    item.handler = NULL;
    item.passing = true;
    outbox_store(box, i, &item);
    return true;
}

/* Only an item that was alone is guilty for certain; of several, each stays
 * just below that. What is not sent again is not suspected. */
bool outbox_blame(struct outbox *box, unsigned by, int status, size_t *ret_n)
{
    size_t end = outbox_untouched(box), n = 0;

    for (size_t i = box->done; i < end; i++)
        n += !outbox_item(box, i).passing;
    *ret_n = n;
    for (size_t i = box->done; i < end; i++) {
        struct item item = outbox_item(box, i);
        unsigned blame = item.blame + by;

        if (item.passing)
            continue;
        if (n == 1 && blame >= BLAME_GUILTY && refuse_item(box, i, status))
            return true;
        item.blame =
            blame < BLAME_GUILTY ? (unsigned char)blame : BLAME_GUILTY - 1;
        outbox_store(box, i, &item);
    }
    return false;
}
