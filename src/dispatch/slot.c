/* slot.c - one registration: its identity, and the userdata that it may own. */

#include "dispatch/slot.h"

#define SLOT_OF(node)                                                          \
    ((struct slot *)(void *)((char *)(node)-offsetof(struct slot, by_number)))

void slots_init(struct slots *slots, const struct env *env)
{
    map_init(&slots->by_number, env);
    slots->last = 0;
}

void slots_free(struct slots *slots)
{
    map_free(&slots->by_number);
}

static uint32_t hash_number(xmpp_slot_t number)
{
    return map_hash(MAP_SEED, str_n((const char *)&number, sizeof(number)));
}

struct slot *slots_find(struct slots *slots, xmpp_slot_t number)
{
    struct map_node *n = map_first(&slots->by_number, hash_number(number));

    while (n && SLOT_OF(n)->number != number)
        n = map_next(&slots->by_number, n);
    return n ? SLOT_OF(n) : NULL;
}

/* Where a long has 32 bits the numbers may begin anew, and meet one that is in
 * use. 0 means that there is no number. */
static xmpp_slot_t next_number(struct slots *slots)
{
    do
        slots->last++;
    while (!slots->last || slots_find(slots, slots->last));
    return slots->last;
}

void slot_open(struct slots *slots, struct slot *slot,
               const struct slot_args *args, void (*remove)(struct slot *slot))
{
    slot->user = args->user;
    slot->conn = args->conn;
    slot->remove = remove;
    slot->number = 0;
    /* libstrophe's functions return no number, so they pay for none. */
    if (!args->ret)
        return;
    *args->ret = slot->number = next_number(slots);
    map_add(&slots->by_number, &slot->by_number, hash_number(slot->number));
}

void slot_close(struct slots *slots, struct slot *slot)
{
    if (slot->number)
        map_remove(&slots->by_number, &slot->by_number);
    slot->number = 0;
}
