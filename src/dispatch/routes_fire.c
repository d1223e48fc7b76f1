/* routes_fire.c - who gets which stanza: the handlers that fit one are called.
 */

#include <stdlib.h>

#include "dispatch/routes_inside.h"
#include "stanza/find.h"

/* So many that fit one stanza need no allocation. */
#define FEW 32

/* Those found for one stanza. Invariant: only those with `from` <= born <
 * `until` count, so a handler that is added during the walk is not called by
 * it. `more` means that memory did not suffice for all: these are the oldest,
 * and another search from the last of them on finds the rest. */
struct found {
    struct routes *routes;
    uint64_t from, until;
    struct route *few[FEW];
    struct route **all; /* `few`, or allocated */
    size_t n, room;
    bool more;
};

/* ---- collecting -------------------------------------------------- */

static bool make_room(struct found *f)
{
    size_t bytes = f->n * sizeof(*f->all);
    struct route **more = env_alloc(f->routes->env, 2 * bytes);

    if (!more)
        return false;
    memcpy(more, f->all, bytes);
    if (f->all != f->few)
        env_free(f->routes->env, f->all);
    f->all = more;
    f->room *= 2;
    return true;
}

static void replace_youngest(struct found *f, struct route *route)
{
    size_t youngest = 0;

    f->more = true;
    for (size_t i = 1; i < f->n; i++)
        if (f->all[i]->born > f->all[youngest]->born)
            youngest = i;
    if (route->born < f->all[youngest]->born)
        f->all[youngest] = route;
}

static void note_route(struct found *f, struct route *route)
{
    if (route->born < f->from || route->born >= f->until)
        return;
    if (f->n < f->room || make_room(f))
        f->all[f->n++] = route;
    else
        replace_youngest(f, route);
}

static bool is_filter_part(const char *of_route, struct str wanted)
{
    return wanted.s ? str_is(wanted, of_route) : !of_route;
}

static bool route_has_key(const struct route *route,
                          const struct route_key *key)
{
    return is_filter_part(route->ns, key->ns) &&
           is_filter_part(route->name, key->name) &&
           is_filter_part(route->type, key->type);
}

/* All that have this very filter. If one of them was found before in this
 * search, all were: a thousand children may share their namespace, and must not
 * cost a thousand walks. */
static void look_up(struct found *f, const struct route_key *key)
{
    struct routes *r = f->routes;
    struct map_node *n;

    if (!r->shapes[route_shape(key)])
        return;
    n = map_first(&r->by_filter, route_hash(key));
    for (; n; n = map_next(&r->by_filter, n)) {
        struct route *route = ROUTE_OF(n, by_key);

        if (!route_has_key(route, key))
            continue;
        if (route->search == r->search)
            return;
        route->search = r->search;
        note_route(f, route);
    }
}

/* ---- what fits a stanza ------------------------------------------ */

/* RFC 6121 section 5.2.2: a message without a type, or with an unknown one,
 * counts as one of type "normal". */
static bool is_normal_message(const xmpp_stanza_t *stanza, struct str type)
{
    enum name_id id = name_find(type);

    return node_is(stanza, N_MESSAGE, NAME_NONE) && id != N_CHAT &&
           id != N_ERROR && id != N_GROUPCHAT && id != N_HEADLINE &&
           id != N_NORMAL;
}

/* The names and types that a filter which fits may have. The first is for those
 * that have none. */
struct traits {
    struct str name[2], type[3];
    size_t names, types;
};

/* What no filter has need not be looked at. */
static void read_traits(struct traits *t, const struct routes *r,
                        const xmpp_stanza_t *stanza, struct str name)
{
    struct str type;

    t->names = t->types = 1;
    t->name[0] = t->type[0] = STR_NONE;
    if (r->parts & ROUTE_NAME)
        t->name[t->names++] = name;
    if (!(r->parts & ROUTE_TYPE))
        return;
    type = node_attr(stanza, N_TYPE);
    if (type.s)
        t->type[t->types++] = type;
    if (is_normal_message(stanza, type))
        t->type[t->types++] = STR("normal");
}

static void look_up_all(struct found *f, struct str ns, const struct traits *t)
{
    for (size_t i = 0; i < t->names; i++)
        for (size_t k = 0; k < t->types; k++)
            look_up(f, &(struct route_key){ns, t->name[i], t->type[k]});
}

static void find_by_filter(struct found *f, const xmpp_stanza_t *stanza)
{
    struct traits t;
    struct str last;

    read_traits(&t, f->routes, stanza, node_name(stanza));
    look_up_all(f, STR_NONE, &t);
    /* If no filter has a namespace, the children need not be looked at. */
    if (!(f->routes->parts & ROUTE_NS))
        return;
    last = node_ns(stanza);
    if (last.s)
        look_up_all(f, last, &t);
    /* libstrophe's rule: the namespace of a filter may be that of the stanza or
     * of one of its children. */
    for (const xmpp_stanza_t *c = node_first_element(stanza); c;
         c = node_next_element(c)) {
        struct str ns = node_ns(c);

        if (ns.s && !str_eq(ns, last))
            look_up_all(f, ns, &t);
        last = ns;
    }
}

/* Filters with the namespace of the element itself only. */
static void find_by_ns(struct found *f, const xmpp_stanza_t *element)
{
    struct str ns = node_ns(element);
    struct traits t;

    read_traits(&t, f->routes, element, node_name(element));
    if (ns.s)
        look_up_all(f, ns, &t);
}

static void find_by_id(struct found *f, const xmpp_stanza_t *stanza)
{
    struct str id = node_attr(stanza, N_ID);
    struct map *map = &f->routes->by_id;
    struct map_node *n = id.s ? map_first(map, map_hash_secret(map, id)) : NULL;

    for (; n; n = map_next(map, n))
        if (str_is(id, ROUTE_OF(n, by_key)->id))
            note_route(f, ROUTE_OF(n, by_key));
}

static void find_by_child(struct found *f, const xmpp_stanza_t *iq)
{
    const xmpp_stanza_t *child = node_first_element(iq);
    struct str ns = node_ns(child);
    struct traits t;

    read_traits(&t, f->routes, iq, node_name(child));

    /* An iq with two elements is malformed (RFC 6120 section 8.2.3): nobody may
     * take it. */
    if (child && !node_next_element(child) && ns.s)
        look_up_all(f, ns, &t);
}

/* ---- calling ----------------------------------------------------- */

typedef void finder(struct found *f, const xmpp_stanza_t *stanza);

static int by_birth(const void *a, const void *b)
{
    const struct route *left = *(struct route *const *)a;
    const struct route *right = *(struct route *const *)b;

    return left->born < right->born ? -1 : left->born > right->born;
}

static void found_begin(struct found *f, struct routes *r)
{
    /* `few` is left as it is */
    f->routes = r;
    f->from = 0;
    f->until = r->born;
    f->all = f->few;
    f->n = 0;
    f->room = FEW;
    f->more = true;
    r->walks++;
}

/* The next of them, which may be all; false if there are none. */
static bool found_next(struct found *f, finder *find,
                       const xmpp_stanza_t *stanza)
{
    if (!f->more)
        return false;
    f->more = false;
    f->n = 0;
    f->routes->search++;
    find(f, stanza);
    if (f->n > 1)
        /* In the order in which they were added: the tables do not keep it. */
        qsort(f->all, f->n, sizeof(*f->all), by_birth);
    if (f->n)
        f->from = f->all[f->n - 1]->born + 1;
    return f->n > 0;
}

static void sweep_ended(struct routes *r)
{
    if (!list_is_empty(&r->ended) || !list_is_empty(&r->dead))
        routes_sweep(r);
}

static void found_end(struct found *f)
{
    if (f->all != f->few)
        env_free(f->routes->env, f->all);
    f->routes->walks--;
    sweep_ended(f->routes);
}

/* The handler's own answer. Nothing of a route is freed while it is called. */
static int call_handler(struct route *route, xmpp_conn_t *conn,
                        xmpp_stanza_t *stanza)
{
    int answer;

    route->calls++;
    answer = route->handler(conn, stanza, route->slot.user.data);
    route->calls--;
    return answer;
}

/* What ended during the call, or by it; see struct routes. */
static void settle_call(struct routes *r, struct route *route)
{
    if (route->dead)
        route_settle(r, route);
    sweep_ended(r);
}

/* A handler that adds itself and returns 0 wanted to be renewed: the new entry
 * stays. If it returns that the old entry stays, the new one goes again. */
static void call_route(struct routes *r, struct route *route, xmpp_conn_t *conn,
                       xmpp_stanza_t *stanza)
{
    int stays = call_handler(route, conn, stanza);

    if (!stays)
        route_kill(r, route);
    else if (route->renewal && !route->dead)
        route_kill(r, route->renewal);
    /* An outer call of the same handler may still have to decide. */
    if (!route->calls)
        route->renewal = NULL;
    settle_call(r, route);
}

/* A handler without any filter sees everything, so it does not mean that
 * somebody knows this iq. */
static bool is_observer(const struct route *route)
{
    return !route->id && !route->ns && !route->name && !route->type;
}

static bool fire(struct routes *r, xmpp_conn_t *conn, xmpp_stanza_t *stanza,
                 finder *find)
{
    struct found f;
    bool taken = false;

    found_begin(&f, r);
    while (found_next(&f, find, stanza))
        for (size_t i = 0; i < f.n; i++)
            if (!f.all[i]->dead) {
                taken |= !is_observer(f.all[i]);
                call_route(r, f.all[i], conn, stanza);
            }
    found_end(&f);
    return taken;
}

bool routes_fire_id(struct routes *r, xmpp_conn_t *conn, xmpp_stanza_t *stanza)
{
    return r->by_id.count ? fire(r, conn, stanza, find_by_id) : false;
}

/* The one that gets everything, if there is no other. */
static struct route *lone_observer(const struct routes *r)
{
    struct map_node *only = r->shapes[0] ? map_only(&r->by_filter) : NULL;

    return only ? ROUTE_OF(only, by_key) : NULL;
}

bool routes_fire(struct routes *r, xmpp_conn_t *conn, xmpp_stanza_t *stanza)
{
    struct route *lone = lone_observer(r);

    if (!lone)
        return r->by_filter.count && fire(r, conn, stanza, find_by_filter);
    r->walks++;
    call_route(r, lone, conn, stanza);
    r->walks--;
    sweep_ended(r);
    return false;
}

bool routes_fire_ns(struct routes *r, xmpp_conn_t *conn, xmpp_stanza_t *element)
{
    return r->by_filter.count ? fire(r, conn, element, find_by_ns) : false;
}

int routes_take(struct routes *r, xmpp_conn_t *conn, xmpp_stanza_t *iq)
{
    struct found f;
    int rc = 0;

    if (!r->by_filter.count)
        return 0;
    found_begin(&f, r);
    while (rc == 0 && found_next(&f, find_by_child, iq))
        for (size_t i = 0; i < f.n && rc == 0; i++)
            if (!f.all[i]->dead) {
                /* What a taker returns is about the iq, so it never ends the
                 * handler. */
                rc = call_handler(f.all[i], conn, iq);
                settle_call(r, f.all[i]);
            }
    found_end(&f);
    return rc;
}
