/* subscription.h - who may see whose presence: requests of others, and ours
 * (RFC 6121 section 3).
 *
 *     xmpp_conn_use(conn, &xmpp_mod_subscription);
 *     xmpp_subscription_set_policy(conn, XMPP_SUBSCRIPTION_APPROVE_ALL, 1);
 *
 * Uses xep/roster.h, which has the subscriptions, and xep/presence.h. Requests
 * that nobody has answered are reported and kept, each once, until the session
 * ends; in the next one the server delivers them again.
 *
 * The limits: "requests" that are kept; more are ignored until the next
 * session. A component also remembers as many requests of its own. "octets" of
 * the text and the nickname in a request; longer ones are left out.
 *
 * On a component the functions speak for the address of xmpp_conn_send_as();
 * there is no contact list, and nobody sends our presence to whom we approve:
 * xmpp_presence_direct() does.
 */

#ifndef XMPP_XEP_SUBSCRIPTION_H
#define XMPP_XEP_SUBSCRIPTION_H

#include <xmpp/xep/presence.h>
#include <xmpp/xep/roster.h>

XMPP_BEGIN

XMPP_API extern const xmpp_module_t xmpp_mod_subscription;

/* What becomes of a request. */
typedef enum {
    XMPP_SUBSCRIPTION_REPORT,      /* the application decides: the default */
    XMPP_SUBSCRIPTION_APPROVE_ALL, /* everybody may see our presence */
    XMPP_SUBSCRIPTION_APPROVE_CONTACTS, /* a contact may see our presence if we
                                         * see its presence, or have requested
                                         * to; other requests are reported */
    XMPP_SUBSCRIPTION_DENY_ALL
} xmpp_subscription_policy_t;

/* The events. The value is the xmpp_presence_t that came; its `from` is a bare
 * address. */
typedef enum {
    XMPP_SUBSCRIPTION_REQUESTED, /* may value->from see our presence? Approve or
                                  * deny it, now or later */
    XMPP_SUBSCRIPTION_GRANTED,   /* the policy has approved it */
    XMPP_SUBSCRIPTION_SETTLED,   /* a request needs no answer any more: it was
                                  * withdrawn, or another client of ours
                                  * answered */
    XMPP_SUBSCRIPTION_APPROVED,  /* we may see the presence of value->from */
    XMPP_SUBSCRIPTION_DENIED,    /* we may not, or not any longer */
    XMPP_SUBSCRIPTION_LEFT       /* value->from does not want to see ours */
} xmpp_subscription_event_t;

/* Set what becomes of the requests to come. `is_mutual` 1: the presence of
 * everybody who is approved is requested in return, by a component once in a
 * session. 0; XMPP_EINVOP if the module is not in use; XMPP_EARG for another
 * policy. */
XMPP_API int xmpp_subscription_set_policy(xmpp_conn_t *conn, int policy,
                                          int is_mutual);

/* The next request that waits for an answer; NULL: the first. NULL after the
 * last. Borrowed until it is answered. */
XMPP_API const xmpp_presence_t *
xmpp_subscription_next(xmpp_conn_t *conn, const xmpp_presence_t *request);

/* ---- ours to them ------------------------------------------------ */

/* These send a presence to the bare address. 0; XMPP_EINVOP if the module is
 * not in use; XMPP_EARG without an address; or a code of xmpp_send_take(). */

/* Request to see the presence of a contact (RFC 6121 section 3.1), with a text
 * for people, or NULL. Put the contact into the list first, to give it a name.
 * A nickname in our own presence goes along (XEP-0172). */
XMPP_API int xmpp_subscription_request(xmpp_conn_t *conn, const xmpp_jid_t *jid,
                                       const char *text);

/* Let it see our presence. Without a request it is approved in advance
 * (section 3.4): XMPP_EINVOP if the server cannot do that. */
XMPP_API int xmpp_subscription_approve(xmpp_conn_t *conn,
                                       const xmpp_jid_t *jid);

/* Deny a request, or cancel what was approved (sections 3.1.4 and 3.2). */
XMPP_API int xmpp_subscription_deny(xmpp_conn_t *conn, const xmpp_jid_t *jid);

/* Do not see the presence of a contact any longer (section 3.3). */
XMPP_API int xmpp_subscription_unsubscribe(xmpp_conn_t *conn,
                                           const xmpp_jid_t *jid);

XMPP_END

#endif /* XMPP_XEP_SUBSCRIPTION_H */
