/* pubsub_owner.c - publish-subscribe (XEP-0060): what owners of nodes do. */

#include <xmpp/xep/pubsub_owner.h>

#include <xmpp/build.h>
#include <xmpp/module.h>
#include <xmpp/ns.h>

static const xmpp_field_t configure_fields[] = {
    XMPP_ATTR(xmpp_pubsub_configure_t, node, TEXT, "node"),
    XMPP_ELEMENT(xmpp_pubsub_configure_t, form, &xmpp_form),
};
XMPP_PAYLOAD(xmpp_pubsub_configure, xmpp_pubsub_configure_t, "configure", NULL,
             configure_fields);
static XMPP_PAYLOAD(defaults, xmpp_pubsub_configure_t, "default", NULL,
                    configure_fields);

static const xmpp_field_t owned_fields[] = {
    XMPP_ELEMENT(xmpp_pubsub_owned_t, configure, &xmpp_pubsub_configure),
    XMPP_ELEMENT(xmpp_pubsub_owned_t, defaults, &defaults),
    XMPP_ELEMENT(xmpp_pubsub_owned_t, subscriptions,
                 &xmpp_pubsub_subscriptions),
    XMPP_ELEMENT(xmpp_pubsub_owned_t, affiliations, &xmpp_pubsub_affiliations),
};
XMPP_PAYLOAD(xmpp_pubsub_owned, xmpp_pubsub_owned_t, "pubsub",
             XMPP_NS_PUBSUB_OWNER, owned_fields);

/* A request: *ret_element, with the name of a node, inside <pubsub/>. */
static xmpp_stanza_t *begin_owned(xmpp_conn_t *conn, const char *type,
                                  const char *service, const char *name,
                                  const char *node, xmpp_stanza_t **ret_element)
{
    xmpp_stanza_t *iq = xmpp_iq_to(conn, type, service);
    xmpp_stanza_t *pubsub =
        xmpp_stanza_add_tag(iq, "pubsub", XMPP_NS_PUBSUB_OWNER);

    *ret_element = xmpp_stanza_add_tag(pubsub, name, NULL);
    xmpp_stanza_put(*ret_element, "node", node);
    return iq;
}

/* Those that have nothing but a name. */
static int get_owned(xmpp_conn_t *conn, const char *service, const char *name,
                     const char *node, xmpp_result_handler handler,
                     void *userdata)
{
    xmpp_stanza_t *element;
    xmpp_stanza_t *iq = begin_owned(conn, "get", service, name, node, &element);

    return xmpp_request(conn, iq, &xmpp_pubsub_owned, handler, userdata);
}

/* ---- configuration ----------------------------------------------- */

int xmpp_pubsub_get_config(xmpp_conn_t *conn, const char *service,
                           const char *node, xmpp_result_handler handler,
                           void *userdata)
{
    return get_owned(conn, service, "configure", node, handler, userdata);
}

int xmpp_pubsub_get_default_config(xmpp_conn_t *conn, const char *service,
                                   xmpp_result_handler handler, void *userdata)
{
    return get_owned(conn, service, "default", NULL, handler, userdata);
}

int xmpp_pubsub_set_config(xmpp_conn_t *conn, const char *service,
                           const char *node, const xmpp_form_t *form,
                           xmpp_result_handler handler, void *userdata)
{
    xmpp_stanza_t *configure, *iq;

    if (!form)
        return xmpp_conn_fail(conn, &xmpp_mod_pubsub, XMPP_EARG,
                              "the form is missing: fill in the one that "
                              "xmpp_pubsub_get_config() brings");
    iq = begin_owned(conn, "set", service, "configure", node, &configure);
    xmpp_payload_add(configure, &xmpp_form, form);
    return xmpp_request(conn, iq, NULL, handler, userdata);
}

xmpp_stanza_t *xmpp_pubsub_make_configure(xmpp_conn_t *conn,
                                          const char *service, const char *node,
                                          const xmpp_pubsub_config_t *config)
{
    xmpp_stanza_t *configure;
    xmpp_stanza_t *iq =
        begin_owned(conn, "set", service, "configure", node, &configure);

    xmpp_pubsub_add_config(configure, XMPP_NS_PUBSUB_CONFIG, config);
    return iq;
}

int xmpp_pubsub_configure_node(xmpp_conn_t *conn, const char *service,
                               const char *node,
                               const xmpp_pubsub_config_t *config,
                               xmpp_result_handler handler, void *userdata)
{
    return xmpp_request(conn,
                        xmpp_pubsub_make_configure(conn, service, node, config),
                        NULL, handler, userdata);
}

/* ---- nodes ------------------------------------------------------- */

int xmpp_pubsub_delete(xmpp_conn_t *conn, const char *service, const char *node,
                       const char *redirect, xmpp_result_handler handler,
                       void *userdata)
{
    xmpp_stanza_t *element;
    xmpp_stanza_t *iq =
        begin_owned(conn, "set", service, "delete", node, &element);

    if (redirect)
        xmpp_stanza_put(xmpp_stanza_add_tag(element, "redirect", NULL), "uri",
                        redirect);
    return xmpp_request(conn, iq, NULL, handler, userdata);
}

int xmpp_pubsub_purge(xmpp_conn_t *conn, const char *service, const char *node,
                      xmpp_result_handler handler, void *userdata)
{
    xmpp_stanza_t *element;
    xmpp_stanza_t *iq =
        begin_owned(conn, "set", service, "purge", node, &element);

    return xmpp_request(conn, iq, NULL, handler, userdata);
}

/* ---- who has to do with a node ----------------------------------- */

/* A list with one value in it. */
static int set_owned(xmpp_conn_t *conn, const char *service, const char *list,
                     const char *node, const xmpp_payload_t *payload,
                     const void *value, xmpp_result_handler handler,
                     void *userdata)
{
    xmpp_stanza_t *element;
    xmpp_stanza_t *iq = begin_owned(conn, "set", service, list, node, &element);

    xmpp_payload_add(element, payload, value);
    return xmpp_request(conn, iq, NULL, handler, userdata);
}

int xmpp_pubsub_get_subscribers(xmpp_conn_t *conn, const char *service,
                                const char *node, xmpp_result_handler handler,
                                void *userdata)
{
    return get_owned(conn, service, "subscriptions", node, handler, userdata);
}

int xmpp_pubsub_set_subscriber(xmpp_conn_t *conn, const char *service,
                               const char *node, const xmpp_jid_t *jid,
                               int state, xmpp_result_handler handler,
                               void *userdata)
{
    xmpp_pubsub_subscription_t one;

    XMPP_INIT(xmpp_pubsub_subscription, one);
    if (jid)
        one.jid = *jid;
    one.state = state;
    return set_owned(conn, service, "subscriptions", node,
                     &xmpp_pubsub_subscription, &one, handler, userdata);
}

int xmpp_pubsub_get_affiliated(xmpp_conn_t *conn, const char *service,
                               const char *node, xmpp_result_handler handler,
                               void *userdata)
{
    return get_owned(conn, service, "affiliations", node, handler, userdata);
}

int xmpp_pubsub_set_affiliated(xmpp_conn_t *conn, const char *service,
                               const char *node, const xmpp_jid_t *jid,
                               int affiliation, xmpp_result_handler handler,
                               void *userdata)
{
    xmpp_pubsub_affiliated_t one;

    XMPP_INIT(xmpp_pubsub_affiliated, one);
    if (jid)
        one.jid = *jid;
    one.affiliation = affiliation;
    return set_owned(conn, service, "affiliations", node,
                     &xmpp_pubsub_affiliated, &one, handler, userdata);
}
