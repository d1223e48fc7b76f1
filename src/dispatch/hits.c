/* hits.c - which rows of modules fit a stanza, and by which of its children. */

#include "dispatch/hits.h"

#include <xmpp/ns.h>

#include "stanza/find.h"

static void note_hit(struct hits *h, const struct set_row *row,
                     xmpp_stanza_t *child)
{
    size_t at = h->n;

    if (h->past && row <= h->past)
        return;
    while (at && row < h->list[at - 1].row)
        at--;
    if (at && h->list[at - 1].row == row) {
        h->list[at - 1].last = child;
        return;
    }
    h->more |= h->n == HITS_AT_ONCE;
    if (at == HITS_AT_ONCE)
        return;
    if (h->n < HITS_AT_ONCE)
        h->n++;
    memmove(&h->list[at + 1], &h->list[at],
            (h->n - at - 1) * sizeof(h->list[0]));
    h->list[at] = (struct hit){row, child, child};
}

static bool row_fits(const struct quarry *q, const xmpp_row_t *row,
                     const xmpp_stanza_t *child)
{
    if (row->kind == XMPP_ROW_MESSAGE && row->when == XMPP_LIVE && !q->is_live)
        return false;
    return !child || !row->name || str_is(node_name(child), row->name);
}

/* A component's stream has another namespace for the same content. */
static struct str key_of_child(const xmpp_stanza_t *child)
{
    struct str ns = node_ns(child);

    return str_is(ns, XMPP_NS_COMPONENT) ? STR(XMPP_NS_CLIENT) : ns;
}

static void note_rows(struct hits *h, const struct quarry *q, struct str key,
                      xmpp_stanza_t *child)
{
    for (const struct set_row *r = set_find(q->set, q->kind, key); r;
         r = set_find_next(q->set, r))
        if (row_fits(q, r->row, child))
            note_hit(h, r, child);
}

/* What an error contains besides the error is what we sent, so only rows for
 * everything get it. */
void hits_find(struct hits *h, const struct quarry *q)
{
    bool is_error = str_is(node_attr(q->stanza, N_TYPE), "error");
    xmpp_stanza_t *child = is_error ? NULL : node_first_element(q->stanza);

    h->n = 0;
    h->more = false;
    note_rows(h, q, STR_NONE, NULL);
    for (; child; child = node_next_element(child)) {
        struct str key = key_of_child(child);

        if (key.n)
            note_rows(h, q, key, child);
    }
    if (h->n)
        h->past = h->list[h->n - 1].row;
}

xmpp_stanza_t *hit_next_child(const struct hit *hit, const struct quarry *q,
                              xmpp_stanza_t *child)
{
    if (child == hit->last)
        return NULL;
    do
        child = node_next_element(child);
    while (child && !(str_eq(key_of_child(child), hit->row->key) &&
                      row_fits(q, hit->row->row, child)));
    return child;
}
