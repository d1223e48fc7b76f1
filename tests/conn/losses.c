/* losses.c - what a lost connection leaves: what waits, where the server is
 * looked for, and how it is noticed. */

#include <errno.h>
#include <sys/socket.h>

#include "conn/fate.h"

/* ---- what waits -------------------------------------------------- */

static int socket_of_bed;

static int keep_socket(xmpp_conn_t *conn, void *sock)
{
    (void)conn;
    socket_of_bed = *(int *)sock;
    return 0;
}

/* The transport is dead, but nobody knows yet. */
static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct fate *fates = ((struct testbed *)userdata)->pointer;

    (void)conn;
    (void)stanza;
    shutdown(socket_of_bed, SHUT_RDWR);
    fate_send(userdata, "m1", &fates[0]);
    fate_send(userdata, "m2", &fates[1]);
    fate_send(userdata, "m3", &fates[2]);
    return 0;
}

static void take_youngest(struct testbed *testbed, xmpp_conn_event_t event)
{
    char *text;

    if (event != XMPP_CONN_DISCONNECT || testbed->downs != 1)
        return;
    is_int(xmpp_conn_send_queue_len(testbed->conn), 3, "three wait");
    text =
        xmpp_conn_send_queue_drop_element(testbed->conn, XMPP_QUEUE_YOUNGEST);
    ok(text && strstr(text, "id=\"m3\""), "the youngest is taken out");
    xmpp_free(testbed->ctx, text);
    is_int(xmpp_conn_send_queue_len(testbed->conn), 2, "two wait");
    testbed_connect_again(testbed);
}

static void waits(const char *const *script, bool managed)
{
    struct fate fates[3] = {{0}, {0}, {0}};
    struct testbed testbed;

    testbed_make(&testbed);
    if (!managed)
        xmpp_conn_set_flags(testbed.conn, XMPP_CONN_FLAG_DISABLE_TLS |
                                              XMPP_CONN_FLAG_DISABLE_SM);
    testbed.on_event = take_youngest;
    testbed.pointer = fates;
    xmpp_conn_set_sockopt_callback(testbed.conn, keep_socket);
    xmpp_handler_add(testbed.conn, on_message, NULL, "message", NULL, &testbed);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 2, "up again");
    is_int(xmpp_conn_is_resumed(testbed.conn), managed, "resumed or not");
    testbed_until(&testbed, &fates[1].told, 1, "two are told");
    is_int(fates[0].told, 1, "the first too");
    is_int(fates[0].status, managed ? 0 : 1, "acknowledged, or only sent");
    is_int(fates[1].status, managed ? 0 : 1, "acknowledged, or only sent");
    is_int(fates[2].told, 0, "what was taken out is not told");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 2, "down");
    testbed_peer_done(&testbed, "waiting");
    testbed_free(&testbed, "waiting");
}

static void what_waits_is_sent(void)
{
    static const char *const managed[] = {TO_ENABLE,
                                          ENABLED,
                                          "S <message/>",
                                          "eof",
                                          "accept",
                                          TO_FEATURES,
                                          RESUME("1"),
                                          RESUMED("0"),
                                          "C id=\"m1\"/>",
                                          "C id=\"m2\"/>",
                                          ACK("2"),
                                          PEER_CLOSE,
                                          NULL};
    static const char *const unmanaged[] = {
        PEER_LOGIN,      "S <message/>",  "eof",      "accept", PEER_LOGIN,
        "C id=\"m1\"/>", "C id=\"m2\"/>", PEER_CLOSE, NULL};

    waits(managed, true);
    waits(unmanaged, false);
}

static void is_refused(void)
{
    static const char *const script[] = {TO_ENABLE, ENABLED, PEER_CLOSE, NULL};
    struct fate one = {0};
    struct testbed testbed;

    testbed_make(&testbed);
    is_int(fate_send(&testbed, "m1", &one), XMPP_ENOTCONN, "not connected");
    is_int(xmpp_conn_get_unacked(testbed.conn), 0, "nothing is owed");
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    is_int(xmpp_send_tracked(testbed.conn,
                             xmpp_stanza_new_tag(testbed.ctx, "x", "u:x"),
                             fate_told, &one),
           XMPP_EARG, "only stanzas are tracked");
    is_int(xmpp_send_tracked(testbed.conn, NULL, fate_told, &one), XMPP_EMEM,
           "a stanza that could not be made");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    testbed_peer_done(&testbed, "refusing");
    testbed_free(&testbed, "refusing");
    is_int(one.told, 0, "what was refused is not told");
}

/* ---- finding the server again, and losing it --------------------- */

static void here(struct testbed *testbed, char *enabled, size_t size,
                 unsigned port)
{
    (void)testbed;
    snprintf(enabled, size,
             "S <enabled xmlns='urn:xmpp:sm:3' id='sm1' resume='true' "
             "location='127.0.0.1:%u'/>",
             port);
}

static void reconnect_anywhere(struct testbed *testbed, xmpp_conn_event_t event)
{
    if (event == XMPP_CONN_DISCONNECT && testbed->downs == 1)
        is_int(xmpp_connect_client(testbed->conn, NULL, 0, testbed_handler,
                                   testbed),
               0, "a server is looked for");
}

static void at_location(bool somebody)
{
    char enabled[200] = "";
    const char *script[] = {TO_ENABLE,
                            enabled,
                            "C id=\"m1\"/>",
                            "reset",
                            somebody ? "accept" : NULL,
                            TO_FEATURES,
                            RESUME("0"),
                            RESUMED("1"),
                            PEER_CLOSE,
                            NULL};
    struct fate one = {0};
    struct testbed testbed;

    testbed_make(&testbed);
    testbed.on_event = reconnect_anywhere;
    xmpp_ctx_set_dns_servers(testbed.ctx, "127.0.0.1:1");
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_CONNECT_TIMEOUT, 500);
    testbed.peer = fake_server_start(script);
    here(&testbed, enabled, sizeof(enabled),
         somebody ? fake_server_port(testbed.peer) : fake_server_no_port());
    testbed_connect_again(&testbed);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    fate_send(&testbed, "m1", &one);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    if (somebody) {
        testbed_until(&testbed, &testbed.ups, 2,
                      "up again where the server said");
        xmpp_disconnect(testbed.conn);
    }
    testbed_until(&testbed, &testbed.downs, 2, "down");
    if (!somebody)
        testbed_failed(&testbed, XMPP_LAYER_DNS, XMPP_EDNS,
                       "nobody there: the server is looked for as ever");
    testbed_peer_done(&testbed, "locating");
    testbed_free(&testbed, "locating");
}

static void half_open(void)
{
    static const char *const script[] = {
        TO_ENABLE, ENABLED, "C <r xmlns=\"urn:xmpp:sm:3\"/>", "eof", NULL};
    struct testbed testbed;

    testbed_make(&testbed);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_PING_AFTER, 20);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_PING_TIMEOUT, 20);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.downs, 1, "a silent server is given up");
    testbed_failed(&testbed, XMPP_LAYER_TCP, XMPP_ETIMEOUT, "half open");
    is_int(testbed.error, ETIMEDOUT, "libstrophe's error too");
    ok(xmpp_conn_is_resumable(testbed.conn), "the session may go on");
    testbed_peer_done(&testbed, "half open");
    testbed_free(&testbed, "half open");
}

static void too_much(void)
{
    static const char *const script[] = {
        TO_ENABLE, ENABLED, ACK("1"), "C handled-count-too-high", "eof", NULL};
    struct testbed testbed;

    testbed_make(&testbed);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    testbed_failed(&testbed, XMPP_LAYER_STREAM, XMPP_EACK,
                   "too much acknowledged");
    ok(strstr(xmpp_conn_get_failure(testbed.conn)->message,
              "acknowledged 1 stanzas, but only 0 were sent"),
       "told in so many words");
    testbed_peer_done(&testbed, "too much");
    testbed_free(&testbed, "too much");
}

int main(void)
{
    what_waits_is_sent();
    is_refused();
    at_location(true);
    at_location(false);
    half_open();
    too_much();
    return done_testing();
}
