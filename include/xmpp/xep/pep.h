/* pep.h - the nodes of one's own account (XEP-0163): what contacts are notified
 * of, and what only one's own clients see (XEP-0223).
 *
 *     #define NS_HEAT "urn:example:heat"
 *     typedef struct {
 *         size_t size;
 *         long degrees;
 *     } heat_t;
 *
 *     static const xmpp_field_t fields[] = {
 *         XMPP_TEXT(heat_t, degrees, NUMBER)};
 *     static XMPP_PAYLOAD(heat, heat_t, "heat", NS_HEAT, fields);
 *
 *     heat_t now;
 *     XMPP_INIT(heat, now);
 *     now.degrees = 21;
 *     xmpp_pep_publish(conn, NS_HEAT, "current", &heat, &now, NULL,
 *                      on_published, NULL);
 *
 * Events of other accounts come through pubsub.h. Their accounts send them if
 * our capabilities request it, for each node by a feature with "+notify" at the
 * end:
 *
 *     xmpp_conn_use(conn, &xmpp_mod_roster);   (who our contacts are)
 *     xmpp_conn_use(conn, &xmpp_mod_presence);
 *     xmpp_conn_use(conn, &xmpp_mod_caps);
 *     xmpp_conn_use(conn, &xmpp_mod_pubsub);
 *     xmpp_conn_watch(conn, &xmpp_mod_pubsub, on_event, NULL);
 *     xmpp_disco_add_feature(conn, NS_HEAT "+notify");
 *
 * They learn of our capabilities from our presence, and send events to those
 * who may see theirs. So both sides have to be subscribed to each other's
 * presence (xmpp_subscription_set_policy() with `is_mutual`). Without that,
 * subscribe to the node: xmpp_pubsub_subscribe().
 *
 *     ... in on_event ...
 *     const xmpp_pubsub_event_t *e = event->value;
 *     const void *read;
 *     if (e->content && xmpp_payload_read(e->content, &heat, &read) == 0) ...
 *
 * A module of your own has a row XMPP_NODE with the flag XMPP_NOTIFY instead.
 */

#ifndef XMPP_XEP_PEP_H
#define XMPP_XEP_PEP_H

#include <xmpp/xep/pubsub_user.h>

XMPP_BEGIN

XMPP_API extern const xmpp_module_t xmpp_mod_pep;

/* Publish an item to a node of ours, as xmpp_pubsub_publish() does. If the node
 * does not exist, it is created with `options`. If it has another
 * configuration, it gets that of `options`, and the item is published again.
 * Value: `published`, or none. */
XMPP_API int xmpp_pep_publish(xmpp_conn_t *conn, const char *node,
                              const char *id, const xmpp_payload_t *payload,
                              const void *value,
                              const xmpp_pubsub_config_t *options,
                              xmpp_result_handler handler, void *userdata);

/* The same for content that no table describes: an element, which is taken, or
 * NULL. */
XMPP_API int xmpp_pep_publish_element(xmpp_conn_t *conn, const char *node,
                                      const char *id, xmpp_stanza_t *element,
                                      const xmpp_pubsub_config_t *options,
                                      xmpp_result_handler handler,
                                      void *userdata);

/* The same as xmpp_pep_publish() for data that only we may see (XEP-0223): the
 * node is readable for our own clients only, and keeps its items. The server is
 * asked first whether it keeps to options, once in a session if the module is
 * in use. If it does not, nothing is published, and the status is XMPP_EPROTO.
 */
XMPP_API int
xmpp_pep_publish_private(xmpp_conn_t *conn, const char *node, const char *id,
                         const xmpp_payload_t *payload, const void *value,
                         xmpp_result_handler handler, void *userdata);

/* The same for an element, which is taken, or NULL. `options` are in addition
 * to those that make it private, or NULL. */
XMPP_API int
xmpp_pep_publish_private_element(xmpp_conn_t *conn, const char *node,
                                 const char *id, xmpp_stanza_t *element,
                                 const xmpp_pubsub_config_t *options,
                                 xmpp_result_handler handler, void *userdata);

XMPP_END

#endif /* XMPP_XEP_PEP_H */
