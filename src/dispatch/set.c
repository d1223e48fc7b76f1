/* set.c - the modules that a connection uses, as a set which connections share:
 * their order, and an index of their rows. */

#include "dispatch/set.h"

#define SPARE_BUCKETS 2 /* for each row: chains stay short */

#define SET_OF(link_) LIST_ENTRY(link_, struct module_set, link)

void sets_init(struct sets *sets, struct env *env)
{
    sets->env = env;
    sets->steps = 0;
    list_init(&sets->first);
}

const xmpp_row_t *module_row(const xmpp_module_t *module, const xmpp_row_t *row)
{
    row = row ? (const xmpp_row_t *)(const void *)((const char *)row +
                                                   module->row_size)
              : module->rows;
    return row->kind == XMPP_ROW_END ? NULL : row;
}

/* ---- keys -------------------------------------------------------- */

/* Eight octets and the length tell the keys of modules apart; should they not,
 * the texts do. Reading whole namespaces would cost more than all the rest of
 * a look-up. Peers cannot add keys, so chains do not grow by their doing. */
static uint64_t octets_at(struct str key, size_t at)
{
    uint64_t octets = 0;
    size_t n = key.n - at;

    memcpy(&octets, key.s + at, n < sizeof(octets) ? n : sizeof(octets));
    return octets;
}

static uint32_t hash_key(unsigned kind, struct str key)
{
    uint64_t hash = kind + 64 * (uint64_t)key.n;

    if (key.n) {
        hash ^= octets_at(key, key.n > 8 ? key.n - 8 : 0);
        hash += octets_at(key, key.n / 2) * 0xff51afd7ed558ccdu;
    }
    return (uint32_t)((hash * 0x9e3779b97f4a7c15u) >> 32);
}

static uint64_t key_length_bit(struct str key)
{
    return (uint64_t)1 << key.n % 64;
}

/* ---- making ------------------------------------------------------ */

/* A newer program may have kinds of rows that this library does not know. */
static bool is_known(const xmpp_row_t *row)
{
    return row->kind < XMPP_ROW_KINDS_;
}

static size_t count_rows(const struct module_set *less,
                         const xmpp_module_t *module)
{
    size_t n = less ? less->first[XMPP_ROW_KINDS_] : 0;

    for (const xmpp_row_t *r = module_row(module, NULL); r;
         r = module_row(module, r))
        n += is_known(r);
    return n;
}

static struct module_set *set_alloc(struct sets *sets, size_t modules,
                                    size_t rows)
{
    size_t buckets = 1;
    struct module_set *set;

    while (buckets < rows * SPARE_BUCKETS)
        buckets *= 2;
    set = env_zalloc(sets->env, sizeof(*set) + modules * sizeof(*set->modules) +
                                    rows * sizeof(*set->rows) +
                                    buckets * sizeof(*set->buckets));
    if (!set)
        return NULL;
    set->sets = sets;
    set->count = modules;
    set->modules = (const xmpp_module_t **)(void *)(set + 1);
    set->rows = (struct set_row *)(void *)(set->modules + modules);
    set->buckets = (unsigned *)(void *)(set->rows + rows);
    set->mask = buckets - 1;
    list_init(&set->more);
    return set;
}

static struct set_row *copy_rows(struct set_row *to,
                                 const struct module_set *less, unsigned kind)
{
    for (const struct set_row *r = set_begin(less, kind);
         r != set_end(less, kind); r++)
        *to++ = *r;
    return to;
}

static struct set_row *add_rows(struct set_row *to, const xmpp_module_t *module,
                                unsigned kind, size_t place)
{
    for (const xmpp_row_t *r = module_row(module, NULL); r;
         r = module_row(module, r))
        if (r->kind == kind)
            *to++ = (struct set_row){
                .row = r, .key = str_of(r->ns), .place = (unsigned)place};
    return to;
}

static void fill_rows(struct module_set *set, const struct module_set *less,
                      const xmpp_module_t *module)
{
    struct set_row *to = set->rows;

    for (unsigned kind = 0; kind < XMPP_ROW_KINDS_; kind++) {
        set->first[kind] = (unsigned)(to - set->rows);
        to = copy_rows(to, less, kind);
        to = add_rows(to, module, kind, set->count - 1);
    }
    set->first[XMPP_ROW_KINDS_] = (unsigned)(to - set->rows);
}

/* From the last to the first, so that each bucket has them in their order. */
static void index_rows(struct module_set *set)
{
    for (unsigned i = set->first[XMPP_ROW_KINDS_]; i-- > 0;) {
        struct set_row *r = &set->rows[i];
        unsigned kind = r->row->kind;
        unsigned *bucket = &set->buckets[hash_key(kind, r->key) & set->mask];

        set->lengths[kind] |= key_length_bit(r->key);
        r->next = *bucket;
        *bucket = i + 1;
    }
}

static struct module_set *make_set(struct sets *sets, struct module_set *less,
                                   const xmpp_module_t *module)
{
    size_t n = less ? less->count : 0;
    struct module_set *set = set_alloc(sets, n + 1, count_rows(less, module));

    if (!set)
        return NULL;
    for (size_t i = 0; i < n; i++)
        set->modules[i] = less->modules[i];
    set->modules[n] = module;
    fill_rows(set, less, module);
    index_rows(set);
    set->less = less;
    set_hold(less);
    list_append(less ? &less->more : &sets->first, &set->link);
    return set;
}

struct module_set *set_with(struct sets *sets, struct module_set *less,
                            const xmpp_module_t *module)
{
    struct list *all = less ? &less->more : &sets->first;
    struct module_set *set = NULL;

    for (struct list *l = all->next; l != all && !set; l = l->next)
        if (SET_OF(l)->modules[SET_OF(l)->count - 1] == module)
            set = SET_OF(l);
    if (!set)
        set = make_set(sets, less, module);
    set_hold(set);
    return set;
}

void set_hold(struct module_set *set)
{
    if (set)
        set->holds++;
}

void set_release(struct module_set *set)
{
    while (set && --set->holds == 0) {
        struct module_set *less = set->less;

        list_remove(&set->link);
        env_free(set->sets->env, set);
        set = less;
    }
}

/* ---- finding ----------------------------------------------------- */

size_t set_place(const struct module_set *set, const xmpp_module_t *module)
{
    size_t i = 0;

    while (set && i < set->count && set->modules[i] != module)
        i++;
    return i;
}

/* The first from this one on (counted from 1) with this kind and key. */
static const struct set_row *find_from(const struct module_set *set, unsigned i,
                                       unsigned kind, struct str key)
{
    for (; i; i = set->rows[i - 1].next) {
        const struct set_row *r = &set->rows[i - 1];

        set->sets->steps++;
        if (r->row->kind == kind && str_eq(r->key, key))
            return r;
    }
    return NULL;
}

const struct set_row *set_find(const struct module_set *set, unsigned kind,
                               struct str key)
{
    if (!set || !(set->lengths[kind] & key_length_bit(key)))
        return NULL;
    return find_from(set, set->buckets[hash_key(kind, key) & set->mask], kind,
                     key);
}

const struct set_row *set_find_next(const struct module_set *set,
                                    const struct set_row *row)
{
    return find_from(set, row->next, row->row->kind, row->key);
}
