/* actions.h - what takes time and ends exactly once: requests, and operations
 * that are more than one request. */

#ifndef DISPATCH_ACTIONS_H
#define DISPATCH_ACTIONS_H

#include <xmpp/types.h>

#include "base/list.h"
#include "base/map.h"
#include "base/timer.h"
#include "dispatch/slot.h"

struct action;

/* A handler of the application's, whatever its type. */
typedef void (*action_function)(void);

/* What the kinds of actions do in their own way. `close` and `abandon` may be
 * NULL. */
struct action_kind {
    /* Take it out of the tables of its kind; calls nobody. */
    void (*close)(struct action *action);
    /* Call its handler: it ended with this status, by this answer or NULL. */
    void (*report)(struct action *action, int status, xmpp_stanza_t *reply);
    /* It ends without its handler. */
    void (*abandon)(struct action *action);
    void (*free)(struct action *action);
};

/* One action; a member of a request or an operation. Invariant: it is in the
 * lists and tables until it ends, and its handler is called only after it has
 * left all of them. So the handler may do anything: begin the same again,
 * cancel, or release the connection. Its memory is freed after the handler has
 * returned. */
struct action {
    const struct action_kind *kind;
    struct actions *actions;
    struct map_node by_owner; /* its handler and userdata, to be cancelled */
    struct timer timer;
    struct list link;
    struct slot slot;
    action_function function; /* NULL: nobody hears of its end */
    bool open;
};

/* Those of one connection. `open` are those that wait, oldest first; `ending`
 * those that end together, while their handlers are being called. */
struct actions {
    const struct env *env;
    struct slots *slots;
    struct map by_owner;
    struct list open, ending;
    size_t waiting; /* how many are open */
    struct timers timers;
};

void actions_init(struct actions *actions, const struct env *env,
                  struct slots *slots);

/* End all without calling their handlers. This and every function that ends an
 * action may call the application, at least to free userdata; the caller keeps
 * `actions` alive meanwhile. */
void actions_clear(struct actions *actions);
void actions_free(struct actions *actions);

/* Begin one, whose memory is zeroed. Cannot fail. */
void action_open(struct actions *actions, struct action *action,
                 const struct action_kind *kind, action_function function,
                 uint64_t deadline, const struct slot_args *args);

/* It ends, and its handler is called. */
void action_end(struct action *action, int status, xmpp_stanza_t *reply);

/* The same in two parts, for a handler that is called in another way: it has
 * ended; then its userdata and its memory go. */
void action_retire(struct action *action);
void action_free(struct action *action);

/* It ends without its handler. */
void action_drop(struct action *action);

/* The earliest deadline, and ending those that are past theirs. */
uint64_t actions_deadline(const struct actions *actions);
void actions_tick(struct actions *actions, uint64_t now);

/* All that were begun so far end with `status`. What their handlers begin
 * meanwhile stays. */
void actions_end(struct actions *actions, int status);

/* Drop those of this handler and userdata; returns how many there were. */
int actions_cancel(struct actions *actions, action_function function,
                   const void *userdata);

#endif
