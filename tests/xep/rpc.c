/* rpc.c - functions that the application serves (XEP-0009). */

#include <xmpp/xep/rpc.h>

#include "conn/diary.h"

static struct testbed testbed;
static bool releases;
static int result_code;

#define CALL(id, what)                                                         \
    "<iq type='set' id='" id "' from='juliet@example.org/r' "                  \
    "to='guest@example.org/r'><query xmlns='jabber:iq:rpc'>" what              \
    "</query></iq>"
#define METHOD                                                                 \
    "<methodCall><methodName>add</methodName><params><param><value><i4>2</i4>" \
    "</value></param><param><value><i4>3</i4></value></param></params>"        \
    "</methodCall>"
#define SUM                                                                    \
    "<iq type=\"result\" id=\"1\" to=\"juliet@example.org/r\">"                \
    "<query xmlns=\"jabber:iq:rpc\"><methodResponse><params><param><value>"    \
    "<int>5</int></value></param></params></methodResponse></query></iq>"

/* Adds its parameters up. */
static int on_call(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                   const xmpp_rpc_request_t *call, xmpp_stanza_t *query,
                   void *userdata)
{
    xmpp_rpc_value_t sum;
    xmpp_rpc_param_t param;
    const xmpp_rpc_param_t *list[] = {&param};
    xmpp_rpc_params_t params;
    xmpp_rpc_response_t response;

    (void)userdata;
    diary_add("%s:%d", call->method, in->from && in->from->local_size == 6);
    if (releases) {
        xmpp_conn_release(conn);
        testbed.conn = NULL;
        return 0;
    }
    XMPP_INIT(xmpp_rpc_response, response);
    memset(&sum, 0, sizeof(sum));
    params.size = sizeof(params);
    params.list = list;
    params.count = 1;
    param.size = sizeof(param);
    param.value = &sum;
    sum.size = sizeof(sum);
    sum.i4 = sum.boolean = XMPP_NO_NUMBER;
    sum.real = 0.0 / 0.0;
    sum.integer = 0;
    for (size_t i = 0; call->params && i < call->params->count; i++)
        sum.integer += call->params->list[i]->value->i4;
    response.params = &params;
    xmpp_payload_add(query, &xmpp_rpc_response, &response);
    return result_code;
}

static void log_in(void)
{
    diary_login(&testbed);
    memory_server_take(testbed.server, memory_server_sent(testbed.server).n);
}

static void test_serves(void)
{
    diary_begin(&testbed);
    is_int(xmpp_rpc_serve(testbed.conn, on_call, NULL), XMPP_EINVOP,
           "not in use");
    is_int(xmpp_conn_use(testbed.conn, &xmpp_mod_rpc), 0, "in use");
    log_in();
    diary_hear(&testbed, CALL("0", METHOD));
    diary_said_part(&testbed, "<service-unavailable", "nobody serves");
    is_int(xmpp_rpc_serve(testbed.conn, on_call, NULL), 0, "somebody does");
    diary_hear(&testbed, CALL("1", METHOD));
    diary_said(&testbed, SUM, "a call is answered");
    diary_is("add:1", "by the function");
    result_code = XMPP_EARG;
    diary_hear(&testbed, CALL("2", METHOD));
    diary_said_part(&testbed, "<bad-request", "or with an error");
    result_code = 0;
    diary_forget();
    diary_hear(&testbed, CALL("3", ""));
    diary_said_part(&testbed, "<bad-request", "without a call there is none");
    diary_is("", "nobody is called");
    is_int(xmpp_rpc_serve(testbed.conn, NULL, NULL), 0, "nobody again");
    diary_hear(&testbed, CALL("4", METHOD));
    diary_said_part(&testbed, "<service-unavailable", "nobody serves");
    testbed_free(&testbed, "serves");
}

static int refuse(xmpp_conn_t *conn, const xmpp_jid_t *from,
                  xmpp_stanza_t *element, void *userdata)
{
    (void)conn, (void)from, (void)element, (void)userdata;
    return 0;
}

static void test_access(void)
{
    diary_begin(&testbed);
    is_int(xmpp_conn_use(testbed.conn, &xmpp_mod_rpc), 0, "in use");
    xmpp_rpc_serve(testbed.conn, on_call, NULL);
    xmpp_conn_set_access(testbed.conn, &xmpp_mod_rpc, refuse, NULL);
    log_in();
    diary_hear(&testbed, CALL("1", METHOD));
    diary_said_part(&testbed, "<forbidden", "who may not call is refused");
    diary_is("", "nobody is called");
    testbed_free(&testbed, "access");
}

static void test_released(void)
{
    diary_begin(&testbed);
    xmpp_conn_use(testbed.conn, &xmpp_mod_rpc);
    xmpp_rpc_serve(testbed.conn, on_call, NULL);
    log_in();
    releases = true;
    diary_hear(&testbed, CALL("1", METHOD));
    diary_is("add:1", "the connection is released in a call");
    testbed_free(&testbed, "released");
}

int main(void)
{
    test_serves();
    test_access();
    test_released();
    return done_testing();
}
