/* routes_inside.h - what routes.c and routes_fire.c share. */

#ifndef DISPATCH_ROUTES_INSIDE_H
#define DISPATCH_ROUTES_INSIDE_H

#include "dispatch/routes.h"

/* One handler. The strings are owned; NULL fits everything. `link` is in no
 * list while it is dead and its function has not returned yet. */
struct route {
    struct map_node by_key; /* its id, or its filter */
    struct map_node by_entry, by_function;
    struct list link; /* of all, of the ended, or of the dead */
    struct slot slot;
    struct routes *routes;
    uint64_t born;
    uint64_t search; /* the last one that found it */
    xmpp_handler handler;
    char *id, *ns, *name, *type;
    struct route *renewal; /* added by itself while it is being called */
    unsigned calls;        /* under way */
    bool dead;
};

#define ROUTE_OF(node, member)                                                 \
    ((struct route *)(void *)((char *)(node)-offsetof(struct route, member)))

/* A whole filter as it is looked up; STR_NONE for a part that is not there. */
struct route_key {
    struct str ns, name, type;
};

static inline unsigned route_shape(const struct route_key *key)
{
    return (key->ns.s ? ROUTE_NS : 0) | (key->name.s ? ROUTE_NAME : 0) |
           (key->type.s ? ROUTE_TYPE : 0);
}

uint32_t route_hash(const struct route_key *key);

/* Out of the tables. It calls nobody: routes_sweep() has to follow where
 * nothing is being looked up any more. */
void route_kill(struct routes *routes, struct route *route);

/* One that is dead has returned from a call. */
void route_settle(struct routes *routes, struct route *route);

/* Free the userdata of those that ended, and their memory if nobody walks. */
void routes_sweep(struct routes *routes);

#endif
