/* handlers.c - who is called for what, in which order, how often; and what
 * handlers do to each other. */

#include "conn/testbed.h"

static char called[64];
static xmpp_conn_t *the_conn;

static void note(char c)
{
    size_t n = strlen(called);

    if (n + 1 < sizeof(called)) {
        called[n] = c;
        called[n + 1] = '\0';
    }
}

static char letters[128]; /* each its own place, for userdata */

static void listen(xmpp_conn_t *conn, xmpp_handler handler, const char *ns,
                   const char *name, const char *type, char letter)
{
    letters[(unsigned char)letter] = letter;
    xmpp_handler_add(conn, handler, ns, name, type,
                     &letters[(unsigned char)letter]);
}

static int on_any(xmpp_conn_t *conn, xmpp_stanza_t *s, void *userdata)
{
    (void)conn;
    (void)s;
    note(*(const char *)userdata);
    return 1;
}

static int on_once(xmpp_conn_t *conn, xmpp_stanza_t *s, void *userdata)
{
    (void)conn;
    (void)s;
    note(*(const char *)userdata);
    return 0;
}

static int on_add(xmpp_conn_t *conn, xmpp_stanza_t *s, void *userdata)
{
    (void)s;
    (void)userdata;
    note('+');
    listen(conn, on_any, NULL, "message", NULL, 'n');
    return 0;
}

static int on_delete(xmpp_conn_t *conn, xmpp_stanza_t *s, void *userdata)
{
    (void)s;
    (void)userdata;
    note('-');
    xmpp_handler_delete(conn, on_any);
    xmpp_handler_delete(conn, on_delete);
    return 1;
}

static int on_id(xmpp_conn_t *conn, xmpp_stanza_t *s, void *userdata)
{
    (void)conn;
    (void)s;
    (void)userdata;
    note('i');
    return 1;
}

static int on_end(xmpp_conn_t *conn, xmpp_stanza_t *s, void *userdata)
{
    struct testbed *testbed = userdata;

    (void)conn;
    (void)s;
    testbed->count++;
    return 1;
}

/* Send a stanza through a connection and see who is called. */
static struct testbed testbed;

static void run(const char *stanzas, void (*prepare)(xmpp_conn_t *),
                const char *want, const char *name)
{
    char said[1024];
    const char *script[] = {PEER_LOGIN, said, PEER_CLOSE, NULL};

    snprintf(said, sizeof(said), "S %s<presence type='probe'/>", stanzas);
    called[0] = '\0';
    testbed_make(&testbed);
    the_conn = testbed.conn;
    prepare(testbed.conn);
    xmpp_handler_add(testbed.conn, on_end, NULL, "presence", "probe", &testbed);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.count, 1, name);
    is_str(called, want, "%s: who is called", name);
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    testbed_peer_done(&testbed, name);
    testbed_free(&testbed, name);
}

static void filters(xmpp_conn_t *conn)
{
    listen(conn, on_any, NULL, NULL, NULL, 'a');
    listen(conn, on_any, NULL, "message", NULL, 'b');
    listen(conn, on_any, NULL, "message", "chat", 'c');
    listen(conn, on_any, NULL, NULL, "chat", 'd');
    listen(conn, on_any, "urn:x", NULL, NULL, 'e');
    listen(conn, on_any, "urn:x", "message", NULL, 'f');
    listen(conn, on_any, "urn:y", "message", "chat", 'g');
    listen(conn, on_any, NULL, "iq", NULL, 'h');
    listen(conn, on_any, NULL, "message", NULL, 'b');
}

static void once(xmpp_conn_t *conn)
{
    listen(conn, on_once, NULL, "message", NULL, 'o');
    listen(conn, on_any, NULL, "message", NULL, 'a');
}

static void grows(xmpp_conn_t *conn)
{
    xmpp_handler_add(conn, on_add, NULL, "message", NULL, NULL);
    listen(conn, on_any, NULL, "message", NULL, 'a');
}

static void shrinks(xmpp_conn_t *conn)
{
    listen(conn, on_any, NULL, "message", NULL, 'a');
    xmpp_handler_add(conn, on_delete, NULL, "message", NULL, NULL);
    listen(conn, on_any, NULL, "message", NULL, 'b');
}

static void ids(xmpp_conn_t *conn)
{
    listen(conn, on_any, NULL, "message", NULL, 'a');
    xmpp_id_handler_add(conn, on_id, "1", NULL);
    xmpp_id_handler_add(conn, on_id, "2", NULL);
    xmpp_id_handler_delete(conn, on_id, "2");
}

/* ---- added again by itself --------------------------------------- */

static int on_renew(xmpp_conn_t *conn, xmpp_stanza_t *s, void *userdata)
{
    (void)s;
    note(*(const char *)userdata);
    xmpp_handler_add(conn, on_renew, NULL, "message", NULL, userdata);
    xmpp_id_handler_add(conn, on_renew, "1", userdata);
    return *(const char *)userdata == 's'; /* stays, or goes */
}

static void renewed(xmpp_conn_t *conn)
{
    listen(conn, on_renew, NULL, NULL, NULL, 'g');
    listen(conn, on_renew, NULL, NULL, NULL, 's');
}

static void renewed_id(xmpp_conn_t *conn)
{
    letters['s'] = 's';
    letters['g'] = 'g';
    xmpp_id_handler_add(conn, on_renew, "1", &letters['g']);
    xmpp_id_handler_add(conn, on_renew, "1", &letters['s']);
}

/* RFC 6121 section 5.2.2. */
static void normal(xmpp_conn_t *conn)
{
    listen(conn, on_any, NULL, "message", "normal", 'n');
    listen(conn, on_any, NULL, NULL, "odd", 'o');
    listen(conn, on_any, "urn:x", NULL, "normal", 'x');
    listen(conn, on_any, NULL, "presence", "normal", 'p');
}

/* ---- many -------------------------------------------------------- */

static int never(xmpp_conn_t *conn, xmpp_stanza_t *s, void *userdata)
{
    (void)conn;
    (void)s;
    (void)userdata;
    note('!');
    return 1;
}

static void crowd(xmpp_conn_t *conn)
{
    static char name[1000][16];

    for (int i = 0; i < 1000; i++) {
        snprintf(name[i], sizeof(name[i]), "n%d", i);
        xmpp_handler_add(conn, never, NULL, name[i], NULL, name[i]);
    }
    for (int i = 0; i < 50; i++)
        listen(conn, on_any, NULL, "message", NULL, (char)('A' + i));
}

/* ---- time and requests ------------------------------------------- */

static int ticks;

static int on_tick(xmpp_conn_t *conn, void *userdata)
{
    (void)userdata;
    if (++ticks == 3)
        xmpp_timed_handler_delete(conn, on_tick);
    return 1;
}

static void on_reply(xmpp_conn_t *conn, int status, xmpp_stanza_t *reply,
                     void *userdata)
{
    (void)conn;
    (void)status;
    (void)reply;
    (*(int *)userdata)++;
}

static void time_and_requests(void)
{
    static const char *const script[] = {
        PEER_LOGIN, "C <iq",
        "C />",     "S <iq type='result' id='%id%'/><message/>",
        PEER_CLOSE, NULL};
    int replies = 0;

    testbed_make(&testbed);
    xmpp_handler_add(testbed.conn, on_end, NULL, "message", NULL, &testbed);
    xmpp_timed_handler_add(testbed.conn, on_tick, 1, NULL);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    testbed_until(&testbed, &ticks, 3, "a timed handler is called");
    xmpp_run_once(testbed.ctx, 20);
    xmpp_run_once(testbed.ctx, 20);
    is_int(ticks, 3, "until it is deleted");
    is_int(xmpp_request_send(testbed.conn,
                             xmpp_iq_new(testbed.ctx, "get", "q1"), 0, on_reply,
                             &replies),
           0, "a request");
    is_int(xmpp_request_cancel(testbed.conn, on_reply, &replies), 1,
           "is cancelled");
    is_int(xmpp_request_cancel(testbed.conn, on_reply, &replies), 0, "once");
    testbed_until(&testbed, &testbed.count, 1, "its answer came and went");
    is_int(replies, 0, "and nobody was called");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    testbed_peer_done(&testbed, "a request");
    testbed_free(&testbed, "a request");
}

/* What is no stanza and nobody asked for ends the stream. */
static void unexpected(void)
{
    static const char *const script[] = {
        PEER_LOGIN,
        "S <message xmlns='urn:evil'/><presence type='probe'/>",
        "C unsupported-stanza-type",
        "C </stream:stream>",
        "eof",
        NULL};

    called[0] = '\0';
    testbed_make(&testbed);
    the_conn = testbed.conn;
    filters(testbed.conn);
    xmpp_handler_add(testbed.conn, on_end, NULL, "presence", "probe", &testbed);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.downs, 1, "a strange element");
    is_str(called, "", "nobody is called");
    is_int(testbed.count, 0, "nor for what is behind it");
    testbed_failed(&testbed, XMPP_LAYER_STREAM, XMPP_EPROTO, "the reason");
    testbed_peer_done(&testbed, "a strange element");
    testbed_free(&testbed, "a strange element");
}

int main(void)
{
    run("<message type='chat'><x xmlns='urn:x'/></message>", filters, "abcdefa",
        "filters");
    run("<iq type='get'><x xmlns='urn:y'/></iq>", filters, "aha", "others");
    run("<message type='chat' xmlns='urn:y'/>", filters, "ga",
        "no stanza, for those who know its namespace");
    unexpected();
    run("<message/><message/>", once, "oaa", "once");
    run("<message/><message/>", grows, "+aan", "added meanwhile");
    run("<message/><message/>", shrinks, "a-", "deleted meanwhile");
    run("<message id='1'/><message id='2'/>", ids, "iaa", "by id");
    run("<message/><message/><message/>", renewed, "gssgsgs",
        "added again by themselves");
    run("<message id='1'/>", renewed_id, "gsgs", "by id");
    run("<message/><message type='chat'/><message type='odd'/>"
        "<message type='normal'/><message type='error'/><presence/>"
        "<iq type='result'/><message><a xmlns='urn:x'/></message>",
        normal, "nnonnx", "messages without a known type are normal");
    run("<message/>", crowd,
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqr", "a crowd");
    time_and_requests();
    return done_testing();
}
