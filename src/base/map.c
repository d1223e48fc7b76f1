/* map.c - a hash table with open addressing, and a list beside it. */

#include "base/map.h"

#include <string.h>

#include "base/hash.h"

#define FIRST_PLACES 16
#define FEW 4 /* most maps stay small, and need no table */

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
static size_t first_place(const struct map *map, uint32_t hash)
{
    hash = (hash ^ hash >> 16) * 0x85ebca6bu;
    hash = (hash ^ hash >> 13) * 0xc2b2ae35u;
    return (size_t)((uint64_t)hash * (map->mask + 1) >> 32);
}

/* The place of a hash, or the free one at which the search ends. 0 without a
 * table. */
static size_t place_of(struct map *map, uint32_t hash)
{
    size_t i = first_place(map, hash);

    if (!map->table)
        return 0;
    while (map->table_hashes[i] && map->table_hashes[i] != hash) {
        i = (i + 1) & map->mask;
        map->steps++;
    }
    return i;
}

static bool has_hash_at(const struct map *map, size_t place)
{
    return map->table && map->table_hashes[place];
}

/* The pointer to the newest node of a hash, at that place of the table or in
 * the list; to NULL if there is none. */
static struct map_node **newest_at(struct map *map, size_t place, uint32_t hash)
{
    struct map_node **at = &map->few;

    if (has_hash_at(map, place))
        return &map->table[place];
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

static void place_put(struct map *map, size_t place, struct map_node *node)
{
    map->table[place] = node;
    map->table_hashes[place] = node->hash;
    map->used++;
}

/* An empty one, in one block. */
static bool table_new(struct map *map, size_t places)
{
    const size_t pointers = places * sizeof(*map->table);
    char *block = env_alloc(map->env, pointers + places * sizeof(uint32_t));

    if (!block)
        return false;
    map->table = (struct map_node **)(void *)block;
    map->table_hashes = (uint32_t *)(void *)(block + pointers);
    memset(map->table_hashes, 0, places * sizeof(uint32_t));
    map->mask = places - 1;
    map->used = 0;
    return true;
}

/* A table in which there is a place for all, and for as many again. Without
 * memory it stays as it is. */
static bool map_grow(struct map *map)
{
    struct map_node **was = map->table;
    uint32_t *hashes = map->table_hashes;
    size_t old = was ? map->mask + 1 : 0, places = FIRST_PLACES;

    while (places / 8 * 3 < map->hashes)
        places *= 2;
    if (!table_new(map, places))
        return false;
    for (size_t i = 0; i < old; i++)
        if (hashes[i])
            place_put(map, place_of(map, hashes[i]), was[i]);
    map->steps += old;
    for (; map->few; map->few = map->few->newer)
        place_put(map, place_of(map, map->few->hash), map->few);
    env_free(map->env, was);
    return true;
}

/* A quarter of the table stays free, so that searches end soon; without memory
 * a sixteenth. */
static bool table_is_full(const struct map *map)
{
    size_t places = map->table ? map->mask + 1 : 0;

    return map->used >= places / 4 * 3 && map->hashes >= FEW;
}

static bool table_has_room(const struct map *map)
{
    return map->table && map->used < (map->mask + 1) / 16 * 15;
}

/* Free a place: those behind it that may be there move up. */
static void place_clear(struct map *map, size_t gap)
{
    size_t i = (gap + 1) & map->mask;

    for (; map->table_hashes[i]; i = (i + 1) & map->mask) {
        size_t first = first_place(map, map->table_hashes[i]);

        map->steps++;
        if (((i - first) & map->mask) < ((i - gap) & map->mask))
            continue;
        map->table[gap] = map->table[i];
        map->table_hashes[gap] = map->table_hashes[i];
        gap = i;
    }
    map->table_hashes[gap] = 0;
    map->used--;
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
    if (table_has_room(map)) {
        place_put(map, place, node);
    } else {
        node->newer = map->few;
        map->few = node;
    }
    map->hashes++;
}

/* The last one. */
static void remove_hash(struct map *map, struct map_node *node)
{
    size_t place = place_of(map, node->hash);

    if (has_hash_at(map, place))
        place_clear(map, place);
    else
        *newest_at(map, place, node->hash) = node->newer;
    map->hashes--;
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
