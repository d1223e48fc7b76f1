/* routes.c - who gets which stanza: how handlers come and go. */

#include <xmpp/error.h>

#include "dispatch/routes_inside.h"

/* ---- life -------------------------------------------------------- */

void routes_init(struct routes *r, struct env *env, struct slots *slots)
{
    *r = (struct routes){.env = env, .slots = slots};
    map_init(&r->by_filter, env);
    map_init(&r->by_id, env);
    map_init(&r->by_entry, env);
    map_init(&r->by_function, env);
    list_init(&r->all);
    list_init(&r->ended);
    list_init(&r->dead);
}

static void free_route(struct routes *r, struct route *route)
{
    env_free(r->env, route->id);
    env_free(r->env, route->ns);
    env_free(r->env, route->name);
    env_free(r->env, route->type);
    env_free(r->env, route);
}

static struct route *first_route(const struct list *list)
{
    return LIST_ENTRY(list->next, struct route, link);
}

/* Freeing userdata may come here again, so each call takes out what it works
 * on first. The memory of a route has to stay while a walk may still point
 * to it. */
void routes_sweep(struct routes *r)
{
    while (!list_is_empty(&r->ended)) {
        struct route *route = first_route(&r->ended);

        list_remove(&route->link);
        list_append(&r->dead, &route->link);
        userdata_free(route->slot.user);
    }
    while (!r->walks && !list_is_empty(&r->dead)) {
        struct route *route = first_route(&r->dead);

        list_remove(&route->link);
        free_route(r, route);
    }
}

/* While it is being called its userdata is in use, so it waits outside all
 * lists. */
void route_settle(struct routes *r, struct route *route)
{
    if (!route->calls && !list_is_linked(&route->link))
        list_append(&r->ended, &route->link);
}

static struct route_key key_of(const struct route *route)
{
    return (struct route_key){str_of(route->ns), str_of(route->name),
                              str_of(route->type)};
}

void route_kill(struct routes *r, struct route *route)
{
    struct route_key key = key_of(route);

    if (route->dead)
        return;
    route->dead = true;
    map_remove(route->id ? &r->by_id : &r->by_filter, &route->by_key);
    map_remove(&r->by_entry, &route->by_entry);
    map_remove(&r->by_function, &route->by_function);
    /* Handlers by id have no filter, so no shape. */
    if (!route->id)
        r->shapes[route_shape(&key)]--;
    slot_close(r->slots, &route->slot);
    list_remove(&route->link);
    route_settle(r, route);
}

static void remove_route(struct slot *slot)
{
    struct route *route = LIST_ENTRY(slot, struct route, slot);
    struct routes *r = route->routes;

    route_kill(r, route);
    routes_sweep(r);
}

void routes_clear(struct routes *r)
{
    while (!list_is_empty(&r->all))
        route_kill(r, first_route(&r->all));
    routes_sweep(r);
}

void routes_free(struct routes *r)
{
    /* No walk is under way: the connection is being freed. */
    r->walks = 0;
    routes_clear(r);
    map_free(&r->by_filter);
    map_free(&r->by_id);
    map_free(&r->by_entry);
    map_free(&r->by_function);
}

/* ---- keys -------------------------------------------------------- */

/* Filters are the application's own choice, so the plain hash will do. */
uint32_t route_hash(const struct route_key *key)
{
    uint32_t hash = MAP_SEED + route_shape(key);

    hash = map_hash(hash, key->ns);
    hash = map_hash(hash, key->name);
    return map_hash(hash, key->type);
}

/* libstrophe deletes all handlers of a function, or those of a function and an
 * id. Without this key a delete would walk all handlers. */
static uint32_t hash_function(xmpp_handler handler, const char *id)
{
    uint32_t hash = map_hash(MAP_SEED + (id != NULL), str_of(id));

    return map_hash(hash, str_n((const char *)&handler, sizeof(handler)));
}

static uint32_t hash_entry(xmpp_handler handler, const char *id, void *userdata)
{
    return map_hash_pointer(hash_function(handler, id), userdata);
}

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* ---- adding ------------------------------------------------------ */

/* An entry of this function, userdata and, by id, id; one that is being called,
 * or one that is not. */
static struct route *find_entry(struct routes *r, xmpp_handler handler,
                                const char *id, void *userdata, bool called)
{
    struct map_node *n =
        map_first(&r->by_entry, hash_entry(handler, id, userdata));

    for (; n; n = map_next(&r->by_entry, n)) {
        struct route *route = ROUTE_OF(n, by_entry);

        if (route->handler == handler && route->slot.user.data == userdata &&
            same_text(route->id, id) && called == (route->calls > 0))
            return route;
    }
    return NULL;
}

static struct route *make_route(struct routes *r, xmpp_handler handler)
{
    struct route *route = env_zalloc(r->env, sizeof(*route));

    if (route) {
        route->routes = r;
        route->handler = handler;
        list_init(&route->link);
    }
    return route;
}

/* Into the tables. */
static void enter_route(struct routes *r, struct route *route,
                        const struct slot_args *args)
{
    struct route_key key = key_of(route);
    struct route *called =
        args->is_single
            ? find_entry(r, route->handler, route->id, args->user.data, true)
            : NULL;

    /* A handler that adds itself while it is called is still registered. What
     * becomes of the two entries is decided when it returns (call_route()). */
    if (called)
        called->renewal = route;
    slot_open(r->slots, &route->slot, args, remove_route);
    route->born = r->born++;
    list_append(&r->all, &route->link);
    map_add(&r->by_entry, &route->by_entry,
            hash_entry(route->handler, route->id, args->user.data));
    map_add(&r->by_function, &route->by_function,
            hash_function(route->handler, route->id));
    if (route->id) {
        map_add(&r->by_id, &route->by_key,
                map_hash_secret(&r->by_id, str_of(route->id)));
        return;
    }
    r->shapes[route_shape(&key)]++;
    r->parts |= route_shape(&key);
    map_add(&r->by_filter, &route->by_key, route_hash(&key));
}

int routes_add(struct routes *r, xmpp_handler handler, const char *ns,
               const char *name, const char *type, const struct slot_args *args)
{
    struct route *route;

    /* An entry that is being called does not count: its handler may add itself
     * to be renewed. */
    if (args->is_single && find_entry(r, handler, NULL, args->user.data, false))
        return 1;
    route = make_route(r, handler);
    if (!route)
        return XMPP_EMEM;
    if (env_replace(r->env, &route->ns, ns) ||
        env_replace(r->env, &route->name, name) ||
        env_replace(r->env, &route->type, type)) {
        free_route(r, route);
        return XMPP_EMEM;
    }
    enter_route(r, route, args);
    return 0;
}

int routes_add_id(struct routes *r, xmpp_handler handler, const char *id,
                  const struct slot_args *args)
{
    struct route *route;

    if (args->is_single && find_entry(r, handler, id, args->user.data, false))
        return 1;
    route = make_route(r, handler);
    if (!route)
        return XMPP_EMEM;
    if (env_replace(r->env, &route->id, id)) {
        free_route(r, route);
        return XMPP_EMEM;
    }
    enter_route(r, route, args);
    return 0;
}

/* ---- deleting ---------------------------------------------------- */

static void delete_routes(struct routes *r, xmpp_handler handler,
                          const char *id)
{
    struct map_node *n = map_first(&r->by_function, hash_function(handler, id));

    while (n) {
        struct route *route = ROUTE_OF(n, by_function);

        n = map_next(&r->by_function, n);
        if (route->handler == handler && same_text(route->id, id))
            route_kill(r, route);
    }
    routes_sweep(r);
}

void routes_delete(struct routes *r, xmpp_handler handler)
{
    delete_routes(r, handler, NULL);
}

void routes_delete_id(struct routes *r, xmpp_handler handler, const char *id)
{
    delete_routes(r, handler, id);
}

void routes_delete_entry(struct routes *r, xmpp_handler handler, void *userdata)
{
    struct route *route;

    /* find_entry() looks for those being called or for the others. A slot may
     * register the same function and userdata any number of times. */
    while ((route = find_entry(r, handler, NULL, userdata, false)) ||
           (route = find_entry(r, handler, NULL, userdata, true)))
        route_kill(r, route);
    routes_sweep(r);
}

bool routes_have_id(struct routes *r, struct str id)
{
    struct map_node *n =
        r->by_id.count ? map_first(&r->by_id, map_hash_secret(&r->by_id, id))
                       : NULL;

    while (n && !str_is(id, ROUTE_OF(n, by_key)->id))
        n = map_next(&r->by_id, n);
    return n != NULL;
}
