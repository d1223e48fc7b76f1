/* subscription.c - who may see whose presence (RFC 6121 section 3). */

#include <xmpp/xep/subscription.h>

#include <stdio.h>
#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/dict.h>
#include <xmpp/ns.h>

#define KEY_SIZE (2 * XMPP_JID_BUFFER_SIZE) /* of two addresses */

/* A request that waits. Its key is our address, if we are a component, a
 * newline, and that of the sender. */
struct request {
    xmpp_presence_t *value; /* from a bare address */
};

struct subscription {
    long requests_most, octets_most; /* the limits */
    xmpp_dict_t *requests;           /* struct request */
    xmpp_dict_t *asked; /* on a component: keys of whom we have requested */
    int policy, is_mutual;
};

static struct subscription *subscription_of(const xmpp_conn_t *conn)
{
    return xmpp_conn_get_state(conn, &xmpp_mod_subscription);
}

/* ---- requests that wait ------------------------------------------ */

static void request_done(xmpp_ctx_t *ctx, void *record)
{
    xmpp_free(ctx, ((struct request *)record)->value);
}

/* Its size; `own` is our address or NULL. */
static size_t request_key(const xmpp_jid_t *own, const xmpp_jid_t *from,
                          char *key)
{
    size_t n, m;
    const char *mine = xmpp_jid_view(own, XMPP_JID_FULL, &n);
    const char *theirs = xmpp_jid_view(from, XMPP_JID_BARE, &m);

    return (size_t)snprintf(key, KEY_SIZE, "%.*s\n%.*s", (int)n,
                            mine ? mine : "", (int)m, theirs ? theirs : "");
}

static struct request *request_find(const struct subscription *all,
                                    const xmpp_jid_t *own,
                                    const xmpp_jid_t *from)
{
    char key[KEY_SIZE];
    size_t n = request_key(own, from, key);

    return xmpp_dict_find(all->requests, key, n);
}

/* 1 if it is new; 0 if it came before: servers repeat them; or why it is not
 * kept. */
static int request_put(xmpp_conn_t *conn, struct subscription *all,
                       const xmpp_jid_t *own, const xmpp_presence_t *presence)
{
    char key[KEY_SIZE];
    size_t n = request_key(own, &presence->from, key);
    struct request *request;

    if (xmpp_dict_find(all->requests, key, n))
        return 0;
    xmpp_dict_set_most(all->requests, (size_t)all->requests_most);
    request = xmpp_dict_put(all->requests, key, n);
    if (!request)
        return XMPP_EFULL;
    request->value = xmpp_payload_copy(xmpp_conn_get_context(conn),
                                       &xmpp_presence, presence);
    if (request->value)
        return 1;
    xmpp_dict_drop(all->requests, request);
    return XMPP_EMEM;
}

/* It needs no answer any more. */
static void request_settle(xmpp_conn_t *conn, struct subscription *all,
                           struct request *request)
{
    xmpp_presence_t *value = request ? request->value : NULL;

    if (!request)
        return;
    request->value = NULL;
    xmpp_dict_drop(all->requests, request);
    xmpp_conn_emit(conn, &xmpp_mod_subscription, XMPP_SUBSCRIPTION_SETTLED,
                   value, NULL);
    xmpp_free(xmpp_conn_get_context(conn), value);
}

/* ---- what we send ------------------------------------------------ */

/* From `own`, or without a `from` (NULL), to the bare address. */
static int send_type(xmpp_conn_t *conn, const char *type, const xmpp_jid_t *own,
                     const xmpp_jid_t *to, const char *text)
{
    xmpp_stanza_t *stanza = xmpp_presence_new(xmpp_conn_get_context(conn));
    const xmpp_presence_t *ours = xmpp_presence_get_own(conn);
    xmpp_jid_t bare;

    xmpp_jid_cut(to, XMPP_JID_BARE, &bare);
    xmpp_stanza_put(stanza, "type", type);
    xmpp_stanza_set_jid(stanza, "to", &bare);
    if (own)
        xmpp_stanza_set_jid(stanza, "from", own);
    xmpp_stanza_add_text_tag(stanza, "status", NULL, text);
    if (ours && strcmp(type, "subscribe") == 0)
        xmpp_stanza_add_text_tag(stanza, "nick", XMPP_NS_NICK, ours->nick);
    return xmpp_send_take(conn, stanza);
}

/* Do we see its presence, or have requested that? */
static int is_seen(xmpp_conn_t *conn, const xmpp_jid_t *jid)
{
    const xmpp_roster_item_t *item = xmpp_roster_get(conn, jid);

    return item && (item->ask || item->subscription == XMPP_ROSTER_TO ||
                    item->subscription == XMPP_ROSTER_BOTH);
}

/* A component has no contact list, which would say so: two that approve each
 * other would go on for ever. 0 also if it cannot be remembered. */
static int is_first_request(const struct subscription *all,
                            const xmpp_jid_t *own, const xmpp_jid_t *to)
{
    char key[KEY_SIZE];
    size_t n = own ? request_key(own, to, key) : 0;

    if (!own || xmpp_dict_find(all->asked, key, n))
        return !own;
    xmpp_dict_set_most(all->asked, (size_t)all->requests_most);
    return xmpp_dict_put(all->asked, key, n) != NULL;
}

static void forget_asked(const struct subscription *all, const xmpp_jid_t *own,
                         const xmpp_jid_t *from)
{
    char key[KEY_SIZE];
    size_t n = request_key(own, from, key);

    xmpp_dict_drop(all->asked, xmpp_dict_find(all->asked, key, n));
}

static int send_approval(xmpp_conn_t *conn, const struct subscription *all,
                         const xmpp_jid_t *own, const xmpp_jid_t *to)
{
    int rc = send_type(conn, "subscribed", own, to, NULL);

    if (rc == 0 && all->is_mutual && !is_seen(conn, to) &&
        is_first_request(all, own, to))
        rc = send_type(conn, "subscribe", own, to, NULL);
    return rc;
}

/* ---- what comes in ----------------------------------------------- */

static int policy_for(xmpp_conn_t *conn, const struct subscription *all,
                      const xmpp_jid_t *from)
{
    /* It has our presence: whatever asks again gets the same answer. */
    if (xmpp_conn_sender_is(conn, from, XMPP_SENDER_CONTACT))
        return XMPP_SUBSCRIPTION_APPROVE_ALL;
    if (all->policy != XMPP_SUBSCRIPTION_APPROVE_CONTACTS)
        return all->policy;
    return xmpp_roster_is_loaded(conn) && is_seen(conn, from)
               ? XMPP_SUBSCRIPTION_APPROVE_ALL
               : XMPP_SUBSCRIPTION_REPORT;
}

static void on_subscribe(xmpp_conn_t *conn, struct subscription *all,
                         const xmpp_jid_t *own, const xmpp_presence_t *presence)
{
    int policy = policy_for(conn, all, &presence->from);
    int what = XMPP_SUBSCRIPTION_REQUESTED, rc = 1;

    if (policy == XMPP_SUBSCRIPTION_DENY_ALL) {
        send_type(conn, "unsubscribed", own, &presence->from, NULL);
        return;
    }
    if (policy == XMPP_SUBSCRIPTION_APPROVE_ALL) {
        what = XMPP_SUBSCRIPTION_GRANTED;
        send_approval(conn, all, own, &presence->from);
    } else {
        rc = request_put(conn, all, own, presence);
    }
    if (rc < 0)
        xmpp_conn_log(conn, &xmpp_mod_subscription, XMPP_LEVEL_WARN,
                      "a request to see our presence is ignored: %s",
                      xmpp_strerror(rc));
    if (rc > 0)
        xmpp_conn_emit(conn, &xmpp_mod_subscription, what, presence, NULL);
}

/* It does not want to see our presence. */
static void on_unsubscribe(xmpp_conn_t *conn, struct subscription *all,
                           const xmpp_jid_t *own,
                           const xmpp_presence_t *presence)
{
    request_settle(conn, all, request_find(all, own, &presence->from));
    xmpp_conn_emit(conn, &xmpp_mod_subscription, XMPP_SUBSCRIPTION_LEFT,
                   presence, NULL);
}

static int on_request_presence(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                               void *state)
{
    const xmpp_presence_t *came = in->value;
    struct subscription *all = state;
    xmpp_presence_t presence = *came;
    const xmpp_jid_t *own = xmpp_conn_is_component(conn) ? in->to : NULL;
    size_t octets = (came->status ? strlen(came->status) : 0) +
                    (came->nick ? strlen(came->nick) : 0);

    if (!came->from.domain_size)
        return 0;
    xmpp_jid_cut(&came->from, XMPP_JID_BARE, &presence.from);
    if (octets > (size_t)all->octets_most)
        presence.status = presence.nick = NULL;
    if (came->type == XMPP_PRESENCE_UNSUBSCRIBED)
        forget_asked(all, own, &presence.from);
    if (came->type == XMPP_PRESENCE_SUBSCRIBE)
        on_subscribe(conn, all, own, &presence);
    if (came->type == XMPP_PRESENCE_UNSUBSCRIBE)
        on_unsubscribe(conn, all, own, &presence);
    if (came->type == XMPP_PRESENCE_SUBSCRIBED)
        xmpp_conn_emit(conn, &xmpp_mod_subscription, XMPP_SUBSCRIPTION_APPROVED,
                       &presence, NULL);
    if (came->type == XMPP_PRESENCE_UNSUBSCRIBED)
        xmpp_conn_emit(conn, &xmpp_mod_subscription, XMPP_SUBSCRIPTION_DENIED,
                       &presence, NULL);
    return 0;
}

/* Another client of ours may have answered. The watch may outlive the state, if
 * the module could not come into use after all. */
static void on_roster(xmpp_conn_t *conn, const xmpp_event_t *event,
                      void *userdata)
{
    struct subscription *all = subscription_of(conn);
    const xmpp_roster_item_t *item = event->value;

    (void)userdata;
    if (all &&
        (event->what == XMPP_ROSTER_ADDED ||
         event->what == XMPP_ROSTER_CHANGED) &&
        (item->subscription == XMPP_ROSTER_FROM ||
         item->subscription == XMPP_ROSTER_BOTH))
        request_settle(conn, all, request_find(all, NULL, &item->jid));
}

/* ---- the module -------------------------------------------------- */

static void subscription_detach(struct subscription *all)
{
    xmpp_dict_free(all->requests);
    xmpp_dict_free(all->asked);
}

static int subscription_attach(xmpp_conn_t *conn, struct subscription *all)
{
    int rc;

    all->requests = xmpp_dict_new(xmpp_conn_get_context(conn),
                                  sizeof(struct request), 0, request_done);
    all->asked = xmpp_dict_new(xmpp_conn_get_context(conn), 0, 0, NULL);
    rc = all->requests && all->asked
             ? xmpp_conn_watch(conn, &xmpp_mod_roster, on_roster, NULL)
             : XMPP_EMEM;
    if (rc >= 0)
        return 0;
    subscription_detach(all);
    return rc;
}

static int on_subscription_lifecycle(xmpp_conn_t *conn, xmpp_lifecycle_t event,
                                     void *state)
{
    struct subscription *all = state;

    if (event == XMPP_ATTACHED)
        return subscription_attach(conn, all);
    if (event == XMPP_SESSION_ENDED) {
        xmpp_dict_clear(all->requests);
        xmpp_dict_clear(all->asked);
    }
    if (event == XMPP_DETACHED)
        subscription_detach(all);
    return 0;
}

static const xmpp_row_t rows[] = {
    XMPP_NEEDS(&xmpp_mod_roster),
    XMPP_NEEDS(&xmpp_mod_presence),
    XMPP_PRESENCE(XMPP_SENDER_ANYONE, NULL, NULL, &xmpp_presence,
                  on_request_presence),
    XMPP_OFFER(XMPP_NS_PRE_APPROVAL, "sub", NULL),
    XMPP_EVENT(XMPP_SUBSCRIPTION_REQUESTED, "requested", &xmpp_presence),
    XMPP_EVENT(XMPP_SUBSCRIPTION_GRANTED, "granted", &xmpp_presence),
    XMPP_EVENT(XMPP_SUBSCRIPTION_SETTLED, "settled", &xmpp_presence),
    XMPP_EVENT(XMPP_SUBSCRIPTION_APPROVED, "approved", &xmpp_presence),
    XMPP_EVENT(XMPP_SUBSCRIPTION_DENIED, "denied", &xmpp_presence),
    XMPP_EVENT(XMPP_SUBSCRIPTION_LEFT, "left", &xmpp_presence),
    XMPP_LIMIT("requests", 1000, 1, 1000000,
               offsetof(struct subscription, requests_most)),
    XMPP_LIMIT("octets", 4096, 0, 1048576,
               offsetof(struct subscription, octets_most)),
    XMPP_LIFECYCLE(on_subscription_lifecycle),
    XMPP_SPEC("RFC 6121", "2011", "complete"),
    XMPP_ROWS_END};

XMPP_MODULE(xmpp_mod_subscription, "subscription", sizeof(struct subscription),
            rows);

/* ---- what the application calls ---------------------------------- */

int xmpp_subscription_set_policy(xmpp_conn_t *conn, int policy, int is_mutual)
{
    struct subscription *all = subscription_of(conn);

    if (!all)
        return xmpp_conn_fail_unused(conn, &xmpp_mod_subscription);
    if (policy < XMPP_SUBSCRIPTION_REPORT ||
        policy > XMPP_SUBSCRIPTION_DENY_ALL)
        return xmpp_conn_fail(conn, &xmpp_mod_subscription, XMPP_EARG,
                              "there is no policy %d", policy);
    all->policy = policy;
    all->is_mutual = is_mutual != 0;
    return 0;
}

/* Of the functions below: NULL on a client, and without an address. */
static const xmpp_jid_t *own_jid(xmpp_conn_t *conn, char *buffer,
                                 xmpp_jid_t *ret)
{
    const char *own = xmpp_conn_get_send_as(conn);

    if (!xmpp_conn_is_component(conn))
        return NULL;
    if (!own)
        own = xmpp_conn_get_bound_jid(conn);
    return own && !xmpp_jid_parse(own, (size_t)-1, XMPP_JID_LENIENT, buffer,
                                  ret, NULL)
               ? ret
               : NULL;
}

const xmpp_presence_t *xmpp_subscription_next(xmpp_conn_t *conn,
                                              const xmpp_presence_t *request)
{
    struct subscription *all = subscription_of(conn);
    const xmpp_jid_t *own =
        request && request->to.domain_size && xmpp_conn_is_component(conn)
            ? &request->to
            : NULL;
    struct request *found =
        all && request ? request_find(all, own, &request->from) : NULL;

    if (!all || (request && !found))
        return NULL;
    found = xmpp_dict_next(all->requests, found);
    return found ? found->value : NULL;
}

static int subscription_refusal(xmpp_conn_t *conn, const xmpp_jid_t *jid)
{
    if (!subscription_of(conn))
        return xmpp_conn_fail_unused(conn, &xmpp_mod_subscription);
    if (!jid || !jid->domain_size)
        return xmpp_conn_fail(conn, &xmpp_mod_subscription, XMPP_EARG,
                              "the address of the contact is missing");
    return 0;
}

/* Send it; what waits for an answer has got one. */
static int answer_request(xmpp_conn_t *conn, const xmpp_jid_t *jid,
                          int is_approved)
{
    struct subscription *all = subscription_of(conn);
    char buffer[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t self;
    const xmpp_jid_t *own = own_jid(conn, buffer, &self);
    struct request *request;
    int rc = subscription_refusal(conn, jid);

    if (rc)
        return rc;
    request = request_find(all, own, jid);
    if (is_approved && !request && !own &&
        !xmpp_stanza_get_child_by_ns(xmpp_conn_get_features(conn),
                                     XMPP_NS_PRE_APPROVAL))
        return xmpp_conn_fail(
            conn, &xmpp_mod_subscription, XMPP_EINVOP,
            "there is no request of this contact, and the server "
            "does not accept an approval in advance");
    xmpp_conn_hold(conn);
    rc = is_approved ? send_approval(conn, all, own, jid)
                     : send_type(conn, "unsubscribed", own, jid, NULL);
    if (rc == 0) /* it may have gone as it was sent */
        xmpp_dict_drop(all->requests, request_find(all, own, jid));
    xmpp_conn_unhold(conn);
    return rc;
}

int xmpp_subscription_approve(xmpp_conn_t *conn, const xmpp_jid_t *jid)
{
    return answer_request(conn, jid, 1);
}

int xmpp_subscription_deny(xmpp_conn_t *conn, const xmpp_jid_t *jid)
{
    return answer_request(conn, jid, 0);
}

static int send_ours(xmpp_conn_t *conn, const char *type, const xmpp_jid_t *jid,
                     const char *text)
{
    struct subscription *all = subscription_of(conn);
    char buffer[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t self;
    const xmpp_jid_t *own = own_jid(conn, buffer, &self);
    int rc = subscription_refusal(conn, jid);

    if (rc)
        return rc;
    if (strcmp(type, "subscribe") == 0)
        is_first_request(all, own, jid);
    else
        forget_asked(all, own, jid);
    return send_type(conn, type, own, jid, text);
}

int xmpp_subscription_request(xmpp_conn_t *conn, const xmpp_jid_t *jid,
                              const char *text)
{
    return send_ours(conn, "subscribe", jid, text);
}

int xmpp_subscription_unsubscribe(xmpp_conn_t *conn, const xmpp_jid_t *jid)
{
    return send_ours(conn, "unsubscribe", jid, NULL);
}
