/* chat_state.c - what both sides of a conversation do (XEP-0085): each client
 * of theirs, and we. */

#include <xmpp/xep/chat_state.h>

#include <stddef.h>
#include <string.h>

#include <xmpp/build.h>
#include <xmpp/ctx.h>
#include <xmpp/dict.h>
#include <xmpp/ns.h>
#include <xmpp/xep/caps.h>

static const char *const activity_names[] = {"active",   "composing", "paused",
                                             "inactive", "gone",      NULL};

/* Not what is in a stanza, but printed and copied like that. */
static const xmpp_field_t activity_fields[] = {
    XMPP_ATTR(xmpp_chat_activity_t, jid, JID, "jid"),
    XMPP_ATTR(xmpp_chat_activity_t, chat, JID, "chat"),
    XMPP_ATTR_ENUM(xmpp_chat_activity_t, state, "state", activity_names),
};
XMPP_PAYLOAD(xmpp_chat_activity, xmpp_chat_activity_t, "activity",
             XMPP_NS_CHAT_STATES, activity_fields);

/* Whether the other side understands states (section 5.1). */
enum { NOT_KNOWN, UNDERSTANDS, DOES_NOT };

/* Of a conversation, by its serial: after it was forgotten, the nick of an
 * occupant may be that of another person. It lasts for a session. */
struct activity {
    int understands;
    int ours;             /* xmpp_chat_state_t: what was sent last */
    xmpp_dict_t *clients; /* struct client; NULL until one has a state */
};

/* Of one client, by its full address. The one that reported longest ago is the
 * first. */
struct client {
    xmpp_jid_t *jid;
    int state; /* xmpp_chat_state_t, but never NO_STATE */
};

struct activities {
    long most, clients_most; /* the limits */
    int is_off;
    xmpp_dict_t *all; /* struct activity */
};

static struct activities *activities_of(const xmpp_conn_t *conn)
{
    return xmpp_conn_get_state(conn, &xmpp_mod_chat_state);
}

static struct activity *activity_find(const struct activities *activities,
                                      const xmpp_conversation_t *c)
{
    return c ? xmpp_dict_find(activities->all, (const char *)&c->serial,
                              sizeof(c->serial))
             : NULL;
}

/* The record, which is the last in order from now on; in the place of the
 * oldest one if there are too many. NULL when out of memory. */
static struct activity *activity_open(struct activities *activities,
                                      const xmpp_conversation_t *c)
{
    struct activity *activity = activity_find(activities, c);

    if (activity) {
        xmpp_dict_touch(activities->all, activity);
        return activity;
    }
    while (xmpp_dict_count(activities->all) >= (size_t)activities->most)
        xmpp_dict_drop(activities->all, xmpp_dict_next(activities->all, NULL));
    return xmpp_dict_put(activities->all, (const char *)&c->serial,
                         sizeof(c->serial));
}

static void activity_done(xmpp_ctx_t *ctx, void *record)
{
    (void)ctx;
    xmpp_dict_free(((struct activity *)record)->clients);
}

/* ---- their clients ----------------------------------------------- */

static void client_done(xmpp_ctx_t *ctx, void *record)
{
    xmpp_free(ctx, ((struct client *)record)->jid);
}

static struct client *client_find(const struct activity *activity,
                                  const xmpp_jid_t *jid)
{
    return xmpp_dict_find_jid(activity->clients, jid, XMPP_JID_FULL);
}

/* The record, with space for it. NULL when out of memory. */
static struct client *client_open(xmpp_ctx_t *ctx, struct activity *activity,
                                  const xmpp_jid_t *jid)
{
    struct client *client;

    if (!activity->clients)
        activity->clients =
            xmpp_dict_new(ctx, sizeof(struct client), 0, client_done);
    client = xmpp_dict_put_jid(activity->clients, jid, XMPP_JID_FULL);
    if (client && !client->jid)
        client->jid = xmpp_jid_copy(ctx, jid);
    if (client && client->jid)
        return client;
    xmpp_dict_drop(activity->clients, client);
    return NULL;
}

/* ---- theirs ------------------------------------------------------ */

static int is_kind(xmpp_stanza_t *message, const char *type)
{
    const char *is = xmpp_stanza_get_type(message);

    return is && !strcmp(is, type);
}

static void emit_activity(xmpp_conn_t *conn, const xmpp_jid_t *from,
                          const xmpp_jid_t *chat, int now, int before)
{
    xmpp_chat_activity_t value, was;

    XMPP_INIT(xmpp_chat_activity, value);
    value.jid = *from;
    value.chat = *chat;
    was = value;
    value.state = now;
    was.state = before;
    xmpp_conn_emit(conn, &xmpp_mod_chat_state, XMPP_CHAT_STATE_CHANGED, &value,
                   before ? &was : NULL);
}

/* Section 5.4: nobody leaves a room by a state. Who is in no room of ours is a
 * stranger. */
static void hear_room(xmpp_conn_t *conn, const xmpp_inbound_t *in, int now)
{
    xmpp_jid_t room;

    xmpp_jid_cut(in->from, XMPP_JID_BARE, &room);
    if (now != XMPP_CHAT_GONE && in->sender & XMPP_SENDER_ROOM)
        emit_activity(conn, in->from, &room, now, XMPP_CHAT_NO_STATE);
}

/* One too many: it is as if the oldest one had ended. */
static void end_oldest(xmpp_conn_t *conn, struct activity *activity,
                       const xmpp_jid_t *chat)
{
    struct client *oldest = xmpp_dict_next(activity->clients, NULL);
    xmpp_jid_t *jid = oldest->jid;
    int before = oldest->state;

    oldest->jid = NULL;
    xmpp_dict_drop(activity->clients, oldest);
    emit_activity(conn, jid, chat, XMPP_CHAT_NO_STATE, before);
    xmpp_free(xmpp_conn_get_context(conn), jid);
}

/* `activity` may be gone once the application was called. */
static void change_client(xmpp_conn_t *conn, struct activity *activity,
                          const xmpp_jid_t *jid, const xmpp_jid_t *chat,
                          int now)
{
    struct client *client = client_find(activity, jid);
    size_t most = (size_t)activities_of(conn)->clients_most;
    int before = client ? client->state : XMPP_CHAT_NO_STATE;

    if (!now)
        xmpp_dict_drop(activity->clients, client);
    else if (!client)
        client = client_open(xmpp_conn_get_context(conn), activity, jid);
    if (now && !client)
        return;
    if (now) {
        client->state = now;
        xmpp_dict_touch(activity->clients, client);
    }
    if (xmpp_dict_count(activity->clients) > most)
        end_oldest(conn, activity, chat);
    if (now != before)
        emit_activity(conn, jid, chat, now, before);
}

/* A contact may begin to write before there is a conversation; with a stranger
 * there may be one to whom we have not written. The value has its own address,
 * because a conversation may be forgotten meanwhile. */
static void hear(xmpp_conn_t *conn, const xmpp_inbound_t *in, int now,
                 int understands)
{
    const xmpp_conversation_t *c = NULL;
    struct activity *activity;
    xmpp_jid_t chat = *in->from;

    if (xmpp_conversation_is_trusted(conn, in->from))
        c = in->sender & XMPP_SENDER_CONTACT
                ? xmpp_conversation_open(conn, in->from)
                : xmpp_conversation_get(conn, in->from);
    activity = c ? activity_open(activities_of(conn), c) : NULL;
    if (!activity)
        return;
    if (!c->jid.resource_size)
        xmpp_jid_cut(in->from, XMPP_JID_BARE, &chat);
    activity->understands = understands;
    if (now == XMPP_CHAT_GONE)
        xmpp_conversation_close(conn, in->from);
    change_client(conn, activity, in->from, &chat, now);
}

/* What our other clients send, or a room sends back, is none of theirs; what is
 * in an archive has been. */
static int is_theirs(const xmpp_inbound_t *in)
{
    return in->from && !(in->sender & (XMPP_SENDER_OWN | XMPP_SENDER_SELF)) &&
           in->via != XMPP_VIA_CARBON_OUT && in->via != XMPP_VIA_ARCHIVE;
}

static int on_state(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    int now = (int)xmpp_chat_state_get(in->message);

    (void)state;
    if (!is_theirs(in) || !now)
        return 0;
    if (is_kind(in->message, "groupchat"))
        hear_room(conn, in, now);
    else
        hear(conn, in, now, UNDERSTANDS);
    return 0;
}

/* Section 5.1: a reply without a state is from somebody who does not understand
 * them. A state that we do not know is one all the same. */
static int on_reply(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    (void)state;
    if (is_theirs(in) && is_kind(in->message, "chat") &&
        !xmpp_stanza_next_tag(in->message, NULL, NULL, XMPP_NS_CHAT_STATES))
        hear(conn, in, XMPP_CHAT_NO_STATE, DOES_NOT);
    return 0;
}

/* The account is unavailable with all its clients, or an occupant is. */
static void end_clients(xmpp_conn_t *conn, xmpp_dict_t *clients,
                        const xmpp_jid_t *chat)
{
    const struct client *client = NULL;

    while ((client = xmpp_dict_next(clients, client)))
        emit_activity(conn, client->jid, chat, XMPP_CHAT_NO_STATE,
                      client->state);
    xmpp_dict_free(clients);
}

/* Who is gone composes no more, and does not always say so. An occupant's
 * nickname may become another person's. */
static int on_absence(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    struct activities *activities = state;
    const xmpp_conversation_t *c = NULL;
    struct activity *activity;
    xmpp_dict_t *clients;
    xmpp_jid_t chat;

    if (in->from && is_kind(in->message, "unavailable"))
        c = xmpp_conversation_get(conn, in->from);
    activity = activity_find(activities, c);
    if (!activity)
        return 0;
    xmpp_jid_cut(in->from, XMPP_JID_BARE, &chat);
    if (in->from->resource_size && !c->jid.resource_size) {
        change_client(conn, activity, in->from, &chat, XMPP_CHAT_NO_STATE);
        return 0;
    }
    clients = activity->clients;
    activity->clients = NULL;
    if (c->jid.resource_size)
        xmpp_dict_drop(activities->all, activity);
    end_clients(conn, clients, in->from);
    return 0;
}

/* What is worth more attention is greater. */
static int attention(int state)
{
    static const int all[] = {0, 3, 5, 4, 2, 1};

    return all[state];
}

int xmpp_chat_get_state(xmpp_conn_t *conn, const xmpp_jid_t *jid)
{
    const struct activities *activities = activities_of(conn);
    const struct activity *activity =
        activities ? activity_find(activities, xmpp_conversation_get(conn, jid))
                   : NULL;
    const struct client *client = NULL;
    int state = XMPP_CHAT_NO_STATE;

    if (!activity)
        return state;
    if (jid->resource_size) {
        client = client_find(activity, jid);
        return client ? client->state : state;
    }
    while ((client = xmpp_dict_next(activity->clients, client)))
        if (attention(client->state) > attention(state))
            state = client->state;
    return state;
}

/* ---- ours -------------------------------------------------------- */

/* `jid` is the address as the application gave it: that of a client, perhaps.
 */
static int may_send_state(xmpp_conn_t *conn, const struct activity *activity,
                          const xmpp_conversation_t *c, const xmpp_jid_t *jid,
                          int state)
{
    if (activities_of(conn)->is_off || activity->ours == state ||
        !xmpp_conversation_is_trusted(conn, &c->jid))
        return 0;
    if (c->is_room)
        return state != XMPP_CHAT_GONE;
    return activity->understands == UNDERSTANDS ||
           (activity->understands == NOT_KNOWN &&
            (xmpp_caps_has(conn, &c->address, XMPP_NS_CHAT_STATES) ||
             xmpp_caps_has(conn, jid, XMPP_NS_CHAT_STATES)));
}

/* If it cannot be sent it may be sent again: then nothing of the application
 * was called, and the record is still there. */
static int send_state(xmpp_conn_t *conn, struct activity *activity,
                      const xmpp_jid_t *jid, int state)
{
    xmpp_stanza_t *message = xmpp_conversation_message(conn, jid);
    int before = activity->ours, code;

    xmpp_chat_state_add(message, (xmpp_chat_state_t)state);
    activity->ours = state;
    if (state == XMPP_CHAT_GONE)
        xmpp_conversation_close(conn, jid);
    code = xmpp_send_take(conn, message);
    if (code)
        activity->ours = before;
    return code;
}

int xmpp_chat_set_state(xmpp_conn_t *conn, const xmpp_jid_t *jid, int state)
{
    struct activities *activities = activities_of(conn);
    const xmpp_conversation_t *c;
    struct activity *activity;

    if (!activities)
        return xmpp_conn_fail_unused(conn, &xmpp_mod_chat_state);
    if (!jid || !jid->domain_size || state < XMPP_CHAT_ACTIVE ||
        state > XMPP_CHAT_GONE)
        return xmpp_conn_fail(conn, &xmpp_mod_chat_state, XMPP_EARG,
                              "there is no address, or %d is not a state",
                              state);
    c = xmpp_conversation_open(conn, jid);
    activity = c ? activity_open(activities, c) : NULL;
    if (!activity)
        return XMPP_EMEM;
    return may_send_state(conn, activity, c, jid, state)
               ? send_state(conn, activity, jid, state)
               : 1;
}

int xmpp_chat_send_states(xmpp_conn_t *conn, int are_sent)
{
    struct activities *activities = activities_of(conn);

    if (!activities)
        return xmpp_conn_fail_unused(conn, &xmpp_mod_chat_state);
    activities->is_off = !are_sent;
    return 0;
}

/* Section 5.1: "active" in every message, until the other side has shown that
 * it does not understand. The conversation has begun just now. */
static void on_message_sent(xmpp_conn_t *conn, xmpp_stanza_t *message,
                            void *state)
{
    struct activities *activities = state;
    const xmpp_conversation_t *c = NULL;
    struct activity *activity;
    xmpp_jid_t to;

    if (activities->is_off || !is_kind(message, "chat") ||
        !xmpp_stanza_get_child_text(message, "body", NULL) ||
        xmpp_stanza_next_tag(message, NULL, NULL, XMPP_NS_CHAT_STATES))
        return;
    if (xmpp_stanza_get_jid(message, "to", &to) == 1)
        c = xmpp_conversation_get(conn, &to);
    activity = c ? activity_open(activities, c) : NULL;
    if (!activity || activity->understands == DOES_NOT)
        return;
    xmpp_chat_state_add(message, XMPP_CHAT_ACTIVE);
    activity->ours = XMPP_CHAT_ACTIVE;
}

/* ---- life -------------------------------------------------------- */

static int on_activities_life(xmpp_conn_t *conn, xmpp_lifecycle_t event,
                              void *state)
{
    struct activities *activities = state;

    if (event == XMPP_ATTACHED) {
        activities->all =
            xmpp_dict_new(xmpp_conn_get_context(conn), sizeof(struct activity),
                          0, activity_done);
        return activities->all ? 0 : XMPP_EMEM;
    }
    if (event == XMPP_SESSION_STARTED)
        xmpp_dict_clear(activities->all);
    if (event == XMPP_DETACHED)
        xmpp_dict_free(activities->all);
    return 0;
}

#define ANY_SENDER (XMPP_SENDER_ANYONE | XMPP_SENDER_CONTACT | XMPP_SENDER_ROOM)

static const xmpp_row_t rows[] = {
    XMPP_NEEDS(&xmpp_mod_conversation),
    XMPP_MESSAGE(ANY_SENDER | XMPP_SENDER_SELF, XMPP_ALL, XMPP_NS_CHAT_STATES,
                 NULL, NULL, on_state),
    XMPP_MESSAGE(ANY_SENDER, XMPP_ALL, XMPP_NS_CLIENT, "body", NULL, on_reply),
    XMPP_PRESENCE(XMPP_SENDER_ANYONE, NULL, NULL, NULL, on_absence),
    XMPP_OUT_MESSAGE(on_message_sent),
    XMPP_FEATURE(XMPP_NS_CHAT_STATES),
    XMPP_EVENT(XMPP_CHAT_STATE_CHANGED, "changed", &xmpp_chat_activity),
    XMPP_LIMIT("conversations", 1000, 1, 100000,
               offsetof(struct activities, most)),
    XMPP_LIMIT("clients", 16, 1, 1000,
               offsetof(struct activities, clients_most)),
    XMPP_LIFECYCLE(on_activities_life),
    XMPP_SPEC("XEP-0085", "2.1", "complete"),
    XMPP_ROWS_END};
XMPP_MODULE(xmpp_mod_chat_state, "chat_state", sizeof(struct activities), rows);
