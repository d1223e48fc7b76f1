/* slot_kinds.h - every kind of registration that the library knows, for tests
 * of how they end. */

#ifndef TESTS_CONN_SLOT_KINDS_H
#define TESTS_CONN_SLOT_KINDS_H

#include "conn/testbed.h"

#define SLOT_PERIOD 50 /* of timers, milliseconds */

/* The userdata of one registration. */
struct owned {
    struct testbed *testbed;
    xmpp_slot_t slot;
    int calls, freed;
    int running;   /* calls under way */
    bool too_soon; /* freed during a call */
    int stays;     /* what a call returns */
    void (*on_call)(struct owned *owned);
    void (*on_free)(struct owned *owned);
    struct owned *other;
    const struct slot_kind *kind;
};

/* One kind: how it is registered, and what makes the library call it. */
struct slot_kind {
    const char *name;
    int (*add)(struct owned *owned, xmpp_slot_t *ret);
    void (*fire)(struct testbed *testbed);
    void (*delete)(struct testbed *testbed, struct owned *owned); /* or NULL */
    enum { BY_ZERO, BY_CALL, NEVER } ends; /* a call ends it */
    bool is_global;                        /* it belongs to the context */
    bool ends_with_call;                   /* when its connection is released */
};

#define SLOT_KINDS 9
extern const struct slot_kind slot_kinds[SLOT_KINDS];

/* A testbed whose clock stands still. */
void slot_begin(struct testbed *testbed);

/* Let the period of timers pass. */
void slot_fire_time(struct testbed *testbed);

/* Register it, and assert that this works. */
void slot_add(struct testbed *testbed, const struct slot_kind *kind,
              struct owned *owned);

/* Assert that it was called so often, and freed once, not during a call. */
void slot_is_over(const struct owned *owned, int calls, const char *how);

/* Remove it by its number, and assert whether it was still there. */
void slot_is_removed(struct owned *owned, int was_there);

#endif
