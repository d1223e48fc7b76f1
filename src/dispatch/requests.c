/* requests.c - questions that we sent, each of which ends exactly once. */

#include "dispatch/requests.h"

#include <xmpp/error.h>

#include "dispatch/addressee.h"
#include "stanza/find.h"

/* One question. The strings follow it in the same block. */
struct request {
    struct action action; /* first: they are freed together */
    struct requests *requests;
    struct map_node by_id, by_topic; /* while it is open */
    struct asker asker;
    struct str id, ns;
    struct addressee whom;
};

#define OF_ID(node)                                                            \
    ((struct request *)(void *)((char *)(node)-offsetof(struct request, by_id)))
#define OF_TOPIC(node)                                                         \
    ((struct request *)(void *)((char *)(node)-offsetof(struct request,        \
                                                        by_topic)))
#define OF_ACTION(a) LIST_ENTRY(a, struct request, action)

void requests_init(struct requests *r, struct actions *actions)
{
    r->actions = actions;
    map_init(&r->by_id, actions->env);
    map_init(&r->by_topic, actions->env);
}

void requests_free(struct requests *r)
{
    map_free(&r->by_id);
    map_free(&r->by_topic);
}

/* ---- as an action ------------------------------------------------ */

static void close_request(struct action *action)
{
    struct request *q = OF_ACTION(action);

    map_remove(&q->requests->by_id, &q->by_id);
    map_remove(&q->requests->by_topic, &q->by_topic);
}

static void report_request(struct action *action, int status,
                           xmpp_stanza_t *reply)
{
    const struct request *q = OF_ACTION(action);

    if (q->asker.function)
        q->asker.report(&q->asker, action->slot.conn, status, reply,
                        action->slot.user.data);
}

static void free_request(struct action *action)
{
    env_free(action->actions->env, OF_ACTION(action));
}

static const struct action_kind request_kind = {
    .close = close_request,
    .report = report_request,
    .free = free_request,
};

/* ---- sending ----------------------------------------------------- */

static struct request *find_request(struct requests *r, struct str id)
{
    struct map_node *node =
        map_first(&r->by_id, map_hash_secret(&r->by_id, id));

    while (node && !str_eq(OF_ID(node)->id, id))
        node = map_next(&r->by_id, node);
    return node ? OF_ID(node) : NULL;
}

/* Strangers have a say in the addresses that we query. */
static uint32_t hash_topic(const struct requests *r, struct str to,
                           struct str ns)
{
    return map_hash(map_hash_secret(&r->by_topic, to), ns);
}

static struct str whole_address(const struct addressee *whom)
{
    return whom->is_self ? STR("") : jid_view(&whom->jid, XMPP_JID_FULL);
}

static struct str copy_behind(char **room, struct str text)
{
    char *copy = *room;

    if (text.n)
        memcpy(copy, text.s, text.n);
    *room += text.n;
    return str_n(copy, text.n);
}

/* NULL when out of memory. */
static struct request *make_request(struct requests *r,
                                    const struct asked *asked,
                                    const struct addressee *whom)
{
    struct str to = whole_address(whom);
    struct request *q = env_zalloc(r->actions->env, sizeof(*q) + asked->id.n +
                                                        asked->ns.n + to.n);
    char *strings;

    if (!q)
        return NULL;
    strings = (char *)(q + 1);
    q->requests = r;
    q->asker = asked->asker;
    q->id = copy_behind(&strings, asked->id);
    q->ns = copy_behind(&strings, asked->ns);
    q->whom = *whom;
    q->whom.jid = jid_moved(whom->jid, copy_behind(&strings, to).s);
    return q;
}

int requests_add(struct requests *r, const struct asked *asked,
                 const struct slot_args *args)
{
    char room[XMPP_JID_BUFFER_SIZE];
    struct addressee whom;
    struct request *q;

    /* The id alone finds a request, so two open ones cannot share it. An
     * address that is not valid could never be compared with the sender of an
     * answer. */
    if (find_request(r, asked->id) || addressee_read(asked->to, room, &whom))
        return XMPP_EARG;
    q = make_request(r, asked, &whom);
    if (!q)
        return XMPP_EMEM;
    action_open(r->actions, &q->action, &request_kind, asked->asker.function,
                asked->deadline, args);
    map_add(&r->by_id, &q->by_id, map_hash_secret(&r->by_id, q->id));
    map_add(&r->by_topic, &q->by_topic,
            hash_topic(r, whole_address(&q->whom), q->ns));
    return 0;
}

/* ---- being answered ---------------------------------------------- */

/* The request that it ends, or NULL. The right id from the wrong sender is a
 * forgery, or meant for somebody else (RFC 6120 section 8.1.2.1): the request
 * goes on waiting. */
static struct request *
find_answered(struct requests *r, const xmpp_stanza_t *stanza, struct str self)
{
    struct request *q;
    struct str id;

    if (!r->by_id.count || !node_is_answer(stanza))
        return NULL;
    id = node_attr(stanza, N_ID);
    q = id.s ? find_request(r, id) : NULL;
    return q && addressee_may_answer(&q->whom, node_attr(stanza, N_FROM), self)
               ? q
               : NULL;
}

bool requests_answer(struct requests *r, xmpp_stanza_t *stanza, struct str self)
{
    struct request *q = find_answered(r, stanza, self);
    bool failed = q && str_is(node_attr(stanza, N_TYPE), "error");

    if (q)
        action_end(&q->action, failed ? XMPP_ESTANZA : 0, stanza);
    return q != NULL;
}

bool requests_answer_lost(struct requests *r, const xmpp_stanza_t *stub,
                          struct str self)
{
    struct request *q = find_answered(r, stub, self);

    if (q)
        /* The answer is here, but nobody can read it: to wait longer would be
         * in vain. */
        action_end(&q->action, XMPP_ELIMIT, NULL);
    return q != NULL;
}

bool requests_have(struct requests *r, struct str id)
{
    return r->by_id.count && id.s && find_request(r, id);
}

bool requests_ask(struct requests *r, const xmpp_jid_t *to, struct str ns)
{
    struct str whom = to ? jid_view(to, XMPP_JID_FULL) : STR("");
    struct map_node *node = NULL;

    if (r->by_topic.count)
        node = map_first(&r->by_topic, hash_topic(r, whom, ns));
    for (; node; node = map_next(&r->by_topic, node))
        if (str_eq(whole_address(&OF_TOPIC(node)->whom), whom) &&
            str_eq(OF_TOPIC(node)->ns, ns))
            return true;
    return false;
}

void requests_forget(struct requests *r, struct str id)
{
    struct request *q = find_request(r, id);

    /* Its userdata is still the caller's. */
    if (q)
        action_retire(&q->action);
    if (q)
        free_request(&q->action);
}

size_t requests_count(const struct requests *r)
{
    return r->by_id.count;
}
