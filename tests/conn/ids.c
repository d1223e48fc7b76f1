/* ids.c - handlers by id hear an answer only from whom was asked: whatever way
 * the question went, and whenever the handler came. */

/* clang-format off */

#include "conn/testbed.h"

#include "conn/conn.h"

static char heard[256];
static struct testbed testbed;

static int on_stanza(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    const char *from = xmpp_stanza_get_from(stanza);
    size_t n = strlen(heard);

    (void)conn;
    (void)userdata;
    snprintf(heard + n, sizeof(heard) - n, "%s%s ", xmpp_stanza_get_name(stanza),
             from ? from : "-");
    return 1;
}

static int on_end(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    (void)conn;
    (void)stanza;
    (void)userdata;
    testbed.count++;
    return 1;
}

/* ---- ways to ask ------------------------------------------------- */

static xmpp_stanza_t *question(const char *to)
{
    xmpp_stanza_t *iq = xmpp_iq_new(testbed.ctx, "get", "q1");

    xmpp_stanza_add_tag(iq, "query", "urn:x");
    if (to)
        xmpp_stanza_set_to(iq, to);
    return iq;
}

static void by_send(const char *to)
{
    xmpp_stanza_t *iq = question(to);

    xmpp_send(testbed.conn, iq);
    xmpp_stanza_release(iq);
}

static void by_take(const char *to)
{
    is_int(xmpp_send_take(testbed.conn, question(to)), 0, "sent");
}

static void on_sent(xmpp_conn_t *conn, int status, const char *text,
                    size_t length, void *userdata)
{
    (void)conn;
    (void)status;
    (void)text;
    (void)length;
    (void)userdata;
}

static void by_tracked(const char *to)
{
    is_int(xmpp_send_tracked(testbed.conn, question(to), on_sent, NULL), 0, "sent");
}

static void by_request(const char *to)
{
    is_int(xmpp_request_send(testbed.conn, question(to), 0, NULL, NULL), 0,
           "sent, and nobody cares");
}

static void by_string(const char *to)
{
    xmpp_send_raw_string(testbed.conn,
                         "<!-- <iq id='q2'> --><presence/>\n<iq id='q1' "
                         "type=\"get\"%s%s%s><query xmlns='urn:x'/></iq>",
                         to ? " to='" : "", to ? to : "", to ? "'" : "");
}

static void by_pieces(const char *to)
{
    char tag[256];

    snprintf(tag, sizeof(tag), "<iq id='q1' type='set'%s%s%s>",
             to ? " to='" : "", to ? to : "", to ? "'" : "");
    xmpp_send_raw(testbed.conn, tag, strlen(tag));
    xmpp_send_raw_string(testbed.conn, "<query xmlns='urn:x'/></iq>");
}

static const struct way {
    const char *name;
    void (*ask)(const char *to);
} ways[] = {
    {"xmpp_send", by_send},        {"xmpp_send_take", by_take},
    {"tracked", by_tracked},       {"a request", by_request},
    {"a string", by_string},       {"a string in pieces", by_pieces},
};

/* ---- who answers ------------------------------------------------- */

#define ANSWER(type, from) "<iq type='" type "' id='q1' from='" from "'/>"
#define OWN "guest@example.org"
#define STRANGERS                                                              \
    ANSWER("result", "mallory@evil.example/x")                                 \
    ANSWER("error", "juliet@example.net.evil.example/balcony")                 \
    ANSWER("result", "evil.example/juliet@example.net")                        \
    ANSWER("result", "juliet@example.net")                                     \
    ANSWER("result", "juliet@example.net/other")                               \
    ANSWER("result", "example.net")                                            \
    "<iq type='get' id='q1' from='mallory@evil.example/x'/>"                   \
    "<iq id='q1' from='mallory@evil.example/x'/>"

/* To our account or our server: its neighbours are strangers too. */
#define NEIGHBOURS                                                             \
    STRANGERS ANSWER("result", "guest2@example.org")                           \
    ANSWER("result", "guest@example.org.evil") ANSWER("error", "evil/" OWN)

static const struct row {
    const char *to;
    const char *text; /* of the server */
    const char *heard;
} rows[] = {
    {"juliet@example.net/balcony",
     STRANGERS "<iq type='result' id='q1'/>" ANSWER("result", OWN)
         ANSWER("result", "example.org")
             ANSWER("result", "Juliet@EXAMPLE.net/balcony")
                 ANSWER("result", "juliet@example.net/balcony"),
     "iqJuliet@EXAMPLE.net/balcony "},
    {"juliet@example.net/balcony",
     STRANGERS ANSWER("error", "juliet@example.net/balcony"),
     "iqjuliet@example.net/balcony "},
    {NULL, NEIGHBOURS "<iq type='result' id='q1'/><iq type='result' id='q1'/>",
     "iq- "},
    {NULL, NEIGHBOURS ANSWER("result", OWN), "iq" OWN " "},
    {NULL, NEIGHBOURS ANSWER("error", OWN "/r"), "iq" OWN "/r "},
    {NULL, NEIGHBOURS ANSWER("result", "example.org"), "iqexample.org "},
    {OWN, NEIGHBOURS ANSWER("result", OWN "/r"), "iq" OWN "/r "},
    {"example.org", NEIGHBOURS ANSWER("result", OWN)
                        ANSWER("result", "example.org"),
     "iqexample.org "},
    {"juliet@example.net/balcony",
     "<message id='q1' from='m@x'/><presence id='q1' from='m@x'/>",
     "messagem@x presencem@x "},
};

static void logged_in(const char *text, const char *name)
{
    static char line[4096];
    static const char *const script[] = {PEER_LOGIN, "C q1", line, PEER_CLOSE,
                                         NULL};

    heard[0] = '\0';
    snprintf(line, sizeof(line), "S %s<presence type='probe'/>", text);
    testbed_make(&testbed);
    xmpp_handler_add(testbed.conn, on_end, NULL, "presence", "probe", NULL);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, name);
}

static void over(const char *name)
{
    testbed_until(&testbed, &testbed.count, 1, "all is heard");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    testbed_peer_done(&testbed, name);
    testbed_free(&testbed, name);
}

/* The handler comes first, or when the question is on its way. */
static void answered(const struct row *row, const struct way *way, bool first)
{
    logged_in(row->text, way->name);
    if (first)
        xmpp_id_handler_add(testbed.conn, on_stanza, "q1", NULL);
    way->ask(row->to);
    if (!first)
        xmpp_id_handler_add(testbed.conn, on_stanza, "q1", NULL);
    over(way->name);
    is_str(heard, row->heard, "%s to %s, the handler %s", way->name,
           row->to ? row->to : "ourselves", first ? "first" : "behind");
}

/* Nothing was asked: whoever knows the id is nobody's answer. */
static void unasked(void)
{
    logged_in(STRANGERS "<iq type='result' id='q1'/>", "unasked");
    xmpp_id_handler_add(testbed.conn, on_stanza, "q1", NULL);
    xmpp_send_raw_string(testbed.conn, "<iq type='result' id='q1' to='a@b'/>");
    over("unasked");
    is_str(heard, "iqmallory@evil.example/x ",
           "an answer without a question is not heard, a question is");
}

/* Two questions of one id have two answers, each from its own. */
static void twice(void)
{
    logged_in(ANSWER("result", "a@x") ANSWER("result", "b@x")
                  ANSWER("result", "b@x") ANSWER("result", "a@x")
                      ANSWER("result", "b@x"),
              "twice");
    xmpp_id_handler_add(testbed.conn, on_stanza, "q1", NULL);
    by_take("b@x");
    by_take("a@x");
    by_take("b@x");
    over("twice");
    is_str(heard, "iqa@x iqb@x iqb@x ", "each as often as it was asked");
}

/* A roster is our account's to tell, also to handlers by filter. */
static void rosters(void)
{
    logged_in("<iq type='result' id='r' from='mallory@x'><query "
              "xmlns='jabber:iq:roster'/></iq><iq type='result' id='r' "
              "from='" OWN ".evil'><query xmlns='jabber:iq:roster'/></iq>"
              "<iq type='result' id='r' from='" OWN "/r'><query "
              "xmlns='jabber:iq:roster'/></iq><iq type='result' id='r'><query "
              "xmlns='jabber:iq:roster'/></iq><iq type='result' id='q1' "
              "from='b@x'><query xmlns='jabber:iq:roster'/></iq>",
              "rosters");
    xmpp_handler_add(testbed.conn, on_stanza, "jabber:iq:roster", "iq", "result",
                     NULL);
    by_take("b@x");
    over("rosters");
    is_str(heard, "iq" OWN "/r iq- iqb@x ", "ours, and what was asked for");
}

/* ---- how many are remembered ------------------------------------- */

/* The first of so many is answered at last; does its handler hear it? */
static void many(int n, bool waits, bool is_heard)
{
    char name[32];

    snprintf(name, sizeof(name), "%d questions", n);
    logged_in(ANSWER("result", "a@x"), name);
    if (waits)
        xmpp_id_handler_add(testbed.conn, on_stanza, "q1", NULL);
    by_send("a@x");
    for (int i = 1; i < n; i++) {
        xmpp_stanza_t *iq = question("c@x");
        char id[32];

        snprintf(id, sizeof(id), "other%d", i);
        xmpp_stanza_set_id(iq, id);
        xmpp_send(testbed.conn, iq);
        xmpp_stanza_release(iq);
    }
    if (!waits)
        xmpp_id_handler_add(testbed.conn, on_stanza, "q1", NULL);
    over(name);
    is_str(heard, is_heard ? "iqa@x " : "", "%s: the first is %s", name,
           is_heard ? "known" : "forgotten");
}

/* One handler for questions to ever more people does not hold ever more. */
static void bounded(void)
{
    logged_in("", "bounded");
    xmpp_id_handler_add(testbed.conn, on_stanza, "q1", NULL);
    for (int i = 0; i < 3 * QUESTIONS_MOST; i++) {
        char to[32];

        snprintf(to, sizeof(to), "a%d@x", i);
        by_send(to);
    }
    is_int(testbed.conn->dispatch.questions.by_id.count,
           QUESTIONS_MOST + QUESTIONS_EACH, "one handler holds so many");
    over("bounded");
}

#define RESUMABLE                                                              \
    "C <stream:stream", "C >", "S " PEER_HEADER PEER_SASL, "C ANONYMOUS",      \
        "C >", "S <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",        \
        "C <stream:stream", "C >",                                             \
        "S " PEER_HEADER "<stream:features><bind "                             \
        "xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><sm "                       \
        "xmlns='urn:xmpp:sm:3'/></stream:features>"

static void resumed(bool by_state)
{
    static const char *const script[] = {
        RESUMABLE, "C </iq>",
        "S <iq type='result' id='%id%'><bind "
        "xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>guest@example.org/r"
        "</jid></bind></iq>",
        "C <enable", "C >",
        "S <enabled xmlns='urn:xmpp:sm:3' id='sm1' resume='true'/>", "C q1",
        "C </iq>", "reset", "accept", RESUMABLE, "C <resume", "C >",
        "S <resumed xmlns='urn:xmpp:sm:3' previd='sm1' h='0'/>", "C q1",
        "C </iq>",
        "S " ANSWER("result", "mallory@x") ANSWER("result", "a@x")
            "<a xmlns='urn:xmpp:sm:3' h='1'/><presence type='probe'/>",
        PEER_CLOSE, NULL};
    unsigned char *bytes = NULL;
    size_t n = 0;

    heard[0] = '\0';
    testbed_make(&testbed);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    by_send("a@x");
    testbed_until(&testbed, &testbed.downs, 1, "the connection is lost");
    if (by_state) {
        is_int(xmpp_conn_save_sm_state(testbed.conn, &bytes, &n), 0, "saved");
        xmpp_conn_release(testbed.conn);
        testbed.conn = xmpp_conn_new(testbed.ctx);
        xmpp_conn_set_jid(testbed.conn, "example.org");
        xmpp_conn_set_flags(testbed.conn, XMPP_CONN_FLAG_DISABLE_TLS);
        is_int(xmpp_conn_restore_sm_state(testbed.conn, bytes, n), 0, "restored");
        xmpp_free(testbed.ctx, bytes);
    }
    xmpp_handler_add(testbed.conn, on_end, NULL, "presence", "probe", NULL);
    xmpp_id_handler_add(testbed.conn, on_stanza, "q1", NULL);
    testbed_connect_again(&testbed);
    testbed_until(&testbed, &testbed.count, 1, "the session goes on");
    is_str(heard, "iqa@x ", "and so does the question");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 2, "down");
    testbed_peer_done(&testbed, "resumed");
    testbed_free(&testbed, "resumed");
}

#define COMPONENT                                                              \
    "<stream:stream xmlns='jabber:component:accept' id='s1' "                  \
    "xmlns:stream='http://etherx.jabber.org/streams' from='c.example.org'>"

/* It has many addresses; whom it asked has one. */
static void component(void)
{
    static const char *const script[] = {
        "C <stream:stream", "C >", "S " COMPONENT, "C </handshake>",
        "S <handshake/>", "C q1", "C </iq>",
        "S " ANSWER("result", "mallory@x") ANSWER("result", "c.example.org")
            ANSWER("result", "a@x") "<presence type='probe'/>",
        PEER_CLOSE, NULL};

    heard[0] = '\0';
    testbed_make(&testbed);
    xmpp_conn_set_jid(testbed.conn, "c.example.org");
    xmpp_conn_set_pass(testbed.conn, "secret");
    xmpp_handler_add(testbed.conn, on_end, NULL, "presence", "probe", NULL);
    xmpp_id_handler_add(testbed.conn, on_stanza, "q1", NULL);
    testbed.peer = fake_server_start(script);
    xmpp_connect_component(testbed.conn, "127.0.0.1", fake_server_port(testbed.peer),
                           testbed_handler, &testbed);
    testbed_until(&testbed, &testbed.ups, 1, "a component");
    by_send("a@x");
    over("component");
    is_str(heard, "iqa@x ", "a component hears whom it asked");
}

static void open_raw(struct testbed *of, xmpp_conn_event_t event)
{
    if (event == XMPP_CONN_RAW_CONNECT)
        xmpp_conn_open_stream_default(of->conn);
}

/* It binds by itself, so we do not know its resource. */
static void raw(const char *from)
{
    char line[512], want[64];
    const char *script[] = {"C <stream:stream", "C >", "S " PEER_HEADER,
                            "C q1", "C </iq>", line, PEER_CLOSE, NULL};

    heard[0] = '\0';
    snprintf(line, sizeof(line),
             "S " ANSWER("result", "mallory@example.org/r")
             "<iq type='result' id='q1'%s%s%s/><presence type='probe'/>",
             from ? " from='" : "", from ? from : "", from ? "'" : "");
    snprintf(want, sizeof(want), "iq%s ", from ? from : "-");
    testbed_make(&testbed);
    testbed.on_event = open_raw;
    xmpp_conn_set_jid(testbed.conn, OWN);
    xmpp_handler_add(testbed.conn, on_end, NULL, "presence", "probe", NULL);
    xmpp_id_handler_add(testbed.conn, on_stanza, "q1", NULL);
    testbed.peer = fake_server_start(script);
    xmpp_connect_raw(testbed.conn, "127.0.0.1", fake_server_port(testbed.peer), testbed_handler,
                     &testbed);
    testbed_until(&testbed, &testbed.ups, 1, "a raw connection");
    by_string(NULL);
    over("raw");
    is_str(heard, want, "a raw connection hears its server");
}

/* Without memory to remember a question it is not sent. */
static void starved(void)
{
    static const char *const script[] = {PEER_LOGIN, PEER_CLOSE, NULL};
    unsigned long n = 0;
    int rc;

    testbed_make(&testbed);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    do {
        xmpp_stanza_t *iq = question("a@x");

        failmem_arm(&testbed.memory, ++n, 0);
        rc = xmpp_send_take(testbed.conn, iq);
        failmem_arm(&testbed.memory, 0, 0);
        if (rc != 0 && rc != XMPP_EMEM)
            ok(false, "the %lu-th allocation: %s", n, xmpp_strerror_name(rc));
        is_int(testbed.conn->dispatch.questions.by_id.count, rc == 0,
               "what is sent is remembered");
    } while (rc);
    ok(n > 1, "%lu allocations fail in turn", n - 1);
    for (unsigned long i = 1; i < 40; i++) {
        failmem_arm(&testbed.memory, i, 0);
        by_string("a@x");
        failmem_arm(&testbed.memory, 0, 0);
    }
    testbed.count = 1;
    over("starved");
}

int main(void)
{
    for (size_t w = 0; w < sizeof(ways) / sizeof(ways[0]); w++)
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
            answered(&rows[i], &ways[w], true);
            answered(&rows[i], &ways[w], false);
        }
    unasked();
    twice();
    rosters();
    many(QUESTIONS_MOST, false, true);
    many(QUESTIONS_MOST + 1, false, false);
    many(3 * QUESTIONS_MOST, true, true);
    bounded();
    resumed(false);
    resumed(true);
    component();
    raw(NULL);
    raw("example.org");
    raw(OWN);
    raw(OWN "/chosen");
    starved();
    return done_testing();
}
