/* arena.c - chunks of memory, pooled by the environment. */

#include "base/arena.h"

#include <string.h>

#define LARGEST_STEP 65536 /* an arena doubles with each chunk, up to here */

/* By class: the size of a block, header included, and how many spare blocks a
 * context keeps. */
static const struct {
    size_t block;
    unsigned keep;
} classes[] = {
    [ARENA_SMALL] = {768, 64},
    [ARENA_PAGE] = {4096, 32},
    [ARENA_LARGE] = {16384, 4},
};

/* A spare chunk of the class, or a new one: in steady state no stanza needs the
 * allocator. `size` is for chunks that are not pooled. */
static struct chunk *chunk_new(struct env *env, int class, size_t size)
{
    struct chunk *c;

    if (class >= 0 && env->spare[class]) {
        c = env->spare[class];
        env->spare[class] = c->next;
        env->spares[class]--;
    } else {
        if (class >= 0)
            size = classes[class].block - sizeof(*c);
        c = env_alloc(env, sizeof(*c) + size);
        if (!c)
            return NULL;
        c->size = size;
        c->class = class;
    }
    c->next = NULL;
    c->used = 0;
    return c;
}

static void chunk_free(struct env *env, struct chunk *c)
{
    if (c->class >= 0 && env->spares[c->class] < classes[c->class].keep) {
        c->next = env->spare[c->class];
        env->spare[c->class] = c;
        env->spares[c->class]++;
    } else {
        env_free(env, c);
    }
}

bool arena_init(struct arena *arena, struct env *env, enum arena_class class)
{
    struct chunk *c = chunk_new(env, (int)class, 0);

    arena->env = env;
    arena->first = arena->last = arena->current = c;
    arena->total = c ? c->size : 0;
    if (c)
        env_enter(env);
    return c != NULL;
}

/* The pool of the next chunk of an arena of so many bytes: a second page, then
 * as many large chunks as are kept; -1 if it is not from a pool. */
static int class_for(size_t total, size_t size)
{
    for (int class = ARENA_PAGE; class <= ARENA_LARGE; class ++) {
        size_t room = classes[class].block - sizeof(struct chunk);
        size_t most = class == ARENA_PAGE ? 1 : classes[class].keep;

        if (size <= room && total <= most * room)
            return class;
    }
    return -1;
}

/* Doubling keeps the number of chunks logarithmic in the size of the tree; the
 * limit keeps a large tree from wasting as much as it uses. */
static struct chunk *arena_grow(struct arena *arena, size_t size)
{
    size_t step = arena->total < LARGEST_STEP ? arena->total : LARGEST_STEP;
    struct chunk *c;

    if (size > SIZE_MAX - sizeof(*c))
        return NULL;
    c = chunk_new(arena->env, class_for(arena->total, size),
                  size > step ? size : step);
    if (!c)
        return NULL;
    arena->last->next = c;
    arena->last = c;
    arena->current = c;
    arena->total += c->size;
    return c;
}

/* A new chunk begins aligned. */
void *arena_alloc_slow(struct arena *arena, size_t size)
{
    struct chunk *c = arena_grow(arena, size);

    if (!c)
        return NULL;
    c->used = size;
    return c->data;
}

/* `into` keeps filling its own chunk; the rest of `from`'s is given up. */
void arena_splice(struct arena *into, struct arena *from)
{
    into->last->next = from->first;
    into->last = from->last;
    into->total += from->total;
    from->first = from->last = from->current = NULL;
    from->total = 0;
    env_leave(from->env); /* `into` holds the same environment */
}

static void chunks_free(struct env *env, struct chunk *c)
{
    while (c) {
        struct chunk *next = c->next;

        chunk_free(env, c);
        c = next;
    }
}

void arena_clear(struct arena *arena)
{
    struct chunk *c = arena->first;

    if (c->next) {
        chunks_free(arena->env, c->next);
        c->next = NULL;
        arena->last = arena->current = c;
        arena->total = c->size;
    }
    c->used = 0;
}

void arena_free(struct arena *arena)
{
    struct chunk *c = arena->first;
    struct env *env = arena->env;

    if (!c)
        return;
    arena->first = arena->last = arena->current = NULL;
    chunks_free(env, c);
    env_leave(env);
}

static void free_spares(struct env *env, int class, unsigned keep)
{
    while (env->spares[class] > keep) {
        struct chunk *c = env->spare[class];

        env->spare[class] = c->next;
        env->spares[class]--;
        env_free(env, c);
    }
}

void arena_rest(struct env *env)
{
    for (int class = ARENA_SMALL; class <= ARENA_LARGE; class ++)
        free_spares(env, class, env->spares[class] / 2);
}

void arena_drain(struct env *env)
{
    for (int class = ARENA_SMALL; class <= ARENA_LARGE; class ++)
        free_spares(env, class, 0);
}
