/* map.c - a hash table with open addressing, and a list beside it. */

#include "base/map.h"

#include <string.h>

#include "base/hash.h"

#define FIRST_PLACES 16
#define FEW 4 /* most maps stay small, and need no table */

/* In one block with its places. The hashes are beside the nodes, because to
 * look at a node costs more than all the rest: in a large map none is in the
 * cache. */
struct map_table {
    size_t mask; /* places - 1 */
    size_t used; /* places */
    struct map_node **nodes;
    uint32_t *hashes; /* of the same places; 0: free. Hash 0 counts as 1 */
};

void map_init(struct map *map, const struct env *env)
{
    memset(map, 0, sizeof(*map));
    map->env = env;
}

void map_free(struct map *map)
{
    env_free(map->env, map->table);
    map_init(map, map->env);
}

uint32_t map_hash_secret(const struct map *map, struct str key)
{
    return (uint32_t)hash_sip(map->env->hash_key, key);
}

/* The place where the search for a hash begins. FNV-1a leaves keys that differ
 * in few bits close together, as addresses do: two rounds of a multiplication
 * and a shift (the finisher of MurmurHash3) spread them over all places. */
static size_t first_place(const struct map_table *table, uint32_t hash)
{
    hash = (hash ^ hash >> 16) * 0x85ebca6bu;
    hash = (hash ^ hash >> 13) * 0xc2b2ae35u;
    return (size_t)((uint64_t)hash * (table->mask + 1) >> 32);
}

/* The place of a hash, or the free one at which the search ends. 0 without a
 * table. */
static size_t place_of(struct map *map, uint32_t hash)
{
    const struct map_table *table = map->table;
    size_t i = table ? first_place(table, hash) : 0;

    while (table && table->hashes[i] && table->hashes[i] != hash) {
        i = (i + 1) & table->mask;
        map->steps++;
    }
    return i;
}

static bool has_hash_at(const struct map *map, size_t place)
{
    return map->table && map->table->hashes[place];
}

/* The pointer to the newest node of a hash, at that place of the table or in
 * the list; to NULL if there is none. */
static struct map_node **newest_at(struct map *map, size_t place, uint32_t hash)
{
    struct map_node **at = &map->few;

    if (has_hash_at(map, place))
        return &map->table->nodes[place];
    while (*at && (*at)->hash != hash) {
        at = &(*at)->newer;
        map->steps++;
    }
    return at;
}

static struct map_node **newest_of(struct map *map, uint32_t hash)
{
    return newest_at(map, place_of(map, hash), hash);
}

/* ---- the table --------------------------------------------------- */

static void place_put(struct map_table *table, size_t place,
                      struct map_node *node)
{
    table->nodes[place] = node;
    table->hashes[place] = node->hash;
    table->used++;
}

/* An empty one. */
static struct map_table *table_new(const struct env *env, size_t places)
{
    const size_t nodes = places * sizeof(struct map_node *);
    struct map_table *table =
        env_alloc(env, sizeof(*table) + nodes + places * sizeof(uint32_t));

    if (!table)
        return NULL;
    table->mask = places - 1;
    table->used = 0;
    table->nodes = (struct map_node **)(void *)(table + 1);
    table->hashes = (uint32_t *)(void *)((char *)table->nodes + nodes);
    memset(table->hashes, 0, places * sizeof(uint32_t));
    return table;
}

/* How many different hashes there are. The list is walked where it may be long,
 * before the table grows, and that is rare. */
static size_t count_hashes(const struct map *map)
{
    size_t n = map->table ? map->table->used : 0;

    for (const struct map_node *node = map->few; node; node = node->newer)
        n++;
    return n;
}

/* A table in which there is a place for all, and for as many again. Without
 * memory it stays as it is. */
static bool map_grow(struct map *map)
{
    struct map_table *was = map->table;
    size_t old = was ? was->mask + 1 : 0, hashes = count_hashes(map),
           places = FIRST_PLACES;
    struct map_table *table;

    while (places / 8 * 3 < hashes)
        places *= 2;
    table = table_new(map->env, places);
    if (!table)
        return false;
    map->table = table;
    for (size_t i = 0; i < old; i++)
        if (was->hashes[i])
            place_put(table, place_of(map, was->hashes[i]), was->nodes[i]);
    map->steps += old;
    for (; map->few; map->few = map->few->newer)
        place_put(table, place_of(map, map->few->hash), map->few);
    env_free(map->env, was);
    return true;
}

/* A quarter of the table stays free, so that searches end soon; without memory
 * a sixteenth. Without a table there may be FEW nodes. */
static bool table_is_full(const struct map *map)
{
    const struct map_table *table = map->table;

    return table ? table->used >= (table->mask + 1) / 4 * 3 : map->count > FEW;
}

static bool table_has_room(const struct map_table *table)
{
    return table && table->used < (table->mask + 1) / 16 * 15;
}

/* Free a place: those behind it that may be there move up. */
static void place_clear(struct map *map, size_t gap)
{
    struct map_table *table = map->table;
    size_t i = (gap + 1) & table->mask;

    for (; table->hashes[i]; i = (i + 1) & table->mask) {
        size_t first = first_place(table, table->hashes[i]);

        map->steps++;
        if (((i - first) & table->mask) < ((i - gap) & table->mask))
            continue;
        table->nodes[gap] = table->nodes[i];
        table->hashes[gap] = table->hashes[i];
        gap = i;
    }
    table->hashes[gap] = 0;
    table->used--;
}

/* ---- nodes ------------------------------------------------------- */

static uint32_t hash_not_0(uint32_t hash)
{
    return hash ? hash : 1;
}

/* The first node of a hash, at this place if it is in the table. */
static void add_hash(struct map *map, size_t place, struct map_node *node)
{
    if (table_is_full(map) && map_grow(map))
        place = place_of(map, node->hash);
    if (table_has_room(map->table)) {
        place_put(map->table, place, node);
    } else {
        node->newer = map->few;
        map->few = node;
    }
}

/* The last one. */
static void remove_hash(struct map *map, struct map_node *node)
{
    size_t place = place_of(map, node->hash);

    if (has_hash_at(map, place))
        place_clear(map, place);
    else
        *newest_at(map, place, node->hash) = node->newer;
}

void map_add(struct map *map, struct map_node *node, uint32_t hash)
{
    size_t place = place_of(map, hash = hash_not_0(hash));
    struct map_node **at = newest_at(map, place, hash), *older = *at;

    node->older = older;
    node->newer = NULL;
    node->hash = hash;
    node->is_newest = true;
    map->count++;
    if (!older) {
        add_hash(map, place, node);
        return;
    }
    node->newer = older->newer;
    older->newer = node;
    older->is_newest = false;
    *at = node;
}

/* Where the newest node of a hash is removed, the next older one takes its
 * place. */
void map_remove(struct map *map, struct map_node *node)
{
    struct map_node *older = node->older;

    map->count--;
    if (!node->is_newest)
        node->newer->older = older;
    else if (older)
        *newest_of(map, node->hash) = older;
    else
        remove_hash(map, node);
    if (older) {
        older->newer = node->newer;
        older->is_newest = node->is_newest;
    }
}

struct map_node *map_first(struct map *map, uint32_t hash)
{
    map->steps++;
    return *newest_of(map, hash_not_0(hash));
}

struct map_node *map_next(struct map *map, const struct map_node *node)
{
    map->steps++;
    return node->older;
}
