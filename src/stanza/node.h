/* node.h - the tree of a stanza, and the memory it lives in.
 *
 * A tree lives in a grove: one arena and one count of holds. A grove whose
 * tree was added to another's is spliced into that one and forwards to it, so
 * a node finds its grove by following `into`, shortening the way as it goes.
 * What spoilt a tree is remembered in its place, so that good trees pay
 * nothing.
 */

#ifndef STANZA_NODE_H
#define STANZA_NODE_H

#include <xmpp/stanza.h>

#include "base/arena.h"
#include "stanza/names.h"

#define GROVE_MOVED 1

struct grove {
    struct arena arena;
    union {
        struct grove *into; /* where a moved one was spliced to */
        const char *why;    /* words for `status`, in the arena; or NULL */
    };
    unsigned holds; /* only counted in the grove at the end of the way */
    int status;     /* the first failure while building: XMPP_E..., or 0; or
                     * GROVE_MOVED */
};

enum node_kind { NODE_BLANK, NODE_ELEMENT, NODE_TEXT };

/* An attribute. `name` is NUL-terminated as is `value`; a name with a prefix
 * is kept in full only for "xml:..."; other prefixes of received attributes
 * are dropped, as libstrophe does. */
struct attr {
    struct attr *next;
    struct str name, value;
    enum name_id id;          /* of the name */
    unsigned short address_n; /* octets of the normal form of an address, which
                               * stands behind the NUL of `value`; 0: none */
    bool vouched; /* an address that came from the network, odd as it is */
};

/* The public xmpp_stanza_t.
 * Invariants: `first`, `last`, `attrs` only in elements; `text` only in text
 * nodes; parent->first ... ->next ... parent->last is the row of children. */
struct _xmpp_stanza_t {
    struct grove *grove;
    struct _xmpp_stanza_t *parent, *first, *last, *next;
    struct attr *attrs, *last_attr; /* in order; xmlns is one of them */
    struct str text;                /* NUL-terminated: name or text */
    unsigned short name;            /* enum name_id of an element's name */
    unsigned short ns;              /* enum name_id of its own xmlns */
    unsigned char kind;             /* enum node_kind */
};

/* The bytes that its tree takes. */
size_t node_memory(const xmpp_stanza_t *node);

/* A root in a new grove, held once. NULL when memory is out. */
xmpp_stanza_t *node_new(struct env *env, enum arena_class size);

/* Turn a blank node into an element or a text. Copies. */
int node_set_name(xmpp_stanza_t *node, struct str name);
int node_set_text(xmpp_stanza_t *node, struct str text);

/* A blank child at the end of `parent`, in its grove. NULL without memory. */
xmpp_stanza_t *node_add(xmpp_stanza_t *parent);

/* Set or replace an attribute. Copies. 0, XMPP_EMEM, XMPP_EARG (invalid). */
int node_set_attr(xmpp_stanza_t *node, struct str name, struct str value);

/* Set an attribute whose name is known. */
int node_set(xmpp_stanza_t *node, enum name_id name, struct str value);

/* The grove a node belongs to now. */
struct grove *node_grove(const xmpp_stanza_t *node);

/* The environment; never NULL. */
struct env *node_env(const xmpp_stanza_t *node);

/* Remember a failure in the tree; returns it. */
int node_spoil(xmpp_stanza_t *node, int code);

/* Why its tree is spoilt, in words; the code's own where there are no better.
 * "" for a good tree. Lives as long as the tree. */
const char *node_why(const xmpp_stanza_t *node);

/* A call on a node that is invalid there; the tree is not spoilt. A NULL node
 * has nobody to tell. Returns XMPP_EINVOP. */
int node_misuse(const xmpp_stanza_t *node, const char *words);

/* The next node of the subtree `root` in document order, children first, or
 * NULL: how to walk a tree without recursion. */
const xmpp_stanza_t *node_after(const xmpp_stanza_t *node,
                                const xmpp_stanza_t *root);

#endif
