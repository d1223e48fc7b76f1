/* guard.c - who may say what: stanzas that claim what their sender may not. */

#include "dispatch/guard.h"

#include "dispatch/addressee.h"
#include "stanza/find.h"

/* A question to an archive other than our own account's. The texts follow it
 * in the same block. */
struct query {
    struct list link;
    struct str id;
    xmpp_jid_t to;
};

/* Who speaks, and who we are. */
struct claim {
    const xmpp_stanza_t *stanza;
    const xmpp_jid_t *from; /* NULL: nobody is named, which means our account */
    struct str self;        /* as it was bound: few stanzas claim anything */
};

#define ARCHIVE "urn:xmpp:mam:" /* and a version */

void guard_init(struct guard *guard, const struct env *env)
{
    guard->env = env;
    guard->count = 0;
    list_init(&guard->queries);
}

/* ---- what was asked ---------------------------------------------- */

static void forget(struct guard *guard, struct query *query)
{
    list_remove(&query->link);
    env_free(guard->env, query);
    guard->count--;
}

static struct query *query_of(struct list *link)
{
    return LIST_ENTRY(link, struct query, link);
}

void guard_clear(struct guard *guard)
{
    while (!list_is_empty(&guard->queries))
        forget(guard, query_of(guard->queries.next));
}

static bool is_of_archive(const xmpp_stanza_t *node)
{
    return str_starts(node_ns(node), STR(ARCHIVE));
}

static bool asks_archive(const xmpp_stanza_t *stanza)
{
    const xmpp_stanza_t *query = node_child(stanza, N_QUERY, NAME_NONE);

    return query && str_is(node_attr(stanza, N_TYPE), "set") &&
           is_of_archive(query);
}

void guard_sent(struct guard *guard, const xmpp_stanza_t *stanza)
{
    char room[XMPP_JID_BUFFER_SIZE];
    struct str to = node_attr(stanza, N_TO), id = node_attr(stanza, N_ID), text;
    struct query *query;
    xmpp_jid_t jid;
    char *copy;

    if (!node_is(stanza, N_IQ, NAME_NONE) || !to.s || !id.s ||
        !asks_archive(stanza) ||
        jid_parse(to, XMPP_JID_LENIENT, room, &jid, NULL))
        return;
    text = jid_view(&jid, XMPP_JID_FULL);
    query = env_alloc(guard->env, sizeof(*query) + text.n + id.n);
    if (!query)
        return; /* its results will be refused, which is safe */
    copy = (char *)(query + 1);
    memcpy(copy, text.s, text.n);
    memcpy(copy + text.n, id.s, id.n);
    query->to = jid_moved(jid, copy);
    query->id = str_n(copy + text.n, id.n);
    list_append(&guard->queries, &query->link);
    if (++guard->count > GUARD_QUERIES_MOST)
        forget(guard, query_of(guard->queries.next));
}

static struct query *find_query(struct guard *guard, const xmpp_jid_t *from)
{
    for (struct list *l = guard->queries.next; l != &guard->queries;
         l = l->next)
        if (xmpp_jid_equal(&query_of(l)->to, from, XMPP_JID_FULL))
            return query_of(l);
    return NULL;
}

/* The end of an answer: what comes behind it was not asked for. */
static void note_answer(struct guard *guard, const struct claim *claim)
{
    struct str id = node_attr(claim->stanza, N_ID);
    struct str type = node_attr(claim->stanza, N_TYPE);

    if (!claim->from || (!str_is(type, "result") && !str_is(type, "error")))
        return;
    for (struct list *l = guard->queries.next; l != &guard->queries;
         l = l->next)
        if (str_eq(query_of(l)->id, id) &&
            xmpp_jid_equal(&query_of(l)->to, claim->from, XMPP_JID_FULL)) {
            forget(guard, query_of(l));
            return;
        }
}

/* ---- rules ------------------------------------------------------- */

/* RFC 6120 section 8.1.2.1: no sender is our account's bare address. Without an
 * account there is nothing that only it could say; and who cannot be checked
 * for want of memory is not believed. */
static bool is_own(const struct claim *claim)
{
    char room[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t self;
    int rc;

    if (!claim->from)
        return true;
    rc = jid_parse(claim->self, XMPP_JID_LENIENT, room, &self, NULL);
    if (rc == XMPP_EMEM)
        return false;
    return rc || !self.local_size ||
           jid_is_form(claim->from, XMPP_JID_BARE, &self);
}

static const char *judge_iq(struct guard *guard, const struct claim *claim)
{
    if (guard->count)
        note_answer(guard, claim);
    if (node_child(claim->stanza, N_QUERY, NS_ROSTER) &&
        str_is(node_attr(claim->stanza, N_TYPE), "set") && !is_own(claim))
        return "a roster push that is not from our account";
    return NULL;
}

static bool is_carbon(const xmpp_stanza_t *node)
{
    return str_is(node_name(node), "received") ||
           str_is(node_name(node), "sent");
}

/* Nodes that nobody but their owner may write, by their definition. */
static bool is_private(const xmpp_stanza_t *event)
{
    static const char *const nodes[] = {
        XMPP_NS_BOOKMARKS_STORAGE,
        XMPP_NS_BOOKMARKS,
        XMPP_NS_MDS,
    };

    for (const xmpp_stanza_t *n = node_first_element(event); n;
         n = node_next_element(n))
        for (size_t i = 0; i < sizeof(nodes) / sizeof(nodes[0]); i++)
            if (str_is(node_attr(n, N_NODE), nodes[i]))
                return true;
    return false;
}

static const char *judge_child(struct guard *guard, const struct claim *claim,
                               const xmpp_stanza_t *child)
{
    struct str ns = node_ns(child);

    if (str_eq(ns, STR(XMPP_NS_CARBONS)))
        return is_carbon(child) && !is_own(claim)
                   ? "a carbon copy that is not from our account"
                   : NULL;
    if (str_eq(ns, STR(XMPP_NS_PUBSUB_EVENT)))
        return is_private(child) && !is_own(claim)
                   ? "an event of a private node that is not from our account"
                   : NULL;
    if (str_starts(ns, STR(ARCHIVE)) && str_is(node_name(child), "result"))
        return !is_own(claim) && !find_query(guard, claim->from)
                   ? "a result of an archive that was not asked"
                   : NULL;
    return NULL;
}

static const char *judge_message(struct guard *guard, const struct claim *claim)
{
    const char *why = NULL;

    for (const xmpp_stanza_t *child = node_first_element(claim->stanza);
         child && !why; child = node_next_element(child))
        why = judge_child(guard, claim, child);
    return why;
}

const char *guard_refuses(struct guard *guard, const xmpp_stanza_t *stanza,
                          struct str self)
{
    char room[XMPP_JID_BUFFER_SIZE];
    struct str from = node_attr(stanza, N_FROM);
    xmpp_jid_t sender;
    struct claim claim = {stanza, from.s ? &sender : NULL, self};

    if (from.s && jid_parse(from, XMPP_JID_LENIENT, room, &sender, NULL))
        return "its sender is no address";
    if (node_is(stanza, N_MESSAGE, NAME_NONE))
        return judge_message(guard, &claim);
    return node_is(stanza, N_IQ, NAME_NONE) ? judge_iq(guard, &claim) : NULL;
}

/* Where we have no account, as in is_own(), there is no such roster. */
const char *guard_refuses_answer(const xmpp_stanza_t *stanza, struct str self)
{
    const struct addressee account = {.jid = {"", 0, 0, 0, 0}, .is_self = true};
    char room[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t us;
    int rc;

    if (!node_is_answer(stanza) || !node_child(stanza, N_QUERY, NS_ROSTER))
        return NULL;
    rc = jid_parse(self, XMPP_JID_LENIENT, room, &us, NULL);
    if ((rc && rc != XMPP_EMEM) || (!rc && !us.local_size))
        return NULL;
    return addressee_may_answer(&account, node_attr(stanza, N_FROM), self)
               ? NULL
               : "a roster that is not from our account";
}
