/* map.h - a hash table whose nodes are members of its entries. */

#ifndef BASE_MAP_H
#define BASE_MAP_H

#include "base/env.h"
#include "base/str.h"

/* Nodes with the same hash form a list, from the newest to the oldest. The
 * table has the newest only, so that adding, finding and removing take as long
 * for one node of a hash as for a hundred thousand. */
struct map_node {
    struct map_node *older; /* of the same hash */
    struct map_node *newer; /* likewise; of the newest: the next in `few` */
    uint32_t hash;
    bool is_newest;
};

struct map_table;

/* Each hash has one place in the table: the first that was free, counted
 * cyclically from the one that its bits say, so that there is none free between
 * the two, and at least one in all. Or it is in the list: while there are few,
 * and without memory to grow. Hence adding cannot fail: the map becomes slower.
 * The table knows hashes only; the caller compares keys. It is made when it is
 * needed: a connection has many maps, most of which stay small. */
struct map {
    const struct env *env;
    struct map_table *table; /* NULL: everything is in `few` */
    struct map_node *few;
    size_t count;   /* of nodes */
    uint64_t steps; /* places and nodes visited so far, for tests of the cost */
};

void map_init(struct map *map, const struct env *env);
void map_free(struct map *map); /* the table, not the nodes */

void map_add(struct map *map, struct map_node *node, uint32_t hash);
void map_remove(struct map *map, struct map_node *node);

/* The only node, if it is the only one and needs no looking up; else NULL. */
static inline struct map_node *map_only(const struct map *map)
{
    return map->count == 1 ? map->few : NULL;
}

/* All nodes of one hash, the newest first: map_first(), then map_next() until
 * it returns NULL. */
struct map_node *map_first(struct map *map, uint32_t hash);
struct map_node *map_next(struct map *map, const struct map_node *node);

/* FNV-1a; the seed chains several keys. It is only for tables to which the
 * application alone adds, for a peer could find keys that collide. Keys of a
 * peer may be looked up in such a table. */
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

/* For keys that a peer may choose: see hash.h. */
uint32_t map_hash_secret(const struct map *map, struct str key);

#endif
