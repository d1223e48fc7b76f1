/* timed.h - functions that are called as time passes: periodically, or once. */

#ifndef CONN_TIMED_H
#define CONN_TIMED_H

#include <xmpp/handler.h>

#include "base/env.h"
#include "base/list.h"
#include "base/map.h"
#include "dispatch/slot.h"
#include "net/poll.h"

/* The timers of one owner: a connection, whose periodic ones run while it is
 * connected, or a context. Those of one call run whatever the owner does.
 *
 * A timer that ends leaves all tables at once. Its userdata and its memory are
 * freed as soon as its function is not being called; until then it hangs in
 * `ended`, or, while it is being called, in no list. */
struct timed_set {
    struct env *env;
    struct slots *slots;
    /* Keep a connection while one of its functions is called. */
    void (*hold)(xmpp_conn_t *conn), (*unhold)(xmpp_conn_t *conn);
    struct list periodic, once, ended;
    struct map by_entry, by_function;
};

/* One function of these types; which of them it is follows from its owner and
 * from `is_once` of its terms. */
typedef union {
    xmpp_timed_handler conn;
    xmpp_global_timed_handler ctx;
    xmpp_timeout_handler conn_once;
    xmpp_global_timeout_handler ctx_once;
} timed_function;

/* When to call what. */
struct timed_terms {
    xmpp_conn_t *conn; /* the owner; NULL: `ctx` is */
    xmpp_ctx_t *ctx;
    struct poll *poll;
    timed_function function;
    unsigned long period; /* milliseconds */
    bool is_once;
    bool runs; /* from now on; else from timed_arm_all() on */
};

/* A context's set needs neither function. */
void timed_init(struct timed_set *set, struct env *env, struct slots *slots,
                void (*hold)(xmpp_conn_t *conn),
                void (*unhold)(xmpp_conn_t *conn));

/* 0; XMPP_EMEM; or 1 if it has to be the only one (args->is_single) and the
 * function with this userdata is there already. If it is not 0, the userdata is
 * still the caller's. A single one that is being called and adds itself goes on
 * with the new period if it returns that it ends. */
int timed_add(struct timed_set *set, const struct timed_terms *terms,
              const struct slot_args *args);

/* Each function that ends a timer may call the application, to free userdata;
 * the caller keeps the owner alive meanwhile. */
void timed_delete(struct timed_set *set, timed_function function);

/* Begin a period for all periodic timers; stop them all. */
void timed_arm_all(struct timed_set *set);
void timed_disarm_all(struct timed_set *set);

void timed_free_all(struct timed_set *set);

#endif
