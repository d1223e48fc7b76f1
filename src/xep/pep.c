/* pep.c - the nodes of one's own account (XEP-0163). */

#include <xmpp/xep/pep.h>

#include <string.h>

#include <xmpp/build.h>
#include <xmpp/error.h>
#include <xmpp/module.h>
#include <xmpp/ns.h>
#include <xmpp/xep/disco_query.h>
#include <xmpp/xep/pubsub_owner.h>

/* Whether the server keeps to options, as it said in this session. */
struct pep {
    int keeps_options;
};

/* What is published, kept by the flow. */
struct publication {
    const char *node, *id;
    const xmpp_payload_t *payload;
    const void *value;
    xmpp_stanza_t *element; /* instead of a value */
    const xmpp_pubsub_config_t *options;
    int publish;       /* the step that publishes */
    int is_configured; /* so another refusal is final */
};

/* A server that does not know options ignores them, and would show private data
 * to all contacts. So it is asked first (XEP-0223 sections 5 and 6). */
static xmpp_stanza_t *send_features(xmpp_flow_t *flow, void *memory)
{
    xmpp_stanza_t *iq = xmpp_iq_to(xmpp_flow_get_conn(flow), "get", NULL);

    (void)memory;
    xmpp_stanza_add_tag(iq, "query", XMPP_NS_DISCO_INFO);
    return iq;
}

static int receive_features(xmpp_flow_t *flow, void *memory,
                            const xmpp_result_t *result)
{
    struct pep *pep =
        xmpp_conn_get_state(xmpp_flow_get_conn(flow), &xmpp_mod_pep);
    const xmpp_disco_info_t *info =
        xmpp_payload_find(result->stanza, &xmpp_disco_info);

    (void)memory;
    if (result->status != 0 ||
        !xmpp_disco_has_feature(info, XMPP_NS_PUBSUB_PUBLISH_OPTIONS))
        return XMPP_FLOW_FAIL;
    if (pep)
        pep->keeps_options = 1;
    return XMPP_FLOW_NEXT;
}

/* The <item/> of a request: pubsub, publish, item. */
static xmpp_stanza_t *item_of(xmpp_stanza_t *iq)
{
    for (int i = 0; i < 3 && iq; i++)
        iq = xmpp_stanza_get_children(iq);
    return iq;
}

static xmpp_stanza_t *send_publish(xmpp_flow_t *flow, void *memory)
{
    const struct publication *p = memory;
    xmpp_stanza_t *iq =
        xmpp_pubsub_make_publish(xmpp_flow_get_conn(flow), NULL, p->node, p->id,
                                 p->payload, p->value, p->options);
    xmpp_stanza_t *element = p->element ? xmpp_stanza_copy(p->element) : NULL;
    int rc = element ? xmpp_stanza_add_child(item_of(iq), element) : 0;

    if (element)
        xmpp_stanza_release(element);
    if (rc == 0 && !element == !p->element)
        return iq;
    if (iq)
        xmpp_stanza_release(iq);
    return NULL;
}

/* XEP-0060 section 7.1.5: the node exists, and is otherwise. */
static int receive_publish(xmpp_flow_t *flow, void *memory,
                           const xmpp_result_t *result)
{
    const struct publication *p = memory;

    if (result->specific && !strcmp(result->specific, "precondition-not-met") &&
        p->options && !p->is_configured)
        return XMPP_FLOW_NEXT;
    if (result->status == 0)
        xmpp_flow_set_value(flow, &xmpp_pubsub,
                            xmpp_payload_find(result->stanza, &xmpp_pubsub));
    return XMPP_FLOW_DONE;
}

static xmpp_stanza_t *send_configure(xmpp_flow_t *flow, void *memory)
{
    const struct publication *p = memory;

    return xmpp_pubsub_make_configure(xmpp_flow_get_conn(flow), NULL, p->node,
                                      p->options);
}

static int receive_configured(xmpp_flow_t *flow, void *memory,
                              const xmpp_result_t *result)
{
    struct publication *p = memory;

    (void)flow;
    p->is_configured = 1;
    return result->status ? XMPP_FLOW_FAIL : p->publish; /* again */
}

static const xmpp_step_t publishing[] = {
    {"features", send_features, receive_features, NULL},
    {"publish", send_publish, receive_publish, NULL},
    {"configure", send_configure, receive_configured, NULL},
};

/* `asks`: whether the server keeps to options. All of `what` is copied. */
static int publication_start(xmpp_conn_t *conn, int asks,
                             const struct publication *what,
                             xmpp_result_handler handler, void *userdata)
{
    void *memory = NULL;
    xmpp_flow_t *flow =
        xmpp_flow_new(conn, asks ? publishing : publishing + 1, asks ? 3 : 2,
                      sizeof(struct publication), &memory);
    struct publication *p = memory;

    if (!conn)
        return XMPP_EINVOP;
    if (!flow)
        return XMPP_EMEM;
    p->publish = asks;
    p->node = xmpp_flow_keep_text(flow, what->node);
    p->id = xmpp_flow_keep_text(flow, what->id);
    p->payload = what->payload;
    p->value = xmpp_flow_keep_value(flow, what->payload, what->value);
    p->element = xmpp_flow_keep(flow, what->element);
    p->options = xmpp_flow_keep_value(flow, &xmpp_pubsub_config, what->options);
    return xmpp_flow_start(flow, handler, userdata);
}

int xmpp_pep_publish(xmpp_conn_t *conn, const char *node, const char *id,
                     const xmpp_payload_t *payload, const void *value,
                     const xmpp_pubsub_config_t *options,
                     xmpp_result_handler handler, void *userdata)
{
    const struct publication what = {.node = node,
                                     .id = id,
                                     .payload = payload,
                                     .value = value,
                                     .options = options};

    return publication_start(conn, 0, &what, handler, userdata);
}

/* XEP-0223 section 2 */
static int publish_private(xmpp_conn_t *conn, struct publication *what,
                           xmpp_result_handler handler, void *userdata)
{
    const struct pep *pep = xmpp_conn_get_state(conn, &xmpp_mod_pep);
    xmpp_pubsub_config_t options;

    XMPP_INIT(xmpp_pubsub_config, options);
    if (what->options)
        memcpy(&options, what->options,
               what->options->size < sizeof(options) ? what->options->size
                                                     : sizeof(options));
    options.size = sizeof(options);
    options.persist_items = "true";
    options.access_model = "whitelist";
    what->options = &options;
    return publication_start(conn, !pep || !pep->keeps_options, what, handler,
                             userdata);
}

int xmpp_pep_publish_private(xmpp_conn_t *conn, const char *node,
                             const char *id, const xmpp_payload_t *payload,
                             const void *value, xmpp_result_handler handler,
                             void *userdata)
{
    struct publication what = {
        .node = node, .id = id, .payload = payload, .value = value};

    return publish_private(conn, &what, handler, userdata);
}

/* The element is taken. */
static int publish_element(xmpp_conn_t *conn, struct publication *what,
                           int is_private, xmpp_result_handler handler,
                           void *userdata)
{
    int rc = what->element ? xmpp_stanza_get_status(what->element) : 0;

    if (rc == 0)
        rc = is_private ? publish_private(conn, what, handler, userdata)
                        : publication_start(conn, 0, what, handler, userdata);
    if (what->element)
        xmpp_stanza_release(what->element);
    return rc;
}

int xmpp_pep_publish_element(xmpp_conn_t *conn, const char *node,
                             const char *id, xmpp_stanza_t *element,
                             const xmpp_pubsub_config_t *options,
                             xmpp_result_handler handler, void *userdata)
{
    struct publication what = {
        .node = node, .id = id, .element = element, .options = options};

    return publish_element(conn, &what, 0, handler, userdata);
}

int xmpp_pep_publish_private_element(xmpp_conn_t *conn, const char *node,
                                     const char *id, xmpp_stanza_t *element,
                                     const xmpp_pubsub_config_t *options,
                                     xmpp_result_handler handler,
                                     void *userdata)
{
    struct publication what = {
        .node = node, .id = id, .element = element, .options = options};

    return publish_element(conn, &what, 1, handler, userdata);
}

static int on_pep_life(xmpp_conn_t *conn, xmpp_lifecycle_t event, void *state)
{
    struct pep *pep = state;

    (void)conn;
    if (event == XMPP_SESSION_ENDED)
        pep->keeps_options = 0;
    return 0;
}

static const xmpp_row_t rows[] = {
    XMPP_NEEDS(&xmpp_mod_pubsub), XMPP_LIFECYCLE(on_pep_life),
    XMPP_SPEC("XEP-0163", "1.2.2", "complete"),
    XMPP_SPEC("XEP-0223", "1.1.1", "complete"), XMPP_ROWS_END};

XMPP_MODULE(xmpp_mod_pep, "pep", sizeof(struct pep), rows);
