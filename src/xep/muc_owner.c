/* muc_owner.c - what the owners of a room do (XEP-0045 section 10). */

#include <xmpp/xep/muc_owner.h>

#include <stddef.h>
#include <string.h>

#include <xmpp/build.h>
#include <xmpp/error.h>
#include <xmpp/module.h>
#include <xmpp/ns.h>

/* ---- payloads ---------------------------------------------------- */

static const xmpp_field_t owner_fields[] = {
    XMPP_ELEMENT(xmpp_muc_owner_t, form, &xmpp_form),
    XMPP_ELEMENT(xmpp_muc_owner_t, destroy, &xmpp_muc_destroy),
};
XMPP_PAYLOAD(xmpp_muc_owner, xmpp_muc_owner_t, "query", XMPP_NS_MUC_OWNER,
             owner_fields);

/* Each member is the field of this name behind its prefix. */
static const xmpp_field_t config_fields[] = {
    XMPP_ATTR(xmpp_muc_config_t, name, TEXT, "roomname"),
    XMPP_ATTR(xmpp_muc_config_t, description, TEXT, "roomdesc"),
    XMPP_ATTR(xmpp_muc_config_t, lang, TEXT, "lang"),
    XMPP_ATTR(xmpp_muc_config_t, persistent, TEXT, "persistentroom"),
    XMPP_ATTR(xmpp_muc_config_t, is_public, TEXT, "publicroom"),
    XMPP_ATTR(xmpp_muc_config_t, members_only, TEXT, "membersonly"),
    XMPP_ATTR(xmpp_muc_config_t, moderated, TEXT, "moderatedroom"),
    XMPP_ATTR(xmpp_muc_config_t, needs_password, TEXT, "passwordprotectedroom"),
    XMPP_ATTR(xmpp_muc_config_t, password, TEXT, "roomsecret"),
    XMPP_ATTR(xmpp_muc_config_t, whois, TEXT, "whois"),
    XMPP_ATTR(xmpp_muc_config_t, change_subject, TEXT, "changesubject"),
    XMPP_ATTR(xmpp_muc_config_t, allow_invites, TEXT, "allowinvites"),
    XMPP_ATTR(xmpp_muc_config_t, allow_pm, TEXT, "allowpm"),
    XMPP_ATTR(xmpp_muc_config_t, most_occupants, TEXT, "maxusers"),
    XMPP_ATTR(xmpp_muc_config_t, public_logging, TEXT, "enablelogging"),
};
XMPP_PAYLOAD(xmpp_muc_config, xmpp_muc_config_t, "config", XMPP_NS_MUC_OWNER,
             config_fields);

/* ---- configuration ----------------------------------------------- */

int xmpp_muc_get_config(xmpp_conn_t *conn, const xmpp_jid_t *room,
                        xmpp_result_handler handler, void *userdata)
{
    return xmpp_request(
        conn, xmpp_muc_make_query(conn, room, "get", XMPP_NS_MUC_OWNER),
        &xmpp_muc_owner, handler, userdata);
}

static int send_owned(xmpp_conn_t *conn, const xmpp_jid_t *room,
                      const xmpp_payload_t *payload, const void *value,
                      xmpp_result_handler handler, void *userdata)
{
    xmpp_stanza_t *iq =
        xmpp_muc_make_query(conn, room, "set", XMPP_NS_MUC_OWNER);

    xmpp_payload_add(xmpp_stanza_get_children(iq), payload, value);
    return xmpp_request(conn, iq, NULL, handler, userdata);
}

int xmpp_muc_set_config(xmpp_conn_t *conn, const xmpp_jid_t *room,
                        const xmpp_form_t *form, xmpp_result_handler handler,
                        void *userdata)
{
    if (!form || form->type != XMPP_FORM_SUBMIT)
        return xmpp_conn_fail(conn, NULL, XMPP_EARG,
                              "a room is configured by a form of the type "
                              "\"submit\": answer the one of the room");
    return send_owned(conn, room, &xmpp_form, form, handler, userdata);
}

/* A form without fields. */
static int send_empty(xmpp_conn_t *conn, const xmpp_jid_t *room, int type,
                      xmpp_result_handler handler, void *userdata)
{
    xmpp_form_t form;

    XMPP_INIT(xmpp_form, form);
    form.type = type;
    return send_owned(conn, room, &xmpp_form, &form, handler, userdata);
}

int xmpp_muc_cancel_config(xmpp_conn_t *conn, const xmpp_jid_t *room,
                           xmpp_result_handler handler, void *userdata)
{
    return send_empty(conn, room, XMPP_FORM_CANCEL, handler, userdata);
}

int xmpp_muc_unlock(xmpp_conn_t *conn, const xmpp_jid_t *room,
                    xmpp_result_handler handler, void *userdata)
{
    return send_empty(conn, room, XMPP_FORM_SUBMIT, handler, userdata);
}

/* ---- configuring in one action ----------------------------------- */

/* Both are kept by the flow. */
struct configuring {
    xmpp_stanza_t *iq; /* the next one to be sent */
    const xmpp_muc_config_t *config;
};

static xmpp_stanza_t *configuring_send(xmpp_flow_t *flow, void *memory)
{
    const struct configuring *c = memory;

    (void)flow;
    return c->iq ? xmpp_stanza_clone(c->iq) : NULL;
}

/* Fill in what the application wants. 0 if the form does not have it. */
static int fill_in(xmpp_stanza_t *answer, const xmpp_form_t *form,
                   const xmpp_muc_config_t *config)
{
    for (size_t i = 0; i < sizeof(config_fields) / sizeof(config_fields[0]);
         i++) {
        const xmpp_field_t *field = &config_fields[i];
        const char *text =
            *(const char *const *)((const char *)config + field->offset);
        char var[40] = "muc#roomconfig_";

        strcat(var, field->name);
        if (text && !xmpp_form_get(form, var))
            return 0;
        if (text)
            xmpp_form_set(answer, var, text);
    }
    return 1;
}

static int receive_config_form(xmpp_flow_t *flow, void *memory,
                               const xmpp_result_t *result)
{
    xmpp_conn_t *conn = xmpp_flow_get_conn(flow);
    struct configuring *c = memory;
    const xmpp_muc_owner_t *owner = result->value;
    xmpp_stanza_t *iq, *answer;
    const xmpp_form_t *filled;
    int has_all;

    if (result->status != 0 || !owner->form)
        return XMPP_FLOW_FAIL;
    answer = xmpp_form_answer(conn, owner->form);
    has_all = fill_in(answer, owner->form, c->config);
    filled = xmpp_form_read(answer); /* NULL: out of memory */
    iq = xmpp_iq_to(conn, "set", xmpp_stanza_get_to(c->iq));
    xmpp_payload_add(xmpp_stanza_add_tag(iq, "query", XMPP_NS_MUC_OWNER),
                     &xmpp_form, filled);
    c->iq = filled ? xmpp_flow_keep(flow, iq) : NULL;
    xmpp_stanza_release(iq);
    xmpp_stanza_release(answer);
    return has_all ? XMPP_FLOW_NEXT : XMPP_FLOW_FAIL;
}

static int receive_configured_room(xmpp_flow_t *flow, void *memory,
                                   const xmpp_result_t *result)
{
    (void)flow;
    (void)memory;
    return result->status ? XMPP_FLOW_FAIL : XMPP_FLOW_DONE;
}

static const xmpp_step_t configuring[] = {
    {"form", configuring_send, receive_config_form, &xmpp_muc_owner},
    {"submit", configuring_send, receive_configured_room, NULL},
};

int xmpp_muc_configure(xmpp_conn_t *conn, const xmpp_jid_t *room,
                       const xmpp_muc_config_t *config,
                       xmpp_result_handler handler, void *userdata)
{
    xmpp_flow_t *flow;
    xmpp_stanza_t *iq;
    struct configuring *c;
    void *memory;

    if (!config)
        return xmpp_conn_fail(conn, NULL, XMPP_EARG,
                              "a room is configured by a struct, which is "
                              "missing");
    flow = xmpp_flow_new(conn, configuring, 2, sizeof(*c), &memory);
    if (!flow)
        return XMPP_EMEM;
    c = memory;
    iq = xmpp_muc_make_query(conn, room, "get", XMPP_NS_MUC_OWNER);
    c->iq = xmpp_flow_keep(flow, iq);
    c->config = xmpp_flow_keep_value(flow, &xmpp_muc_config, config);
    xmpp_stanza_release(iq);
    return xmpp_flow_start(flow, handler, userdata);
}

/* ---- its end ----------------------------------------------------- */

int xmpp_muc_destroy_room(xmpp_conn_t *conn, const xmpp_jid_t *room,
                          const xmpp_muc_destroy_t *why,
                          xmpp_result_handler handler, void *userdata)
{
    xmpp_muc_destroy_t none;

    XMPP_INIT(xmpp_muc_destroy, none);
    return send_owned(conn, room, &xmpp_muc_destroy, why ? why : &none, handler,
                      userdata);
}
