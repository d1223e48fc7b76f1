/* pubsub_user.h - publish-subscribe (XEP-0060): subscribing, reading and
 * publishing.
 *
 * The value of each result is an xmpp_pubsub_t. Each function names the member
 * of it that is filled in. `service` is explained in pubsub.h, which has an
 * example of a subscription; pep.h has one of publishing.
 */

#ifndef XMPP_XEP_PUBSUB_USER_H
#define XMPP_XEP_PUBSUB_USER_H

#include <xmpp/result.h>
#include <xmpp/xep/pubsub.h>

XMPP_BEGIN

/* ---- subscribing ------------------------------------------------- */

/* Subscribe to a node as `jid`; NULL: as our bare address. `options` is a form
 * of the type XMPP_FORM_SUBMIT, or NULL. Value: `subscription`,
 * which may be pending. Its events are accepted from now on, if xmpp_mod_pubsub
 * is in use. */
XMPP_API int xmpp_pubsub_subscribe(xmpp_conn_t *conn, const char *service,
                                   const char *node, const char *jid,
                                   const xmpp_form_t *options,
                                   xmpp_result_handler handler, void *userdata);

/* End a subscription. `id` is needed only if there are several of this address,
 * else it may be NULL. No value. */
XMPP_API int xmpp_pubsub_unsubscribe(xmpp_conn_t *conn, const char *service,
                                     const char *node, const char *jid,
                                     const char *id,
                                     xmpp_result_handler handler,
                                     void *userdata);

/* Get the options of a subscription, a form to be filled in: value `options`;
 * or set them, by a form of the type XMPP_FORM_SUBMIT (NULL: XMPP_EARG): no
 * value. */
XMPP_API int xmpp_pubsub_get_options(xmpp_conn_t *conn, const char *service,
                                     const char *node, const char *jid,
                                     const char *id,
                                     xmpp_result_handler handler,
                                     void *userdata);
XMPP_API int xmpp_pubsub_set_options(xmpp_conn_t *conn, const char *service,
                                     const char *node, const char *jid,
                                     const char *id, const xmpp_form_t *options,
                                     xmpp_result_handler handler,
                                     void *userdata);

/* Get our subscriptions and affiliations, of a node or (NULL) of all nodes.
 * Values: `subscriptions`, `affiliations`. Subscriptions last longer than
 * sessions: after a restart, this also makes their events acceptable. */
XMPP_API int xmpp_pubsub_get_subscriptions(xmpp_conn_t *conn,
                                           const char *service,
                                           const char *node,
                                           xmpp_result_handler handler,
                                           void *userdata);
XMPP_API int xmpp_pubsub_get_affiliations(xmpp_conn_t *conn,
                                          const char *service, const char *node,
                                          xmpp_result_handler handler,
                                          void *userdata);

/* ---- reading ----------------------------------------------------- */

/* Get a page of the items of a node; `page` NULL: as many as the service likes.
 * Values: `items`, and `set` unless the service knows no pages. */
XMPP_API int xmpp_pubsub_get_items(xmpp_conn_t *conn, const char *service,
                                   const char *node, const xmpp_rsm_t *page,
                                   xmpp_result_handler handler, void *userdata);

/* Get the item with this id; NULL: the one that was published last. Value:
 * `items`. */
XMPP_API int xmpp_pubsub_get_item(xmpp_conn_t *conn, const char *service,
                                  const char *node, const char *id,
                                  xmpp_result_handler handler, void *userdata);

/* Get the items that `items` names. Value: `items`. */
XMPP_API int xmpp_pubsub_get_items_by_id(xmpp_conn_t *conn, const char *service,
                                         const xmpp_pubsub_items_t *items,
                                         xmpp_result_handler handler,
                                         void *userdata);

/* ---- publishing -------------------------------------------------- */

/* The configuration of a node: values of the fields "pubsub#..." (XEP-0060
 * section 16.4). NULL leaves a field to the service. */
typedef struct _xmpp_pubsub_config_t {
    size_t size;
    const char *access_model;  /* "open", "presence", "whitelist", ... */
    const char *publish_model; /* "publishers", "subscribers", "open" */
    const char *persist_items; /* "true", "false" */
    const char *max_items;     /* a number, or "max" */
    const char *item_expire;   /* seconds, or "max" */
    const char *send_last_published_item; /* "never", "on_sub",
                                           * "on_sub_and_presence" */
    const char *deliver_payloads; /* "true", "false"; so are the next ones */
    const char *deliver_notifications;
    const char *notify_config;
    const char *notify_delete;
    const char *notify_retract;
    const char *purge_offline;
    const char *title;
    const char *description;
    const char *type; /* the namespace of the content */
} xmpp_pubsub_config_t;

/* Names the members. It is not an element of the protocol. */
XMPP_API extern const xmpp_payload_t xmpp_pubsub_config;

/* Publish an item: `value`, which `payload` describes, or NULL for an item
 * without content. An item with the same id is replaced; `id` NULL: the service
 * chooses one. `options`, unless NULL, are preconditions (section 7.1.5). A
 * node that does not exist is created with them. If a node has another
 * configuration, nothing is published, and the result has the specific
 * condition "precondition-not-met". Some services refuse options that they do
 * not know, and old ones ignore all. Value: `published`, or none if the service
 * names no id. */
XMPP_API int xmpp_pubsub_publish(xmpp_conn_t *conn, const char *service,
                                 const char *node, const char *id,
                                 const xmpp_payload_t *payload,
                                 const void *value,
                                 const xmpp_pubsub_config_t *options,
                                 xmpp_result_handler handler, void *userdata);

/* Remove an item; `notify` not 0: subscribers get an event. No value. */
XMPP_API int xmpp_pubsub_retract(xmpp_conn_t *conn, const char *service,
                                 const char *node, const char *id, int notify,
                                 xmpp_result_handler handler, void *userdata);

/* Create a node; NULL: the service chooses the name. `config` may be NULL.
 * Value: `created`, or none if the name is the one that was requested. */
XMPP_API int xmpp_pubsub_create(xmpp_conn_t *conn, const char *service,
                                const char *node,
                                const xmpp_pubsub_config_t *config,
                                xmpp_result_handler handler, void *userdata);

/* The iq of xmpp_pubsub_publish(), for flows. Owned. NULL when out of memory.
 */
XMPP_API xmpp_stanza_t *
xmpp_pubsub_make_publish(xmpp_conn_t *conn, const char *service,
                         const char *node, const char *id,
                         const xmpp_payload_t *payload, const void *value,
                         const xmpp_pubsub_config_t *options);

/* Add a form of the type XMPP_FORM_SUBMIT with what `config` has. `form_type`
 * is XMPP_NS_PUBSUB_CONFIG or XMPP_NS_PUBSUB_PUBLISH_OPTIONS. 0, or the status
 * of the tree. */
XMPP_API int xmpp_pubsub_add_config(xmpp_stanza_t *parent,
                                    const char *form_type,
                                    const xmpp_pubsub_config_t *config);

XMPP_END

#endif /* XMPP_XEP_PUBSUB_USER_H */
