/* pending.c - operations that are not one request; and a flow that cannot
 * begin. */

#include "conn/fate.h"

struct end {
    struct testbed *testbed;
    int calls, status;
    char words[40];
};

static void on_result(xmpp_conn_t *conn, const xmpp_result_t *result,
                      void *userdata)
{
    struct end *end = userdata;

    (void)conn;
    end->calls++;
    end->status = result->status;
    if (result->condition)
        snprintf(end->words, sizeof(end->words), "%s", result->condition);
}

static void begin(struct testbed *testbed, const char *const *script)
{
    testbed_make_virtual(testbed);
    testbed_connect(testbed, script);
    testbed_until(testbed, &testbed->ups, 1, "up");
}

static void end(struct testbed *testbed, const char *what)
{
    if (testbed->conn)
        xmpp_conn_drop(testbed->conn);
    testbed_until(testbed, &testbed->downs, 1, "down");
    testbed_peer_done(testbed, what);
    testbed_free(testbed, what);
}

static const char *const quiet[] = {PEER_LOGIN, "eof", NULL};

static void ends_with(void)
{
    const xmpp_result_t result = {.status = XMPP_ESTANZA,
                                  .condition = "conflict"};
    struct testbed testbed;
    struct end one = {.testbed = &testbed};

    begin(&testbed, quiet);
    xmpp_pending_end_with(NULL, &result);
    xmpp_pending_end_with(xmpp_pending_new(testbed.conn, 0, on_result, &one),
                          &result);
    is_int(one.calls, 1, "an operation ends with a result");
    is_str(one.words, "conflict", "as it is");
    end(&testbed, "a result");
}

/* Outside of the loop nothing else holds the connection. */
static void on_last(xmpp_conn_t *conn, const xmpp_result_t *result,
                    void *userdata)
{
    struct end *one = userdata;

    one->calls += result->status == XMPP_EPROTO;
    one->testbed->conn = NULL;
    xmpp_conn_release(conn);
}

static void releases(void)
{
    struct testbed testbed;
    struct end one = {.testbed = &testbed};

    begin(&testbed, quiet);
    xmpp_pending_end(xmpp_pending_new(testbed.conn, 0, on_last, &one),
                     XMPP_EPROTO, NULL, NULL);
    is_int(one.calls, 1, "an operation ends, and its handler releases");
    end(&testbed, "released at its end");
}

/* The alarm is set anew for an earlier deadline, and for what is left; also
 * while nothing is connected. */
static void earlier(void)
{
    static const char *const cut[] = {TO_ENABLE, ENABLED, "C <presence/>",
                                      "reset", NULL};
    struct testbed testbed;
    struct end late = {0}, early = {0};
    unsigned long start;

    begin(&testbed, cut);
    start = xmpp_ctx_now(testbed.ctx);
    xmpp_pending_new(testbed.conn, 30000, on_result, &late);
    xmpp_pending_new(testbed.conn, 3000, on_result, &early);
    xmpp_send_take(testbed.conn, xmpp_presence_new(testbed.ctx));
    testbed_until(&testbed, &testbed.downs, 1, "lost");
    testbed_until(&testbed, &early.calls, 1, "the earlier one ends");
    ok(xmpp_ctx_now(testbed.ctx) - start < 10000, "  in its time");
    is_int(late.calls, 0, "  not the later one");
    testbed_until(&testbed, &late.calls, 1, "which ends");
    ok(xmpp_ctx_now(testbed.ctx) - start >= 30000, "  in its own");
    is_int(late.status, XMPP_ETIMEOUT, "  as too late");
    end(&testbed, "deadlines");
}

/* ---- a struct that XMPP_INIT() did not begin --------------------- */

struct value {
    size_t size;
    const char *text;
};

static const xmpp_field_t value_fields[] = {
    XMPP_TEXT(struct value, text, TEXT),
};
static XMPP_PAYLOAD(value_table, struct value, "v", "urn:q", value_fields);

static xmpp_stanza_t *send_value(xmpp_flow_t *flow, void *memory)
{
    (void)memory;
    return xmpp_iq_to(xmpp_flow_get_conn(flow), "set", NULL);
}

static int receive(xmpp_flow_t *flow, void *memory, const xmpp_result_t *result)
{
    (void)flow, (void)memory, (void)result;
    return XMPP_FLOW_DONE;
}

/* Who forgot that is told so, and not that memory is out. */
static void refuses_unbegun(void)
{
    static const xmpp_step_t steps[] = {{"value", send_value, receive, NULL}};
    struct value value = {.text = "lost"};
    struct testbed testbed;
    struct end one = {.testbed = &testbed};
    xmpp_flow_t *flow;

    begin(&testbed, quiet);
    flow = xmpp_flow_new(testbed.conn, steps, 1, 0, NULL);
    ok(!xmpp_flow_keep_value(flow, &value_table, &value),
       "a struct without a size is not kept");
    is_int(xmpp_flow_start(flow, on_result, &one), XMPP_EARG, "and refused");
    ok(strstr(xmpp_ctx_get_last_error(testbed.ctx), "XMPP_INIT()"),
       "  with words: %s", xmpp_ctx_get_last_error(testbed.ctx));
    end(&testbed, "without a size");
    is_int(one.calls, 0, "nothing was started");
}

int main(void)
{
    ends_with();
    releases();
    earlier();
    refuses_unbegun();
    return done_testing();
}
