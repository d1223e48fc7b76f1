/* routes.c - who listens for what: handlers by id, and by filter. */

#include "dispatch/routes.h"

#include <xmpp/error.h>

#include "stanza/find.h"

/* So many that fit one stanza are sorted on the stack; more are found one
 * after the other. */
#define FEW 32

/* One handler. The strings are owned; NULL fits everything. */
struct route {
    struct map_node in_bucket, by_function;
    struct list link; /* of all, or of the dead */
    uint64_t born;
    xmpp_handler handler;
    void *userdata;
    char *id, *ns, *name, *type;
    bool dead;
};

#define OF_BUCKET(node)                                                        \
    ((struct route *)(void *)((char *)(node)-offsetof(struct route, in_bucket)))
#define OF_FUNCTION(node)                                                      \
    ((struct route *)(void *)((char *)(node)-offsetof(struct route,            \
                                                      by_function)))

/* ---- life ------------------------------------------------------------- */

void routes_init(struct routes *r, struct env *env)
{
    *r = (struct routes){.env = env};
    map_init(&r->by_filter, env);
    map_init(&r->by_id, env);
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

static void sweep(struct routes *r)
{
    while (!r->walks && !list_is_empty(&r->dead)) {
        struct route *route = LIST_ENTRY(r->dead.next, struct route, link);

        list_remove(&route->link);
        destroy(r, route);
    }
}

static void kill(struct routes *r, struct route *route)
{
    if (route->dead)
        return;
    route->dead = true;
    map_remove(route->id ? &r->by_id : &r->by_filter, &route->in_bucket);
    map_remove(&r->by_function, &route->by_function);
    list_remove(&route->link);
    list_append(&r->dead, &route->link);
}

void routes_clear(struct routes *r)
{
    while (!list_is_empty(&r->all))
        kill(r, LIST_ENTRY(r->all.next, struct route, link));
    sweep(r);
}

void routes_free(struct routes *r)
{
    r->walks = 0;
    routes_clear(r);
    map_free(&r->by_filter);
    map_free(&r->by_id);
    map_free(&r->by_function);
}

/* ---- keys ------------------------------------------------------------- */

/* What a bucket is about; part of its hash. */
enum key { KEY_ANY, KEY_NAME, KEY_TYPE, KEY_NS };

static uint32_t bucket_of(enum key key, struct str text)
{
    return map_hash(MAP_SEED + (uint32_t)key, text);
}

/* A namespace says most, then a type, then a name. */
static uint32_t home_of(const struct route *route)
{
    if (route->ns)
        return bucket_of(KEY_NS, str_of(route->ns));
    if (route->type)
        return bucket_of(KEY_TYPE, str_of(route->type));
    if (route->name)
        return bucket_of(KEY_NAME, str_of(route->name));
    return bucket_of(KEY_ANY, STR(""));
}

static uint32_t hash_function(xmpp_handler handler)
{
    return map_hash(MAP_SEED, str_n((const char *)&handler, sizeof(handler)));
}

/* ---- adding and deleting ---------------------------------------------- */

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* The same function with the same userdata; by id, for the same id. */
static bool is_there(const struct routes *r, xmpp_handler handler,
                     const char *id, void *userdata)
{
    struct map_node *n = map_first(&r->by_function, hash_function(handler));

    for (; n; n = map_next(n)) {
        const struct route *route = OF_FUNCTION(n);

        if (route->handler == handler && route->userdata == userdata &&
            same(route->id, id))
            return true;
    }
    return false;
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

static void enter(struct routes *r, struct route *route)
{
    route->born = r->born++;
    list_append(&r->all, &route->link);
    map_add(&r->by_function, &route->by_function,
            hash_function(route->handler));
    if (route->id)
        map_add(&r->by_id, &route->in_bucket,
                map_hash(MAP_SEED, str_of(route->id)));
    else
        map_add(&r->by_filter, &route->in_bucket, home_of(route));
}

int routes_add(struct routes *r, xmpp_handler handler, const char *ns,
               const char *name, const char *type, void *userdata)
{
    struct route *route;

    if (is_there(r, handler, NULL, userdata))
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
    enter(r, route);
    return 0;
}

int routes_add_id(struct routes *r, xmpp_handler handler, const char *id,
                  void *userdata)
{
    struct route *route;

    if (is_there(r, handler, id, userdata))
        return 1;
    route = make(r, handler, userdata);
    if (!route)
        return XMPP_EMEM;
    if (env_replace(r->env, &route->id, id)) {
        destroy(r, route);
        return XMPP_EMEM;
    }
    enter(r, route);
    return 0;
}

static void delete(struct routes *r, xmpp_handler handler, const char *id)
{
    struct map_node *next;

    for (struct map_node *n =
             map_first(&r->by_function, hash_function(handler));
         n; n = next) {
        struct route *route = OF_FUNCTION(n);

        next = map_next(n);
        if (route->handler == handler && same(route->id, id))
            kill(r, route);
    }
    sweep(r);
}

void routes_delete(struct routes *r, xmpp_handler handler)
{
    delete (r, handler, NULL);
}

void routes_delete_id(struct routes *r, xmpp_handler handler, const char *id)
{
    delete (r, handler, id);
}

/* ---- firing ----------------------------------------------------------- */

static bool has_ns(const xmpp_stanza_t *stanza, const char *ns)
{
    if (str_is(node_ns(stanza), ns))
        return true;
    for (const xmpp_stanza_t *c = node_first_element(stanza); c;
         c = node_next_element(c))
        if (str_is(node_ns(c), ns))
            return true;
    return false;
}

static bool fits(const struct route *route, const xmpp_stanza_t *stanza)
{
    if (route->id)
        return str_is(node_attr(stanza, N_ID), route->id);
    return (!route->name || str_is(node_name(stanza), route->name)) &&
           (!route->type || str_is(node_attr(stanza, N_TYPE), route->type)) &&
           (!route->ns || has_ns(stanza, route->ns));
}

enum which {
    BY_ID,
    BY_FILTER,
    BY_NAMESPACE /* of the element itself, and nothing less */
};

/* Those found for one stanza, in order of birth; `more`: not all. Only those
 * born from `from` on and before `until` count. */
struct found {
    const xmpp_stanza_t *stanza;
    uint64_t from, until;
    enum which which;
    struct route *few[FEW];
    size_t n;
    bool more;
};

/* Put it where it belongs; the youngest falls out when there are too many. */
static void note(struct found *f, struct route *route)
{
    size_t at = f->n;

    if (route->born < f->from || route->born >= f->until ||
        !fits(route, f->stanza) ||
        (f->which == BY_NAMESPACE &&
         (!route->ns || !str_is(node_ns(f->stanza), route->ns))))
        return;
    while (at > 0 && f->few[at - 1]->born > route->born)
        at--;
    if (at > 0 && f->few[at - 1] == route)
        return;
    if (f->n == FEW) {
        f->more = true;
        if (at == FEW)
            return;
        f->n--;
    }
    memmove(&f->few[at + 1], &f->few[at], (f->n - at) * sizeof(f->few[0]));
    f->few[at] = route;
    f->n++;
}

static void look_into(struct found *f, const struct map *map, uint32_t hash)
{
    for (struct map_node *n = map_first(map, hash); n; n = map_next(n))
        note(f, OF_BUCKET(n));
}

static void look(struct found *f, const struct map *map, enum key key,
                 struct str text)
{
    if (text.s)
        look_into(f, map, bucket_of(key, text));
}

static void find(struct found *f, const struct routes *r)
{
    const struct map *map = &r->by_filter;
    const xmpp_stanza_t *stanza = f->stanza;
    struct str id = node_attr(stanza, N_ID);

    f->n = 0;
    f->more = false;
    if (f->which == BY_ID) {
        if (id.s)
            look_into(f, &r->by_id, map_hash(MAP_SEED, id));
        return;
    }
    look(f, map, KEY_ANY, STR(""));
    look(f, map, KEY_NAME, node_name(stanza));
    look(f, map, KEY_TYPE, node_attr(stanza, N_TYPE));
    look(f, map, KEY_NS, node_ns(stanza));
    for (const xmpp_stanza_t *c = node_first_element(stanza); c;
         c = node_next_element(c))
        look(f, map, KEY_NS, node_ns(c));
}

static bool is_observer(const struct route *route)
{
    return !route->id && !route->ns && !route->name && !route->type;
}

static bool fire(struct routes *r, xmpp_conn_t *conn, xmpp_stanza_t *stanza,
                 enum which which)
{
    struct found f = {
        .stanza = stanza, .until = r->born, .which = which, .more = true};
    bool taken = false;

    r->walks++;
    while (f.more) {
        find(&f, r);
        for (size_t i = 0; i < f.n; i++) {
            struct route *route = f.few[i];

            f.from = route->born + 1;
            if (route->dead)
                continue;
            taken |= !is_observer(route);
            if (!route->handler(conn, stanza, route->userdata))
                kill(r, route);
        }
    }
    r->walks--;
    sweep(r);
    return taken;
}

bool routes_fire_id(struct routes *r, xmpp_conn_t *conn, xmpp_stanza_t *stanza)
{
    return r->by_id.count ? fire(r, conn, stanza, BY_ID) : false;
}

bool routes_fire(struct routes *r, xmpp_conn_t *conn, xmpp_stanza_t *stanza)
{
    return r->by_filter.count ? fire(r, conn, stanza, BY_FILTER) : false;
}

bool routes_fire_ns(struct routes *r, xmpp_conn_t *conn, xmpp_stanza_t *element)
{
    return r->by_filter.count ? fire(r, conn, element, BY_NAMESPACE) : false;
}
