/* dict.c - records by a key, for modules and applications. */

#include <xmpp/dict.h>

#include <stdalign.h>

#include "base/crypt.h"
#include "base/hash.h"
#include "base/list.h"
#include "base/map.h"

#define RECORD_OCTETS (UINT32_MAX / 4) /* octets, and as many of its key */

/* One block: this, then the caller's record, then the key with a NUL. */
struct record {
    struct map_node node;
    struct list link;       /* of `order` */
    uint32_t key_at, key_n; /* from `data` on */
    alignas(max_align_t) char data[];
};

/* `map` and `order` have the same records. */
struct _xmpp_dict_t {
    struct env *env;
    size_t record_size, most; /* 0: no limit */
    xmpp_dict_done done;
    struct map map;
    struct list order;
    unsigned char hash_key[HASH_KEY_SIZE];
};

static struct str record_key(const struct record *record)
{
    return str_n(record->data + record->key_at, record->key_n);
}

static struct record *record_of(const void *data)
{
    return (struct record *)((uintptr_t)data - offsetof(struct record, data));
}

static struct record *record_of_link(struct list *link)
{
    return LIST_ENTRY(link, struct record, link);
}

static struct str dict_text(const char *key, size_t n)
{
    return key && n == (size_t)-1 ? str_of(key) : str_n(key, n);
}

static uint32_t dict_hash(const xmpp_dict_t *dict, struct str key)
{
    return (uint32_t)hash_sip(dict->hash_key, key);
}

/* ---- life -------------------------------------------------------- */

xmpp_dict_t *xmpp_dict_new(xmpp_ctx_t *ctx, size_t record_size, size_t most,
                           xmpp_dict_done done)
{
    xmpp_dict_t *dict = ctx ? env_zalloc(env_of(ctx), sizeof(*dict)) : NULL;

    if (!dict)
        return NULL;
    dict->env = env_of(ctx);
    dict->record_size = record_size;
    dict->most = most;
    dict->done = done;
    map_init(&dict->map, dict->env);
    list_init(&dict->order);
    /* without random octets the context's key is secret as well */
    if (!crypt_random(dict->hash_key, HASH_KEY_SIZE))
        memcpy(dict->hash_key, dict->env->hash_key, HASH_KEY_SIZE);
    env_enter(dict->env);
    return dict;
}

void xmpp_dict_free(xmpp_dict_t *dict)
{
    struct env *env = dict ? dict->env : NULL;

    if (!dict)
        return;
    xmpp_dict_clear(dict);
    map_free(&dict->map);
    env_free(env, dict);
    env_leave(env);
}

void xmpp_dict_clear(xmpp_dict_t *dict)
{
    while (dict && !list_is_empty(&dict->order))
        xmpp_dict_drop(dict, record_of_link(dict->order.next)->data);
}

void xmpp_dict_set_most(xmpp_dict_t *dict, size_t most)
{
    if (dict)
        dict->most = most;
}

size_t xmpp_dict_count(const xmpp_dict_t *dict)
{
    return dict ? dict->map.count : 0;
}

/* ---- records ----------------------------------------------------- */

/* A look at the map counts its steps, which is no change to the dict. */
static struct record *find_record(const xmpp_dict_t *dict, struct str key,
                                  uint32_t hash)
{
    struct map *map = (struct map *)(uintptr_t)&dict->map;
    struct map_node *node = map_first(map, hash);

    for (; node; node = map_next(map, node)) {
        struct record *record = LIST_ENTRY(node, struct record, node);

        if (str_eq(record_key(record), key))
            return record;
    }
    return NULL;
}

void *xmpp_dict_find(const xmpp_dict_t *dict, const char *key, size_t n)
{
    struct str text = dict_text(key, n);
    struct record *record =
        dict && key ? find_record(dict, text, dict_hash(dict, text)) : NULL;

    return record ? record->data : NULL;
}

static struct record *record_new(const xmpp_dict_t *dict, struct str key)
{
    size_t head = offsetof(struct record, data) + dict->record_size;
    struct record *record;

    if (dict->record_size > RECORD_OCTETS || key.n > RECORD_OCTETS)
        return NULL;
    record = env_alloc(dict->env, head + key.n + 1);
    if (!record)
        return NULL;
    memset(record, 0, head);
    record->key_at = (uint32_t)dict->record_size;
    record->key_n = (uint32_t)key.n;
    memcpy(record->data + record->key_at, key.s, key.n);
    record->data[record->key_at + key.n] = '\0';
    return record;
}

void *xmpp_dict_put(xmpp_dict_t *dict, const char *key, size_t n)
{
    struct str text = dict_text(key, n);
    struct record *record;
    uint32_t hash;

    if (!dict || !key)
        return NULL;
    hash = dict_hash(dict, text);
    record = find_record(dict, text, hash);
    if (record)
        return record->data;
    if (dict->most && dict->map.count >= dict->most)
        return NULL;
    record = record_new(dict, text);
    if (!record)
        return NULL;
    map_add(&dict->map, &record->node, hash);
    list_append(&dict->order, &record->link);
    return record->data;
}

void xmpp_dict_drop(xmpp_dict_t *dict, void *data)
{
    struct record *record = data ? record_of(data) : NULL;

    if (!dict || !record)
        return;
    map_remove(&dict->map, &record->node);
    list_remove(&record->link);
    if (dict->done)
        dict->done(env_ctx(dict->env), data);
    env_free(dict->env, record);
}

/* ---- order ------------------------------------------------------- */

void *xmpp_dict_next(const xmpp_dict_t *dict, const void *data)
{
    struct list *link;

    if (!dict)
        return NULL;
    link = data ? record_of(data)->link.next : dict->order.next;
    return link == &dict->order ? NULL : record_of_link(link)->data;
}

void xmpp_dict_touch(xmpp_dict_t *dict, void *data)
{
    struct record *record = data ? record_of(data) : NULL;

    if (!dict || !record)
        return;
    list_remove(&record->link);
    list_append(&dict->order, &record->link);
}

const char *xmpp_dict_key(const void *data, size_t *ret_size)
{
    const struct record *record = data ? record_of(data) : NULL;

    if (ret_size)
        *ret_size = record ? record->key_n : 0;
    return record ? record_key(record).s : NULL;
}
