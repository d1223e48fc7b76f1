/* slot.h - one registration: its identity, and the userdata that it may own. */

#ifndef DISPATCH_SLOT_H
#define DISPATCH_SLOT_H

#include <xmpp/slot.h>

#include "base/map.h"

/* What an application hands over, and how it gets rid of it. */
struct userdata {
    void *data;
    xmpp_free_handler free; /* NULL: it stays the application's */
};

/* What every registration is made with. */
struct slot_args {
    struct userdata user;
    xmpp_slot_t *ret;  /* where its number goes; NULL: it needs none */
    xmpp_conn_t *conn; /* whose it is; NULL: a context's */
    bool is_single;    /* libstrophe's: the same function with the same userdata
                        * is not added twice */
};

/* The numbered registrations of a context. A number that has ended is not
 * found, where a pointer would dangle; as they count upwards, it is not
 * mistaken for a later one. */
struct slots {
    struct map by_number;
    xmpp_slot_t last;
};

/* The part that handlers, timers and requests have in common; a member of each.
 * Invariant: the userdata is freed once, when the registration has left all
 * tables and its function is not being called. That is a call into the
 * application, which may do anything, so no table is being walked then. */
struct slot {
    struct map_node by_number;
    xmpp_slot_t number; /* 0: it has none, or does not have it any more */
    struct userdata user;
    xmpp_conn_t *conn; /* to be held while it is removed; or NULL */
    void (*remove)(struct slot *slot); /* ends the registration */
};

void slots_init(struct slots *slots, const struct env *env);
void slots_free(struct slots *slots); /* all have ended */

/* Begin one; with a number only if somebody wants to know it. */
void slot_open(struct slots *slots, struct slot *slot,
               const struct slot_args *args, void (*remove)(struct slot *slot));

/* It cannot be removed by its number any more. */
void slot_close(struct slots *slots, struct slot *slot);

/* The registration of that number, or NULL if it has ended. */
struct slot *slots_find(struct slots *slots, xmpp_slot_t number);

/* Takes a copy, because the registration itself may be gone. */
static inline void userdata_free(struct userdata user)
{
    if (user.free)
        user.free(user.data);
}

#endif
