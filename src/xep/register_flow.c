/* register_flow.c - registration by a series of challenges (XEP-0389). */

#include <xmpp/xep/register_flow.h>

#include <string.h>

#include <xmpp/build.h>
#include <xmpp/ctx.h>
#include <xmpp/error.h>
#include <xmpp/handler.h>
#include <xmpp/module.h>
#include <xmpp/ns.h>

/* The flow that is under way, if there is a step to wait for or a challenge to
 * respond to. */
struct enrolment {
    xmpp_pending_t *pending; /* until the next step */
    char *service;           /* NULL: our own server */
    int is_challenged;
};

static struct enrolment *enrolment_of(const xmpp_conn_t *conn)
{
    return xmpp_conn_get_state(conn, &xmpp_mod_register_flow);
}

/* ---- payloads ---------------------------------------------------- */

static const xmpp_field_t name_fields[] = {
    XMPP_ATTR(xmpp_register_name_t, lang, TEXT, "xml:lang"),
    XMPP_TEXT(xmpp_register_name_t, text, TEXT),
};
static XMPP_PAYLOAD(flow_name, xmpp_register_name_t, "name",
                    XMPP_NS_REGISTER_FLOWS, name_fields);

static const xmpp_field_t challenge_fields[] = {
    XMPP_ATTR_MUST(xmpp_register_challenge_t, type, TEXT, "type"),
    XMPP_ELEMENT(xmpp_register_challenge_t, form, &xmpp_form),
    XMPP_ELEMENT(xmpp_register_challenge_t, link, &xmpp_register_link),
    XMPP_SELF(xmpp_register_challenge_t, element),
};
XMPP_PAYLOAD(xmpp_register_challenge, xmpp_register_challenge_t, "challenge",
             XMPP_NS_REGISTER_FLOWS, challenge_fields);

static const xmpp_field_t flow_fields[] = {
    XMPP_ATTR_MUST(xmpp_register_flow_t, id, TEXT, "id"),
    XMPP_ELEMENTS(xmpp_register_flow_t, names, name_count, &flow_name),
    XMPP_ELEMENTS(xmpp_register_flow_t, challenges, challenge_count,
                  &xmpp_register_challenge),
};
static XMPP_PAYLOAD(register_flow, xmpp_register_flow_t, "flow",
                    XMPP_NS_REGISTER_FLOWS, flow_fields);

static const xmpp_field_t flows_fields[] = {
    XMPP_ELEMENTS(xmpp_register_flows_t, flows, flow_count, &register_flow),
};
XMPP_PAYLOAD(xmpp_register_flows, xmpp_register_flows_t, "register",
             XMPP_NS_REGISTER_FLOWS, flows_fields);
XMPP_PAYLOAD(xmpp_register_recovery, xmpp_register_flows_t, "recovery",
             XMPP_NS_REGISTER_FLOWS, flows_fields);

static const xmpp_field_t success_fields[] = {
    XMPP_CHILD(xmpp_register_success_t, jid, JID, "jid"),
    XMPP_CHILD(xmpp_register_success_t, username, TEXT, "username"),
};
XMPP_PAYLOAD(xmpp_register_success, xmpp_register_success_t, "success",
             XMPP_NS_REGISTER_FLOWS, success_fields);

static const xmpp_field_t step_fields[] = {
    XMPP_ELEMENT(xmpp_register_step_t, challenge, &xmpp_register_challenge),
    XMPP_ELEMENT(xmpp_register_step_t, success, &xmpp_register_success),
};
XMPP_PAYLOAD(xmpp_register_step, xmpp_register_step_t, "step",
             XMPP_NS_REGISTER_FLOWS, step_fields);

/* ---- steps ------------------------------------------------------- */

static void on_step_answer(xmpp_conn_t *conn, const xmpp_result_t *result,
                           void *userdata);

static void forget_step(void *enrolment)
{
    ((struct enrolment *)enrolment)->pending = NULL;
}

/* The answer to what was sent may still come; it has nothing more to say. */
static xmpp_pending_t *take_pending(xmpp_conn_t *conn, struct enrolment *e)
{
    xmpp_pending_t *pending = e->pending;

    e->pending = NULL;
    xmpp_result_cancel(conn, on_step_answer, e);
    if (pending)
        xmpp_pending_on_end(pending, NULL, NULL);
    return pending;
}

static void end_step(xmpp_conn_t *conn, struct enrolment *e, int status,
                     const xmpp_register_step_t *step)
{
    xmpp_pending_t *pending = take_pending(conn, e);

    e->is_challenged = step && step->challenge;
    xmpp_pending_end(pending, status, step ? &xmpp_register_step : NULL, step);
}

/* 0: it is no step. */
static int take_step(xmpp_conn_t *conn, struct enrolment *e,
                     xmpp_stanza_t *element)
{
    const char *name = xmpp_stanza_get_name(element);
    const void *value = NULL;
    xmpp_register_step_t step;

    if (!e->pending || !name)
        return 0;
    XMPP_INIT(xmpp_register_step, step);
    if (!strcmp(name, "cancel")) {
        end_step(conn, e, XMPP_EREFUSED, NULL);
        return 1;
    }
    if (!strcmp(name, "challenge") &&
        xmpp_payload_read(element, &xmpp_register_challenge, &value) == 0)
        step.challenge = value;
    else if (!strcmp(name, "success") &&
             xmpp_payload_read(element, &xmpp_register_success, &value) == 0)
        step.success = value;
    if (value)
        end_step(conn, e, 0, &step);
    return value != NULL;
}

/* Without a step in it, that is still to come. */
static void on_step_answer(xmpp_conn_t *conn, const xmpp_result_t *result,
                           void *userdata)
{
    struct enrolment *e = userdata;
    xmpp_stanza_t *element;

    if (result->status) {
        e->is_challenged = 0;
        xmpp_pending_end_with(take_pending(conn, e), result);
        return;
    }
    element = xmpp_stanza_next_tag(result->stanza, NULL, NULL,
                                   XMPP_NS_REGISTER_FLOWS);
    if (element && !take_step(conn, e, element))
        end_step(conn, e, XMPP_EPROTO, NULL);
}

/* Before the login there are no requests. */
static int on_bare_step(xmpp_conn_t *conn, xmpp_stanza_t *element,
                        void *userdata)
{
    if (xmpp_conn_get_type(conn) == XMPP_UNKNOWN)
        take_step(conn, userdata, element);
    return 1;
}

/* What the service sends by itself. */
static int on_pushed_step(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                          void *state)
{
    struct enrolment *e = state;
    xmpp_jid_t service;
    char room[XMPP_JID_BUFFER_SIZE];

    if (!e->pending || !in->from)
        return XMPP_ENOSERVICE;
    if (!e->service ? !xmpp_conn_sender_is(conn, in->from, XMPP_SENDER_SERVER)
                    : xmpp_jid_parse(e->service, (size_t)-1, XMPP_JID_LENIENT,
                                     room, &service, NULL) ||
                          !xmpp_jid_equal(in->from, &service, XMPP_JID_FULL))
        return XMPP_ENOSERVICE;
    xmpp_send_take(conn, xmpp_iq_result(conn, in->stanza));
    take_step(conn, e, in->element);
    return 1;
}

/* Nobody registers with us: there are no flows ("Retrieving the Flows"). */
static int on_flows_query(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                          void *state)
{
    xmpp_stanza_t *iq = xmpp_iq_result(conn, in->stanza);

    (void)state;
    xmpp_stanza_add_tag(iq, xmpp_stanza_get_name(in->element),
                        XMPP_NS_REGISTER_FLOWS);
    xmpp_send_take(conn, iq);
    return 1;
}

/* ---- sending ----------------------------------------------------- */

static const char *const aims[] = {"register", "recovery"};

static int refuse_flow(xmpp_conn_t *conn, int code, const char *why)
{
    return xmpp_conn_fail(conn, &xmpp_mod_register_flow, code, "%s", why);
}

/* The element is taken. */
static int send_enrolment(xmpp_conn_t *conn, struct enrolment *e,
                          xmpp_stanza_t *element, int wants_answer)
{
    xmpp_stanza_t *iq;

    if (!element)
        return XMPP_EMEM;
    if (xmpp_conn_get_type(conn) == XMPP_UNKNOWN)
        return xmpp_send_take(conn, element);
    iq = xmpp_iq_to(conn, "set", e->service);
    if (!iq || xmpp_stanza_add_child(iq, element)) {
        xmpp_stanza_release(element);
        if (iq)
            xmpp_stanza_release(iq);
        return XMPP_EMEM;
    }
    xmpp_stanza_release(element);
    return xmpp_request(conn, iq, NULL, wants_answer ? on_step_answer : NULL,
                        e);
}

static int await_step(xmpp_conn_t *conn, struct enrolment *e,
                      xmpp_stanza_t *element, xmpp_result_handler handler,
                      void *userdata)
{
    int rc;

    xmpp_conn_hold(conn);
    rc = send_enrolment(conn, e, element, 1);
    if (rc == 0) {
        e->is_challenged = 0;
        e->pending = xmpp_pending_new(conn, 0, handler, userdata);
        xmpp_pending_on_end(e->pending, forget_step, e);
    }
    if (rc == 0 && !e->pending) {
        xmpp_result_cancel(conn, on_step_answer, e);
        rc = XMPP_EMEM;
    }
    xmpp_conn_unhold(conn);
    return rc;
}

int xmpp_register_get_flows(xmpp_conn_t *conn, const char *service, int aim,
                            xmpp_result_handler handler, void *userdata)
{
    xmpp_stanza_t *iq;

    if (aim != XMPP_REGISTER_ACCOUNT && aim != XMPP_REGISTER_RECOVERY)
        return refuse_flow(conn, XMPP_EARG, "nobody registers for that");
    iq = xmpp_iq_to(conn, "get", service);
    xmpp_stanza_add_tag(iq, aims[aim - 1], XMPP_NS_REGISTER_FLOWS);
    return xmpp_request(conn, iq,
                        aim == XMPP_REGISTER_ACCOUNT ? &xmpp_register_flows
                                                     : &xmpp_register_recovery,
                        handler, userdata);
}

int xmpp_register_begin(xmpp_conn_t *conn, const char *service, int aim,
                        const char *flow, xmpp_result_handler handler,
                        void *userdata)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(conn);
    struct enrolment *e = enrolment_of(conn);
    xmpp_stanza_t *element;
    char *copy;

    if (!e)
        return xmpp_conn_fail_unused(conn, &xmpp_mod_register_flow);
    if (!flow ||
        (aim != XMPP_REGISTER_ACCOUNT && aim != XMPP_REGISTER_RECOVERY))
        return refuse_flow(conn, XMPP_EARG,
                           "the id of the flow is missing, or "
                           "what it is for");
    if (e->pending || e->is_challenged)
        return refuse_flow(conn, XMPP_EINVOP,
                           "a flow is under way: end it, or "
                           "stop it");
    copy = xmpp_copy_text(ctx, service);
    if (service && !copy)
        return XMPP_EMEM;
    xmpp_free(ctx, e->service);
    e->service = copy;
    element = xmpp_stanza_new_tag(ctx, aims[aim - 1], XMPP_NS_REGISTER_FLOWS);
    xmpp_stanza_put(xmpp_stanza_add_tag(element, "flow", NULL), "id", flow);
    return await_step(conn, e, element, handler, userdata);
}

/* What a service asks for, which may be NULL, as a response. */
static int make_response(xmpp_conn_t *conn, xmpp_stanza_t *payload,
                         xmpp_stanza_t **ret)
{
    xmpp_stanza_t *element = xmpp_stanza_new_tag(
        xmpp_conn_get_context(conn), "response", XMPP_NS_REGISTER_FLOWS);
    int rc = element ? 0 : XMPP_EMEM;

    if (rc == 0 && payload)
        rc = xmpp_stanza_add_child(element, payload);
    if (rc == 0)
        *ret = element;
    else if (element)
        xmpp_stanza_release(element);
    return rc;
}

int xmpp_register_respond(xmpp_conn_t *conn, xmpp_stanza_t *payload,
                          xmpp_result_handler handler, void *userdata)
{
    struct enrolment *e = enrolment_of(conn);
    xmpp_stanza_t *element = NULL;
    int rc = e && e->is_challenged ? make_response(conn, payload, &element) : 0;

    if (payload)
        xmpp_stanza_release(payload);
    if (!e)
        return xmpp_conn_fail_unused(conn, &xmpp_mod_register_flow);
    if (rc)
        return rc;
    if (!element)
        return refuse_flow(conn, XMPP_EINVOP, "there is no challenge");
    return await_step(conn, e, element, handler, userdata);
}

int xmpp_register_stop(xmpp_conn_t *conn)
{
    struct enrolment *e = enrolment_of(conn);
    int rc;

    if (!e)
        return xmpp_conn_fail_unused(conn, &xmpp_mod_register_flow);
    if (!e->pending && !e->is_challenged)
        return refuse_flow(conn, XMPP_EINVOP, "no flow is under way");
    xmpp_conn_hold(conn);
    rc = send_enrolment(conn, e,
                        xmpp_stanza_new_tag(xmpp_conn_get_context(conn),
                                            "cancel", XMPP_NS_REGISTER_FLOWS),
                        0);
    if (rc == 0)
        end_step(conn, e, XMPP_EDROPPED, NULL);
    xmpp_conn_unhold(conn);
    return rc;
}

/* ---- the module -------------------------------------------------- */

/* A flow belongs to its stream. */
static int on_enrolment_life(xmpp_conn_t *conn, xmpp_lifecycle_t event,
                             void *state)
{
    struct enrolment *e = state;

    if (event == XMPP_ATTACHED)
        xmpp_handler_add(conn, on_bare_step, XMPP_NS_REGISTER_FLOWS, NULL, NULL,
                         state);
    if (event == XMPP_SESSION_STARTED || event == XMPP_SESSION_ENDED)
        e->is_challenged = 0;
    if (event == XMPP_DETACHED)
        xmpp_free(xmpp_conn_get_context(conn), e->service);
    return 0;
}

static const xmpp_row_t rows[] = {
    XMPP_IQ_SET(XMPP_SENDER_ANYONE, XMPP_NS_REGISTER_FLOWS, "success", NULL,
                on_pushed_step),
    XMPP_IQ_SET(XMPP_SENDER_ANYONE, XMPP_NS_REGISTER_FLOWS, "cancel", NULL,
                on_pushed_step),
    XMPP_IQ_GET(XMPP_SENDER_ANYONE, XMPP_NS_REGISTER_FLOWS, "register", NULL,
                on_flows_query),
    XMPP_IQ_GET(XMPP_SENDER_ANYONE, XMPP_NS_REGISTER_FLOWS, "recovery", NULL,
                on_flows_query),
    XMPP_FEATURE(XMPP_NS_REGISTER_FLOWS),
    XMPP_LIFECYCLE(on_enrolment_life),
    XMPP_SPEC("XEP-0389", "0.6.0", "complete"),
    XMPP_ROWS_END};
XMPP_MODULE(xmpp_mod_register_flow, "register_flow", sizeof(struct enrolment),
            rows);
