/* keepalive.c - is the server still there, and what ends a connection that the
 * application knows to be dead. */

#include <errno.h>

#include "conn/fate.h"

/* A server that takes whatever comes, and is silent. */
static const char *const managed[] = {TO_ENABLE, ENABLED, "eof", NULL};
static const char *const plain[] = {PEER_LOGIN, "eof", NULL};
static const char *const resumes[] = {
    TO_ENABLE,       ENABLED,     "C id=\"m1\"/>", "eof",
    "accept",        TO_FEATURES, RESUME("0"),     RESUMED("0"),
    "C id=\"m1\"/>", ACK("1"),    PEER_CLOSE,      NULL};

static int chatter(xmpp_conn_t *conn, void *userdata)
{
    xmpp_stanza_t *m =
        xmpp_message_new(userdata, "chat", "a@example.org", NULL);

    xmpp_send_take(conn, m);
    return 1;
}

/* Both patiences are several times longer than the pauses of the chatter. */
static void swallowed(const char *const *script, const char *what)
{
    struct testbed testbed;

    testbed_make_virtual(&testbed);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_PING_AFTER, 100);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_PING_TIMEOUT, 100);
    xmpp_timed_handler_add(testbed.conn, chatter, 20, testbed.ctx);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.downs, 1,
                  "what is written is no sign of life");
    testbed_failed(&testbed, XMPP_LAYER_TCP, XMPP_ETIMEOUT, what);
    is_int(testbed.error, ETIMEDOUT, "libstrophe's error too");
    testbed_peer_done(&testbed, what);
    testbed_free(&testbed, what);
}

static void set_when_up(struct testbed *testbed, xmpp_conn_event_t event)
{
    if (event != XMPP_CONN_CONNECT || testbed->pointer)
        return;
    xmpp_conn_set_option(testbed->conn, XMPP_OPT_PING_AFTER, 20);
    xmpp_conn_set_option(testbed->conn, XMPP_OPT_PING_TIMEOUT, 20);
}

/* Set by the connection's own handler, or from outside while it is idle. */
static void options_at_once(bool inside)
{
    struct testbed testbed;

    testbed_make_virtual(&testbed);
    testbed.on_event = set_when_up;
    testbed.pointer = inside ? NULL : &testbed;
    testbed_connect(&testbed, managed);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    xmpp_run_once(testbed.ctx, 1);
    testbed.pointer = NULL;
    if (!inside)
        set_when_up(&testbed, XMPP_CONN_CONNECT);
    testbed_until(&testbed, &testbed.downs, 1,
                  "an idle connection looks at its options");
    testbed_failed(&testbed, XMPP_LAYER_TCP, XMPP_ETIMEOUT, "options");
    testbed_peer_done(&testbed, "options");
    testbed_free(&testbed, "options");
}

/* The end of an ending connection comes as soon as its option says. */
static void close_timeout_at_once(void)
{
    struct testbed testbed;

    testbed_make_virtual(&testbed);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_CLOSE_TIMEOUT, 3600000);
    testbed_connect(&testbed, managed);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    xmpp_disconnect(testbed.conn);
    xmpp_run_once(testbed.ctx, 1);
    is_int(testbed.downs, 0, "it waits for the server's end");
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_CLOSE_TIMEOUT, 0);
    testbed_until(&testbed, &testbed.downs, 1, "and does not any more");
    testbed_peer_done(&testbed, "close timeout");
    testbed_free(&testbed, "close timeout");
}

static void checks(const char *const *script, const char *what)
{
    struct testbed testbed;

    testbed_make_virtual(&testbed);
    is_int(xmpp_conn_check(testbed.conn, 20), XMPP_ENOTCONN, "not connected");
    testbed_connect(&testbed, script);
    is_int(xmpp_conn_check(testbed.conn, 20), XMPP_ENOTCONN, "not yet");
    testbed_until(&testbed, &testbed.ups, 1, "up");
    is_int(xmpp_conn_check(testbed.conn, 20), 0, "a sign of life is asked for");
    testbed_until(&testbed, &testbed.downs, 1, "and does not come");
    testbed_failed(&testbed, XMPP_LAYER_TCP, XMPP_ETIMEOUT, what);
    testbed_peer_done(&testbed, what);
    testbed_free(&testbed, what);
    is_int(xmpp_conn_check(NULL, 1), XMPP_EINVOP, "no connection");
}

/* ---- what a quiet connection survives ----------------------------- */

/* After two silences that it survives the server hears nothing any more. */
static void adapts(void)
{
    static const char *const script[] = {
        PEER_LOGIN,
        "C <ping",
        "C </iq>",
        "S <iq type='result' id='%id%' from='example.org'/>",
        "C <ping",
        "C </iq>",
        "S <iq type='result' id='%id%' from='example.org'/>",
        "C <ping",
        "eof",
        "accept",
        PEER_LOGIN,
        PEER_CLOSE,
        NULL};
    struct testbed testbed;
    xmpp_conn_t *conn;

    testbed_make_virtual(&testbed);
    conn = testbed.conn;
    is_int(xmpp_conn_get_ping_interval(NULL), 0, "no connection");
    is_int(xmpp_conn_get_ping_interval(conn), 300000, "it is not asked to");
    xmpp_conn_set_option(conn, XMPP_OPT_PING_ADAPT, 1);
    xmpp_conn_set_option(conn, XMPP_OPT_RECONNECT, 1);
    is_int(xmpp_conn_get_ping_interval(conn), 30000, "the least at first");
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.downs, 1, "the third silence is too long");
    testbed_failed(&testbed, XMPP_LAYER_TCP, XMPP_ETIMEOUT, "too quiet");
    is_int(xmpp_conn_get_ping_interval(conn), 56250,
           "between what it survived and what it did not");
    testbed_until(&testbed, &testbed.ups, 2, "it is back");
    is_int(xmpp_conn_network_changed(conn), 0, "another network");
    is_int(xmpp_conn_get_ping_interval(conn), 30000, "which is not known");
    xmpp_conn_set_option(conn, XMPP_OPT_PING_AFTER, 0);
    is_int(xmpp_conn_get_ping_interval(conn), 0, "never");
    memory_server_end(testbed.server);
    testbed_free(&testbed, "adapts");
}

/* ---- dropping ---------------------------------------------------- */

static void again_once(struct testbed *testbed, xmpp_conn_event_t event)
{
    if (event == XMPP_CONN_DISCONNECT && testbed->downs == 1)
        testbed_connect_again(testbed);
}

static void drops(void)
{
    struct fate one = {0};
    struct testbed testbed;

    testbed_make_virtual(&testbed);
    xmpp_conn_drop(NULL);
    xmpp_conn_drop(testbed.conn);
    testbed.on_event = again_once;
    testbed_connect(&testbed, resumes);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    fate_send(&testbed, "m1", &one);
    xmpp_run_once(testbed.ctx, 1);
    xmpp_conn_drop(testbed.conn);
    is_int(testbed.downs, 0, "told from the loop");
    testbed_until(&testbed, &testbed.ups, 2, "up again");
    ok(!xmpp_conn_get_failure(testbed.conn), "no failure");
    ok(xmpp_conn_is_resumed(testbed.conn), "the session goes on");
    testbed_until(&testbed, &one.told, 1, "what was not acknowledged is");
    is_int(one.status, 0, "by the next connection");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 2, "down");
    testbed_peer_done(&testbed, "dropping");
    testbed_free(&testbed, "dropping");
}

static void drops_early(void)
{
    static const char *const mute[] = {"C <stream:stream", "eof", NULL};
    struct testbed testbed;

    testbed_make_virtual(&testbed);
    testbed_connect(&testbed, mute);
    xmpp_conn_drop(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "before there is a socket");
    testbed_connect_again(&testbed);
    for (int i = 0; i < 3; i++)
        xmpp_run_once(testbed.ctx, 1);
    xmpp_conn_drop(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 2, "in the login");
    ok(!xmpp_conn_get_failure(testbed.conn), "no failure");
    memory_server_end(testbed.server);
    testbed_free(&testbed, "dropping early");
}

static void drops_while_closing(void)
{
    struct testbed testbed;

    testbed_make_virtual(&testbed);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_CLOSE_TIMEOUT, 3600000);
    testbed_connect(&testbed, managed);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    xmpp_disconnect(testbed.conn);
    xmpp_run_once(testbed.ctx, 1);
    xmpp_conn_drop(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "nobody waits any more");
    ok(xmpp_conn_is_resumable(testbed.conn), "the server did not say its end");
    testbed_peer_done(&testbed, "closing");
    testbed_free(&testbed, "closing");
}

int main(void)
{
    adapts();
    swallowed(managed, "swallowed, managed");
    swallowed(plain, "swallowed, not managed");
    options_at_once(true);
    options_at_once(false);
    close_timeout_at_once();
    checks(managed, "check, managed");
    checks(plain, "check, not managed");
    drops();
    drops_early();
    drops_while_closing();
    return done_testing();
}
