/* routes_inside.h - what routes.c and routes_fire.c share. */

#ifndef DISPATCH_ROUTES_INSIDE_H
#define DISPATCH_ROUTES_INSIDE_H

#include "dispatch/routes.h"

/* One handler. The strings are owned; NULL fits everything. */
struct route {
    struct map_node by_key; /* its id, or its filter */
    struct map_node by_entry, by_function;
    struct list link; /* of all, or of the dead */
    uint64_t born;
    uint64_t search; /* the last one that found it */
    xmpp_handler handler;
    void *userdata;
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

unsigned route_shape(const struct route_key *key);
uint32_t route_hash(const struct route_key *key);

/* Out of the tables; freed when nobody walks. */
void route_kill(struct routes *routes, struct route *route);
void routes_sweep(struct routes *routes);

#endif
