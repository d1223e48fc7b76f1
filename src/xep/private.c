/* private.c - XML that an account keeps at its server (XEP-0049). */

#include <xmpp/xep/private.h>

#include <xmpp/build.h>
#include <xmpp/error.h>
#include <xmpp/module.h>
#include <xmpp/ns.h>

static int refuse_payload(xmpp_conn_t *conn)
{
    return xmpp_conn_fail(
        conn, &xmpp_mod_private, XMPP_EARG,
        "what is kept is found by its namespace: pass a table "
        "that has one");
}

struct reading {
    const xmpp_payload_t *payload;
};

static xmpp_stanza_t *send_private(xmpp_flow_t *flow, void *memory)
{
    const struct reading *r = memory;
    xmpp_stanza_t *iq = xmpp_iq_to(xmpp_flow_get_conn(flow), "get", NULL);
    xmpp_stanza_t *query = xmpp_stanza_add_tag(iq, "query", XMPP_NS_PRIVATE);

    xmpp_stanza_add_tag(query, r->payload->name, r->payload->ns);
    return iq;
}

static int receive_private(xmpp_flow_t *flow, void *memory,
                           const xmpp_result_t *result)
{
    const struct reading *r = memory;
    xmpp_stanza_t *query =
        xmpp_stanza_next_tag(result->stanza, NULL, "query", XMPP_NS_PRIVATE);

    if (result->status == 0 && query)
        xmpp_flow_set_value(flow, r->payload,
                            xmpp_payload_find(query, r->payload));
    return query || result->status ? XMPP_FLOW_DONE : XMPP_FLOW_FAIL;
}

static const xmpp_step_t steps[] = {
    {"get", send_private, receive_private, NULL}};

int xmpp_private_get(xmpp_conn_t *conn, const xmpp_payload_t *payload,
                     xmpp_result_handler handler, void *userdata)
{
    void *memory = NULL;
    xmpp_flow_t *flow;

    if (!payload || !payload->ns)
        return refuse_payload(conn);
    flow = xmpp_flow_new(conn, steps, 1, sizeof(struct reading), &memory);
    if (!flow)
        return XMPP_EMEM;
    ((struct reading *)memory)->payload = payload;
    return xmpp_flow_start(flow, handler, userdata);
}

int xmpp_private_set(xmpp_conn_t *conn, const xmpp_payload_t *payload,
                     const void *value, xmpp_result_handler handler,
                     void *userdata)
{
    xmpp_stanza_t *iq;

    if (!payload || !payload->ns)
        return refuse_payload(conn);
    if (!value)
        return xmpp_conn_fail(conn, &xmpp_mod_private, XMPP_EARG,
                              "there is no value for <%s/>", payload->name);
    iq = xmpp_iq_to(conn, "set", NULL);
    xmpp_payload_add(xmpp_stanza_add_tag(iq, "query", XMPP_NS_PRIVATE), payload,
                     value);
    return xmpp_request(conn, iq, NULL, handler, userdata);
}

static const xmpp_row_t rows[] = {XMPP_SPEC("XEP-0049", "1.2", "complete"),
                                  XMPP_ROWS_END};
XMPP_MODULE(xmpp_mod_private, "private", 0, rows);
