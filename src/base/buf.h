/* buf.h - a queue of bytes that remembers if it ever failed. */

#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <string.h>

#include "base/env.h"
#include "base/str.h"

/* Bytes go in at the end and out at the start. After an append that failed,
 * for want of memory or room, `failed` is set and appends do nothing, so a
 * whole sequence needs one check. Invariant: start <= end <= cap; a byte
 * beyond `end` is not defined. */
struct buf {
    const struct env *env;
    char *data;
    size_t start, end, cap;
    size_t max; /* most bytes held */
    bool failed;
    bool is_secret; /* may be set: what is left behind by growing, taking or
                       cutting is wiped */
};

void buf_init(struct buf *buf, const struct env *env, size_t max);
void buf_free(struct buf *buf);

/* Make room for `n` more bytes and return where they go, or NULL. */
char *buf_reserve_slow(struct buf *buf, size_t n);
static inline char *buf_reserve(struct buf *buf, size_t n)
{
    if (buf->cap - buf->end >= n && buf->end - buf->start + n <= buf->max &&
        !buf->failed && buf->data)
        return buf->data + buf->end;
    return buf_reserve_slow(buf, n);
}

/* `n` bytes were written to the room reserved. */
static inline void buf_commit(struct buf *buf, size_t n)
{
    buf->end += n;
}

static inline void buf_put(struct buf *buf, const char *s, size_t n)
{
    char *to = n ? buf_reserve(buf, n) : NULL;

    if (to) {
        memcpy(to, s, n);
        buf->end += n;
    }
}

static inline void buf_puts(struct buf *buf, struct str s)
{
    buf_put(buf, s.s, s.n);
}

static inline void buf_putc(struct buf *buf, char c)
{
    buf_put(buf, &c, 1);
}

static inline struct str buf_view(const struct buf *buf)
{
    return str_n(buf->data ? buf->data + buf->start : "",
                 buf->end - buf->start);
}

static inline size_t buf_size(const struct buf *buf)
{
    return buf->end - buf->start;
}

/* Forget the first `n` bytes. */
void buf_consume(struct buf *buf, size_t n);

/* Forget the last bytes, down to `size`; clears the failure too. This is how
 * an append that failed half-way is undone. */
void buf_cut(struct buf *buf, size_t size);

/* Forget everything, keep the memory. */
void buf_clear(struct buf *buf);

/* Overwrite everything with zeros, then free. For secrets. */
void buf_wipe(struct buf *buf);

/* Give the memory back if nothing is in it: idle connections are cheap. */
void buf_trim(struct buf *buf);

/* The content as an owned, NUL-terminated string; the queue is then empty.
 * NULL if it failed. */
char *buf_take(struct buf *buf);

#endif
