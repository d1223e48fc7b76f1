/* slot.c - the numbers of registrations: each is used once, and finding one of
 * many costs the same as finding one of few. */

#include "dispatch/slot.h"

#include <limits.h>
#include <stdlib.h>

#include "dispatch/routes.h"
#include "failmem.h"
#include "tap.h"

#define MANY 25000
#define STEPS 12 /* for each operation, growing of the table included */

static struct failmem memory;
static struct env env;
static struct slots slots;

/* ---- numbers ----------------------------------------------------- */

static struct slot *removed;

static void on_remove(struct slot *slot)
{
    removed = slot;
    slot_close(&slots, slot);
}

static void counts(void)
{
    struct slot first = {0}, second = {0}, nameless;
    xmpp_slot_t one = 0, two = 0;
    struct slot_args args = {.ret = &one};

    slot_open(&slots, &first, &args, on_remove);
    args.ret = &two;
    slot_open(&slots, &second, &args, on_remove);
    args.ret = NULL;
    memset(&nameless, 0x55, sizeof(nameless));
    slot_open(&slots, &nameless, &args, on_remove);
    ok(one && two && one != two, "each has a number of its own");
    is_int((long long)nameless.number, 0, "who needs none has none");
    ok(slots_find(&slots, two) == &second, "it is found by its number");
    first.remove(&first);
    ok(removed == &first && !slots_find(&slots, one), "until it has ended");
    slot_close(&slots, &first);
    slot_close(&slots, &nameless);
    ok(!slots_find(&slots, 0), "nobody has the number 0");
    slot_close(&slots, &second);
    is_int(slots.by_number.count, 0, "none is left");
}

#define TRIES 400000

static uint32_t hash_number(xmpp_slot_t number)
{
    return map_hash(MAP_SEED, str_n((const char *)&number, sizeof(number)));
}

static int by_hash(const void *a, const void *b)
{
    uint32_t left = hash_number(*(const xmpp_slot_t *)a);
    uint32_t right = hash_number(*(const xmpp_slot_t *)b);

    return left < right ? -1 : left > right;
}

/* Two numbers of one hash: among so many there are some, where a long has more
 * bits than a hash. */
static bool find_twins(xmpp_slot_t *one, xmpp_slot_t *two)
{
    static xmpp_slot_t tries[TRIES];
    size_t i = 1;

    for (size_t n = 0; n < TRIES; n++)
        tries[n] = (xmpp_slot_t)((n + 1) * 0x9e3779b97f4a7c15ull);
    qsort(tries, TRIES, sizeof(tries[0]), by_hash);
    while (i < TRIES && hash_number(tries[i - 1]) != hash_number(tries[i]))
        i++;
    *one = tries[i - 1];
    *two = i < TRIES ? tries[i] : 0;
    return i < TRIES;
}

static void twins(void)
{
    struct slot first = {0}, second = {0};
    xmpp_slot_t one, two, number;
    const struct slot_args args = {.ret = &number};

    if (!find_twins(&one, &two)) {
        skip("no two numbers of this machine have one hash");
        return;
    }
    slots.last = one - 1;
    slot_open(&slots, &first, &args, on_remove);
    slots.last = two - 1;
    slot_open(&slots, &second, &args, on_remove);
    ok(slots_find(&slots, one) == &first && slots_find(&slots, two) == &second,
       "numbers of one hash are told apart");
    slot_close(&slots, &second);
    slot_close(&slots, &first);
}

/* Where numbers begin anew they leave out 0, and those that are in use. */
static void begins_anew(void)
{
    struct slot old = {0}, last = {0}, next = {0};
    xmpp_slot_t number = 0;
    const struct slot_args args = {.ret = &number};

    memset(&slots, 0x55, sizeof(slots));
    slots_init(&slots, &env);
    slot_open(&slots, &old, &args, on_remove);
    is_int((long long)number, 1, "the first number is 1");
    slots.last = ULONG_MAX - 1;
    slot_open(&slots, &last, &args, on_remove);
    ok(number == ULONG_MAX, "the greatest is used");
    slot_open(&slots, &next, &args, on_remove);
    is_int((long long)number, 2, "then comes the first that is free");
    slot_close(&slots, &old);
    slot_close(&slots, &last);
    slot_close(&slots, &next);
    slots_free(&slots);
    slots_init(&slots, &env);
}

/* ---- userdata ---------------------------------------------------- */

static int freed;

static void on_free(void *userdata)
{
    freed += *(int *)userdata;
}

static void frees(void)
{
    int value = 5;

    userdata_free((struct userdata){&value, on_free});
    userdata_free((struct userdata){&value, NULL});
    is_int(freed, 5, "userdata is freed by its function, if it has one");
}

/* ---- many -------------------------------------------------------- */

static xmpp_slot_t numbers[MANY];

static int on_stanza(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    (void)conn, (void)stanza, (void)userdata;
    return 0;
}

static uint64_t steps_of(const struct routes *r)
{
    return slots.by_number.steps + r->by_filter.steps + r->by_entry.steps +
           r->by_function.steps;
}

/* All with the same function, userdata and filter: only their numbers differ.
 * `factor` has none in common with MANY: the order of removing. */
static void removes_many(unsigned long factor)
{
    int value = 1, found = 0;
    struct slot_args args = {.user = {&value, on_free}};
    struct routes r;

    routes_init(&r, &env, &slots);
    slots.by_number.steps = 0;
    freed = 0;
    for (int i = 0; i < MANY; i++) {
        args.ret = &numbers[i];
        routes_add(&r, on_stanza, "urn:x", NULL, NULL, &args);
    }
    for (unsigned long i = 0; i < MANY; i++) {
        struct slot *slot = slots_find(&slots, numbers[i * factor % MANY]);

        found += slot != NULL;
        if (slot)
            slot->remove(slot);
    }
    is_int(found, MANY, "each of many is found");
    is_int(freed, MANY, "and its userdata freed");
    is_int(slots.by_number.count + r.by_entry.count, 0, "none is left");
    ok(steps_of(&r) <= (uint64_t)STEPS * 2 * MANY, "%.2f steps each",
       (double)steps_of(&r) / (2.0 * MANY));
    routes_free(&r);
}

int main(void)
{
    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    slots_init(&slots, &env);
    counts();
    twins();
    slots_free(&slots);
    begins_anew();
    frees();
    removes_many(1);
    removes_many(MANY - 1);
    removes_many(7773);
    slots_free(&slots);
    is_int(memory.held, 0, "no memory is left");
    return done_testing();
}
