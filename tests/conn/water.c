/* water.c - the marks of the queue are reported, and one connection does not
 * write all that it has in one turn. */

#include <stdlib.h>

#include "conn/fate.h"

static struct testbed testbed;
static int highs, lows;

static void on_water(xmpp_conn_t *conn, int is_high, void *userdata)
{
    ok(conn == testbed.conn && userdata == &highs, "the handler's own");
    if (is_high)
        highs++;
    else
        lows++;
}

static void begin(const char *const *script)
{
    highs = lows = 0;
    testbed_make_virtual(&testbed);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "up");
}

static void end(void)
{
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    testbed_peer_done(&testbed, "water");
    testbed_free(&testbed, "water");
}

static int send_bytes(const char *id, size_t n)
{
    xmpp_stanza_t *message = xmpp_message_new(testbed.ctx, NULL, NULL, id);
    char *text = malloc(n + 1);

    memset(text, 'x', n);
    text[n] = '\0';
    xmpp_message_set_body(message, text);
    free(text);
    return xmpp_send_take(testbed.conn, message);
}

/* ---- the marks ---------------------------------------------------- */

static void marks(void)
{
    static const char *const script[] = {
        TO_ENABLE,      ENABLED,    "C id=\"m1\"", "C id=\"m3\"",
        "C </message>", ACK("2"),   "C id=\"m4\"", "C </message>",
        ACK("4"),       PEER_CLOSE, NULL};

    begin(script);
    is_int(xmpp_conn_set_water_marks(NULL, 1, 2, on_water, NULL), XMPP_EINVOP,
           "marks of nothing");
    is_int(xmpp_conn_set_water_marks(testbed.conn, 5, 5, on_water, NULL),
           XMPP_EARG, "the low mark is below the high one");
    is_int(
        xmpp_conn_set_water_marks(testbed.conn, 1500, 3000, on_water, &highs),
        0, "marks");
    send_bytes("m1", 1000);
    send_bytes("m2", 1000);
    ok(xmpp_conn_queue_size(testbed.conn) > 2000, "so much waits");
    xmpp_run_once(testbed.ctx, 0);
    is_int(highs, 0, "below the mark");
    send_bytes("m3", 1000);
    is_int(highs, 0, "nothing is reported inside of a send");
    testbed_until(&testbed, &highs, 1, "it rose above the high mark");
    testbed_until(&testbed, &lows, 1, "it fell below the low mark");
    ok(xmpp_conn_queue_size(testbed.conn) < 1500, "less than that waits");
    send_bytes("m4", 10000);
    testbed_until(&testbed, &highs, 2, "and rose again");
    testbed_until(&testbed, &lows, 2, "and fell");
    end();
    is_int(highs + lows, 4, "each is reported once");
}

static void on_fill(xmpp_conn_t *conn, int is_high, void *userdata)
{
    int *left = userdata;

    (void)conn;
    if (!is_high && --*left > 0)
        send_bytes("more", 200000);
}

/* A program that goes on when it may. */
static void refilled(void)
{
    static const char *const script[] = {PEER_LOGIN,
                                         "C id=\"first\"",
                                         "C id=\"more\"",
                                         "C id=\"more\"",
                                         "C </message>",
                                         PEER_CLOSE,
                                         NULL};
    int left = 3, none = 0;

    begin(script);
    xmpp_conn_set_water_marks(testbed.conn, 0, 5000, on_fill, &left);
    send_bytes("first", 200000);
    for (int i = 0; left > 0 && i < 1000; i++)
        xmpp_run_once(testbed.ctx, 0);
    is_int(left, 0, "each time that all has left, more is sent");
    xmpp_conn_set_water_marks(testbed.conn, 0, 0, NULL, &none);
    end();
}

static void on_release(xmpp_conn_t *conn, int is_high, void *userdata)
{
    (void)is_high;
    (void)userdata;
    highs++;
    testbed.conn = NULL;
    xmpp_conn_release(conn);
}

static void released(void)
{
    static const char *const script[] = {PEER_LOGIN, "eof", NULL};

    begin(script);
    xmpp_conn_set_water_marks(testbed.conn, 0, 1000, on_release, NULL);
    send_bytes("m1", 500000);
    testbed_until(&testbed, &highs, 1, "the handler released the connection");
    is_int(testbed.downs, 1, "which has ended");
    testbed_peer_end(&testbed);
    testbed_free(&testbed, "released");
}

/* ---- in turns ------------------------------------------------------ */

static void in_turns(void)
{
    static const char *const script[] = {PEER_LOGIN, "C id=\"last\"",
                                         "C </message>", PEER_CLOSE, NULL};
    size_t before, size, most = 0;

    begin(script);
    for (int i = 0; i < 100; i++)
        send_bytes(i < 99 ? "one" : "last", 10000);
    size = xmpp_conn_queue_size(testbed.conn);
    for (int i = 0; size && i < 1000; i++) {
        before = size;
        xmpp_run_once(testbed.ctx, 0);
        size = xmpp_conn_queue_size(testbed.conn);
        most = before - size > most ? before - size : most;
    }
    is_int((long)size, 0, "all of it leaves");
    ok(most && most <= 2 * 65536 + 11000, "at most %zu bytes a turn", most);
    end();
}

int main(void)
{
    marks();
    refilled();
    released();
    in_turns();
    return done_testing();
}
