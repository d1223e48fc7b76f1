/* requests.c - questions that we sent, each of which ends exactly once. */

#include "dispatch/requests.h"

#include <xmpp/error.h>

#include "dispatch/addressee.h"
#include "stanza/find.h"

/* One question. The strings follow it in the same block. */
struct request {
    struct map_node by_id;    /* while it is open */
    struct map_node by_owner; /* its handler and userdata, to be cancelled */
    struct timer timer;
    struct list link;
    struct slot slot;
    struct requests *requests;
    xmpp_reply_handler handler;
    struct str id;
    struct addressee whom;
    bool open;
};

#define OF_MAP(node)                                                           \
    ((struct request *)(void *)((char *)(node)-offsetof(struct request, by_id)))
#define OF_OWNER(node)                                                         \
    ((struct request *)(void *)((char *)(node)-offsetof(struct request,        \
                                                        by_owner)))
#define OF_TIMER(t)                                                            \
    ((struct request *)(void *)((char *)(t)-offsetof(struct request, timer)))

void requests_init(struct requests *r, struct env *env, struct slots *slots)
{
    r->env = env;
    r->slots = slots;
    map_init(&r->by_id, env);
    map_init(&r->by_owner, env);
    list_init(&r->open);
    list_init(&r->ending);
    r->timers = (struct timers){NULL};
}

/* It can neither be answered nor be late any more. */
static void close_request(struct requests *r, struct request *q)
{
    if (q->open) {
        map_remove(&r->by_id, &q->by_id);
        timers_clear(&r->timers, &q->timer);
    }
    q->open = false;
    list_remove(&q->link);
}

/* Out of all tables. */
static void retire_request(struct requests *r, struct request *q)
{
    close_request(r, q);
    map_remove(&r->by_owner, &q->by_owner);
    slot_close(r->slots, &q->slot);
}

/* Returns the userdata that is still to be freed: that is a call into the
 * application, so it comes after everything else. */
static struct userdata drop_request(struct requests *r, struct request *q)
{
    struct userdata user = q->slot.user;

    retire_request(r, q);
    env_free(r->env, q);
    return user;
}

/* It has ended before its handler is called, so the handler may do anything:
 * send with the same id, cancel, or release the connection. */
static void end_request(struct requests *r, struct request *q,
                        xmpp_conn_t *conn, int status, xmpp_stanza_t *reply)
{
    xmpp_reply_handler handler = q->handler;
    struct userdata user = drop_request(r, q);

    if (handler)
        handler(conn, status, reply, user.data);
    userdata_free(user);
}

static void remove_request(struct slot *slot)
{
    struct request *q = LIST_ENTRY(slot, struct request, slot);

    userdata_free(drop_request(q->requests, q));
}

static struct request *first_request(const struct list *list)
{
    return LIST_ENTRY(list->next, struct request, link);
}

static void drop_all(struct requests *r, struct list *list)
{
    while (!list_is_empty(list))
        userdata_free(drop_request(r, first_request(list)));
}

void requests_clear(struct requests *r)
{
    drop_all(r, &r->open);
    drop_all(r, &r->ending);
}

void requests_free(struct requests *r)
{
    requests_clear(r);
    map_free(&r->by_id);
    map_free(&r->by_owner);
}

/* ---- sending ----------------------------------------------------- */

static struct request *find_request(struct requests *r, struct str id)
{
    struct map_node *node =
        map_first(&r->by_id, map_hash_secret(&r->by_id, id));

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
    map_add(&r->by_owner, &q->by_owner,
            hash_owner(q->handler, q->slot.user.data));
    timers_set(&r->timers, &q->timer, deadline);
}

int requests_add(struct requests *r, struct str id, struct str to,
                 uint64_t deadline, xmpp_reply_handler handler,
                 const struct slot_args *args)
{
    char room[XMPP_JID_BUFFER_SIZE];
    struct addressee addressee;
    struct str whom;
    struct request *q;
    char *strings;

    /* The id alone finds a request, so two open ones cannot share it. An
     * address that is not valid could never be compared with the sender of an
     * answer. */
    if (find_request(r, id) || addressee_read(to, room, &addressee))
        return XMPP_EARG;
    whom = jid_view(&addressee.jid, XMPP_JID_FULL);
    q = env_zalloc(r->env, sizeof(*q) + id.n + whom.n);
    if (!q)
        return XMPP_EMEM;
    strings = (char *)(q + 1);
    memcpy(strings, id.s, id.n);
    if (whom.n)
        memcpy(strings + id.n, whom.s, whom.n);
    q->id = str_n(strings, id.n);
    q->whom = addressee;
    q->whom.jid = jid_moved(addressee.jid, strings + id.n);
    q->handler = handler;
    q->requests = r;
    slot_open(r->slots, &q->slot, args, remove_request);
    open_request(r, q, deadline);
    return 0;
}

/* ---- being answered ---------------------------------------------- */

/* The request that it ends, or NULL. The right id from the wrong sender is a
 * forgery, or meant for somebody else (RFC 6120 section 8.1.2.1): the request
 * goes on waiting. */
static struct request *
find_answered(struct requests *r, const xmpp_stanza_t *stanza, struct str self)
{
    struct str id = node_attr(stanza, N_ID);
    struct request *q;

    if (!r->by_id.count || !id.s || !node_is_answer(stanza))
        return NULL;
    q = find_request(r, id);
    return q && addressee_may_answer(&q->whom, node_attr(stanza, N_FROM), self)
               ? q
               : NULL;
}

bool requests_answer(struct requests *r, xmpp_conn_t *conn,
                     xmpp_stanza_t *stanza, struct str self)
{
    bool failed = str_is(node_attr(stanza, N_TYPE), "error");
    struct request *q = find_answered(r, stanza, self);

    if (q)
        end_request(r, q, conn, failed ? XMPP_ESTANZA : 0, stanza);
    return q != NULL;
}

bool requests_answer_lost(struct requests *r, xmpp_conn_t *conn,
                          const xmpp_stanza_t *stub, struct str self)
{
    struct request *q = find_answered(r, stub, self);

    if (q)
        /* The answer is here, but nobody can read it: to wait longer would be
         * in vain. */
        end_request(r, q, conn, XMPP_ELIMIT, NULL);
    return q != NULL;
}

bool requests_have(struct requests *r, struct str id)
{
    return r->by_id.count && id.s && find_request(r, id);
}

/* ---- ending otherwise -------------------------------------------- */

uint64_t requests_deadline(const struct requests *r)
{
    return timers_next(&r->timers);
}

void requests_tick(struct requests *r, xmpp_conn_t *conn, uint64_t now)
{
    struct timer *timer;

    while ((timer = timers_expired(&r->timers, now)))
        end_request(r, OF_TIMER(timer), conn, XMPP_ETIMEOUT, NULL);
}

/* Two lists, so that a request which a handler sends meanwhile stays. A handler
 * may come here again, and then ends the rest. */
void requests_end(struct requests *r, xmpp_conn_t *conn, int status)
{
    while (!list_is_empty(&r->open)) {
        struct request *q = first_request(&r->open);

        close_request(r, q);
        list_append(&r->ending, &q->link);
    }
    while (!list_is_empty(&r->ending))
        end_request(r, first_request(&r->ending), conn, status, NULL);
}

/* They are in no table any more, so the application may come here again while
 * it frees. */
static void free_cancelled(struct requests *r, struct list *cancelled)
{
    while (!list_is_empty(cancelled)) {
        struct request *q = first_request(cancelled);
        struct userdata user = q->slot.user;

        list_remove(&q->link);
        env_free(r->env, q);
        userdata_free(user);
    }
}

int requests_cancel(struct requests *r, xmpp_reply_handler handler,
                    void *userdata)
{
    struct map_node *n = map_first(&r->by_owner, hash_owner(handler, userdata));
    struct list cancelled;
    int count = 0;

    list_init(&cancelled);
    while (n) {
        struct request *q = OF_OWNER(n);

        n = map_next(&r->by_owner, n);
        if (q->handler != handler || q->slot.user.data != userdata)
            continue;
        retire_request(r, q);
        list_append(&cancelled, &q->link);
        count++;
    }
    free_cancelled(r, &cancelled);
    return count;
}

void requests_forget(struct requests *r, struct str id)
{
    struct request *q = find_request(r, id);

    if (q)
        drop_request(r, q);
}

size_t requests_count(const struct requests *r)
{
    return r->by_id.count;
}
