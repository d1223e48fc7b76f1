/* pep.h - the nodes of one's own account (XEP-0163): what contacts are notified
 * of, and what only one's own clients see (XEP-0223).
 *
 * Events of other accounts come through pubsub.h. A module that wants those of
 * a node has a row XMPP_NODE with the flag XMPP_NOTIFY: then the accounts of
 * contacts send them.
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

/* The same for data that only we may see (XEP-0223): the node is readable for
 * our own clients only, and keeps its items. The server is asked first whether
 * it keeps to options, once in a session if the module is in use. If it does
 * not, nothing is published, and the status is XMPP_EPROTO. */
XMPP_API int
xmpp_pep_publish_private(xmpp_conn_t *conn, const char *node, const char *id,
                         const xmpp_payload_t *payload, const void *value,
                         xmpp_result_handler handler, void *userdata);

/* The same for content that no table describes: an element, which is taken, or
 * NULL. `options` are in addition to those that make it private, or NULL. */
XMPP_API int
xmpp_pep_publish_private_element(xmpp_conn_t *conn, const char *node,
                                 const char *id, xmpp_stanza_t *element,
                                 const xmpp_pubsub_config_t *options,
                                 xmpp_result_handler handler, void *userdata);

XMPP_END

#endif /* XMPP_XEP_PEP_H */
