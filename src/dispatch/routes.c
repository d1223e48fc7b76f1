/* routes.c - who listens for what: how handlers come and go. */

#include <xmpp/error.h>

#include "dispatch/routes_inside.h"

/* ---- life -------------------------------------------------------- */

void routes_init(struct routes *r, struct env *env)
{
    *r = (struct routes){.env = env};
    map_init(&r->by_filter, env);
    map_init(&r->by_id, env);
    map_init(&r->by_entry, env);
    map_init(&r->by_function, env);
    list_init(&r->all);
    list_init(&r->dead);
}

static void destroy(struct routes *r, struct route *route)
{
    env_free(r->env, route->id);
    env_free(r->env, route->ns);
    env_free(r->env, route->name);
    env_free(r->env, route->type);
    env_free(r->env, route);
}

void routes_sweep(struct routes *r)
{
    while (!r->walks && !list_is_empty(&r->dead)) {
        struct route *route = LIST_ENTRY(r->dead.next, struct route, link);

        list_remove(&route->link);
        destroy(r, route);
    }
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
    if (!route->id)
        r->shapes[route_shape(&key)]--;
    list_remove(&route->link);
    list_append(&r->dead, &route->link);
}

void routes_clear(struct routes *r)
{
    while (!list_is_empty(&r->all))
        route_kill(r, LIST_ENTRY(r->all.next, struct route, link));
    routes_sweep(r);
}

void routes_free(struct routes *r)
{
    r->walks = 0;
    routes_clear(r);
    map_free(&r->by_filter);
    map_free(&r->by_id);
    map_free(&r->by_entry);
    map_free(&r->by_function);
}

/* ---- keys -------------------------------------------------------- */

unsigned route_shape(const struct route_key *key)
{
    return (key->ns.s ? ROUTE_NS : 0) | (key->name.s ? ROUTE_NAME : 0) |
           (key->type.s ? ROUTE_TYPE : 0);
}

uint32_t route_hash(const struct route_key *key)
{
    uint32_t hash = MAP_SEED + route_shape(key);

    hash = map_hash(hash, key->ns);
    hash = map_hash(hash, key->name);
    return map_hash(hash, key->type);
}

/* As handlers are deleted: all of a function, or those of one id. */
static uint32_t hash_function(xmpp_handler handler, const char *id)
{
    uint32_t hash = map_hash(MAP_SEED + (id != NULL), str_of(id));

    return map_hash(hash, str_n((const char *)&handler, sizeof(handler)));
}

static uint32_t hash_entry(xmpp_handler handler, const char *id, void *userdata)
{
    return map_hash_pointer(hash_function(handler, id), userdata);
}

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* ---- adding ------------------------------------------------------ */

/* The entries of a function, its userdata and, by id, the id: one at most that
 * is not being called, and one at most that is. */
static struct route *find_entry(struct routes *r, xmpp_handler handler,
                                const char *id, void *userdata, bool called)
{
    struct map_node *n =
        map_first(&r->by_entry, hash_entry(handler, id, userdata));

    for (; n; n = map_next(&r->by_entry, n)) {
        struct route *route = ROUTE_OF(n, by_entry);

        if (route->handler == handler && route->userdata == userdata &&
            same(route->id, id) && called == (route->calls > 0))
            return route;
    }
    return NULL;
}

static struct route *make(struct routes *r, xmpp_handler handler,
                          void *userdata)
{
    struct route *route = env_zalloc(r->env, sizeof(*route));

    if (route) {
        route->handler = handler;
        route->userdata = userdata;
        list_init(&route->link);
    }
    return route;
}

static int enter(struct routes *r, struct route *route)
{
    struct route_key key = key_of(route);
    struct route *called =
        find_entry(r, route->handler, route->id, route->userdata, true);

    if (called)
        called->renewal = route;
    route->born = r->born++;
    list_append(&r->all, &route->link);
    map_add(&r->by_entry, &route->by_entry,
            hash_entry(route->handler, route->id, route->userdata));
    map_add(&r->by_function, &route->by_function,
            hash_function(route->handler, route->id));
    if (route->id) {
        map_add(&r->by_id, &route->by_key,
                map_hash_secret(&r->by_id, str_of(route->id)));
        return 0;
    }
    r->shapes[route_shape(&key)]++;
    map_add(&r->by_filter, &route->by_key, route_hash(&key));
    return 0;
}

int routes_add(struct routes *r, xmpp_handler handler, const char *ns,
               const char *name, const char *type, void *userdata)
{
    struct route *route;

    if (find_entry(r, handler, NULL, userdata, false))
        return 1;
    route = make(r, handler, userdata);
    if (!route)
        return XMPP_EMEM;
    if (env_replace(r->env, &route->ns, ns) ||
        env_replace(r->env, &route->name, name) ||
        env_replace(r->env, &route->type, type)) {
        destroy(r, route);
        return XMPP_EMEM;
    }
    return enter(r, route);
}

int routes_add_id(struct routes *r, xmpp_handler handler, const char *id,
                  void *userdata)
{
    struct route *route;

    if (find_entry(r, handler, id, userdata, false))
        return 1;
    route = make(r, handler, userdata);
    if (!route)
        return XMPP_EMEM;
    if (env_replace(r->env, &route->id, id)) {
        destroy(r, route);
        return XMPP_EMEM;
    }
    return enter(r, route);
}

/* ---- deleting ---------------------------------------------------- */

static void delete_all(struct routes *r, xmpp_handler handler, const char *id)
{
    struct map_node *n = map_first(&r->by_function, hash_function(handler, id));

    while (n) {
        struct route *route = ROUTE_OF(n, by_function);

        n = map_next(&r->by_function, n);
        if (route->handler == handler && same(route->id, id))
            route_kill(r, route);
    }
    routes_sweep(r);
}

void routes_delete(struct routes *r, xmpp_handler handler)
{
    delete_all(r, handler, NULL);
}

void routes_delete_id(struct routes *r, xmpp_handler handler, const char *id)
{
    delete_all(r, handler, id);
}

void routes_delete_entry(struct routes *r, xmpp_handler handler, void *userdata)
{
    struct route *route;

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
