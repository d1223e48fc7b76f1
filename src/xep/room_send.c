/* room_send.c - what we send to a room, until the room sends it back. */

#include <xmpp/xep/room_send.h>

#include <stdio.h>
#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/dict.h>
#include <xmpp/ns.h>
#include <xmpp/option.h>
#include <xmpp/xep/forward.h>

#define KEY_SIZE (2 * XMPP_JID_BUFFER_SIZE)

struct sends {
    xmpp_dict_t *waiting; /* struct waiting, by room and id */
};

/* A message that we sent. `pending` is NULL only until it has been. */
struct waiting {
    struct sends *all;
    xmpp_pending_t *pending;
    int is_subject; /* and nothing else */
};

static struct sends *sends_of(const xmpp_conn_t *conn)
{
    return xmpp_conn_get_state(conn, &xmpp_mod_room_send);
}

/* ---- what waits for its reflection ------------------------------- */

/* Its length; 0 for an id that is too long to be ours. */
static size_t write_key(const xmpp_jid_t *room, const char *id, char *key)
{
    size_t n;
    const char *text = xmpp_jid_view(room, XMPP_JID_BARE, &n);
    int length = snprintf(key, KEY_SIZE, "%.*s\n%s", (int)n, text, id);

    return length < KEY_SIZE ? (size_t)length : 0;
}

static struct waiting *find_sent(const struct sends *all,
                                 const xmpp_jid_t *room, const char *id)
{
    char key[KEY_SIZE];
    size_t n = id ? write_key(room, id, key) : 0;

    return n ? xmpp_dict_find(all->waiting, key, n) : NULL;
}

static void drop_sent(void *module_data)
{
    struct waiting *waiting = module_data;

    xmpp_dict_drop(waiting->all->waiting, waiting);
}

/* The operation is the caller's to end. */
static xmpp_pending_t *take_waiting(struct waiting *waiting)
{
    xmpp_pending_t *pending = waiting ? waiting->pending : NULL;

    if (waiting)
        drop_sent(waiting);
    return pending;
}

/* The one behind `waiting` that was sent to this room. */
static struct waiting *next_sent(const struct sends *all,
                                 const xmpp_jid_t *room,
                                 struct waiting *waiting)
{
    char key[KEY_SIZE];
    size_t n = write_key(room, "", key);

    do
        waiting = xmpp_dict_next(all->waiting, waiting);
    while (waiting && strncmp(xmpp_dict_key(waiting, NULL), key, n) != 0);
    return waiting;
}

static int is_subject_only(xmpp_stanza_t *message)
{
    return xmpp_stanza_get_child_text(message, "subject", NULL) &&
           !xmpp_stanza_get_child_text(message, "body", NULL);
}

/* Prosody makes a message of its own of a subject, which has another id. */
static struct waiting *find_subject(const struct sends *all,
                                    const xmpp_jid_t *room)
{
    struct waiting *waiting = NULL;

    while ((waiting = next_sent(all, room, waiting)))
        if (waiting->is_subject)
            return waiting;
    return NULL;
}

/* The room sent it back, with an id of its own perhaps. */
void xmpp_room_end_send(xmpp_room_t *room, xmpp_stanza_t *message,
                        const char *stanza_id)
{
    const struct sends *all = sends_of(xmpp_room_get_conn(room));
    const xmpp_origin_id_t *origin =
        xmpp_payload_find(message, &xmpp_origin_id);
    struct waiting *waiting;
    xmpp_stanza_id_t value;

    if (!all)
        return;
    waiting = find_sent(all, room->jid, xmpp_stanza_get_id(message));
    if (!waiting && origin)
        waiting = find_sent(all, room->jid, origin->id);
    if (!waiting && is_subject_only(message))
        waiting = find_subject(all, room->jid);
    XMPP_INIT(xmpp_stanza_id, value);
    value.id = stanza_id;
    value.by = *room->jid;
    xmpp_pending_end(take_waiting(waiting), 0, &xmpp_stanza_id,
                     stanza_id ? &value : NULL);
}

static void refuse_waiting(struct waiting *waiting, xmpp_stanza_t *stanza)
{
    xmpp_result_t result;

    memset(&result, 0, sizeof(result));
    result.status = XMPP_ESTANZA;
    result.stanza = stanza;
    result.condition =
        xmpp_stanza_get_error(stanza, &result.type, &result.text);
    xmpp_pending_end_with(take_waiting(waiting), &result);
}

/* From the room, or from a server that cannot reach it; not from an occupant,
 * whose errors are about private messages. */
static int on_message_error(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                            void *state)
{
    const char *type = xmpp_stanza_get_type(in->stanza);
    const char *id = xmpp_stanza_get_id(in->stanza);
    struct waiting *waiting;
    xmpp_room_t *room = NULL;

    if (!id || !in->from || in->from->resource_size || !type ||
        strcmp(type, "error") != 0)
        return 0;
    waiting = find_sent(state, in->from, id);
    while (!waiting && !in->from->local_size &&
           (room = xmpp_room_next_room(conn, room)))
        if (xmpp_jid_equal(in->from, room->jid, XMPP_JID_DOMAIN))
            waiting = find_sent(state, room->jid, id);
    if (waiting)
        refuse_waiting(waiting, in->stanza);
    return 0;
}

/* We left the room, so nothing that was sent comes back. */
static void on_room_event(xmpp_conn_t *conn, const xmpp_event_t *event,
                          void *userdata)
{
    struct sends *all = sends_of(conn);
    struct waiting *waiting;
    const xmpp_room_left_t *left = event->value;

    (void)userdata;
    if (event->what == XMPP_ROOM_EVENT_LEFT)
        while ((waiting = next_sent(all, &left->room, NULL)))
            xmpp_pending_end(take_waiting(waiting), XMPP_EDROPPED, NULL, NULL);
}

/* ---- sending ----------------------------------------------------- */

static int is_in(const xmpp_room_t *room)
{
    return xmpp_room_is_within(room, XMPP_ROOM_HISTORY, XMPP_ROOM_JOINED);
}

static int refuse_send(const xmpp_room_t *room)
{
    return room
               ? xmpp_conn_fail(room->conn, &xmpp_mod_room_send, XMPP_EINVOP,
                                "we are not in %.100s: wait until it is joined",
                                room->jid->text)
               : XMPP_EINVOP;
}

static int address_message(xmpp_room_t *room, xmpp_stanza_t *message)
{
    int rc = message ? xmpp_stanza_set_type(message, "groupchat") : XMPP_EMEM;
    const char *origin;

    if (rc == 0)
        rc = xmpp_stanza_set_jid(message, "to", room->jid);
    origin = rc == 0 ? xmpp_origin_id_put(message) : NULL;
    if (rc == 0 && !origin)
        rc = XMPP_EMEM;
    if (rc == 0 && !xmpp_stanza_get_id(message))
        rc = xmpp_stanza_set_id(message, origin);
    return rc;
}

/* There is a place for it before it is sent: nothing but memory can fail after
 * that. What is called meanwhile may leave the room. */
static int send_and_wait(xmpp_conn_t *conn, struct sends *all, const char *key,
                         size_t n, xmpp_stanza_t *message,
                         xmpp_result_handler handler, void *userdata)
{
    int rc = xmpp_send_take(conn, message);
    struct waiting *waiting = xmpp_dict_find(all->waiting, key, n);

    if (rc || !waiting) {
        xmpp_dict_drop(all->waiting, waiting);
        return rc ? rc : XMPP_EDROPPED;
    }
    waiting->pending = xmpp_pending_new(
        conn,
        (unsigned long)xmpp_conn_get_option(conn, XMPP_OPT_REQUEST_TIMEOUT),
        handler, userdata);
    xmpp_pending_on_end(waiting->pending, drop_sent, waiting);
    if (waiting->pending)
        return 0;
    xmpp_dict_drop(all->waiting, waiting);
    return XMPP_EMEM;
}

static int begin_send(struct sends *all, xmpp_room_t *room,
                      xmpp_stanza_t *message, xmpp_result_handler handler,
                      void *userdata)
{
    char key[KEY_SIZE];
    size_t n = write_key(room->jid, xmpp_stanza_get_id(message), key);
    int is_new = n && !xmpp_dict_find(all->waiting, key, n);
    struct waiting *waiting =
        is_new ? xmpp_dict_put(all->waiting, key, n) : NULL;

    if (!waiting) {
        xmpp_stanza_release(message);
        return is_new ? XMPP_EMEM : XMPP_EARG;
    }
    waiting->all = all;
    waiting->is_subject = is_subject_only(message);
    return send_and_wait(room->conn, all, key, n, message, handler, userdata);
}

int xmpp_room_send(xmpp_room_t *room, xmpp_stanza_t *message,
                   xmpp_result_handler handler, void *userdata)
{
    xmpp_conn_t *conn = xmpp_room_get_conn(room);
    struct sends *all = sends_of(conn);
    int rc =
        all && is_in(room) ? address_message(room, message) : refuse_send(room);

    if (rc) {
        if (message)
            xmpp_stanza_release(message);
        return rc;
    }
    xmpp_conn_hold(conn);
    rc = begin_send(all, room, message, handler, userdata);
    xmpp_conn_unhold(conn);
    return rc;
}

int xmpp_room_set_subject(xmpp_room_t *room, const char *subject,
                          xmpp_result_handler handler, void *userdata)
{
    xmpp_stanza_t *message, *element;

    if (!is_in(room))
        return refuse_send(room);
    message = xmpp_message_new(room->ctx, NULL, NULL, NULL);
    element = xmpp_stanza_add_tag(message, "subject", NULL);
    if (subject && *subject)
        xmpp_stanza_add_text(element, subject);
    return xmpp_room_send(room, message, handler, userdata);
}

/* Occupants may have nicks that are not allowed any more. */
static int address_occupant(const xmpp_room_t *room, const char *nick,
                            xmpp_stanza_t *message)
{
    char buffer[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t to;
    const xmpp_occupant_t *occupant = xmpp_room_get_occupant(room, nick);
    int rc = nick ? 0 : XMPP_EARG;

    if (occupant)
        to = occupant->address;
    else if (rc == 0)
        rc = xmpp_jid_set_resource(room->jid, nick, XMPP_JID_STRICT, buffer,
                                   &to, NULL);
    return rc ? rc : xmpp_stanza_set_jid(message, "to", &to);
}

int xmpp_room_send_private(xmpp_room_t *room, const char *nick,
                           xmpp_stanza_t *message)
{
    int rc =
        is_in(room) ? address_occupant(room, nick, message) : refuse_send(room);

    if (rc) {
        if (message)
            xmpp_stanza_release(message);
        return rc;
    }
    xmpp_stanza_set_type(message, "chat");
    if (!xmpp_stanza_get_child_by_name_and_ns(message, "x", XMPP_NS_MUC_USER))
        xmpp_stanza_add_tag(message, "x", XMPP_NS_MUC_USER);
    return xmpp_send_take(room->conn, message);
}

/* ---- the module -------------------------------------------------- */

static int attach_sends(xmpp_conn_t *conn, struct sends *all)
{
    int rc;

    all->waiting = xmpp_dict_new(xmpp_conn_get_context(conn),
                                 sizeof(struct waiting), 0, NULL);
    if (!all->waiting)
        return XMPP_EMEM;
    rc = xmpp_conn_watch(conn, &xmpp_mod_room, on_room_event, NULL);
    if (rc < 0)
        xmpp_dict_free(all->waiting);
    return rc < 0 ? rc : 0;
}

static int on_sends_turn(xmpp_conn_t *conn, xmpp_lifecycle_t turn, void *state)
{
    struct sends *all = state;

    if (turn == XMPP_ATTACHED)
        return attach_sends(conn, all);
    if (turn == XMPP_DETACHED)
        xmpp_dict_free(all->waiting);
    return 0;
}

static const xmpp_row_t rows[] = {
    XMPP_NEEDS(&xmpp_mod_room_presence),
    XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_LIVE, NULL, NULL, NULL,
                 on_message_error),
    XMPP_LIFECYCLE(on_sends_turn), XMPP_SPEC("XEP-0045", "1.35.5", "complete"),
    XMPP_ROWS_END};

XMPP_MODULE(xmpp_mod_room_send, "room_send", sizeof(struct sends), rows);
