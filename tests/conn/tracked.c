/* tracked.c - a handler that is told what became of a stanza has its text until
 * it returns, whatever it does meanwhile. */

#include <stdlib.h>

#include "conn/fate.h"

#define MOST 2000

/* One test: so many stanzas of so many bytes, and what a handler does when it
 * is told of one. */
struct case_ {
    const char *name;
    int count, body;
    void (*deed)(struct testbed *testbed);
};

static struct testbed testbed;
static const struct case_ *now;
static int told, good, given_back, deeds;
static int numbers[MOST];

/* ---- the stanzas ------------------------------------------------- */

static char *expected(int number)
{
    size_t size = (size_t)now->body + 200;
    char *text = malloc(size);

    snprintf(text, size,
             "<message type=\"chat\" to=\"juliet@example.org\" id=\"m%d\">"
             "<body>%0*d</body></message>",
             number, now->body, number);
    return text;
}

static bool is_good(int number, const char *text, size_t n)
{
    char *want = expected(number);
    bool good_text = n == strlen(want) && memcmp(text, want, n) == 0;

    free(want);
    return good_text;
}

static void on_sent(xmpp_conn_t *conn, int status, const char *text, size_t n,
                    void *userdata)
{
    int number = *(int *)userdata;
    bool before = is_good(number, text, n);

    (void)conn;
    told++;
    given_back += status != 0;
    if (now->deed && testbed.conn)
        now->deed(&testbed);
    good += before && is_good(number, text, n);
}

static int send_one(int number, xmpp_sent_handler handler)
{
    char id[20], *body = malloc((size_t)now->body + 20);
    xmpp_stanza_t *m;
    int rc;

    snprintf(id, sizeof(id), "m%d", number);
    snprintf(body, (size_t)now->body + 20, "%0*d", now->body, number);
    m = xmpp_message_new(testbed.ctx, "chat", "juliet@example.org", id);
    xmpp_message_set_body(m, body);
    free(body);
    rc = handler ? xmpp_send_tracked(testbed.conn, m, handler, &numbers[number])
                 : xmpp_send_take(testbed.conn, m);
    return rc;
}

/* ---- what a handler does ----------------------------------------- */

static void send_more(struct testbed *b)
{
    (void)b;
    if (deeds++ < 40)
        send_one(0, NULL);
}

static void hang_up(struct testbed *b)
{
    deeds++;
    xmpp_disconnect(b->conn);
}

static void let_go(struct testbed *b)
{
    deeds++;
    xmpp_conn_release(b->conn);
    b->conn = NULL;
}

static void run_on(struct testbed *b)
{
    if (deeds++ < 3)
        xmpp_run_once(b->ctx, 1);
}

static void prune(struct testbed *b)
{
    for (int i = 0; i < 5 && deeds < 40; i++, deeds++)
        send_one(0, NULL);
    xmpp_free(b->ctx,
              xmpp_conn_send_queue_drop_element(b->conn, XMPP_QUEUE_OLDEST));
    xmpp_free(b->ctx,
              xmpp_conn_send_queue_drop_element(b->conn, XMPP_QUEUE_YOUNGEST));
}

static const struct case_ cases[] = {
    {"nothing", 1, 100000, NULL},       {"nothing", 2000, 10, NULL},
    {"send", 1, 100000, send_more},     {"send", 3, 3000, send_more},
    {"send", 2000, 10, send_more},      {"disconnect", 1, 100000, hang_up},
    {"disconnect", 300, 1000, hang_up}, {"release", 1, 100000, let_go},
    {"release", 300, 1000, let_go},     {"a nested loop", 300, 1000, run_on},
    {"prune", 300, 1000, prune},
};

/* ---- the story --------------------------------------------------- */

/* All are sent, then acknowledged at once. */
static void acknowledged(const struct case_ *c)
{
    char last[30], ack[60];
    const char *script[] = {TO_ENABLE, ENABLED, last, ack, "eof", NULL};

    now = c;
    told = good = given_back = deeds = 0;
    snprintf(last, sizeof(last), "C %0*d</body>", 6, c->count - 1);
    snprintf(ack, sizeof(ack), "S <a xmlns='urn:xmpp:sm:3' h='%d'/>", c->count);
    testbed_make_virtual(&testbed);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_CLOSE_TIMEOUT, 20);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    for (int i = 0; i < c->count; i++)
        if (send_one(numbers[i] = i, on_sent))
            bail("not sent");
    testbed_until(&testbed, &told, c->count, c->name);
    is_int(good, c->count, "%s: every text was whole to the end", c->name);
    is_int(given_back, 0, "%s: all were acknowledged", c->name);
    is_int(deeds > 0, c->deed != NULL, "%s: it was done", c->name);
    if (testbed.conn) {
        xmpp_disconnect(testbed.conn);
        testbed_until(&testbed, &testbed.downs, 1, "down");
    }
    testbed_peer_end(&testbed);
    testbed_free(&testbed, c->name);
    is_int(told, c->count, "%s: nobody is told twice", c->name);
}

/* Where a nested loop tells of another one and memory is out, that one waits
 * for its turn. */
static void nested_without_memory(xmpp_conn_t *conn, int status,
                                  const char *text, size_t n, void *userdata)
{
    bool first = told++ == 0;

    (void)conn, (void)status;
    good += is_good(*(int *)userdata, text, n);
    if (!first)
        return;
    failmem_arm(&testbed.memory, 1, 1);
    for (int i = 0; i < 3; i++)
        xmpp_run_once(testbed.ctx, 1);
    failmem_arm(&testbed.memory, 0, 0);
    good += told == 1 && is_good(*(int *)userdata, text, n);
}

static void nested(void)
{
    static const char *const script[] = {TO_ENABLE, ENABLED, "C id=\"m1\"",
                                         ACK("2"),  "eof",   NULL};
    static const struct case_ two = {"nested", 2, 1000, NULL};

    now = &two;
    told = good = 0;
    testbed_make_virtual(&testbed);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_CLOSE_TIMEOUT, 20);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    for (int i = 0; i < 2; i++)
        is_int(send_one(numbers[i] = i, nested_without_memory), 0, "sent");
    testbed_until(&testbed, &told, 2, "both are told");
    is_int(good, 3, "with their texts, the second after the first");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    testbed_peer_end(&testbed);
    testbed_free(&testbed, "nested");
}

/* ---- whoever saves the state ------------------------------------- */

/* It is called inside of the calls that send, and may release the connection
 * there. */
static void on_state(xmpp_conn_t *conn, void *ctx, const unsigned char *bytes,
                     size_t n)
{
    (void)ctx, (void)bytes, (void)n;
    if (told++ == 0) {
        testbed.conn = NULL;
        xmpp_conn_release(conn);
    }
}

static void by_send(xmpp_conn_t *conn)
{
    xmpp_stanza_t *m = xmpp_message_new(testbed.ctx, "chat", NULL, NULL);

    xmpp_send(conn, m);
    xmpp_stanza_release(m);
}

static void by_raw(xmpp_conn_t *conn)
{
    xmpp_send_raw_string(conn, "<message><body>%02000d</body></message>", 1);
}

static void on_reply(xmpp_conn_t *conn, int status, xmpp_stanza_t *reply,
                     void *userdata)
{
    (void)conn, (void)reply, (void)userdata;
    good += status == XMPP_ENOTCONN;
}

static void by_request(xmpp_conn_t *conn)
{
    is_int(xmpp_request_send(conn, xmpp_iq_new(testbed.ctx, "get", NULL), 0,
                             on_reply, NULL),
           0, "sent");
    is_int(good, 1, "and ended");
}

static void released_by_saver(void (*send)(xmpp_conn_t *conn))
{
    static const char *const script[] = {TO_ENABLE, ENABLED, "eof", NULL};

    good = 0;
    testbed_make_virtual(&testbed);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    xmpp_run_once(testbed.ctx, 1);
    told = 0;
    xmpp_conn_set_sm_callback(testbed.conn, on_state, NULL);
    send(testbed.conn);
    ok(told > 0, "the state was told");
    is_int(testbed.downs, 1, "and the connection is gone");
    testbed_peer_end(&testbed);
    testbed_free(&testbed, "released by who saves");
}

int main(void)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        acknowledged(&cases[i]);
    nested();
    released_by_saver(by_send);
    released_by_saver(by_raw);
    released_by_saver(by_request);
    return done_testing();
}
