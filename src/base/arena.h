/* arena.h - memory that is freed all at once, taken from spare chunks. */

#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/env.h"

/* Chunks come in two pooled classes (ARENA_SMALL for trees built by hand,
 * ARENA_PAGE for trees that are received or grow); bigger ones, up to what is
 * asked for, go straight back to the allocator.
 *
 * Invariant: `current` is the chunk that is filled; every chunk of the arena
 * is reachable from `first` by `next`, and `last` ends that row. */
enum arena_class { ARENA_SMALL, ARENA_PAGE };

struct chunk {
    struct chunk *next;
    size_t size; /* bytes of data */
    size_t used;
    int class; /* of the pool it goes back to; -1 for none */
    _Alignas(void *) char data[];
};

struct arena {
    struct env *env;
    struct chunk *first, *last;
    struct chunk *current;
    size_t total; /* bytes of data in all chunks */
};

/* Make an arena with one chunk, so that a first allocation of up to 400
 * bytes cannot fail. False when memory is out. */
bool arena_init(struct arena *arena, struct env *env, enum arena_class class);

/* Aligned for any object; NULL when memory is out. */
void *arena_alloc(struct arena *arena, size_t size);

/* For bytes: not aligned. */
char *arena_bytes(struct arena *arena, size_t size);

/* A NUL-terminated copy. */
char *arena_strndup(struct arena *arena, const char *s, size_t n);

/* Move all of `from` into `into`, in constant time; `from` is then empty
 * and must not be used. Both have the same environment. */
void arena_splice(struct arena *into, struct arena *from);

/* Give everything back. */
void arena_free(struct arena *arena);

/* Free the spare chunks of an environment. */
void arena_drain(struct env *env);

#endif
