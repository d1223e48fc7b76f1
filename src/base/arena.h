/* arena.h - memory that is freed all at once, taken from spare chunks. */

#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/env.h"
#include "base/str.h"

/* Chunks of three sizes are pooled: ARENA_SMALL for trees that the application
 * builds, ARENA_PAGE for trees that are received or have grown, a few of
 * ARENA_LARGE for those that go on growing. Larger chunks are not pooled, so
 * that one large stanza does not hold memory for ever. */
enum arena_class { ARENA_SMALL, ARENA_PAGE, ARENA_LARGE };

/* What has the alignment of any object. */
union any_object {
    void *pointer;
    int64_t integer;
    double real;
};

#define ARENA_ALIGN _Alignof(union any_object)

struct chunk {
    struct chunk *next;
    size_t size; /* bytes of data */
    size_t used;
    int class; /* its pool, -1 if it is not pooled */
    _Alignas(union any_object) char data[];
};

/* Invariant: every chunk is reachable from `first` by `next`, and `last` is the
 * last of them. Memory is taken from `current`; the chunks that arena_splice()
 * brings in are behind it and are not filled any further. */
struct arena {
    struct env *env;
    struct chunk *first, *last;
    struct chunk *current;
    size_t total; /* bytes of data in all chunks */
};

/* Make an arena with one chunk, so that a first allocation of up to 400
 * bytes cannot fail. False if there is no memory. */
bool arena_init(struct arena *arena, struct env *env, enum arena_class class);

/* Aligned for any object; NULL if there is no memory. */
void *arena_alloc_slow(struct arena *arena, size_t size);
static inline void *arena_alloc(struct arena *arena, size_t size)
{
    struct chunk *c = arena->current;
    size_t used = (c->used + ARENA_ALIGN - 1) & ~(ARENA_ALIGN - 1);

    if (c->size < used || c->size - used < size)
        return arena_alloc_slow(arena, size);
    c->used = used + size;
    return c->data + used;
}

/* Whether so much fits into the present chunk. */
static inline bool arena_has_room(const struct arena *arena, size_t size)
{
    const struct chunk *c = arena->current;

    return c->size - c->used >= size + ARENA_ALIGN;
}

/* Take back what was allocated last, in the present chunk. */
static inline void arena_undo(struct arena *arena, const void *last)
{
    arena->current->used = (size_t)((const char *)last - arena->current->data);
}

/* For bytes: not aligned. */
static inline char *arena_bytes(struct arena *arena, size_t size)
{
    struct chunk *c = arena->current;
    char *p = c->data + c->used;

    if (c->size - c->used < size)
        return arena_alloc_slow(arena, size);
    c->used += size;
    return p;
}

/* A NUL-terminated copy. */
static inline char *arena_strndup(struct arena *arena, const char *s, size_t n)
{
    char *copy = n < SIZE_MAX ? arena_bytes(arena, n + 1) : NULL;

    return copy ? str_put(copy, str_n(s, n)) : NULL;
}

/* Move all of `from` into `into`, in constant time; `from` is then empty
 * and must not be used. Both have the same environment. */
void arena_splice(struct arena *into, struct arena *from);

/* Give back everything but the first chunk, which is empty then. Not for an
 * arena that itself lies in that chunk. */
void arena_clear(struct arena *arena);

/* Give everything back. */
void arena_free(struct arena *arena);

/* A connection has nothing to do: half of the spare chunks of each size are
 * freed. Where others are busy the rest serves them, and where all are quiet
 * little is left. */
void arena_rest(struct env *env);

/* Free the spare chunks of an environment. */
void arena_drain(struct env *env);

#endif
