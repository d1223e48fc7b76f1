/* closing.c - what was accepted before xmpp_disconnect() is delivered, or told
 * and kept. */

#include <stdlib.h>
#include <string.h>

#include "conn/fate.h"

#define COUNT 30
#define SIZE 100000

/* A script of the peer that is made line by line. */
struct script {
    const char *lines[8 * COUNT];
    char acks[COUNT][64];
    size_t n;
};

static void put(struct script *s, const char *const *lines)
{
    while (*lines)
        s->lines[s->n++] = *lines++;
}

/* All of them come, and are acknowledged one by one if `acks`. */
static void put_arrivals(struct script *s, bool acks)
{
    for (size_t i = 0; i < COUNT; i++) {
        s->lines[s->n++] = "C </message>";
        snprintf(s->acks[i], sizeof(s->acks[i]),
                 "S <a xmlns='urn:xmpp:sm:3' h='%zu'/>", i + 1);
        if (acks)
            s->lines[s->n++] = s->acks[i];
    }
}

static struct fate fates[COUNT];

static int send_long(struct testbed *testbed, struct fate *fate)
{
    xmpp_stanza_t *m =
        xmpp_message_new(testbed->ctx, "chat", "a@example.org", NULL);
    char *body = malloc(SIZE);

    memset(body, 'x', SIZE - 1);
    body[SIZE - 1] = '\0';
    xmpp_message_set_body(m, body);
    free(body);
    return xmpp_send_tracked(testbed->conn, m, fate_told, fate);
}

static void send_and_end(struct testbed *testbed, xmpp_conn_event_t event)
{
    int refused = 0;

    if (event == XMPP_CONN_DISCONNECT && testbed->downs == 1 && testbed->count)
        testbed_connect_again(testbed);
    if (event != XMPP_CONN_CONNECT)
        return;
    for (size_t i = 0; testbed->ups == 1 && i < COUNT; i++)
        refused += send_long(testbed, &fates[i]) != 0;
    is_int(refused, 0, "all are accepted");
    xmpp_disconnect(testbed->conn);
}

static void begin(struct testbed *testbed, const struct script *s,
                  long patience)
{
    memset(fates, 0, sizeof(fates));
    testbed_make_virtual(testbed);
    testbed->on_event = send_and_end;
    xmpp_conn_set_option(testbed->conn, XMPP_OPT_CLOSE_TIMEOUT, patience);
    testbed_connect(testbed, s->lines);
}

static int told(int status)
{
    int n = 0;

    for (size_t i = 0; i < COUNT; i++)
        n += fates[i].told == 1 && fates[i].status == status;
    return n;
}

/* It takes several times XMPP_OPT_CLOSE_TIMEOUT for all of it, but never so
 * long for a part. */
static void slowly(bool managed)
{
    static const char *const with[] = {TO_ENABLE, ENABLED, "slow 15", NULL};
    static const char *const without[] = {PEER_LOGIN, "slow 15", NULL};
    static const char *const end[] = {PEER_CLOSE, NULL};
    struct script s = {.n = 0};
    struct testbed testbed;

    put(&s, managed ? with : without);
    put_arrivals(&s, managed);
    put(&s, end);
    begin(&testbed, &s, 700);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    ok(!xmpp_conn_get_failure(testbed.conn), "no failure");
    is_int(xmpp_conn_send_queue_len(testbed.conn), 0, "nothing waits");
    is_int(told(managed ? 0 : 1), COUNT, "all are told of");
    ok(!xmpp_conn_is_resumable(testbed.conn), "the session is over");
    testbed_peer_done(&testbed, "slowly");
    testbed_free(&testbed, "slowly");
}

/* Who reads nothing: what was not taken is told, kept, and comes next time. */
static void deaf_once(bool managed)
{
    static const char *const with[] = {TO_ENABLE,    ENABLED,     "deaf",
                                       "accept",     TO_FEATURES, RESUME("0"),
                                       RESUMED("0"), NULL};
    static const char *const end[] = {PEER_CLOSE, NULL};
    static const char *const without[] = {PEER_LOGIN, "deaf", NULL};
    struct script s = {.n = 0};
    struct testbed testbed;
    int waits;

    put(&s, managed ? with : without);
    if (managed) {
        put_arrivals(&s, true);
        put(&s, end);
    }
    begin(&testbed, &s, 100);
    testbed_until(&testbed, &testbed.downs, 1, "it is not waited for");
    testbed_failed(&testbed, XMPP_LAYER_STREAM, XMPP_ETIMEOUT, "deaf");
    ok(xmpp_conn_get_failure(testbed.conn)->retry, "another attempt may help");
    waits = xmpp_conn_send_queue_len(testbed.conn);
    ok(waits > COUNT / 2, "most waits for the next connection");
    is_int(waits + (int)xmpp_conn_get_unacked(testbed.conn) + told(1), COUNT,
           "nothing is dropped");
    is_int(told(XMPP_ENOTCONN), 0, "nor given up");
    if (managed) {
        testbed.count = 1; /* no second DISCONNECT comes before */
        testbed_connect_again(&testbed);
        testbed_until(&testbed, &testbed.downs, 2, "down");
        ok(!xmpp_conn_get_failure(testbed.conn), "no failure");
        is_int(told(0), COUNT, "all are told of, once");
    }
    if (!managed)
        memory_server_poke(testbed.server);
    testbed_peer_done(&testbed, "deaf");
    testbed_free(&testbed, "deaf");
    is_int(told(managed ? 0 : 1) + told(XMPP_ENOTCONN), COUNT, "each once");
}

/* ---- asked too late ---------------------------------------------- */

static int warnings;

static void on_line(void *userdata, xmpp_log_level_t level, const char *area,
                    const char *line)
{
    (void)userdata;
    if (level >= XMPP_LEVEL_WARN)
        printf("# %s %s\n", area, line);
    warnings += level >= XMPP_LEVEL_WARN;
}

static const xmpp_log_t log_warnings = {on_line, NULL};

static int answer_it(xmpp_conn_t *conn, xmpp_stanza_t *iq, void *userdata)
{
    (void)userdata;
    xmpp_send_take(conn, xmpp_iq_result(conn, iq));
    return 1;
}

/* Who asks while we end the stream gets no answer, and the application is not
 * warned of what it cannot change. */
static void asked_late(void)
{
    static const char *const script[] = {
        PEER_LOGIN,
        "C </stream:stream>",
        "S <iq type='get' id='1' from='a@example.org/b'><a "
        "xmlns='urn:a'/></iq>",
        "S <iq type='get' id='2' from='a@example.org/b'><b "
        "xmlns='urn:b'/></iq>",
        "S <iq type='get' id='3' from='a@example.org/b'><ping "
        "xmlns='urn:xmpp:ping'/></iq>",
        "S </stream:stream>",
        "eof",
        NULL};
    struct testbed testbed;

    testbed_make_log(&testbed, &log_warnings);
    testbed.on_event = testbed_close_when_up;
    xmpp_handler_add(testbed.conn, answer_it, "urn:b", "iq", "get", NULL);
    testbed_connect(&testbed, script);
    warnings = 0;
    testbed_until(&testbed, &testbed.downs, 1, "down");
    is_int(warnings, 0, "no warning about requests that came too late");
    testbed_peer_done(&testbed, "asked late");
    testbed_free(&testbed, "asked late");
}

int main(void)
{
    asked_late();
    slowly(true);
    slowly(false);
    deaf_once(true);
    deaf_once(false);
    return done_testing();
}
