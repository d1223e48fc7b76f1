/* pubsub_user.c - publish-subscribe (XEP-0060): subscribing, reading and
 * publishing. */

#include <xmpp/xep/pubsub_user.h>

#include <string.h>

#include <xmpp/build.h>
#include <xmpp/module.h>
#include <xmpp/ns.h>

/* ---- requests ---------------------------------------------------- */

/* A request: an element with the name of a node, inside <pubsub/>. A part that
 * could not be made is NULL; the tree refuses to be sent then. */
struct query {
    xmpp_stanza_t *iq, *pubsub, *element;
};

static struct query begin_query(xmpp_conn_t *conn, const char *type,
                                const char *service, const char *name,
                                const char *node)
{
    struct query q = {.iq = xmpp_iq_to(conn, type, service)};

    q.pubsub = xmpp_stanza_add_tag(q.iq, "pubsub", XMPP_NS_PUBSUB);
    q.element = xmpp_stanza_add_tag(q.pubsub, name, NULL);
    xmpp_stanza_put(q.element, "node", node);
    return q;
}

/* Whom we query, we listen to. Without the module nobody listens. */
static int accept_service(xmpp_conn_t *conn, const char *service)
{
    char room[XMPP_JID_BUFFER_SIZE];
    xmpp_jid_t jid;
    int rc = 0;

    if (service)
        rc = xmpp_jid_parse(service, strlen(service), XMPP_JID_LENIENT, room,
                            &jid, NULL);
    if (rc == 0 && service)
        rc = xmpp_pubsub_accept(conn, &jid);
    return rc == XMPP_EMEM ? rc : 0;
}

static int send_query(xmpp_conn_t *conn, xmpp_stanza_t *iq,
                      const xmpp_payload_t *payload,
                      xmpp_result_handler handler, void *userdata)
{
    int rc = accept_service(conn, xmpp_stanza_get_to(iq));

    if (rc == 0)
        return xmpp_request(conn, iq, payload, handler, userdata);
    xmpp_stanza_release(iq);
    return rc;
}

/* As whom we subscribe: by our bare address unless another one is given. */
static void put_subscriber(xmpp_conn_t *conn, xmpp_stanza_t *element,
                           const char *jid)
{
    char bare[XMPP_JID_BUFFER_SIZE];
    const char *own = xmpp_conn_get_send_as(conn);

    if (!own)
        own = xmpp_conn_get_bound_jid(conn);
    if (!jid && own) {
        size_t n = strcspn(own, "/");

        if (n < sizeof(bare)) {
            memcpy(bare, own, n);
            bare[n] = '\0';
            jid = bare;
        }
    }
    xmpp_stanza_put(element, "jid", jid);
}

static void put_subscription(xmpp_conn_t *conn, const struct query *q,
                             const char *jid, const char *id)
{
    put_subscriber(conn, q->element, jid);
    xmpp_stanza_put(q->element, "subid", id);
}

/* ---- subscribing ------------------------------------------------- */

/* The options are for the same node and address (section 6.3.7). */
static void add_options(xmpp_conn_t *conn, const struct query *q,
                        const char *node, const char *jid,
                        const xmpp_form_t *form)
{
    xmpp_stanza_t *options = xmpp_stanza_add_tag(q->pubsub, "options", NULL);

    xmpp_stanza_put(options, "node", node);
    put_subscriber(conn, options, jid);
    xmpp_payload_add(options, &xmpp_form, form);
}

int xmpp_pubsub_subscribe(xmpp_conn_t *conn, const char *service,
                          const char *node, const char *jid,
                          const xmpp_form_t *options,
                          xmpp_result_handler handler, void *userdata)
{
    struct query q = begin_query(conn, "set", service, "subscribe", node);

    put_subscriber(conn, q.element, jid);
    if (options)
        add_options(conn, &q, node, jid, options);
    return send_query(conn, q.iq, &xmpp_pubsub, handler, userdata);
}

int xmpp_pubsub_unsubscribe(xmpp_conn_t *conn, const char *service,
                            const char *node, const char *jid, const char *id,
                            xmpp_result_handler handler, void *userdata)
{
    struct query q = begin_query(conn, "set", service, "unsubscribe", node);

    put_subscription(conn, &q, jid, id);
    return send_query(conn, q.iq, NULL, handler, userdata);
}

int xmpp_pubsub_get_options(xmpp_conn_t *conn, const char *service,
                            const char *node, const char *jid, const char *id,
                            xmpp_result_handler handler, void *userdata)
{
    struct query q = begin_query(conn, "get", service, "options", node);

    put_subscription(conn, &q, jid, id);
    return send_query(conn, q.iq, &xmpp_pubsub, handler, userdata);
}

int xmpp_pubsub_set_options(xmpp_conn_t *conn, const char *service,
                            const char *node, const char *jid, const char *id,
                            const xmpp_form_t *options,
                            xmpp_result_handler handler, void *userdata)
{
    struct query q;

    if (!options)
        return xmpp_conn_fail(conn, &xmpp_mod_pubsub, XMPP_EARG,
                              "the form is missing: fill in the one that "
                              "xmpp_pubsub_get_options() brings");
    q = begin_query(conn, "set", service, "options", node);
    put_subscription(conn, &q, jid, id);
    xmpp_payload_add(q.element, &xmpp_form, options);
    return send_query(conn, q.iq, NULL, handler, userdata);
}

int xmpp_pubsub_get_subscriptions(xmpp_conn_t *conn, const char *service,
                                  const char *node, xmpp_result_handler handler,
                                  void *userdata)
{
    struct query q = begin_query(conn, "get", service, "subscriptions", node);

    return send_query(conn, q.iq, &xmpp_pubsub, handler, userdata);
}

int xmpp_pubsub_get_affiliations(xmpp_conn_t *conn, const char *service,
                                 const char *node, xmpp_result_handler handler,
                                 void *userdata)
{
    struct query q = begin_query(conn, "get", service, "affiliations", node);

    return send_query(conn, q.iq, &xmpp_pubsub, handler, userdata);
}

/* ---- reading ----------------------------------------------------- */

int xmpp_pubsub_get_items(xmpp_conn_t *conn, const char *service,
                          const char *node, const xmpp_rsm_t *page,
                          xmpp_result_handler handler, void *userdata)
{
    struct query q = begin_query(conn, "get", service, "items", node);

    xmpp_payload_add(q.pubsub, &xmpp_rsm, page);
    return send_query(conn, q.iq, &xmpp_pubsub, handler, userdata);
}

int xmpp_pubsub_get_item(xmpp_conn_t *conn, const char *service,
                         const char *node, const char *id,
                         xmpp_result_handler handler, void *userdata)
{
    struct query q = begin_query(conn, "get", service, "items", node);

    if (id)
        xmpp_stanza_put(xmpp_stanza_add_tag(q.element, "item", NULL), "id", id);
    else
        xmpp_stanza_put(q.element, "max_items", "1");
    return send_query(conn, q.iq, &xmpp_pubsub, handler, userdata);
}

int xmpp_pubsub_get_items_by_id(xmpp_conn_t *conn, const char *service,
                                const xmpp_pubsub_items_t *items,
                                xmpp_result_handler handler, void *userdata)
{
    xmpp_stanza_t *iq = xmpp_iq_to(conn, "get", service);
    xmpp_stanza_t *pubsub = xmpp_stanza_add_tag(iq, "pubsub", XMPP_NS_PUBSUB);

    xmpp_payload_add(pubsub, &xmpp_pubsub_items, items);
    return send_query(conn, iq, &xmpp_pubsub, handler, userdata);
}

/* ---- how a node is to be ----------------------------------------- */

#define CONFIG(member) XMPP_ATTR(xmpp_pubsub_config_t, member, TEXT, #member)
static const xmpp_field_t config_fields[] = {
    CONFIG(access_model),
    CONFIG(publish_model),
    CONFIG(persist_items),
    CONFIG(max_items),
    CONFIG(item_expire),
    CONFIG(send_last_published_item),
    CONFIG(deliver_payloads),
    CONFIG(deliver_notifications),
    CONFIG(notify_config),
    CONFIG(notify_delete),
    CONFIG(notify_retract),
    CONFIG(purge_offline),
    CONFIG(title),
    CONFIG(description),
    CONFIG(type),
};
XMPP_PAYLOAD(xmpp_pubsub_config, xmpp_pubsub_config_t, "config", XMPP_NS_PUBSUB,
             config_fields);

/* A member of the config, NULL also if its struct is of an older header. */
static const char *config_text(const xmpp_pubsub_config_t *config,
                               const xmpp_field_t *field)
{
    const char *text = NULL;

    if (config && field->offset + sizeof(text) <= config->size)
        memcpy(&text, (const char *)config + field->offset, sizeof(text));
    return text;
}

int xmpp_pubsub_add_config(xmpp_stanza_t *parent, const char *form_type,
                           const xmpp_pubsub_config_t *config)
{
    xmpp_stanza_t *form = xmpp_stanza_add_tag(parent, "x", XMPP_NS_FORM);

    xmpp_stanza_put(form, "type", "submit");
    xmpp_form_set_form_type(form, form_type);
    for (size_t i = 0; i < sizeof(config_fields) / sizeof(config_fields[0]);
         i++) {
        const char *text = config_text(config, &config_fields[i]);
        char var[40] = "pubsub#";

        strcat(var, config_fields[i].name);
        if (text)
            xmpp_form_set(form, var, text);
    }
    return xmpp_stanza_get_status(parent);
}

/* ---- publishing -------------------------------------------------- */

/* A request whose answer may have a value, or none: services repeat what they
 * were sent, or do not (section 7.1.2). */
struct optional {
    xmpp_stanza_t *iq; /* kept by the flow */
};

static xmpp_stanza_t *send_optional(xmpp_flow_t *flow, void *memory)
{
    const struct optional *o = memory;

    (void)flow;
    return xmpp_stanza_clone(o->iq);
}

static int receive_optional(xmpp_flow_t *flow, void *memory,
                            const xmpp_result_t *result)
{
    (void)memory;
    if (result->status == 0)
        xmpp_flow_set_value(flow, &xmpp_pubsub,
                            xmpp_payload_find(result->stanza, &xmpp_pubsub));
    return XMPP_FLOW_DONE;
}

static const xmpp_step_t optional_steps[] = {
    {"request", send_optional, receive_optional, NULL}};

static int send_optional_query(xmpp_conn_t *conn, xmpp_stanza_t *iq,
                               xmpp_result_handler handler, void *userdata)
{
    void *memory = NULL;
    xmpp_flow_t *flow = xmpp_flow_new(conn, optional_steps, 1,
                                      sizeof(struct optional), &memory);
    int rc = accept_service(conn, xmpp_stanza_get_to(iq));

    if (flow)
        ((struct optional *)memory)->iq = xmpp_flow_keep(flow, iq);
    xmpp_stanza_release(iq);
    if (rc)
        xmpp_flow_free(flow);
    return rc ? rc : xmpp_flow_start(flow, handler, userdata);
}

xmpp_stanza_t *xmpp_pubsub_make_publish(xmpp_conn_t *conn, const char *service,
                                        const char *node, const char *id,
                                        const xmpp_payload_t *payload,
                                        const void *value,
                                        const xmpp_pubsub_config_t *options)
{
    struct query q = begin_query(conn, "set", service, "publish", node);
    xmpp_stanza_t *item = xmpp_stanza_add_tag(q.element, "item", NULL);

    xmpp_stanza_put(item, "id", id);
    xmpp_payload_add(item, payload, value);
    if (options)
        xmpp_pubsub_add_config(
            xmpp_stanza_add_tag(q.pubsub, "publish-options", NULL),
            XMPP_NS_PUBSUB_PUBLISH_OPTIONS, options);
    return q.iq;
}

int xmpp_pubsub_publish(xmpp_conn_t *conn, const char *service,
                        const char *node, const char *id,
                        const xmpp_payload_t *payload, const void *value,
                        const xmpp_pubsub_config_t *options,
                        xmpp_result_handler handler, void *userdata)
{
    return send_optional_query(conn,
                               xmpp_pubsub_make_publish(conn, service, node, id,
                                                        payload, value,
                                                        options),
                               handler, userdata);
}

int xmpp_pubsub_retract(xmpp_conn_t *conn, const char *service,
                        const char *node, const char *id, int notify,
                        xmpp_result_handler handler, void *userdata)
{
    struct query q = begin_query(conn, "set", service, "retract", node);

    if (notify)
        xmpp_stanza_put(q.element, "notify", "true");
    xmpp_stanza_put(xmpp_stanza_add_tag(q.element, "item", NULL), "id", id);
    return send_query(conn, q.iq, NULL, handler, userdata);
}

int xmpp_pubsub_create(xmpp_conn_t *conn, const char *service, const char *node,
                       const xmpp_pubsub_config_t *config,
                       xmpp_result_handler handler, void *userdata)
{
    struct query q = begin_query(conn, "set", service, "create", node);

    if (config)
        xmpp_pubsub_add_config(xmpp_stanza_add_tag(q.pubsub, "configure", NULL),
                               XMPP_NS_PUBSUB_CONFIG, config);
    return send_optional_query(conn, q.iq, handler, userdata);
}
