/* register_flow.h - registration with a server or a service in steps, and the
 * recovery of an account (XEP-0389): the service asks for what it needs, one
 * challenge after the other. register.h has the older way.
 *
 *     xmpp_conn_use(conn, &xmpp_mod_register_flow);
 *     xmpp_register_get_flows(conn, service, XMPP_REGISTER_ACCOUNT, on_flows,
 * NULL);
 *
 *     ... in on_flows: choose one whose challenges you can meet
 *     xmpp_register_begin(conn, service, XMPP_REGISTER_ACCOUNT, flow->id,
 *                         on_step, NULL);
 *
 *     ... in on_step, until step->success is there:
 *     const xmpp_register_step_t *step = result->value;
 *     if (step->challenge && step->challenge->form)
 *         xmpp_register_respond(conn, answer, on_step, NULL);
 *
 * It works after the login, and on the stream of register_connect.h before it;
 * there the server's flows are in xmpp_register_offer_t.
 */

#ifndef XMPP_XEP_REGISTER_FLOW_H
#define XMPP_XEP_REGISTER_FLOW_H

#include <xmpp/xep/register.h>

XMPP_BEGIN

XMPP_API extern const xmpp_module_t xmpp_mod_register_flow;

/* What a flow is called in a language. */
typedef struct _xmpp_register_name_t {
    size_t size;
    const char *lang; /* or NULL */
    const char *text;
} xmpp_register_name_t;

/* A challenge, or in a flow only the type of one. "jabber:x:data": respond with
 * a form of the type "submit". "jabber:x:oob": respond with nothing when the
 * user was there. Others are in the element. */
typedef struct _xmpp_register_challenge_t {
    size_t size;
    const char *type;
    const xmpp_form_t *form;          /* or NULL */
    const xmpp_register_link_t *link; /* or NULL */
    xmpp_stanza_t *element;           /* NULL in a copy */
} xmpp_register_challenge_t;

/* One of the ways to register. It may have fewer challenges, or more. */
typedef struct _xmpp_register_flow_t {
    size_t size;
    const char *id;
    const xmpp_register_name_t *const *names; /* for people */
    size_t name_count;
    const xmpp_register_challenge_t *const *challenges;
    size_t challenge_count;
} xmpp_register_flow_t;

typedef struct _xmpp_register_flows_t {
    size_t size;
    const xmpp_register_flow_t *const *flows; /* none: it is not possible */
    size_t flow_count;
} xmpp_register_flows_t;

typedef struct _xmpp_register_success_t {
    size_t size;
    xmpp_jid_t jid;       /* the account */
    const char *username; /* to log in with */
} xmpp_register_success_t;

/* One of the two is there. */
typedef struct _xmpp_register_step_t {
    size_t size;
    const xmpp_register_challenge_t *challenge;
    const xmpp_register_success_t *success;
} xmpp_register_step_t;

XMPP_API extern const xmpp_payload_t xmpp_register_challenge;
XMPP_API extern const xmpp_payload_t xmpp_register_flows;
XMPP_API extern const xmpp_payload_t xmpp_register_recovery; /* likewise */
XMPP_API extern const xmpp_payload_t xmpp_register_success;

/* Names the members. It is not an element of the protocol. */
XMPP_API extern const xmpp_payload_t xmpp_register_step;

typedef enum {
    XMPP_REGISTER_ACCOUNT = 1, /* a new one */
    XMPP_REGISTER_RECOVERY     /* of one whose password is lost */
} xmpp_register_aim_t;

/* Get the flows of a service. The value is an xmpp_register_flows_t. `aim` is
 * an xmpp_register_aim_t, here and below; another one: XMPP_EARG. */
XMPP_API int xmpp_register_get_flows(xmpp_conn_t *conn, const char *service,
                                     int aim, xmpp_result_handler handler,
                                     void *userdata);

/* Choose a flow, by its id. The value of the result is an xmpp_register_step_t;
 * XMPP_EREFUSED: the service has cancelled; XMPP_EDROPPED: we have.
 *
 * 0; XMPP_EARG; XMPP_EINVOP if the module is not in use or another flow is
 * under way; the codes of xmpp_request(). */
XMPP_API int xmpp_register_begin(xmpp_conn_t *conn, const char *service,
                                 int aim, const char *flow,
                                 xmpp_result_handler handler, void *userdata);

/* Respond to a challenge; `payload`, which is taken, is what it asks for, or
 * NULL. The result is the next step. XMPP_EINVOP if there is no challenge; else
 * as above. */
XMPP_API int xmpp_register_respond(xmpp_conn_t *conn, xmpp_stanza_t *payload,
                                   xmpp_result_handler handler, void *userdata);

/* Cancel the flow. 0; XMPP_EINVOP if none is under way; the codes of
 * xmpp_send_take(). */
XMPP_API int xmpp_register_stop(xmpp_conn_t *conn);

XMPP_END

#endif /* XMPP_XEP_REGISTER_FLOW_H */
