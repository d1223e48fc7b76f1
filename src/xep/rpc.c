/* rpc.c - calling functions of others, and serving one's own (XEP-0009). */

#include <xmpp/xep/rpc.h>

#include <xmpp/build.h>
#include <xmpp/error.h>
#include <xmpp/ns.h>

/* The function of the application. */
struct rpc {
    xmpp_rpc_handler handler;
    void *userdata;
};

/* ---- payloads ---------------------------------------------------- */

/* A value contains arrays and structs, which contain values. */
static const xmpp_payload_t rpc_array, rpc_struct;

static const xmpp_field_t value_fields[] = {
    XMPP_CHILD(xmpp_rpc_value_t, i4, NUMBER, "i4"),
    XMPP_CHILD(xmpp_rpc_value_t, integer, NUMBER, "int"),
    XMPP_CHILD(xmpp_rpc_value_t, boolean, NUMBER, "boolean"),
    XMPP_CHILD(xmpp_rpc_value_t, real, REAL, "double"),
    XMPP_CHILD(xmpp_rpc_value_t, string, TEXT, "string"),
    XMPP_CHILD(xmpp_rpc_value_t, time, TEXT, "dateTime.iso8601"),
    XMPP_CHILD(xmpp_rpc_value_t, bytes, BYTES, "base64"),
    XMPP_ELEMENT(xmpp_rpc_value_t, array, &rpc_array),
    XMPP_ELEMENT(xmpp_rpc_value_t, structure, &rpc_struct),
    XMPP_TEXT(xmpp_rpc_value_t, text, TEXT),
};
static XMPP_PAYLOAD(rpc_value, xmpp_rpc_value_t, "value", XMPP_NS_RPC,
                    value_fields);

static const xmpp_field_t data_fields[] = {
    XMPP_ELEMENTS(xmpp_rpc_data_t, values, value_count, &rpc_value),
};
static XMPP_PAYLOAD(rpc_data, xmpp_rpc_data_t, "data", XMPP_NS_RPC,
                    data_fields);

static const xmpp_field_t array_fields[] = {
    XMPP_ELEMENT(xmpp_rpc_array_t, data, &rpc_data),
};
static XMPP_PAYLOAD(rpc_array, xmpp_rpc_array_t, "array", XMPP_NS_RPC,
                    array_fields);

static const xmpp_field_t member_fields[] = {
    XMPP_CHILD(xmpp_rpc_member_t, name, TEXT, "name"),
    XMPP_ELEMENT(xmpp_rpc_member_t, value, &rpc_value),
};
static XMPP_PAYLOAD(rpc_member, xmpp_rpc_member_t, "member", XMPP_NS_RPC,
                    member_fields);

static const xmpp_field_t struct_fields[] = {
    XMPP_ELEMENTS(xmpp_rpc_struct_t, members, member_count, &rpc_member),
};
static XMPP_PAYLOAD(rpc_struct, xmpp_rpc_struct_t, "struct", XMPP_NS_RPC,
                    struct_fields);

static const xmpp_field_t param_fields[] = {
    XMPP_ELEMENT(xmpp_rpc_param_t, value, &rpc_value),
};
static XMPP_PAYLOAD(rpc_param, xmpp_rpc_param_t, "param", XMPP_NS_RPC,
                    param_fields);
static XMPP_PAYLOAD(rpc_fault, xmpp_rpc_param_t, "fault", XMPP_NS_RPC,
                    param_fields);

static const xmpp_field_t params_fields[] = {
    XMPP_ELEMENTS(xmpp_rpc_params_t, list, count, &rpc_param),
};
static XMPP_PAYLOAD(rpc_params, xmpp_rpc_params_t, "params", XMPP_NS_RPC,
                    params_fields);

static const xmpp_field_t call_fields[] = {
    XMPP_CHILD_MUST(xmpp_rpc_request_t, method, TEXT, "methodName"),
    XMPP_ELEMENT(xmpp_rpc_request_t, params, &rpc_params),
};
XMPP_PAYLOAD(xmpp_rpc_request, xmpp_rpc_request_t, "methodCall", XMPP_NS_RPC,
             call_fields);

static const xmpp_field_t response_fields[] = {
    XMPP_ELEMENT(xmpp_rpc_response_t, params, &rpc_params),
    XMPP_ELEMENT(xmpp_rpc_response_t, fault, &rpc_fault),
};
XMPP_PAYLOAD(xmpp_rpc_response, xmpp_rpc_response_t, "methodResponse",
             XMPP_NS_RPC, response_fields);

static const xmpp_field_t rpc_fields[] = {
    XMPP_ELEMENT(xmpp_rpc_t, call, &xmpp_rpc_request),
    XMPP_ELEMENT(xmpp_rpc_t, response, &xmpp_rpc_response),
};
XMPP_PAYLOAD(xmpp_rpc, xmpp_rpc_t, "query", XMPP_NS_RPC, rpc_fields);

/* ---- calling ----------------------------------------------------- */

int xmpp_rpc_call(xmpp_conn_t *conn, const char *to,
                  const xmpp_rpc_request_t *call, xmpp_result_handler handler,
                  void *userdata)
{
    xmpp_rpc_t query;
    xmpp_stanza_t *iq;

    if (!call || !call->method)
        return xmpp_conn_fail(conn, &xmpp_mod_rpc, XMPP_EARG,
                              "the name of the method is missing");
    XMPP_INIT(xmpp_rpc, query);
    query.call = call;
    iq = xmpp_iq_to(conn, "set", to);
    xmpp_payload_add(iq, &xmpp_rpc, &query);
    return xmpp_request(conn, iq, &xmpp_rpc, handler, userdata);
}

/* ---- serving ----------------------------------------------------- */

static int on_call(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    const struct rpc *rpc = state;
    const xmpp_rpc_t *query = in->value;
    xmpp_stanza_t *answer;
    int rc;

    if (!rpc->handler)
        return 0;
    if (!query->call)
        return XMPP_EARG;
    answer = xmpp_iq_result(conn, in->stanza);
    rc = rpc->handler(conn, in, query->call,
                      xmpp_stanza_add_tag(answer, "query", XMPP_NS_RPC),
                      rpc->userdata);
    if (rc < 0) {
        xmpp_stanza_release(answer);
        return rc;
    }
    rc = xmpp_send_take(conn, answer);
    return rc ? rc : 1;
}

int xmpp_rpc_serve(xmpp_conn_t *conn, xmpp_rpc_handler handler, void *userdata)
{
    struct rpc *rpc = xmpp_conn_get_state(conn, &xmpp_mod_rpc);

    if (!rpc)
        return xmpp_conn_fail_unused(conn, &xmpp_mod_rpc);
    *rpc = (struct rpc){handler, userdata};
    return 0;
}

static const xmpp_row_t rows[] = {
    XMPP_IQ_SET(XMPP_SENDER_ANYONE, XMPP_NS_RPC, "query", &xmpp_rpc, on_call),
    XMPP_IDENTITY("automation", "rpc", NULL), XMPP_FEATURE(XMPP_NS_RPC),
    XMPP_SPEC("XEP-0009", "2.2.1", "complete"), XMPP_ROWS_END};
XMPP_MODULE(xmpp_mod_rpc, "rpc", sizeof(struct rpc), rows);
