/* timer.h - deadlines in a heap whose nodes are members; arming cannot fail. */

#ifndef BASE_TIMER_H
#define BASE_TIMER_H

#include <stdbool.h>
#include <stdint.h>

/* Times are milliseconds of a clock that never goes back. The time is always an
 * argument, so that tests choose it. */
#define TIME_NEVER UINT64_MAX

/* The earlier of two times. */
static inline uint64_t time_first(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* A deadline. Zeroed means not armed. It must not move in memory while it is
 * armed. */
struct timer {
    uint64_t when;
    struct timer *child, *next; /* first child; next sibling */
    struct timer *prev;         /* previous sibling, or the parent */
    bool armed;
};

/* A pairing heap with the earliest deadline on top: no timer in it is earlier
 * than its parent. Zeroed means empty. */
struct timers {
    struct timer *top;
};

/* Arm, or arm anew for another time. TIME_NEVER disarms. */
void timers_set(struct timers *timers, struct timer *timer, uint64_t when);

/* Disarm; no effect if it is not armed. */
void timers_clear(struct timers *timers, struct timer *timer);

/* The earliest deadline, or TIME_NEVER. */
static inline uint64_t timers_next(const struct timers *timers)
{
    return timers->top ? timers->top->when : TIME_NEVER;
}

/* Disarm and return the earliest timer whose time has come, or NULL. */
struct timer *timers_expired(struct timers *timers, uint64_t now);

#endif
