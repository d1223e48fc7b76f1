/* outbox.h - what waits to be sent, and where each item of it ends. */

#ifndef STREAM_OUTBOX_H
#define STREAM_OUTBOX_H

#include "base/buf.h"

/* Bytes in order, and for each item of the application where it begins and
 * how long it is, counted from the first byte ever. */
struct outbox {
    struct buf bytes, items;
    uint64_t sent; /* bytes that left */
};

void outbox_init(struct outbox *box, const struct env *env);
void outbox_free(struct outbox *box);

/* Forget everything, for a new stream. */
void outbox_clear(struct outbox *box);

static inline size_t outbox_size(const struct outbox *box)
{
    return buf_size(&box->bytes);
}

/* All since `size` was one item of the application. 0, XMPP_EMEM. */
int outbox_mark(struct outbox *box, size_t size);

/* Some bytes at the front were sent. */
void outbox_sent(struct outbox *box, size_t n);

/* Give back the memory of an empty one. */
void outbox_rest(struct outbox *box);

/* Items of which nothing was sent yet. */
int outbox_length(const struct outbox *box);

/* Take one of them out: owned text, NULL if there is none. */
char *outbox_drop(struct outbox *box, bool oldest);

#endif
