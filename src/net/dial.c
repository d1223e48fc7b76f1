/* dial.c - from a name to the target that was reached: the targets of a domain,
 * their addresses, and a race between these. */

#include "net/dial.h"

#include <errno.h>
#include <string.h>

#include "net/memory.h"
#include "net/misses.h"
#include "net/race.h"
#include "net/targets.h"

#define FAMILIES 2
/* Milliseconds that a target whose name has no answer yet holds up the next one
 * (XEP-0495 section 4.2). */
#define DELAY 50

/* The addresses of the domain itself are looked up at the same time as its SRV
 * records, so that a domain without them costs no round trip more. Until that
 * is known, the dial is `held`.
 * After a target was delivered the dial rests, and what was looked up stays,
 * until it has to go on with the others.
 * Invariant: `done` is called once, or dial_free() before that. */
struct dial {
    struct env *env;
    struct poll *poll;
    struct fault *fault;
    dial_done done;
    void *userdata;
    struct memory_host *memory; /* dialled instead of the network, or NULL */
    size_t most;                /* addresses that are tried */
    char *servers, *overrides;  /* owned, or NULL */

    struct srv_record home; /* the host, or the domain itself */
    struct targets targets;
    size_t adopted; /* so many of their list are candidates */
    struct candidates candidates;
    struct race race;
    bool held;             /* the domain itself is not tried yet */
    bool over;             /* `done` was called: it rests */
    uint64_t hungry_since; /* for an address, or TIME_NEVER */
    struct alarm step;     /* the first turn; then, when one more may start */

    unsigned tried; /* addresses of all targets: they have one limit, as each
                     * has a deadline */
    unsigned arrived, most_arrived; /* targets that were delivered */
    struct misses misses;
};

/* What came of trying to start one more. */
enum progress { STARTED, NONE_YET, NONE_LEFT, GONE };

/* ---- the end ----------------------------------------------------- */

/* What has been begun ends first: `done` may free the dial, or keep it. */
static void stop_dial(struct dial *dial)
{
    dial->over = true;
    targets_stop(&dial->targets);
    poll_clear_alarm(dial->poll, &dial->step);
}

static enum progress end_in_vain(struct dial *dial)
{
    stop_dial(dial);
    race_clear(&dial->race);
    candidates_clear(&dial->candidates);
    dial->done(dial->userdata, NULL);
    return GONE;
}

static enum progress end_with_fault(struct dial *dial)
{
    if (!dial->misses.reason)
        dial->misses.reason = targets_reason(&dial->targets);
    misses_set_fault(&dial->misses, dial->home.target, dial->tried,
                     dial->fault);
    return end_in_vain(dial);
}

static enum progress lack_memory(struct dial *dial)
{
    fault_set(dial->fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
    return end_in_vain(dial);
}

/* By a socket or, where there is none, in memory. */
static void deliver_target(struct dial *dial, const struct candidate *at,
                           int fd, struct memory *memory)
{
    struct target target;

    stop_dial(dial);
    dial->arrived++;
    misses_name(&dial->misses, at, &target);
    target.fd = fd;
    target.memory = memory;
    dial->done(dial->userdata, &target);
}

/* ---- one address ------------------------------------------------- */

static enum progress start_in_memory(struct dial *dial, struct runner *runner)
{
    const struct candidate *to = &runner->to;
    struct memory *memory =
        dial->memory->accept(dial->memory, to->target->target, to->port);

    runner->state = memory ? RUNNER_ARRIVED : RUNNER_FAILED;
    if (!memory) {
        misses_add_refused(&dial->misses, to, ECONNREFUSED);
        return STARTED;
    }
    deliver_target(dial, to, -1, memory);
    return GONE;
}

static enum progress start_runner(struct dial *dial, struct runner *runner)
{
    int error;

    if (dial->memory)
        return start_in_memory(dial, runner);
    error = race_run(&dial->race, runner);
    if (error == RACE_GONE)
        return GONE;
    if (error)
        misses_add_refused(&dial->misses, &runner->to, error);
    return STARTED;
}

/* In memory a target is its own address. */
static enum candidates_next find_candidate(struct dial *dial,
                                           struct candidate *ret)
{
    uint64_t now = poll_now(dial->poll);
    bool is_hungry =
        dial->hungry_since <= now && now - dial->hungry_since >= DELAY;

    if (dial->tried >= dial->most)
        return CANDIDATES_END;
    return candidates_next(&dial->candidates, is_hungry, ret);
}

static enum progress start_one(struct dial *dial)
{
    struct candidate to;
    struct runner *runner;

    switch (find_candidate(dial, &to)) {
    case CANDIDATES_LOST:
        dial->misses.lacks_memory |= dial->candidates.lacks_memory;
        misses_add_lost(&dial->misses, &to, dial->candidates.reason);
        return STARTED; /* with the next target */
    case CANDIDATES_LATER:
        return NONE_YET;
    case CANDIDATES_END:
        runner = race_waiting(&dial->race);
        return runner ? start_runner(dial, runner) : NONE_LEFT;
    default:
        dial->tried++;
        dial->hungry_since = TIME_NEVER;
        runner = race_add(&dial->race, &to);
        return runner ? start_runner(dial, runner) : lack_memory(dial);
    }
}

/* When may be looked for one more? While there is none yet, something else
 * calls: only the delay of the first name has to be noticed. */
static void set_step(struct dial *dial, enum progress progress)
{
    uint64_t now = poll_now(dial->poll), when = TIME_NEVER;

    if (progress == NONE_YET && dial->hungry_since == TIME_NEVER)
        dial->hungry_since = now;
    if (progress == NONE_YET && now - dial->hungry_since < DELAY)
        when = dial->hungry_since + DELAY;
    else if (progress == STARTED)
        when = race_next_start(&dial->race);
    poll_set_alarm(dial->poll, &dial->step, when);
}

static void dial_go_on(struct dial *dial)
{
    enum progress progress = STARTED;

    if (dial->held || dial->over)
        return;
    while (progress == STARTED && race_may_start(&dial->race))
        progress = start_one(dial);
    if (progress == GONE)
        return;
    if (progress == NONE_LEFT && !dial->race.running &&
        !targets_are_open(&dial->targets))
        end_with_fault(dial);
    else
        set_step(dial, progress);
}

static void on_runner(void *userdata, struct runner *runner)
{
    struct dial *dial = userdata;

    if (runner->state == RUNNER_ARRIVED) {
        deliver_target(dial, &runner->to, race_take(&dial->race, runner), NULL);
        return;
    }
    misses_add_refused(&dial->misses, &runner->to, runner->error);
    dial_go_on(dial);
}

static void on_more(void *userdata)
{
    dial_go_on(userdata);
}

static void on_dial_step(struct alarm *alarm, uint64_t now)
{
    (void)now;
    dial_go_on(LIST_ENTRY(alarm, struct dial, step));
}

/* ---- targets ----------------------------------------------------- */

/* SRV records came late. Nothing is connected yet, so what was begun with the
 * domain's own addresses, for lack of an answer, gives way. */
static void drop_domain(struct dial *dial)
{
    race_clear(&dial->race);
    candidates_clear(&dial->candidates);
    dial->misses.refused = 0; /* `last` points to one of them */
    dial->hungry_since = TIME_NEVER;
    dial->tried = 0;
}

static void adopt_targets(struct dial *dial)
{
    const struct targets *t = &dial->targets;

    for (; dial->adopted < t->count; dial->adopted++)
        if (candidates_add(&dial->candidates, &t->list[dial->adopted])) {
            lack_memory(dial);
            return;
        }
    dial_go_on(dial);
}

static void declined(struct dial *dial)
{
    fault_set(dial->fault, XMPP_LAYER_DNS, XMPP_ENOSERVICE,
              "the SRV record of %s declines it", dial->home.target);
    end_in_vain(dial);
}

static void unanswered(struct dial *dial)
{
    fault_set(dial->fault, XMPP_LAYER_DNS, XMPP_EDNS, "%s: %s",
              dial->home.target, targets_reason(&dial->targets));
    end_in_vain(dial);
}

static void on_news(void *userdata, enum targets_news news)
{
    struct dial *dial = userdata;

    dial->held = false;
    switch (news) {
    case TARGETS_FOUND:
        drop_domain(dial);
        adopt_targets(dial);
        break;
    case TARGETS_MORE:
        adopt_targets(dial);
        break;
    case TARGETS_DECLINED:
        declined(dial);
        break;
    case TARGETS_FAILED:
        unanswered(dial);
        break;
    default:
        dial_go_on(dial);
    }
}

/* ---- life -------------------------------------------------------- */

/* The domain or host itself, as the only target so far. */
static void name_home(struct dial *dial, const struct dial_wanted *wanted)
{
    const char *name = wanted->host ? wanted->host : wanted->domain;
    size_t n = strlen(name);

    if (name[0] == '[' && name[n - 1] == ']') { /* as in a URI */
        name++;
        n -= 2;
    }
    if (n < sizeof(dial->home.target))
        memcpy(dial->home.target, name, n); /* a longer one has no address */
    dial->home.port = wanted->port;
    dial->home.direct = wanted->direct_tls;
}

/* A host that was set has no SRV records, nor has an address or a name that the
 * application leads elsewhere. */
static bool has_records(const struct dial *dial,
                        const struct dial_wanted *wanted)
{
    struct address literal;

    return !wanted->host &&
           !candidates_lead_elsewhere(&dial->candidates, dial->home.target) &&
           (wanted->service || wanted->direct) &&
           !address_read(&literal, dial->home.target);
}

static int query_targets(struct dial *dial, const struct dial_wanted *wanted)
{
    const struct targets_wanted targets = {
        .domain = wanted->domain,
        .service = wanted->service,
        .direct = wanted->direct,
        .servers = wanted->servers,
        .most_records = wanted->most_records,
        .timeout = wanted->timeout,
        .inquiries = wanted->inquiries,
        .memory = wanted->memory,
    };

    dial->held = true;
    return targets_start(&dial->targets, dial->env, dial->poll, &targets,
                         on_news, dial);
}

static int begin_dial(struct dial *dial, const struct dial_wanted *wanted)
{
    int rc = candidates_add_home(&dial->candidates, &dial->home);

    if (rc)
        return rc;
    if (!has_records(dial, wanted)) {
        poll_again(dial->poll, &dial->step);
        return 0;
    }
    rc = query_targets(dial, wanted);
    if (rc == 0)
        candidates_look_up(&dial->candidates);
    return rc;
}

static void init_dial(struct dial *dial, struct env *env, struct poll *poll,
                      const struct dial_wanted *wanted)
{
    const struct resolve_wanted addresses = {
        .servers = dial->servers,
        .lookups = wanted->lookups,
        .inquiries = wanted->inquiries,
        .overrides = dial->overrides,
        .most = wanted->most_records,
        .timeout = wanted->timeout,
        .in_memory = wanted->memory != NULL,
    };
    const struct race_wanted race = {
        .timeout = wanted->timeout,
        .sources = {wanted->sources[0], wanted->sources[1]},
        .sources_n = wanted->sources_n,
        .prepare = wanted->prepare,
        .prepare_userdata = dial->userdata,
        .done = on_runner,
        .userdata = dial,
    };

    dial->env = env;
    dial->poll = poll;
    dial->memory = wanted->memory;
    dial->most_arrived = wanted->most_targets;
    dial->misses = (struct misses){.env = env,
                                   .in_memory = wanted->memory != NULL,
                                   .report = wanted->missed,
                                   .userdata = dial->userdata};
    dial->most = FAMILIES * wanted->most_records;
    dial->hungry_since = TIME_NEVER;
    alarm_init(&dial->step, on_dial_step);
    candidates_init(&dial->candidates, env, poll, &addresses, on_more, dial);
    race_init(&dial->race, env, poll, &race);
    name_home(dial, wanted);
}

struct dial *dial_new(struct env *env, struct poll *poll,
                      const struct dial_wanted *wanted, struct fault *fault,
                      dial_done done, void *userdata)
{
    struct dial *dial = env_zalloc(env, sizeof(*dial));

    if (!dial)
        return NULL;
    dial->servers = env_strdup(env, wanted->servers);
    dial->overrides = env_strdup(env, wanted->overrides);
    dial->fault = fault;
    dial->done = done;
    dial->userdata = userdata;
    init_dial(dial, env, poll, wanted);
    if ((wanted->servers && !dial->servers) ||
        (wanted->overrides && !dial->overrides) || begin_dial(dial, wanted)) {
        dial_free(dial);
        return NULL;
    }
    return dial;
}

bool dial_has_more(const struct dial *dial)
{
    return dial->arrived < dial->most_arrived &&
           ((dial->tried < dial->most &&
             candidates_have_more(&dial->candidates)) ||
            race_waiting(&dial->race));
}

void dial_next(struct dial *dial, struct fault *fault, void *userdata)
{
    dial->fault = fault;
    dial->userdata = userdata;
    dial->misses.userdata = userdata;
    dial->race.wanted.prepare_userdata = userdata;
    dial->over = false;
    poll_again(dial->poll, &dial->step);
}

void dial_free(struct dial *dial)
{
    if (!dial)
        return;
    poll_clear_alarm(dial->poll, &dial->step);
    targets_free(&dial->targets);
    race_clear(&dial->race);
    candidates_clear(&dial->candidates);
    env_free(dial->env, dial->servers);
    env_free(dial->env, dial->overrides);
    env_free(dial->env, dial);
}
