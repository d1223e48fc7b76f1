/* plenty.c - much that is said at once: nothing that cannot be reported is
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

static xmpp_stanza_t *long_message(struct bed *bed, size_t n)
{
    xmpp_stanza_t *m =
        xmpp_message_new(bed->ctx, "chat", "a@example.org", NULL);
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

static void make(struct bed *bed)
{
    bed_make(bed);
    xmpp_conn_set_sockopt_callback(bed->conn, narrow);
    xmpp_conn_set_option(bed->conn, XMPP_OPT_MAX_OUTBOX, 65536);
}

/* ---- what the application says ----------------------------------- */

static void ask_often(struct bed *bed, xmpp_conn_event_t event)
{
    char id[32];

    if (event != XMPP_CONN_CONNECT)
        return;
    for (int i = 0; i < COUNT; i++) {
        xmpp_stanza_t *iq;

        snprintf(id, sizeof(id), "q%d", i);
        iq = xmpp_iq_new(bed->ctx, "get", id);
        xmpp_send(bed->conn, iq);
        xmpp_stanza_release(iq);
    }
    is_int(xmpp_conn_send_queue_len(bed->conn), COUNT, "all of them wait");
}

/* Were one of them lost, so many could not be acknowledged. */
static void asks_often(void)
{
    static const char *const script[] = {
        TO_ENABLE, ENABLED, "C id=\"q99999\"", ACK("100000"), PEER_CLOSE, NULL};
    struct bed bed;

    make(&bed);
    xmpp_conn_set_option(bed.conn, XMPP_OPT_MAX_UNACKED, 10);
    bed.on_event = ask_often;
    bed_connect(&bed, script);
    bed_until(&bed, &bed.ups, 1, "up");
    xmpp_disconnect(bed.conn);
    bed_until(&bed, &bed.downs, 1, "down");
    ok(!xmpp_conn_get_failure(bed.conn), "no failure");
    is_int(xmpp_conn_get_unacked(bed.conn), 0, "all is acknowledged");
    is_int(xmpp_conn_send_queue_len(bed.conn), 0, "nothing waits");
    bed_peer_done(&bed, "asking often");
    bed_free(&bed, "asking often");
}

static void by_send(struct bed *bed, xmpp_stanza_t *stanza, const char *text)
{
    (void)text;
    xmpp_send(bed->conn, stanza);
}

static void by_send_of_half(struct bed *bed, xmpp_stanza_t *stanza,
                            const char *text)
{
    xmpp_message_set_body(stanza, text);
    xmpp_send(bed->conn, stanza);
}

static void by_raw(struct bed *bed, xmpp_stanza_t *stanza, const char *text)
{
    (void)stanza;
    xmpp_send_raw(bed->conn, text, strlen(text));
}

static void by_raw_string(struct bed *bed, xmpp_stanza_t *stanza,
                          const char *text)
{
    (void)stanza;
    xmpp_send_raw_string(bed->conn, "%s", text);
}

static void by_error(struct bed *bed, xmpp_stanza_t *stanza, const char *text)
{
    (void)stanza, (void)text;
    xmpp_send_error(bed->conn, XMPP_SE_POLICY_VIOLATION, NULL);
}

static void without_memory(void (*send)(struct bed *bed, xmpp_stanza_t *stanza,
                                        const char *text))
{
    static const char *const script[] = {TO_ENABLE, ENABLED, "eof", NULL};
    char *text = long_text(10 * LONG);
    xmpp_stanza_t *m;
    struct bed bed;

    bed_make(&bed);
    bed_connect(&bed, script);
    bed_until(&bed, &bed.ups, 1, "up");
    m = long_message(&bed, 10 * LONG);
    failmem_arm(&bed.memory, 1, 1);
    send(&bed, m, text);
    failmem_arm(&bed.memory, 0, 0);
    xmpp_stanza_release(m);
    bed_until(&bed, &bed.downs, 1, "what would be lost ends the connection");
    bed_failed(&bed, XMPP_LAYER_APP, XMPP_EMEM, "without memory");
    bed_peer_done(&bed, "without memory");
    bed_free(&bed, "without memory");
    free(text);
}

/* ---- what the server makes it say -------------------------------- */

static int answer(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct bed *bed = userdata;
    xmpp_stanza_t *m = long_message(bed, LONG);

    (void)stanza;
    bed->count++;
    xmpp_send(conn, m);
    xmpp_stanza_release(m);
    return 1;
}

static int count(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    (void)conn, (void)stanza;
    ((struct bed *)userdata)->count++;
    return 1;
}

static void say_much(struct bed *bed, xmpp_conn_event_t event)
{
    xmpp_stanza_t *m;

    if (event != XMPP_CONN_CONNECT)
        return;
    for (int i = 0; i < 200; i++) {
        m = long_message(bed, LONG);
        if (i == 199)
            xmpp_stanza_set_id(m, "last");
        xmpp_send(bed->conn, m);
        xmpp_stanza_release(m);
    }
}

/* Of much that it says itself nothing is taken, and still it listens. */
static void listens(void)
{
    static const char *const script[] = {
        PEER_LOGIN, "S <message/>", "deaf", "C id=\"last\"", PEER_CLOSE, NULL};
    struct bed bed;

    make(&bed);
    bed.on_event = say_much;
    xmpp_handler_add(bed.conn, count, NULL, "message", NULL, &bed);
    bed_connect(&bed, script);
    bed_until(&bed, &bed.count, 1, "it hears");
    ok(xmpp_conn_send_queue_len(bed.conn) > 100, "though nobody hears it");
    peer_poke(bed.peer);
    xmpp_disconnect(bed.conn);
    bed_until(&bed, &bed.downs, 1, "down");
    ok(!xmpp_conn_get_failure(bed.conn), "no failure");
    bed_peer_done(&bed, "listening");
    bed_free(&bed, "listening");
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
    struct bed bed;
    int before = -1, same = 0;

    make(&bed);
    xmpp_handler_add(bed.conn, answer, NULL, "message", NULL, &bed);
    bed_connect(&bed, script);
    while (bed.count == 0 || same < 100) {
        same = before == bed.count ? same + 1 : 0;
        before = bed.count;
        xmpp_run_once(bed.ctx, 10);
    }
    ok(bed.count < 19000, "and does not hear all");
    ok(bed.memory.bytes < 200000000, "nor does it take memory for all");
    xmpp_conn_drop(bed.conn);
    bed_until(&bed, &bed.downs, 1, "down");
    peer_poke(bed.peer);
    peer_join(bed.peer); /* all of it can hardly have left */
    bed_free(&bed, "not listening");
}

static void answer_and_say_so(struct bed *bed, int n)
{
    xmpp_stanza_t *m;

    bed_until(bed, &bed->count, n, "it answers");
    m = xmpp_message_new(bed->ctx, "chat", "a@example.org", "done");
    xmpp_send(bed->conn, m);
    xmpp_stanza_release(m);
}

/* Answers that are taken and never acknowledged, with a limit of 512 KiB. */
static void acknowledges_none(void)
{
    const char *const script[] = {
        TO_ENABLE,      ENABLED, question(50), "C id=\"done\"",
        "S <message/>", "eof",   NULL};
    struct bed bed;

    make(&bed);
    xmpp_handler_add(bed.conn, answer, NULL, "message", NULL, &bed);
    bed_connect(&bed, script);
    answer_and_say_so(&bed, 50);
    bed_until(&bed, &bed.downs, 1, "that has an end");
    bed_failed(&bed, XMPP_LAYER_STREAM, XMPP_ELIMIT, "acknowledging none");
    bed_peer_done(&bed, "acknowledging none");
    bed_free(&bed, "acknowledging none");
}

static void acknowledges(void)
{
    const char *ask = question(25);
    const char *const script[] = {TO_ENABLE,      ENABLED,    ask,
                                  "C </message>", ACK("1"),   "C id=\"done\"",
                                  ACK("26"),      ask,        "C id=\"done\"",
                                  ACK("52"),      PEER_CLOSE, NULL};
    struct bed bed;

    make(&bed);
    xmpp_handler_add(bed.conn, answer, NULL, "message", NULL, &bed);
    bed_connect(&bed, script);
    answer_and_say_so(&bed, 25);
    answer_and_say_so(&bed, 50);
    xmpp_disconnect(bed.conn);
    bed_until(&bed, &bed.downs, 1, "down");
    ok(!xmpp_conn_get_failure(bed.conn), "no failure");
    bed_peer_done(&bed, "acknowledging");
    bed_free(&bed, "acknowledging");
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
