/* poll.c - the poll: watches, alarms, nested turns, wake-ups. */

#include <poll.h>
#include <pthread.h>
#include <unistd.h>

#include "failmem.h"
#include "net/poll.h"
#include "tap.h"

static struct poll *poll_set;

struct thing {
    struct watch watch;
    struct alarm alarm;
    struct thing *other;
    int calls;
};

static void on_ready(struct watch *w, unsigned events)
{
    struct thing *t = LIST_ENTRY(w, struct thing, watch);

    (void)events;
    t->calls++;
    if (t->other)
        poll_watch(poll_set, &t->other->watch, 0);
}

static void on_alarm(struct alarm *a, uint64_t now)
{
    struct thing *t = LIST_ENTRY(a, struct thing, alarm);

    t->calls++;
    if (t->calls < 5)
        poll_set_alarm(poll_set, a, now);
}

static void on_again(struct alarm *a, uint64_t now)
{
    struct thing *t = LIST_ENTRY(a, struct thing, alarm);

    (void)now;
    if (++t->calls == 1)
        poll_again(poll_set, a);
}

/* Who runs the loop inside of a call may wait there. */
static void on_quiet(struct alarm *a, uint64_t now)
{
    (void)now;
    LIST_ENTRY(a, struct thing, alarm)->calls++;
    is_int(poll_timeout(poll_set), -1, "in a call nothing else is to do");
    poll_turn(poll_set, 0);
}

static void on_nested(struct watch *w, unsigned events)
{
    struct thing *t = LIST_ENTRY(w, struct thing, watch);

    (void)events;
    if (++t->calls == 1)
        poll_turn(poll_set, 0);
    poll_watch(poll_set, w, 0);
}

static void make(struct thing *t, int fd,
                 void (*ready)(struct watch *, unsigned))
{
    *t = (struct thing){.watch = {.fd = fd, .ready = ready}};
}

static void watches(void)
{
    struct thing a, b;
    int p[2], q[2];

    if (pipe(p) || pipe(q) || write(p[1], "x", 1) != 1 ||
        write(q[1], "x", 1) != 1)
        bail("no pipes");
    make(&a, p[0], on_ready);
    make(&b, q[0], on_ready);
    a.other = &b;
    b.other = &a;
    is_int(poll_watch(poll_set, &a.watch, POLL_READ), 0, "watch");
    is_int(poll_watch(poll_set, &b.watch, POLL_READ), 0, "and another");
    poll_turn(poll_set, -1);
    is_int(a.calls + b.calls, 1, "who stops the other's watch is heard alone");
    poll_watch(poll_set, &a.watch, 0);
    poll_watch(poll_set, &b.watch, 0);
    make(&a, p[0], on_nested);
    poll_watch(poll_set, &a.watch, POLL_READ);
    poll_turn(poll_set, 0);
    is_int(a.calls, 2, "a turn inside a turn");
    poll_turn(poll_set, 0);
    is_int(a.calls, 2, "nothing is watched any more");
    for (int i = 0; i < 2; i++) {
        close(p[i]);
        close(q[i]);
    }
}

static void alarms(void)
{
    struct thing t = {.calls = 0}, u = {.calls = 0};

    is_int(poll_timeout(poll_set), -1, "nothing to wait for");
    alarm_init(&t.alarm, on_alarm);
    poll_set_alarm(poll_set, &t.alarm, poll_now(poll_set));
    is_int(poll_timeout(poll_set), 0, "something is due");
    poll_turn(poll_set, 0);
    is_int(t.calls, 1, "an alarm set again for now waits for the next turn");
    while (t.calls < 5)
        poll_turn(poll_set, -1);
    is_int(poll_timeout(poll_set), -1, "then it rests");
    alarm_init(&u.alarm, on_again);
    poll_again(poll_set, &u.alarm);
    poll_again(poll_set, &u.alarm);
    ok(poll_turn(poll_set, -1), "again comes at once and says: more");
    is_int(u.calls, 1, "once per turn");
    poll_turn(poll_set, 0);
    is_int(u.calls, 2, "and once more");
    alarm_init(&t.alarm, on_quiet);
    poll_again(poll_set, &t.alarm);
    poll_turn(poll_set, 0);
    is_int(t.calls, 6, "a call that runs the loop is called once");
    poll_set_alarm(poll_set, &u.alarm, poll_now(poll_set) + 5);
    poll_turn(poll_set, -1);
    is_int(u.calls, 3, "a wait ends by an alarm");
    poll_set_alarm(poll_set, &u.alarm, poll_now(poll_set) + 5);
    poll_clear_alarm(poll_set, &u.alarm);
    poll_turn(poll_set, 10);
    is_int(u.calls, 3, "a cleared alarm is quiet");
}

/* ---- a loop that is not ours ------------------------------------- */

/* Wait as it would; is the descriptor readable then? */
static bool is_ready(int timeout)
{
    struct pollfd p = {.fd = poll_fd(poll_set),
                       .events = (short)poll_fd_events()};

    return poll(&p, 1, timeout) > 0;
}

static void watched(void)
{
    struct thing t = {.calls = 4}, u = {.calls = 0};

    if (poll_fd(poll_set) < 0) {
        skip("there is no descriptor for other loops (--disable-epoll)");
        return;
    }
    ok(!is_ready(0), "watched: nothing is to do");
    alarm_init(&t.alarm, on_alarm);
    alarm_init(&u.alarm, on_again);
    poll_set_alarm(poll_set, &t.alarm, poll_now(poll_set) + 5);
    ok(is_ready(-1), "an alarm makes the descriptor readable");
    poll_turn(poll_set, 0);
    is_int(t.calls, 5, "and is called");
    ok(!is_ready(0), "then it is quiet");
    poll_again(poll_set, &u.alarm);
    ok(is_ready(-1), "so does a wish for another turn");
    poll_turn(poll_set, 0);
    ok(is_ready(-1), "and for one more");
    poll_turn(poll_set, 0);
    is_int(u.calls, 2, "each has its turn");
    ok(!is_ready(0), "then it is quiet again");
    poll_set_alarm(poll_set, &t.alarm, poll_now(poll_set) + 3600000);
    poll_set_alarm(poll_set, &u.alarm, poll_now(poll_set) + 5);
    ok(is_ready(-1), "an earlier alarm is heard in its time");
    poll_turn(poll_set, 0);
    is_int(u.calls, 3, "and is called");
    ok(!is_ready(0), "the later one is not due");
    poll_set_alarm(poll_set, &t.alarm, poll_now(poll_set) + 7200000);
    poll_clear_alarm(poll_set, &t.alarm);
    ok(!is_ready(0), "nor when it was moved and cleared");
}

/* ---- many -------------------------------------------------------- */

#define MANY 200

static void on_one(struct watch *w, unsigned events)
{
    struct thing *t = LIST_ENTRY(w, struct thing, watch);

    (void)events;
    t->calls++;
}

static int called(const struct thing *things)
{
    int n = 0;

    for (int i = 0; i < MANY; i++)
        n += things[i].calls > 0;
    return n;
}

/* All are always ready, and more than one turn can serve. */
static void many(void)
{
    static struct thing things[MANY];
    int p[2], turns = 0;

    if (pipe(p) || write(p[1], "x", 1) != 1)
        bail("no pipe");
    for (int i = 0; i < MANY; i++) {
        make(&things[i], dup(p[0]), on_one);
        poll_watch(poll_set, &things[i].watch, POLL_READ);
    }
    while (called(things) < MANY && turns++ < MANY)
        poll_turn(poll_set, -1);
    is_int(called(things), MANY, "each of many has its turn");
    for (int i = 0; i < MANY; i += 2)
        poll_watch(poll_set, &things[i].watch, 0);
    for (int i = 0; i < MANY; i++)
        things[i].calls = 0;
    for (turns = 0; turns < 10; turns++)
        poll_turn(poll_set, -1);
    is_int(called(things), MANY / 2, "and half of them when half are left");
    for (int i = 0; i < MANY; i++) {
        poll_watch(poll_set, &things[i].watch, 0);
        close(things[i].watch.fd);
    }
    close(p[0]);
    close(p[1]);
}

/* ---- a virtual clock --------------------------------------------- */

static void on_time(struct alarm *a, uint64_t now)
{
    struct thing *t = LIST_ENTRY(a, struct thing, alarm);

    t->calls++;
    is_int((long)now, 3600000 + 1000, "called at its very time");
}

/* An hour passes in no time. */
static void virtually(struct env *env)
{
    struct poll *other = poll_new(env);
    struct thing t = {.calls = 0};

    poll_stop_clock(other, 1000);
    is_int((long)poll_now(other), 1000, "the clock stands");
    alarm_init(&t.alarm, on_time);
    poll_set_alarm(other, &t.alarm, 1000 + 3600000);
    poll_turn(other, 60000);
    is_int((long)poll_now(other), 61000, "what would be waited for is skipped");
    poll_turn(other, 0);
    is_int((long)poll_now(other), 61000, "but not by who does not wait");
    poll_move_clock(other, 1000);
    is_int((long)poll_now(other), 62000, "it is moved");
    poll_wake(other);
    poll_turn(other, 60000);
    is_int((long)poll_now(other), 62000, "nor when something was ready");
    poll_turn(other, -1);
    is_int(t.calls, 1, "an alarm ends a wait for ever");
    poll_turn(other, -1);
    is_int(t.calls, 1, "without one it ends at once");
    poll_free(other);
}

static void *wake(void *arg)
{
    (void)arg;
    poll_wake(poll_set);
    return NULL;
}

static void woken(const char *how)
{
    pthread_t thread;

    pthread_create(&thread, NULL, wake, NULL);
    poll_turn(poll_set, -1);
    ok(true, "another thread ends a wait, %s", how);
    pthread_join(thread, NULL);
    poll_wake(poll_set);
    poll_wake(poll_set);
    ok(poll_fd(poll_set) < 0 || is_ready(-1), "a wake-up is seen from outside");
    poll_turn(poll_set, 0);
    ok(!is_ready(0), "once");
}

int main(void)
{
    struct failmem memory;
    struct env env;

    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    poll_set = poll_new(&env);
    watches();
    alarms();
    woken("in our loop");
    watched();
    watches();
    alarms();
    woken("in another");
    many();
    poll_free(poll_set);
    virtually(&env);
    is_int(memory.held, 0, "no memory is left");
    return done_testing();
}
