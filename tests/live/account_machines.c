/* account_machines.c - JSON in messages, and calls of functions, both ways. */

#include "live/account.h"

#if defined(XMPP_HAVE_JSON) && defined(XMPP_HAVE_RPC)
#include <xmpp/xep/json.h>
#include <xmpp/xep/rpc.h>

static struct {
    int count;
    char text[100];
} received;

static void on_json(xmpp_conn_t *conn, const xmpp_event_t *event,
                    void *userdata)
{
    const xmpp_json_message_t *message = event->value;

    (void)conn;
    (void)userdata;
    snprintf(received.text, sizeof(received.text), "%s %s", message->datatype,
             message->text);
    received.count++;
}

static void sends_json(struct us *us)
{
    is_int(xmpp_conn_use(us->conn, &xmpp_mod_json), 0, "JSON in use");
    xmpp_conn_watch(us->conn, &xmpp_mod_json, on_json, NULL);
    is_int(xmpp_json_send(us->conn, us->peer, "urn:example:lamp",
                          "{\"level\":80}"),
           0, "we send JSON");
    us_order_until(us, "{\"level\":80}", "json");
    is_str(us_order(us, "send_json urn:example:lamp [1,2]"), "ok",
           "it sends some");
    us_await(us, &received.count, 1, "which comes");
    is_str(received.text, "urn:example:lamp [1,2]", "as it was");
}

/* A value of XML-RPC with nothing in it. */
static xmpp_rpc_value_t no_value(void)
{
    xmpp_rpc_value_t value;

    memset(&value, 0, sizeof(value));
    value.size = sizeof(value);
    value.i4 = value.integer = value.boolean = XMPP_NO_NUMBER;
    value.real = 0.0 / 0.0;
    return value;
}

static int on_call(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                   const xmpp_rpc_request_t *call, xmpp_stanza_t *query,
                   void *userdata)
{
    xmpp_rpc_value_t sum = no_value();
    xmpp_rpc_param_t param = {sizeof(param), &sum};
    const xmpp_rpc_param_t *list[] = {&param};
    xmpp_rpc_params_t params = {sizeof(params), list, 1};
    xmpp_rpc_response_t response = {sizeof(response), &params, NULL};

    (void)conn;
    (void)in;
    (void)userdata;
    sum.i4 = 0;
    for (size_t i = 0; call->params && i < call->params->count; i++)
        sum.i4 += call->params->list[i]->value->i4;
    xmpp_payload_add(query, &xmpp_rpc_response, &response);
    return 0;
}

static void calls(struct us *us)
{
    struct outcome o = {0};
    xmpp_rpc_value_t value = no_value();
    xmpp_rpc_param_t param = {sizeof(param), &value};
    const xmpp_rpc_param_t *list[] = {&param, &param};
    xmpp_rpc_params_t params = {sizeof(params), list, 2};
    xmpp_rpc_request_t call = {sizeof(call), "add", &params};

    is_int(xmpp_conn_use(us->conn, &xmpp_mod_rpc), 0, "calls in use");
    is_int(xmpp_rpc_serve(us->conn, on_call, NULL), 0, "and served");
    value.i4 = 21;
    us_ends(us, &o, xmpp_rpc_call(us->conn, us->peer, &call, on_outcome, &o), 0,
            "i4: 42", "we call a function of the counterpart");
    is_str(us_order(us, "add 2 3"), "[5]", "it calls one of ours");
}
#endif

void test_machines(struct us *us)
{
#if defined(XMPP_HAVE_JSON) && defined(XMPP_HAVE_RPC)
    sends_json(us);
    calls(us);
#endif
    (void)us;
}
