/* pubsub_approval.h - publish-subscribe (XEP-0060 section 8.6): an owner
 * decides who may subscribe to a node whose access model is "authorize".
 *
 *     static void on_request(xmpp_conn_t *conn, const xmpp_event_t *event,
 *                            void *userdata)
 *     {
 *         const xmpp_pubsub_approval_t *request = event->value;
 *
 *         xmpp_pubsub_decide(conn, request, is_friend(&request->jid));
 *     }
 *
 *     xmpp_conn_use(conn, &xmpp_mod_pubsub_approval);
 *     xmpp_conn_watch(conn, &xmpp_mod_pubsub_approval, on_request, NULL);
 *
 * An application that asks a person first keeps a copy (xmpp_payload_copy()).
 */

#ifndef XMPP_XEP_PUBSUB_APPROVAL_H
#define XMPP_XEP_PUBSUB_APPROVAL_H

#include <xmpp/xep/pubsub.h>

XMPP_BEGIN

/* Requests are accepted from those whose events are (pubsub.h). */
XMPP_API extern const xmpp_module_t xmpp_mod_pubsub_approval;

/* Its event: the value is an xmpp_pubsub_approval_t. */
enum { XMPP_PUBSUB_REQUESTED };

/* Somebody wants to subscribe to a node of ours. */
typedef struct _xmpp_pubsub_approval_t {
    size_t size;
    xmpp_jid_t service;      /* which asks; absent: our own account */
    const char *node;        /* the node */
    xmpp_jid_t jid;          /* who wants to subscribe */
    const char *message_id;  /* of the request, or NULL */
    const xmpp_form_t *form; /* all that the service wrote */
    xmpp_jid_t to;           /* which of our addresses it was sent to, on a
                              * component */
} xmpp_pubsub_approval_t;

/* Names the members. It is not an element of the protocol. */
XMPP_API extern const xmpp_payload_t xmpp_pubsub_approval;

/* Allow it (1), or do not (0). The service reports neither; who wanted to
 * subscribe gets an event. 0; XMPP_EINVOP if the module is not in use;
 * XMPP_EARG without a form; else as xmpp_send_take(). */
XMPP_API int xmpp_pubsub_decide(xmpp_conn_t *conn,
                                const xmpp_pubsub_approval_t *request,
                                int allow);

XMPP_END

#endif /* XMPP_XEP_PUBSUB_APPROVAL_H */
