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
    struct fate *fates = ((struct bed *)userdata)->pointer;

    (void)conn;
    (void)stanza;
    shutdown(socket_of_bed, SHUT_RDWR);
    fate_send(userdata, "m1", &fates[0]);
    fate_send(userdata, "m2", &fates[1]);
    fate_send(userdata, "m3", &fates[2]);
    return 0;
}

static void take_youngest(struct bed *bed, xmpp_conn_event_t event)
{
    char *text;

    if (event != XMPP_CONN_DISCONNECT || bed->downs != 1)
        return;
    is_int(xmpp_conn_send_queue_len(bed->conn), 3, "three wait");
    text = xmpp_conn_send_queue_drop_element(bed->conn, XMPP_QUEUE_YOUNGEST);
    ok(text && strstr(text, "id=\"m3\""), "the youngest is taken out");
    xmpp_free(bed->ctx, text);
    is_int(xmpp_conn_send_queue_len(bed->conn), 2, "two wait");
    bed_connect_again(bed);
}

static void waits(const char *const *script, bool managed)
{
    struct fate fates[3] = {{0}, {0}, {0}};
    struct bed bed;

    bed_make(&bed);
    if (!managed)
        xmpp_conn_set_flags(bed.conn, XMPP_CONN_FLAG_DISABLE_TLS |
                                          XMPP_CONN_FLAG_DISABLE_SM);
    bed.on_event = take_youngest;
    bed.pointer = fates;
    xmpp_conn_set_sockopt_callback(bed.conn, keep_socket);
    xmpp_handler_add(bed.conn, on_message, NULL, "message", NULL, &bed);
    bed_connect(&bed, script);
    bed_until(&bed, &bed.ups, 2, "up again");
    is_int(xmpp_conn_is_resumed(bed.conn), managed, "resumed or not");
    bed_until(&bed, &fates[1].told, 1, "two are told");
    is_int(fates[0].told, 1, "the first too");
    is_int(fates[0].status, managed ? 0 : 1, "acknowledged, or only sent");
    is_int(fates[1].status, managed ? 0 : 1, "acknowledged, or only sent");
    is_int(fates[2].told, 0, "what was taken out is not told");
    xmpp_disconnect(bed.conn);
    bed_until(&bed, &bed.downs, 2, "down");
    bed_peer_done(&bed, "waiting");
    bed_free(&bed, "waiting");
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
    struct bed bed;

    bed_make(&bed);
    is_int(fate_send(&bed, "m1", &one), XMPP_ENOTCONN, "not connected");
    is_int(xmpp_conn_get_unacked(bed.conn), 0, "nothing is owed");
    bed_connect(&bed, script);
    bed_until(&bed, &bed.ups, 1, "up");
    is_int(xmpp_send_tracked(bed.conn, xmpp_stanza_new_tag(bed.ctx, "x", "u:x"),
                             fate_told, &one),
           XMPP_EARG, "only stanzas are tracked");
    is_int(xmpp_send_tracked(bed.conn, NULL, fate_told, &one), XMPP_EMEM,
           "a stanza that could not be made");
    xmpp_disconnect(bed.conn);
    bed_until(&bed, &bed.downs, 1, "down");
    bed_peer_done(&bed, "refusing");
    bed_free(&bed, "refusing");
    is_int(one.told, 0, "what was refused is not told");
}

/* ---- finding the server again, and losing it --------------------- */

static void here(struct bed *bed, char *enabled, size_t size, unsigned port)
{
    (void)bed;
    snprintf(enabled, size,
             "S <enabled xmlns='urn:xmpp:sm:3' id='sm1' resume='true' "
             "location='127.0.0.1:%u'/>",
             port);
}

static void reconnect_anywhere(struct bed *bed, xmpp_conn_event_t event)
{
    if (event == XMPP_CONN_DISCONNECT && bed->downs == 1)
        is_int(xmpp_connect_client(bed->conn, NULL, 0, bed_handler, bed), 0,
               "a server is looked for");
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
    struct bed bed;

    bed_make(&bed);
    bed.on_event = reconnect_anywhere;
    xmpp_ctx_set_dns_servers(bed.ctx, "127.0.0.1:1");
    xmpp_conn_set_option(bed.conn, XMPP_OPT_CONNECT_TIMEOUT, 500);
    bed.peer = peer_start(script);
    here(&bed, enabled, sizeof(enabled),
         somebody ? peer_port(bed.peer) : peer_no_port());
    bed_connect_again(&bed);
    bed_until(&bed, &bed.ups, 1, "up");
    fate_send(&bed, "m1", &one);
    bed_until(&bed, &bed.downs, 1, "down");
    if (somebody) {
        bed_until(&bed, &bed.ups, 2, "up again where the server said");
        xmpp_disconnect(bed.conn);
    }
    bed_until(&bed, &bed.downs, 2, "down");
    if (!somebody)
        bed_failed(&bed, XMPP_LAYER_DNS, XMPP_EDNS,
                   "nobody there: the server is looked for as ever");
    bed_peer_done(&bed, "locating");
    bed_free(&bed, "locating");
}

static void half_open(void)
{
    static const char *const script[] = {
        TO_ENABLE, ENABLED, "C <r xmlns=\"urn:xmpp:sm:3\"/>", "eof", NULL};
    struct bed bed;

    bed_make(&bed);
    xmpp_conn_set_option(bed.conn, XMPP_OPT_PING_AFTER, 20);
    xmpp_conn_set_option(bed.conn, XMPP_OPT_PING_TIMEOUT, 20);
    bed_connect(&bed, script);
    bed_until(&bed, &bed.downs, 1, "a silent server is given up");
    bed_failed(&bed, XMPP_LAYER_TCP, XMPP_ETIMEOUT, "half open");
    is_int(bed.error, ETIMEDOUT, "libstrophe's error too");
    ok(xmpp_conn_is_resumable(bed.conn), "the session may go on");
    bed_peer_done(&bed, "half open");
    bed_free(&bed, "half open");
}

static void too_much(void)
{
    static const char *const script[] = {
        TO_ENABLE, ENABLED, ACK("1"), "C handled-count-too-high", "eof", NULL};
    struct bed bed;

    bed_make(&bed);
    bed_connect(&bed, script);
    bed_until(&bed, &bed.downs, 1, "down");
    bed_failed(&bed, XMPP_LAYER_STREAM, XMPP_EACK, "too much acknowledged");
    ok(strstr(xmpp_conn_get_failure(bed.conn)->message,
              "handled-count-too-high: it counts 1 stanzas, 0 were sent"),
       "told in so many words");
    bed_peer_done(&bed, "too much");
    bed_free(&bed, "too much");
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
