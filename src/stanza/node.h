/* node.h - the tree of a stanza, and the memory it lives in.
 *
 * All nodes of a tree share one struct tree: one arena and one count of holds.
 * A hold on any node keeps the whole tree. When a tree is added to another, its
 * arena is spliced into the other's, and its struct tree forwards to that one;
 * a node finds its present struct tree by following `into`. */

#ifndef STANZA_NODE_H
#define STANZA_NODE_H

#include <xmpp/error.h>
#include <xmpp/stanza.h>

#include "base/arena.h"
#include "stanza/names.h"

#define TREE_MOVED 1

struct tree {
    struct arena arena;
    union {
        struct tree *into; /* if TREE_MOVED: the tree that this is part of */
        const char *why;   /* words for `status`, in the arena; or NULL */
    };
    unsigned holds; /* of a tree that is not moved */
    int status;     /* 0; the first failure while building (XMPP_E...); or
                     * TREE_MOVED */
};

enum node_kind { NODE_BLANK, NODE_ELEMENT, NODE_TEXT };

/* An attribute. `name` and `value` are NUL-terminated. Of a received attribute
 * only the prefix "xml:" is kept; others are dropped, as libstrophe does. */
struct attr {
    struct attr *next;
    struct str name, value;
    enum name_id id;          /* of the name */
    unsigned short address_n; /* length of the normal form of an address, which
                               * is behind the NUL of `value`; 0 if unknown */
    bool is_received;         /* a received address with unprepared parts */
    bool is_clean;            /* the value is known to need no references */
};

/* The public xmpp_stanza_t.
 * Invariants: only elements have `first`, `last` and `attrs`; the children of
 * an element are parent->first and its `next` ones, up to parent->last; a blank
 * node is neither element nor text yet. */
struct _xmpp_stanza_t {
    struct tree *tree;
    struct _xmpp_stanza_t *parent, *first, *last, *next;
    struct attr *attrs, *last_attr; /* in order; xmlns is one of them */
    struct str text;                /* NUL-terminated: name or text */
    unsigned short name;            /* enum name_id of an element's name */
    unsigned short ns;              /* enum name_id of its own xmlns */
    unsigned char kind;             /* enum node_kind */
    bool is_clean; /* a text that is known to need no references */
};

/* The bytes of memory of its tree. */
size_t node_memory(const xmpp_stanza_t *node);

/* The root of a new tree, held once. NULL if there is no memory. */
xmpp_stanza_t *node_new(struct env *env, enum arena_class size);

/* Turn a blank node into an element or a text, which is copied. 0, XMPP_EMEM,
 * or XMPP_EARG for what XML does not allow; failures mark the tree. */
int node_set_name(xmpp_stanza_t *node, struct str name);
int node_set_text(xmpp_stanza_t *node, struct str text);

/* The same for a known name. */
void node_set_known_name(xmpp_stanza_t *node, enum name_id name);

/* The same for a name that is a valid one and lives at least as long as the
 * tree, such as one of a table: it is neither checked nor copied. */
void node_set_static_name(xmpp_stanza_t *node, struct str name);

/* Append a blank child to `parent`. NULL if there is no memory. */
xmpp_stanza_t *node_add(xmpp_stanza_t *parent);

/* The same with so many more bytes right behind the node, for what belongs to
 * it; they are aligned as the node is. */
xmpp_stanza_t *node_new_with(struct env *env, enum arena_class size,
                             size_t room);

/* Set or replace an attribute. Copies. 0, XMPP_EMEM, XMPP_EARG (invalid). */
int node_set_attr(xmpp_stanza_t *node, struct str name, struct str value);

/* The same for a name as that of node_set_static_name(). */
int node_set_static_attr(xmpp_stanza_t *node, struct str name,
                         struct str value);

/* Set an attribute whose name is known. */
int node_set(xmpp_stanza_t *node, enum name_id name, struct str value);

/* The tree that a node of a moved one belongs to now. */
struct tree *node_moved_to(struct tree *tree);

/* The tree that a node belongs to now. */
static inline struct tree *node_tree(const xmpp_stanza_t *node)
{
    struct tree *tree = node->tree;

    return tree->status == TREE_MOVED ? node_moved_to(tree) : tree;
}

/* The environment; never NULL. */
static inline struct env *node_env(const xmpp_stanza_t *node)
{
    return node_tree(node)->arena.env;
}

/* Mark the tree as failed; returns the code. The first failure stays. */
int node_fail(xmpp_stanza_t *node, int code);

/* Blank: neither element nor text yet. It belongs to nobody. */
static inline xmpp_stanza_t *node_make(struct tree *tree, size_t room)
{
    xmpp_stanza_t *node = arena_alloc(&tree->arena, sizeof(*node) + room);

    if (node)
        *node = (struct _xmpp_stanza_t){.tree = tree};
    return node;
}

/* node_add() with room as above. */
static inline xmpp_stanza_t *node_add_with(xmpp_stanza_t *parent, size_t room)
{
    xmpp_stanza_t *node = node_make(node_tree(parent), room);

    if (!node) {
        node_fail(parent, XMPP_EMEM);
        return NULL;
    }
    node->parent = parent;
    if (parent->last)
        parent->last->next = node;
    else
        parent->first = node;
    parent->last = node;
    return node;
}

/* The same with the failure of another tree; nothing if that is a good one. */
void node_fail_as(xmpp_stanza_t *node, const xmpp_stanza_t *other);

/* Mark the tree as failed with XMPP_EARG, in the words in which env_refuse()
 * has just reported it. Returns the code. */
int node_refused(xmpp_stanza_t *node);

/* Why building the tree failed, in words; the code's own text if there is
 * nothing better. "" for a good tree. Lives as long as the tree. */
const char *node_why(const xmpp_stanza_t *node);

/* Report an invalid call on a node to its context; the tree is not marked as
 * failed. For a NULL node nothing is reported. Returns XMPP_EINVOP. */
int node_misuse(const xmpp_stanza_t *node, const char *words);

/* The root of the tree that a node is in; NULL for NULL. */
xmpp_stanza_t *node_top(xmpp_stanza_t *node);

/* The next node of the subtree `root` in document order, or NULL. Trees are
 * walked without recursion, because their depth is the peer's choice. */
const xmpp_stanza_t *node_after(const xmpp_stanza_t *node,
                                const xmpp_stanza_t *root);

#endif
