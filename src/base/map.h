/* map.h - a hash table whose nodes are members of what it holds. */

#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/env.h"
#include "base/str.h"

/* Nodes of one hash hang together, behind the newest of them; only that one is
 * in the chain of its bucket. So it costs the same whether a hash has one node
 * or a hundred thousand. */
struct map_node {
    struct map_node *next;          /* of another hash; of the newest only */
    struct map_node *older, *newer; /* of the same hash */
    uint32_t hash;
};

/* The caller compares keys; the table knows only hashes. Adding cannot fail:
 * where it cannot grow it becomes slower. Zeroed is not enough: map_init. */
struct map {
    const struct env *env;
    struct map_node **bucket;
    struct map_node *few; /* the only bucket until there is a table */
    size_t mask;          /* buckets - 1 */
    size_t count;         /* of nodes */
    size_t hashes;        /* of different hashes */
    uint64_t steps;       /* nodes looked at so far: what tests count */
};

void map_init(struct map *map, const struct env *env);
void map_free(struct map *map); /* the table, not the nodes */

void map_add(struct map *map, struct map_node *node, uint32_t hash);
void map_remove(struct map *map, struct map_node *node);

/* All nodes of one hash: map_first, then map_next until NULL. Newest first. */
struct map_node *map_first(struct map *map, uint32_t hash);
struct map_node *map_next(struct map *map, const struct map_node *node);

/* FNV-1a, seeded so that several keys can be chained. Only for keys that the
 * application chooses; a peer's are looked up with it, never added. */
#define MAP_SEED 2166136261u
static inline uint32_t map_hash(uint32_t seed, struct str key)
{
    for (size_t i = 0; i < key.n; i++)
        seed = (seed ^ (unsigned char)key.s[i]) * 16777619u;
    return (seed ^ 0xff) * 16777619u;
}

static inline uint32_t map_hash_pointer(uint32_t seed, const void *p)
{
    return map_hash(seed, str_n((const char *)&p, sizeof(p)));
}

/* For keys that a stranger may have chosen: nobody outside knows which of them
 * share a hash. */
uint32_t map_hash_secret(const struct map *map, struct str key);

#endif
