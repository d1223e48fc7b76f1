/* timed.c - timed handlers of connections and contexts. */

#include "conn/timed.h"

#include <string.h>

#include <xmpp/error.h>

#include "conn/conn.h"

/* `running` while its function is being called: then a deletion only marks it
 * `dead`, and whoever called frees it. */
struct timed {
    struct list link;
    struct alarm alarm;
    struct poll *poll;
    struct env *env;
    struct timed_owner owner;
    timed_function function;
    void *userdata;
    unsigned long period;
    bool running, dead;
};

static bool same_function(const struct timed *t, timed_function function)
{
    return t->owner.conn ? t->function.conn == function.conn
                         : t->function.ctx == function.ctx;
}

static void arm(struct timed *t, uint64_t now)
{
    poll_set_alarm(t->poll, &t->alarm, now + t->period);
}

static void drop(struct timed *t)
{
    poll_clear_alarm(t->poll, &t->alarm);
    list_remove(&t->link);
    if (t->running)
        t->dead = true;
    else
        env_free(t->env, t);
}

static void fire(struct alarm *alarm, uint64_t now)
{
    struct timed *t = LIST_ENTRY(alarm, struct timed, alarm);
    xmpp_conn_t *conn = t->owner.conn;
    int stay;

    arm(t, now); /* first, so that whatever the function does counts */
    t->running = true;
    if (conn)
        conn_hold(conn);
    stay = conn ? t->function.conn(conn, t->userdata)
                : t->function.ctx(t->owner.ctx, t->userdata);
    t->running = false;
    if (t->dead)
        env_free(t->env, t);
    else if (!stay)
        drop(t);
    if (conn)
        conn_unhold(conn);
}

int timed_add(struct poll *poll, struct env *env, struct list *list,
              struct timed_owner owner, timed_function function,
              unsigned long period, void *userdata, bool armed)
{
    struct timed *t;

    for (struct list *l = list->next; l != list; l = l->next) {
        t = LIST_ENTRY(l, struct timed, link);
        if (same_function(t, function) && t->userdata == userdata)
            return 1;
    }
    t = env_zalloc(env, sizeof(*t));
    if (!t)
        return XMPP_EMEM;
    t->poll = poll;
    t->env = env;
    t->owner = owner;
    t->function = function;
    t->userdata = userdata;
    t->period = period;
    alarm_init(&t->alarm, fire);
    list_prepend(list, &t->link);
    if (armed)
        arm(t, poll_now());
    return 0;
}

void timed_delete(struct list *list, timed_function function)
{
    struct list *next;

    for (struct list *l = list->next; l != list; l = next) {
        struct timed *t = LIST_ENTRY(l, struct timed, link);

        next = l->next;
        if (same_function(t, function))
            drop(t);
    }
}

void timed_arm_all(struct list *list)
{
    uint64_t now = poll_now();

    for (struct list *l = list->next; l != list; l = l->next)
        arm(LIST_ENTRY(l, struct timed, link), now);
}

void timed_disarm_all(struct list *list)
{
    for (struct list *l = list->next; l != list; l = l->next) {
        struct timed *t = LIST_ENTRY(l, struct timed, link);

        poll_clear_alarm(t->poll, &t->alarm);
    }
}

void timed_free_all(struct list *list)
{
    while (!list_is_empty(list))
        drop(LIST_ENTRY(list->next, struct timed, link));
}
