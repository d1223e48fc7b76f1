/* sessions.c - stream management as an application sees it: sessions that go
 * on, on the same object, on another, in another process. */

#include "conn/fate.h"

static void reconnect(struct testbed *testbed, xmpp_conn_event_t event)
{
    if (event == XMPP_CONN_DISCONNECT && testbed->downs == 1)
        testbed_connect_again(testbed);
}

/* ---- the same object --------------------------------------------- */

static void goes_on(void)
{
    static const char *const script[] = {
        TO_ENABLE,    ENABLED,         "C id=\"m1\"/>", "C id=\"m2\"/>",
        "reset",      "accept",        TO_FEATURES,     RESUME("0"),
        RESUMED("1"), "C id=\"m2\"/>", ACK("2"),        PEER_CLOSE,
        NULL};
    struct fate one = {0}, two = {0};
    struct testbed testbed;

    testbed_make(&testbed);
    testbed.on_event = reconnect;
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    ok(!xmpp_conn_is_resumed(testbed.conn), "a new session");
    ok(xmpp_conn_is_resumable(testbed.conn), "that can be resumed");
    is_int(xmpp_conn_get_resume_time(testbed.conn), 77, "for so long");
    is_int(fate_send(&testbed, "m1", &one), 0, "one message");
    is_int(fate_send(&testbed, "m2", &two), 0, "another");
    testbed_until(&testbed, &testbed.ups, 2, "up again");
    is_int(testbed.downs, 1, "the connection was lost in between");
    ok(xmpp_conn_is_resumed(testbed.conn), "the session was not");
    is_str(xmpp_conn_get_bound_jid(testbed.conn), "guest@example.org/r",
           "the address is the old one");
    testbed_until(&testbed, &two.told, 1, "the second message is acknowledged");
    is_int(one.told, 1, "so is the first, once");
    is_int(one.status, 0, "as handled");
    is_int(two.status, 0, "as handled");
    ok(two.conn == testbed.conn, "told for this connection");
    is_int(xmpp_conn_get_unacked(testbed.conn), 0, "nothing is owed");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 2, "down");
    ok(!xmpp_conn_is_resumable(testbed.conn),
       "a session that was ended is over");
    testbed_peer_done(&testbed, "resuming");
    testbed_free(&testbed, "resuming");
    is_int(one.told + two.told, 2, "nothing is told twice");
}

/* ---- another object ---------------------------------------------- */

static void moves(void)
{
    static const char *const script[] = {
        TO_ENABLE,    ENABLED,         "S <message/>", "C id=\"m1\"/>",
        "reset",      "accept",        TO_FEATURES,    RESUME("1"),
        RESUMED("0"), "C id=\"m1\"/>", ACK("1"),       PEER_CLOSE,
        NULL};
    struct fate one = {0};
    xmpp_sm_state_t *state;
    xmpp_conn_t *old;
    struct testbed testbed;

    testbed_make(&testbed);
    testbed_connect(&testbed, script);
    is_int(xmpp_conn_get_sm_state(testbed.conn) == NULL, 1,
           "no state of a live connection");
    testbed_until(&testbed, &testbed.ups, 1, "up");
    fate_send(&testbed, "m1", &one);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    is_int(xmpp_conn_get_unacked(testbed.conn), 1, "one is not acknowledged");
    state = xmpp_conn_get_sm_state(testbed.conn);
    ok(state != NULL, "there is a state");
    ok(!xmpp_conn_is_resumable(testbed.conn),
       "which is gone from the connection");
    old = testbed.conn;
    testbed.conn = xmpp_conn_new(testbed.ctx);
    xmpp_conn_set_jid(testbed.conn, "example.org");
    xmpp_conn_set_flags(testbed.conn, XMPP_CONN_FLAG_DISABLE_TLS);
    is_int(xmpp_conn_set_sm_state(testbed.conn, NULL), XMPP_EINVOP, "no state");
    is_int(xmpp_conn_set_sm_state(testbed.conn, state), 0,
           "the other takes it");
    is_int(xmpp_conn_set_sm_state(testbed.conn, state), XMPP_EINVOP,
           "only once");
    xmpp_conn_release(old);
    is_int(one.told, 0, "nothing is given back with the old one");
    testbed_connect_again(&testbed);
    testbed_until(&testbed, &one.told, 1, "the message is acknowledged");
    is_int(one.status, 0, "as handled");
    ok(one.conn == testbed.conn, "told for the new connection");
    ok(xmpp_conn_is_resumed(testbed.conn), "it resumed");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 2, "down");
    testbed_peer_done(&testbed, "moving");
    testbed_free(&testbed, "moving");
}

/* ---- another process --------------------------------------------- */

struct saved {
    struct testbed testbed;
    int calls, nulls;
    unsigned char bytes[1000];
    size_t n;
};

static void on_state(xmpp_conn_t *conn, void *ctx, const unsigned char *bytes,
                     size_t n)
{
    struct saved *s = ctx;

    (void)conn;
    s->calls++;
    s->nulls += bytes == NULL;
    if (n > sizeof(s->bytes))
        bail("a state that long");
    s->n = n;
    if (n)
        memcpy(s->bytes, bytes, n);
}

/* The first life: a message is said and not acknowledged, another handled. */
static void first_life(struct saved *s)
{
    static const char *const script[] = {
        TO_ENABLE, ENABLED, "C id=\"m1\"/>", "S <message/>", "reset", NULL};
    struct fate one = {0};

    testbed_make(&s->testbed);
    xmpp_conn_set_sm_callback(s->testbed.conn, on_state, s);
    testbed_connect(&s->testbed, script);
    testbed_until(&s->testbed, &s->testbed.ups, 1, "up");
    ok(s->calls > 0 && s->n > 0, "a state was told by then");
    fate_send(&s->testbed, "m1", &one);
    testbed_until(&s->testbed, &s->testbed.downs, 1, "down");
    testbed_peer_done(&s->testbed, "the first life");
    is_int(one.told, 0, "nothing is told yet");
    xmpp_conn_release(s->testbed.conn);
    is_int(one.told, 1, "with the connection it is given back");
    is_int(one.status, XMPP_ENOTCONN, "as such");
    is_str(one.text,
           "<message type=\"chat\" to=\"juliet@example.org\" id=\"m1\"/>",
           "with its text");
}

static void second_life(struct saved *s, const unsigned char *bytes, size_t n,
                        const char *jid)
{
    static const char *const script[] = {
        TO_FEATURES, RESUME("1"), RESUMED("0"), "C id=\"m1\"/>",
        ACK("1"),    PEER_CLOSE,  NULL};
    struct testbed testbed;

    testbed_make(&testbed);
    is_int(xmpp_conn_restore_sm_state(testbed.conn, bytes, n - 1), XMPP_EINVOP,
           "half a state is refused");
    is_int(xmpp_conn_restore_sm_state(testbed.conn, bytes, n), 0,
           "a whole not");
    is_int(xmpp_conn_restore_sm_state(testbed.conn, bytes, n), XMPP_EINVOP,
           "only one");
    ok(xmpp_conn_is_resumable(testbed.conn), "it can be resumed");
    is_int(xmpp_conn_get_unacked(testbed.conn), 1, "one is not acknowledged");
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    ok(xmpp_conn_is_resumed(testbed.conn), "resumed");
    is_str(xmpp_conn_get_bound_jid(testbed.conn), jid, "as");
    while (xmpp_conn_get_unacked(testbed.conn) && !testbed.downs)
        xmpp_run_once(testbed.ctx, 100);
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    testbed_peer_done(&testbed, "the second life");
    testbed_free(&testbed, "the second life");
    (void)s;
}

static void outlives(void)
{
    static struct saved s;
    unsigned char *own = NULL;
    size_t n = 0;

    first_life(&s);
    second_life(&s, s.bytes, s.n, "example.org"); /* libstrophe's knows none */
    s.testbed.conn = xmpp_conn_new(s.testbed.ctx);
    is_int(xmpp_conn_save_sm_state(s.testbed.conn, &own, &n), XMPP_EINVOP,
           "nothing to save");
    is_int(xmpp_conn_restore_sm_state(s.testbed.conn, s.bytes, s.n), 0,
           "restored");
    is_int(xmpp_conn_save_sm_state(s.testbed.conn, &own, &n), 0, "and saved");
    second_life(&s, own, n, "example.org");
    xmpp_free(s.testbed.ctx, own);
    xmpp_free_sm_state(xmpp_conn_get_sm_state(s.testbed.conn));
    xmpp_free_sm_state(NULL);
    testbed_free(&s.testbed, "the first life");
}

static void save_now(struct testbed *testbed, xmpp_conn_event_t event)
{
    if (event == XMPP_CONN_DISCONNECT) {
        struct saved *s = testbed->pointer;
        unsigned char *own = NULL;

        is_int(xmpp_conn_save_sm_state(testbed->conn, &own, &s->n), 0, "saved");
        memcpy(s->bytes, own, s->n);
        xmpp_free(testbed->ctx, own);
    }
}

static void outlives_with_address(void)
{
    static const char *const script[] = {
        TO_ENABLE, ENABLED, "C id=\"m1\"/>", "S <message/>", "reset", NULL};
    static struct saved s;
    struct fate one = {0};
    struct testbed testbed;

    testbed_make(&testbed);
    testbed.on_event = save_now;
    testbed.pointer = &s;
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    fate_send(&testbed, "m1", &one);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    testbed_peer_done(&testbed, "saving");
    xmpp_free_sm_state(xmpp_conn_get_sm_state(testbed.conn));
    is_int(one.status, XMPP_ENOTCONN, "a freed state gives back");
    ok(one.conn == NULL, "for no connection");
    testbed_free(&testbed, "saving");
    second_life(&s, s.bytes, s.n, "guest@example.org/r");
}

static void ended_by_server(void)
{
    static const char *const script[] = {
        TO_ENABLE, ENABLED, "S </stream:stream>", "C </stream:stream>", NULL};
    static struct saved s;

    testbed_make(&s.testbed);
    xmpp_conn_set_sm_callback(s.testbed.conn, on_state, &s);
    testbed_connect(&s.testbed, script);
    testbed_until(&s.testbed, &s.testbed.downs, 1, "the server ends it");
    is_int(s.n, 0, "the last state told is none");
    ok(s.nulls > 0, "told as NULL");
    testbed_peer_done(&s.testbed, "ending");
    testbed_free(&s.testbed, "ending");
}

int main(void)
{
    goes_on();
    moves();
    outlives();
    outlives_with_address();
    ended_by_server();
    return done_testing();
}
