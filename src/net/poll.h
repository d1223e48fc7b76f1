/* poll.h - the only place that waits, and the only one that reads a clock. */

#ifndef NET_POLL_H
#define NET_POLL_H

#include "base/env.h"
#include "base/list.h"
#include "base/timer.h"

enum { POLL_READ = 1, POLL_WRITE = 2, POLL_GONE = 4 /* error or hang-up */ };

struct poll;

/* A descriptor that is watched, level-triggered. Zeroed with fd set. */
struct watch {
    int fd;
    unsigned events; /* now watched for; 0: not watched */
    void (*ready)(struct watch *watch, unsigned events);
    size_t place; /* among all that are watched, for poll(2) */
};

/* A function that is called at a moment, in the next turn, or both. */
struct alarm {
    struct timer timer;
    struct list again; /* linked: is called in the next turn */
    void (*fire)(struct alarm *alarm, uint64_t now);
};

/* NULL when memory or descriptors are out. */
struct poll *poll_new(struct env *env);
void poll_free(struct poll *poll);

/* Watch for these events; 0 stops watching and must come before the
 * descriptor is closed. An event that is already known but not delivered is
 * then forgotten. 0 or XMPP_EMEM / XMPP_EINT; after a failure it is not watched
 * at all. */
int poll_watch(struct poll *poll, struct watch *watch, unsigned events);

void alarm_init(struct alarm *alarm, void (*fire)(struct alarm *, uint64_t));
void poll_set_alarm(struct poll *poll, struct alarm *alarm, uint64_t when);
void poll_clear_alarm(struct poll *poll, struct alarm *alarm);

/* Call the alarm in the next turn, which then comes at once. */
void poll_again(struct poll *poll, struct alarm *alarm);

/* What the alarm was to be called for was done in this turn, for an event: it
 * is not called, unless it asks again. */
void poll_served(struct poll *poll, struct alarm *alarm);

/* Milliseconds of this poll's clock, which never goes back: the system's
 * monotonic one, unless it was stopped. */
uint64_t poll_now(const struct poll *poll);

/* For tests: from now on the clock is virtual. It stands still until it is
 * moved, or until a turn would wait: then it jumps to the end of that wait.
 * Nothing is ever waited for, so nothing that other threads or servers do
 * should be expected. */
void poll_stop_clock(struct poll *poll, uint64_t now);
void poll_move_clock(struct poll *poll, uint64_t ms);

/* Since 1970, by a clock that may jump; 0 if that is wrong by decades. */
uint64_t poll_micros(void);
uint64_t poll_seconds(void);

/* One descriptor for all: readable when there is something to do, timers and
 * wake-ups included; -1 where the system has none (no epoll). From this call on
 * each change of the earliest alarm costs a system call, so do not call it
 * without need. */
int poll_fd(struct poll *poll);

/* What to watch it for, in the terms of poll(2). */
int poll_fd_events(void);

/* Milliseconds until there is something to do at the latest; -1 for never. */
int poll_timeout(const struct poll *poll);

/* Wait up to `timeout` milliseconds (-1: for ever, 0: not at all) for something
 * to do, and deliver what is ready, once; true if there may be more. A signal
 * ends the wait. */
bool poll_turn(struct poll *poll, int timeout);

/* Was no descriptor ready in the last turn? Alarms may have been due. */
bool poll_was_quiet(const struct poll *poll);

/* End a wait from any thread or signal handler. */
void poll_wake(struct poll *poll);

#endif
