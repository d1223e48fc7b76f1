/* race.h - sockets that are being connected at the same time, staggered: the
 * first that connects wins (RFC 8305 section 5). */

#ifndef NET_RACE_H
#define NET_RACE_H

#include "base/list.h"
#include "net/candidates.h"
#include "net/opening.h"

/* Milliseconds between two starts, if no start failed meanwhile. */
#define RACE_STAGGER 250
/* Sockets that are being connected at the same time, besides those that have
 * been silent for RACE_OLD milliseconds: these run on, but nobody waits for
 * them, as they may lead to a black hole. */
#define RACE_MOST 4
#define RACE_OLD 3000

struct race;

enum runner_state {
    RUNNER_WAITS, /* not started, or stopped because another one won */
    RUNNER_RUNS,
    RUNNER_FAILED,
    RUNNER_ARRIVED /* connected */
};

/* One address. */
struct runner {
    struct list link;
    struct race *race;
    struct candidate to;
    struct opening opening;
    enum runner_state state;
    uint64_t begun_at;
    int error; /* errno, if it failed */
};

struct race_wanted {
    unsigned timeout; /* milliseconds for each runner */
    /* Addresses of this machine that sockets are bound to; a family without one
     * is not used. None: the system chooses. */
    struct address sources[2];
    size_t sources_n;
    /* Called with every new socket before it connects; non-zero skips it. It
     * may call race_clear. */
    int (*prepare)(void *userdata, int fd);
    /* One has arrived or failed: called from a later turn; it may call
     * race_clear. */
    void (*done)(void *userdata, struct runner *runner);
    void *userdata, *prepare_userdata;
};

/* Invariant: `running` counts the runners that run. */
struct race {
    struct env *env;
    struct poll *poll;
    struct race_wanted wanted;
    struct list runners; /* in the order in which they were added */
    unsigned running;
    uint64_t next_at; /* nobody starts before */
    bool *gone;       /* set when cleared from inside prepare */
};

void race_init(struct race *race, struct env *env, struct poll *poll,
               const struct race_wanted *wanted);

/* One more runner, who waits. NULL when memory is out. */
struct runner *race_add(struct race *race, const struct candidate *to);

/* When another one may start, as far as is known now; and whether that is now.
 */
uint64_t race_next_start(const struct race *race);
bool race_may_start(const struct race *race);

/* The first who waits, or NULL. */
struct runner *race_waiting(const struct race *race);

/* Start him. 0 when he runs, the errno of why he failed at once, or RACE_GONE:
 * the race was cleared meanwhile. */
#define RACE_GONE -1
int race_run(struct race *race, struct runner *runner);

/* The socket of one who has arrived, owned. All the others are stopped, and
 * wait. */
int race_take(struct race *race, struct runner *runner);

/* Stop and forget all. */
void race_clear(struct race *race);

#endif
