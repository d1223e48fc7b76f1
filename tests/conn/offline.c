/* offline.c - what is sent without a session waits for the next one, if the
 * application wants that: in order, within the limits, and nothing is lost in
 * silence. */

#include "conn/fate.h"

static struct testbed testbed;

static void begin(void)
{
    testbed_make_virtual(&testbed);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_SEND_OFFLINE, 1);
}

static int send_new(xmpp_stanza_t *stanza)
{
    return xmpp_send_take(testbed.conn, stanza);
}

/* ---- what waits, and what does not -------------------------------- */

static void refused(void)
{
    struct fate fate = {0};
    xmpp_stanza_t *iq;

    testbed_make_virtual(&testbed);
    is_int(fate_send(&testbed, "m1", &fate), XMPP_ENOTCONN,
           "nothing waits unless that is wanted");
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_SEND_OFFLINE, 1);
    is_int(send_new(xmpp_presence_new(testbed.ctx)), XMPP_ENOTCONN,
           "presence to all does not wait");
    iq = xmpp_iq_new(testbed.ctx, "get", "q1");
    xmpp_stanza_add_tag(iq, "query", "urn:example:q");
    is_int(send_new(iq), XMPP_ENOTCONN, "nor does a request");
    xmpp_conn_set_jid(testbed.conn, NULL);
    is_int(fate_send(&testbed, "m1", &fate), XMPP_EINVOP,
           "nor anything without an address");
    xmpp_conn_set_jid(testbed.conn, "a@@b");
    is_int(fate_send(&testbed, "m1", &fate), XMPP_EARG,
           "nor with one that is not valid");
    is_int(fate.told, 0, "what is refused has no fate");
    testbed_free(&testbed, "refused");
}

static void send_when_up(struct testbed *b, xmpp_conn_event_t event)
{
    if (event != XMPP_CONN_CONNECT)
        return;
    xmpp_send_take(b->conn, xmpp_presence_new(b->ctx));
    xmpp_disconnect(b->conn);
}

/* A server without stream management. */
static void in_order(void)
{
    static const char *const script[] = {PEER_LOGIN,
                                         "C id=\"m1\"/>",
                                         "C <presence to=\"a@example.org\"/>",
                                         "C id=\"m2\"/>",
                                         "C <presence/>",
                                         "C <presence type=\"unavailable\"/>",
                                         PEER_CLOSE,
                                         NULL};
    struct fate one = {0}, two = {0};
    xmpp_stanza_t *presence;

    begin();
    testbed.on_event = send_when_up;
    is_int(fate_send(&testbed, "m1", &one), 0, "before the first connection");
    presence = xmpp_presence_new(testbed.ctx);
    xmpp_stanza_set_to(presence, "a@example.org");
    is_int(send_new(presence), 0, "also presence to somebody");
    is_int(xmpp_conn_send_queue_len(testbed.conn), 2, "both wait");
    testbed_connect(&testbed, script);
    is_int(fate_send(&testbed, "m2", &two), 0, "and while it logs in");
    testbed_until(&testbed, &testbed.downs, 1, "up and down");
    testbed_peer_done(&testbed, "all of it came, in order");
    is_int(one.told + two.told, 2, "each has its fate");
    is_int(one.status, 1, "sent");
    is_int(two.status, 1, "sent");
    testbed_free(&testbed, "in order");
}

static void send_when_down(struct testbed *b, xmpp_conn_event_t event)
{
    if (event == XMPP_CONN_DISCONNECT && b->downs == 1)
        is_int(fate_send(b, "m2", b->pointer), 0, "when it went down");
}

/* The session goes on, and what was sent before comes first. */
static void resumed(void)
{
    static const char *const script[] = {TO_ENABLE,       ENABLED,
                                         "C id=\"m1\"/>", "reset",
                                         "accept",        TO_FEATURES,
                                         RESUME("0"),     RESUMED("0"),
                                         "C id=\"m1\"/>", "C id=\"m2\"/>",
                                         "C id=\"m3\"/>", ACK("3"),
                                         PEER_CLOSE,      NULL};
    struct fate fates[3] = {{0}};

    testbed_make(&testbed);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_SEND_OFFLINE, 1);
    testbed.on_event = send_when_down;
    testbed.pointer = &fates[1];
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    fate_send(&testbed, "m1", &fates[0]);
    testbed_until(&testbed, &testbed.downs, 1, "the transport is lost");
    is_int(fate_send(&testbed, "m3", &fates[2]), 0, "and after it");
    testbed_connect_again(&testbed);
    testbed_until(&testbed, &fates[2].told, 1, "it is acknowledged");
    for (int i = 0; i < 3; i++)
        is_int(fates[i].status, 0, "each is");
    xmpp_disconnect(testbed.conn);
    is_int(fate_send(&testbed, "m4", &fates[0]), XMPP_ENOTCONN,
           "a stream that ends takes nothing");
    testbed_until(&testbed, &testbed.downs, 2, "down");
    testbed_peer_done(&testbed, "resumed");
    testbed_free(&testbed, "resumed");
}

/* ---- what becomes of the rest -------------------------------------- */

static void limited(void)
{
    struct fate fates[3] = {{0}};

    begin();
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_MAX_UNACKED, 2);
    is_int(fate_send(&testbed, "m1", &fates[0]), 0, "one");
    is_int(fate_send(&testbed, "m2", &fates[1]), 0, "another");
    is_int(fate_send(&testbed, "m3", &fates[2]), XMPP_EFULL, "one too many");
    xmpp_conn_release(testbed.conn);
    testbed.conn = NULL;
    is_int(fates[0].status, XMPP_ENOTCONN, "the connection is released");
    is_int(fates[1].status, XMPP_ENOTCONN, "both are given back");
    is_int(fates[2].told, 0, "the third never was the library's");
    testbed_free(&testbed, "limited");
}

static void of_another(void)
{
    struct fate one = {0}, two = {0};

    begin();
    fate_send(&testbed, "m1", &one);
    xmpp_conn_set_jid(testbed.conn, "example.net");
    is_int(fate_send(&testbed, "m2", &two), 0, "for another account");
    is_int(one.told, 1, "the first account's is given back");
    is_int(one.status, XMPP_ENOTCONN, "it is never sent by the second");
    is_int(two.told, 0, "the second's waits");
    testbed_free(&testbed, "another account");
    is_int(two.status, XMPP_ENOTCONN, "until the end");
}

static void release_it(xmpp_conn_t *conn, int status, const char *text,
                       size_t length, void *userdata)
{
    (void)status;
    (void)text;
    (void)length;
    ++*(int *)userdata;
    xmpp_conn_release(conn);
}

static void released_inside(void)
{
    struct fate two = {0};
    int told = 0;

    begin();
    xmpp_send_tracked(testbed.conn,
                      xmpp_message_new(testbed.ctx, NULL, "a@b", "m1"),
                      release_it, &told);
    xmpp_conn_set_jid(testbed.conn, "example.net");
    is_int(fate_send(&testbed, "m2", &two), 0, "a send that ends it all");
    testbed.conn = NULL;
    is_int(told, 1, "the first one's handler released the connection");
    is_int(two.status, XMPP_ENOTCONN, "the second is given back");
    testbed_free(&testbed, "released inside");
}

static void without_memory(void)
{
    struct fate fate = {0};
    int rc = XMPP_EMEM;

    begin();
    for (unsigned long n = 1; rc == XMPP_EMEM; n++) {
        failmem_arm(&testbed.memory, n, 0);
        rc = fate_send(&testbed, "m1", &fate);
        if (!testbed.memory.failed)
            break;
        ok(rc == XMPP_EMEM || rc == 0, "without memory: %d", rc);
    }
    failmem_arm(&testbed.memory, 0, 0);
    is_int(rc, 0, "with enough it waits");
    is_int(xmpp_conn_send_queue_len(testbed.conn), 1, "once");
    testbed_free(&testbed, "without memory");
    is_int(fate.told, 1, "and has one fate");
}

int main(void)
{
    refused();
    in_order();
    resumed();
    limited();
    of_another();
    released_inside();
    without_memory();
    return done_testing();
}
