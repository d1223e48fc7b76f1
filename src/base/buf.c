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

char *buf_reserve_slow(struct buf *buf, size_t n)
{
    size_t size = buf_size(buf);
    size_t cap = buf->cap ? buf->cap : FIRST_SIZE;
    char *data;

    if (buf->failed || n > buf->max - size || size > buf->max) {
        buf->failed = true;
        return NULL;
    }
    /* Moving is cheap while more than half of the room lies in front. */
    if (buf->data && buf->cap - size >= n && buf->start >= buf->cap / 2) {
        memmove(buf->data, buf->data + buf->start, size);
        buf->start = 0;
        buf->end = size;
        return buf->data + size;
    }
    /* A queue that always holds something gets twice the room, so that from
     * then on it can move. */
    while (cap < size + n || (buf->start && cap / 2 < size + n))
        cap *= 2;
    data = env_alloc(buf->env, cap);
    if (!data) {
        buf->failed = true;
        return NULL;
    }
    if (size)
        memcpy(data, buf->data + buf->start, size);
    if (buf->is_secret && buf->data)
        crypt_wipe(buf->data, buf->cap);
    env_free(buf->env, buf->data);
    buf->data = data;
    buf->cap = cap;
    buf->start = 0;
    buf->end = size;
    return data + size;
}

void buf_consume(struct buf *buf, size_t n)
{
    if (buf->is_secret && n)
        crypt_wipe(buf->data + buf->start, n);
    buf->start += n;
    if (buf->start == buf->end)
        buf->start = buf->end = 0;
}

void buf_cut(struct buf *buf, size_t size)
{
    if (size < buf_size(buf))
        buf->end = buf->start + size;
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
