/* map.c - a hash table with chains. */

#include "base/map.h"

#include <string.h>

#include "base/hash.h"

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

uint32_t map_hash_secret(const struct map *map, struct str key)
{
    return (uint32_t)hash_sip(map->env->hash_key, key);
}

/* Most maps stay small: up to four hashes there is no table, only a list. */
static inline struct map_node **bucket_of(struct map *map, uint32_t hash)
{
    if (!map->bucket)
        return &map->few;
    /* the low bits of FNV-1a alone are not well mixed */
    return &map->bucket[(hash ^ (hash >> 15)) & map->mask];
}

/* The pointer to the newest node of this hash, or the place for one. */
static struct map_node **place_of(struct map *map, uint32_t hash)
{
    struct map_node **at = bucket_of(map, hash);

    while (*at && (*at)->hash != hash) {
        at = &(*at)->next;
        map->steps++;
    }
    return at;
}

/* Put a chain of the old table into the new one. The older nodes of a hash move
 * with the newest, untouched. */
static void refill(struct map *map, struct map_node *chain)
{
    while (chain) {
        struct map_node *next = chain->next;
        struct map_node **at = bucket_of(map, chain->hash);

        map->steps++;
        chain->next = *at;
        *at = chain;
        chain = next;
    }
}

/* Without memory the table stays as it is. */
static void map_grow(struct map *map)
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
    struct map_node **at, *older;

    /* hashes, not nodes: those of one hash do not make a chain longer */
    if (map->hashes >= (map->bucket ? map->mask + 1 : 4))
        map_grow(map);
    at = place_of(map, hash);
    older = *at;
    *node = (struct map_node){.hash = hash, .older = older};
    if (older) {
        node->next = older->next;
        older->newer = node;
    } else {
        map->hashes++;
    }
    *at = node;
    map->count++;
}

/* Where the newest node of a hash is removed, the next older one takes its
 * place in the chain. */
void map_remove(struct map *map, struct map_node *node)
{
    struct map_node *older = node->older, **at;

    if (older)
        older->newer = node->newer;
    if (node->newer) {
        node->newer->older = older;
    } else {
        at = place_of(map, node->hash);
        if (older)
            older->next = node->next;
        *at = older ? older : node->next;
        map->hashes -= !older;
    }
    map->count--;
}

struct map_node *map_first(struct map *map, uint32_t hash)
{
    map->steps++;
    return *place_of(map, hash);
}

struct map_node *map_next(struct map *map, const struct map_node *node)
{
    map->steps++;
    return node->older;
}
