/* set.h - the modules that a connection uses, as a set which connections share:
 * their order, and an index of their rows. */

#ifndef DISPATCH_SET_H
#define DISPATCH_SET_H

#include <xmpp/module.h>

#include "base/env.h"
#include "base/list.h"
#include "base/str.h"

/* All sets of a context. `first` are those of one module; a set with one module
 * more hangs in the set without it, so that all connections that use the same
 * modules in the same order find the same set. */
struct sets {
    struct env *env;
    struct list first;
    uint64_t steps; /* rows looked at so far, for tests of the cost */
};

/* A row of a module that stands at this place in the set. `key` is the text by
 * which it is found, STR_NONE if it fits everything. */
struct set_row {
    const xmpp_row_t *row;
    struct str key;
    unsigned place;
    unsigned next; /* in its bucket, counted from 1; 0: none */
};

/* Unchanged from its making to its end, so that a walk along its rows survives
 * whatever their handlers do. `rows` stand by kind; those of a kind in order of
 * use, and in each module as they stand there. A bucket has them in the same
 * order. `lengths` has a bit for each length of a key, so that most elements
 * cost one look. One block of memory. */
struct module_set {
    struct sets *sets;
    struct module_set *less; /* the same without the last module; held */
    struct list link, more;
    unsigned holds;
    size_t count;
    const xmpp_module_t **modules;
    struct set_row *rows;
    unsigned first[XMPP_ROW_KINDS_ + 1]; /* of each kind; behind the last */
    uint64_t lengths[XMPP_ROW_KINDS_];
    unsigned *buckets;
    size_t mask; /* buckets - 1 */
};

void sets_init(struct sets *sets, struct env *env);

/* The set `less` (NULL: the empty one) and this module: one more hold. NULL
 * when memory is out. */
struct module_set *set_with(struct sets *sets, struct module_set *less,
                            const xmpp_module_t *module);

/* NULL, the empty set, needs no hold. */
void set_hold(struct module_set *set);
void set_release(struct module_set *set);

/* The place of a module, or set->count; `set` may be NULL, and then 0. */
size_t set_place(const struct module_set *set, const xmpp_module_t *module);

/* The rows of a kind: from set_begin() up to set_end(). Both are NULL for the
 * empty set. */
static inline const struct set_row *set_begin(const struct module_set *set,
                                              unsigned kind)
{
    return set ? set->rows + set->first[kind] : NULL;
}

static inline const struct set_row *set_end(const struct module_set *set,
                                            unsigned kind)
{
    return set ? set->rows + set->first[kind + 1] : NULL;
}

static inline bool set_has(const struct module_set *set, unsigned kind)
{
    return set_begin(set, kind) != set_end(set, kind);
}

/* The first row of this kind with this key, and those behind it; NULL after the
 * last. The time does not depend on the number of rows. */
const struct set_row *set_find(const struct module_set *set, unsigned kind,
                               struct str key);
const struct set_row *set_find_next(const struct module_set *set,
                                    const struct set_row *row);

/* The row of a module behind `row`, NULL: its first; NULL after the last. */
const xmpp_row_t *module_row(const xmpp_module_t *module,
                             const xmpp_row_t *row);

#endif
