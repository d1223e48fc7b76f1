/* poll.c - the only place that waits, and the only one that reads a clock. */

#include "net/poll.h"

#include <errno.h>
#include <poll.h>
#include <time.h>
#include <unistd.h>

#include "net/descriptors.h"

#define BATCH 64

/* A turn that took longer is followed by smaller ones: thousands of connections
 * that log in at the same time must not make a program wait that has other work
 * between two turns. */
#define TURN_TIME 8  /* milliseconds */
#define TURN_LEAST 4 /* of each kind, whatever they take */

/* Events that were fetched and are being delivered. Batches of nested turns
 * form a stack, so that a watch that ends can be struck out of all. */
struct batch {
    struct batch *outer;
    int n, next;
    struct ready ready[BATCH];
};

/* A program that watches the one descriptor is woken by time and by other
 * threads, too. Our own waits end by their timeout, so the clock of the
 * descriptor is set only after poll_fd() has given it to somebody: most
 * programs never pay for it. */
struct poll {
    struct env *env;
    struct descriptors *descriptors;
    int wake[2];
    bool is_watched;   /* by a loop other than ours */
    uint64_t armed_at; /* what the clock of the descriptor is set to */
    bool is_virtual;   /* the time is `stands_at`, and moves on request */
    uint64_t stands_at;
    struct watch woken; /* by `wake` */
    struct timers timers;
    struct list again; /* alarms; and marks of walks, see list.h */
    size_t agains;     /* alarms in it */
    struct batch *batch;
    bool was_quiet; /* the last wait fetched no event */
    int most;       /* events of one turn, from TURN_LEAST to BATCH */
};

uint64_t poll_now(const struct poll *poll)
{
    struct timespec t;

    if (poll->is_virtual)
        return poll->stands_at;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

uint64_t poll_micros(void)
{
    struct timespec t;

    clock_gettime(CLOCK_REALTIME, &t);
    if (t.tv_sec < 0)
        return 0;
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

uint64_t poll_seconds(void)
{
    return poll_micros() / 1000000;
}

void poll_stop_clock(struct poll *poll, uint64_t now)
{
    poll->is_virtual = true;
    poll->stands_at = now;
}

void poll_move_clock(struct poll *poll, uint64_t ms)
{
    poll->stands_at += ms;
}

/* ---- life -------------------------------------------------------- */

/* One read takes all wake-ups there were, or so many that the next turn comes
 * at once. */
static void on_woken(struct watch *watch, unsigned events)
{
    char bytes[512];
    ssize_t n = read(watch->fd, bytes, sizeof(bytes));

    (void)n; /* nothing is left to be read if it fails */
    (void)events;
}

struct poll *poll_new(struct env *env)
{
    struct poll *poll = env_zalloc(env, sizeof(*poll));

    if (!poll)
        return NULL;
    poll->env = env;
    list_init(&poll->again);
    poll->armed_at = TIME_NEVER;
    poll->most = BATCH;
    poll->wake[0] = poll->wake[1] = -1;
    poll->descriptors = descriptors_new(env);
    if (poll->descriptors && descriptors_make_wake(poll->wake)) {
        poll->woken = (struct watch){.fd = poll->wake[0], .ready = on_woken};
        if (poll_watch(poll, &poll->woken, POLL_READ) == 0)
            return poll;
    }
    poll_free(poll);
    return NULL;
}

void poll_free(struct poll *poll)
{
    if (!poll)
        return;
    if (poll->wake[1] != poll->wake[0])
        close(poll->wake[1]);
    if (poll->wake[0] >= 0)
        close(poll->wake[0]);
    descriptors_free(poll->descriptors);
    env_free(poll->env, poll);
}

/* ---- watches ----------------------------------------------------- */

/* Strike out what is known but not delivered. */
static void forget_events(struct poll *poll, const struct watch *watch)
{
    for (struct batch *b = poll->batch; b; b = b->outer)
        for (int i = b->next; i < b->n; i++)
            if (b->ready[i].watch == watch)
                b->ready[i].events = 0;
}

int poll_watch(struct poll *poll, struct watch *watch, unsigned events)
{
    int rc;

    if (!events && !watch->events)
        return 0;
    rc = descriptors_watch(poll->descriptors, watch, events);
    /* what it was watched for before is still in force then */
    if (rc && watch->events)
        descriptors_watch(poll->descriptors, watch, 0);
    if (rc || !events)
        forget_events(poll, watch);
    watch->events = rc ? 0 : events;
    return rc;
}

/* ---- alarms ------------------------------------------------------ */

/* Is the descriptor ready early enough for that? Deadlines move ahead with
 * every byte that arrives: to be woken once for nothing is cheaper than to
 * follow each of them by a system call. */
static bool is_armed_for(const struct poll *poll, uint64_t when)
{
    return when == poll->armed_at ||
           (when > poll->armed_at && poll->armed_at > poll_now(poll));
}

/* The clock of the descriptor follows the earliest timer. */
static void arm_descriptor(struct poll *poll)
{
    uint64_t when = timers_next(&poll->timers);

    if (poll->agains)
        when = 1; /* long past */
    if (!poll->is_watched || poll->is_virtual || is_armed_for(poll, when))
        return;
    poll->armed_at = when;
    descriptors_set_clock(poll->descriptors, when);
}

void alarm_init(struct alarm *alarm, void (*fire)(struct alarm *, uint64_t))
{
    *alarm = (struct alarm){.fire = fire};
    list_init(&alarm->again);
}

void poll_set_alarm(struct poll *poll, struct alarm *alarm, uint64_t when)
{
    timers_set(&poll->timers, &alarm->timer, when);
    arm_descriptor(poll);
}

static void want_turn(struct poll *poll, struct alarm *alarm)
{
    if (list_is_linked(&alarm->again))
        return;
    list_append(&poll->again, &alarm->again);
    poll->agains++;
}

static void take_turn(struct poll *poll, struct alarm *alarm)
{
    if (!list_is_linked(&alarm->again))
        return;
    list_remove(&alarm->again);
    poll->agains--;
}

void poll_clear_alarm(struct poll *poll, struct alarm *alarm)
{
    timers_clear(&poll->timers, &alarm->timer);
    take_turn(poll, alarm);
    arm_descriptor(poll);
}

void poll_served(struct poll *poll, struct alarm *alarm)
{
    take_turn(poll, alarm);
}

void poll_again(struct poll *poll, struct alarm *alarm)
{
    want_turn(poll, alarm);
    arm_descriptor(poll);
}

/* ---- waiting ----------------------------------------------------- */

int poll_fd(struct poll *poll)
{
    poll->is_watched = true;
    arm_descriptor(poll);
    return descriptors_fd(poll->descriptors);
}

int poll_fd_events(void)
{
    return POLLIN;
}

int poll_timeout(const struct poll *poll)
{
    uint64_t when = timers_next(&poll->timers), now;

    if (poll->agains)
        return 0;
    if (when == TIME_NEVER)
        return -1;
    now = poll_now(poll);
    if (when <= now)
        return 0;
    /* a day: an int holds the milliseconds of 24 */
    return when - now > 86400000 ? 86400000 : (int)(when - now);
}

/* ---- delivering -------------------------------------------------- */

/* Those that were linked when this walk began, or as many of them as there is
 * time for. What was linked since is for the next turn, so that each turn ends;
 * it stands behind what was left, so that all have their turn. */
static void call_again(struct poll *poll, struct list_walk *walk)
{
    struct list *l;
    uint64_t now = poll_now(poll);
    int called = 0;

    while ((l = list_walk_next(walk))) {
        struct alarm *alarm = LIST_ENTRY(l, struct alarm, again);

        take_turn(poll, alarm);
        alarm->fire(alarm, now);
        if (++called >= TURN_LEAST && poll_now(poll) - now >= TURN_TIME)
            break;
    }
}

/* All that are due are moved out before the first is called: an alarm that is
 * set for now while it fires then waits for the next turn. */
static void call_due(struct poll *poll)
{
    uint64_t now = poll_now(poll);
    struct timer *timer;

    while ((timer = timers_expired(&poll->timers, now)))
        want_turn(poll, LIST_ENTRY(timer, struct alarm, timer));
}

static void deliver(struct batch *batch)
{
    while (batch->next < batch->n) {
        struct ready ready = batch->ready[batch->next++];

        if (ready.watch && ready.events)
            ready.watch->ready(ready.watch, ready.events);
    }
}

/* A virtual clock moves instead of a wait, unless something is ready: so a
 * test meets each alarm at exactly its time, at once. */
static int wait_virtually(struct poll *poll, struct batch *batch, int timeout)
{
    int n = descriptors_wait(poll->descriptors, batch->ready, BATCH, 0);

    if (n == 0 && timeout > 0)
        poll->stands_at += (uint64_t)timeout;
    return n;
}

/* At most `timeout`, and no longer than until the next alarm. A signal ends a
 * wait. */
static int wait_for_events(struct poll *poll, struct batch *batch, int timeout)
{
    int most = timeout ? poll_timeout(poll) : 0, n;

    if (most >= 0 && (timeout < 0 || most < timeout))
        timeout = most;
    if (poll->is_virtual)
        return wait_virtually(poll, batch, timeout);
    /* a call that does not wait must not miss what is ready */
    do
        n = descriptors_wait(poll->descriptors, batch->ready, poll->most,
                             timeout);
    while (n < 0 && errno == EINTR && timeout == 0);
    return n;
}

/* The next turn fetches fewer events, or more. What it does not fetch stays
 * ready, and comes before what was fetched already (net/descriptors.h). */
static void adapt_turn(struct poll *poll, uint64_t took)
{
    if (took >= TURN_TIME && poll->most > TURN_LEAST)
        poll->most /= 2;
    else if (took < TURN_TIME / 2 && poll->most < BATCH)
        poll->most *= 2;
}

/* Alarms are called behind the events: input that came in time may still clear
 * the alarm that would give it up. Their walk begins in front of the events:
 * who is served for an event, and asks for another turn, has had this one. */
bool poll_turn(struct poll *poll, int timeout)
{
    struct batch batch = {.outer = poll->batch};
    struct list_walk walk;
    int most = poll->most;
    uint64_t began;

    batch.n = wait_for_events(poll, &batch, timeout);
    began = poll_now(poll);
    poll->was_quiet = batch.n <= 0;
    call_due(poll);
    list_walk_begin(&walk, &poll->again);
    poll->batch = &batch;
    deliver(&batch);
    poll->batch = batch.outer;
    adapt_turn(poll, poll_now(poll) - began);
    call_again(poll, &walk);
    list_walk_end(&walk);
    arm_descriptor(poll);
    return batch.n >= most || poll->agains;
}

bool poll_was_quiet(const struct poll *poll)
{
    return poll->was_quiet;
}

void poll_wake(struct poll *poll)
{
    uint64_t one = 1;
    int before = errno; /* which a signal handler must not change */
    ssize_t written = write(poll->wake[1], &one, sizeof(one));

    (void)written; /* what is full wakes anyway */
    errno = before;
}
