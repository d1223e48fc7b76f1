/* pressure.c - much that is said at once: nothing that cannot be reported is
 * lost, and nobody makes us hold more than we want. */

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "conn/fate.h"

#define COUNT 100000
#define LONG 16000

static char *long_text(size_t n)
{
    char *text = malloc(n + 1);

    memset(text, 'x', n);
    text[n] = '\0';
    return text;
}

static xmpp_stanza_t *long_message(struct testbed *testbed, size_t n)
{
    xmpp_stanza_t *m =
        xmpp_message_new(testbed->ctx, "chat", "a@example.org", NULL);
    char *text = long_text(n);

    xmpp_message_set_body(m, text);
    free(text);
    return m;
}

/* The kernel's share is small, so that what is not taken waits here. */
static int narrow(xmpp_conn_t *conn, void *sock)
{
    int size = 32768;

    (void)conn;
    return setsockopt(*(int *)sock, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size));
}

static void make(struct testbed *testbed)
{
    testbed_make(testbed);
    xmpp_conn_set_sockopt_callback(testbed->conn, narrow);
    xmpp_conn_set_option(testbed->conn, XMPP_OPT_MAX_OUTBOX, 65536);
}

/* ---- what the application says ----------------------------------- */

static void ask_often(struct testbed *testbed, xmpp_conn_event_t event)
{
    char id[32];

    if (event != XMPP_CONN_CONNECT)
        return;
    for (int i = 0; i < COUNT; i++) {
        xmpp_stanza_t *iq;

        snprintf(id, sizeof(id), "q%d", i);
        iq = xmpp_iq_new(testbed->ctx, "get", id);
        xmpp_send(testbed->conn, iq);
        xmpp_stanza_release(iq);
    }
    is_int(xmpp_conn_send_queue_len(testbed->conn), COUNT, "all of them wait");
}

/* Were one of them lost, so many could not be acknowledged. */
static void asks_often(void)
{
    static const char *const script[] = {
        TO_ENABLE, ENABLED, "C id=\"q99999\"", ACK("100000"), PEER_CLOSE, NULL};
    struct testbed testbed;

    make(&testbed);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_MAX_UNACKED, 10);
    testbed.on_event = ask_often;
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    ok(!xmpp_conn_get_failure(testbed.conn), "no failure");
    is_int(xmpp_conn_get_unacked(testbed.conn), 0, "all is acknowledged");
    is_int(xmpp_conn_send_queue_len(testbed.conn), 0, "nothing waits");
    testbed_peer_done(&testbed, "asking often");
    testbed_free(&testbed, "asking often");
}

static void by_send(struct testbed *testbed, xmpp_stanza_t *stanza,
                    const char *text)
{
    (void)text;
    xmpp_send(testbed->conn, stanza);
}

static void by_send_of_half(struct testbed *testbed, xmpp_stanza_t *stanza,
                            const char *text)
{
    xmpp_message_set_body(stanza, text);
    xmpp_send(testbed->conn, stanza);
}

static void by_raw(struct testbed *testbed, xmpp_stanza_t *stanza,
                   const char *text)
{
    (void)stanza;
    xmpp_send_raw(testbed->conn, text, strlen(text));
}

static void by_raw_string(struct testbed *testbed, xmpp_stanza_t *stanza,
                          const char *text)
{
    (void)stanza;
    xmpp_send_raw_string(testbed->conn, "%s", text);
}

static void by_error(struct testbed *testbed, xmpp_stanza_t *stanza,
                     const char *text)
{
    (void)stanza, (void)text;
    xmpp_send_error(testbed->conn, XMPP_SE_POLICY_VIOLATION, NULL);
}

static void without_memory(void (*send)(struct testbed *testbed,
                                        xmpp_stanza_t *stanza,
                                        const char *text))
{
    static const char *const script[] = {TO_ENABLE, ENABLED, "eof", NULL};
    char *text = long_text(10 * LONG);
    xmpp_stanza_t *m;
    struct testbed testbed;

    testbed_make(&testbed);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    m = long_message(&testbed, 10 * LONG);
    failmem_arm(&testbed.memory, 1, 1);
    send(&testbed, m, text);
    failmem_arm(&testbed.memory, 0, 0);
    xmpp_stanza_release(m);
    testbed_until(&testbed, &testbed.downs, 1,
                  "what would be lost ends the connection");
    testbed_failed(&testbed, XMPP_LAYER_APP, XMPP_EMEM, "without memory");
    testbed_peer_done(&testbed, "without memory");
    testbed_free(&testbed, "without memory");
    free(text);
}

/* ---- what the server makes it say -------------------------------- */

static int answer(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct testbed *testbed = userdata;
    xmpp_stanza_t *m = long_message(testbed, LONG);

    (void)stanza;
    testbed->count++;
    xmpp_send(conn, m);
    xmpp_stanza_release(m);
    return 1;
}

static int count(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    (void)conn, (void)stanza;
    ((struct testbed *)userdata)->count++;
    return 1;
}

static void say_much(struct testbed *testbed, xmpp_conn_event_t event)
{
    xmpp_stanza_t *m;

    if (event != XMPP_CONN_CONNECT)
        return;
    for (int i = 0; i < 200; i++) {
        m = long_message(testbed, LONG);
        if (i == 199)
            xmpp_stanza_set_id(m, "last");
        xmpp_send(testbed->conn, m);
        xmpp_stanza_release(m);
    }
}

/* Of much that it says itself nothing is taken, and still it listens. */
static void listens(void)
{
    static const char *const script[] = {
        PEER_LOGIN, "S <message/>", "deaf", "C id=\"last\"", PEER_CLOSE, NULL};
    struct testbed testbed;

    make(&testbed);
    testbed.on_event = say_much;
    xmpp_handler_add(testbed.conn, count, NULL, "message", NULL, &testbed);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.count, 1, "it hears");
    ok(xmpp_conn_send_queue_len(testbed.conn) > 100, "though nobody hears it");
    fake_server_poke(testbed.peer);
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    ok(!xmpp_conn_get_failure(testbed.conn), "no failure");
    testbed_peer_done(&testbed, "listening");
    testbed_free(&testbed, "listening");
}

static char questions[20000 * sizeof("<message/>") + 3];

static const char *question(int n)
{
    strcpy(questions, "S ");
    for (char *to = questions + 2; n--; to += strlen(to))
        strcpy(to, "<message/>");
    return questions;
}

/* Of its answers nothing is taken: then it does not listen for more. */
static void stops_to_listen(void)
{
    const char *const script[] = {PEER_LOGIN, question(20000), "deaf", NULL};
    struct testbed testbed;
    int before = -1, same = 0;

    make(&testbed);
    xmpp_handler_add(testbed.conn, answer, NULL, "message", NULL, &testbed);
    testbed_connect(&testbed, script);
    while (testbed.count == 0 || same < 100) {
        same = before == testbed.count ? same + 1 : 0;
        before = testbed.count;
        xmpp_run_once(testbed.ctx, 10);
    }
    ok(testbed.count < 19000, "and does not hear all");
    ok(testbed.memory.bytes < 200000000, "nor does it take memory for all");
    xmpp_conn_drop(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    fake_server_poke(testbed.peer);
    fake_server_join(testbed.peer); /* all of it can hardly have left */
    testbed_free(&testbed, "not listening");
}

static void answer_and_say_so(struct testbed *testbed, int n)
{
    xmpp_stanza_t *m;

    testbed_until(testbed, &testbed->count, n, "it answers");
    m = xmpp_message_new(testbed->ctx, "chat", "a@example.org", "done");
    xmpp_send(testbed->conn, m);
    xmpp_stanza_release(m);
}

/* Answers that are taken and never acknowledged, with a limit of 512 KiB. */
static void acknowledges_none(void)
{
    const char *const script[] = {
        TO_ENABLE,      ENABLED, question(50), "C id=\"done\"",
        "S <message/>", "eof",   NULL};
    struct testbed testbed;

    make(&testbed);
    xmpp_handler_add(testbed.conn, answer, NULL, "message", NULL, &testbed);
    testbed_connect(&testbed, script);
    answer_and_say_so(&testbed, 50);
    testbed_until(&testbed, &testbed.downs, 1, "that has an end");
    testbed_failed(&testbed, XMPP_LAYER_STREAM, XMPP_ELIMIT,
                   "acknowledging none");
    testbed_peer_done(&testbed, "acknowledging none");
    testbed_free(&testbed, "acknowledging none");
}

static void acknowledges(void)
{
    const char *ask = question(25);
    const char *const script[] = {TO_ENABLE,      ENABLED,    ask,
                                  "C </message>", ACK("1"),   "C id=\"done\"",
                                  ACK("26"),      ask,        "C id=\"done\"",
                                  ACK("52"),      PEER_CLOSE, NULL};
    struct testbed testbed;

    make(&testbed);
    xmpp_handler_add(testbed.conn, answer, NULL, "message", NULL, &testbed);
    testbed_connect(&testbed, script);
    answer_and_say_so(&testbed, 25);
    answer_and_say_so(&testbed, 50);
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    ok(!xmpp_conn_get_failure(testbed.conn), "no failure");
    testbed_peer_done(&testbed, "acknowledging");
    testbed_free(&testbed, "acknowledging");
}

int main(void)
{
    asks_often();
    without_memory(by_send);
    without_memory(by_send_of_half);
    without_memory(by_raw);
    without_memory(by_raw_string);
    without_memory(by_error);
    listens();
    stops_to_listen();
    acknowledges_none();
    acknowledges();
    return done_testing();
}
