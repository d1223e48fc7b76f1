/* watch.c - who is called for the events of a module. */

#include "dispatch/watch.h"

#include <xmpp/error.h>

/* A watch that ends is dead at once, and its userdata is freed as soon as its
 * function is not being called. It stays in the list while walks are under way,
 * so that they can go on from it. */
struct watch_entry {
    struct list link;
    struct slot slot;
    struct slots *slots;
    struct member *member;
    const struct env *env;
    xmpp_event_handler handler;
    unsigned calls; /* under way */
    bool dead;
};

#define WATCH_OF(l) LIST_ENTRY(l, struct watch_entry, link)

/* ---- the end of one ---------------------------------------------- */

static void free_dead(struct member *member)
{
    struct list *l = member->watches.next;

    while (!member->walks && l != &member->watches) {
        struct watch_entry *w = WATCH_OF(l);

        l = l->next;
        if (w->dead && !w->slot.user.free) {
            list_remove(&w->link);
            env_free(w->env, w);
        }
    }
}

/* The walk counts as one because freeing userdata may come here again. */
static void settle_watch(struct watch_entry *w)
{
    struct userdata user = w->slot.user;

    if (!w->dead || w->calls)
        return;
    w->slot.user.free = NULL;
    w->member->walks++;
    userdata_free(user);
    w->member->walks--;
}

static void kill_watch(struct watch_entry *w)
{
    if (w->dead)
        return;
    w->dead = true;
    slot_close(w->slots, &w->slot);
    settle_watch(w);
}

static void remove_watch(struct slot *slot)
{
    struct watch_entry *w = LIST_ENTRY(slot, struct watch_entry, slot);
    struct member *member = w->member;

    kill_watch(w);
    free_dead(member);
}

static struct watch_entry *find_watch(const struct member *member,
                                      xmpp_event_handler handler,
                                      void *userdata)
{
    const struct list *all = &member->watches;

    for (struct list *l = all->next; l != all; l = l->next)
        if (!WATCH_OF(l)->dead && WATCH_OF(l)->handler == handler &&
            WATCH_OF(l)->slot.user.data == userdata)
            return WATCH_OF(l);
    return NULL;
}

void watch_delete(struct member *member, xmpp_event_handler handler,
                  void *userdata)
{
    struct watch_entry *w;

    /* A slot may register the same function and userdata any number of times.
     */
    while ((w = find_watch(member, handler, userdata)))
        kill_watch(w);
    free_dead(member);
}

void watch_clear(struct member *member)
{
    member->walks++;
    for (struct list *l = member->watches.next; l != &member->watches;
         l = l->next)
        kill_watch(WATCH_OF(l));
    member->walks--;
    free_dead(member);
}

/* ---- adding and calling ------------------------------------------ */

int watch_add(const struct members *members, struct slots *slots,
              struct member *member, xmpp_event_handler handler,
              const struct slot_args *args)
{
    struct watch_entry *w;

    if (args->is_single && find_watch(member, handler, args->user.data))
        return 1;
    w = env_zalloc(members->env, sizeof(*w));
    if (!w)
        return XMPP_EMEM;
    w->env = members->env;
    w->slots = slots;
    w->member = member;
    w->handler = handler;
    list_append(&member->watches, &w->link);
    slot_open(slots, &w->slot, args, remove_watch);
    return 0;
}

static void call_watch(struct watch_entry *w, xmpp_conn_t *conn,
                       const xmpp_event_t *event)
{
    if (w->dead)
        return;
    w->calls++;
    w->handler(conn, event, w->slot.user.data);
    w->calls--;
    settle_watch(w);
}

void watch_fire(struct member *member, xmpp_conn_t *conn,
                const xmpp_event_t *event)
{
    struct list *last = member->watches.prev;
    struct list *l = &member->watches;

    member->walks++;
    while (l != last) {
        l = l->next;
        call_watch(WATCH_OF(l), conn, event);
    }
    member->walks--;
    free_dead(member);
}
