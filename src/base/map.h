/* map.h - a hash table whose nodes are members of what it holds. */

#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/env.h"
#include "base/str.h"

struct map_node {
    struct map_node *next;
    uint32_t hash;
};

/* The caller compares keys; the table knows only hashes. Adding cannot fail:
 * where it cannot grow it becomes slower. Zeroed is not enough: map_init. */
struct map {
    const struct env *env;
    struct map_node **bucket;
    struct map_node *few; /* the only bucket until there is a table */
    size_t mask;          /* buckets - 1 */
    size_t count;
};

void map_init(struct map *map, const struct env *env);
void map_free(struct map *map); /* the table, not the nodes */

void map_add(struct map *map, struct map_node *node, uint32_t hash);
void map_remove(struct map *map, struct map_node *node);

/* All nodes of one hash: map_first, then map_next until NULL. Newest first. */
struct map_node *map_first(const struct map *map, uint32_t hash);
struct map_node *map_next(const struct map_node *node);

/* FNV-1a, seeded so that several keys can be chained. Keys that a peer could
 * choose are looked up only, never added. */
#define MAP_SEED 2166136261u
static inline uint32_t map_hash(uint32_t seed, struct str key)
{
    for (size_t i = 0; i < key.n; i++)
        seed = (seed ^ (unsigned char)key.s[i]) * 16777619u;
    return (seed ^ 0xff) * 16777619u;
}

#endif
