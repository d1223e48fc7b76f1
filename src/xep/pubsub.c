/* pubsub.c - publish-subscribe (XEP-0060): what services answer, and the events
 * of nodes. */

#include <xmpp/xep/pubsub.h>

#include <string.h>

#include <xmpp/ctx.h>
#include <xmpp/dict.h>
#include <xmpp/error.h>
#include <xmpp/module.h>
#include <xmpp/ns.h>

/* ---- what services answer ---------------------------------------- */

static const xmpp_field_t item_fields[] = {
    XMPP_ATTR(xmpp_pubsub_item_t, id, TEXT, "id"),
    XMPP_ATTR(xmpp_pubsub_item_t, publisher, TEXT, "publisher"),
    XMPP_SELF(xmpp_pubsub_item_t, element),
};
XMPP_PAYLOAD(xmpp_pubsub_item, xmpp_pubsub_item_t, "item", NULL, item_fields);

static const xmpp_field_t items_fields[] = {
    XMPP_ATTR(xmpp_pubsub_items_t, node, TEXT, "node"),
    XMPP_ELEMENTS(xmpp_pubsub_items_t, items, item_count, &xmpp_pubsub_item),
};
XMPP_PAYLOAD(xmpp_pubsub_items, xmpp_pubsub_items_t, "items", NULL,
             items_fields);
static XMPP_PAYLOAD(published, xmpp_pubsub_items_t, "publish", NULL,
                    items_fields);

static const char *const states[] = {"none", "pending", "unconfigured",
                                     "subscribed", NULL};
static const xmpp_field_t subscription_fields[] = {
    XMPP_ATTR(xmpp_pubsub_subscription_t, node, TEXT, "node"),
    XMPP_ATTR(xmpp_pubsub_subscription_t, jid, JID, "jid"),
    XMPP_ATTR(xmpp_pubsub_subscription_t, id, TEXT, "subid"),
    XMPP_ATTR_ENUM(xmpp_pubsub_subscription_t, state, "subscription", states),
};
XMPP_PAYLOAD(xmpp_pubsub_subscription, xmpp_pubsub_subscription_t,
             "subscription", NULL, subscription_fields);

static const xmpp_field_t subscriptions_fields[] = {
    XMPP_ATTR(xmpp_pubsub_subscriptions_t, node, TEXT, "node"),
    XMPP_ELEMENTS(xmpp_pubsub_subscriptions_t, list, count,
                  &xmpp_pubsub_subscription),
};
XMPP_PAYLOAD(xmpp_pubsub_subscriptions, xmpp_pubsub_subscriptions_t,
             "subscriptions", NULL, subscriptions_fields);

static const char *const affiliations[] = {
    "member", "none", "outcast", "owner", "publisher", "publish-only", NULL};
static const xmpp_field_t affiliated_fields[] = {
    XMPP_ATTR(xmpp_pubsub_affiliated_t, node, TEXT, "node"),
    XMPP_ATTR(xmpp_pubsub_affiliated_t, jid, JID, "jid"),
    XMPP_ATTR_ENUM(xmpp_pubsub_affiliated_t, affiliation, "affiliation",
                   affiliations),
};
XMPP_PAYLOAD(xmpp_pubsub_affiliated, xmpp_pubsub_affiliated_t, "affiliation",
             NULL, affiliated_fields);

static const xmpp_field_t affiliations_fields[] = {
    XMPP_ATTR(xmpp_pubsub_affiliations_t, node, TEXT, "node"),
    XMPP_ELEMENTS(xmpp_pubsub_affiliations_t, list, count,
                  &xmpp_pubsub_affiliated),
};
XMPP_PAYLOAD(xmpp_pubsub_affiliations, xmpp_pubsub_affiliations_t,
             "affiliations", NULL, affiliations_fields);

static const xmpp_field_t options_fields[] = {
    XMPP_ATTR(xmpp_pubsub_options_t, node, TEXT, "node"),
    XMPP_ATTR(xmpp_pubsub_options_t, jid, JID, "jid"),
    XMPP_ATTR(xmpp_pubsub_options_t, id, TEXT, "subid"),
    XMPP_ELEMENT(xmpp_pubsub_options_t, form, &xmpp_form),
};
XMPP_PAYLOAD(xmpp_pubsub_options, xmpp_pubsub_options_t, "options", NULL,
             options_fields);

static const xmpp_field_t pubsub_fields[] = {
    XMPP_ELEMENT(xmpp_pubsub_t, items, &xmpp_pubsub_items),
    XMPP_ELEMENT(xmpp_pubsub_t, published, &published),
    XMPP_ELEMENT(xmpp_pubsub_t, subscription, &xmpp_pubsub_subscription),
    XMPP_ELEMENT(xmpp_pubsub_t, subscriptions, &xmpp_pubsub_subscriptions),
    XMPP_ELEMENT(xmpp_pubsub_t, affiliations, &xmpp_pubsub_affiliations),
    XMPP_ELEMENT(xmpp_pubsub_t, options, &xmpp_pubsub_options),
    XMPP_CHILD_ATTR(xmpp_pubsub_t, created, TEXT, "create", "node"),
    XMPP_ELEMENT(xmpp_pubsub_t, set, &xmpp_rsm),
};
XMPP_PAYLOAD(xmpp_pubsub, xmpp_pubsub_t, "pubsub", XMPP_NS_PUBSUB,
             pubsub_fields);

/* ---- whose events are accepted ----------------------------------- */

/* `services` are addresses that we have to do with, the one used longest ago
 * first. They outlive sessions, as subscriptions do. */
struct pubsub {
    xmpp_dict_t *services;
    long most;
};

int xmpp_pubsub_accept(xmpp_conn_t *conn, const xmpp_jid_t *service)
{
    struct pubsub *p = xmpp_conn_get_state(conn, &xmpp_mod_pubsub);
    void *record;

    if (!p)
        return xmpp_conn_fail_unused(conn, &xmpp_mod_pubsub);
    if (!service)
        return xmpp_conn_fail(conn, &xmpp_mod_pubsub, XMPP_EARG,
                              "the address of the service is missing");
    record = xmpp_dict_find_jid(p->services, service, XMPP_JID_FULL);
    if (record) {
        xmpp_dict_touch(p->services, record);
        return 1;
    }
    while (xmpp_dict_count(p->services) >= (size_t)p->most)
        xmpp_dict_drop(p->services, xmpp_dict_next(p->services, NULL));
    return xmpp_dict_put_jid(p->services, service, XMPP_JID_FULL) ? 0
                                                                  : XMPP_EMEM;
}

int xmpp_pubsub_is_accepted(xmpp_conn_t *conn, const xmpp_jid_t *service)
{
    const struct pubsub *p = xmpp_conn_get_state(conn, &xmpp_mod_pubsub);

    return p && (!service ||
                 xmpp_dict_find_jid(p->services, service, XMPP_JID_FULL) ||
                 xmpp_conn_sender_is(conn, service,
                                     XMPP_SENDER_ACCOUNT | XMPP_SENDER_SEEN));
}

/* ---- events ------------------------------------------------------ */

static const xmpp_field_t event_fields[] = {
    XMPP_ATTR(xmpp_pubsub_event_t, service, JID, "service"),
    XMPP_ATTR(xmpp_pubsub_event_t, node, TEXT, "node"),
    XMPP_ATTR(xmpp_pubsub_event_t, id, TEXT, "id"),
    XMPP_ATTR(xmpp_pubsub_event_t, publisher, TEXT, "publisher"),
    XMPP_ATTR(xmpp_pubsub_event_t, redirect, TEXT, "redirect"),
    XMPP_ELEMENT(xmpp_pubsub_event_t, config, &xmpp_form),
    XMPP_ELEMENT(xmpp_pubsub_event_t, subscription, &xmpp_pubsub_subscription),
    XMPP_SELF(xmpp_pubsub_event_t, content),
    XMPP_ATTR(xmpp_pubsub_event_t, child, TEXT, "child"),
};
XMPP_PAYLOAD(xmpp_pubsub_event, xmpp_pubsub_event_t, "event",
             XMPP_NS_PUBSUB_EVENT, event_fields);

/* One event on its way. */
struct notice {
    xmpp_conn_t *conn;
    const xmpp_inbound_t *in;
    xmpp_stanza_t *element; /* the child of <event/> */
    xmpp_pubsub_event_t event;
};

static void emit_notice(const struct notice *n, int what)
{
    xmpp_conn_emit(n->conn, &xmpp_mod_pubsub, what, &n->event, NULL);
}

/* Rows of modules first, as everywhere. */
static void deliver_notice(const struct notice *n, int what,
                           xmpp_item_event_t item_event)
{
    xmpp_inbound_item(n->conn, n->in, n->event.node, n->event.id,
                      n->event.content, item_event);
    emit_notice(n, what);
}

/* Items and retractions may stand beside each other. */
static void on_items(struct notice *n)
{
    xmpp_stanza_t *child = NULL;

    while ((child = xmpp_stanza_next_tag(n->element, child, NULL,
                                         XMPP_NS_PUBSUB_EVENT))) {
        const char *name = xmpp_stanza_get_name(child);
        int is_item = !strcmp(name, "item");

        if (!is_item && strcmp(name, "retract"))
            continue;
        n->event.id = xmpp_stanza_get_id(child);
        n->event.publisher = xmpp_stanza_get_attribute(child, "publisher");
        n->event.content =
            is_item ? xmpp_stanza_next_tag(child, NULL, NULL, NULL) : NULL;
        deliver_notice(n,
                       is_item ? XMPP_PUBSUB_PUBLISHED : XMPP_PUBSUB_RETRACTED,
                       is_item ? XMPP_ITEM_PUBLISHED : XMPP_ITEM_RETRACTED);
    }
}

static void on_purge(struct notice *n)
{
    deliver_notice(n, XMPP_PUBSUB_PURGED, XMPP_NODE_PURGED);
}

static void on_delete(struct notice *n)
{
    xmpp_stanza_t *redirect = xmpp_stanza_next_tag(n->element, NULL, "redirect",
                                                   XMPP_NS_PUBSUB_EVENT);

    if (redirect)
        n->event.redirect = xmpp_stanza_get_attribute(redirect, "uri");
    deliver_notice(n, XMPP_PUBSUB_DELETED, XMPP_NODE_DELETED);
}

static void on_configuration(struct notice *n)
{
    n->event.config = xmpp_payload_find(n->element, &xmpp_form);
    emit_notice(n, XMPP_PUBSUB_CONFIGURED);
}

static void on_subscription(struct notice *n)
{
    const void *value;

    if (xmpp_payload_read(n->element, &xmpp_pubsub_subscription, &value))
        return;
    n->event.subscription = value;
    emit_notice(n, XMPP_PUBSUB_CHANGED);
}

/* A node joined or left a collection (XEP-0248 section 9). */
static void on_collection(struct notice *n)
{
    xmpp_stanza_t *child = NULL;

    while ((child = xmpp_stanza_next_tag(n->element, child, NULL,
                                         XMPP_NS_PUBSUB_EVENT))) {
        const char *name = xmpp_stanza_get_name(child);
        int joins = !strcmp(name, "associate");

        n->event.child = xmpp_stanza_get_attribute(child, "node");
        if (n->event.child && (joins || !strcmp(name, "disassociate")))
            emit_notice(n, joins ? XMPP_PUBSUB_ASSOCIATED
                                 : XMPP_PUBSUB_DISASSOCIATED);
    }
}

/* The elements of an event (section 7.1.2, 7.2.2, 8.2, 8.4, 8.5, 8.6). */
static void on_pubsub_child(struct notice *n)
{
    static const struct {
        const char *name;
        void (*on)(struct notice *n);
    } kinds[] = {
        {"items", on_items},           {"purge", on_purge},
        {"delete", on_delete},         {"configuration", on_configuration},
        {"collection", on_collection}, {"subscription", on_subscription}};
    const char *name = xmpp_stanza_get_name(n->element);

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (!strcmp(kinds[i].name, name))
            kinds[i].on(n);
}

static int on_event(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    xmpp_stanza_t *child = NULL;

    (void)state;
    if (!xmpp_pubsub_is_accepted(conn, in->from)) {
        xmpp_conn_log(conn, &xmpp_mod_pubsub, XMPP_LEVEL_WARN,
                      "ignored: an event, because its sender is neither a "
                      "contact whose presence we see (xmpp_mod_roster knows "
                      "them) nor a service that was queried");
        return 0;
    }
    while ((child = xmpp_stanza_next_tag(in->element, child, NULL,
                                         XMPP_NS_PUBSUB_EVENT))) {
        struct notice n = {.conn = conn, .in = in, .element = child};

        XMPP_INIT(xmpp_pubsub_event, n.event);
        if (in->from)
            n.event.service = *in->from;
        n.event.node = xmpp_stanza_get_attribute(child, "node");
        if (n.event.node)
            on_pubsub_child(&n);
    }
    return 0;
}

/* ---- the module -------------------------------------------------- */

static int on_pubsub_life(xmpp_conn_t *conn, xmpp_lifecycle_t event,
                          void *state)
{
    struct pubsub *p = state;

    if (event == XMPP_ATTACHED)
        p->services = xmpp_dict_new(xmpp_conn_get_context(conn), 1, 0, NULL);
    if (event == XMPP_DETACHED)
        xmpp_dict_free(p->services);
    return p->services ? 0 : XMPP_EMEM;
}

static const xmpp_row_t rows[] = {
    XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_LIVE, XMPP_NS_PUBSUB_EVENT, "event",
                 NULL, on_event),
    XMPP_LIFECYCLE(on_pubsub_life),
    XMPP_EVENT(XMPP_PUBSUB_PUBLISHED, "published", &xmpp_pubsub_event),
    XMPP_EVENT(XMPP_PUBSUB_RETRACTED, "retracted", &xmpp_pubsub_event),
    XMPP_EVENT(XMPP_PUBSUB_PURGED, "purged", &xmpp_pubsub_event),
    XMPP_EVENT(XMPP_PUBSUB_DELETED, "deleted", &xmpp_pubsub_event),
    XMPP_EVENT(XMPP_PUBSUB_CONFIGURED, "configured", &xmpp_pubsub_event),
    XMPP_EVENT(XMPP_PUBSUB_CHANGED, "changed", &xmpp_pubsub_event),
    XMPP_EVENT(XMPP_PUBSUB_ASSOCIATED, "associated", &xmpp_pubsub_event),
    XMPP_EVENT(XMPP_PUBSUB_DISASSOCIATED, "disassociated", &xmpp_pubsub_event),
    XMPP_LIMIT("services", 1000, 1, 1000000, offsetof(struct pubsub, most)),
    XMPP_SPEC("XEP-0060", "1.30.0", "partial"),
    XMPP_ROWS_END};

XMPP_MODULE(xmpp_mod_pubsub, "pubsub", sizeof(struct pubsub), rows);
