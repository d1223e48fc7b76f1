/* list.h - a doubly linked list whose links are members of its entries.
 *
 * A node belongs to at most one list. A node outside a list points at itself,
 * so that it can be removed any number of times. struct list_walk walks a list
 * that may change meanwhile. */

#ifndef BASE_LIST_H
#define BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct list {
    struct list *next, *prev;
    bool marker; /* belongs to a struct list_walk; not an entry */
};

#define LIST_ENTRY(node, type, member)                                         \
    ((type *)(void *)((char *)(node)-offsetof(type, member)))

static inline void list_init(struct list *l)
{
    l->next = l->prev = l;
    l->marker = false;
}

static inline void list_insert_before(struct list *at, struct list *node)
{
    node->prev = at->prev;
    node->next = at;
    at->prev->next = node;
    at->prev = node;
}

static inline void list_append(struct list *l, struct list *node)
{
    list_insert_before(l, node);
}

static inline void list_prepend(struct list *l, struct list *node)
{
    list_insert_before(l->next, node);
}

static inline void list_remove(struct list *node)
{
    node->prev->next = node->next;
    node->next->prev = node->prev;
    node->next = node->prev = node;
}

static inline bool list_is_empty(const struct list *l)
{
    return l->next == l;
}

static inline bool list_is_linked(const struct list *node)
{
    return node->next != node;
}

/* A walk that survives any change of the list, also by the function called for
 * an entry. Two markers stand in the list: `here` in front of the next entry,
 * `end` behind the last entry that the list had when the walk began, so that
 * entries appended meanwhile are not visited. Walks may be nested. */
struct list_walk {
    struct list here, end;
};

static inline void list_walk_begin(struct list_walk *w, struct list *l)
{
    list_init(&w->here);
    list_init(&w->end);
    w->here.marker = w->end.marker = true;
    list_prepend(l, &w->here);
    list_append(l, &w->end);
}

/* The next entry, or NULL after the last. */
static inline struct list *list_walk_next(struct list_walk *w)
{
    struct list *node = w->here.next;

    while (node->marker && node != &w->end)
        node = node->next;
    if (node == &w->end)
        return NULL;
    list_remove(&w->here);
    list_insert_before(node->next, &w->here);
    return node;
}

/* To be called at the end of every walk, also of one that is left early: the
 * markers are on the caller's stack. */
static inline void list_walk_end(struct list_walk *w)
{
    list_remove(&w->here);
    list_remove(&w->end);
}

#endif
