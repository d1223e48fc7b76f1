/* timed.c - functions that are called as time passes: periodically, or once. */

#include "conn/timed.h"

#include <string.h>

#include <xmpp/error.h>

/* One timer. Invariant: `link` is in no list exactly while it is dead and its
 * function has not returned yet; it is freed then. If the function adds itself
 * again and then returns that it ends, it wanted to be renewed: it stays, with
 * the new period. libstrophe finds it "registered already" and removes it. */
struct timed {
    struct list link;
    struct map_node by_entry, by_function;
    struct slot slot;
    struct alarm alarm;
    struct timed_set *set;
    struct timed_terms terms;
    unsigned long next_period;
    bool called, renewed, dead;
};

#define TIMED_OF(node, member)                                                 \
    ((struct timed *)(void *)((char *)(node)-offsetof(struct timed, member)))

void timed_init(struct timed_set *set, struct env *env, struct slots *slots,
                void (*hold)(xmpp_conn_t *conn),
                void (*unhold)(xmpp_conn_t *conn))
{
    set->env = env;
    set->hold = hold;
    set->unhold = unhold;
    set->slots = slots;
    list_init(&set->periodic);
    list_init(&set->once);
    list_init(&set->ended);
    map_init(&set->by_entry, env);
    map_init(&set->by_function, env);
}

/* ---- finding ----------------------------------------------------- */

static bool has_function(const struct timed *t, timed_function function)
{
    if (t->terms.is_once) /* these are known by their slots alone */
        return false;
    return t->terms.conn ? t->terms.function.conn == function.conn
                         : t->terms.function.ctx == function.ctx;
}

static uint32_t hash_timed_function(timed_function function)
{
    return map_hash(MAP_SEED, str_n((const char *)&function, sizeof(function)));
}

static uint32_t hash_timed_entry(timed_function function, void *userdata)
{
    return map_hash_pointer(hash_timed_function(function), userdata);
}

static struct timed *find_timed(struct timed_set *set, timed_function function,
                                void *userdata)
{
    struct map_node *n =
        map_first(&set->by_entry, hash_timed_entry(function, userdata));

    while (n && !(has_function(TIMED_OF(n, by_entry), function) &&
                  TIMED_OF(n, by_entry)->slot.user.data == userdata))
        n = map_next(&set->by_entry, n);
    return n ? TIMED_OF(n, by_entry) : NULL;
}

/* ---- the end of one ---------------------------------------------- */

/* Out of all tables. It calls nobody, so that tables may be walked;
 * sweep_timed() has to follow. */
static void kill_timed(struct timed *t)
{
    struct timed_set *set = t->set;

    if (t->dead)
        return;
    t->dead = true;
    poll_clear_alarm(t->terms.poll, &t->alarm);
    map_remove(&set->by_entry, &t->by_entry);
    map_remove(&set->by_function, &t->by_function);
    slot_close(set->slots, &t->slot);
    list_remove(&t->link);
    /* While it is being called its userdata is in use. */
    if (!t->called)
        list_append(&set->ended, &t->link);
}

/* Freeing userdata may come here again, so each call takes out what it works on
 * first. */
static void sweep_timed(struct timed_set *set)
{
    while (!list_is_empty(&set->ended)) {
        struct timed *t = LIST_ENTRY(set->ended.next, struct timed, link);
        struct userdata user = t->slot.user;

        list_remove(&t->link);
        env_free(set->env, t);
        userdata_free(user);
    }
}

static void remove_timed(struct slot *slot)
{
    struct timed *t = LIST_ENTRY(slot, struct timed, slot);
    struct timed_set *set = t->set;

    kill_timed(t);
    sweep_timed(set);
}

void timed_delete(struct timed_set *set, timed_function function)
{
    struct map_node *n =
        map_first(&set->by_function, hash_timed_function(function));

    while (n) {
        struct timed *t = TIMED_OF(n, by_function);

        n = map_next(&set->by_function, n);
        if (has_function(t, function))
            kill_timed(t);
    }
    sweep_timed(set);
}

static void kill_list(struct list *list)
{
    while (!list_is_empty(list))
        kill_timed(LIST_ENTRY(list->next, struct timed, link));
}

void timed_free_all(struct timed_set *set)
{
    kill_list(&set->periodic);
    kill_list(&set->once);
    sweep_timed(set);
    map_free(&set->by_entry);
    map_free(&set->by_function);
}

/* ---- time -------------------------------------------------------- */

static void arm_timed(struct timed *t, uint64_t now)
{
    poll_set_alarm(t->terms.poll, &t->alarm, now + t->terms.period);
}

static bool call_timed(struct timed *t)
{
    const struct timed_terms *terms = &t->terms;
    void *userdata = t->slot.user.data;

    if (terms->is_once && terms->conn)
        terms->function.conn_once(terms->conn, userdata);
    else if (terms->is_once)
        terms->function.ctx_once(terms->ctx, userdata);
    else
        return terms->conn ? terms->function.conn(terms->conn, userdata)
                           : terms->function.ctx(terms->ctx, userdata);
    return false;
}

/* The function has returned. */
static void settle_timed(struct timed *t, bool stays, uint64_t now)
{
    bool renewed = t->renewed;

    t->called = t->renewed = false;
    if (t->dead) {
        list_append(&t->set->ended, &t->link);
    } else if (!stays && !renewed) {
        kill_timed(t);
    } else if (!stays) {
        t->terms.period = t->next_period;
        if (t->alarm.timer.armed) /* unless the connection ended */
            arm_timed(t, now);
    }
    sweep_timed(t->set);
}

/* The function may do anything to its own timer. So the next period begins
 * before the call, and a timer of one call has ended before it. A timer that
 * runs the loop is not called inside itself: with a loop as long as its period,
 * it would recurse for ever. */
static void fire_timed(struct alarm *alarm, uint64_t now)
{
    struct timed *t = LIST_ENTRY(alarm, struct timed, alarm);
    struct timed_set *set = t->set;
    xmpp_conn_t *conn = t->terms.conn;

    if (!t->terms.is_once)
        arm_timed(t, now);
    if (t->called)
        return;
    t->called = true;
    if (conn)
        set->hold(conn);
    if (t->terms.is_once)
        kill_timed(t);
    settle_timed(t, call_timed(t), now);
    if (conn)
        set->unhold(conn);
}

/* ---- adding ------------------------------------------------------ */

static void enter_timed(struct timed *t, const struct slot_args *args)
{
    struct timed_set *set = t->set;
    timed_function function = t->terms.function;

    alarm_init(&t->alarm, fire_timed);
    list_prepend(t->terms.is_once ? &set->once : &set->periodic, &t->link);
    map_add(&set->by_entry, &t->by_entry,
            hash_timed_entry(function, args->user.data));
    map_add(&set->by_function, &t->by_function, hash_timed_function(function));
    slot_open(set->slots, &t->slot, args, remove_timed);
    if (t->terms.runs)
        arm_timed(t, poll_now(t->terms.poll));
}

int timed_add(struct timed_set *set, const struct timed_terms *terms,
              const struct slot_args *args)
{
    struct timed *t = args->is_single
                          ? find_timed(set, terms->function, args->user.data)
                          : NULL;

    /* The function adds itself while it is being called: that takes effect when
     * it returns. */
    if (t && t->called && !t->renewed) {
        t->renewed = true;
        t->next_period = terms->period;
        return 0;
    }
    if (t)
        return 1;
    t = env_zalloc(set->env, sizeof(*t));
    if (!t)
        return XMPP_EMEM;
    t->set = set;
    t->terms = *terms;
    enter_timed(t, args);
    return 0;
}

void timed_arm_all(struct timed_set *set)
{
    for (struct list *l = set->periodic.next; l != &set->periodic;
         l = l->next) {
        struct timed *t = LIST_ENTRY(l, struct timed, link);

        arm_timed(t, poll_now(t->terms.poll));
    }
}

void timed_disarm_all(struct timed_set *set)
{
    for (struct list *l = set->periodic.next; l != &set->periodic;
         l = l->next) {
        struct timed *t = LIST_ENTRY(l, struct timed, link);

        poll_clear_alarm(t->terms.poll, &t->alarm);
    }
}
