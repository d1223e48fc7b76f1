/* outbox.c - what waits to be sent, and where each item of it ends. */

#include "stream/outbox.h"

#include <stdint.h>

#include <xmpp/error.h>

#define BYTES_MOST (SIZE_MAX / 4) /* the limit is the stream's to keep */

struct item {
    uint64_t start;
    size_t n;
};

void outbox_init(struct outbox *box, const struct env *env)
{
    box->sent = 0;
    buf_init(&box->bytes, env, BYTES_MOST);
    buf_init(&box->items, env, BYTES_MOST);
}

void outbox_free(struct outbox *box)
{
    buf_free(&box->bytes);
    buf_free(&box->items);
}

void outbox_clear(struct outbox *box)
{
    buf_clear(&box->bytes);
    buf_clear(&box->items);
}

int outbox_mark(struct outbox *box, size_t size)
{
    struct item item = {box->sent + size, outbox_size(box) - size};

    buf_put(&box->items, (const char *)&item, sizeof(item));
    if (!box->items.failed)
        return 0;
    buf_cut(&box->items, buf_size(&box->items));
    return XMPP_EMEM;
}

static size_t count(const struct outbox *box)
{
    return buf_size(&box->items) / sizeof(struct item);
}

static struct item item_at(const struct outbox *box, size_t i)
{
    struct item item;

    memcpy(&item, buf_view(&box->items).s + i * sizeof(item), sizeof(item));
    return item;
}

/* An item that is begun cannot be taken back and is no longer counted. */
void outbox_sent(struct outbox *box, size_t n)
{
    buf_consume(&box->bytes, n);
    box->sent += n;
    while (count(box) && item_at(box, 0).start < box->sent)
        buf_consume(&box->items, sizeof(struct item));
    if (!outbox_size(box) && box->bytes.cap > 65536)
        buf_trim(&box->bytes);
}

void outbox_rest(struct outbox *box)
{
    buf_trim(&box->bytes);
    buf_trim(&box->items);
}

int outbox_length(const struct outbox *box)
{
    return (int)count(box);
}

/* Close the gap that an item leaves; those behind it move forward. */
static void take_out(struct outbox *box, size_t i, struct item gone)
{
    char *bytes = box->bytes.data + box->bytes.start;
    size_t at = (size_t)(gone.start - box->sent);
    size_t last = count(box) - 1;

    memmove(bytes + at, bytes + at + gone.n, outbox_size(box) - at - gone.n);
    buf_cut(&box->bytes, outbox_size(box) - gone.n);
    for (; i < last; i++) {
        struct item next = item_at(box, i + 1);
        char *to = box->items.data + box->items.start + i * sizeof(next);

        next.start -= gone.n;
        memcpy(to, &next, sizeof(next));
    }
    buf_cut(&box->items, last * sizeof(struct item));
}

char *outbox_drop(struct outbox *box, bool oldest)
{
    size_t n = count(box), i = oldest ? 0 : n - 1;
    struct item item;
    char *text;

    if (!n)
        return NULL;
    item = item_at(box, i);
    text = env_strndup(box->bytes.env,
                       buf_view(&box->bytes).s + (item.start - box->sent),
                       item.n);
    if (text)
        take_out(box, i, item);
    return text;
}
