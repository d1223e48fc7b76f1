/* turns.c - how much work one turn of the loop does, by a clock that only work
 * moves. */

#include <errno.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include <xmpp/error.h>

#include "failmem.h"
#include "net/poll.h"
#include "tap.h"

#define MANY 200
#define COST 3 /* milliseconds of each call */
#define MOST                                                                   \
    8 /* calls of one turn: as many as the loop has time for, or more */

int __wrap_clock_gettime(clockid_t id, struct timespec *t);

static uint64_t ms = 1000;

int __wrap_clock_gettime(clockid_t id, struct timespec *t)
{
    (void)id;
    *t = (struct timespec){.tv_sec = (time_t)(ms / 1000),
                           .tv_nsec = (long)(ms % 1000) * 1000000};
    return 0;
}

/* The system has no memory for a change, unless it frees some. */
static bool is_full;

int __real_epoll_ctl(int set, int op, int fd, struct epoll_event *event);
int __wrap_epoll_ctl(int set, int op, int fd, struct epoll_event *event);

int __wrap_epoll_ctl(int set, int op, int fd, struct epoll_event *event)
{
    if (!is_full || op == EPOLL_CTL_DEL)
        return __real_epoll_ctl(set, op, fd, event);
    errno = ENOMEM;
    return -1;
}

static struct thing {
    struct watch watch;
    struct alarm alarm;
    int calls;
} things[MANY];

static struct poll *poll_set;
static int in_turn, cost;

static void work(struct thing *t)
{
    t->calls++;
    in_turn++;
    ms += (uint64_t)cost;
}

static void on_ready(struct watch *w, unsigned events)
{
    (void)events;
    work(LIST_ENTRY(w, struct thing, watch));
}

static void on_again(struct alarm *alarm, uint64_t now)
{
    struct thing *t = LIST_ENTRY(alarm, struct thing, alarm);

    (void)now;
    work(t);
    poll_again(poll_set, alarm);
}

/* The most calls of one turn, when the loop has seen what they cost. */
static int most_of(int turns)
{
    int most = 0;

    for (int i = 0; i < turns; i++) {
        in_turn = 0;
        poll_turn(poll_set, 0);
        if (i >= 10 && in_turn > most)
            most = in_turn;
    }
    return most;
}

/* How much more often than another was one called? */
static int unfairness(void)
{
    int least = things[0].calls, most = least;

    for (int i = 0; i < MANY; i++) {
        least = things[i].calls < least ? things[i].calls : least;
        most = things[i].calls > most ? things[i].calls : most;
        things[i].calls = 0;
    }
    return most - least;
}

static void alarms(void)
{
    for (int i = 0; i < MANY; i++) {
        alarm_init(&things[i].alarm, on_again);
        poll_again(poll_set, &things[i].alarm);
    }
    cost = COST;
    ok(most_of(300) <= MOST, "a turn is short, however many alarms are due");
    ok(unfairness() <= 1, "all of them have their turn");
    cost = 0;
    is_int(most_of(20), MANY, "what costs nothing has it at once");
    for (int i = 0; i < MANY; i++)
        poll_clear_alarm(poll_set, &things[i].alarm);
    unfairness();
}

static void events(void)
{
    int p[2];

    if (pipe(p) || write(p[1], "x", 1) != 1)
        bail("no pipe");
    for (int i = 0; i < MANY; i++) {
        things[i].watch = (struct watch){.fd = dup(p[0]), .ready = on_ready};
        poll_watch(poll_set, &things[i].watch, POLL_READ);
    }
    cost = COST;
    ok(most_of(300) <= MOST, "a turn is short, however many events came");
    ok(unfairness() <= 2, "all of them have their turn");
    cost = 0;
    ok(most_of(20) > MOST, "and long again when they cost nothing");
    for (int i = 0; i < MANY; i++) {
        poll_watch(poll_set, &things[i].watch, 0);
        close(things[i].watch.fd);
    }
    close(p[0]);
    close(p[1]);
}

/* Whichever of two comes first fails to change the other. */
static struct watch pair[2];
static int pair_calls, pair_rc;

static void on_pair(struct watch *w, unsigned events)
{
    struct watch *other = &pair[w == &pair[0]];

    (void)events;
    pair_calls++;
    is_full = true;
    pair_rc = poll_watch(poll_set, other, POLL_READ | POLL_WRITE);
    is_full = false;
}

static void no_memory(void)
{
    int p[2];

    if (pipe(p) || write(p[1], "x", 1) != 1)
        bail("no pipe");
    for (int i = 0; i < 2; i++) {
        pair[i] = (struct watch){.fd = dup(p[0]), .ready = on_pair};
        poll_watch(poll_set, &pair[i], POLL_READ);
    }
    poll_turn(poll_set, 0);
    if (pair_rc == 0) {
        skip("there is no epoll");
    } else {
        is_int(pair_rc, XMPP_EMEM, "a watch cannot be changed");
        is_int(pair_calls, 1, "then what came for it is forgotten");
        is_int((int)(pair[0].events + pair[1].events), POLL_READ,
               "and it is not watched");
        poll_turn(poll_set, 0);
        is_int(pair_calls, 2, "the other one is");
    }
    for (int i = 0; i < 2; i++) {
        poll_watch(poll_set, &pair[i], 0);
        close(pair[i].fd);
    }
    close(p[0]);
    close(p[1]);
}

int main(void)
{
    struct failmem memory;
    struct env env;

    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    poll_set = poll_new(&env);
    alarms();
    events();
    no_memory();
    poll_free(poll_set);
    is_int(memory.held, 0, "no memory is left");
    return done_testing();
}
