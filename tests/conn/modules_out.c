/* modules_out.c - what modules add to stanzas that leave, and the features of
 * the stream that they see. */

#include "conn/diary.h"
#include "conn/fate.h"

static struct testbed testbed;
static void (*deed)(void);

/* ---- the modules under test -------------------------------------- */

static xmpp_stanza_t *changed; /* the last one that was added to */

static void add_c(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *state)
{
    (void)conn;
    (void)state;
    changed = stanza;
    xmpp_stanza_add_tag(stanza, "c", "urn:c");
    if (deed)
        deed();
}

static void add_id(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *state)
{
    (void)conn;
    (void)state;
    xmpp_stanza_set_id(stanza, "given");
}

static int on_offer(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    (void)conn;
    (void)state;
    diary_add("%s", xmpp_stanza_get_name(in->element));
    return 0;
}

static const xmpp_row_t first_rows[] = {
    XMPP_OUT_PRESENCE(add_c), XMPP_OUT_MESSAGE(add_c),
    XMPP_OFFER(XMPP_NS_SM, "sm", on_offer),
    XMPP_OFFER("urn:other", "sm", on_offer), XMPP_ROWS_END};
static XMPP_MODULE(first, "first", 0, first_rows);

static const xmpp_row_t second_rows[] = {
    XMPP_OUT_PRESENCE(add_id), XMPP_OFFER(XMPP_NS_BIND, "bind", on_offer),
    XMPP_ROWS_END};
static XMPP_MODULE(second, "second", 0, second_rows);

static void begin(void)
{
    diary_begin(&testbed);
    deed = NULL;
    xmpp_conn_use(testbed.conn, &first);
    xmpp_conn_use(testbed.conn, &second);
    diary_login(&testbed);
    memory_server_take(testbed.server, memory_server_sent(testbed.server).n);
}

static void flush(void)
{
    for (int i = 0; i < 5; i++)
        xmpp_ctx_process(testbed.ctx);
}

/* ---- who changes what -------------------------------------------- */

#define ADDED "<c xmlns=\"urn:c\"/>"

static void adds(void)
{
    xmpp_stanza_t *presence, *held;

    begin();
    presence = xmpp_presence_new(testbed.ctx);
    xmpp_send(testbed.conn, presence);
    flush();
    diary_said(&testbed, "<presence id=\"given\">" ADDED "</presence>",
               "a borrowed stanza is sent with more");
    ok(!xmpp_stanza_get_children(presence), "and stays as it was");
    held = xmpp_stanza_clone(presence);
    is_int(xmpp_send_take(testbed.conn, presence), 0, "taken, but held");
    flush();
    diary_said(&testbed, "<presence id=\"given\">" ADDED "</presence>",
               "so is one that others hold");
    ok(!xmpp_stanza_get_children(held), "it stays as it was, too");
    xmpp_stanza_release(held);
    presence = xmpp_presence_new(testbed.ctx);
    changed = NULL;
    is_int(xmpp_send_take(testbed.conn, presence), 0, "taken, and not held");
    ok(changed == presence, "such a one is changed itself");
    flush();
    diary_said(&testbed, "<presence id=\"given\">" ADDED "</presence>",
               "and sent");
    presence = xmpp_presence_new(testbed.ctx);
    xmpp_stanza_set_type(presence, "error");
    is_int(xmpp_send_take(testbed.conn, presence), 0, "an error");
    flush();
    diary_said(&testbed, "<presence type=\"error\"/>", "goes as it is");
    xmpp_send_take(testbed.conn,
                   xmpp_message_new(testbed.ctx, "chat", "a@b", "1"));
    flush();
    diary_said(&testbed,
               "<message type=\"chat\" to=\"a@b\" id=\"1\">" ADDED "</message>",
               "messages have rows of their own");
    xmpp_send_raw_string(testbed.conn, "<presence/>");
    flush();
    diary_said(&testbed, "<presence/>", "text is not looked at");
    testbed_free(&testbed, "added");
}

/* How many allocations it takes to send presence, in steady state. */
static unsigned long calls_to_send(void)
{
    unsigned long before = 0;

    for (int i = 0; i < 8; i++) {
        before = testbed.memory.calls;
        xmpp_send_take(testbed.conn, xmpp_presence_new(testbed.ctx));
        flush();
    }
    return testbed.memory.calls - before;
}

/* A taken stanza that nobody holds is changed in place: no copy is made. */
static void adds_in_place(void)
{
    unsigned long without;

    diary_begin(&testbed);
    diary_login(&testbed);
    without = calls_to_send();
    testbed_free(&testbed, "without modules");
    begin();
    is_int(calls_to_send(), without, "modules add without an allocation");
    testbed_free(&testbed, "in place");
}

#define AWAY "<presence id=\"given\"><show>away</show>" ADDED "</presence>"

/* A module that has something else to add sends the last presence again. */
static void sends_again(void)
{
    xmpp_stanza_t *presence;

    begin();
    presence = xmpp_presence_new(testbed.ctx);
    xmpp_stanza_set_to(presence, "a@b/c");
    xmpp_send_take(testbed.conn, presence);
    ok(!xmpp_conn_get_presence(testbed.conn), "directed presence is not kept");
    flush();
    memory_server_take(testbed.server, memory_server_sent(testbed.server).n);
    presence = xmpp_presence_new(testbed.ctx);
    xmpp_stanza_add_text_tag(presence, "show", NULL, "away");
    is_int(xmpp_send_take(testbed.conn, presence), 0, "presence to all");
    flush();
    diary_said(&testbed, AWAY, "is sent with more");
    for (int i = 0; i < 2; i++) {
        presence = xmpp_conn_get_presence(testbed.conn);
        ok(presence && !xmpp_stanza_get_child_by_ns(presence, "urn:c"),
           "and kept as it came");
        xmpp_send_take(testbed.conn, xmpp_stanza_copy(presence));
        flush();
        diary_said(&testbed, AWAY, "sent again, each row adds once");
    }
    presence = xmpp_presence_new(testbed.ctx);
    xmpp_stanza_set_type(presence, "unavailable");
    xmpp_send_take(testbed.conn, presence);
    ok(!xmpp_conn_get_presence(testbed.conn), "not after a goodbye");
    xmpp_send_take(testbed.conn, xmpp_presence_new(testbed.ctx));
    ok(xmpp_conn_get_presence(testbed.conn) != NULL, "but when we are back");
    flush();
    diary_cut(&testbed);
    diary_login(&testbed);
    ok(!xmpp_conn_get_presence(testbed.conn), "nor in another session");
    ok(!xmpp_conn_get_presence(NULL), "nor without a connection");
    testbed_free(&testbed, "sent again");
}

static void without_memory(void)
{
    xmpp_stanza_t *presence;
    int rc = XMPP_EMEM;

    for (unsigned long n = 1; rc; n++) {
        begin();
        presence = xmpp_stanza_clone(xmpp_presence_new(testbed.ctx));
        failmem_arm(&testbed.memory, n, 0);
        rc = xmpp_send_take(testbed.conn, presence);
        failmem_arm(&testbed.memory, 0, 0);
        if (rc != 0 && rc != XMPP_EMEM)
            ok(false, "the %lu-th allocation: %d", n, rc);
        xmpp_stanza_release(presence);
        testbed_free(&testbed, "without memory");
    }
}

/* ---- deeds ------------------------------------------------------- */

static void release(void)
{
    xmpp_conn_t *conn = testbed.conn;

    deed = NULL;
    testbed.conn = NULL;
    xmpp_conn_release(conn);
}

static void send_another(void)
{
    deed = NULL;
    xmpp_send_take(testbed.conn, xmpp_message_new(testbed.ctx, NULL, "x", "2"));
}

static void acts(void)
{
    begin();
    deed = release;
    is_int(xmpp_send_take(testbed.conn, xmpp_presence_new(testbed.ctx)),
           XMPP_ENOTCONN, "released while it adds");
    testbed_free(&testbed, "released");
    begin();
    deed = send_another;
    xmpp_send_take(testbed.conn, xmpp_message_new(testbed.ctx, NULL, "x", "1"));
    flush();
    diary_said(&testbed,
               "<message to=\"x\" id=\"2\">" ADDED "</message>"
               "<message to=\"x\" id=\"1\">" ADDED "</message>",
               "one that is sent meanwhile goes first");
    testbed_free(&testbed, "sent meanwhile");
}

/* ---- features of the stream -------------------------------------- */

static void offers(void)
{
    static const char *const enable[] = {TO_ENABLE, ENABLED, NULL};
    static const char *const resume[] = {TO_FEATURES, RESUME("0"), RESUMED("0"),
                                         NULL};

    diary_begin(&testbed);
    xmpp_conn_use(testbed.conn, &first);
    ok(!xmpp_conn_get_features(testbed.conn), "not connected, no features");
    testbed_connect_again(&testbed);
    diary_obey(&testbed, enable);
    diary_is("sm", "a module sees the feature of its name and namespace");
    is_str(xmpp_stanza_get_name(xmpp_conn_get_features(testbed.conn)),
           "features", "all of them are kept");
    xmpp_conn_use(testbed.conn, &second);
    diary_is("bind", "also one that comes into use now");
    diary_cut(&testbed);
    ok(!xmpp_conn_get_features(testbed.conn), "they end with the connection");
    testbed_connect_again(&testbed);
    diary_obey(&testbed, resume);
    diary_is("", "in a resumed session they are seen already");
    ok(xmpp_conn_get_features(testbed.conn), "but there");
    testbed_free(&testbed, "offered");
}

static int on_last_offer(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                         void *state)
{
    (void)conn;
    (void)in;
    (void)state;
    diary_add("offer");
    release();
    return 0;
}

static int judge(xmpp_conn_t *conn, const xmpp_jid_t *jid, void *state)
{
    (void)conn;
    (void)jid;
    (void)state;
    release();
    return 1;
}

static const xmpp_row_t last_rows[] = {
    XMPP_OFFER(XMPP_NS_SM, "sm", on_last_offer),
    XMPP_OFFER(XMPP_NS_BIND, "bind", on_last_offer),
    XMPP_KNOWS(XMPP_SENDER_CONTACT, judge), XMPP_ROWS_END};
static XMPP_MODULE(last, "last", 0, last_rows);

/* A module may release the connection wherever it is called. */
static void ends_in_a_row(void)
{
    static const char *const enable[] = {TO_ENABLE, ENABLED, NULL};
    static const xmpp_jid_t jid = {"a@b", 1, 1, 0, 0};

    diary_begin(&testbed);
    xmpp_conn_use(testbed.conn, &last);
    testbed_connect_again(&testbed);
    diary_obey(&testbed, enable);
    diary_is("offer", "released: its other row gets no feature any more");
    testbed_free(&testbed, "released at an offer");
    diary_begin(&testbed);
    xmpp_conn_use(testbed.conn, &last);
    is_int(xmpp_conn_sender_is(testbed.conn, &jid, XMPP_SENDER_CONTACT), 1,
           "released while a sender is judged");
    testbed_free(&testbed, "released by a judge");
}

static void keeps_none(void)
{
    testbed_make_virtual(&testbed);
    testbed_serve(&testbed, NULL);
    diary_login(&testbed);
    ok(!xmpp_conn_get_features(testbed.conn),
       "without a module that wants them no features are kept");
    testbed_free(&testbed, "none kept");
}

int main(void)
{
    adds();
    adds_in_place();
    sends_again();
    without_memory();
    acts();
    offers();
    ends_in_a_row();
    keeps_none();
    return done_testing();
}
