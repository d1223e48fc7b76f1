/* buf.h - a queue of bytes that remembers whether an append failed. */

#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <string.h>

#include "base/env.h"
#include "base/str.h"

/* Bytes are appended at the end and consumed from the start. An append fails if
 * there is no memory, or no room below `max`. It then sets `failed`, and all
 * appends that follow do nothing: a whole sequence needs one check at its end.
 *
 * Invariant: start <= end <= cap; the bytes from `end` on are undefined. */
struct buf {
    const struct env *env;
    char *data;
    size_t start, end, cap;
    size_t max; /* most bytes held */
    bool failed;
    bool is_secret; /* may be set: whatever growing, consuming or cutting
                       leaves behind is wiped */
};

void buf_init(struct buf *buf, const struct env *env, size_t max);
void buf_free(struct buf *buf);

/* Make room for `n` more bytes and return a pointer to it; NULL if that fails.
 */
char *buf_reserve_slow(struct buf *buf, size_t n);
static inline char *buf_reserve(struct buf *buf, size_t n)
{
    if (buf->cap - buf->end >= n && buf->end - buf->start + n <= buf->max &&
        !buf->failed && buf->data)
        return buf->data + buf->end;
    return buf_reserve_slow(buf, n);
}

/* Append the `n` bytes that were written to the reserved room. */
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

/* Shorten the content to `size` bytes and clear `failed`. This undoes a
 * sequence of appends that failed half-way. */
void buf_cut(struct buf *buf, size_t size);

/* Forget everything, keep the memory. */
void buf_clear(struct buf *buf);

/* Overwrite everything with zeros, then free. For secrets. */
void buf_wipe(struct buf *buf);

/* Free the memory if the queue is empty, so that idle connections are cheap. */
void buf_trim(struct buf *buf);

/* Give back the memory behind the content, which is to stay as it is. */
void buf_fit(struct buf *buf);

/* The content as an owned, NUL-terminated string; the queue is then empty.
 * NULL if it failed. */
char *buf_take(struct buf *buf);

#endif
