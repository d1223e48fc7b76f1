/* queue.c - the queue of what is not delivered: what the server refuses, what
 * is looked at, and what is taken out. */

#include <string.h>

#include "conn/fate.h"

static void reconnect(struct testbed *testbed, xmpp_conn_event_t event)
{
    if (event == XMPP_CONN_DISCONNECT && testbed->downs < 3)
        testbed_connect_again(testbed);
}

#define POLICY                                                                 \
    "S <stream:error><policy-violation "                                       \
    "xmlns='urn:ietf:params:xml:ns:xmpp-streams'/><text "                      \
    "xmlns='urn:ietf:params:xml:ns:xmpp-streams'>too big</text>"               \
    "</stream:error>"
#define AGAIN(h) "accept", TO_FEATURES, RESUME("0"), RESUMED(h)

/* ---- refused ----------------------------------------------------- */

static void refused(xmpp_conn_t *conn, int status, const char *text, size_t n,
                    void *userdata)
{
    const xmpp_failure_t *f = xmpp_conn_get_failure(conn);

    is_str(f ? f->condition : NULL, "policy-violation", "the server's reason");
    is_str(f ? f->text : NULL, "too big", "in its words");
    fate_told(conn, status, text, n, userdata);
}

static void send(struct testbed *testbed, const char *id)
{
    xmpp_stanza_t *m = xmpp_message_new(testbed->ctx, NULL, NULL, id);

    xmpp_send(testbed->conn, m);
    xmpp_stanza_release(m);
}

/* Three are sent; the middle one is poison. It is sent twice, the others
 * arrive. */
static void poison(bool tracked)
{
    static const char *const script[] = {
        TO_ENABLE,  ENABLED,         "C id=\"m3\"/>", POLICY,
        AGAIN("1"), "C id=\"m2\"/>", "C <r",          POLICY,
        AGAIN("1"), "C id=\"m3\"/>", ACK("2"),        PEER_CLOSE,
        NULL};
    struct fate fates[3] = {{0}, {0}, {0}};
    struct testbed testbed;

    testbed_make(&testbed);
    testbed.on_event = reconnect;
    if (!tracked)
        xmpp_conn_set_refused_handler(testbed.conn, refused, &fates[1]);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    fate_send(&testbed, "m1", &fates[0]);
    if (tracked)
        is_int(
            xmpp_send_tracked(testbed.conn,
                              xmpp_message_new(testbed.ctx, NULL, NULL, "m2"),
                              refused, &fates[1]),
            0, "sent");
    else
        send(&testbed, "m2");
    fate_send(&testbed, "m3", &fates[2]);
    testbed_until(&testbed, &fates[2].told, 1, "the last is told");
    is_int(testbed.downs, 2, "two streams were ended");
    is_int(fates[0].status, 0, "the first arrived");
    is_int(fates[1].told, 1, "the poison is told once");
    is_int(fates[1].status, XMPP_EREFUSED, "as refused");
    is_str(fates[1].text, "<message id=\"m2\"/>", "with its text");
    is_int(fates[2].status, 0, "the last arrived");
    testbed.on_event = NULL;
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 3, "down");
    testbed_peer_done(&testbed, "poison");
    testbed_free(&testbed, "poison");
}

/* What is saved when the callback says so. */
struct saved {
    unsigned char *bytes;
    size_t n;
};

static void save(xmpp_conn_t *conn, void *userdata, const unsigned char *bytes,
                 size_t n)
{
    struct saved *saved = userdata;

    (void)bytes, (void)n;
    xmpp_free(xmpp_conn_get_context(conn), saved->bytes);
    is_int(xmpp_conn_save_sm_state(conn, &saved->bytes, &saved->n), 0, "saved");
}

/* A process that starts anew right then knows the suspect, and what it gave
 * back. */
static void remembered(void)
{
    static const char *const script[] = {
        TO_ENABLE,       ENABLED,         "C id=\"m2\"/>", POLICY, "eof",
        AGAIN("0"),      "C id=\"m1\"/>", POLICY,          "eof",  AGAIN("0"),
        "C id=\"m2\"/>", ACK("1"),        PEER_CLOSE,      NULL};
    struct saved saved = {0};
    struct fate fate = {0};
    struct testbed testbed;

    testbed_make_virtual(&testbed);
    xmpp_conn_set_sm_callback(testbed.conn, save, &saved);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    send(&testbed, "m1");
    send(&testbed, "m2");
    for (int i = 1; i <= 2; i++) {
        testbed_until(&testbed, &testbed.downs, i, "one of them is suspected");
        xmpp_conn_set_sm_callback(testbed.conn, NULL, NULL);
        xmpp_conn_release(testbed.conn);
        testbed.conn = xmpp_conn_new(testbed.ctx);
        xmpp_conn_set_jid(testbed.conn, "example.org");
        xmpp_conn_set_flags(testbed.conn, XMPP_CONN_FLAG_DISABLE_TLS);
        is_int(xmpp_conn_restore_sm_state(testbed.conn, saved.bytes, saved.n),
               0, "in another process");
        xmpp_conn_set_sm_callback(testbed.conn, save, &saved);
        xmpp_conn_set_refused_handler(testbed.conn, refused, &fate);
        testbed_connect_again(&testbed);
    }
    testbed_until(&testbed, &testbed.ups, 3, "the other one is sent");
    is_int(fate.told, 1, "the first was given back");
    is_int(fate.status, XMPP_EREFUSED, "as refused");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 3, "down");
    xmpp_free(testbed.ctx, saved.bytes);
    testbed_peer_done(&testbed, "remembered");
    testbed_free(&testbed, "remembered");
}

/* ---- looked at and taken out ------------------------------------- */

static int count(struct testbed *testbed, unsigned long *ids)
{
    const xmpp_queued_t *q;
    unsigned long id = 0;
    int n = 0;

    while ((q = xmpp_conn_queue_next(testbed->conn, id))) {
        char want[40];

        id = ids[n++] = q->id;
        snprintf(want, sizeof(want), "id=\"m%d\"/>", n);
        ok(q->length > strlen(want) &&
               !memcmp(q->text + q->length - strlen(want), want, strlen(want)),
           "%s is next", want);
    }
    return n;
}

/* While it waits for a resumption: whatever the server counted, the rest keeps
 * its order and its numbers. */
static void pruned(const char *h, const char *last)
{
    char answer[100], ack[60];
    const char *script[] = {
        TO_ENABLE,   ENABLED, "C id=\"m4\"/>", "reset", "accept",   TO_FEATURES,
        RESUME("0"), answer,  "C id=\"m4\"/>", ack,     PEER_CLOSE, NULL};
    struct fate fates[4] = {{0}, {0}, {0}, {0}};
    unsigned long ids[9];
    struct testbed testbed;

    snprintf(answer, sizeof(answer),
             "S <resumed xmlns='urn:xmpp:sm:3' previd='sm1' h='%s'/>", h);
    snprintf(ack, sizeof(ack), "S <a xmlns='urn:xmpp:sm:3' h='%s'/>", last);
    testbed_make(&testbed);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    for (int i = 0; i < 4; i++) {
        const char *const names[] = {"m1", "m2", "m3", "m4"};

        fate_send(&testbed, names[i], &fates[i]);
    }
    testbed_until(&testbed, &testbed.downs, 1, "down");
    is_int(count(&testbed, ids), 4, "four are not acknowledged");
    ok(xmpp_conn_queue_next(testbed.conn, 0)->is_sent, "they were sent");
    is_int(xmpp_conn_queue_drop(testbed.conn, 0), XMPP_EARG, "0 is no name");
    is_int(xmpp_conn_queue_drop(testbed.conn, ids[3] + 1), XMPP_EARG,
           "nor this");
    is_int(xmpp_conn_queue_drop(testbed.conn, ids[1]), 0,
           "the second is taken out");
    is_int(xmpp_conn_queue_drop(testbed.conn, ids[1]), XMPP_EARG, "once");
    is_int(fates[1].told, 1, "its handler is told at once");
    is_int(fates[1].status, XMPP_EDROPPED, "of that");
    is_str(fates[1].text,
           "<message type=\"chat\" to=\"juliet@example.org\" id=\"m2\"/>",
           "with its text");
    is_int(xmpp_conn_queue_drop(testbed.conn, ids[0]), 0, "and the first");
    ok(xmpp_conn_queue_next(testbed.conn, 0)->id == ids[2],
       "the third is next");
    ok(xmpp_conn_queue_next(testbed.conn, ids[2])->id == ids[3],
       "then the last");
    ok(!xmpp_conn_queue_next(testbed.conn, ids[3]), "that is all");
    testbed_connect_again(&testbed);
    testbed_until(&testbed, &testbed.ups, 2, "up");
    testbed_until(&testbed, &fates[3].told, 1, "the last is told");
    is_int(fates[2].status, 0, "the third arrived");
    is_int(fates[3].status, 0, "and the last");
    is_int(fates[0].told, 1, "nobody is told twice");
    is_int(xmpp_conn_get_unacked(testbed.conn), 0, "and the counts agree");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 2, "down");
    testbed_peer_done(&testbed, "pruning");
    testbed_free(&testbed, "pruning");
}

static void nothing(void)
{
    struct testbed testbed;

    testbed_make(&testbed);
    ok(!xmpp_conn_queue_next(NULL, 0), "no connection has no queue");
    ok(!xmpp_conn_queue_next(testbed.conn, 0), "nor has a new one");
    is_int(xmpp_conn_queue_drop(testbed.conn, 1), XMPP_EARG,
           "nothing to take out");
    ok(strstr(xmpp_ctx_get_last_error(testbed.ctx), "no stanza 1") != NULL,
       "and the reason says so");
    is_int(xmpp_conn_queue_drop(NULL, 1), XMPP_EINVOP, "nor there");
    xmpp_conn_set_refused_handler(NULL, refused, NULL);
    testbed_free(&testbed, "nothing");
}

int main(void)
{
    poison(true);
    poison(false);
    remembered();
    pruned("0", "2");
    pruned("1", "3");
    pruned("2", "4");
    pruned("3", "4");
    nothing();
    return done_testing();
}
