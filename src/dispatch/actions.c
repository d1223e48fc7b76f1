/* actions.c - what takes time and ends exactly once: requests, and operations
 * that are more than one request. */

#include "dispatch/actions.h"

#include <xmpp/error.h>

#define OF_OWNER(node)                                                         \
    ((struct action *)(void *)((char *)(node)-offsetof(struct action,          \
                                                       by_owner)))
#define OF_TIMER(t)                                                            \
    ((struct action *)(void *)((char *)(t)-offsetof(struct action, timer)))

void actions_init(struct actions *as, const struct env *env,
                  struct slots *slots)
{
    as->env = env;
    as->slots = slots;
    map_init(&as->by_owner, env);
    list_init(&as->open);
    list_init(&as->ending);
    as->timers = (struct timers){NULL};
}

/* It can neither be answered nor be late any more. */
static void close_action(struct action *a)
{
    if (a->open) {
        timers_clear(&a->actions->timers, &a->timer);
        if (a->kind->close)
            a->kind->close(a);
        a->actions->waiting--;
    }
    a->open = false;
    list_remove(&a->link);
}

void action_retire(struct action *a)
{
    close_action(a);
    map_remove(&a->actions->by_owner, &a->by_owner);
    slot_close(a->actions->slots, &a->slot);
}

/* Freeing userdata is a call into the application, so it comes after
 * everything else. */
void action_free(struct action *a)
{
    struct userdata user = a->slot.user;

    a->kind->free(a);
    userdata_free(user);
}

void action_end(struct action *a, int status, xmpp_stanza_t *reply)
{
    action_retire(a);
    a->kind->report(a, status, reply);
    action_free(a);
}

static void abandon(struct action *a)
{
    if (a->kind->abandon)
        a->kind->abandon(a);
    action_free(a);
}

void action_drop(struct action *a)
{
    action_retire(a);
    abandon(a);
}

static void remove_action(struct slot *slot)
{
    action_drop(LIST_ENTRY(slot, struct action, slot));
}

static struct action *first_action(const struct list *list)
{
    return LIST_ENTRY(list->next, struct action, link);
}

static void drop_actions(struct list *list)
{
    while (!list_is_empty(list))
        action_drop(first_action(list));
}

void actions_clear(struct actions *as)
{
    drop_actions(&as->open);
    drop_actions(&as->ending);
}

void actions_free(struct actions *as)
{
    actions_clear(as);
    map_free(&as->by_owner);
}

/* ---- beginning --------------------------------------------------- */

static uint32_t hash_owner(action_function function, const void *userdata)
{
    return map_hash_pointer(
        map_hash(MAP_SEED, str_n((const char *)&function, sizeof(function))),
        userdata);
}

void action_open(struct actions *as, struct action *a,
                 const struct action_kind *kind, action_function function,
                 uint64_t deadline, const struct slot_args *args)
{
    a->kind = kind;
    a->actions = as;
    a->function = function;
    a->open = true;
    slot_open(as->slots, &a->slot, args, remove_action);
    list_append(&as->open, &a->link);
    as->waiting++;
    map_add(&as->by_owner, &a->by_owner, hash_owner(function, args->user.data));
    timers_set(&as->timers, &a->timer, deadline);
}

/* ---- ending ------------------------------------------------------ */

uint64_t actions_deadline(const struct actions *as)
{
    return timers_next(&as->timers);
}

void actions_tick(struct actions *as, uint64_t now)
{
    struct timer *timer;

    while ((timer = timers_expired(&as->timers, now)))
        action_end(OF_TIMER(timer), XMPP_ETIMEOUT, NULL);
}

/* Two lists, so that what a handler begins meanwhile stays. A handler may come
 * here again, and then ends the rest. */
void actions_end(struct actions *as, int status)
{
    while (!list_is_empty(&as->open)) {
        struct action *a = first_action(&as->open);

        close_action(a);
        list_append(&as->ending, &a->link);
    }
    while (!list_is_empty(&as->ending))
        action_end(first_action(&as->ending), status, NULL);
}

/* They are in no table any more, so the application may come here again while
 * it frees. */
static void abandon_all(struct list *cancelled)
{
    while (!list_is_empty(cancelled)) {
        struct action *a = first_action(cancelled);

        list_remove(&a->link);
        abandon(a);
    }
}

int actions_cancel(struct actions *as, action_function function,
                   const void *userdata)
{
    struct map_node *n =
        map_first(&as->by_owner, hash_owner(function, userdata));
    struct list cancelled;
    int count = 0;

    list_init(&cancelled);
    while (n) {
        struct action *a = OF_OWNER(n);

        n = map_next(&as->by_owner, n);
        if (a->function != function || a->slot.user.data != userdata)
            continue;
        action_retire(a);
        list_append(&cancelled, &a->link);
        count++;
    }
    abandon_all(&cancelled);
    return count;
}
