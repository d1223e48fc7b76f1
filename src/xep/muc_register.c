/* muc_register.c - registering with a room (XEP-0045 sections 7.10 and 7.12).
 */

#include <xmpp/xep/muc_register.h>

#include <stddef.h>
#include <string.h>

#include <xmpp/build.h>
#include <xmpp/error.h>
#include <xmpp/ns.h>

static const xmpp_field_t registration_fields[] = {
    XMPP_FLAG(xmpp_muc_registration_t, is_registered, "registered"),
    XMPP_CHILD(xmpp_muc_registration_t, nick, TEXT, "username"),
    XMPP_CHILD(xmpp_muc_registration_t, instructions, TEXT, "instructions"),
    XMPP_ELEMENT(xmpp_muc_registration_t, form, &xmpp_form),
};
XMPP_PAYLOAD(xmpp_muc_registration, xmpp_muc_registration_t, "query",
             XMPP_NS_REGISTER, registration_fields);

#define NICK_FIELD "muc#register_roomnick"

/* ---- by a form --------------------------------------------------- */

int xmpp_muc_get_registration(xmpp_conn_t *conn, const xmpp_jid_t *room,
                              xmpp_result_handler handler, void *userdata)
{
    return xmpp_request(
        conn, xmpp_muc_make_query(conn, room, "get", XMPP_NS_REGISTER),
        &xmpp_muc_registration, handler, userdata);
}

int xmpp_muc_register(xmpp_conn_t *conn, const xmpp_jid_t *room,
                      const xmpp_form_t *form, xmpp_result_handler handler,
                      void *userdata)
{
    xmpp_stanza_t *iq;

    if (!form || form->type != XMPP_FORM_SUBMIT)
        return xmpp_conn_fail(conn, NULL, XMPP_EARG,
                              "a registration with a room is a form of the "
                              "type \"submit\": answer the one of the room");
    iq = xmpp_muc_make_query(conn, room, "set", XMPP_NS_REGISTER);
    xmpp_payload_add(xmpp_stanza_get_children(iq), &xmpp_form, form);
    return xmpp_request(conn, iq, NULL, handler, userdata);
}

int xmpp_muc_unregister(xmpp_conn_t *conn, const xmpp_jid_t *room,
                        xmpp_result_handler handler, void *userdata)
{
    xmpp_stanza_t *iq =
        xmpp_muc_make_query(conn, room, "set", XMPP_NS_REGISTER);

    xmpp_stanza_add_tag(xmpp_stanza_get_children(iq), "remove", NULL);
    return xmpp_request(conn, iq, NULL, handler, userdata);
}

/* ---- by a nickname ----------------------------------------------- */

/* Kept by the flow: the next request, and what is wanted. */
struct registering {
    xmpp_stanza_t *iq;
    const char *nick;
};

static xmpp_stanza_t *registering_send(xmpp_flow_t *flow, void *memory)
{
    const struct registering *r = memory;

    (void)flow;
    return r->iq ? xmpp_stanza_clone(r->iq) : NULL;
}

/* A field that has to be filled in, and is not. */
static int wants_more(const xmpp_form_t *form)
{
    for (size_t i = 0; i < form->field_count; i++) {
        const xmpp_form_field_t *field = form->fields[i];

        if (field->required && !field->value_count && field->var &&
            strcmp(field->var, NICK_FIELD))
            return 1;
    }
    return 0;
}

static int receive_registration(xmpp_flow_t *flow, void *memory,
                                const xmpp_result_t *result)
{
    xmpp_conn_t *conn = xmpp_flow_get_conn(flow);
    struct registering *r = memory;
    const xmpp_muc_registration_t *now = result->value;
    const xmpp_form_t *filled;
    xmpp_stanza_t *iq, *answer;

    if (result->status != 0)
        return XMPP_FLOW_FAIL;
    if (now->is_registered && now->nick && strcmp(now->nick, r->nick) == 0)
        return XMPP_FLOW_DONE;
    if (!now->form || !xmpp_form_get(now->form, NICK_FIELD) ||
        wants_more(now->form))
        return XMPP_FLOW_FAIL;
    answer = xmpp_form_answer(conn, now->form);
    xmpp_form_set(answer, NICK_FIELD, r->nick);
    filled = xmpp_form_read(answer); /* NULL: out of memory */
    iq = xmpp_iq_to(conn, "set", xmpp_stanza_get_to(r->iq));
    xmpp_payload_add(xmpp_stanza_add_tag(iq, "query", XMPP_NS_REGISTER),
                     &xmpp_form, filled);
    r->iq = filled ? xmpp_flow_keep(flow, iq) : NULL;
    xmpp_stanza_release(iq);
    xmpp_stanza_release(answer);
    return XMPP_FLOW_NEXT;
}

static int receive_registered(xmpp_flow_t *flow, void *memory,
                              const xmpp_result_t *result)
{
    (void)flow;
    (void)memory;
    return result->status ? XMPP_FLOW_FAIL : XMPP_FLOW_DONE;
}

static const xmpp_step_t registering[] = {
    {"form", registering_send, receive_registration, &xmpp_muc_registration},
    {"register", registering_send, receive_registered, NULL},
};

static int start_with(xmpp_conn_t *conn, const xmpp_step_t *steps,
                      size_t step_count, xmpp_stanza_t *iq, const char *nick,
                      xmpp_result_handler handler, void *userdata)
{
    void *memory = NULL;
    struct registering *r;
    xmpp_flow_t *flow =
        xmpp_flow_new(conn, steps, step_count, sizeof(*r), &memory);

    if (flow) {
        r = memory;
        r->iq = xmpp_flow_keep(flow, iq);
        r->nick = xmpp_flow_keep_text(flow, nick);
    }
    xmpp_stanza_release(iq);
    return xmpp_flow_start(flow, handler, userdata);
}

int xmpp_muc_register_nick(xmpp_conn_t *conn, const xmpp_jid_t *room,
                           const char *nick, xmpp_result_handler handler,
                           void *userdata)
{
    if (!nick || !*nick)
        return xmpp_conn_fail(conn, NULL, XMPP_EARG,
                              "a room reserves a nickname, which is missing");
    return start_with(conn, registering, 2,
                      xmpp_muc_make_query(conn, room, "get", XMPP_NS_REGISTER),
                      nick, handler, userdata);
}

/* ---- the reserved nickname --------------------------------------- */

static int receive_reserved(xmpp_flow_t *flow, void *memory,
                            const xmpp_result_t *result)
{
    const xmpp_disco_info_t *info = result->value;
    xmpp_muc_registration_t ret;

    (void)memory;
    if (result->status != 0)
        return XMPP_FLOW_FAIL;
    XMPP_INIT(xmpp_muc_registration, ret);
    if (info->identity_count)
        ret.nick = info->identities[0]->name;
    ret.is_registered = ret.nick != NULL;
    xmpp_flow_set_value(flow, &xmpp_muc_registration, &ret);
    return XMPP_FLOW_DONE;
}

static const xmpp_step_t reading_nick[] = {
    {"nick", registering_send, receive_reserved, &xmpp_disco_info},
};

int xmpp_muc_get_reserved_nick(xmpp_conn_t *conn, const xmpp_jid_t *room,
                               xmpp_result_handler handler, void *userdata)
{
    xmpp_stanza_t *iq =
        xmpp_muc_make_query(conn, room, "get", XMPP_NS_DISCO_INFO);

    xmpp_stanza_put(xmpp_stanza_get_children(iq), "node", "x-roomuser-item");
    return start_with(conn, reading_nick, 1, iq, NULL, handler, userdata);
}
