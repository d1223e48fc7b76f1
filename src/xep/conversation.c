/* conversation.c - with whom we speak: where the next message goes (RFC 6121
 * section 5.1), its thread (XEP-0201), and who may learn of us. */

#include <xmpp/xep/conversation.h>

#include <string.h>

#include <xmpp/build.h>
#include <xmpp/ctx.h>
#include <xmpp/dict.h>
#include <xmpp/fast.h>
#include <xmpp/ns.h>

/* Not what is in a stanza, but printed and copied like that. */
static const xmpp_field_t conversation_fields[] = {
    XMPP_ATTR(xmpp_conversation_t, jid, JID, "jid"),
    XMPP_ATTR(xmpp_conversation_t, address, JID, "address"),
    XMPP_CHILD(xmpp_conversation_t, thread, TEXT, "thread"),
    XMPP_FLAG(xmpp_conversation_t, has_written, "has-written"),
    XMPP_FLAG(xmpp_conversation_t, is_room, "is-room"),
    XMPP_ATTR(xmpp_conversation_t, key, TEXT, "key"),
};
XMPP_PAYLOAD(xmpp_conversation, xmpp_conversation_t, "conversation", NULL,
             conversation_fields);

/* What `seen` points to is in the other members. */
struct partner {
    xmpp_conversation_t seen; /* what others get */
    xmpp_jid_t *jid, *locked;
    char *thread;
};

/* Strangers have no record, so that they cannot drive out those whom we know,
 * however many they are. */
struct partners {
    long most; /* the limit */
    int policy;
    xmpp_dict_t *all; /* struct partner */
};

#define POLICY_BITS 7 /* all that there are */
#define THREAD_OCTETS_MOST 256

static struct partners *partners_of(const xmpp_conn_t *conn)
{
    return xmpp_conn_get_state(conn, &xmpp_mod_conversation);
}

/* ---- records ----------------------------------------------------- */

static void partner_done(xmpp_ctx_t *ctx, void *record)
{
    struct partner *partner = record;

    xmpp_free(ctx, partner->jid);
    xmpp_free(ctx, partner->locked);
    xmpp_free(ctx, partner->thread);
}

static int is_occupant(xmpp_conn_t *conn, const xmpp_jid_t *jid)
{
    return jid->resource_size &&
           xmpp_conn_sender_is(conn, jid, XMPP_SENDER_ROOM);
}

/* The other side's address; on a component, which has many, ours behind it. */
struct partner_key {
    char text[2 * XMPP_JID_BUFFER_SIZE];
    size_t size;
    xmpp_jid_t jid;
};

static void append_key(struct partner_key *key, const xmpp_jid_t *jid)
{
    size_t size;
    const char *text = xmpp_jid_view(jid, XMPP_JID_FULL, &size);

    memcpy(key->text + key->size, text, size);
    key->size += size;
}

static void make_key(xmpp_conn_t *conn, const xmpp_jid_t *jid,
                     const xmpp_jid_t *own, struct partner_key *key)
{
    xmpp_jid_t bare;

    key->size = 0;
    key->jid = *jid;
    if (!is_occupant(conn, jid))
        xmpp_jid_cut(jid, XMPP_JID_BARE, &key->jid);
    append_key(key, &key->jid);
    if (!own || !xmpp_conn_is_component(conn))
        return;
    key->text[key->size++] = '\n';
    xmpp_jid_cut(own, XMPP_JID_BARE, &bare);
    append_key(key, &bare);
}

static struct partner *partner_find(const struct partners *partners,
                                    const struct partner_key *key)
{
    return xmpp_dict_find(partners->all, key->text, key->size);
}

static void unlock_partner(xmpp_ctx_t *ctx, struct partner *partner)
{
    xmpp_free(ctx, partner->locked);
    partner->locked = NULL;
    partner->seen.address = *partner->jid;
}

/* In the place of the oldest one if there are too many. */
static struct partner *partner_new(xmpp_ctx_t *ctx, struct partners *partners,
                                   const struct partner_key *key)
{
    struct partner *partner;

    while (xmpp_dict_count(partners->all) >= (size_t)partners->most)
        xmpp_dict_drop(partners->all, xmpp_dict_next(partners->all, NULL));
    partner = xmpp_dict_put(partners->all, key->text, key->size);
    if (!partner)
        return NULL;
    partner->jid = xmpp_jid_copy(ctx, &key->jid);
    if (!partner->jid) {
        xmpp_dict_drop(partners->all, partner);
        return NULL;
    }
    XMPP_INIT(xmpp_conversation, partner->seen);
    partner->seen.jid = partner->seen.address = *partner->jid;
    partner->seen.key = xmpp_dict_key(partner, NULL);
    return partner;
}

/* The record, which is the last in order from now on. NULL when out of
 * memory. */
static struct partner *partner_open(xmpp_conn_t *conn,
                                    const struct partner_key *key)
{
    struct partners *partners = partners_of(conn);
    struct partner *partner = partner_find(partners, key);

    if (!partner)
        return partner_new(xmpp_conn_get_context(conn), partners, key);
    xmpp_dict_touch(partners->all, partner);
    return partner;
}

/* ---- what comes and goes ----------------------------------------- */

/* What is written from now on goes to the resource that wrote. */
static void lock_partner(xmpp_ctx_t *ctx, struct partner *partner,
                         const xmpp_jid_t *from)
{
    if (!xmpp_jid_equal(&partner->seen.jid, from, XMPP_JID_FULL) &&
        !xmpp_jid_equal(&partner->seen.address, from, XMPP_JID_FULL)) {
        unlock_partner(ctx, partner);
        partner->locked = xmpp_jid_copy(ctx, from);
        if (partner->locked)
            partner->seen.address = *partner->locked;
    }
}

static void set_thread(xmpp_ctx_t *ctx, struct partner *partner,
                       const char *thread)
{
    if (partner->thread && thread && !strcmp(partner->thread, thread))
        return;
    xmpp_free(ctx, partner->thread);
    partner->thread = thread ? xmpp_copy_text(ctx, thread) : NULL;
    partner->seen.thread = partner->thread;
}

/* An empty one, or one that is too long, is none. */
static void note_thread(xmpp_ctx_t *ctx, struct partner *partner,
                        xmpp_stanza_t *message)
{
    const char *thread = xmpp_stanza_get_child_text(message, "thread", NULL);
    size_t n = thread ? strlen(thread) : 0;

    if (n > 0 && n <= THREAD_OCTETS_MOST)
        set_thread(ctx, partner, thread);
}

static int is_typed(xmpp_stanza_t *stanza, const char *type)
{
    const char *is = xmpp_stanza_get_type(stanza);

    return is && !strcmp(is, type);
}

/* The types of messages that are a part of a conversation: chat, normal, or one
 * that we do not know, which counts as normal (RFC 6121 section 5.2.2). */
static int is_spoken(xmpp_stanza_t *message)
{
    return !is_typed(message, "groupchat") && !is_typed(message, "headline") &&
           !is_typed(message, "error");
}

/* Who is trusted begins a conversation by writing. */
static int may_begin_talk(const xmpp_inbound_t *in,
                          const struct partners *partners)
{
    return in->via == XMPP_VIA_CARBON_OUT || in->sender & XMPP_SENDER_CONTACT ||
           partners->policy & XMPP_CONVERSATION_STRANGERS;
}

static int on_spoken(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    int is_ours = in->via == XMPP_VIA_CARBON_OUT;
    const xmpp_jid_t *jid = is_ours ? in->to : in->from;
    struct partners *partners = state;
    struct partner *partner = NULL;
    struct partner_key key;

    if (!jid || in->via == XMPP_VIA_ARCHIVE || !is_spoken(in->message))
        return 0;
    make_key(conn, jid, in->to, &key);
    if (may_begin_talk(in, partners) || partner_find(partners, &key))
        partner = partner_open(conn, &key);
    if (!partner)
        return 0;
    partner->seen.has_written |= is_ours;
    if (in->via == XMPP_VIA_STREAM)
        lock_partner(ctx, partner, jid);
    note_thread(ctx, partner, in->message);
    return 0;
}

static void add_thread(xmpp_ctx_t *ctx, struct partner *partner,
                       xmpp_stanza_t *message)
{
    char *fresh = partner->thread ? NULL : xmpp_uuid_gen(ctx);

    if (fresh)
        set_thread(ctx, partner, fresh);
    xmpp_free(ctx, fresh);
    xmpp_stanza_add_text_tag(message, "thread", NULL, partner->thread);
}

/* On a component: the address of ours that `text` is, or the present one. */
static const xmpp_jid_t *own_side(xmpp_conn_t *conn, const char *text,
                                  char *room, xmpp_jid_t *jid)
{
    if (!xmpp_conn_is_component(conn))
        return NULL;
    if (!text)
        text = xmpp_conn_get_send_as(conn);
    if (!text)
        text = xmpp_conn_get_bound_jid(conn);
    if (xmpp_jid_parse(text, (size_t)-1, XMPP_JID_LENIENT, room, jid, NULL))
        return NULL;
    return jid;
}

static void on_speaking(xmpp_conn_t *conn, xmpp_stanza_t *message, void *state)
{
    char room[XMPP_JID_BUFFER_SIZE];
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    struct partners *partners = state;
    struct partner_key key;
    struct partner *partner;
    xmpp_jid_t to, own;

    if (!is_spoken(message) ||
        !xmpp_stanza_get_child_text(message, "body", NULL) ||
        xmpp_stanza_get_jid(message, "to", &to) != 1)
        return;
    make_key(conn, &to,
             own_side(conn, xmpp_stanza_get_from(message), room, &own), &key);
    partner = partner_open(conn, &key);
    if (!partner)
        return;
    partner->seen.has_written = 1;
    note_thread(ctx, partner, message);
    if (partners->policy & XMPP_CONVERSATION_THREADS &&
        is_typed(message, "chat") &&
        !xmpp_stanza_get_child_text(message, "thread", NULL))
        add_thread(ctx, partner, message);
}

/* RFC 6121 section 5.1: presence of any resource unlocks. An occupant who has
 * left may come back as another person. */
static int on_partner_presence(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                               void *state)
{
    int is_gone = is_typed(in->message, "unavailable");
    struct partners *partners = state;
    struct partner_key key;
    struct partner *partner;

    if (!in->from || (xmpp_stanza_get_type(in->message) && !is_gone))
        return 0;
    make_key(conn, in->from, in->to, &key);
    partner = partner_find(partners, &key);
    if (!partner)
        return 0;
    unlock_partner(xmpp_conn_get_context(conn), partner);
    if (is_gone && partner->jid->resource_size) {
        partner->seen.has_written = 0;
        set_thread(xmpp_conn_get_context(conn), partner, NULL);
    }
    return 0;
}

/* ---- calls ------------------------------------------------------- */

static int read_key(xmpp_conn_t *conn, const xmpp_jid_t *jid,
                    struct partner_key *key)
{
    char room[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t own;

    if (!partners_of(conn) || !jid || !jid->domain_size)
        return 0;
    make_key(conn, jid, own_side(conn, NULL, room, &own), key);
    return 1;
}

static struct partner *called_partner(xmpp_conn_t *conn, const xmpp_jid_t *jid)
{
    struct partner_key key;

    return read_key(conn, jid, &key) ? partner_find(partners_of(conn), &key)
                                     : NULL;
}

const xmpp_conversation_t *xmpp_conversation_get(xmpp_conn_t *conn,
                                                 const xmpp_jid_t *jid)
{
    struct partner *partner = called_partner(conn, jid);

    return partner ? &partner->seen : NULL;
}

/* A room is one only as long as we are in it. */
const xmpp_conversation_t *xmpp_conversation_open(xmpp_conn_t *conn,
                                                  const xmpp_jid_t *jid)
{
    struct partner_key key;
    struct partner *partner =
        read_key(conn, jid, &key) ? partner_open(conn, &key) : NULL;

    if (!partner)
        return NULL;
    partner->seen.is_room =
        !jid->resource_size && xmpp_conn_sender_is(conn, jid, XMPP_SENDER_ROOM);
    return &partner->seen;
}

int xmpp_conversation_is_trusted(xmpp_conn_t *conn, const xmpp_jid_t *jid)
{
    const struct partners *partners = partners_of(conn);
    const xmpp_conversation_t *c;

    if (!partners || !jid)
        return 0;
    if (!jid->resource_size && xmpp_conn_sender_is(conn, jid, XMPP_SENDER_ROOM))
        return (partners->policy & XMPP_CONVERSATION_ROOMS) != 0;
    c = xmpp_conversation_get(conn, jid);
    return partners->policy & XMPP_CONVERSATION_STRANGERS ||
           (c && c->has_written) ||
           xmpp_conn_sender_is(conn, jid,
                               XMPP_SENDER_OWN | XMPP_SENDER_CONTACT);
}

xmpp_stanza_t *xmpp_conversation_message(xmpp_conn_t *conn,
                                         const xmpp_jid_t *jid)
{
    const xmpp_conversation_t *c = xmpp_conversation_open(conn, jid);
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    char room[XMPP_JID_BUFFER_SIZE], *id;
    xmpp_stanza_t *message;
    xmpp_jid_t own;

    if (!c)
        return NULL;
    id = xmpp_uuid_gen(ctx);
    message =
        xmpp_message_new(ctx, c->is_room ? "groupchat" : "chat", NULL, id);
    xmpp_free(ctx, id);
    xmpp_stanza_set_jid(message, "to", &c->address);
    if (own_side(conn, NULL, room, &own))
        xmpp_stanza_set_jid(message, "from", &own);
    xmpp_stanza_add_text_tag(message, "thread", NULL, c->thread);
    return message;
}

int xmpp_conversation_set_policy(xmpp_conn_t *conn, int policy)
{
    struct partners *partners = partners_of(conn);

    if (!partners)
        return xmpp_conn_fail_unused(conn, &xmpp_mod_conversation);
    if (policy & ~POLICY_BITS)
        return xmpp_conn_fail(conn, &xmpp_mod_conversation, XMPP_EARG,
                              "the policy %d has bits without a meaning",
                              policy);
    partners->policy = policy;
    return 0;
}

int xmpp_conversation_close(xmpp_conn_t *conn, const xmpp_jid_t *jid)
{
    struct partner *partner = called_partner(conn, jid);

    if (partner)
        set_thread(xmpp_conn_get_context(conn), partner, NULL);
    return partner != NULL;
}

/* ---- life -------------------------------------------------------- */

/* In a new session nobody is known to be where he was. */
static int on_partners_life(xmpp_conn_t *conn, xmpp_lifecycle_t event,
                            void *state)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    struct partners *partners = state;
    struct partner *partner = NULL;

    if (event == XMPP_ATTACHED) {
        partners->all =
            xmpp_dict_new(ctx, sizeof(struct partner), 0, partner_done);
        return partners->all ? 0 : XMPP_EMEM;
    }
    if (event == XMPP_SESSION_STARTED)
        while ((partner = xmpp_dict_next(partners->all, partner)))
            unlock_partner(ctx, partner);
    if (event == XMPP_DETACHED)
        xmpp_dict_free(partners->all);
    return 0;
}

#define ANY_SPEAKER                                                            \
    (XMPP_SENDER_ANYONE | XMPP_SENDER_CONTACT | XMPP_SENDER_ROOM)

static const xmpp_row_t rows[] = {
    XMPP_MESSAGE(ANY_SPEAKER, XMPP_ALL, XMPP_NS_CLIENT, "body", NULL,
                 on_spoken),
    XMPP_PRESENCE(XMPP_SENDER_ANYONE, NULL, NULL, NULL, on_partner_presence),
    XMPP_OUT_MESSAGE(on_speaking),
    XMPP_LIFECYCLE(on_partners_life),
    XMPP_LIMIT("conversations", 1000, 1, 100000,
               offsetof(struct partners, most)),
    XMPP_SPEC("XEP-0201", "1.0", "complete"),
    XMPP_ROWS_END};
XMPP_MODULE(xmpp_mod_conversation, "conversation", sizeof(struct partners),
            rows);
