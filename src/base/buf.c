/* buf.c - a queue of bytes with sticky failure. */

#include "base/buf.h"

#include "base/crypt.h"

#define FIRST_SIZE 256

void buf_init(struct buf *buf, const struct env *env, size_t max)
{
    memset(buf, 0, sizeof(*buf));
    buf->env = env;
    buf->max = max;
}

void buf_free(struct buf *buf)
{
    env_free(buf->env, buf->data);
    buf_init(buf, buf->env, buf->max);
}

static void move_to_front(struct buf *buf)
{
    size_t size = buf_size(buf);

    if (size && buf->start)
        memmove(buf->data, buf->data + buf->start, size);
    buf->start = 0;
    buf->end = size;
}

/* The allocator may extend a large block in place, which a copy never does. But
 * it may also leave the old block behind, so secrets are copied and wiped. */
static bool buf_grow(struct buf *buf, size_t cap)
{
    size_t size = buf_size(buf);
    char *data;

    if (!buf->is_secret) {
        move_to_front(buf);
        data = env_realloc(buf->env, buf->data, cap);
    } else {
        data = env_alloc(buf->env, cap);
    }
    if (!data)
        return false;
    if (buf->is_secret && buf->data) {
        memcpy(data, buf->data + buf->start, size);
        crypt_wipe(buf->data, buf->cap);
        env_free(buf->env, buf->data);
    }
    buf->data = data;
    buf->cap = cap;
    buf->start = 0;
    buf->end = size;
    return true;
}

char *buf_reserve_slow(struct buf *buf, size_t n)
{
    size_t size = buf_size(buf);
    size_t cap = buf->cap ? buf->cap : FIRST_SIZE;

    /* both, because the difference wraps if `size` is the larger one */
    if (buf->failed || n > buf->max - size || size > buf->max) {
        buf->failed = true;
        return NULL;
    }
    /* At most half of the room is moved, after as much was consumed: moving
     * costs a constant time per byte. */
    if (buf->data && buf->cap - size >= n && buf->start >= buf->cap / 2) {
        move_to_front(buf);
        return buf->data + size;
    }
    /* A queue that is never empty gets twice the room: from then on the rule
     * above applies, and it stops growing. */
    while (cap < size + n || (buf->start && cap / 2 < size + n))
        cap *= 2;
    if (!buf_grow(buf, cap)) {
        buf->failed = true;
        return NULL;
    }
    return buf->data + size;
}

void buf_consume(struct buf *buf, size_t n)
{
    if (buf->is_secret && n)
        crypt_wipe(buf->data + buf->start, n);
    buf->start += n;
    if (buf->start == buf->end) /* begin at the front, so nothing has to move */
        buf->start = buf->end = 0;
}

void buf_cut(struct buf *buf, size_t size)
{
    size_t end = buf->start + size;

    if (size < buf_size(buf) && buf->is_secret)
        crypt_wipe(buf->data + end, buf->end - end);
    if (size < buf_size(buf))
        buf->end = end;
    buf->failed = false;
}

void buf_clear(struct buf *buf)
{
    buf->start = buf->end = 0;
    buf->failed = false;
}

void buf_wipe(struct buf *buf)
{
    if (buf->data)
        crypt_wipe(buf->data, buf->cap);
    buf_free(buf);
}

void buf_trim(struct buf *buf)
{
    if (buf->data && buf_size(buf) == 0 && !buf->failed)
        buf_free(buf);
}

/* Without memory for a smaller block the larger one stays. */
void buf_fit(struct buf *buf)
{
    if (buf_size(buf) && buf_size(buf) < buf->cap && !buf->failed)
        buf_grow(buf, buf_size(buf));
}

/* The string begins where the block begins, so that it can be freed. */
char *buf_take(struct buf *buf)
{
    size_t size = buf_size(buf);
    char *s = NULL;

    if (buf_reserve(buf, 1)) {
        buf->data[buf->end] = '\0';
        if (buf->start)
            memmove(buf->data, buf->data + buf->start, size + 1);
        s = buf->data;
        buf->data = NULL;
    }
    buf_free(buf);
    return s;
}
