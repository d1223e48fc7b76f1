/* actions.c - whatever takes time ends exactly once, also if its connection is
 * lost, resumed, ended or released. */

#include "conn/fate.h"

/* One action, and what became of it. */
struct end {
    const struct kind *kind;
    struct testbed *testbed;
    int calls, status;
    int ups, downs; /* of the testbed then */
    bool releases;  /* the connection, in its handler */
    xmpp_pending_t *pending;
};

struct kind {
    const char *name;
    int (*begin)(struct end *end, unsigned long timeout);
    int (*cancel)(struct end *end);
};

static void on_end(struct end *end, int status)
{
    end->calls++;
    end->status = status;
    end->ups = end->testbed->ups;
    end->downs = end->testbed->downs;
    if (end->releases && end->testbed->conn) {
        xmpp_conn_t *conn = end->testbed->conn;

        end->testbed->conn = NULL;
        xmpp_conn_release(conn);
    }
}

/* ---- the kinds --------------------------------------------------- */

static xmpp_stanza_t *make_iq(xmpp_conn_t *conn)
{
    xmpp_stanza_t *iq = xmpp_iq_to(conn, "get", NULL);

    xmpp_stanza_add_tag(iq, "q", "urn:q");
    return iq;
}

static void on_reply(xmpp_conn_t *conn, int status, xmpp_stanza_t *reply,
                     void *userdata)
{
    (void)conn, (void)reply;
    on_end(userdata, status);
}

static int begin_plain(struct end *end, unsigned long timeout)
{
    return xmpp_request_send(end->testbed->conn, make_iq(end->testbed->conn),
                             timeout, on_reply, end);
}

static int cancel_plain(struct end *end)
{
    return xmpp_request_cancel(end->testbed->conn, on_reply, end);
}

static void on_result(xmpp_conn_t *conn, const xmpp_result_t *result,
                      void *userdata)
{
    (void)conn;
    on_end(userdata, result->status);
}

static int begin_typed(struct end *end, unsigned long timeout)
{
    return xmpp_request_within(end->testbed->conn, make_iq(end->testbed->conn),
                               NULL, timeout, on_result, end);
}

static int cancel_result(struct end *end)
{
    return xmpp_result_cancel(end->testbed->conn, on_result, end);
}

static void on_forget(void *module_data)
{
    struct end *end = module_data;

    end->pending = NULL;
}

/* The server has to see something here, too. */
static int begin_pending(struct end *end, unsigned long timeout)
{
    xmpp_conn_t *conn = end->testbed->conn;
    int rc;

    end->pending = xmpp_pending_new(conn, timeout, on_result, end);
    xmpp_pending_on_end(end->pending, on_forget, end);
    rc = end->pending ? xmpp_send_take(conn, make_iq(conn)) : XMPP_EMEM;
    if (end->pending && rc)
        cancel_result(end);
    return rc;
}

static xmpp_stanza_t *send_iq(xmpp_flow_t *flow, void *memory)
{
    (void)memory;
    return make_iq(xmpp_flow_get_conn(flow));
}

static int receive(xmpp_flow_t *flow, void *memory, const xmpp_result_t *result)
{
    (void)flow, (void)memory, (void)result;
    return XMPP_FLOW_NEXT;
}

static const xmpp_step_t steps[] = {{"query", send_iq, receive, NULL}};

static int begin_flow(struct end *end, unsigned long timeout)
{
    if (timeout)
        xmpp_conn_set_option(end->testbed->conn, XMPP_OPT_REQUEST_TIMEOUT,
                             (long)timeout);
    return xmpp_flow_start(xmpp_flow_new(end->testbed->conn, steps, 1, 0, NULL),
                           on_result, end);
}

static const struct kind kinds[] = {
    {"request", begin_plain, cancel_plain},
    {"typed request", begin_typed, cancel_result},
    {"pending operation", begin_pending, cancel_result},
    {"flow", begin_flow, cancel_result},
};

/* ---- a session --------------------------------------------------- */

#define SENT "C <iq", "C </iq>"
#define ANSWER "S <iq type='result' id='%id%'/>"
#define BOUND                                                                  \
    "C </iq>", "S <iq type='result' id='%id%'><bind "                          \
               "xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"                     \
               "<jid>guest@example.org/r</jid></bind></iq>"
#define ENABLE "C <enable xmlns=\"urn:xmpp:sm:3\" resume=\"true\"/>", ENABLED
#define FAILED                                                                 \
    "S <failed xmlns='urn:xmpp:sm:3'><item-not-found "                         \
    "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></failed>"

/* Log in and begin it; it is not answered. */
static void begin(struct testbed *testbed, struct end *end,
                  const struct kind *kind, const char *const *script,
                  unsigned long timeout)
{
    *end = (struct end){.kind = kind, .testbed = testbed};
    testbed_make_virtual(testbed);
    testbed_connect(testbed, script);
    testbed_until(testbed, &testbed->ups, 1, "up");
    is_int(kind->begin(end, timeout), 0, "%s: begun", kind->name);
    is_int(end->calls, 0, "  and open");
}

static void finish(struct testbed *testbed, const struct end *end, int calls,
                   int status)
{
    testbed_peer_done(testbed, end->kind->name);
    testbed_free(testbed, end->kind->name);
    is_int(end->calls, calls, "  its handler was called so often");
    is_int(end->status, status, "  with this status");
    ok(!end->pending, "  no pointer to it is left");
}

static void answer(struct end *end)
{
    xmpp_pending_t *pending = end->pending;

    end->pending = NULL;
    xmpp_pending_end(pending, 0, NULL, NULL);
}

/* ---- how it ends ------------------------------------------------- */

static void answered(const struct kind *kind)
{
    static const char *const script[] = {PEER_LOGIN, SENT, ANSWER, PEER_CLOSE,
                                         NULL};
    struct testbed testbed;
    struct end end;

    begin(&testbed, &end, kind, script, 0);
    answer(&end);
    testbed_until(&testbed, &end.calls, 1, "answered");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    finish(&testbed, &end, 1, 0);
}

static void late(const struct kind *kind, bool releases)
{
    static const char *const script[] = {PEER_LOGIN, SENT, "eof", NULL};
    struct testbed testbed;
    struct end end;

    begin(&testbed, &end, kind, script, 3000);
    end.releases = releases;
    testbed_until(&testbed, &end.calls, 1, "too late");
    is_int(testbed.downs, releases, "  released in the handler: %d", releases);
    if (!releases)
        xmpp_conn_drop(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    finish(&testbed, &end, 1, XMPP_ETIMEOUT);
}

static void lost(const struct kind *kind)
{
    static const char *const script[] = {PEER_LOGIN, SENT, "hangup", NULL};
    struct testbed testbed;
    struct end end;

    begin(&testbed, &end, kind, script, 0);
    testbed_until(&testbed, &testbed.downs, 1, "lost, never to be resumed");
    is_int(end.calls, 1, "  ended");
    is_int(end.downs, 0, "  before DISCONNECT");
    finish(&testbed, &end, 1, XMPP_ENOTCONN);
}

static void again(struct testbed *testbed, xmpp_conn_event_t event)
{
    if (event == XMPP_CONN_DISCONNECT && testbed->downs == 1)
        testbed_connect_again(testbed);
}

static void resumed(const struct kind *kind)
{
    static const char *const script[] = {
        TO_ENABLE,   ENABLED,     SENT,         "reset", "accept",
        TO_FEATURES, RESUME("0"), RESUMED("0"), SENT,    ACK("1"),
        ANSWER,      PEER_CLOSE,  NULL};
    struct testbed testbed;
    struct end end;

    begin(&testbed, &end, kind, script, 0);
    testbed.on_event = again;
    testbed_until(&testbed, &testbed.ups, 2, "lost and resumed");
    is_int(end.calls, 0, "  still open");
    answer(&end);
    testbed_until(&testbed, &end.calls, 1, "  answered");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 2, "down");
    finish(&testbed, &end, 1, 0);
}

static void replaced(const struct kind *kind)
{
    static const char *const script[] = {
        TO_ENABLE,   ENABLED, SENT,  "reset", "accept",   TO_FEATURES,
        RESUME("0"), FAILED,  BOUND, ENABLE,  PEER_CLOSE, NULL};
    struct testbed testbed;
    struct end end;

    begin(&testbed, &end, kind, script, 0);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_SM_RESEND, 0);
    testbed.on_event = again;
    testbed_until(&testbed, &testbed.downs, 1, "lost");
    is_int(end.calls, 0, "  still open");
    testbed_until(&testbed, &testbed.ups, 2, "a new session");
    is_int(end.calls, 1, "  ended");
    is_int(end.ups, 1, "  before CONNECT");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 2, "down");
    finish(&testbed, &end, 1, XMPP_ENOTCONN);
}

static const char *const cut[] = {TO_ENABLE, ENABLED, SENT, "reset", NULL};

/* Nobody connects again, but time passes. */
static void late_while_lost(const struct kind *kind, bool releases)
{
    struct testbed testbed;
    struct end end;

    begin(&testbed, &end, kind, cut, 30000);
    testbed_until(&testbed, &testbed.downs, 1, "lost");
    is_int(end.calls, 0, "  still open");
    end.releases = releases;
    testbed_until(&testbed, &end.calls, 1, "too late");
    finish(&testbed, &end, 1, XMPP_ETIMEOUT);
}

static void released_while_lost(const struct kind *kind)
{
    struct testbed testbed;
    struct end end;

    begin(&testbed, &end, kind, cut, 0);
    testbed_until(&testbed, &testbed.downs, 1, "lost");
    is_int(end.calls, 0, "  still open");
    xmpp_conn_release(testbed.conn);
    testbed.conn = NULL;
    is_int(end.calls, 1, "  ended by the release");
    finish(&testbed, &end, 1, XMPP_ENOTCONN);
}

static void disconnected(const struct kind *kind)
{
    static const char *const script[] = {TO_ENABLE, ENABLED,    SENT,
                                         ACK("1"),  PEER_CLOSE, NULL};
    struct testbed testbed;
    struct end end;

    begin(&testbed, &end, kind, script, 0);
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "the session was ended");
    is_int(end.calls, 1, "  and the action");
    is_int(end.downs, 0, "  before DISCONNECT");
    finish(&testbed, &end, 1, XMPP_ENOTCONN);
}

static void released(const struct kind *kind, bool releases)
{
    static const char *const script[] = {TO_ENABLE, ENABLED, SENT, "eof", NULL};
    xmpp_conn_t *conn;
    struct testbed testbed;
    struct end end;

    begin(&testbed, &end, kind, script, 0);
    xmpp_run_once(testbed.ctx, 0);
    end.releases = releases;
    conn = testbed.conn;
    testbed.conn = NULL;
    xmpp_conn_release(conn);
    is_int(end.calls, 1, "%s: ended by the release", kind->name);
    is_int(end.downs, 0, "  before DISCONNECT");
    testbed_until(&testbed, &testbed.downs, 1, "down");
    for (int i = 0; i < 20; i++)
        xmpp_run_once(testbed.ctx, 0);
    finish(&testbed, &end, 1, XMPP_ENOTCONN);
}

static void cancelled(const struct kind *kind)
{
    struct testbed testbed;
    struct end end;

    begin(&testbed, &end, kind, cut, 0);
    testbed_until(&testbed, &testbed.downs, 1, "lost");
    is_int(kind->cancel(&end), 1, "  one is cancelled");
    is_int(kind->cancel(&end), 0, "  and it is gone");
    finish(&testbed, &end, 0, 0);
}

/* The state goes to another connection object, and the action does not. */
static void moved(const struct kind *kind)
{
    static const char *const script[] = {TO_ENABLE, ENABLED,     SENT,  "reset",
                                         "accept",  TO_FEATURES, BOUND, ENABLE,
                                         "eof",     NULL};
    struct testbed testbed;
    struct end end;

    begin(&testbed, &end, kind, script, 0);
    testbed_until(&testbed, &testbed.downs, 1, "lost");
    xmpp_free_sm_state(xmpp_conn_get_sm_state(testbed.conn));
    is_int(end.calls, 0, "  without its state: still open");
    testbed_connect_again(&testbed);
    testbed_until(&testbed, &testbed.ups, 2, "a new session");
    is_int(end.calls, 1, "  ended");
    is_int(end.ups, 1, "  before CONNECT");
    xmpp_conn_drop(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 2, "down");
    finish(&testbed, &end, 1, XMPP_ENOTCONN);
}

/* Nobody answers on a raw connection once its transport is lost. */
static void raw(const struct kind *kind)
{
    static const char *const script[] = {
        "C <stream:stream", "C >", "S " PEER_HEADER, SENT, "reset", NULL};
    struct testbed testbed;
    struct end end = {.kind = kind, .testbed = &testbed};

    testbed_make_virtual(&testbed);
    testbed_serve(&testbed, script);
    xmpp_connect_raw(testbed.conn, "127.0.0.1", 5222, testbed_handler,
                     &testbed);
    testbed_until(&testbed, &testbed.raw_ups, 1, "raw");
    xmpp_conn_open_stream_default(testbed.conn);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    is_int(kind->begin(&end, 0), 0, "%s: begun", kind->name);
    testbed_until(&testbed, &testbed.downs, 1, "lost");
    is_int(end.calls, 1, "  ended");
    is_int(end.downs, 0, "  before DISCONNECT");
    finish(&testbed, &end, 1, XMPP_ENOTCONN);
}

/* ---- memory ------------------------------------------------------ */

/* As many as begin are open; each ends with the connection. */
static void starves(const struct kind *kind)
{
    static const char *const script[] = {PEER_LOGIN, "eof", NULL};
    struct testbed testbed;
    struct end end = {.kind = kind, .testbed = &testbed};
    unsigned long n = 0;
    bool failed = true;

    testbed_make_virtual(&testbed);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    while (failed) {
        int rc;

        failmem_arm(&testbed.memory, ++n, 0);
        rc = kind->begin(&end, 0);
        failed = testbed.memory.failed > 0;
        failmem_arm(&testbed.memory, 0, 0);
        ok(rc == 0 || (rc == XMPP_EMEM && failed),
           "%s: allocation %lu fails: %s", kind->name, n,
           xmpp_strerror_name(rc));
        is_int(end.calls, 0, "  its handler is not called");
        if (rc == 0 && failed)
            kind->cancel(&end);
    }
    is_int(kind->cancel(&end), 1, "one is open");
    testbed_peer_end(&testbed);
    testbed_free(&testbed, kind->name);
}

int main(void)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        const struct kind *kind = &kinds[i];

        answered(kind);
        late(kind, false);
        late(kind, true);
        lost(kind);
        resumed(kind);
        replaced(kind);
        moved(kind);
        raw(kind);
        late_while_lost(kind, false);
        late_while_lost(kind, true);
        released_while_lost(kind);
        disconnected(kind);
        released(kind, false);
        released(kind, true);
        cancelled(kind);
        starves(kind);
    }
    return done_testing();
}
