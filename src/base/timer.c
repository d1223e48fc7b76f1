/* timer.c - a pairing heap of deadlines.
 *
 * Its links are in the timers, so arming allocates nothing and cannot fail; and
 * most timers are disarmed long before they expire, which a heap does without
 * walking a list. */

#include "base/timer.h"

#include <stddef.h>

/* Both are roots without siblings; the later one becomes a child. */
static struct timer *meld(struct timer *a, struct timer *b)
{
    if (!a)
        return b;
    if (!b)
        return a;
    if (b->when < a->when) {
        struct timer *t = a;

        a = b;
        b = t;
    }
    b->next = a->child;
    b->prev = a;
    if (a->child)
        a->child->prev = b;
    a->child = b;
    return a;
}

/* Merge siblings in pairs, then the pairs from right to left: the two passes
 * make removal logarithmic, amortised, however the heap was filled. */
static struct timer *merge_row(struct timer *first)
{
    struct timer *pairs = NULL;
    struct timer *root = NULL;

    while (first) {
        struct timer *a = first;
        struct timer *b = a->next;

        first = b ? b->next : NULL;
        a->next = a->prev = NULL;
        if (b)
            b->next = b->prev = NULL;
        a = meld(a, b);
        a->next = pairs;
        pairs = a;
    }
    while (pairs) {
        struct timer *next = pairs->next;

        pairs->next = NULL;
        root = meld(root, pairs);
        pairs = next;
    }
    return root;
}

/* `prev` of a first child is its parent, of any other its sibling. */
static void unlink_timer(struct timer *t)
{
    if (t->prev->child == t)
        t->prev->child = t->next;
    else
        t->prev->next = t->next;
    if (t->next)
        t->next->prev = t->prev;
}

void timers_clear(struct timers *timers, struct timer *t)
{
    if (!t->armed)
        return;
    if (timers->top == t) {
        timers->top = merge_row(t->child);
    } else {
        unlink_timer(t);
        timers->top = meld(timers->top, merge_row(t->child));
    }
    if (timers->top)
        timers->top->next = timers->top->prev = NULL;
    t->child = t->next = t->prev = NULL;
    t->armed = false;
}

void timers_set(struct timers *timers, struct timer *t, uint64_t when)
{
    timers_clear(timers, t);
    if (when == TIME_NEVER)
        return;
    t->when = when;
    t->child = t->next = t->prev = NULL;
    t->armed = true;
    timers->top = meld(timers->top, t);
}

struct timer *timers_expired(struct timers *timers, uint64_t now)
{
    struct timer *t = timers->top;

    if (!t || t->when > now)
        return NULL;
    timers_clear(timers, t);
    return t;
}
