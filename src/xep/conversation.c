/* conversation.c - with whom we speak: where the next message goes (RFC 6121
 * section 5.1), its thread (XEP-0201), and who may learn of us. */

#include <xmpp/xep/conversation.h>

#include <stddef.h>
#include <string.h>

#include <xmpp/build.h>
#include <xmpp/ctx.h>
#include <xmpp/fast.h>
#include <xmpp/ns.h>

/* Strangers are not in the list, so that they cannot drive out those whom we
 * know, however many they are. */
struct conversations {
    long most; /* the limit */
    int policy;
    xmpp_conversation_list_t *list;
};

#define POLICY_BITS 7 /* all that there are */
#define THREAD_OCTETS_MOST 256

static struct conversations *conversations_of(const xmpp_conn_t *conn)
{
    return xmpp_conn_get_state(conn, &xmpp_mod_conversation);
}

/* ---- whose they are ---------------------------------------------- */

/* The other side, and our own address on a component, which has many. */
struct sides {
    xmpp_jid_t jid, own;
    int has_own;
};

static void make_sides(xmpp_conn_t *conn, const xmpp_jid_t *jid,
                       const xmpp_jid_t *own, struct sides *sides)
{
    if (jid->resource_size && xmpp_conn_sender_is(conn, jid, XMPP_SENDER_ROOM))
        sides->jid = *jid;
    else
        xmpp_jid_cut(jid, XMPP_JID_BARE, &sides->jid);
    sides->has_own = own && xmpp_conn_is_component(conn);
    if (sides->has_own)
        sides->own = *own;
}

static xmpp_conversation_t *find_between(const struct conversations *all,
                                         const struct sides *sides)
{
    return xmpp_conversation_list_find(all->list, &sides->jid,
                                       sides->has_own ? &sides->own : NULL);
}

static xmpp_conversation_t *open_between(struct conversations *all,
                                         const struct sides *sides)
{
    return xmpp_conversation_list_open(all->list, &sides->jid,
                                       sides->has_own ? &sides->own : NULL,
                                       (size_t)all->most);
}

/* ---- what comes and goes ----------------------------------------- */

/* An empty one, or one that is too long, is none. */
static void note_thread(struct conversations *all, xmpp_conversation_t *c,
                        xmpp_stanza_t *message)
{
    const char *thread = xmpp_stanza_get_child_text(message, "thread", NULL);
    size_t n = thread ? strlen(thread) : 0;

    if (n > 0 && n <= THREAD_OCTETS_MOST)
        xmpp_conversation_list_set_thread(all->list, c, thread);
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
                          const struct conversations *all)
{
    return in->via == XMPP_VIA_CARBON_OUT || in->sender & XMPP_SENDER_CONTACT ||
           all->policy & XMPP_CONVERSATION_STRANGERS;
}

/* What is written from now on goes to the resource that wrote. */
static int on_spoken(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    int is_ours = in->via == XMPP_VIA_CARBON_OUT;
    const xmpp_jid_t *jid = is_ours ? in->to : in->from;
    struct conversations *all = state;
    xmpp_conversation_t *c = NULL;
    struct sides sides;

    if (!jid || in->via == XMPP_VIA_ARCHIVE || !is_spoken(in->message))
        return 0;
    make_sides(conn, jid, in->to, &sides);
    if (may_begin_talk(in, all) || find_between(all, &sides))
        c = open_between(all, &sides);
    if (!c)
        return 0;
    c->has_written |= is_ours;
    if (in->via == XMPP_VIA_STREAM && jid->resource_size)
        xmpp_conversation_list_set_address(all->list, c, jid);
    note_thread(all, c, in->message);
    return 0;
}

static void add_thread(xmpp_ctx_t *ctx, struct conversations *all,
                       xmpp_conversation_t *c, xmpp_stanza_t *message)
{
    char *fresh = c->thread ? NULL : xmpp_uuid_gen(ctx);

    if (fresh)
        xmpp_conversation_list_set_thread(all->list, c, fresh);
    xmpp_free(ctx, fresh);
    xmpp_stanza_add_text_tag(message, "thread", NULL, c->thread);
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
    struct conversations *all = state;
    xmpp_conversation_t *c;
    struct sides sides;
    xmpp_jid_t to, own;

    if (!is_spoken(message) ||
        !xmpp_stanza_get_child_text(message, "body", NULL) ||
        xmpp_stanza_get_jid(message, "to", &to) != 1)
        return;
    make_sides(conn, &to,
               own_side(conn, xmpp_stanza_get_from(message), room, &own),
               &sides);
    c = open_between(all, &sides);
    if (!c)
        return;
    c->has_written = 1;
    note_thread(all, c, message);
    if (all->policy & XMPP_CONVERSATION_THREADS && is_typed(message, "chat") &&
        !xmpp_stanza_get_child_text(message, "thread", NULL))
        add_thread(xmpp_conn_get_context(conn), all, c, message);
}

/* RFC 6121 section 5.1: presence of any resource unlocks. An occupant who has
 * left may come back as another person. */
static int on_partner_presence(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                               void *state)
{
    int is_gone = is_typed(in->message, "unavailable");
    struct conversations *all = state;
    xmpp_conversation_t *c;
    struct sides sides;

    if (!in->from || (xmpp_stanza_get_type(in->message) && !is_gone))
        return 0;
    make_sides(conn, in->from, in->to, &sides);
    c = find_between(all, &sides);
    if (!c)
        return 0;
    xmpp_conversation_list_set_address(all->list, c, NULL);
    if (is_gone && c->jid.resource_size) {
        c->has_written = 0;
        xmpp_conversation_list_set_thread(all->list, c, NULL);
    }
    return 0;
}

/* Who was there when we left a room, or lost it, may have left as well, and
 * somebody else may have the nick. So nobody is known when we enter it: no
 * other presence has this element (XEP-0045 section 7.2.2). */
static void on_entering(xmpp_conn_t *conn, xmpp_stanza_t *presence, void *state)
{
    struct conversations *all = state;
    xmpp_conversation_t *c, *next;
    xmpp_jid_t room;

    (void)conn;
    if (!xmpp_stanza_next_tag(presence, NULL, "x", XMPP_NS_MUC) ||
        xmpp_stanza_get_jid(presence, "to", &room) != 1)
        return;
    for (c = xmpp_conversation_list_next(all->list, NULL); c; c = next) {
        next = xmpp_conversation_list_next(all->list, c);
        if (c->jid.resource_size &&
            xmpp_jid_equal(&c->jid, &room, XMPP_JID_BARE))
            xmpp_conversation_list_drop(all->list, c);
    }
}

/* ---- calls ------------------------------------------------------- */

static int read_sides(xmpp_conn_t *conn, const xmpp_jid_t *jid, char *room,
                      struct sides *sides)
{
    xmpp_jid_t own;

    if (!conversations_of(conn) || !jid || !jid->domain_size)
        return 0;
    make_sides(conn, jid, own_side(conn, NULL, room, &own), sides);
    return 1;
}

static xmpp_conversation_t *called_conversation(xmpp_conn_t *conn,
                                                const xmpp_jid_t *jid)
{
    char room[XMPP_JID_BUFFER_SIZE];
    struct sides sides;

    return read_sides(conn, jid, room, &sides)
               ? find_between(conversations_of(conn), &sides)
               : NULL;
}

/* A room is one only as long as we are in it. */
static xmpp_conversation_t *note_room(xmpp_conn_t *conn, xmpp_conversation_t *c)
{
    if (c)
        c->is_room = !c->jid.resource_size &&
                     xmpp_conn_sender_is(conn, &c->jid, XMPP_SENDER_ROOM);
    return c;
}

const xmpp_conversation_t *xmpp_conversation_get(xmpp_conn_t *conn,
                                                 const xmpp_jid_t *jid)
{
    return note_room(conn, called_conversation(conn, jid));
}

const xmpp_conversation_t *xmpp_conversation_open(xmpp_conn_t *conn,
                                                  const xmpp_jid_t *jid)
{
    char room[XMPP_JID_BUFFER_SIZE];
    struct sides sides;

    return read_sides(conn, jid, room, &sides)
               ? note_room(conn, open_between(conversations_of(conn), &sides))
               : NULL;
}

int xmpp_conversation_is_trusted(xmpp_conn_t *conn, const xmpp_jid_t *jid)
{
    const struct conversations *all = conversations_of(conn);
    const xmpp_conversation_t *c;

    if (!all || !jid)
        return 0;
    if (!jid->resource_size && xmpp_conn_sender_is(conn, jid, XMPP_SENDER_ROOM))
        return (all->policy & XMPP_CONVERSATION_ROOMS) != 0;
    c = xmpp_conversation_get(conn, jid);
    return all->policy & XMPP_CONVERSATION_STRANGERS || (c && c->has_written) ||
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
    if (c->jid.resource_size)
        xmpp_stanza_add_tag(message, "x", XMPP_NS_MUC_USER);
    return message;
}

int xmpp_conversation_set_policy(xmpp_conn_t *conn, int policy)
{
    struct conversations *all = conversations_of(conn);

    if (!all)
        return xmpp_conn_fail_unused(conn, &xmpp_mod_conversation);
    if (policy & ~POLICY_BITS)
        return xmpp_conn_fail(conn, &xmpp_mod_conversation, XMPP_EARG,
                              "the policy %d has bits without a meaning",
                              policy);
    all->policy = policy;
    return 0;
}

int xmpp_conversation_close(xmpp_conn_t *conn, const xmpp_jid_t *jid)
{
    xmpp_conversation_t *c = called_conversation(conn, jid);

    if (c)
        xmpp_conversation_list_set_thread(conversations_of(conn)->list, c,
                                          NULL);
    return c != NULL;
}

/* ---- life -------------------------------------------------------- */

/* In a new session nobody is known to be where he was. */
static int on_conversations_life(xmpp_conn_t *conn, xmpp_lifecycle_t event,
                                 void *state)
{
    struct conversations *all = state;
    xmpp_conversation_t *c = NULL;

    if (event == XMPP_ATTACHED) {
        all->list = xmpp_conversation_list_new(xmpp_conn_get_context(conn));
        return all->list ? 0 : XMPP_EMEM;
    }
    if (event == XMPP_SESSION_STARTED)
        while ((c = xmpp_conversation_list_next(all->list, c)))
            xmpp_conversation_list_set_address(all->list, c, NULL);
    if (event == XMPP_DETACHED)
        xmpp_conversation_list_free(all->list);
    return 0;
}

#define ANY_SPEAKER                                                            \
    (XMPP_SENDER_ANYONE | XMPP_SENDER_CONTACT | XMPP_SENDER_ROOM)

static const xmpp_row_t rows[] = {
    XMPP_MESSAGE(ANY_SPEAKER, XMPP_ALL, XMPP_NS_CLIENT, "body", NULL,
                 on_spoken),
    XMPP_PRESENCE(XMPP_SENDER_ANYONE, NULL, NULL, NULL, on_partner_presence),
    XMPP_OUT_PRESENCE(on_entering),
    XMPP_OUT_MESSAGE(on_speaking),
    XMPP_LIFECYCLE(on_conversations_life),
    XMPP_LIMIT("conversations", 1000, 1, 100000,
               offsetof(struct conversations, most)),
    XMPP_SPEC("XEP-0201", "1.0", "complete"),
    XMPP_ROWS_END};
XMPP_MODULE(xmpp_mod_conversation, "conversation", sizeof(struct conversations),
            rows);
