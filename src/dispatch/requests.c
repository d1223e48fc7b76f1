/* requests.c - questions we asked, each of which ends exactly once. */

#include "dispatch/requests.h"

#include <xmpp/error.h>

#include "address/jid.h"
#include "stanza/find.h"

/* One question. The strings follow it in the same block. */
struct request {
    struct map_node by_id;
    struct timer timer;
    struct list link;
    xmpp_reply_handler handler;
    void *userdata;
    struct str id, to; /* `to` STR_NONE: our own account */
};

#define OF_MAP(node)                                                           \
    ((struct request *)(void *)((char *)(node)-offsetof(struct request, by_id)))
#define OF_TIMER(t)                                                            \
    ((struct request *)(void *)((char *)(t)-offsetof(struct request, timer)))

void requests_init(struct requests *r, struct env *env)
{
    r->env = env;
    map_init(&r->by_id, env);
    list_init(&r->open);
    list_init(&r->ending);
    r->timers = (struct timers){NULL};
}

/* Out of the books: it can neither be answered nor be late. */
static void strike(struct requests *r, struct request *q)
{
    map_remove(&r->by_id, &q->by_id);
    timers_clear(&r->timers, &q->timer);
    list_remove(&q->link);
}

static void end(struct requests *r, struct request *q, xmpp_conn_t *conn,
                int status, xmpp_stanza_t *reply)
{
    xmpp_reply_handler handler = q->handler;
    void *userdata = q->userdata;

    env_free(r->env, q);
    handler(conn, status, reply, userdata);
}

static void drop_all(struct requests *r, struct list *list)
{
    while (!list_is_empty(list)) {
        struct request *q = LIST_ENTRY(list->next, struct request, link);

        if (list == &r->open)
            strike(r, q);
        list_remove(&q->link);
        env_free(r->env, q);
    }
}

void requests_free(struct requests *r)
{
    drop_all(r, &r->open);
    drop_all(r, &r->ending);
    map_free(&r->by_id);
}

/* ---- asking ----------------------------------------------------------- */

static struct request *find(const struct requests *r, struct str id)
{
    struct map_node *node = map_first(&r->by_id, map_hash(MAP_SEED, id));

    while (node && !str_eq(OF_MAP(node)->id, id))
        node = map_next(node);
    return node ? OF_MAP(node) : NULL;
}

static struct str copy(char **to, struct str from)
{
    struct str copied = {*to, from.n};

    if (!from.s)
        return STR_NONE;
    if (from.n)
        memcpy(*to, from.s, from.n);
    *to += from.n;
    return copied;
}

int requests_add(struct requests *r, struct str id, struct str to,
                 uint64_t deadline, xmpp_reply_handler handler, void *userdata)
{
    struct request *q;
    char *strings;

    if (find(r, id))
        return XMPP_EARG;
    q = env_zalloc(r->env, sizeof(*q) + id.n + to.n + 1);
    if (!q)
        return XMPP_EMEM;
    strings = (char *)(q + 1);
    q->id = copy(&strings, id);
    q->to = copy(&strings, to);
    q->handler = handler;
    q->userdata = userdata;
    list_append(&r->open, &q->link);
    map_add(&r->by_id, &q->by_id, map_hash(MAP_SEED, id));
    timers_set(&r->timers, &q->timer, deadline);
    return 0;
}

/* ---- being answered --------------------------------------------------- */

static struct str domain_of(struct str jid)
{
    struct str bare = jid_bare(jid), head;
    struct str rest = str_cut(bare, '@', &head);

    return rest.s ? rest : head;
}

/* Was it asked of our own account, or of the server that speaks for it? */
static bool is_own(struct str to, struct str self)
{
    return !to.s || jid_equal(to, jid_bare(self)) ||
           jid_equal(to, domain_of(self));
}

static bool is_from_whom_we_asked(struct str from, struct str to,
                                  struct str self)
{
    if (to.s && from.s && jid_equal(from, to))
        return true;
    if (!is_own(to, self))
        return false;
    if (!from.s)
        return true;
    /* Who asked the account may hear the account, in any of its forms. */
    return !jid_equal(to.s ? to : jid_bare(self), domain_of(self)) &&
           (jid_equal(from, self) || jid_equal(from, jid_bare(self)) ||
            jid_equal(from, domain_of(self)));
}

bool requests_answer(struct requests *r, xmpp_conn_t *conn,
                     xmpp_stanza_t *stanza, struct str self)
{
    struct str type = node_attr(stanza, N_TYPE), id = node_attr(stanza, N_ID);
    struct request *q;
    bool failed = str_is(type, "error");

    if (!r->by_id.count || !id.s || !node_is(stanza, N_IQ, NAME_NONE) ||
        (!failed && !str_is(type, "result")))
        return false;
    q = find(r, id);
    if (!q || !is_from_whom_we_asked(node_attr(stanza, N_FROM), q->to, self))
        return false;
    strike(r, q);
    end(r, q, conn, failed ? XMPP_ESTANZA : 0, stanza);
    return true;
}

/* ---- ending otherwise ------------------------------------------------- */

uint64_t requests_deadline(const struct requests *r)
{
    return timers_next(&r->timers);
}

void requests_tick(struct requests *r, xmpp_conn_t *conn, uint64_t now)
{
    struct timer *timer;

    while ((timer = timers_expired(&r->timers, now))) {
        struct request *q = OF_TIMER(timer);

        strike(r, q);
        end(r, q, conn, XMPP_ETIMEOUT, NULL);
    }
}

/* A handler in here may come here again; the rest is then told by it. */
void requests_end(struct requests *r, xmpp_conn_t *conn, int status)
{
    while (!list_is_empty(&r->open)) {
        struct request *q =
            LIST_ENTRY(r->open.next, struct request, link);

        strike(r, q);
        list_append(&r->ending, &q->link);
    }
    while (!list_is_empty(&r->ending)) {
        struct request *q =
            LIST_ENTRY(r->ending.next, struct request, link);

        list_remove(&q->link);
        end(r, q, conn, status, NULL);
    }
}

static int cancel_in(struct requests *r, struct list *list,
                     xmpp_reply_handler handler, void *userdata)
{
    struct list *next;
    int n = 0;

    for (struct list *l = list->next; l != list; l = next) {
        struct request *q = LIST_ENTRY(l, struct request, link);

        next = l->next;
        if (q->handler != handler || q->userdata != userdata)
            continue;
        if (list == &r->open)
            strike(r, q);
        list_remove(l);
        env_free(r->env, q);
        n++;
    }
    return n;
}

int requests_cancel(struct requests *r, xmpp_reply_handler handler,
                    void *userdata)
{
    return cancel_in(r, &r->open, handler, userdata) +
           cancel_in(r, &r->ending, handler, userdata);
}

bool requests_forget(struct requests *r, struct str id)
{
    struct request *q = find(r, id);

    if (!q)
        return false;
    strike(r, q);
    env_free(r->env, q);
    return true;
}

size_t requests_count(const struct requests *r)
{
    return r->by_id.count;
}
