/* requests.c - questions we asked, each of which ends exactly once. */

#include "dispatch/requests.h"

#include <xmpp/error.h>

#include "address/jid.h"
#include "stanza/find.h"

/* One question. The strings follow it in the same block. Whom it was asked is
 * kept in normal form, for that is what is compared. */
struct request {
    struct map_node by_id;
    struct timer timer;
    struct list link;
    xmpp_reply_handler handler;
    void *userdata;
    struct str id;
    xmpp_jid_t to;
    bool to_self; /* to our own account: `to` is nothing */
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

int requests_add(struct requests *r, struct str id, struct str to,
                 uint64_t deadline, xmpp_reply_handler handler, void *userdata)
{
    char room[XMPP_JID_ROOM];
    xmpp_jid_t jid = {"", 0, 0, 0, 0};
    struct str whom = STR_NONE;
    struct request *q;
    char *strings;

    if (find(r, id) ||
        (to.s && jid_parse(to, XMPP_JID_LENIENT, room, &jid, NULL)))
        return XMPP_EARG;
    if (to.s)
        whom = jid_view(&jid, XMPP_JID_FULL);
    q = env_zalloc(r->env, sizeof(*q) + id.n + whom.n);
    if (!q)
        return XMPP_EMEM;
    strings = (char *)(q + 1);
    memcpy(strings, id.s, id.n);
    if (whom.n)
        memcpy(strings + id.n, whom.s, whom.n);
    q->id = str_n(strings, id.n);
    q->to = jid_moved(jid, strings + id.n);
    q->to_self = !to.s;
    q->handler = handler;
    q->userdata = userdata;
    list_append(&r->open, &q->link);
    map_add(&r->by_id, &q->by_id, map_hash(MAP_SEED, id));
    timers_set(&r->timers, &q->timer, deadline);
    return 0;
}

/* ---- being answered --------------------------------------------------- */

/* A question to our own account, or to the server that speaks for it. Who
 * asked the account may hear the account, in any of its forms, or the server
 * on its behalf; who asked the server only the server. No sender at all is the
 * server's way to say: your account. */
static bool may_answer(const xmpp_jid_t *from, const struct request *q,
                       const xmpp_jid_t *self)
{
    bool to_server = !q->to_self && jid_is_form(&q->to, XMPP_JID_DOMAIN, self);

    if (!q->to_self && !to_server && !jid_is_form(&q->to, XMPP_JID_BARE, self))
        return false;
    if (!from)
        return true;
    return !to_server && (jid_is_form(from, XMPP_JID_FULL, self) ||
                          jid_is_form(from, XMPP_JID_BARE, self) ||
                          jid_is_form(from, XMPP_JID_DOMAIN, self));
}

/* Only normal forms are compared. A sender that is no address is nobody. */
static bool is_from_whom_we_asked(struct str from, const struct request *q,
                                  struct str self)
{
    char from_room[XMPP_JID_ROOM], self_room[XMPP_JID_ROOM];
    xmpp_jid_t sender, us;

    if (from.s &&
        jid_parse(from, XMPP_JID_LENIENT, from_room, &sender, NULL))
        return false;
    if (from.s && !q->to_self &&
        xmpp_jid_equal(&sender, &q->to, XMPP_JID_FULL))
        return true;
    return jid_parse(self, XMPP_JID_LENIENT, self_room, &us, NULL) == 0 &&
           may_answer(from.s ? &sender : NULL, q, &us);
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
    if (!q || !is_from_whom_we_asked(node_attr(stanza, N_FROM), q, self))
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
