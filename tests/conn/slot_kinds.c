/* slot_kinds.c - every kind of registration that the library knows, for tests
 * of how they end. */

#include "conn/slot_kinds.h"

#include <xmpp/module.h>

#include "conn/send.h"
#include "net/poll.h"

#define ME "romeo@example.org/r"

/* ---- what is registered ------------------------------------------ */

static int act(struct owned *owned)
{
    owned->calls++;
    owned->running++;
    if (owned->on_call)
        owned->on_call(owned);
    owned->running--;
    return owned->stays;
}

static void on_free(void *userdata)
{
    struct owned *owned = userdata;

    owned->freed++;
    owned->too_soon |= owned->running > 0;
    if (owned->on_free)
        owned->on_free(owned);
}

static int on_stanza(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    (void)conn, (void)stanza;
    return act(userdata);
}

/* Nobody takes it, so that all are called. */
static int on_iq(xmpp_conn_t *conn, xmpp_stanza_t *iq, void *userdata)
{
    (void)conn, (void)iq;
    act(userdata);
    return 0;
}

static void on_reply(xmpp_conn_t *conn, int status, xmpp_stanza_t *reply,
                     void *userdata)
{
    (void)conn, (void)status, (void)reply;
    act(userdata);
}

static int on_time(xmpp_conn_t *conn, void *userdata)
{
    (void)conn;
    return act(userdata);
}

static int on_global_time(xmpp_ctx_t *ctx, void *userdata)
{
    (void)ctx;
    return act(userdata);
}

static void on_timeout(xmpp_conn_t *conn, void *userdata)
{
    (void)conn;
    act(userdata);
}

static void on_global_timeout(xmpp_ctx_t *ctx, void *userdata)
{
    (void)ctx;
    act(userdata);
}

static void on_event(xmpp_conn_t *conn, const xmpp_event_t *event,
                     void *userdata)
{
    (void)conn, (void)event;
    act(userdata);
}

static const xmpp_row_t rows[] = {XMPP_EVENT(1, "event", NULL), XMPP_ROWS_END};
static XMPP_MODULE(watched, "watched", 0, rows);

/* ---- how it is called -------------------------------------------- */

/* As the pump hands over what the stream has read. */
static void arrives(struct testbed *testbed, const char *text)
{
    xmpp_conn_t *conn = testbed->conn;
    xmpp_stanza_t *stanza;

    if (!conn || !testbed->ctx) /* a call before has released it */
        return;
    stanza = xmpp_stanza_new_from_string(testbed->ctx, text);
    conn_hold(conn);
    dispatch_stanza(&conn->dispatch, conn, stanza, STR(ME));
    conn_unhold(conn);
    xmpp_stanza_release(stanza);
}

static void fire_message(struct testbed *testbed)
{
    arrives(testbed, "<message id='1'><body>hello</body></message>");
}

static void fire_iq(struct testbed *testbed)
{
    arrives(testbed, "<iq type='get' id='1'><q xmlns='urn:q'/></iq>");
}

static void fire_reply(struct testbed *testbed)
{
    arrives(testbed, "<iq type='result' id='1'/>");
    arrives(testbed, "<iq type='result' id='2'/>");
}

static void fire_event(struct testbed *testbed)
{
    xmpp_conn_emit(testbed->conn, &watched, 1, NULL, NULL);
}

void slot_fire_time(struct testbed *testbed)
{
    poll_move_clock(testbed->ctx->poll, SLOT_PERIOD);
    xmpp_run_once(testbed->ctx, 0);
}

/* ---- how it is registered ---------------------------------------- */

static int add_handler(struct owned *owned, xmpp_slot_t *ret)
{
    return xmpp_slot_add_handler(owned->testbed->conn, on_stanza, NULL,
                                 "message", NULL, owned, on_free, ret);
}

static void delete_handler(struct testbed *testbed, struct owned *owned)
{
    (void)owned;
    xmpp_handler_delete(testbed->conn, on_stanza);
}

static int add_id_handler(struct owned *owned, xmpp_slot_t *ret)
{
    return xmpp_slot_add_id_handler(owned->testbed->conn, on_stanza, "1", owned,
                                    on_free, ret);
}

static void delete_id_handler(struct testbed *testbed, struct owned *owned)
{
    (void)owned;
    xmpp_id_handler_delete(testbed->conn, on_stanza, "1");
}

static int add_iq_handler(struct owned *owned, xmpp_slot_t *ret)
{
    return xmpp_slot_add_iq_handler(owned->testbed->conn, "get", "urn:q", "q",
                                    on_iq, owned, on_free, ret);
}

static void delete_iq_handler(struct testbed *testbed, struct owned *owned)
{
    xmpp_iq_handler_delete(testbed->conn, on_iq, owned);
}

/* As if it had been sent; see also sent_requests(). */
static int add_request(struct owned *owned, xmpp_slot_t *ret)
{
    const struct slot_args args = {
        .user = {owned, on_free}, .conn = owned->testbed->conn, .ret = ret};
    struct requests *requests = &owned->testbed->conn->dispatch.requests;
    const struct asked asked = {.id = requests_count(requests) ? STR("2")
                                                               : STR("1"),
                                .deadline = TIME_NEVER - 1,
                                .asker = send_asker(on_reply)};
    int rc = requests_add(requests, &asked, &args);

    if (rc)
        on_free(owned);
    return rc;
}

static void delete_request(struct testbed *testbed, struct owned *owned)
{
    is_int(xmpp_request_cancel(testbed->conn, on_reply, owned), 1,
           "  one is cancelled");
}

/* The second one is called in the turn after the first one's. */
static unsigned long period_of(const struct owned *owned)
{
    return owned->other ? SLOT_PERIOD : SLOT_PERIOD + 1;
}

static int add_timed(struct owned *owned, xmpp_slot_t *ret)
{
    int rc = xmpp_slot_add_timed_handler(owned->testbed->conn, on_time,
                                         period_of(owned), owned, on_free, ret);

    timed_arm_all(&owned->testbed->conn->timed); /* as if it were connected */
    return rc;
}

static void delete_timed(struct testbed *testbed, struct owned *owned)
{
    (void)owned;
    xmpp_timed_handler_delete(testbed->conn, on_time);
}

static int add_global_timed(struct owned *owned, xmpp_slot_t *ret)
{
    return xmpp_slot_add_global_timed_handler(owned->testbed->ctx,
                                              on_global_time, period_of(owned),
                                              owned, on_free, ret);
}

static void delete_global_timed(struct testbed *testbed, struct owned *owned)
{
    (void)owned;
    xmpp_global_timed_handler_delete(testbed->ctx, on_global_time);
}

static int add_timeout(struct owned *owned, xmpp_slot_t *ret)
{
    return xmpp_slot_add_timeout(owned->testbed->conn, on_timeout,
                                 period_of(owned), owned, on_free, ret);
}

static int add_global_timeout(struct owned *owned, xmpp_slot_t *ret)
{
    return xmpp_slot_add_global_timeout(owned->testbed->ctx, on_global_timeout,
                                        period_of(owned), owned, on_free, ret);
}

static int add_watch(struct owned *owned, xmpp_slot_t *ret)
{
    return xmpp_slot_add_watch(owned->testbed->conn, &watched, on_event, owned,
                               on_free, ret);
}

static void delete_watch(struct testbed *testbed, struct owned *owned)
{
    xmpp_conn_unwatch(testbed->conn, &watched, on_event, owned);
}

const struct slot_kind slot_kinds[SLOT_KINDS] = {
    {"handler", add_handler, fire_message, delete_handler, BY_ZERO, false,
     false},
    {"id handler", add_id_handler, fire_message, delete_id_handler, BY_ZERO,
     false, false},
    {"iq handler", add_iq_handler, fire_iq, delete_iq_handler, NEVER, false,
     false},
    {"request", add_request, fire_reply, delete_request, BY_CALL, false, true},
    {"timer", add_timed, slot_fire_time, delete_timed, BY_ZERO, false, false},
    {"global timer", add_global_timed, slot_fire_time, delete_global_timed,
     BY_ZERO, true, false},
    {"timeout", add_timeout, slot_fire_time, NULL, BY_CALL, false, false},
    {"global timeout", add_global_timeout, slot_fire_time, NULL, BY_CALL, true,
     false},
    {"watch", add_watch, fire_event, delete_watch, NEVER, false, false},
};

/* ---- helpers ----------------------------------------------------- */

void slot_begin(struct testbed *testbed)
{
    testbed_make(testbed);
    poll_stop_clock(testbed->ctx->poll, 1000);
    xmpp_conn_use(testbed->conn, &watched);
}

void slot_add(struct testbed *testbed, const struct slot_kind *kind,
              struct owned *owned)
{
    owned->testbed = testbed;
    owned->kind = kind;
    is_int(kind->add(owned, &owned->slot), 0, "  %s added", kind->name);
}

void slot_is_over(const struct owned *owned, int calls, const char *how)
{
    is_int(owned->calls, calls, "%s %s: calls", owned->kind->name, how);
    is_int(owned->freed, 1, "  freed once");
    ok(!owned->too_soon, "  and not while it was called");
}

void slot_is_removed(struct owned *owned, int was_there)
{
    is_int(xmpp_slot_remove(owned->testbed->ctx, owned->slot), was_there,
           "  removed: %d", was_there);
}
