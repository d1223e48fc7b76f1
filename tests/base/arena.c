/* arena.c - arenas: alignment, growth, splicing, spare chunks, no memory. */

#include "base/arena.h"

#include <stdint.h>

#include "failmem.h"
#include "tap.h"

static void test_growth(struct env *env)
{
    struct arena a;
    bool aligned = true, kept = true;
    char *first;

    ok(arena_init(&a, env, ARENA_SMALL), "an arena");
    first = arena_strndup(&a, "the first", 9);
    for (size_t i = 1; i < 3000; i++) {
        char *p = arena_alloc(&a, i % 100);

        aligned = aligned && p && (uintptr_t)p % _Alignof(void *) == 0;
        if (p)
            memset(p, 0x5a, i % 100);
        kept = kept && arena_bytes(&a, i % 7);
    }
    ok(aligned, "objects are aligned");
    ok(kept, "bytes are given");
    is_str(first, "the first", "what was there stays");
    ok(arena_alloc(&a, 1000000) != NULL, "more than a chunk");
    ok(a.total > 1000000, "is counted");
    arena_free(&a);
}

static void test_splice(struct env *env)
{
    struct arena a, b;
    char *in_b;

    arena_init(&a, env, ARENA_SMALL);
    arena_init(&b, env, ARENA_PAGE);
    in_b = arena_strndup(&b, "from b", 6);
    arena_alloc(&b, 10000);
    arena_splice(&a, &b);
    is_str(in_b, "from b", "what is spliced stays where it is");
    ok(arena_alloc(&a, 5000) != NULL, "and the whole goes on growing");
    arena_free(&a);
}

static void test_spares(struct failmem *memory, struct env *env)
{
    struct arena a;
    unsigned long before;

    arena_init(&a, env, ARENA_PAGE);
    arena_free(&a);
    before = memory->calls;
    for (int i = 0; i < 100; i++) {
        arena_init(&a, env, ARENA_PAGE);
        arena_alloc(&a, 1000);
        arena_free(&a);
    }
    is_int(memory->calls, before, "a spare chunk is used again");
    arena_drain(env);
    is_int(memory->held, 0, "and given back in the end");
}

static void test_clear(struct failmem *memory, struct env *env)
{
    struct arena a;
    unsigned long before;
    void *first;
    size_t total;

    arena_init(&a, env, ARENA_PAGE);
    total = a.total;
    first = arena_alloc(&a, 100);
    arena_clear(&a);
    ok(arena_alloc(&a, 100) == first, "what is cleared begins anew");
    arena_alloc(&a, 10000);
    arena_alloc(&a, 100000);
    arena_clear(&a);
    is_int(a.total, total, "with one chunk");
    before = memory->calls;
    ok(arena_alloc(&a, 100) == first && memory->calls == before,
       "which is filled again");
    arena_free(&a);
    arena_drain(env);
    is_int(memory->held, 0, "the others are given back");
}

/* The tree of a stanza of some kilobytes. */
static void fill_60_kilobytes(struct env *env)
{
    struct arena a;

    arena_init(&a, env, ARENA_PAGE);
    for (int i = 0; i < 60; i++)
        arena_alloc(&a, 1000);
    arena_free(&a);
}

static void test_large(struct failmem *memory, struct env *env)
{
    unsigned long before;

    fill_60_kilobytes(env);
    before = memory->calls;
    fill_60_kilobytes(env);
    is_int(memory->calls - before, 0, "60 KB in steady state, no allocation");
    arena_drain(env);
    is_int(memory->held, 0, "large spares are given back");
}

static void test_rest(struct failmem *memory, struct env *env)
{
    struct arena a[8];

    for (int i = 0; i < 8; i++)
        arena_init(&a[i], env, ARENA_PAGE);
    for (int i = 0; i < 8; i++)
        arena_free(&a[i]);
    is_int(memory->held, 8, "spare chunks");
    arena_rest(env);
    is_int(memory->held, 4, "half of which go at each rest");
    for (int i = 0; i < 3; i++)
        arena_rest(env);
    is_int(memory->held, 0, "until none is left");
}

static void test_lack(struct failmem *memory, struct env *env)
{
    struct arena a;

    failmem_arm(memory, 1, 1);
    ok(!arena_init(&a, env, ARENA_SMALL), "no memory for a chunk");
    failmem_arm(memory, 2, 1);
    ok(arena_init(&a, env, ARENA_SMALL), "one chunk");
    ok(arena_alloc(&a, 400) != NULL, "gives 400 bytes for sure");
    ok(!arena_alloc(&a, 100000), "no memory for more");
    ok(!arena_strndup(&a, "x", SIZE_MAX), "nor for a size that wraps");
    ok(!arena_alloc(&a, SIZE_MAX - 4), "at either end");
    arena_free(&a);
    failmem_arm(memory, 0, 0);
    arena_drain(env);
    is_int(memory->held, 0, "nothing is left");
}

int main(void)
{
    struct failmem memory;
    struct env env;

    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    test_growth(&env);
    test_splice(&env);
    test_spares(&memory, &env);
    test_clear(&memory, &env);
    test_large(&memory, &env);
    test_rest(&memory, &env);
    test_lack(&memory, &env);
    return done_testing();
}
