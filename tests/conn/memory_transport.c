/* memory_transport.c - whole connections over a stage in memory, with a virtual
 * clock: minutes pass at once, and exactly. */

#include "conn/ctx.h"
#include "conn/fate.h"

#define MINUTE 60000

#define MESSAGE                                                                \
    "S <message from='juliet@example.org/r'><body>hi</body></message>"
#define PING "C <ping xmlns=\"urn:xmpp:ping\"/></iq>"
#define PONG "S <iq type='result' id='%id%' from='example.org'/>"

static uint64_t minutes(const struct testbed *testbed, uint64_t since)
{
    return (poll_now(testbed->ctx->poll) - since) / MINUTE;
}

static uint64_t now(const struct testbed *testbed)
{
    return poll_now(testbed->ctx->poll);
}

static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct testbed *testbed = userdata;

    (void)stanza;
    testbed->count++;
    xmpp_send_raw_string(conn, "<presence/>");
    return 1;
}

static int on_minute(xmpp_conn_t *conn, void *userdata)
{
    (void)conn;
    ++*(int *)userdata;
    return 1;
}

/* ---- a life ------------------------------------------------------ */

/* Five minutes of silence, a ping, another five: then nobody answers. */
static void silence(void)
{
    static const char *const script[] = {
        PEER_LOGIN, MESSAGE, "C <presence/>", PING, PONG, PING, "eof", NULL};
    struct testbed testbed;
    uint64_t begin;
    int ticks = 0;

    testbed_make_virtual(&testbed);
    xmpp_handler_add(testbed.conn, on_message, NULL, "message", NULL, &testbed);
    xmpp_timed_handler_add(testbed.conn, on_minute, MINUTE, &ticks);
    testbed_connect(&testbed, script);
    begin = now(&testbed);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    testbed_until(&testbed, &testbed.count, 1, "a message came");
    ok(now(&testbed) == begin, "and no time passed");
    testbed_until(&testbed, &testbed.downs, 1, "silence ends it");
    testbed_failed(&testbed, XMPP_LAYER_TCP, XMPP_ETIMEOUT, "silence");
    is_int(minutes(&testbed, begin), 11, "after twice five minutes and one");
    ok(ticks == 10 || ticks == 11, "a handler was called in each: %d", ticks);
    testbed_peer_done(&testbed, "silence");
    testbed_free(&testbed, "silence");
}

/* Cut, resumed by the next connection, and properly ended. */
static void again_once(struct testbed *testbed, xmpp_conn_event_t event)
{
    if (event == XMPP_CONN_DISCONNECT && testbed->downs == 1)
        testbed_connect_again(testbed);
}

static void resumes(size_t piece)
{
    static const char *const script[] = {
        TO_ENABLE, ENABLED,     MESSAGE,     "C id=\"m1\"/>", "reset",
        "accept",  TO_FEATURES, RESUME("1"), RESUMED("0"),    "C id=\"m1\"/>",
        ACK("2"),  PEER_CLOSE,  NULL};
    struct testbed testbed;
    struct fate fate = {0};

    testbed_make_virtual(&testbed);
    testbed.on_event = again_once;
    xmpp_handler_add(testbed.conn, on_message, NULL, "message", NULL, &testbed);
    testbed_connect(&testbed, script);
    memory_server_set_piece(testbed.server, piece);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    testbed_until(&testbed, &testbed.count, 1, "a message came");
    fate_send(&testbed, "m1", &fate);
    testbed_until(&testbed, &testbed.ups, 2, "up again after a cut");
    ok(xmpp_conn_is_resumed(testbed.conn), "the session goes on");
    testbed_until(&testbed, &fate.told, 1, "what was sent is acknowledged");
    is_int(fate.status, 0, "by the second connection");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 2, "down");
    ok(!xmpp_conn_get_failure(testbed.conn), "no failure");
    is_int(memory_server_count(testbed.server), 2, "two connections were made");
    testbed_peer_done(&testbed, "resuming");
    testbed_free(&testbed, "resuming");
}

/* ---- time-outs --------------------------------------------------- */

/* Whoever says nothing has 15 seconds for a step (XMPP_OPT_STEP_TIMEOUT). */
static void mute(void)
{
    static const char *const script[] = {"C <stream:stream", "eof", NULL};
    struct testbed testbed;
    uint64_t begin;

    testbed_make_virtual(&testbed);
    testbed_connect(&testbed, script);
    begin = now(&testbed);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    testbed_failed(&testbed, XMPP_LAYER_STREAM, XMPP_ETIMEOUT, "mute");
    is_int(now(&testbed) - begin,
           xmpp_conn_get_option(testbed.conn, XMPP_OPT_STEP_TIMEOUT),
           "to the millisecond");
    testbed_peer_end(&testbed);
    testbed_free(&testbed, "mute");
}

static void on_reply(xmpp_conn_t *conn, int status, xmpp_stanza_t *reply,
                     void *userdata)
{
    (void)conn;
    (void)reply;
    is_int(status, XMPP_ETIMEOUT, "a request ends without an answer");
    ++*(int *)userdata;
}

/* A request has 24 minutes; the server, pinged meanwhile, answers. */
static void patient(void)
{
    static const char *const script[] = {
        PEER_LOGIN, "C id=\"q1\"", PING, PONG, PING,       PONG,
        PING,       PONG,          PING, PONG, PEER_CLOSE, NULL};
    struct testbed testbed;
    uint64_t begin;
    int ended = 0;
    xmpp_stanza_t *iq;

    testbed_make_virtual(&testbed);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    begin = now(&testbed);
    iq = xmpp_iq_new(testbed.ctx, "get", "q1");
    xmpp_stanza_set_to(iq, "juliet@example.org/r");
    is_int(xmpp_request_send(testbed.conn, iq, 24 * MINUTE, on_reply, &ended),
           0, "a request is sent");
    testbed_until(&testbed, &ended, 1, "it ends");
    is_int(minutes(&testbed, begin), 24, "in its time");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    testbed_peer_done(&testbed, "patient");
    testbed_free(&testbed, "patient");
}

/* ---- refused ----------------------------------------------------- */

static void refused(void)
{
    static const char *const none[] = {NULL};
    struct testbed testbed;

    testbed_make_virtual(&testbed);
    testbed_connect(&testbed, none);
    testbed_peer_end(&testbed);
    testbed_until(&testbed, &testbed.downs, 1, "nobody is reached");
    testbed_failed(&testbed, XMPP_LAYER_TCP, XMPP_ECONNECT, "refused");
    testbed_free(&testbed, "refused");
}

int main(void)
{
    silence();
    resumes(SIZE_MAX);
    resumes(1);
    resumes(7);
    mute();
    patient();
    refused();
    return done_testing();
}
