/* members.c - the modules in use on one connection, with their state. */

#include "dispatch/members.h"

#include <xmpp/error.h>

#define ATTACHING(l) LIST_ENTRY(l, struct member, attaching)

void members_init(struct members *members, struct env *env)
{
    *members = (struct members){.env = env};
    list_init(&members->attaching);
}

/* ---- coming and going -------------------------------------------- */

long *member_limit(struct member *member, const xmpp_row_t *row)
{
    return (long *)(void *)(member->state + row->offset);
}

static void set_defaults(struct member *member)
{
    const xmpp_module_t *module = member->module;

    for (const xmpp_row_t *r = module_row(module, NULL); r;
         r = module_row(module, r))
        if (r->kind == XMPP_ROW_LIMIT)
            *member_limit(member, r) = r->number;
}

struct member *members_begin(struct members *members,
                             const xmpp_module_t *module)
{
    struct member *member =
        env_zalloc(members->env, sizeof(*member) + module->state_size);

    if (!member)
        return NULL;
    member->module = module;
    list_init(&member->watches);
    list_init(&member->attaching);
    list_append(&members->attaching, &member->attaching);
    set_defaults(member);
    return member;
}

void members_drop(struct members *members, struct member *member)
{
    list_remove(&member->attaching);
    env_free(members->env, member);
}

static bool members_make_room(struct members *members)
{
    size_t room = members->room ? 2 * members->room : 4;
    struct member **list;

    if (members_count(members) < members->room)
        return true;
    list = env_realloc(members->env, members->list, room * sizeof(*list));
    if (!list)
        return false;
    members->list = list;
    members->room = room;
    return true;
}

int members_enter(struct members *members, struct member *member)
{
    struct module_set *set =
        members_make_room(members)
            ? set_with(members->sets, members->set, member->module)
            : NULL;

    if (!set)
        return XMPP_EMEM;
    list_remove(&member->attaching);
    members->list[set->count - 1] = member;
    set_release(members->set);
    members->set = set;
    return 0;
}

void members_free(struct members *members)
{
    for (size_t i = 0; i < members_count(members); i++)
        env_free(members->env, members->list[i]);
    env_free(members->env, members->list);
    set_release(members->set);
    members->set = NULL;
}

/* ---- finding ----------------------------------------------------- */

struct member *members_find(const struct members *members,
                            const xmpp_module_t *module)
{
    size_t place = set_place(members->set, module);
    const struct list *all = &members->attaching;

    if (place < members_count(members))
        return members->list[place];
    for (struct list *l = all->next; l != all; l = l->next)
        if (ATTACHING(l)->module == module)
            return ATTACHING(l);
    return NULL;
}

static bool row_has_name(const xmpp_row_t *row, const char *name)
{
    return row->name && name && strcmp(row->name, name) == 0;
}

const xmpp_row_t *member_row_named(const struct member *member, unsigned kind,
                                   const char *name)
{
    const xmpp_row_t *r = module_row(member->module, NULL);

    while (r && !(r->kind == kind && row_has_name(r, name)))
        r = module_row(member->module, r);
    return r;
}

const xmpp_row_t *member_row_numbered(const struct member *member,
                                      unsigned kind, long number)
{
    const xmpp_row_t *r = module_row(member->module, NULL);

    while (r && !(r->kind == kind && r->number == number))
        r = module_row(member->module, r);
    return r;
}
