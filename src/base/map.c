/* map.c - hashed chains that grow when they can. */

#include "base/map.h"

#include <string.h>

#define FIRST_BUCKETS 16

void map_init(struct map *map, const struct env *env)
{
    memset(map, 0, sizeof(*map));
    map->env = env;
}

void map_free(struct map *map)
{
    env_free(map->env, map->bucket);
    map_init(map, map->env);
}

static inline struct map_node **bucket_of(const struct map *map, uint32_t hash)
{
    /* The casts drop only the const of the table, never of a node. */
    if (!map->bucket)
        return (struct map_node **)(uintptr_t)&map->few;
    return &map->bucket[(hash ^ (hash >> 15)) & map->mask];
}

static void put(struct map *map, struct map_node *node)
{
    struct map_node **b = bucket_of(map, node->hash);

    node->next = *b;
    *b = node;
}

/* Chains are reversed first, so that newest-first survives the move. */
static void refill(struct map *map, struct map_node *chain)
{
    struct map_node *reversed = NULL;

    while (chain) {
        struct map_node *next = chain->next;

        chain->next = reversed;
        reversed = chain;
        chain = next;
    }
    while (reversed) {
        struct map_node *next = reversed->next;

        put(map, reversed);
        reversed = next;
    }
}

static void grow(struct map *map)
{
    size_t old = map->bucket ? map->mask + 1 : 0;
    size_t size = old ? old * 2 : FIRST_BUCKETS;
    struct map_node **table = env_zalloc(map->env, size * sizeof(*table));
    struct map_node **was = map->bucket;
    struct map_node *few = map->few;

    if (!table)
        return;
    map->bucket = table;
    map->mask = size - 1;
    map->few = NULL;
    refill(map, few);
    for (size_t i = 0; i < old; i++)
        refill(map, was[i]);
    env_free(map->env, was);
}

void map_add(struct map *map, struct map_node *node, uint32_t hash)
{
    if (map->count >= (map->bucket ? map->mask + 1 : 4))
        grow(map);
    node->hash = hash;
    put(map, node);
    map->count++;
}

void map_remove(struct map *map, struct map_node *node)
{
    struct map_node **at = bucket_of(map, node->hash);

    while (*at && *at != node)
        at = &(*at)->next;
    if (*at) {
        *at = node->next;
        node->next = NULL;
        map->count--;
    }
}

struct map_node *map_first(const struct map *map, uint32_t hash)
{
    struct map_node *node = *bucket_of(map, hash);

    while (node && node->hash != hash)
        node = node->next;
    return node;
}

struct map_node *map_next(const struct map_node *node)
{
    uint32_t hash = node->hash;
    struct map_node *next = node->next;

    while (next && next->hash != hash)
        next = next->next;
    return next;
}
