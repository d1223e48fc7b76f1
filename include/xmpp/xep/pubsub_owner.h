/* pubsub_owner.h - publish-subscribe (XEP-0060): what owners of nodes do.
 *
 * Values are members of an xmpp_pubsub_owned_t, which each function names.
 * `service` is explained in pubsub.h.
 *
 * A form is filled in as form.h describes:
 *
 *     xmpp_stanza_t *answer = xmpp_form_answer(conn, owned->configure->form);
 *     xmpp_form_set(answer, "pubsub#title", "Temperature");
 *     xmpp_pubsub_set_config(conn, service, node, xmpp_form_read(answer),
 *                            on_configured, NULL);
 *     xmpp_stanza_release(answer);
 */

#ifndef XMPP_XEP_PUBSUB_OWNER_H
#define XMPP_XEP_PUBSUB_OWNER_H

#include <xmpp/result.h>
#include <xmpp/xep/pubsub.h>
#include <xmpp/xep/pubsub_user.h>

XMPP_BEGIN

/* The configuration of a node, or what new nodes get. */
typedef struct _xmpp_pubsub_configure_t {
    size_t size;
    const char *node; /* NULL: of new nodes */
    const xmpp_form_t *form;
} xmpp_pubsub_configure_t;

/* An answer to the owner: what was requested is filled in. */
typedef struct _xmpp_pubsub_owned_t {
    size_t size;
    const xmpp_pubsub_configure_t *configure;
    const xmpp_pubsub_configure_t *defaults; /* of new nodes */
    const xmpp_pubsub_subscriptions_t *subscriptions;
    const xmpp_pubsub_affiliations_t *affiliations;
} xmpp_pubsub_owned_t;

XMPP_API extern const xmpp_payload_t xmpp_pubsub_configure;
XMPP_API extern const xmpp_payload_t xmpp_pubsub_owned;

/* Get the configuration of a node as a form to be filled in: value `configure`.
 * Or that which new nodes get: value `defaults`. */
XMPP_API int xmpp_pubsub_get_config(xmpp_conn_t *conn, const char *service,
                                    const char *node,
                                    xmpp_result_handler handler,
                                    void *userdata);
XMPP_API int xmpp_pubsub_get_default_config(xmpp_conn_t *conn,
                                            const char *service,
                                            xmpp_result_handler handler,
                                            void *userdata);

/* Configure a node, by a form of the type XMPP_FORM_SUBMIT (NULL: XMPP_EARG) or
 * by a struct. No value. */
XMPP_API int xmpp_pubsub_set_config(xmpp_conn_t *conn, const char *service,
                                    const char *node, const xmpp_form_t *form,
                                    xmpp_result_handler handler,
                                    void *userdata);
XMPP_API int xmpp_pubsub_configure_node(xmpp_conn_t *conn, const char *service,
                                        const char *node,
                                        const xmpp_pubsub_config_t *config,
                                        xmpp_result_handler handler,
                                        void *userdata);

/* Delete a node; subscribers are referred to the xmpp: URI `redirect`, unless
 * it is NULL. Or remove all its items. No value. */
XMPP_API int xmpp_pubsub_delete(xmpp_conn_t *conn, const char *service,
                                const char *node, const char *redirect,
                                xmpp_result_handler handler, void *userdata);
XMPP_API int xmpp_pubsub_purge(xmpp_conn_t *conn, const char *service,
                               const char *node, xmpp_result_handler handler,
                               void *userdata);

/* Get who is subscribed to a node: value `subscriptions`. Or change that for
 * one address: `state` is an xmpp_pubsub_state_t, no value. */
XMPP_API int xmpp_pubsub_get_subscribers(xmpp_conn_t *conn, const char *service,
                                         const char *node,
                                         xmpp_result_handler handler,
                                         void *userdata);
XMPP_API int xmpp_pubsub_set_subscriber(xmpp_conn_t *conn, const char *service,
                                        const char *node, const xmpp_jid_t *jid,
                                        int state, xmpp_result_handler handler,
                                        void *userdata);

/* Get who is affiliated with a node: value `affiliations`. Or change that for
 * one address: `affiliation` is an xmpp_pubsub_affiliation_t, no value. */
XMPP_API int xmpp_pubsub_get_affiliated(xmpp_conn_t *conn, const char *service,
                                        const char *node,
                                        xmpp_result_handler handler,
                                        void *userdata);
XMPP_API int xmpp_pubsub_set_affiliated(xmpp_conn_t *conn, const char *service,
                                        const char *node, const xmpp_jid_t *jid,
                                        int affiliation,
                                        xmpp_result_handler handler,
                                        void *userdata);

/* The iq of xmpp_pubsub_configure_node(), for flows. Owned. NULL when out of
 * memory. */
XMPP_API xmpp_stanza_t *
xmpp_pubsub_make_configure(xmpp_conn_t *conn, const char *service,
                           const char *node,
                           const xmpp_pubsub_config_t *config);

XMPP_END

#endif /* XMPP_XEP_PUBSUB_OWNER_H */
