/* ids.c - handlers by id hear an answer only from whom was asked: whatever way
 * the question went, and whenever the handler came. */

#include "conn/ids_testbed.h"

/* ---- ways to ask ------------------------------------------------- */

static void by_take(const char *to)
{
    is_int(xmpp_send_take(ids_testbed.conn, ids_question(to)), 0, "sent");
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
    is_int(xmpp_send_tracked(ids_testbed.conn, ids_question(to), on_sent, NULL),
           0, "sent");
}

static void by_request(const char *to)
{
    is_int(xmpp_request_send(ids_testbed.conn, ids_question(to), 0, NULL, NULL),
           0, "sent, and nobody cares");
}

static void by_string(const char *to)
{
    xmpp_send_raw_string(ids_testbed.conn,
                         "<!-- <iq id='q2'> --><presence/>\n<iq id='q1' "
                         "type=\"get\"%s%s%s><query xmlns='urn:x'/></iq>",
                         to ? " to='" : "", to ? to : "", to ? "'" : "");
}

static void by_pieces(const char *to)
{
    char tag[256];

    snprintf(tag, sizeof(tag), "<iq id='q1' type='set'%s%s%s>",
             to ? " to='" : "", to ? to : "", to ? "'" : "");
    xmpp_send_raw(ids_testbed.conn, tag, strlen(tag));
    xmpp_send_raw_string(ids_testbed.conn, "<query xmlns='urn:x'/></iq>");
}

static const struct way {
    const char *name;
    void (*ask)(const char *to);
} ways[] = {
    {"xmpp_send", ids_send}, {"xmpp_send_take", by_take},
    {"tracked", by_tracked}, {"a request", by_request},
    {"a string", by_string}, {"a string in pieces", by_pieces},
};

/* ---- who answers ------------------------------------------------- */

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
        ANSWER("result", "guest@example.org.evil")                             \
            ANSWER("error", "evil/" OWN)

static const struct row {
    const char *to;
    const char *text; /* of the server */
    const char *heard;
} rows[] = {
    {"juliet@example.net/balcony",
     STRANGERS "<iq type='result' id='q1'/>" ANSWER("result", OWN) ANSWER(
         "result", "example.org") ANSWER("result", "Juliet@EXAMPLE.net/balcony")
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
    {"example.org",
     NEIGHBOURS ANSWER("result", OWN) ANSWER("result", "example.org"),
     "iqexample.org "},
    {"juliet@example.net/balcony",
     "<message id='q1' from='m@x'/><presence id='q1' from='m@x'/>",
     "messagem@x presencem@x "},
};

/* The handler comes first, or when the question is on its way. */
static void answered(const struct row *row, const struct way *way, bool first)
{
    ids_begin(row->text, way->name);
    if (first)
        xmpp_id_handler_add(ids_testbed.conn, ids_on_stanza, "q1", NULL);
    way->ask(row->to);
    if (!first)
        xmpp_id_handler_add(ids_testbed.conn, ids_on_stanza, "q1", NULL);
    ids_end(way->name);
    is_str(ids_heard, row->heard, "%s to %s, the handler %s", way->name,
           row->to ? row->to : "ourselves", first ? "first" : "behind");
}

/* Nothing was asked: whoever knows the id is nobody's answer. */
static void unasked(void)
{
    ids_begin(STRANGERS "<iq type='result' id='q1'/>", "unasked");
    xmpp_id_handler_add(ids_testbed.conn, ids_on_stanza, "q1", NULL);
    xmpp_send_raw_string(ids_testbed.conn,
                         "<iq type='result' id='q1' to='a@b'/>");
    ids_end("unasked");
    is_str(ids_heard, "iqmallory@evil.example/x ",
           "an answer without a question is not ids_heard, a question is");
}

/* Two questions of one id have two answers, each from its own. */
static void twice(void)
{
    ids_begin(ANSWER("result", "a@x") ANSWER("result", "b@x")
                  ANSWER("result", "b@x") ANSWER("result", "a@x")
                      ANSWER("result", "b@x"),
              "twice");
    xmpp_id_handler_add(ids_testbed.conn, ids_on_stanza, "q1", NULL);
    by_take("b@x");
    by_take("a@x");
    by_take("b@x");
    ids_end("twice");
    is_str(ids_heard, "iqa@x iqb@x iqb@x ", "each as often as it was asked");
}

/* A roster is our account's to tell, also to handlers by filter. */
static void rosters(void)
{
    ids_begin("<iq type='result' id='r' from='mallory@x'><query "
              "xmlns='jabber:iq:roster'/></iq><iq type='result' id='r' "
              "from='" OWN ".evil'><query xmlns='jabber:iq:roster'/></iq>"
              "<iq type='result' id='r' from='" OWN "/r'><query "
              "xmlns='jabber:iq:roster'/></iq><iq type='result' id='r'><query "
              "xmlns='jabber:iq:roster'/></iq><iq type='result' id='q1' "
              "from='b@x'><query xmlns='jabber:iq:roster'/></iq>",
              "rosters");
    xmpp_handler_add(ids_testbed.conn, ids_on_stanza, "jabber:iq:roster", "iq",
                     "result", NULL);
    by_take("b@x");
    ids_end("rosters");
    is_str(ids_heard, "iq" OWN "/r iq- iqb@x ", "ours, and what was asked for");
}

#define COMPONENT                                                              \
    "<stream:stream xmlns='jabber:component:accept' id='s1' "                  \
    "xmlns:stream='http://etherx.jabber.org/streams' from='c.example.org'>"

/* It has many addresses; whom it asked has one. */
static void component(void)
{
    static const char *const script[] = {
        "C <stream:stream",
        "C >",
        "S " COMPONENT,
        "C </handshake>",
        "S <handshake/>",
        "C q1",
        "C </iq>",
        "S " ANSWER("result", "mallory@x") ANSWER("result", "c.example.org")
            ANSWER("result", "a@x") "<presence type='probe'/>",
        PEER_CLOSE,
        NULL};

    ids_heard[0] = '\0';
    testbed_make(&ids_testbed);
    xmpp_conn_set_jid(ids_testbed.conn, "c.example.org");
    xmpp_conn_set_pass(ids_testbed.conn, "secret");
    xmpp_handler_add(ids_testbed.conn, ids_on_end, NULL, "presence", "probe",
                     NULL);
    xmpp_id_handler_add(ids_testbed.conn, ids_on_stanza, "q1", NULL);
    ids_testbed.peer = fake_server_start(script);
    xmpp_connect_component(ids_testbed.conn, "127.0.0.1",
                           fake_server_port(ids_testbed.peer), testbed_handler,
                           &ids_testbed);
    testbed_until(&ids_testbed, &ids_testbed.ups, 1, "a component");
    ids_send("a@x");
    ids_end("component");
    is_str(ids_heard, "iqa@x ", "a component hears whom it asked");
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
    const char *script[] = {"C <stream:stream", "C >", "S " PEER_HEADER, "C q1",
                            "C </iq>",          line,  PEER_CLOSE,       NULL};

    ids_heard[0] = '\0';
    snprintf(
        line, sizeof(line),
        "S " ANSWER(
            "result",
            "mallory@example.org/r") "<iq type='result' "
                                     "id='q1'%s%s%s/><presence type='probe'/>",
        from ? " from='" : "", from ? from : "", from ? "'" : "");
    snprintf(want, sizeof(want), "iq%s ", from ? from : "-");
    testbed_make(&ids_testbed);
    ids_testbed.on_event = open_raw;
    xmpp_conn_set_jid(ids_testbed.conn, OWN);
    xmpp_handler_add(ids_testbed.conn, ids_on_end, NULL, "presence", "probe",
                     NULL);
    xmpp_id_handler_add(ids_testbed.conn, ids_on_stanza, "q1", NULL);
    ids_testbed.peer = fake_server_start(script);
    xmpp_connect_raw(ids_testbed.conn, "127.0.0.1",
                     fake_server_port(ids_testbed.peer), testbed_handler,
                     &ids_testbed);
    testbed_until(&ids_testbed, &ids_testbed.ups, 1, "a raw connection");
    by_string(NULL);
    ids_end("raw");
    is_str(ids_heard, want, "a raw connection hears its server");
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
    component();
    raw(NULL);
    raw("example.org");
    raw(OWN);
    raw(OWN "/chosen");
    return done_testing();
}
