/* pubsub_approval.c - publish-subscribe (XEP-0060): who may subscribe. */

#include <xmpp/xep/pubsub_approval.h>

#include <string.h>

#include <xmpp/build.h>
#include <xmpp/module.h>
#include <xmpp/ns.h>

static const xmpp_field_t fields[] = {
    XMPP_ATTR(xmpp_pubsub_approval_t, service, JID, "service"),
    XMPP_ATTR(xmpp_pubsub_approval_t, node, TEXT, "node"),
    XMPP_ATTR(xmpp_pubsub_approval_t, jid, JID, "jid"),
    XMPP_ATTR(xmpp_pubsub_approval_t, message_id, TEXT, "id"),
    XMPP_ATTR(xmpp_pubsub_approval_t, to, JID, "to"),
    XMPP_ELEMENT(xmpp_pubsub_approval_t, form, &xmpp_form),
};
XMPP_PAYLOAD(xmpp_pubsub_approval, xmpp_pubsub_approval_t, "approval",
             XMPP_NS_PUBSUB_AUTHORIZATION, fields);

static int is_request(const xmpp_form_t *form)
{
    const char *form_type = xmpp_form_get_form_type(form);

    return form->type == XMPP_FORM_FORM && form_type &&
           !strcmp(form_type, XMPP_NS_PUBSUB_AUTHORIZATION) &&
           xmpp_form_get_text(form, "pubsub#node");
}

/* Messages contain other forms, too. They are read only if they may count. */
static int on_request_form(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                           void *state)
{
    char buffer[XMPP_JID_BUFFER_SIZE];
    xmpp_pubsub_approval_t request;
    const void *form = NULL;
    const char *jid;

    (void)state;
    XMPP_INIT(xmpp_pubsub_approval, request);
    if (!xmpp_pubsub_is_accepted(conn, in->from) ||
        xmpp_payload_read(in->element, &xmpp_form, &form) || !is_request(form))
        return 0;
    jid = xmpp_form_get_text(form, "pubsub#subscriber_jid");
    if (!jid || xmpp_jid_parse(jid, (size_t)-1, XMPP_JID_LENIENT, buffer,
                               &request.jid, NULL))
        return 0;
    if (in->from)
        request.service = *in->from;
    if (in->to && xmpp_conn_is_component(conn))
        request.to = *in->to;
    request.node = xmpp_form_get_text(form, "pubsub#node");
    request.message_id = xmpp_stanza_get_id(in->message);
    request.form = form;
    xmpp_conn_emit(conn, &xmpp_mod_pubsub_approval, XMPP_PUBSUB_REQUESTED,
                   &request, NULL);
    return 0;
}

static const xmpp_row_t rows[] = {
    XMPP_NEEDS(&xmpp_mod_pubsub),
    XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_LIVE, XMPP_NS_FORM, "x", NULL,
                 on_request_form),
    XMPP_EVENT(XMPP_PUBSUB_REQUESTED, "requested", &xmpp_pubsub_approval),
    XMPP_SPEC("XEP-0060", "1.30.0", "partial"),
    XMPP_ROWS_END,
};
XMPP_MODULE(xmpp_mod_pubsub_approval, "pubsub_approval", 0, rows);

/* With all fields that the service wrote, as in its examples. */
static xmpp_stanza_t *decision(xmpp_conn_t *conn,
                               const xmpp_pubsub_approval_t *request, int allow)
{
    xmpp_stanza_t *message = xmpp_message_new(xmpp_conn_get_context(conn), NULL,
                                              NULL, request->message_id);
    xmpp_stanza_t *form = xmpp_form_answer(conn, request->form);

    if (request->service.domain_size)
        xmpp_stanza_set_jid(message, "to", &request->service);
    if (xmpp_conn_is_component(conn) && request->to.domain_size)
        xmpp_stanza_set_jid(message, "from", &request->to);
    xmpp_form_set_bool(form, "pubsub#allow", allow);
    xmpp_stanza_add_child(message, form);
    xmpp_stanza_release(form);
    return message;
}

int xmpp_pubsub_decide(xmpp_conn_t *conn, const xmpp_pubsub_approval_t *request,
                       int allow)
{
    const xmpp_module_t *module = &xmpp_mod_pubsub_approval;

    if (!xmpp_conn_get_state(conn, module))
        return xmpp_conn_fail_unused(conn, module);
    if (!request || !request->form)
        return xmpp_conn_fail(conn, module, XMPP_EARG,
                              "the request has no form: pass what came with "
                              "the event, or a copy of it");
    return xmpp_send_take(conn, decision(conn, request, allow));
}
