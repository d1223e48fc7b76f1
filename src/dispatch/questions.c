/* questions.c - iq requests that were sent without xmpp_request_send(), so that
 * handlers by id get answers only from the addressee. */

#include "dispatch/questions.h"

#include <xmpp/error.h>

#include "dispatch/addressee.h"
#include "stanza/find.h"

#define LOOKS                                                                  \
    4 /* old ones that are looked at for each new one: a few, so that          \
         the cost of sending does not grow */
#define SPARES 16
#define BLOCK                                                                  \
    64 /* the room for texts is a multiple, so that blocks fit again */

/* A request without a deadline or a handler of its own. It stays until it is
 * answered or forgotten as old. The texts follow it in the same block. */
struct question {
    struct map_node by_id;
    struct list link;
    struct addressee whom;
    struct str id;
    unsigned times; /* sent with this id to this addressee, and not answered */
    size_t room;    /* for the texts */
};

#define OF_LINK(l) LIST_ENTRY(l, struct question, link)
#define OF_MAP(node)                                                           \
    ((struct question *)(void *)((char *)(node)-offsetof(struct question,      \
                                                         by_id)))

void questions_init(struct questions *qs, struct env *env,
                    struct routes *routes)
{
    *qs = (struct questions){.env = env, .routes = routes};
    map_init(&qs->by_id, env);
    list_init(&qs->open);
    list_init(&qs->spare);
}

/* ---- memory ------------------------------------------------------ */

static void drop_question(struct questions *qs, struct question *q)
{
    map_remove(&qs->by_id, &q->by_id);
    list_remove(&q->link);
    /* Kept for the next one, so that sending allocates nothing in steady
     * state. */
    if (qs->spares < SPARES) {
        list_append(&qs->spare, &q->link);
        qs->spares++;
    } else {
        env_free(qs->env, q);
    }
}

void questions_free(struct questions *qs)
{
    while (!list_is_empty(&qs->open))
        drop_question(qs, OF_LINK(qs->open.next));
    while (!list_is_empty(&qs->spare)) {
        struct question *q = OF_LINK(qs->spare.next);

        list_remove(&q->link);
        env_free(qs->env, q);
    }
    map_free(&qs->by_id);
}

static struct question *make_question(struct questions *qs, size_t room)
{
    struct question *q = NULL;

    room = (room + BLOCK - 1) / BLOCK * BLOCK;
    if (qs->spares) {
        q = OF_LINK(qs->spare.next);
        list_remove(&q->link);
        qs->spares--;
        if (q->room >= room)
            return q;
        env_free(qs->env, q);
    }
    q = env_zalloc(qs->env, sizeof(*q) + room);
    if (q)
        q->room = room;
    return q;
}

/* ---- sending ----------------------------------------------------- */

static bool same_addressee(const struct addressee *a, const struct addressee *b)
{
    return a->is_self == b->is_self &&
           xmpp_jid_equal(&a->jid, &b->jid, XMPP_JID_FULL);
}

/* Ids may be chosen by strangers, so they are hashed with a secret key: no
 * chain grows long. */
static struct map_node *first_of(struct questions *qs, struct str id)
{
    return qs->by_id.count
               ? map_first(&qs->by_id, map_hash_secret(&qs->by_id, id))
               : NULL;
}

static struct question *find_question(struct questions *qs, struct str id,
                                      const struct addressee *whom)
{
    struct map_node *n = first_of(qs, id);

    for (; n; n = map_next(&qs->by_id, n))
        if (str_eq(OF_MAP(n)->id, id) && same_addressee(&OF_MAP(n)->whom, whom))
            return OF_MAP(n);
    return NULL;
}

/* Those for which no handler waits go first. The others go to the end of the
 * list, so that the next call looks at different ones. */
static void forget_old(struct questions *qs)
{
    size_t most = QUESTIONS_MOST + QUESTIONS_EACH * qs->routes->by_id.count;

    for (int i = 0; i < LOOKS && qs->by_id.count >= QUESTIONS_MOST; i++) {
        struct question *q = OF_LINK(qs->open.next);

        if (qs->by_id.count >= most || !routes_have_id(qs->routes, q->id)) {
            drop_question(qs, q);
            continue;
        }
        list_remove(&q->link);
        list_append(&qs->open, &q->link);
    }
}

static struct question *remember(struct questions *qs, struct str id,
                                 const struct addressee *whom)
{
    struct str to =
        whom->is_self ? STR("") : jid_view(&whom->jid, XMPP_JID_FULL);
    struct question *q;
    char *texts;

    forget_old(qs);
    q = make_question(qs, id.n + to.n);
    if (!q)
        return NULL;
    texts = (char *)(q + 1);
    if (id.n)
        memcpy(texts, id.s, id.n);
    if (to.n)
        memcpy(texts + id.n, to.s, to.n);
    q->id = str_n(texts, id.n);
    q->whom = *whom;
    q->whom.jid = jid_moved(whom->jid, texts + id.n);
    q->times = 0;
    list_append(&qs->open, &q->link);
    map_add(&qs->by_id, &q->by_id, map_hash_secret(&qs->by_id, id));
    return q;
}

int questions_add(struct questions *qs, const xmpp_stanza_t *stanza,
                  struct question **ret)
{
    char room[XMPP_JID_BUFFER_SIZE];
    struct addressee whom;
    struct str id;
    int rc;

    *ret = NULL;
    if (!node_is_question(stanza))
        return 0;
    id = node_attr(stanza, N_ID);
    if (!id.s)
        return 0;
    rc = addressee_read(node_attr(stanza, N_TO), room, &whom);
    if (rc == XMPP_EMEM)
        return rc;
    if (rc) /* not a valid address: our own server will refuse it */
        addressee_read(STR_NONE, room, &whom);
    *ret = find_question(qs, id, &whom);
    if (!*ret)
        *ret = remember(qs, id, &whom);
    if (!*ret)
        return XMPP_EMEM;
    (*ret)->times++;
    return 0;
}

void questions_forget(struct questions *qs, struct question *q)
{
    if (q && --q->times == 0)
        drop_question(qs, q);
}

/* ---- being answered ---------------------------------------------- */

bool questions_answer(struct questions *qs, const xmpp_stanza_t *stanza,
                      struct str self)
{
    struct map_node *n;
    struct str id;

    if (!qs->by_id.count || !node_is_answer(stanza))
        return false;
    id = node_attr(stanza, N_ID);
    n = id.s ? first_of(qs, id) : NULL;
    for (; n; n = map_next(&qs->by_id, n)) {
        struct question *q = OF_MAP(n);

        if (str_eq(q->id, id) &&
            addressee_may_answer(&q->whom, node_attr(stanza, N_FROM), self)) {
            /* One answer closes one sending: a program may use an id again
             * before the first answer. */
            questions_forget(qs, q);
            return true;
        }
    }
    return false;
}

bool questions_have(struct questions *qs, struct str id)
{
    struct map_node *n = first_of(qs, id);

    while (n && !str_eq(OF_MAP(n)->id, id))
        n = map_next(&qs->by_id, n);
    return n != NULL;
}
