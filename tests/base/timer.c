/* timer.c - deadlines: against a plain search, with random changes. */

#include "base/timer.h"

#include "tap.h"

#define TIMERS 200

static struct timers heap;
static struct timer timer[TIMERS];
static uint64_t wanted[TIMERS]; /* TIME_NEVER: not armed */
static unsigned seed = 1;

static unsigned next_random(void)
{
    seed = seed * 1103515245u + 12345u;
    return seed >> 8;
}

static uint64_t earliest(void)
{
    uint64_t first = TIME_NEVER;

    for (int i = 0; i < TIMERS; i++)
        if (wanted[i] < first)
            first = wanted[i];
    return first;
}

static bool expire(uint64_t now)
{
    struct timer *t;
    uint64_t last = 0;
    bool good = true;

    while ((t = timers_expired(&heap, now))) {
        good = good && wanted[t - timer] <= now && t->when >= last;
        last = t->when;
        wanted[t - timer] = TIME_NEVER;
    }
    return good && earliest() > now;
}

int main(void)
{
    bool same = true, expired = true;

    for (int i = 0; i < TIMERS; i++)
        wanted[i] = TIME_NEVER;
    is_int(timers_next(&heap) == TIME_NEVER, 1, "none at first");
    for (int step = 0; step < 20000; step++) {
        unsigned i = next_random() % TIMERS, what = next_random() % 10;

        wanted[i] = what < 7 ? 1000 + next_random() % 5000 : TIME_NEVER;
        if (what == 9)
            timers_clear(&heap, &timer[i]);
        else
            timers_set(&heap, &timer[i], wanted[i]);
        same = same && timers_next(&heap) == earliest();
        if (step % 500 == 499)
            expired = expired && expire(earliest() + next_random() % 1000);
    }
    ok(same, "the earliest is always on top");
    ok(expired, "and goes first");
    ok(expire(TIME_NEVER - 1), "all go in the end");
    ok(!heap.top, "and none is left");
    timers_clear(&heap, &timer[0]);
    ok(!timer[0].armed, "disarmed twice is disarmed");
    return done_testing();
}
