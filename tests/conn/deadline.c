/* deadline.c - stanzas that are not sent in time are given back, and nothing
 * else is. */

#include "conn/fate.h"
#include "stream/outbox.h"

static struct testbed testbed;
static const char *const nobody[] = {PEER_LOGIN, NULL};

static int send_within(const char *id, unsigned long ms, struct fate *fate)
{
    xmpp_stanza_t *message =
        xmpp_message_new(testbed.ctx, "chat", "juliet@example.org", id);

    return xmpp_send_within(testbed.conn, message, ms, fate ? fate_told : NULL,
                            fate);
}

/* ---- through a connection ------------------------------------------- */

static void offline(void)
{
    static const char *const script[] = {PEER_LOGIN,
                                         "C <message type=\"chat\" "
                                         "to=\"juliet@example.org\" "
                                         "id=\"m2\"/>",
                                         PEER_CLOSE, NULL};
    struct fate one = {0}, two = {0};

    testbed_make_virtual(&testbed);
    testbed_serve(&testbed, script); /* from here on no time passes */
    is_int(send_within("m1", 30000, &one), XMPP_ENOTCONN, "not offline");
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_SEND_OFFLINE, 1);
    is_int(send_within("m1", 30000, &one), 0, "for half a minute");
    is_int(send_within("m2", 0, &two), 0, "for as long as it takes");
    is_int(send_within("m3", 40000, NULL), 0, "nobody wants to know");
    xmpp_run_once(testbed.ctx, 20000);
    is_int(one.told, 0, "it is not too late");
    testbed_until(&testbed, &one.told, 1, "then it is");
    is_int(one.status, XMPP_ETIMEOUT, "as the handler is told");
    ok(strstr(one.text, "id=\"m1\""), "with the stanza");
    is_int(xmpp_conn_send_queue_len(testbed.conn), 2, "the others wait");
    xmpp_run_once(testbed.ctx, 20000);
    xmpp_run_once(testbed.ctx, 0);
    is_int(xmpp_conn_send_queue_len(testbed.conn), 1, "until it is their time");
    testbed.on_event = testbed_close_when_up;
    testbed_connect_again(&testbed);
    testbed_until(&testbed, &testbed.downs, 1, "up and down");
    testbed_peer_done(&testbed, "only what is not too late is sent");
    is_int(two.status, 1, "and it is");
    testbed_free(&testbed, "offline");
    is_int(one.told, 1, "nothing is told twice");
}

/* The transport is lost, and then it is too late to send it once more. */
static void not_again(void)
{
    static const char *const script[] = {
        TO_ENABLE,    ENABLED,         "C id=\"m1\"/>", "C id=\"m2\"/>",
        "reset",      "accept",        TO_FEATURES,     RESUME("0"),
        RESUMED("0"), "C id=\"m2\"/>", ACK("1"),        PEER_CLOSE,
        NULL};
    struct fate one = {0}, two = {0};

    testbed_make(&testbed);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    is_int(send_within("m1", 1, &one), 0, "one that has no time");
    is_int(send_within("m2", 3600000, &two), 0, "one that has");
    testbed_until(&testbed, &testbed.downs, 1, "down");
    testbed_until(&testbed, &one.told, 1, "it is not sent again");
    is_int(one.status, XMPP_ETIMEOUT, "because it is too late");
    testbed_connect_again(&testbed);
    testbed_until(&testbed, &two.told, 1, "the other one is");
    is_int(two.status, 0, "and acknowledged");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 2, "down");
    testbed_peer_done(&testbed, "not again");
    testbed_free(&testbed, "not again");
}

static void release_it(xmpp_conn_t *conn, int status, const char *text,
                       size_t length, void *userdata)
{
    (void)text;
    (void)length;
    if (++*(int *)userdata == 1) {
        is_int(status, XMPP_ETIMEOUT, "too late");
        testbed.conn = NULL;
        xmpp_conn_release(conn);
    }
}

static void released(void)
{
    int told = 0;

    testbed_make_virtual(&testbed);
    testbed_serve(&testbed, nobody);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_SEND_OFFLINE, 1);
    for (int i = 0; i < 3; i++)
        xmpp_send_within(testbed.conn,
                         xmpp_message_new(testbed.ctx, NULL, "a@b", "m"),
                         i < 2 ? 10 : 0, release_it, &told);
    testbed_until(&testbed, &told, 3, "each is told once, whatever is done");
    testbed_free(&testbed, "released");
}

static void without_memory(void)
{
    struct fate one = {0};

    testbed_make_virtual(&testbed);
    testbed_serve(&testbed, nobody);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_SEND_OFFLINE, 1);
    send_within("m1", 10, &one);
    failmem_arm(&testbed.memory, 1, 1);
    for (int i = 0; i < 3; i++)
        xmpp_run_once(testbed.ctx, 100);
    is_int(one.told, 0, "without memory it stays");
    failmem_arm(&testbed.memory, 0, 0);
    testbed_until(&testbed, &one.told, 1, "and is looked at again");
    testbed_free(&testbed, "without memory");
}

/* ---- the queue alone ------------------------------------------------- */

static struct failmem memory;
static struct env env;

static void add(struct outbox *box, const char *text, uint64_t deadline)
{
    const struct item note = {.counts = true, .deadline = deadline};
    size_t before = outbox_size(box);

    buf_puts(&box->bytes, str_of(text));
    outbox_mark(box, before, &note);
}

static void is_unsent(const struct outbox *box, const char *want)
{
    struct str unsent = outbox_unsent(box);

    is_mem(unsent.s, unsent.n, want, strlen(want), "then \"%s\" waits", want);
}

static size_t expire(struct outbox *box, uint64_t now)
{
    struct outbox late;
    size_t n;

    outbox_init(&late, &env);
    is_int(outbox_weed(box, &(struct outbox_terms){.now = now}, XMPP_ETIMEOUT,
                       &late),
           0, "at %d", (int)now);
    n = outbox_count(&late);
    outbox_free(&late);
    return n;
}

/* What is ours lies between the items, and stays. */
static void alone(void)
{
    struct outbox box;

    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    outbox_init(&box, &env);
    box.keeps = true;
    add(&box, "<a/>", 10);
    add(&box, "<bb/>", 10);
    add(&box, "<c/>", 20);
    buf_puts(&box.bytes, STR("<r/>"));
    add(&box, "<dd/>", 10);
    add(&box, "<e/>", 0);
    buf_puts(&box.bytes, STR("<r/>"));
    outbox_sent(&box, 6); /* the second one is on its way */
    is_int((long)expire(&box, 5), 0, "nothing is late");
    is_unsent(&box, "b/><c/><r/><dd/><e/><r/>");
    is_int((long)box.due, 10, "until then");
    is_int((long)expire(&box, 15), 1, "one is late");
    is_unsent(&box, "b/><c/><r/><e/><r/>");
    is_int((long)expire(&box, 20), 1, "another one");
    is_unsent(&box, "b/><r/><e/><r/>");
    is_int((long)box.due, 0, "no more");
    outbox_sent(&box, 15);
    is_int((long)box.unacked, 3, "what was sent is to be acknowledged");
    outbox_stop(&box);
    is_int((long)box.due, 20, "if it is sent again, it may be too late");
    is_int((long)expire(&box, 15), 2, "and two are");
    outbox_rewind(&box);
    is_unsent(&box, "<e/>");
    outbox_free(&box);
    is_int(memory.held, 0, "no memory is left");
}

/* Each has a deadline of its own: that must not cost a walk past all of them
 * each. */
#define MANY 5000

static void one_by_one(void)
{
    struct outbox box, late;
    size_t steps = 0, gone = 0, now = 0;

    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    outbox_init(&box, &env);
    for (int i = 1; i <= MANY; i++)
        add(&box, "<m/>", (uint64_t)i);
    while (outbox_count(&box) && now < 2 * MANY) {
        const struct outbox_terms terms = {.now = ++now};

        if (box.due > now)
            continue;
        steps += outbox_count(&box);
        outbox_init(&late, &env);
        if (outbox_weed(&box, &terms, XMPP_ETIMEOUT, &late))
            bail("no memory");
        gone += outbox_count(&late);
        outbox_free(&late);
    }
    is_int((long)gone, MANY, "all are given up in time");
    ok(now <= MANY + MANY / OUTBOX_LOOKS, "  at %zu", now);
    ok(steps <= (now + MANY) * OUTBOX_LOOKS, "  in %zu steps", steps);
    ok(steps < (size_t)MANY * MANY / 4, "  and not in the square of them");
    outbox_free(&box);
    is_int(memory.held, 0, "no memory is left");
}

int main(void)
{
    alone();
    one_by_one();
    offline();
    not_again();
    released();
    without_memory();
    return done_testing();
}
