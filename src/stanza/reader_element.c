/* reader_element.c - makes elements of start tags. */

#include "stanza/reader_inside.h"

#include <stdio.h>

#define NS_COMPARED 256 /* bytes of a namespace that is compared */

/* libxml2 has checked what XML demands of names and values (parser.c), so they
 * are copied as they are. */

/* An element that is being made. One step of its arena gives the node, room for
 * all attributes, and behind them room for the octets of all values. Those from
 * `first` to `next` are complete, except that the last one is the last. */
struct dressing {
    xmpp_stanza_t *node;
    struct attr *first, *next;
    char *octets;
};

static size_t value_size(const xmlChar **a)
{
    return (size_t)(a[4] - a[3]);
}

/* Copied into the room, with a NUL. */
static struct str dress_copy(struct dressing *d, const char *s, size_t n)
{
    char *to = d->octets;

    memcpy(to, s, n);
    to[n] = '\0';
    d->octets += n + 1;
    return str_n(to, n);
}

static void dress_append(struct dressing *d, struct str name, unsigned id,
                         struct str value)
{
    struct attr *a = d->next++;

    *a = (struct attr){
        .next = d->next, .name = name, .value = value, .id = (enum name_id)id};
}

/* The last one is there. */
static void dress_end(struct dressing *d)
{
    if (d->next == d->first)
        return;
    d->node->attrs = d->first;
    d->node->last_attr = d->next - 1;
    d->next[-1].next = NULL;
}

/* A name that is not known is copied. */
static struct str dress_name(struct dressing *d, const struct interned *name)
{
    if (name->id)
        return name_text((enum name_id)name->id);
    return str_n(arena_strndup(&d->node->tree->arena, name->key, name->n),
                 name->n);
}

static struct str dress_value(struct dressing *d, const xmlChar **a)
{
    return dress_copy(d, (const char *)a[3], value_size(a));
}

/* Attributes without prefixes, which is what almost every tag has. */
static void dress_plainly(struct reader *r, struct dressing *d,
                          const struct tag *tag)
{
    const xmlChar **a = tag->attributes; /* NULL if there are none */

    for (int i = 0; i < tag->n; i++, a += 5) {
        struct interned known =
            *interned_find(&r->work->names, (const char *)a[0]);
        struct str name = dress_name(d, &known);

        if (name.s)
            dress_append(d, name, known.id, dress_value(d, a));
        else
            reader_fail(r, XMPP_EMEM, "");
    }
}

/* ---- attributes with prefixes ------------------------------------ */

static bool attr_is_foreign(const xmlChar **a)
{
    return a[1] && !str_is(reader_view(a[1]), "xml");
}

/* In a stanza's own tag attributes of other namespaces are dropped: evil:from
 * must not pass for the sender. Anywhere evil:xmlns must not pass for a
 * namespace. */
static bool attr_is_dropped(const xmpp_stanza_t *node, const xmlChar **a)
{
    return !node->parent || str_is(reader_view(a[0]), "xmlns");
}

/* Its name in a tree. Attributes of other namespaces lose their prefix, as in
 * libstrophe. STR_NONE without memory. */
static struct str name_attr(struct reader *r, struct dressing *d,
                            const xmlChar **a)
{
    struct interned known = *interned_find(&r->work->names, (const char *)a[0]);
    size_t n = strlen("xml:") + known.n;
    char *copy;

    if (!a[1] || attr_is_foreign(a))
        return dress_name(d, &known);
    copy = arena_bytes(&d->node->tree->arena, n + 1);
    if (copy)
        snprintf(copy, n + 1, "xml:%.*s", STR_ARG(interned_text(&known)));
    return str_n(copy, n);
}

static struct attr *attr_like(const struct dressing *d, struct str name)
{
    struct attr *a = d->first;

    while (a < d->next && !str_eq(a->name, name))
        a++;
    return a < d->next ? a : NULL;
}

static void dress_prefixed(struct reader *r, struct dressing *d,
                           const xmlChar **a)
{
    struct str name = name_attr(r, d, a);
    struct attr *twin = name.s ? attr_like(d, name) : NULL;

    if (!name.s)
        reader_fail(r, XMPP_EMEM, "");
    else if (twin)
        twin->value = dress_value(d, a);
    else
        dress_append(d, name, name_find(name), dress_value(d, a));
}

/* First those of other namespaces, so that the own ones replace them. */
static void dress_with_prefixes(struct reader *r, struct dressing *d,
                                const struct tag *tag)
{
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < tag->n; i++) {
            const xmlChar **a = tag->attributes + 5 * (size_t)i;
            bool is_foreign = attr_is_foreign(a);

            if (is_foreign != (pass == 0) ||
                (is_foreign && attr_is_dropped(d->node, a)))
                continue;
            dress_prefixed(r, d, a);
        }
}

/* ---- the whole element ------------------------------------------- */

/* That of an open element, which is its first attribute if it has one. */
static struct str ns_of_open(const xmpp_stanza_t *node)
{
    const struct attr *a = node ? node->attrs : NULL;

    return a && a->id == N_XMLNS ? a->value : STR_NONE;
}

/* The text of a namespace that is not known, if the open element has the same;
 * or STR_NONE. A very long one is not compared, or each empty element in it
 * would cost that. */
static struct str shared_namespace(const struct reader *r,
                                   const struct interned *ns)
{
    struct str outer;

    if (ns->id || !ns->n || ns->n > NS_COMPARED)
        return STR_NONE;
    outer = ns_of_open(r->current);
    return str_eq(interned_text(ns), outer) ? outer : STR_NONE;
}

/* Without xmlns='' an element would inherit its parent's namespace. */
static void dress_namespace(struct dressing *d, const struct interned *ns,
                            struct str shared)
{
    struct str text = interned_text(ns);

    if (!ns->key && !ns_of_open(d->node->parent).n)
        return;
    if (!ns->key)
        text = STR("");
    else if (!ns->id)
        text = shared.s ? shared : dress_copy(d, text.s, text.n);
    dress_append(d, name_text(N_XMLNS), N_XMLNS, text);
    d->node->ns = ns->id;
}

static size_t tag_room(const struct tag *tag, struct str shared)
{
    size_t room = ((size_t)tag->n + 1) * sizeof(struct attr);

    for (int i = 0; i < tag->n; i++)
        room += value_size(tag->attributes + 5 * (size_t)i) + 1;
    if (!tag->name.id)
        room += tag->name.n + 1;
    if (!tag->ns.id && !shared.s)
        room += tag->ns.n + 1;
    return room;
}

xmpp_stanza_t *reader_make_element(struct reader *r, const struct tag *tag)
{
    struct str shared = shared_namespace(r, &tag->ns);
    size_t room = tag_room(tag, shared);
    xmpp_stanza_t *node = r->current ? node_add_with(r->current, room)
                                     : node_new_with(r->env, ARENA_PAGE, room);
    struct dressing d = {.node = node};

    if (!node) {
        reader_fail(r, XMPP_EMEM, "");
        return NULL;
    }
    d.first = d.next = (struct attr *)(void *)(node + 1);
    d.octets = (char *)(d.first + tag->n + 1);
    node->kind = NODE_ELEMENT;
    node->name = tag->name.id;
    node->text = tag->name.id ? interned_text(&tag->name)
                              : dress_copy(&d, tag->name.key, tag->name.n);
    dress_namespace(&d, &tag->ns, shared);
    if (tag->has_prefixes)
        dress_with_prefixes(r, &d, tag);
    else
        dress_plainly(r, &d, tag);
    dress_end(&d);
    return node;
}
