/* presence.c - our own presence (RFC 6121 section 4). */

#include <xmpp/xep/presence.h>

#include <stdio.h>
#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/dict.h>
#include <xmpp/ns.h>

#define KEY_SIZE (2 * XMPP_JID_BUFFER_SIZE) /* of two addresses */

/* Of one address of ours; "" is the one that is logged in. */
struct own {
    xmpp_presence_t *value;
    int is_unsent;
    int was_available; /* in what was sent last, which may be sent again */
};

/* Whom directed presence was sent to. Its key is our address, a newline, and
 * theirs. */
struct directed {
    xmpp_jid_t *to;
};

struct presence {
    long directed_most;
    xmpp_dict_t *own;      /* struct own */
    xmpp_dict_t *directed; /* struct directed */
};

static struct presence *presence_of(const xmpp_conn_t *conn)
{
    return xmpp_conn_get_state(conn, &xmpp_mod_presence);
}

/* ---- the payload ------------------------------------------------- */

static const char *const types[] = {
    "unavailable",  "subscribe", "subscribed", "unsubscribe",
    "unsubscribed", "probe",     "error",      NULL};
static const char *const shows[] = {"chat", "away", "xa", "dnd", NULL};

static const xmpp_field_t fields[] = {
    XMPP_ATTR(xmpp_presence_t, from, JID, "from"),
    XMPP_ATTR(xmpp_presence_t, to, JID, "to"),
    XMPP_ATTR_ENUM(xmpp_presence_t, type, "type", types),
    XMPP_CHILD_ENUM(xmpp_presence_t, show, "show", shows),
    XMPP_CHILD(xmpp_presence_t, status, TEXT, "status"),
    XMPP_CHILD(xmpp_presence_t, priority, NUMBER, "priority"),
    XMPP_CHILD_ATTR_NS(xmpp_presence_t, idle, TIME, "idle", "since",
                       XMPP_NS_IDLE),
    XMPP_CHILD_NS(xmpp_presence_t, nick, TEXT, "nick", XMPP_NS_NICK),
};
XMPP_PAYLOAD(xmpp_presence, xmpp_presence_t, "presence", NULL, fields);

/* ---- ours -------------------------------------------------------- */

static const char *own_address(const xmpp_conn_t *conn)
{
    const char *address = xmpp_conn_get_send_as(conn);

    return address ? address : "";
}

static void add_details(xmpp_stanza_t *stanza, const xmpp_presence_t *presence)
{
    char text[XMPP_TIME_SIZE];

    if (presence->show)
        xmpp_stanza_add_text_tag(stanza, "show", NULL,
                                 shows[presence->show - 1]);
    if (presence->priority != XMPP_NO_NUMBER) {
        snprintf(text, sizeof(text), "%ld", presence->priority);
        xmpp_stanza_add_text_tag(stanza, "priority", NULL, text);
    }
    xmpp_stanza_add_text_tag(stanza, "nick", XMPP_NS_NICK, presence->nick);
    if (presence->idle == XMPP_NO_TIME)
        return;
    xmpp_time_print(presence->idle, text);
    xmpp_stanza_put(xmpp_stanza_add_tag(stanza, "idle", XMPP_NS_IDLE), "since",
                    text);
}

/* To one address, or to all who are subscribed (NULL). */
static int send_presence(xmpp_conn_t *conn, const char *from,
                         const xmpp_jid_t *to, const xmpp_presence_t *presence)
{
    xmpp_stanza_t *stanza = xmpp_presence_new(xmpp_conn_get_context(conn));

    if (xmpp_conn_is_component(conn))
        xmpp_stanza_put(stanza, "from",
                        *from ? from : xmpp_conn_get_bound_jid(conn));
    if (to)
        xmpp_stanza_set_jid(stanza, "to", to);
    if (presence->type)
        xmpp_stanza_put(stanza, "type", types[presence->type - 1]);
    xmpp_stanza_add_text_tag(stanza, "status", NULL, presence->status);
    if (!presence->type)
        add_details(stanza, presence);
    return xmpp_send_take(conn, stanza);
}

/* The directed presence behind `directed` that this address sent. */
static struct directed *next_directed(const struct presence *state,
                                      const char *from,
                                      struct directed *directed)
{
    size_t n = strlen(from);
    const char *key;

    while ((directed = xmpp_dict_next(state->directed, directed))) {
        key = xmpp_dict_key(directed, NULL);
        if (strncmp(key, from, n) == 0 && key[n] == '\n')
            return directed;
    }
    return NULL;
}

/* To all who get directed presence from this address; who gets an unavailable
 * one is not among them any more (section 4.6.3). If the connection is released
 * meanwhile, there are none. */
static void send_to_directed(xmpp_conn_t *conn, struct presence *state,
                             const char *from, const xmpp_presence_t *presence)
{
    struct directed *directed = next_directed(state, from, NULL), *next;

    for (; directed; directed = next) {
        next = next_directed(state, from, directed);
        send_presence(conn, from, directed->to, presence);
        if (!xmpp_conn_is_connected(conn))
            return;
        if (presence->type)
            xmpp_dict_drop(state->directed, directed);
    }
}

/* Only years of four digits can be written. */
static int year_is_writable(xmpp_time_t time)
{
    char text[XMPP_TIME_SIZE];

    xmpp_time_print(time, text);
    return *text || time == XMPP_NO_TIME;
}

/* Why it cannot be sent as ours, or 0. */
static int own_refusal(xmpp_conn_t *conn, const xmpp_presence_t *presence)
{
    const xmpp_module_t *module = &xmpp_mod_presence;
    const xmpp_presence_t *p = presence;

    if (!presence_of(conn))
        return xmpp_conn_fail_unused(conn, module);
    if (!p)
        return xmpp_conn_fail(conn, module, XMPP_EARG,
                              "there is no presence: pass one, or set our own "
                              "before");
    if (p->type < XMPP_PRESENCE_AVAILABLE ||
        p->type > XMPP_PRESENCE_UNAVAILABLE)
        return xmpp_conn_fail(conn, module, XMPP_EARG,
                              "type %d is neither available nor unavailable",
                              (int)p->type);
    if (p->show < XMPP_SHOW_ONLINE || p->show > XMPP_SHOW_DND)
        return xmpp_conn_fail(conn, module, XMPP_EARG, "there is no show %d",
                              (int)p->show);
    if (p->priority != XMPP_NO_NUMBER &&
        (p->priority < -128 || p->priority > 127))
        return xmpp_conn_fail(conn, module, XMPP_EARG,
                              "priority %ld is not from -128 to 127",
                              p->priority);
    if (!year_is_writable(p->idle))
        return xmpp_conn_fail(
            conn, module, XMPP_EARG,
            "idle since a year that is not from 0001 to 9999");
    return 0;
}

static struct own *own_find(const xmpp_conn_t *conn,
                            const struct presence *state)
{
    return state ? xmpp_dict_find(state->own, own_address(conn), (size_t)-1)
                 : NULL;
}

/* Now, or else in the next session. */
static int send_own(xmpp_conn_t *conn, struct presence *state, const char *from,
                    struct own *own)
{
    int rc = 0;

    own->is_unsent = 1;
    if (!xmpp_conn_is_connected(conn))
        return 0;
    xmpp_conn_hold(conn); /* what is called for a stanza may release it */
    if (xmpp_conn_is_component(conn) || own->value->type)
        send_to_directed(conn, state, from, own->value);
    if (!xmpp_conn_is_component(conn))
        rc = send_presence(conn, from, NULL, own->value);
    if (rc == 0) {
        own->is_unsent = 0;
        own->was_available = !own->value->type;
    }
    xmpp_conn_unhold(conn);
    return rc;
}

int xmpp_presence_set(xmpp_conn_t *conn, const xmpp_presence_t *presence)
{
    struct presence *state = presence_of(conn);
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    const char *from = own_address(conn);
    int rc = own_refusal(conn, presence);
    xmpp_presence_t *copy;
    struct own *own;

    if (rc == 0)
        rc = xmpp_payload_check(ctx, &xmpp_presence, presence);
    if (rc)
        return rc;
    copy = xmpp_payload_copy(ctx, &xmpp_presence, presence);
    own = copy ? xmpp_dict_put(state->own, from, (size_t)-1) : NULL;
    if (!own) {
        xmpp_free(ctx, copy);
        return XMPP_EMEM;
    }
    xmpp_free(ctx, own->value);
    own->value = copy;
    return send_own(conn, state, from, own);
}

const xmpp_presence_t *xmpp_presence_get_own(xmpp_conn_t *conn)
{
    struct own *own = own_find(conn, presence_of(conn));

    return own ? own->value : NULL;
}

int xmpp_presence_renew(xmpp_conn_t *conn)
{
    struct presence *state = presence_of(conn);
    struct own *own = own_find(conn, state);

    if (!state)
        return xmpp_conn_fail_unused(conn, &xmpp_mod_presence);
    return own && !own->value->type
               ? send_own(conn, state, own_address(conn), own)
               : 0;
}

/* Its size; `key` has KEY_SIZE octets. */
static size_t directed_key(const char *from, const xmpp_jid_t *to, char *key)
{
    size_t n;
    const char *text = xmpp_jid_view(to, XMPP_JID_FULL, &n);

    return (size_t)snprintf(key, KEY_SIZE, "%s\n%.*s", from, (int)n, text);
}

static struct directed *directed_find(const struct presence *state,
                                      const char *from, const xmpp_jid_t *to)
{
    char key[KEY_SIZE];
    size_t n = directed_key(from, to, key);

    return xmpp_dict_find(state->directed, key, n);
}

static struct directed *directed_put(xmpp_conn_t *conn, struct presence *state,
                                     const char *from, const xmpp_jid_t *to)
{
    char key[KEY_SIZE];
    size_t n = directed_key(from, to, key);
    struct directed *directed;

    xmpp_dict_set_most(state->directed, (size_t)state->directed_most);
    directed = xmpp_dict_put(state->directed, key, n);
    if (directed && !directed->to)
        directed->to = xmpp_jid_copy(xmpp_conn_get_context(conn), to);
    if (directed && directed->to)
        return directed;
    xmpp_dict_drop(state->directed, directed);
    return NULL;
}

int xmpp_presence_direct(xmpp_conn_t *conn, const xmpp_jid_t *to,
                         const xmpp_presence_t *presence)
{
    struct presence *state = presence_of(conn);
    const char *from = own_address(conn);
    struct directed *directed;
    int rc;

    if (!presence)
        presence = xmpp_presence_get_own(conn);
    rc = own_refusal(conn, presence);
    if (rc)
        return rc;
    if (!to || !to->domain_size)
        return xmpp_conn_fail(conn, &xmpp_mod_presence, XMPP_EARG,
                              "directed presence needs an address");
    directed = presence->type ? directed_find(state, from, to)
                              : directed_put(conn, state, from, to);
    if (!directed && !presence->type)
        return xmpp_conn_fail(conn, &xmpp_mod_presence, XMPP_EFULL,
                              "the address cannot be kept: more than %ld (the "
                              "limit \"directed\"), or out of memory",
                              state->directed_most);
    xmpp_conn_hold(conn);
    rc = send_presence(conn, from, to, presence);
    if (rc || presence->type) /* it may have gone as it was sent */
        xmpp_dict_drop(state->directed, directed_find(state, from, to));
    xmpp_conn_unhold(conn);
    return rc;
}

/* ---- the module -------------------------------------------------- */

/* Which address of ours was it sent to? The text is in `room`. */
static const char *own_addressed(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                                 char *room)
{
    xmpp_jid_t self;
    char buffer[XMPP_JID_BUFFER_SIZE];
    const char *bound = xmpp_conn_get_bound_jid(conn), *text;
    size_t n;

    if (!xmpp_conn_is_component(conn) || !in->to || !bound ||
        xmpp_jid_parse(bound, (size_t)-1, XMPP_JID_LENIENT, buffer, &self,
                       NULL) ||
        xmpp_jid_equal(&self, in->to, XMPP_JID_FULL))
        return "";
    text = xmpp_jid_view(in->to, XMPP_JID_FULL, &n);
    snprintf(room, XMPP_JID_BUFFER_SIZE, "%.*s", (int)n, text);
    return room;
}

/* For a client its server does this (section 4.3.2). */
static void on_probe(xmpp_conn_t *conn, struct presence *state,
                     const xmpp_presence_t *probe, const char *own_name)
{
    struct own *own = xmpp_dict_find(state->own, own_name, (size_t)-1);

    if (own && directed_find(state, own_name, &probe->from))
        send_presence(conn, own_name, &probe->from, own->value);
    else
        xmpp_conn_emit(conn, &xmpp_mod_presence, XMPP_PRESENCE_PROBED, probe,
                       NULL);
}

static int on_any_presence(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                           void *state)
{
    const xmpp_presence_t *presence = in->value;
    char room[XMPP_JID_BUFFER_SIZE];
    const char *own = own_addressed(conn, in, room);

    if (!presence->from.domain_size)
        return 0;
    if (presence->type == XMPP_PRESENCE_PROBE && xmpp_conn_is_component(conn))
        on_probe(conn, state, presence, own);
    if (presence->type == XMPP_PRESENCE_ERROR) /* it is not reached */
        xmpp_dict_drop(((struct presence *)state)->directed,
                       directed_find(state, own, &presence->from));
    return 0;
}

static void own_done(xmpp_ctx_t *ctx, void *record)
{
    xmpp_free(ctx, ((struct own *)record)->value);
}

static void directed_done(xmpp_ctx_t *ctx, void *record)
{
    xmpp_free(ctx, ((struct directed *)record)->to);
}

/* At first we are available. */
static int presence_attach(xmpp_conn_t *conn, struct presence *state)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    xmpp_presence_t presence;
    struct own *own;

    XMPP_INIT(xmpp_presence, presence);
    state->own = xmpp_dict_new(ctx, sizeof(struct own), 0, own_done);
    state->directed =
        xmpp_dict_new(ctx, sizeof(struct directed), 0, directed_done);
    own = xmpp_dict_put(state->own, "", 0);
    if (own)
        own->value = xmpp_payload_copy(ctx, &xmpp_presence, &presence);
    return own && own->value && state->directed ? 0 : XMPP_EMEM;
}

static void presence_detach(struct presence *state)
{
    xmpp_dict_free(state->own);
    xmpp_dict_free(state->directed);
}

/* Of the address that is logged in. What was set while the connection was lost
 * is news for a resumed session, too. A new one begins with what the last one
 * left unacknowledged: if that was available, it has to be taken back. */
static void begin_presence(xmpp_conn_t *conn, struct presence *state,
                           int is_new)
{
    struct own *own = xmpp_dict_find(state->own, "", 0);

    if (is_new ? !own->value->type || own->was_available : own->is_unsent)
        send_own(conn, state, "", own);
}

static int on_presence_lifecycle(xmpp_conn_t *conn, xmpp_lifecycle_t event,
                                 void *state)
{
    struct presence *presence = state;
    int rc = 0;

    if (event == XMPP_ATTACHED)
        rc = presence_attach(conn, presence);
    if (event == XMPP_SESSION_STARTED || event == XMPP_SESSION_RESUMED)
        begin_presence(conn, presence, event == XMPP_SESSION_STARTED);
    if (event == XMPP_SESSION_ENDED)
        xmpp_dict_clear(presence->directed);
    if (event == XMPP_DETACHED || rc)
        presence_detach(presence);
    return rc;
}

static const xmpp_row_t rows[] = {
    XMPP_PRESENCE(XMPP_SENDER_ANYONE, NULL, NULL, &xmpp_presence,
                  on_any_presence),
    XMPP_EVENT(XMPP_PRESENCE_PROBED, "probed", &xmpp_presence),
    XMPP_LIMIT("directed", 1000, 1, 1000000,
               offsetof(struct presence, directed_most)),
    XMPP_LIFECYCLE(on_presence_lifecycle),
    XMPP_SPEC("RFC 6121", "2011", "complete"),
    XMPP_SPEC("XEP-0172", "1.1", "partial"),
    XMPP_SPEC("XEP-0319", "1.0.2", "complete"),
    XMPP_ROWS_END};

XMPP_MODULE(xmpp_mod_presence, "presence", sizeof(struct presence), rows);
