/* poll.c - the only place that waits: one epoll descriptor for everything. */

#include "net/poll.h"

#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#include <xmpp/error.h>

#define BATCH 64

/* Events that were fetched and are being delivered. Batches of nested turns
 * form a stack, so that a watch that ends can be struck out of all. */
struct batch {
    struct batch *outer;
    int n, next;
    struct epoll_event events[BATCH];
};

/* A timerfd and an eventfd are members of the epoll set, so that a program
 * which watches the one descriptor is woken by time and by other threads, too.
 * Our own waits end by their timeout, so the timerfd is armed only after
 * poll_fd() has given the descriptor to somebody: most programs never pay for
 * it. */
struct poll {
    struct env *env;
    int epoll, wake, timerfd;
    bool is_watched;   /* by a loop other than ours */
    uint64_t armed_at; /* what the timerfd is armed for */
    bool is_virtual;   /* the time is `stands_at`, and moves on request */
    uint64_t stands_at;
    struct watch woken; /* by the eventfd */
    struct timers timers;
    struct list again; /* alarms; and marks of walks, see list.h */
    size_t agains;     /* alarms in it */
    struct batch *batch;
    bool was_quiet; /* the last wait fetched no event */
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

static bool add_descriptor(struct poll *poll, int fd, struct watch *watch)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = watch};

    return epoll_ctl(poll->epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

/* One read takes all wake-ups there were. */
static void on_woken(struct watch *watch, unsigned events)
{
    uint64_t count;
    ssize_t n = read(watch->fd, &count, sizeof(count));

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
    poll->epoll = epoll_create1(EPOLL_CLOEXEC);
    poll->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    poll->timerfd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    poll->woken = (struct watch){.fd = poll->wake, .ready = on_woken};
    if (poll->epoll < 0 || poll->wake < 0 || poll->timerfd < 0 ||
        !add_descriptor(poll, poll->wake, &poll->woken) ||
        !add_descriptor(poll, poll->timerfd, NULL)) {
        poll_free(poll);
        return NULL;
    }
    return poll;
}

static void close_if_open(int fd)
{
    if (fd >= 0)
        close(fd);
}

void poll_free(struct poll *poll)
{
    if (!poll)
        return;
    close_if_open(poll->timerfd);
    close_if_open(poll->wake);
    close_if_open(poll->epoll);
    env_free(poll->env, poll);
}

/* ---- watches ----------------------------------------------------- */

/* Strike out what is known but not delivered. */
static void forget_events(struct poll *poll, const struct watch *watch)
{
    for (struct batch *b = poll->batch; b; b = b->outer)
        for (int i = b->next; i < b->n; i++)
            if (b->events[i].data.ptr == watch)
                b->events[i].events = 0;
}

static uint32_t to_epoll(unsigned events)
{
    return (events & POLL_READ ? (uint32_t)EPOLLIN : 0) |
           (events & POLL_WRITE ? (uint32_t)EPOLLOUT : 0);
}

static unsigned from_epoll(uint32_t events)
{
    return (events & EPOLLIN ? (unsigned)POLL_READ : 0) |
           (events & EPOLLOUT ? (unsigned)POLL_WRITE : 0) |
           (events & (EPOLLERR | EPOLLHUP) ? (unsigned)POLL_GONE : 0);
}

int poll_watch(struct poll *poll, struct watch *watch, unsigned events)
{
    struct epoll_event event = {.events = to_epoll(events), .data.ptr = watch};
    int op = !events          ? EPOLL_CTL_DEL
             : !watch->events ? EPOLL_CTL_ADD
                              : EPOLL_CTL_MOD;

    if (!events && !watch->events)
        return 0;
    if (!events)
        forget_events(poll, watch);
    watch->events = events;
    /* a descriptor that was closed has left the set by itself */
    if (epoll_ctl(poll->epoll, op, watch->fd, &event) == 0 || !events)
        return 0;
    watch->events = 0;
    return errno == ENOMEM || errno == ENOSPC ? XMPP_EMEM : XMPP_EINT;
}

/* ---- alarms ------------------------------------------------------ */

/* Does the timerfd expire early enough for that? Deadlines move ahead with
 * every byte that arrives: to be woken once for nothing is cheaper than to
 * follow each of them by a system call. */
static bool is_armed_for(const struct poll *poll, uint64_t when)
{
    return when == poll->armed_at ||
           (when > poll->armed_at && poll->armed_at > poll_now(poll));
}

/* The timerfd follows the earliest timer. Arming it anew also makes it
 * unreadable after it expired, so it is never read. */
static void arm_timerfd(struct poll *poll)
{
    uint64_t when = timers_next(&poll->timers);
    struct itimerspec spec = {0};

    if (poll->agains)
        when = 1; /* long past */
    if (!poll->is_watched || poll->is_virtual || is_armed_for(poll, when))
        return;
    poll->armed_at = when;
    if (when != TIME_NEVER) {
        spec.it_value.tv_sec = (time_t)(when / 1000);
        spec.it_value.tv_nsec = (long)(when % 1000) * 1000000;
        if (when == 0)
            spec.it_value.tv_nsec = 1; /* all zero would disarm */
    }
    timerfd_settime(poll->timerfd, TFD_TIMER_ABSTIME, &spec, NULL);
}

void alarm_init(struct alarm *alarm, void (*fire)(struct alarm *, uint64_t))
{
    *alarm = (struct alarm){.fire = fire};
    list_init(&alarm->again);
}

void poll_set_alarm(struct poll *poll, struct alarm *alarm, uint64_t when)
{
    timers_set(&poll->timers, &alarm->timer, when);
    arm_timerfd(poll);
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
    arm_timerfd(poll);
}

void poll_again(struct poll *poll, struct alarm *alarm)
{
    want_turn(poll, alarm);
    arm_timerfd(poll);
}

/* ---- waiting ----------------------------------------------------- */

int poll_fd(struct poll *poll)
{
    poll->is_watched = true;
    arm_timerfd(poll);
    return poll->epoll;
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

/* Those that were linked before this walk began. What is linked in it is for
 * the next turn, so that each turn ends. */
static void call_again(struct poll *poll)
{
    struct list_walk walk;
    struct list *l;
    uint64_t now = poll_now(poll);

    list_walk_begin(&walk, &poll->again);
    while ((l = list_walk_next(&walk))) {
        struct alarm *alarm = LIST_ENTRY(l, struct alarm, again);

        take_turn(poll, alarm);
        alarm->fire(alarm, now);
    }
    list_walk_end(&walk);
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
        struct epoll_event *e = &batch->events[batch->next++];
        struct watch *watch = e->data.ptr;

        if (watch && e->events)
            watch->ready(watch, from_epoll(e->events));
    }
}

/* A virtual clock moves instead of a wait, unless something is ready: so a
 * test meets each alarm at exactly its time, at once. */
static int wait_virtually(struct poll *poll, struct batch *batch, int timeout)
{
    int n = epoll_wait(poll->epoll, batch->events, BATCH, 0);

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
        n = epoll_wait(poll->epoll, batch->events, BATCH, timeout);
    while (n < 0 && errno == EINTR && timeout == 0);
    return n;
}

/* Alarms are called behind the events: input that came in time may still clear
 * the alarm that would give it up. */
bool poll_turn(struct poll *poll, int timeout)
{
    struct batch batch = {.outer = poll->batch};

    batch.n = wait_for_events(poll, &batch, timeout);
    poll->was_quiet = batch.n <= 0;
    call_due(poll);
    poll->batch = &batch;
    deliver(&batch);
    poll->batch = batch.outer;
    call_again(poll);
    arm_timerfd(poll);
    return batch.n == BATCH || poll->agains;
}

bool poll_was_quiet(const struct poll *poll)
{
    return poll->was_quiet;
}

void poll_wake(struct poll *poll)
{
    uint64_t one = 1;
    int before = errno; /* which a signal handler must not change */
    ssize_t written = write(poll->wake, &one, sizeof(one));

    (void)written; /* a full counter wakes anyway */
    errno = before;
}
