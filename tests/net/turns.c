/* turns.c - how much work one turn of the loop does, by a clock that only work
 * moves. */

#include <time.h>
#include <unistd.h>

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

int main(void)
{
    struct failmem memory;
    struct env env;

    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    poll_set = poll_new(&env);
    alarms();
    events();
    poll_free(poll_set);
    is_int(memory.held, 0, "no memory is left");
    return done_testing();
}
