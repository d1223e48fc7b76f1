/* push.h - notifications for a client that is not connected (XEP-0357): our
 * server reports new messages to a push service, which wakes the client. */

#ifndef XMPP_XEP_PUSH_H
#define XMPP_XEP_PUSH_H

#include <xmpp/result.h>
#include <xmpp/use.h>
#include <xmpp/xep/form.h>

XMPP_BEGIN

/* It has neither state nor limits: using it is not necessary. */
XMPP_API extern const xmpp_module_t xmpp_mod_push;

/* Let our server report to this push service, at this node; both are those that
 * the service of the app named, `node` may be NULL. `options`, unless NULL, is
 * a form of the type XMPP_FORM_SUBMIT that the service wants with each report,
 * such as a secret; its FORM_TYPE is XMPP_NS_PUBSUB_PUBLISH_OPTIONS. To enable
 * the same node again replaces the options. No value.
 *
 * The server reports as long as the session is not connected: with stream
 * management also while it can be resumed. XMPP_EARG without a service. */
XMPP_API int xmpp_push_enable(xmpp_conn_t *conn, const char *service,
                              const char *node, const xmpp_form_t *options,
                              xmpp_result_handler handler, void *userdata);

/* End that; `node` NULL: for all nodes of this service. No value. */
XMPP_API int xmpp_push_disable(xmpp_conn_t *conn, const char *service,
                               const char *node, xmpp_result_handler handler,
                               void *userdata);

XMPP_END

#endif /* XMPP_XEP_PUSH_H */
