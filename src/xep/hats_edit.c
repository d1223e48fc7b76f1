/* hats_edit.c - the commands for the hats of a room (XEP-0317). */

#include <xmpp/xep/hats_edit.h>

#include <math.h>
#include <stddef.h>

#include <xmpp/build.h>
#include <xmpp/error.h>
#include <xmpp/module.h>
#include <xmpp/ns.h>

/* A command that is under way; the flow keeps what it points to. What `jid` and
 * `hat` have goes into the form; without a hat there is none. */
struct hats_command {
    const char *room, *node, *jid, *sessionid;
    const xmpp_hat_t *hat;
};

#define COMMAND(name) XMPP_NS_HATS_COMMANDS ":" name

/* ---- the form ---------------------------------------------------- */

typedef struct {
    size_t size;
    const char *var;
    double hue;
} hue_t;

static const xmpp_field_t hue_fields[] = {
    XMPP_ATTR(hue_t, var, TEXT, "var"),
    XMPP_CHILD(hue_t, hue, REAL, "value"),
};
static XMPP_PAYLOAD(hats_hue, hue_t, "field", XMPP_NS_FORM, hue_fields);

static void add_hats_hue(xmpp_stanza_t *form, double hue)
{
    hue_t field;

    XMPP_INIT(hats_hue, field);
    field.var = XMPP_HATS_HUE;
    field.hue = hue;
    if (isfinite(hue))
        xmpp_payload_add(form, &hats_hue, &field);
}

/* Section 3.7 has the names of all fields. */
static xmpp_stanza_t *make_hats_form(xmpp_conn_t *conn,
                                     const struct hats_command *c)
{
    xmpp_stanza_t *form = xmpp_form_new(conn, XMPP_FORM_SUBMIT, NULL);

    xmpp_form_set_form_type(form, XMPP_NS_HATS_COMMANDS);
    if (c->jid)
        xmpp_form_set(form, XMPP_HATS_JID, c->jid);
    if (c->hat->title)
        xmpp_form_set(form, XMPP_HATS_TITLE, c->hat->title);
    xmpp_form_set(form, XMPP_HATS_URI, c->hat->uri);
    add_hats_hue(form, c->hat->hue);
    return form;
}

/* ---- the stages -------------------------------------------------- */

static xmpp_stanza_t *make_hats_stage(xmpp_flow_t *flow,
                                      const struct hats_command *c,
                                      xmpp_stanza_t **ret_command)
{
    xmpp_stanza_t *iq = xmpp_iq_to(xmpp_flow_get_conn(flow), "set", c->room);

    *ret_command = xmpp_stanza_add_tag(iq, "command", XMPP_NS_COMMANDS);
    xmpp_stanza_put(*ret_command, "node", c->node);
    return iq;
}

static xmpp_stanza_t *send_hats_begin(xmpp_flow_t *flow, void *memory)
{
    xmpp_stanza_t *command, *iq = make_hats_stage(flow, memory, &command);

    xmpp_stanza_put(command, "action", "execute");
    return iq;
}

static int receive_hats_form(xmpp_flow_t *flow, void *memory,
                             const xmpp_result_t *result)
{
    struct hats_command *c = memory;
    const xmpp_command_stage_t *stage = result->value;

    if (result->status != 0 ||
        (stage->status == XMPP_COMMAND_COMPLETED && !c->hat))
        return XMPP_FLOW_DONE;
    if (!c->hat || stage->status != XMPP_COMMAND_EXECUTING)
        return XMPP_FLOW_FAIL; /* it was not reported which hat it is */
    c->sessionid = xmpp_flow_keep_text(flow, stage->sessionid);
    return XMPP_FLOW_NEXT;
}

static xmpp_stanza_t *send_hats_form(xmpp_flow_t *flow, void *memory)
{
    const struct hats_command *c = memory;
    xmpp_stanza_t *form = make_hats_form(xmpp_flow_get_conn(flow), c);
    xmpp_stanza_t *command, *iq = make_hats_stage(flow, c, &command);

    xmpp_stanza_put(command, "sessionid", c->sessionid);
    if (!form || !command || xmpp_stanza_add_child(command, form)) {
        if (iq)
            xmpp_stanza_release(iq);
        iq = NULL;
    }
    if (form)
        xmpp_stanza_release(form);
    return iq;
}

/* The form once more is a refusal. */
static int receive_hats_end(xmpp_flow_t *flow, void *memory,
                            const xmpp_result_t *result)
{
    const xmpp_command_stage_t *stage = result->value;

    (void)flow;
    (void)memory;
    return result->status != 0 || stage->status == XMPP_COMMAND_COMPLETED
               ? XMPP_FLOW_DONE
               : XMPP_FLOW_FAIL;
}

static const xmpp_step_t hats_steps[] = {
    {"begin", send_hats_begin, receive_hats_form, &xmpp_command_stage},
    {"form", send_hats_form, receive_hats_end, &xmpp_command_stage},
};

static int run_hats_command(xmpp_conn_t *conn, const struct hats_command *what,
                            xmpp_result_handler handler, void *userdata)
{
    void *memory = NULL;
    xmpp_flow_t *flow;
    struct hats_command *c;

    if (!what->room || (what->hat && !what->hat->uri))
        return xmpp_conn_fail(conn, NULL, XMPP_EARG,
                              "the room is missing, or which hat it is");
    flow = xmpp_flow_new(conn, hats_steps, 2, sizeof(*c), &memory);
    if (!flow)
        return conn ? XMPP_EMEM : XMPP_EINVOP;
    c = memory;
    c->room = xmpp_flow_keep_text(flow, what->room);
    c->node = what->node;
    c->jid = xmpp_flow_keep_text(flow, what->jid);
    c->hat = xmpp_flow_keep_value(flow, &xmpp_hat, what->hat);
    return xmpp_flow_start(flow, handler, userdata);
}

/* ---- what the application calls ---------------------------------- */

int xmpp_hats_list(xmpp_conn_t *conn, const char *room,
                   xmpp_result_handler handler, void *userdata)
{
    const struct hats_command c = {.room = room, .node = COMMAND("list")};

    return run_hats_command(conn, &c, handler, userdata);
}

int xmpp_hats_list_assigned(xmpp_conn_t *conn, const char *room,
                            xmpp_result_handler handler, void *userdata)
{
    const struct hats_command c = {.room = room,
                                   .node = COMMAND("list-assigned")};

    return run_hats_command(conn, &c, handler, userdata);
}

int xmpp_hats_create(xmpp_conn_t *conn, const char *room, const xmpp_hat_t *hat,
                     xmpp_result_handler handler, void *userdata)
{
    const struct hats_command c = {.room = hat && hat->title ? room : NULL,
                                   .node = COMMAND("create"),
                                   .hat = hat};

    return run_hats_command(conn, &c, handler, userdata);
}

/* With a hat of which the form says no more than this. */
static int run_with_uri(xmpp_conn_t *conn, struct hats_command *c,
                        const char *uri, xmpp_result_handler handler,
                        void *userdata)
{
    xmpp_hat_t hat;

    XMPP_INIT(xmpp_hat, hat);
    hat.uri = uri;
    c->hat = &hat;
    return run_hats_command(conn, c, handler, userdata);
}

int xmpp_hats_destroy(xmpp_conn_t *conn, const char *room, const char *uri,
                      xmpp_result_handler handler, void *userdata)
{
    struct hats_command c = {.room = room, .node = COMMAND("destroy")};

    return run_with_uri(conn, &c, uri, handler, userdata);
}

static int run_for_user(xmpp_conn_t *conn, const char *node, const char *room,
                        const char *jid, const char *uri,
                        xmpp_result_handler handler, void *userdata)
{
    struct hats_command c = {
        .room = jid ? room : NULL, .node = node, .jid = jid};

    return run_with_uri(conn, &c, uri, handler, userdata);
}

int xmpp_hats_assign(xmpp_conn_t *conn, const char *room, const char *jid,
                     const char *uri, xmpp_result_handler handler,
                     void *userdata)
{
    return run_for_user(conn, COMMAND("assign"), room, jid, uri, handler,
                        userdata);
}

int xmpp_hats_unassign(xmpp_conn_t *conn, const char *room, const char *jid,
                       const char *uri, xmpp_result_handler handler,
                       void *userdata)
{
    return run_for_user(conn, COMMAND("unassign"), room, jid, uri, handler,
                        userdata);
}
