/* map.c - hash tables of embedded nodes, with memory and without. */

#include "base/map.h"

#include "failmem.h"
#include "tap.h"

struct entry {
    struct map_node node;
    char key[16];
};

static struct entry entries[2000];

static struct entry *find(struct map *map, const char *key)
{
    uint32_t hash = map_hash(MAP_SEED, str_of(key));
    struct map_node *n = map_first(map, hash);

    while (n && strcmp(((struct entry *)(void *)n)->key, key) != 0)
        n = map_next(map, n);
    return (struct entry *)(void *)n;
}

static void fill(struct map *map)
{
    for (int i = 0; i < 2000; i++) {
        snprintf(entries[i].key, sizeof(entries[i].key), "key %d", i);
        map_add(map, &entries[i].node,
                map_hash(MAP_SEED, str_of(entries[i].key)));
    }
}

static int count_found(struct map *map)
{
    int found = 0;

    for (int i = 0; i < 2000; i++)
        found += find(map, entries[i].key) == &entries[i];
    return found;
}

static void test_with(struct failmem *memory, int fail_all, const char *how)
{
    struct env env;
    struct map map;

    env_init(&env, &memory->mem, NULL);
    failmem_arm(memory, fail_all ? 1 : 0, fail_all);
    map_init(&map, &env);
    fill(&map);
    is_int(map.count, 2000, "%s: all are in", how);
    is_int(count_found(&map), 2000, "%s: all are found", how);
    for (int i = 0; i < 2000; i += 2)
        map_remove(&map, &entries[i].node);
    is_int(count_found(&map), 1000, "%s: half are removed", how);
    ok(!find(&map, "key 0") && find(&map, "key 1"), "%s: the right half", how);
    for (int i = 1; i < 2000; i += 2)
        map_remove(&map, &entries[i].node);
    is_int(map.count, 0, "%s: and the rest", how);
    map_free(&map);
    is_int(memory->held, 0, "%s: nothing is left", how);
}

/* Of one hash as many as you like: the oldest, the newest and one between cost
 * the same, and so does whoever shares their bucket. */
static void test_crowd(void)
{
    struct map_node other = {.hash = 0};
    struct env env;
    struct map map;
    int left = 0;

    env_init(&env, NULL, NULL);
    map_init(&map, &env);
    map_add(&map, &other, 16 * 7);
    for (int i = 0; i < 2000; i++)
        map_add(&map, &entries[i].node, 0);
    ok(map.steps < 10000, "a crowd of one hash is added");
    map.steps = 0;
    ok(map_first(&map, 16 * 7) == &other && !map_next(&map, &other),
       "a neighbour is found");
    for (int i = 1; i < 2000; i += 2)
        map_remove(&map, &entries[(i * 777) % 2000].node);
    ok(map.steps < 10000, "half of them go");
    for (struct map_node *n = map_first(&map, 0); n; n = map_next(&map, n))
        left += n == &entries[1998 - 2 * left].node;
    is_int(left, 1000, "the others stay, newest first");
    for (int i = 0; i < 2000; i += 2)
        map_remove(&map, &entries[i].node);
    map_remove(&map, &other);
    ok(!map.count && !map_first(&map, 0), "until none is left");
    map_free(&map);
}

/* Any order of coming and going, and of having memory: what is in the map is
 * what a plain list says. Few hashes collide, many, or all. */
static int wrong_of(const char is_in[2000], struct map *map, uint32_t spread)
{
    int wrong = 0;

    for (uint32_t i = 0; i < 2000; i++) {
        struct map_node *n = map_first(map, i % 1000 * spread);

        while (n && n != &entries[i].node)
            n = map_next(map, n);
        wrong += (n != NULL) != is_in[i];
    }
    return wrong;
}

static void test_any_order(uint32_t spread)
{
    static char is_in[2000];
    struct failmem memory;
    struct env env;
    struct map map;
    uint32_t random = 1;
    size_t count = 0;
    int wrong = 0;

    memset(is_in, 0, sizeof(is_in));
    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    map_init(&map, &env);
    for (int i = 0; i < 30000; i++) {
        uint32_t k;

        random = random * 1664525 + 1013904223;
        k = (random >> 8) % 2000;
        failmem_arm(&memory, i / 1000 % 3 == 1 ? 0 : 1, 1);
        if (is_in[k])
            map_remove(&map, &entries[k].node);
        else
            map_add(&map, &entries[k].node, k % 1000 * spread);
        is_in[k] = !is_in[k];
        count += is_in[k] ? 1 : (size_t)-1;
        if (i % 500 == 0)
            wrong += wrong_of(is_in, &map, spread) + (map.count != count);
    }
    is_int(wrong, 0, "in any order, hashes times %u", (unsigned)spread);
    map_free(&map);
    is_int(memory.held, 0, "and nothing is left");
}

/* Hashes that differ in few bits only, low or high ones, are spread. */
static void test_cost(uint32_t spread)
{
    struct env env;
    struct map map;
    int found = 0;

    env_init(&env, NULL, NULL);
    map_init(&map, &env);
    for (uint32_t i = 0; i < 2000; i++)
        map_add(&map, &entries[i].node, (i + 1) * spread);
    for (uint32_t i = 0; i < 2000; i++)
        found += map_first(&map, (i + 1) * spread) == &entries[i].node;
    is_int(found, 2000, "hashes times %u are found", (unsigned)spread);
    for (uint32_t i = 0; i < 2000; i++)
        map_remove(&map, &entries[i].node);
    ok(map.steps > 2000 && map.steps < 20000, "in %lu steps",
       (unsigned long)map.steps);
    map_free(&map);
    ok(!map.table && !map.few, "what is freed is empty");
    map_add(&map, &entries[0].node, 1);
    ok(map_first(&map, 1) == &entries[0].node, "and can be used again");
    map_free(&map);
}

/* Addresses in a row, wherever the row begins, cost what random keys do. */
static void test_addresses(void)
{
    uint64_t random = 88172645463325252u, most = 0;
    struct env env;
    struct map map;

    env_init(&env, NULL, NULL);
    for (int round = 0; round < 200; round++) {
        uint32_t seed;
        uintptr_t base;

        random ^= random << 13, random ^= random >> 7, random ^= random << 17;
        seed = map_hash_pointer(MAP_SEED, (void *)(uintptr_t)(random >> 20));
        base = (uintptr_t)(random >> 3) & 0x7ffffff0u;
        map_init(&map, &env);
        for (uintptr_t i = 0; i < 2000; i++)
            map_add(&map, &entries[i].node,
                    map_hash_pointer(seed, (void *)(base + i)));
        most = map.steps > most ? map.steps : most;
        map_free(&map);
    }
    ok(most < 16000, "2000 addresses in %lu steps at most",
       (unsigned long)most);
}

/* What a stranger chose is hashed by a key that he does not know. */
static void test_secret(void)
{
    struct env one, other;
    struct map a, b;

    env_init(&one, NULL, NULL);
    env_init(&other, NULL, NULL);
    map_init(&a, &one);
    map_init(&b, &other);
    ok(map_hash_secret(&a, STR("id")) == map_hash_secret(&a, STR("id")),
       "the same in one environment");
    ok(map_hash_secret(&a, STR("id")) != map_hash_secret(&b, STR("id")) ||
           map_hash_secret(&a, STR("x")) != map_hash_secret(&b, STR("x")),
       "another in the next");
}

static void test_same_hash(void)
{
    struct env env;
    struct map map;
    struct map_node a, b, c;

    env_init(&env, NULL, NULL);
    map_init(&map, &env);
    map_add(&map, &a, 7);
    map_add(&map, &b, 7);
    map_add(&map, &c, 8);
    ok(map_first(&map, 7) == &b && map_next(&map, &b) == &a &&
           !map_next(&map, &a),
       "all of one hash, newest first");
    map_remove(&map, &b);
    ok(map_first(&map, 7) == &a && !map_next(&map, &a), "one of them removed");
    ok(!map_first(&map, 9), "none of another");
    map_free(&map);
}

int main(void)
{
    struct failmem memory;

    failmem_init(&memory);
    test_with(&memory, 0, "with memory");
    test_with(&memory, 1, "without");
    test_same_hash();
    test_crowd();
    test_any_order(0);
    test_any_order(1);
    test_any_order(1u << 22);
    test_any_order(2654435769u);
    test_cost(1);
    test_cost(16);
    test_cost(1u << 20);
    test_cost(65537);
    test_addresses();
    test_secret();
    return done_testing();
}
