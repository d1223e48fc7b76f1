/* routes_many.c - many thousand handlers, timers and requests: what it costs to
 * add, find, call and remove one does not grow with their number, in whatever
 * order; counted in steps of the tables. */

#include "base/arena.h"
#include "conn/timed.h"
#include "dispatch/requests.h"
#include "dispatch/routes.h"
#include "failmem.h"
#include "tap.h"

#include <xmpp/error.h>
#include <xmpp/build.h>
#include <xmpp/stanza.h>

#define MANY 25000
#define STEPS 16 /* for each operation, growing of the tables included */

static struct failmem memory;
static struct env env;
static struct slots slots;
static unsigned long calls;
static char place[MANY]; /* each its own userdata */

/* ---- orders ------------------------------------------------------ */

enum order { FORWARD, BACKWARD, MIXED, ORDERS };

static const char *const order_names[] = {"forward", "backward", "mixed"};

/* The i-th of MANY: MIXED: by steps that have no factor in common with it. */
static int nth(enum order order, int i)
{
    if (order == FORWARD)
        return i;
    if (order == BACKWARD)
        return MANY - 1 - i;
    return (int)((unsigned long long)i * 77773 % MANY);
}

static uint64_t steps_of(const struct routes *r)
{
    return r->by_id.steps + r->by_filter.steps + r->by_entry.steps +
           r->by_function.steps;
}

static void is_cheap(uint64_t steps, unsigned long operations, const char *what,
                     enum order order)
{
    ok(steps <= (uint64_t)STEPS * operations, "%s, %s: %.2f steps each", what,
       order_names[order], (double)steps / (double)operations);
}

/* ---- handlers ---------------------------------------------------- */

static int on_stanza(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    (void)conn;
    (void)stanza;
    (void)userdata;
    calls++;
    return 0;
}

static const char *name_of(int i)
{
    static char name[32];

    snprintf(name, sizeof(name), "urn:number:%d", i);
    return name;
}

static xmpp_stanza_t *stanza_with(const char *id, const char *ns)
{
    xmpp_stanza_t *iq = xmpp_stanza_new(env_ctx(&env));
    xmpp_stanza_t *child = xmpp_stanza_new(env_ctx(&env));

    xmpp_stanza_set_name(iq, "iq");
    xmpp_stanza_set_type(iq, "result");
    if (id)
        xmpp_stanza_set_id(iq, id);
    xmpp_stanza_set_name(child, "query");
    xmpp_stanza_set_ns(child, ns ? ns : "urn:none");
    xmpp_stanza_add_child(iq, child);
    xmpp_stanza_release(child);
    return iq;
}

static struct slot_args single(int i)
{
    return (struct slot_args){.user = {&place[i], NULL}, .is_single = true};
}

/* How a crowd is added, called and deleted, each by number. */
struct crowd {
    const char *name;
    int (*add)(struct routes *r, int i);
    void (*delete)(struct routes *r, int i);
    bool (*call)(struct routes *r, int i);
};

static int add_id(struct routes *r, int i)
{
    const struct slot_args args = {.is_single = true};

    return routes_add_id(r, on_stanza, name_of(i), &args);
}

static void delete_id(struct routes *r, int i)
{
    routes_delete_id(r, on_stanza, name_of(i));
}

static bool call_id(struct routes *r, int i)
{
    xmpp_stanza_t *iq = stanza_with(name_of(i), NULL);
    bool taken = routes_fire_id(r, NULL, iq);

    xmpp_stanza_release(iq);
    return taken;
}

static int add_ns(struct routes *r, int i)
{
    const struct slot_args args = single(i);

    return routes_add(r, on_stanza, name_of(i), "iq", "result", &args);
}

/* By filter a function is deleted with all its entries; one of them goes by
 * its userdata. */
static void delete_entry(struct routes *r, int i)
{
    routes_delete_entry(r, on_stanza, &place[i]);
}

static bool call_ns(struct routes *r, int i)
{
    xmpp_stanza_t *iq = stanza_with(NULL, name_of(i));
    bool taken = routes_fire(r, NULL, iq);

    xmpp_stanza_release(iq);
    return taken;
}

/* One namespace and type for all, and each another name. */
static int add_name(struct routes *r, int i)
{
    const struct slot_args args = single(i);

    return routes_add(r, on_stanza, "urn:none", name_of(i), "result", &args);
}

static bool call_name(struct routes *r, int i)
{
    xmpp_stanza_t *iq = stanza_with(NULL, NULL);
    bool taken;

    xmpp_stanza_set_name(iq, name_of(i));
    taken = routes_fire(r, NULL, iq);
    xmpp_stanza_release(iq);
    return taken;
}

static const struct crowd crowds[] = {
    {"by id", add_id, delete_id, call_id},
    {"by namespace", add_ns, delete_entry, call_ns},
    {"by name", add_name, delete_entry, call_name},
};

static unsigned long each(struct routes *r, enum order order,
                          int (*add)(struct routes *, int))
{
    unsigned long n = 0;

    for (int i = 0; i < MANY; i++)
        n += add(r, nth(order, i)) == 0;
    return n;
}

static void comes_and_goes(const struct crowd *crowd, enum order order)
{
    struct routes r;

    routes_init(&r, &env, &slots);
    is_int(each(&r, FORWARD, crowd->add), MANY, "%s: added", crowd->name);
    is_int(each(&r, order, crowd->add), 0, "once");
    is_cheap(steps_of(&r), 2 * MANY, "adding", order);
    r.by_id.steps = r.by_filter.steps = r.by_entry.steps = 0;
    for (int i = 0; i < MANY; i++)
        crowd->delete (&r, nth(order, i));
    is_int(r.by_entry.count + r.by_function.count, 0, "deleted");
    is_cheap(steps_of(&r), MANY, "deleting", order);
    routes_free(&r);
}

static void is_called(const struct crowd *crowd, enum order order)
{
    unsigned long taken = 0;
    struct routes r;

    routes_init(&r, &env, &slots);
    each(&r, FORWARD, crowd->add);
    calls = 0;
    r.by_id.steps = r.by_filter.steps = r.by_entry.steps = r.by_function.steps =
        0;
    for (int i = 0; i < MANY; i++)
        taken += crowd->call(&r, nth(order, i));
    is_int(taken, MANY, "%s: each is called", crowd->name);
    is_int(calls, MANY, "alone");
    is_int(r.by_entry.count, 0, "and goes, as it says");
    is_cheap(steps_of(&r), MANY, "calling", order);
    routes_free(&r);
}

/* ---- one stanza for all of them ---------------------------------- */

static char *due; /* who is to be called next */
static bool in_order;

static int in_turn(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    (void)conn;
    (void)stanza;
    in_order &= (char *)userdata == due;
    due = (char *)userdata + 1;
    calls++;
    return 1;
}

static uint64_t all_hear(struct routes *r, bool starved)
{
    xmpp_stanza_t *iq = stanza_with("1", "urn:x");
    uint64_t before = steps_of(r);

    calls = 0;
    in_order = true;
    due = place;
    failmem_arm(&memory, starved, starved);
    routes_fire(r, NULL, iq);
    failmem_arm(&memory, 0, 0);
    xmpp_stanza_release(iq);
    return steps_of(r) - before;
}

/* Under several keys, by turns. */
static void add_varied(struct routes *r, int i)
{
    const struct slot_args args = single(i);

    routes_add(r, in_turn, i % 2 ? "urn:x" : NULL, i % 3 ? "iq" : NULL,
               i % 5 ? "result" : NULL, &args);
}

static void one_for_all(void)
{
    struct routes r;

    routes_init(&r, &env, &slots);
    for (int i = 0; i < MANY; i++)
        add_varied(&r, i);
    is_cheap(all_hear(&r, false), MANY, "a stanza that all hear", FORWARD);
    is_int(calls, MANY, "all hear it");
    ok(in_order, "in the order in which they were added");
    routes_delete(&r, in_turn);
    is_int(r.by_entry.count, 0, "all are deleted at once");
    for (int i = 0; i < 1000; i++)
        add_varied(&r, i);
    all_hear(&r, true);
    is_int(calls, 1000, "without memory all hear it too");
    ok(in_order, "in the same order");
    routes_free(&r);
}

/* A stranger's stanza repeats a namespace that many listen to. */
static void many_children(void)
{
    xmpp_stanza_t *iq = stanza_with("1", "urn:x");
    struct routes r;

    routes_init(&r, &env, &slots);
    for (int i = 0; i < 1000; i++) {
        const struct slot_args args = single(i);

        routes_add(&r, in_turn, "urn:x", NULL, NULL, &args);
    }
    for (int i = 0; i < 1000; i++)
        xmpp_stanza_add_tag(iq, "a", i % 2 ? "urn:x" : "urn:y");
    calls = 0;
    r.by_filter.steps = 0;
    routes_fire(&r, NULL, iq);
    is_int(calls, 1000, "each is called once for all the children");
    is_cheap(r.by_filter.steps, 2000, "many children", FORWARD);
    xmpp_stanza_release(iq);
    routes_free(&r);
}

/* ---- requests ---------------------------------------------------- */

static void on_reply(xmpp_conn_t *conn, int status, xmpp_stanza_t *reply,
                     void *userdata)
{
    (void)conn;
    (void)status;
    (void)reply;
    (void)userdata;
    calls++;
}

static void report(const struct asker *asker, xmpp_conn_t *conn, int status,
                   xmpp_stanza_t *reply, void *userdata)
{
    ((xmpp_reply_handler)asker->function)(conn, status, reply, userdata);
}

static struct actions actions;

static void ask_all(struct requests *r)
{
    actions_init(&actions, &env, &slots);
    requests_init(r, &actions);
    calls = 0;
    for (int i = 0; i < MANY; i++) {
        const struct slot_args args = single(i);
        const struct asked asked = {
            .id = str_of(name_of(i)),
            .deadline = 1000 + (uint64_t)nth(MIXED, i),
            .asker = {(action_function)on_reply, report, NULL}};

        if (requests_add(r, &asked, &args))
            ok(false, "a request is not added");
    }
}

static void forget_all(struct requests *r, enum order order)
{
    is_cheap(r->by_id.steps + r->by_topic.steps + actions.by_owner.steps,
             2 * MANY, "requests", order);
    actions_free(&actions);
    requests_free(r);
}

static void requests_in(enum order order)
{
    struct requests r;
    int cancelled = 0;

    ask_all(&r);
    for (int i = 0; i < MANY; i++)
        cancelled += actions_cancel(&actions, (action_function)on_reply,
                                    &place[nth(order, i)]);
    is_int(cancelled, MANY, "requests are cancelled");
    forget_all(&r, order);
    ask_all(&r);
    for (int i = 0; i < MANY; i++) {
        xmpp_stanza_t *iq = stanza_with(name_of(nth(order, i)), NULL);

        requests_answer(&r, iq, STR("a@b/c"));
        xmpp_stanza_release(iq);
    }
    is_int(calls, MANY, "or answered");
    forget_all(&r, order);
    ask_all(&r);
    actions_tick(&actions, 1000 + MANY);
    is_int(calls, MANY, "or late");
    forget_all(&r, order);
    ask_all(&r);
    actions_end(&actions, XMPP_ENOTCONN);
    is_int(calls, MANY, "or ended");
    forget_all(&r, order);
}

/* ---- timers ------------------------------------------------------ */

static int on_time(xmpp_ctx_t *ctx, void *userdata)
{
    (void)ctx;
    (void)userdata;
    calls++;
    return 0;
}

static int add_timed(struct timed_set *set, struct poll *poll,
                     unsigned long period, int i)
{
    const struct slot_args args = single(i);
    const struct timed_terms terms = {.ctx = env_ctx(&env),
                                      .poll = poll,
                                      .function = {.ctx = on_time},
                                      .period = period,
                                      .runs = true};

    return timed_add(set, &terms, &args);
}

static void timers(void)
{
    timed_function function = {.ctx = on_time};
    struct poll *poll = poll_new(&env);
    struct timed_set set;
    int added = 0, again = 0;

    timed_init(&set, &env, &slots, NULL, NULL);
    for (int i = 0; i < MANY; i++)
        added += add_timed(&set, poll, 100000 + (unsigned long)nth(MIXED, i),
                           i) == 0;
    for (int i = 0; i < MANY; i++)
        again += add_timed(&set, poll, 1, i);
    is_int(added, MANY, "timed handlers are added");
    is_int(again, MANY, "once");
    timed_delete(&set, function);
    is_int(set.by_entry.count, 0, "and deleted");
    is_cheap(set.by_entry.steps + set.by_function.steps, 3 * MANY, "timers",
             MIXED);
    for (int i = 0; i < MANY; i++)
        add_timed(&set, poll, 0, nth(MIXED, i));
    calls = 0;
    for (int i = 0; i < MANY && calls < MANY; i++)
        poll_turn(poll, 0); /* a turn has an end, see net/poll.c */
    is_int(calls, MANY, "each is called in its time");
    is_int(set.by_entry.count, 0, "and goes, as it says");
    is_cheap(set.by_entry.steps + set.by_function.steps, 6 * MANY, "timers",
             MIXED);
    timed_free_all(&set);
    poll_free(poll);
}

int main(void)
{
    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    slots_init(&slots, &env);
    for (size_t c = 0; c < sizeof(crowds) / sizeof(crowds[0]); c++)
        for (int order = FORWARD; order < ORDERS; order++) {
            comes_and_goes(&crowds[c], (enum order)order);
            is_called(&crowds[c], (enum order)order);
        }
    one_for_all();
    many_children();
    for (int order = FORWARD; order < ORDERS; order++)
        requests_in((enum order)order);
    timers();
    slots_free(&slots);
    arena_drain(&env);
    is_int(memory.held, 0, "no memory is left");
    return done_testing();
}
