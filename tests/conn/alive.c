/* alive.c - is the server still there, and what ends a connection that the
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
    struct bed bed;

    bed_make(&bed);
    xmpp_conn_set_option(bed.conn, XMPP_OPT_PING_AFTER, 100);
    xmpp_conn_set_option(bed.conn, XMPP_OPT_PING_TIMEOUT, 100);
    xmpp_timed_handler_add(bed.conn, chatter, 20, bed.ctx);
    bed_connect(&bed, script);
    bed_until(&bed, &bed.downs, 1, "what is written is no sign of life");
    bed_failed(&bed, XMPP_LAYER_TCP, XMPP_ETIMEOUT, what);
    is_int(bed.error, ETIMEDOUT, "libstrophe's error too");
    bed_peer_done(&bed, what);
    bed_free(&bed, what);
}

static void set_when_up(struct bed *bed, xmpp_conn_event_t event)
{
    if (event != XMPP_CONN_CONNECT || bed->pointer)
        return;
    xmpp_conn_set_option(bed->conn, XMPP_OPT_PING_AFTER, 20);
    xmpp_conn_set_option(bed->conn, XMPP_OPT_PING_TIMEOUT, 20);
}

/* Set by the connection's own handler, or from outside while it is idle. */
static void options_at_once(bool inside)
{
    struct bed bed;

    bed_make(&bed);
    bed.on_event = set_when_up;
    bed.pointer = inside ? NULL : &bed;
    bed_connect(&bed, managed);
    bed_until(&bed, &bed.ups, 1, "up");
    xmpp_run_once(bed.ctx, 1);
    bed.pointer = NULL;
    if (!inside)
        set_when_up(&bed, XMPP_CONN_CONNECT);
    bed_until(&bed, &bed.downs, 1, "an idle connection looks at its options");
    bed_failed(&bed, XMPP_LAYER_TCP, XMPP_ETIMEOUT, "options");
    bed_peer_done(&bed, "options");
    bed_free(&bed, "options");
}

/* The end of an ending connection comes as soon as its option says. */
static void close_timeout_at_once(void)
{
    struct bed bed;

    bed_make(&bed);
    xmpp_conn_set_option(bed.conn, XMPP_OPT_CLOSE_TIMEOUT, 3600000);
    bed_connect(&bed, managed);
    bed_until(&bed, &bed.ups, 1, "up");
    xmpp_disconnect(bed.conn);
    xmpp_run_once(bed.ctx, 1);
    is_int(bed.downs, 0, "it waits for the server's end");
    xmpp_conn_set_option(bed.conn, XMPP_OPT_CLOSE_TIMEOUT, 0);
    bed_until(&bed, &bed.downs, 1, "and does not any more");
    bed_peer_done(&bed, "close timeout");
    bed_free(&bed, "close timeout");
}

static void checks(const char *const *script, const char *what)
{
    struct bed bed;

    bed_make(&bed);
    is_int(xmpp_conn_check(bed.conn, 20), XMPP_ENOTCONN, "not connected");
    bed_connect(&bed, script);
    is_int(xmpp_conn_check(bed.conn, 20), XMPP_ENOTCONN, "not yet");
    bed_until(&bed, &bed.ups, 1, "up");
    is_int(xmpp_conn_check(bed.conn, 20), 0, "a sign of life is asked for");
    bed_until(&bed, &bed.downs, 1, "and does not come");
    bed_failed(&bed, XMPP_LAYER_TCP, XMPP_ETIMEOUT, what);
    bed_peer_done(&bed, what);
    bed_free(&bed, what);
    is_int(xmpp_conn_check(NULL, 1), XMPP_ENOTCONN, "no connection");
}

/* ---- dropping ---------------------------------------------------- */

static void again_once(struct bed *bed, xmpp_conn_event_t event)
{
    if (event == XMPP_CONN_DISCONNECT && bed->downs == 1)
        bed_connect_again(bed);
}

static void drops(void)
{
    struct fate one = {0};
    struct bed bed;

    bed_make(&bed);
    xmpp_conn_drop(NULL);
    xmpp_conn_drop(bed.conn);
    bed.on_event = again_once;
    bed_connect(&bed, resumes);
    bed_until(&bed, &bed.ups, 1, "up");
    fate_send(&bed, "m1", &one);
    xmpp_run_once(bed.ctx, 1);
    xmpp_conn_drop(bed.conn);
    is_int(bed.downs, 0, "told from the loop");
    bed_until(&bed, &bed.ups, 2, "up again");
    ok(!xmpp_conn_get_failure(bed.conn), "no failure");
    ok(xmpp_conn_is_resumed(bed.conn), "the session goes on");
    bed_until(&bed, &one.told, 1, "what was not acknowledged is");
    is_int(one.status, 0, "by the next connection");
    xmpp_disconnect(bed.conn);
    bed_until(&bed, &bed.downs, 2, "down");
    bed_peer_done(&bed, "dropping");
    bed_free(&bed, "dropping");
}

static void drops_early(void)
{
    static const char *const mute[] = {"C <stream:stream", "eof", NULL};
    struct bed bed;

    bed_make(&bed);
    bed_connect(&bed, mute);
    xmpp_conn_drop(bed.conn);
    bed_until(&bed, &bed.downs, 1, "before there is a socket");
    bed_connect_again(&bed);
    for (int i = 0; i < 3; i++)
        xmpp_run_once(bed.ctx, 1);
    xmpp_conn_drop(bed.conn);
    bed_until(&bed, &bed.downs, 2, "in the login");
    ok(!xmpp_conn_get_failure(bed.conn), "no failure");
    peer_poke(bed.peer);
    peer_join(bed.peer);
    bed_free(&bed, "dropping early");
}

static void drops_while_closing(void)
{
    struct bed bed;

    bed_make(&bed);
    xmpp_conn_set_option(bed.conn, XMPP_OPT_CLOSE_TIMEOUT, 3600000);
    bed_connect(&bed, managed);
    bed_until(&bed, &bed.ups, 1, "up");
    xmpp_disconnect(bed.conn);
    xmpp_run_once(bed.ctx, 1);
    xmpp_conn_drop(bed.conn);
    bed_until(&bed, &bed.downs, 1, "nobody waits any more");
    ok(xmpp_conn_is_resumable(bed.conn), "the server did not say its end");
    bed_peer_done(&bed, "closing");
    bed_free(&bed, "closing");
}

int main(void)
{
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
