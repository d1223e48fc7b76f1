/* sync_event.c - what sync.h reports to the application. */

#include <xmpp/xep/sync_event.h>

#include <stddef.h>
#include <string.h>

#include <xmpp/build.h>
#include <xmpp/error.h>
#include <xmpp/module.h>
#include <xmpp/ns.h>
#include <xmpp/xep/forward.h>
#include <xmpp/xep/receipt.h>

static const char *const states[] = {"offline", "catching", "live", NULL};
static const char *const fates[] = {
    "sent", "stored", "received", "displayed", "unknown", "refused", NULL};

static const xmpp_field_t message_fields[] = {
    XMPP_ATTR(xmpp_sync_message_t, archive, JID, "archive"),
    XMPP_ATTR(xmpp_sync_message_t, chat, JID, "chat"),
    XMPP_ATTR(xmpp_sync_message_t, is_ours, BOOL, "ours"),
    XMPP_ATTR(xmpp_sync_message_t, is_history, BOOL, "history"),
    XMPP_ATTR(xmpp_sync_message_t, id, TEXT, "id"),
    XMPP_ATTR(xmpp_sync_message_t, own_id, TEXT, "own-id"),
    XMPP_ATTR(xmpp_sync_message_t, time, TIME, "time"),
    XMPP_SELF(xmpp_sync_message_t, message),
};
XMPP_PAYLOAD(xmpp_sync_message, xmpp_sync_message_t, "message", XMPP_NS_SYNC,
             message_fields);

static const xmpp_field_t change_fields[] = {
    XMPP_ATTR(xmpp_sync_change_t, archive, JID, "archive"),
    XMPP_ATTR_ENUM(xmpp_sync_change_t, state, "state", states),
};
XMPP_PAYLOAD(xmpp_sync_change, xmpp_sync_change_t, "change", XMPP_NS_SYNC,
             change_fields);

static const xmpp_field_t seen_fields[] = {
    XMPP_ATTR(xmpp_sync_seen_t, chat, JID, "chat"),
    XMPP_ATTR(xmpp_sync_seen_t, id, TEXT, "id"),
    XMPP_ATTR(xmpp_sync_seen_t, archive, JID, "archive"),
    XMPP_ATTR(xmpp_sync_seen_t, archive_id, TEXT, "archive-id"),
    XMPP_SELF(xmpp_sync_seen_t, marker),
};
XMPP_PAYLOAD(xmpp_sync_seen, xmpp_sync_seen_t, "seen", XMPP_NS_SYNC,
             seen_fields);

static const xmpp_field_t fate_fields[] = {
    XMPP_ATTR(xmpp_sync_fate_t, id, TEXT, "id"),
    XMPP_ATTR(xmpp_sync_fate_t, to, JID, "to"),
    XMPP_ATTR_ENUM(xmpp_sync_fate_t, fate, "fate", fates),
    XMPP_ATTR(xmpp_sync_fate_t, condition, TEXT, "condition"),
    XMPP_SELF(xmpp_sync_fate_t, message),
};
XMPP_PAYLOAD(xmpp_sync_fate, xmpp_sync_fate_t, "fate", XMPP_NS_SYNC,
             fate_fields);

/* ---- messages ---------------------------------------------------- */

/* Where something is reported, and of which archive. */
struct place {
    xmpp_conn_t *conn;
    const xmpp_module_t *module;
    const xmpp_jid_t *jid; /* NULL: our account's */
};

static int is_by_us(const struct place *a, xmpp_stanza_t *message)
{
    xmpp_jid_t from;

    return xmpp_stanza_get_jid(message, "from", &from) != 1 ||
           xmpp_conn_sender_is(a->conn, &from, XMPP_SENDER_OWN);
}

/* The other side: bare, but for an occupant of a room. */
static void find_chat(const struct place *a, xmpp_stanza_t *message,
                      int is_ours, xmpp_jid_t *ret)
{
    xmpp_jid_t jid;

    if (a->jid) {
        *ret = *a->jid;
        return;
    }
    if (xmpp_stanza_get_jid(message, is_ours ? "to" : "from", &jid) != 1)
        return;
    if (xmpp_conn_sender_is(a->conn, &jid, XMPP_SENDER_ROOM))
        *ret = jid;
    else
        xmpp_jid_cut(&jid, XMPP_JID_BARE, ret);
}

const char *xmpp_sync_own_id(xmpp_stanza_t *message)
{
    const xmpp_origin_id_t *origin =
        xmpp_payload_find(message, &xmpp_origin_id);

    return origin ? origin->id : xmpp_stanza_get_id(message);
}

static void report_fate(const struct place *a, xmpp_stanza_t *message,
                        const char *id, int kind)
{
    xmpp_sync_fate_t fate;

    XMPP_INIT(xmpp_sync_fate, fate);
    fate.id = id;
    fate.fate = kind;
    if (xmpp_stanza_get_jid(message, "from", &fate.to) == 1)
        xmpp_conn_emit(a->conn, a->module, XMPP_SYNC_FATE, &fate, NULL);
}

static void forget_fate_wait(void *pointer)
{
    *(xmpp_pending_t **)pointer = NULL;
}

void xmpp_sync_report_fate(xmpp_conn_t *conn, const xmpp_module_t *module,
                           xmpp_stanza_t *stanza, const char *other, int kind,
                           const char *condition, xmpp_pending_t *pending)
{
    xmpp_sync_fate_t fate;

    XMPP_INIT(xmpp_sync_fate, fate);
    fate.id = xmpp_stanza_get_id(stanza);
    fate.message = other && !strcmp(other, "to") ? stanza : NULL;
    fate.fate = kind;
    fate.condition = condition;
    xmpp_stanza_get_jid(stanza, other, &fate.to);
    if (pending) /* the event may end it */
        xmpp_pending_on_end(pending, forget_fate_wait, &pending);
    xmpp_conn_emit(conn, module, XMPP_SYNC_FATE, &fate, NULL);
    if (pending)
        xmpp_pending_end(pending,
                         kind == XMPP_SYNC_UNKNOWN   ? XMPP_ENOTCONN
                         : kind == XMPP_SYNC_REFUSED ? XMPP_EREFUSED
                                                     : 0,
                         &xmpp_sync_fate, &fate);
}

static void report_seen(const struct place *a, xmpp_stanza_t *message,
                        const char *id)
{
    xmpp_sync_seen_t seen;

    XMPP_INIT(xmpp_sync_seen, seen);
    seen.id = id;
    find_chat(a, message, 1, &seen.chat);
    xmpp_conn_emit(a->conn, a->module, XMPP_SYNC_SEEN, &seen, NULL);
}

/* Receipts and markers in it: of others they are fates of ours. */
static void report_markers(const struct place *a, xmpp_stanza_t *message,
                           int is_ours)
{
    const xmpp_receipt_t *receipt = xmpp_payload_find(message, &xmpp_receipt);
    const xmpp_marker_t *displayed =
        xmpp_payload_find(message, &xmpp_displayed);

    if (receipt && !is_ours)
        report_fate(a, message, receipt->id, XMPP_SYNC_RECEIVED);
    if (displayed && !is_ours)
        report_fate(a, message, displayed->id, XMPP_SYNC_DISPLAYED);
    if (displayed && is_ours)
        report_seen(a, message, displayed->id);
}

/* An archive may have more than what is one by the stream; and of a room's
 * messages those that are by its own archive count. */
static int is_for_application(const struct place *a, xmpp_stanza_t *message)
{
    const char *type = xmpp_stanza_get_type(message);

    if (type &&
        (!strcmp(type, "error") || (!a->jid && !strcmp(type, "groupchat"))))
        return 0;
    return !xmpp_stanza_get_child_by_name_and_ns(message, "event",
                                                 XMPP_NS_PUBSUB_EVENT);
}

void xmpp_sync_report(xmpp_conn_t *conn, const xmpp_module_t *module,
                      const xmpp_jid_t *archive, const xmpp_sync_item_t *item,
                      int is_history)
{
    const struct place place = {conn, module, archive}, *a = &place;
    xmpp_sync_message_t told;

    if (!item || !item->message) /* the archive does not have it any more */
        return;
    if (!is_for_application(a, item->message))
        return;
    XMPP_INIT(xmpp_sync_message, told);
    if (a->jid)
        told.archive = *a->jid;
    told.is_ours = !a->jid && is_by_us(a, item->message);
    find_chat(a, item->message, told.is_ours, &told.chat);
    told.via = item->via;
    told.is_history = is_history;
    told.id = item->id;
    told.own_id = xmpp_sync_own_id(item->message);
    told.time = item->time == XMPP_NO_TIME ? xmpp_time_now() : item->time;
    told.message = item->message;
    xmpp_conn_emit(a->conn, a->module, XMPP_SYNC_MESSAGE, &told, NULL);
    if (!is_history)
        report_markers(a, item->message, told.is_ours);
}

/* The sender's address and its id, in one text that lives as the message. Of a
 * room's message the sender is an occupant: ids of different ones may be equal.
 */
const char *xmpp_sync_key(xmpp_stanza_t *message)
{
    const char *id = xmpp_sync_own_id(message), *bare;
    const char *type = xmpp_stanza_get_type(message);
    xmpp_jid_t from;
    size_t n;
    char *key;

    if (!id || xmpp_stanza_get_jid(message, "from", &from) != 1)
        return NULL;
    bare = xmpp_jid_view(
        &from,
        type && !strcmp(type, "groupchat") ? XMPP_JID_FULL : XMPP_JID_BARE, &n);
    key = xmpp_stanza_alloc(message, n + 1 + strlen(id) + 1);
    if (!key)
        return NULL;
    memcpy(key, bare, n);
    key[n] = ' ';
    strcpy(key + n + 1, id);
    return key;
}

/* ---- what was displayed ------------------------------------------ */

/* In a room the id is the one that the room gave (XEP-0333 section 4.3). */
static xmpp_stanza_t *make_displayed(xmpp_conn_t *conn,
                                     const xmpp_sync_seen_t *seen)
{
    int is_room = seen->archive.domain_size != 0;
    xmpp_stanza_t *message =
        xmpp_message_new(xmpp_conn_get_context(conn),
                         is_room ? "groupchat" : "chat", NULL, NULL);
    xmpp_marker_t marker;

    XMPP_INIT(xmpp_displayed, marker);
    marker.id = is_room && seen->archive_id ? seen->archive_id : seen->id;
    xmpp_stanza_set_jid(message, "to", &seen->chat);
    xmpp_payload_add(message, &xmpp_displayed, &marker);
    xmpp_hints_add(message, XMPP_HINT_STORE);
    if (!is_room && xmpp_conn_sender_is(conn, &seen->chat, XMPP_SENDER_ROOM))
        xmpp_stanza_add_tag(message, "x", XMPP_NS_MUC_USER);
    return message;
}

int xmpp_sync_report_displayed(xmpp_conn_t *conn, const xmpp_module_t *module,
                               const xmpp_jid_t *chat, int is_room,
                               const char *id, const char *archive_id)
{
    xmpp_sync_seen_t seen;
    int rc = 0;

    if (!conn || !module || !chat)
        return XMPP_EINVOP;
    XMPP_INIT(xmpp_sync_seen, seen);
    seen.chat = *chat;
    seen.id = id;
    seen.archive_id = archive_id;
    if (is_room)
        seen.archive = *chat;
    if (id) {
        seen.marker = make_displayed(conn, &seen);
        if (!seen.marker)
            return XMPP_EMEM;
    }
    xmpp_conn_hold(conn);
    xmpp_conn_emit(conn, module, XMPP_SYNC_SHOWN, &seen, NULL);
    if (seen.marker)
        rc = xmpp_send_take(conn, seen.marker);
    xmpp_conn_unhold(conn);
    return rc;
}

/* ---- failures ---------------------------------------------------- */

int xmpp_sync_get_why(const xmpp_result_t *result)
{
    static const char *const never[] = {
        "service-unavailable", "feature-not-implemented", "forbidden",
        "not-allowed", "remote-server-not-found"};
    size_t i;

    if (!result)
        return 0;
    if (result->status == XMPP_ENOSERVICE)
        return XMPP_SYNC_NO_ARCHIVE;
    if (result->status != XMPP_ESTANZA || !result->condition)
        return 0;
    if (!strcmp(result->condition, "item-not-found"))
        return XMPP_SYNC_EXPIRED;
    for (i = 0; i < sizeof(never) / sizeof(never[0]); i++)
        if (!strcmp(result->condition, never[i]))
            return XMPP_SYNC_NO_ARCHIVE;
    return 0;
}
