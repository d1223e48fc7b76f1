/* race.c - sockets that are being connected at the same time, staggered. */

#include "net/race.h"

#include <errno.h>

#include "net/sock.h"

static struct runner *runner_of(struct list *link)
{
    return LIST_ENTRY(link, struct runner, link);
}

static void stop_runner(struct runner *runner, enum runner_state state)
{
    if (runner->state == RUNNER_RUNS)
        runner->race->running--;
    opening_stop(&runner->opening);
    runner->state = state;
}

/* Nobody waits after a failure (RFC 8305 section 5). */
static void fail_runner(struct runner *runner, int error)
{
    stop_runner(runner, RUNNER_FAILED);
    runner->error = error;
    runner->race->next_at = 0;
}

static void on_opened(struct opening *opening, int error)
{
    struct runner *runner = LIST_ENTRY(opening, struct runner, opening);
    struct race *race = runner->race;

    if (error) {
        fail_runner(runner, error);
    } else {
        runner->state = RUNNER_ARRIVED;
        race->running--;
    }
    race->wanted.done(race->wanted.userdata, runner);
}

void race_init(struct race *race, struct env *env, struct poll *poll,
               const struct race_wanted *wanted)
{
    *race = (struct race){.env = env, .poll = poll, .wanted = *wanted};
    list_init(&race->runners);
}

struct runner *race_add(struct race *race, const struct candidate *to)
{
    struct runner *runner = env_zalloc(race->env, sizeof(*runner));

    if (!runner)
        return NULL;
    runner->race = race;
    runner->to = *to;
    opening_init(&runner->opening, race->poll, on_opened);
    list_append(&race->runners, &runner->link);
    return runner;
}

uint64_t race_next_start(const struct race *race)
{
    uint64_t now = poll_now(race->poll), soonest = TIME_NEVER;
    unsigned young = 0;

    for (struct list *l = race->runners.next; l != &race->runners;
         l = l->next) {
        const struct runner *runner = runner_of(l);

        if (runner->state != RUNNER_RUNS || now - runner->begun_at >= RACE_OLD)
            continue;
        young++;
        soonest = time_first(soonest, runner->begun_at + RACE_OLD);
    }
    return young < RACE_MOST || soonest < race->next_at ? race->next_at
                                                        : soonest;
}

bool race_may_start(const struct race *race)
{
    return poll_now(race->poll) >= race_next_start(race);
}

struct runner *race_waiting(const struct race *race)
{
    for (struct list *l = race->runners.next; l != &race->runners; l = l->next)
        if (runner_of(l)->state == RUNNER_WAITS)
            return runner_of(l);
    return NULL;
}

/* The application may set up the socket: 0, ECANCELED if it does not want this
 * one, or RACE_GONE. */
static int prepare_runner(struct race *race, int fd)
{
    bool gone = false;
    int rc;

    if (!race->wanted.prepare)
        return 0;
    race->gone = &gone;
    rc = race->wanted.prepare(race->wanted.prepare_userdata, fd);
    if (gone)
        return RACE_GONE;
    race->gone = NULL;
    return rc ? ECANCELED : 0;
}

/* 0, or the errno of why not. */
static int bind_runner(const struct race *race, const struct runner *runner,
                       int fd)
{
    for (size_t i = 0; i < race->wanted.sources_n; i++)
        if (race->wanted.sources[i].family == runner->to.address.family)
            return sock_bind(fd, &race->wanted.sources[i]) ? errno : 0;
    return race->wanted.sources_n ? EAFNOSUPPORT : 0;
}

static int open_runner(struct race *race, struct runner *runner)
{
    int fd = opening_socket(&runner->opening, runner->to.address.family), rc;

    if (fd < 0)
        return errno;
    rc = bind_runner(race, runner, fd);
    if (rc == 0)
        rc = prepare_runner(race, fd);
    return rc ? rc
              : opening_start(&runner->opening, &runner->to.address,
                              runner->to.port, race->wanted.timeout);
}

int race_run(struct race *race, struct runner *runner)
{
    int rc;

    runner->state = RUNNER_RUNS;
    runner->begun_at = poll_now(race->poll);
    race->running++;
    race->next_at = poll_now(race->poll) + RACE_STAGGER;
    rc = open_runner(race, runner);
    if (rc && rc != RACE_GONE)
        fail_runner(runner, rc);
    return rc;
}

int race_take(struct race *race, struct runner *runner)
{
    int fd = opening_take(&runner->opening);

    for (struct list *l = race->runners.next; l != &race->runners; l = l->next)
        if (runner_of(l)->state == RUNNER_RUNS)
            stop_runner(runner_of(l), RUNNER_WAITS);
    race->next_at = 0;
    return fd;
}

void race_clear(struct race *race)
{
    if (race->gone)
        *race->gone = true;
    race->gone = NULL;
    while (!list_is_empty(&race->runners)) {
        struct runner *runner = runner_of(race->runners.next);

        list_remove(&runner->link);
        stop_runner(runner, RUNNER_WAITS);
        env_free(race->env, runner);
    }
    race->running = 0;
    race->next_at = 0;
}
