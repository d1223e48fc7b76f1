/* hits.h - which rows of modules fit a stanza, and by which of its children. */

#ifndef DISPATCH_HITS_H
#define DISPATCH_HITS_H

#include "dispatch/set.h"
#include "stanza/node.h"

/* So many rows are found at once; more need another search. */
#define HITS_AT_ONCE 32

/* What is searched, and for rows of which kind. */
struct quarry {
    const struct module_set *set;
    xmpp_stanza_t *stanza;
    unsigned kind;
    bool is_live; /* it came by the stream */
};

/* A row that fits, with the first and the last child by which it does; both are
 * NULL for a row that fits every stanza. */
struct hit {
    const struct set_row *row;
    xmpp_stanza_t *child, *last;
};

/* The rows that fit, each once, in their order. If they are too many, the first
 * ones, and `more`: another search finds those behind `past`. A stanza with
 * thousands of children costs each search one look at all of them, and so does
 * each row that more than one of them fits: never the square of their
 * number. */
struct hits {
    struct hit list[HITS_AT_ONCE];
    const struct set_row *past; /* NULL before the first search */
    size_t n;
    bool more;
};

void hits_find(struct hits *hits, const struct quarry *quarry);

/* The next child by which the row fits, behind `child`, which is one of them
 * and still in the stanza; or NULL. */
xmpp_stanza_t *hit_next_child(const struct hit *hit,
                              const struct quarry *quarry,
                              xmpp_stanza_t *child);

#endif
