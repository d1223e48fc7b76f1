/* timed.c - timed handlers of connections and contexts. */

#include "conn/timed.h"

#include <string.h>

#include <xmpp/error.h>

/* `called`: its function has not returned yet. A deletion only marks it `dead`
 * then, and whoever called frees it; if the function adds itself again, it
 * stays, with another period, although it says that it goes; and if it runs the
 * loop, it is not called inside of itself. */
struct timed {
    struct list link;
    struct map_node by_entry, by_function;
    struct alarm alarm;
    struct poll *poll;
    struct timed_set *set;
    struct timed_owner owner;
    timed_function function;
    void *userdata;
    unsigned long period, next_period;
    bool called, renewed, dead;
};

#define TIMED_OF(node, member)                                                 \
    ((struct timed *)(void *)((char *)(node)-offsetof(struct timed, member)))

void timed_init(struct timed_set *set, struct env *env,
                void (*hold)(xmpp_conn_t *conn),
                void (*unhold)(xmpp_conn_t *conn))
{
    set->env = env;
    set->hold = hold;
    set->unhold = unhold;
    list_init(&set->all);
    map_init(&set->by_entry, env);
    map_init(&set->by_function, env);
}

static bool same_function(const struct timed *t, timed_function function)
{
    return t->owner.conn ? t->function.conn == function.conn
                         : t->function.ctx == function.ctx;
}

static uint32_t timed_hash_function(timed_function function)
{
    return map_hash(MAP_SEED, str_n((const char *)&function, sizeof(function)));
}

static uint32_t timed_hash(timed_function function, void *userdata)
{
    return map_hash_pointer(timed_hash_function(function), userdata);
}

static struct timed *timed_find(struct timed_set *set, timed_function function,
                                void *userdata)
{
    struct map_node *n =
        map_first(&set->by_entry, timed_hash(function, userdata));

    while (n && !(same_function(TIMED_OF(n, by_entry), function) &&
                  TIMED_OF(n, by_entry)->userdata == userdata))
        n = map_next(&set->by_entry, n);
    return n ? TIMED_OF(n, by_entry) : NULL;
}

static void timed_arm(struct timed *t, uint64_t now)
{
    poll_set_alarm(t->poll, &t->alarm, now + t->period);
}

static void timed_drop(struct timed *t)
{
    poll_clear_alarm(t->poll, &t->alarm);
    list_remove(&t->link);
    map_remove(&t->set->by_entry, &t->by_entry);
    map_remove(&t->set->by_function, &t->by_function);
    if (t->called)
        t->dead = true;
    else
        env_free(t->set->env, t);
}

/* The function has returned. */
static void timed_settle(struct timed *t, bool stays, uint64_t now)
{
    bool renewed = t->renewed;

    t->called = t->renewed = false;
    if (t->dead) {
        env_free(t->set->env, t);
    } else if (!stays && !renewed) {
        timed_drop(t);
    } else if (!stays) {
        t->period = t->next_period;
        if (t->alarm.timer.armed) /* still connected */
            timed_arm(t, now);
    }
}

static void timed_fire(struct alarm *alarm, uint64_t now)
{
    struct timed *t = LIST_ENTRY(alarm, struct timed, alarm);
    struct timed_set *set = t->set;
    xmpp_conn_t *conn = t->owner.conn;
    bool stays;

    timed_arm(t, now); /* first, so that whatever the function does counts */
    if (t->called)
        return;
    t->called = true;
    if (conn)
        set->hold(conn);
    stays = conn ? t->function.conn(conn, t->userdata)
                 : t->function.ctx(t->owner.ctx, t->userdata);
    timed_settle(t, stays, now);
    if (conn)
        set->unhold(conn);
}

int timed_add(struct poll *poll, struct timed_set *set,
              struct timed_owner owner, timed_function function,
              unsigned long period, void *userdata, bool armed)
{
    struct timed *t = timed_find(set, function, userdata);

    if (t && t->called && !t->renewed) {
        t->renewed = true;
        t->next_period = period;
        return 0;
    }
    if (t)
        return 1;
    t = env_zalloc(set->env, sizeof(*t));
    if (!t)
        return XMPP_EMEM;
    t->poll = poll;
    t->set = set;
    t->owner = owner;
    t->function = function;
    t->userdata = userdata;
    t->period = period;
    alarm_init(&t->alarm, timed_fire);
    list_prepend(&set->all, &t->link);
    map_add(&set->by_entry, &t->by_entry, timed_hash(function, userdata));
    map_add(&set->by_function, &t->by_function, timed_hash_function(function));
    if (armed)
        timed_arm(t, poll_now(poll));
    return 0;
}

void timed_delete(struct timed_set *set, timed_function function)
{
    struct map_node *n =
        map_first(&set->by_function, timed_hash_function(function));

    while (n) {
        struct timed *t = TIMED_OF(n, by_function);

        n = map_next(&set->by_function, n);
        if (same_function(t, function))
            timed_drop(t);
    }
}

void timed_arm_all(struct timed_set *set)
{
    for (struct list *l = set->all.next; l != &set->all; l = l->next) {
        struct timed *t = LIST_ENTRY(l, struct timed, link);

        timed_arm(t, poll_now(t->poll));
    }
}

void timed_disarm_all(struct timed_set *set)
{
    for (struct list *l = set->all.next; l != &set->all; l = l->next) {
        struct timed *t = LIST_ENTRY(l, struct timed, link);

        poll_clear_alarm(t->poll, &t->alarm);
    }
}

void timed_free_all(struct timed_set *set)
{
    while (!list_is_empty(&set->all))
        timed_drop(LIST_ENTRY(set->all.next, struct timed, link));
    map_free(&set->by_entry);
    map_free(&set->by_function);
}
