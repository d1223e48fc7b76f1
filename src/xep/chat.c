/* chat.c - what became of the messages of a conversation: receipts (XEP-0184)
 * and displayed markers (XEP-0333). */

#include <xmpp/xep/chat.h>

#include <string.h>

#include <xmpp/build.h>
#include <xmpp/ctx.h>
#include <xmpp/dict.h>
#include <xmpp/fast.h>
#include <xmpp/ns.h>
#include <xmpp/xep/forward.h>

static const char *const markers[] = {"displayed", "received", "acknowledged",
                                      NULL};
static const char *const vias[] = {"carbon-in", "carbon-out", "archive", NULL};

/* Not what is in a stanza, but printed and copied like that. */
static const xmpp_field_t chat_fields[] = {
    XMPP_ATTR(xmpp_chat_t, jid, JID, "jid"),
    XMPP_ATTR(xmpp_chat_t, chat, JID, "chat"),
    XMPP_ATTR(xmpp_chat_t, id, TEXT, "id"),
    XMPP_ATTR_ENUM(xmpp_chat_t, marker, "marker", markers),
    XMPP_ATTR_ENUM(xmpp_chat_t, via, "via", vias),
};
XMPP_PAYLOAD(xmpp_chat, xmpp_chat_t, "chat", XMPP_NS_MARKERS, chat_fields);

/* What was marked last in a conversation, by its key. */
struct mark {
    int marker;
    char *id;
};

struct chats {
    long most; /* the limit */
    int policy;
    xmpp_dict_t *marks; /* struct mark */
};

#define POLICY_AT_FIRST (XMPP_CHAT_SEND_RECEIPTS | XMPP_CHAT_SEND_MARKERS)
#define POLICY_ALL                                                             \
    (POLICY_AT_FIRST | XMPP_CHAT_WANT_RECEIPTS | XMPP_CHAT_WANT_MARKERS)

static struct chats *chats_of(const xmpp_conn_t *conn)
{
    return xmpp_conn_get_state(conn, &xmpp_mod_chat);
}

int xmpp_chat_set_policy(xmpp_conn_t *conn, int policy)
{
    struct chats *chats = chats_of(conn);

    if (!chats)
        return xmpp_conn_fail_unused(conn, &xmpp_mod_chat);
    if (policy & ~POLICY_ALL)
        return xmpp_conn_fail(conn, &xmpp_mod_chat, XMPP_EARG,
                              "the policy %d has bits without a meaning",
                              policy);
    chats->policy = policy;
    return 0;
}

/* ---- receipts that we send --------------------------------------- */

static int is_groupchat(xmpp_stanza_t *message)
{
    const char *type = xmpp_stanza_get_type(message);

    return type && !strcmp(type, "groupchat");
}

/* XEP-0184 section 7: of the type of the message, to the client that sent it,
 * and with nothing else in it; but to an occupant it is a private message
 * (XEP-0045 section 7.5). */
static xmpp_stanza_t *make_receipt(xmpp_conn_t *conn, const xmpp_inbound_t *in)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    char *id = xmpp_uuid_gen(ctx);
    xmpp_stanza_t *receipt =
        xmpp_message_new(ctx, xmpp_stanza_get_type(in->message), NULL, id);

    xmpp_free(ctx, id);
    xmpp_stanza_set_jid(receipt, "to", in->from);
    if (in->to && xmpp_conn_is_component(conn))
        xmpp_stanza_set_jid(receipt, "from", in->to);
    xmpp_stanza_put(xmpp_stanza_add_tag(receipt, "received", XMPP_NS_RECEIPTS),
                    "id", xmpp_stanza_get_id(in->message));
    if (in->sender & XMPP_SENDER_ROOM)
        xmpp_stanza_add_tag(receipt, "x", XMPP_NS_MUC_USER);
    return receipt;
}

/* Section 5.5: only when the message comes first, so the row is for live ones;
 * and once, however often it is requested. */
static int on_request(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    const struct chats *chats = state;

    if (chats->policy & XMPP_CHAT_SEND_RECEIPTS && in->from &&
        !(in->sender & XMPP_SENDER_OWN) &&
        xmpp_receipt_is_requested(in->message) &&
        in->element == xmpp_stanza_next_tag(in->message, NULL, "request",
                                            XMPP_NS_RECEIPTS) &&
        xmpp_conversation_is_trusted(conn, in->from))
        xmpp_send_take(conn, make_receipt(conn, in));
    return 0;
}

/* ---- what others report ------------------------------------------ */

static int is_our_report(const xmpp_inbound_t *in)
{
    return in->via == XMPP_VIA_CARBON_OUT || in->sender & XMPP_SENDER_OWN;
}

/* `with` is the other side of the conversation. */
static void emit_chat(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                      const xmpp_jid_t *with, int what, const char *id,
                      xmpp_marker_kind_t marker)
{
    int in_private =
        in->sender & XMPP_SENDER_ROOM && !is_groupchat(in->message);
    xmpp_chat_t value;

    XMPP_INIT(xmpp_chat, value);
    if (in->from)
        value.jid = *in->from;
    value.chat = *with;
    if (!in_private)
        xmpp_jid_cut(with, XMPP_JID_BARE, &value.chat);
    value.id = id;
    value.marker = (int)marker;
    value.via = (int)in->via;
    xmpp_conn_emit(conn, &xmpp_mod_chat, what, &value, NULL);
}

static int on_receipt(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    const xmpp_receipt_t *receipt = in->value;

    (void)state;
    if (in->from && !in->is_unverified && !is_our_report(in))
        emit_chat(conn, in, in->from, XMPP_CHAT_RECEIVED, receipt->id,
                  XMPP_MARKER_NONE);
    return 0;
}

static int on_marker(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                     xmpp_marker_kind_t marker)
{
    const xmpp_marker_t *value = in->value;

    if (in->is_unverified)
        return 0;
    if (is_our_report(in) && in->to && marker == XMPP_MARKER_DISPLAYED)
        emit_chat(conn, in, in->to, XMPP_CHAT_MARKED_ELSEWHERE, value->id,
                  marker);
    if (in->from && !is_our_report(in))
        emit_chat(conn, in, in->from, XMPP_CHAT_MARKED, value->id, marker);
    return 0;
}

static int on_displayed(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                        void *state)
{
    (void)state;
    return on_marker(conn, in, XMPP_MARKER_DISPLAYED);
}

static int on_marked_received(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                              void *state)
{
    (void)state;
    return on_marker(conn, in, XMPP_MARKER_RECEIVED);
}

static int on_acknowledged(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                           void *state)
{
    (void)state;
    return on_marker(conn, in, XMPP_MARKER_ACKNOWLEDGED);
}

/* ---- markers that we send ---------------------------------------- */

static void mark_done(xmpp_ctx_t *ctx, void *record)
{
    xmpp_free(ctx, ((struct mark *)record)->id);
}

/* In the place of the oldest one if there are too many. */
static struct mark *mark_open(struct chats *chats, const xmpp_conversation_t *c)
{
    struct mark *mark = xmpp_dict_find(chats->marks, c->key, (size_t)-1);

    if (mark) {
        xmpp_dict_touch(chats->marks, mark);
        return mark;
    }
    while (xmpp_dict_count(chats->marks) >= (size_t)chats->most)
        xmpp_dict_drop(chats->marks, xmpp_dict_next(chats->marks, NULL));
    return xmpp_dict_put(chats->marks, c->key, (size_t)-1);
}

/* To all clients of the other side; and to be stored, although there is no
 * body, for those that are not there (XEP-0333 section 2). */
static xmpp_stanza_t *make_marker(xmpp_conn_t *conn, const xmpp_jid_t *jid,
                                  const char *id, int marker)
{
    xmpp_stanza_t *message = xmpp_conversation_message(conn, jid);

    xmpp_stanza_set_jid(message, "to", jid);
    xmpp_stanza_put(
        xmpp_stanza_add_tag(message, markers[marker - 1], XMPP_NS_MARKERS),
        "id", id);
    xmpp_hints_add(message, XMPP_HINT_STORE);
    return message;
}

/* If it cannot be sent it may be sent again: then nothing of the application
 * was called, and the record is still there. */
static int send_marker(xmpp_conn_t *conn, const xmpp_conversation_t *c,
                       const char *id, int marker)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    struct mark *mark = mark_open(chats_of(conn), c);
    char *copy;
    int code;

    if (mark && mark->id && mark->marker == marker && !strcmp(mark->id, id))
        return 1;
    copy = mark ? xmpp_copy_text(ctx, id) : NULL;
    if (!copy)
        return XMPP_EMEM;
    xmpp_free(ctx, mark->id);
    mark->id = copy;
    mark->marker = marker;
    code = xmpp_send_take(conn, make_marker(conn, &c->jid, id, marker));
    if (code)
        mark->marker = XMPP_MARKER_NONE;
    return code;
}

int xmpp_chat_mark(xmpp_conn_t *conn, const xmpp_jid_t *jid, const char *id,
                   int marker)
{
    const struct chats *chats = chats_of(conn);
    const xmpp_conversation_t *c;

    if (!chats)
        return xmpp_conn_fail_unused(conn, &xmpp_mod_chat);
    if (!jid || !jid->domain_size || !id || marker < XMPP_MARKER_DISPLAYED ||
        marker > XMPP_MARKER_ACKNOWLEDGED)
        return xmpp_conn_fail(conn, &xmpp_mod_chat, XMPP_EARG,
                              "there is no address or no id, or %d is not a "
                              "marker",
                              marker);
    if (!(chats->policy & XMPP_CHAT_SEND_MARKERS) ||
        !xmpp_conversation_is_trusted(conn, jid) ||
        xmpp_conn_sender_is(conn, jid, XMPP_SENDER_OWN))
        return 1;
    c = xmpp_conversation_open(conn, jid);
    return c ? send_marker(conn, c, id, marker) : XMPP_EMEM;
}

/* XEP-0333 section 4.3: without a request, by the id that the room gave. */
static int mark_in_room(xmpp_conn_t *conn, xmpp_stanza_t *message,
                        const xmpp_jid_t *from)
{
    const char *id;
    xmpp_jid_t room;

    xmpp_jid_cut(from, XMPP_JID_BARE, &room);
    id = xmpp_stanza_id_get(conn, message, &room);
    if (!id)
        id = xmpp_stanza_get_id(message);
    if (!id || !xmpp_conn_sender_is(conn, &room, XMPP_SENDER_ROOM) ||
        xmpp_stanza_next_tag(message, NULL, "displayed", XMPP_NS_MARKERS))
        return 1;
    return xmpp_chat_mark(conn, &room, id, XMPP_MARKER_DISPLAYED);
}

int xmpp_chat_displayed(xmpp_conn_t *conn, xmpp_stanza_t *message)
{
    xmpp_jid_t from;

    if (!chats_of(conn))
        return xmpp_conn_fail_unused(conn, &xmpp_mod_chat);
    if (xmpp_stanza_get_jid(message, "from", &from) != 1)
        return 1;
    if (is_groupchat(message))
        return mark_in_room(conn, message, &from);
    if (!xmpp_marker_is_requested(message))
        return 1;
    return xmpp_chat_mark(conn, &from, xmpp_stanza_get_id(message),
                          XMPP_MARKER_DISPLAYED);
}

/* ---- what we request --------------------------------------------- */

/* Not in rooms: every occupant would answer (XEP-0184 section 5.3). */
static void on_sending(xmpp_conn_t *conn, xmpp_stanza_t *message, void *state)
{
    const struct chats *chats = state;

    (void)conn;
    if (is_groupchat(message) ||
        !xmpp_stanza_get_child_text(message, "body", NULL))
        return;
    if (chats->policy & XMPP_CHAT_WANT_RECEIPTS)
        xmpp_receipt_request(message);
    if (chats->policy & XMPP_CHAT_WANT_MARKERS)
        xmpp_marker_request(message);
}

/* ---- life -------------------------------------------------------- */

static int on_chats_life(xmpp_conn_t *conn, xmpp_lifecycle_t event, void *state)
{
    struct chats *chats = state;

    if (event == XMPP_ATTACHED) {
        chats->policy = POLICY_AT_FIRST;
        chats->marks = xmpp_dict_new(xmpp_conn_get_context(conn),
                                     sizeof(struct mark), 0, mark_done);
        return chats->marks ? 0 : XMPP_EMEM;
    }
    if (event == XMPP_DETACHED)
        xmpp_dict_free(chats->marks);
    return 0;
}

#define ANY_REPORTER                                                           \
    (XMPP_SENDER_ANYONE | XMPP_SENDER_CONTACT | XMPP_SENDER_ROOM)

static const xmpp_row_t rows[] = {
    XMPP_NEEDS(&xmpp_mod_chat_state),
    XMPP_MESSAGE(ANY_REPORTER, XMPP_LIVE, XMPP_NS_RECEIPTS, "request", NULL,
                 on_request),
    XMPP_MESSAGE(ANY_REPORTER, XMPP_ALL, XMPP_NS_RECEIPTS, "received",
                 &xmpp_receipt, on_receipt),
    XMPP_MESSAGE(ANY_REPORTER, XMPP_ALL, XMPP_NS_MARKERS, "displayed",
                 &xmpp_displayed, on_displayed),
    XMPP_MESSAGE(ANY_REPORTER, XMPP_ALL, XMPP_NS_MARKERS, "received",
                 &xmpp_marker_received, on_marked_received),
    XMPP_MESSAGE(ANY_REPORTER, XMPP_ALL, XMPP_NS_MARKERS, "acknowledged",
                 &xmpp_marker_acknowledged, on_acknowledged),
    XMPP_OUT_MESSAGE(on_sending),
    XMPP_FEATURE(XMPP_NS_RECEIPTS),
    XMPP_FEATURE(XMPP_NS_MARKERS),
    XMPP_EVENT(XMPP_CHAT_RECEIVED, "received", &xmpp_chat),
    XMPP_EVENT(XMPP_CHAT_MARKED, "marked", &xmpp_chat),
    XMPP_EVENT(XMPP_CHAT_MARKED_ELSEWHERE, "marked-elsewhere", &xmpp_chat),
    XMPP_LIMIT("conversations", 1000, 1, 100000, offsetof(struct chats, most)),
    XMPP_LIFECYCLE(on_chats_life),
    XMPP_SPEC("XEP-0184", "1.4.0", "complete"),
    XMPP_SPEC("XEP-0333", "1.0.0", "complete"),
    XMPP_ROWS_END};
XMPP_MODULE(xmpp_mod_chat, "chat", sizeof(struct chats), rows);
