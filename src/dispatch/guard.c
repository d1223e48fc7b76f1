/* guard.c - who may send what: stanzas that claim what their sender may not. */

#include "dispatch/guard.h"

#include "dispatch/addressee.h"
#include "stanza/find.h"

/* A query that has an addressee. Without one it goes to our own account, whose
 * results need no query. At most GUARD_QUERIES_MOST are kept. Its texts follow
 * it in the same block. */
struct query {
    struct list link;
    const struct guard_row *row;
    struct str id;
    xmpp_jid_t to;
};

/* A stanza, its sender, and who we are; the addresses are read only for a
 * claim. */
struct claim {
    const xmpp_stanza_t *stanza;
    enum guard_stanza kind;
    struct str from; /* STR_NONE: no sender, which means our account */
    struct str self; /* as it was bound */
};

/* ---- what a row describes ---------------------------------------- */

/* Almost every payload has a namespace of a length that no row has, and costs
 * one look. Lengths 64 apart share a bit: then the rows decide. */
static uint64_t length_bit(size_t n)
{
    return (uint64_t)1 << n % 64;
}

static uint64_t lengths_of(const struct guard_row *row)
{
    uint64_t lengths = length_bit(row->ns.n);

    /* The version takes the place of the last octet, so the namespace may be
     * longer by all but one of its octets. */
    for (size_t i = 1; row->any_version && i < GUARD_VERSION_SIZE; i++)
        lengths |= length_bit(row->ns.n + i);
    return lengths;
}

static bool has_ns(const struct guard_row *row, struct str ns)
{
    if (!row->any_version)
        return str_eq(ns, row->ns);
    return ns.n >= row->ns.n && ns.n < row->ns.n + GUARD_VERSION_SIZE &&
           memcmp(ns.s, row->ns.s, row->ns.n - 1) == 0;
}

void guard_init(struct guard *guard, const struct env *env,
                const struct guard_rules *rules)
{
    guard->env = env;
    guard->rules = rules;
    guard->count = 0;
    guard->sender_n = 0;
    list_init(&guard->queries);
    memset(guard->lengths, 0, sizeof(guard->lengths));
    for (size_t i = 0; i < rules->count; i++)
        guard->lengths[rules->rows[i].stanza] |= lengths_of(&rules->rows[i]);
}

static bool is_listed(struct str text, const char *const *list)
{
    if (!list)
        return true;
    while (*list && !str_is(text, *list))
        list++;
    return *list != NULL;
}

static bool has_node(const struct guard_row *row, const xmpp_stanza_t *child)
{
    const xmpp_stanza_t *n = row->nodes ? node_first_element(child) : NULL;

    while (n && !is_listed(node_attr(n, N_NODE), row->nodes))
        n = node_next_element(n);
    return n || !row->nodes;
}

static bool describes(const struct guard_row *row, const xmpp_stanza_t *child,
                      struct str ns)
{
    return has_ns(row, ns) && is_listed(node_name(child), row->names) &&
           has_node(row, child);
}

/* ---- queries ----------------------------------------------------- */

static void forget_query(struct guard *guard, struct query *query)
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
        forget_query(guard, query_of(guard->queries.next));
}

static void remember_query(struct guard *guard, const struct guard_row *row,
                           const xmpp_jid_t *to, struct str id)
{
    struct str text = jid_view(to, XMPP_JID_FULL);
    struct query *query = env_alloc(guard->env, sizeof(*query) + text.n + id.n);
    char *copy;

    if (!query)
        return; /* its results will be refused, which is safe */
    copy = (char *)(query + 1);
    memcpy(copy, text.s, text.n);
    memcpy(copy + text.n, id.s, id.n);
    query->row = row;
    query->to = jid_moved(*to, copy);
    query->id = str_n(copy + text.n, id.n);
    list_append(&guard->queries, &query->link);
    if (++guard->count > GUARD_QUERIES_MOST)
        forget_query(guard, query_of(guard->queries.next));
}

static bool is_query(const struct guard_row *row, const xmpp_stanza_t *iq)
{
    const xmpp_stanza_t *child = node_first_element(iq);

    if (row->sender != GUARD_QUERIED)
        return false;
    while (child && !(str_is(node_name(child), row->query) &&
                      has_ns(row, node_ns(child))))
        child = node_next_element(child);
    return child != NULL;
}

void guard_sent(struct guard *guard, const xmpp_stanza_t *stanza)
{
    const struct guard_rules *rules = guard->rules;
    char room[XMPP_JID_BUFFER_SIZE];
    struct str to, id;
    xmpp_jid_t jid;

    if (!node_is(stanza, N_IQ, NAME_NONE))
        return;
    to = node_attr(stanza, N_TO);
    id = node_attr(stanza, N_ID);
    if (!to.s || !id.s || !str_is(node_attr(stanza, N_TYPE), "set"))
        return;
    for (size_t i = 0; i < rules->count; i++)
        if (is_query(&rules->rows[i], stanza) &&
            jid_parse(to, XMPP_JID_LENIENT, room, &jid, NULL) == 0)
            remember_query(guard, &rules->rows[i], &jid, id);
}

static bool was_queried(struct guard *guard, const struct guard_row *row,
                        const xmpp_jid_t *from)
{
    struct list *l = guard->queries.next;

    while (l != &guard->queries &&
           !(query_of(l)->row == row &&
             xmpp_jid_equal(&query_of(l)->to, from, XMPP_JID_FULL)))
        l = l->next;
    return l != &guard->queries;
}

/* The answer ends with the iq (XEP-0313 section 4): results that follow it were
 * not queried. */
static void note_answer(struct guard *guard, const struct claim *claim)
{
    struct str id = node_attr(claim->stanza, N_ID);
    char room[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t from;

    if (!claim->from.s || !node_is_answer(claim->stanza) ||
        jid_parse(claim->from, XMPP_JID_LENIENT, room, &from, NULL))
        return;
    for (struct list *l = guard->queries.next; l != &guard->queries;
         l = l->next)
        if (str_eq(query_of(l)->id, id) &&
            xmpp_jid_equal(&query_of(l)->to, &from, XMPP_JID_FULL)) {
            forget_query(guard, query_of(l));
            return;
        }
}

/* ---- senders ----------------------------------------------------- */

/* Our own address; false if there is no account (a component, a raw stream),
 * and so nothing that only it may send. Without memory nothing is proven, so
 * the claim is refused. */
static bool has_account(const struct claim *claim, char *room, xmpp_jid_t *ret,
                        bool *no_memory)
{
    int rc = jid_parse(claim->self, XMPP_JID_LENIENT, room, ret, NULL);

    *no_memory = rc == XMPP_EMEM;
    return *no_memory || (rc == 0 && ret->local_size);
}

/* Only normal forms are compared: two texts that look alike may be different
 * addresses. */
static bool is_account(const struct claim *claim, const xmpp_jid_t *from)
{
    char room[XMPP_JID_BUFFER_SIZE];
    bool no_memory;
    xmpp_jid_t self;

    if (!has_account(claim, room, &self, &no_memory))
        return true;
    return !no_memory && jid_is_form(from, XMPP_JID_BARE, &self);
}

static bool answers_for_account(const struct claim *claim)
{
    const struct addressee account = {.jid = {"", 0, 0, 0, 0}, .is_self = true};
    char room[XMPP_JID_BUFFER_SIZE];
    bool no_memory;
    xmpp_jid_t self;

    return !has_account(claim, room, &self, &no_memory) ||
           addressee_may_answer(&account, claim->from, claim->self);
}

static bool sender_may_send(struct guard *guard, const struct guard_row *row,
                            const struct claim *claim)
{
    char room[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t from;

    if (claim->kind == GUARD_IQ_ANSWER)
        return answers_for_account(claim);
    if (!claim->from.s)
        return true;
    if (jid_parse(claim->from, XMPP_JID_LENIENT, room, &from, NULL))
        return false; /* without memory nothing is proven */
    return is_account(claim, &from) ||
           (row->sender == GUARD_QUERIED && was_queried(guard, row, &from));
}

/* ---- judging ----------------------------------------------------- */

static const char *judge_child(struct guard *guard, const struct claim *claim,
                               const xmpp_stanza_t *child)
{
    const struct guard_rules *rules = guard->rules;
    struct str ns = node_ns(child);

    if (!(guard->lengths[claim->kind] & length_bit(ns.n)))
        return NULL;
    for (size_t i = 0; i < rules->count; i++) {
        const struct guard_row *row = &rules->rows[i];

        if (row->stanza == claim->kind && describes(row, child, ns) &&
            !sender_may_send(guard, row, claim))
            return row->why;
    }
    return NULL;
}

static const char *judge_stanza(struct guard *guard, const struct claim *claim)
{
    const xmpp_stanza_t *child = node_first_element(claim->stanza);
    const char *why = NULL;

    for (; child && !why; child = node_next_element(child))
        why = judge_child(guard, claim, child);
    return why;
}

/* No rule can be applied to a sender that is not an address even leniently. */
static bool is_address(struct guard *guard, struct str from)
{
    char room[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t sender;

    if (from.n && str_eq(from, str_n(guard->sender, guard->sender_n)))
        return true;
    if (jid_parse(from, XMPP_JID_LENIENT, room, &sender, NULL))
        return false;
    if (from.n <= GUARD_SENDER_SIZE) {
        memcpy(guard->sender, from.s, from.n);
        guard->sender_n = (unsigned char)from.n;
    }
    return true;
}

const char *guard_refuses(struct guard *guard, const xmpp_stanza_t *stanza,
                          struct str self)
{
    struct claim claim = {stanza, GUARD_MESSAGE, node_attr(stanza, N_FROM),
                          self};

    if (claim.from.s && !is_address(guard, claim.from))
        return "its sender is not a valid address";
    if (node_is(stanza, N_MESSAGE, NAME_NONE))
        return judge_stanza(guard, &claim);
    if (!node_is(stanza, N_IQ, NAME_NONE))
        return NULL;
    if (guard->count)
        note_answer(guard, &claim);
    claim.kind = GUARD_IQ_SET;
    return str_is(node_attr(stanza, N_TYPE), "set")
               ? judge_stanza(guard, &claim)
               : NULL;
}

const char *guard_refuses_answer(struct guard *guard,
                                 const xmpp_stanza_t *stanza, struct str self)
{
    struct claim claim = {stanza, GUARD_IQ_ANSWER, node_attr(stanza, N_FROM),
                          self};

    return node_is_answer(stanza) ? judge_stanza(guard, &claim) : NULL;
}
