/* requests.c - questions we asked, each of which ends exactly once. */

#include "dispatch/requests.h"

#include <xmpp/error.h>

#include "address/jid.h"
#include "stanza/find.h"

/* One question. The strings follow it in the same block. Whom it was asked is
 * kept in normal form, for that is what is compared. */
struct request {
    struct map_node by_id;    /* while it is open */
    struct map_node by_owner; /* its handler and userdata, to be cancelled */
    struct timer timer;
    struct list link;
    xmpp_reply_handler handler;
    void *userdata;
    struct str id;
    xmpp_jid_t to;
    bool to_self; /* to our own account: `to` is nothing */
    bool open;
};

#define OF_MAP(node)                                                           \
    ((struct request *)(void *)((char *)(node)-offsetof(struct request, by_id)))
#define OF_OWNER(node)                                                         \
    ((struct request *)(void *)((char *)(node)-offsetof(struct request,        \
                                                        by_owner)))
#define OF_TIMER(t)                                                            \
    ((struct request *)(void *)((char *)(t)-offsetof(struct request, timer)))

void requests_init(struct requests *r, struct env *env)
{
    r->env = env;
    map_init(&r->by_id, env);
    map_init(&r->by_owner, env);
    list_init(&r->open);
    list_init(&r->ending);
    r->timers = (struct timers){NULL};
}

/* Out of the books: it can neither be answered nor be late. */
static void close_request(struct requests *r, struct request *q)
{
    if (q->open) {
        map_remove(&r->by_id, &q->by_id);
        timers_clear(&r->timers, &q->timer);
    }
    q->open = false;
    list_remove(&q->link);
}

static void drop(struct requests *r, struct request *q)
{
    close_request(r, q);
    map_remove(&r->by_owner, &q->by_owner);
    env_free(r->env, q);
}

static void end(struct requests *r, struct request *q, xmpp_conn_t *conn,
                int status, xmpp_stanza_t *reply)
{
    xmpp_reply_handler handler = q->handler;
    void *userdata = q->userdata;

    drop(r, q);
    if (handler)
        handler(conn, status, reply, userdata);
}

static struct request *first_of(const struct list *list)
{
    return LIST_ENTRY(list->next, struct request, link);
}

static void drop_all(struct requests *r, struct list *list)
{
    while (!list_is_empty(list))
        drop(r, first_of(list));
}

void requests_free(struct requests *r)
{
    drop_all(r, &r->open);
    drop_all(r, &r->ending);
    map_free(&r->by_id);
    map_free(&r->by_owner);
}

/* ---- asking ----------------------------------------------------------- */

static struct request *find(struct requests *r, struct str id)
{
    struct map_node *node = map_first(&r->by_id, map_hash_secret(&r->by_id, id));

    while (node && !str_eq(OF_MAP(node)->id, id))
        node = map_next(&r->by_id, node);
    return node ? OF_MAP(node) : NULL;
}

static uint32_t hash_owner(xmpp_reply_handler handler, void *userdata)
{
    return map_hash_pointer(
        map_hash(MAP_SEED, str_n((const char *)&handler, sizeof(handler))),
        userdata);
}

static void open_request(struct requests *r, struct request *q,
                         uint64_t deadline)
{
    q->open = true;
    list_append(&r->open, &q->link);
    map_add(&r->by_id, &q->by_id, map_hash_secret(&r->by_id, q->id));
    map_add(&r->by_owner, &q->by_owner, hash_owner(q->handler, q->userdata));
    timers_set(&r->timers, &q->timer, deadline);
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
    open_request(r, q, deadline);
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

    while ((timer = timers_expired(&r->timers, now)))
        end(r, OF_TIMER(timer), conn, XMPP_ETIMEOUT, NULL);
}

/* A handler in here may come here again; the rest is then told by it. */
void requests_end(struct requests *r, xmpp_conn_t *conn, int status)
{
    while (!list_is_empty(&r->open)) {
        struct request *q = first_of(&r->open);

        close_request(r, q);
        list_append(&r->ending, &q->link);
    }
    while (!list_is_empty(&r->ending))
        end(r, first_of(&r->ending), conn, status, NULL);
}

int requests_cancel(struct requests *r, xmpp_reply_handler handler,
                    void *userdata)
{
    struct map_node *n = map_first(&r->by_owner, hash_owner(handler, userdata));
    int cancelled = 0;

    while (n) {
        struct request *q = OF_OWNER(n);

        n = map_next(&r->by_owner, n);
        if (q->handler != handler || q->userdata != userdata)
            continue;
        drop(r, q);
        cancelled++;
    }
    return cancelled;
}

bool requests_forget(struct requests *r, struct str id)
{
    struct request *q = find(r, id);

    if (q)
        drop(r, q);
    return q != NULL;
}

size_t requests_count(const struct requests *r)
{
    return r->by_id.count;
}
