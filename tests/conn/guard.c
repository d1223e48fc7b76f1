/* guard.c - forged roster pushes, carbons, archive results and private events
 * reach nobody; true ones do. */

#include "conn/testbed.h"

#define OWN "guest@example.org"
#define ROSTER "<query xmlns='jabber:iq:roster'><item jid='m@x'/></query></iq>"
#define CARBON                                                                 \
    "<received xmlns='urn:xmpp:carbons:2'><forwarded "                         \
    "xmlns='urn:xmpp:forward:0'/></received></message>"
#define RESULT "<result xmlns='urn:xmpp:mam:2' queryid='q' id='1'/></message>"
#define EVENT(node)                                                            \
    "<event xmlns='http://jabber.org/protocol/pubsub#event'><items "           \
    "node='" node "'/></event></message>"

/* What the server says; `heard` if the application has to be told. */
static const struct row {
    const char *text;
    bool heard;
    const char *name;
} rows[] = {
    {"<iq type='set' id='1'>" ROSTER, true, "a push without a sender"},
    {"<iq type='set' id='1' from='" OWN "'>" ROSTER, true,
     "a push of our account"},
    {"<iq type='set' id='1' from='Guest@EXAMPLE.org'>" ROSTER, true,
     "spelt otherwise"},
    {"<iq type='set' id='1' from='mallory@example.org/x'>" ROSTER, false,
     "a push of somebody else"},
    {"<iq type='set' id='1' from='example.org'>" ROSTER, false,
     "a push of the server's domain"},
    {"<iq type='set' id='1' from='" OWN "/other'>" ROSTER, false,
     "a push of another resource"},
    {"<iq type='set' id='1' from='" OWN ".evil'>" ROSTER, false,
     "a push of what only begins as we do"},
    {"<iq type='set' id='1' from='@'>" ROSTER, false, "a push of nobody"},
    {"<iq type='get' id='1' from='mallory@x'>" ROSTER, true,
     "a question is no push"},
    {"<message from='" OWN "'>" CARBON, true, "a carbon"},
    {"<message>" CARBON, true, "a carbon without a sender"},
    {"<message from='" OWN "/other'>" CARBON, false,
     "a carbon of another resource"},
    {"<message from='mallory@x'>" CARBON, false, "a carbon of somebody else"},
    {"<message from='mallory@x'><body>hi</body>"
     "<sent xmlns='urn:xmpp:carbons:2'/></message>",
     false, "hidden behind a body"},
    {"<message from='mallory@x'><private xmlns='urn:xmpp:carbons:2'/>"
     "</message>",
     true, "a wish for no carbons is none"},
    {"<message from='" OWN "'>" RESULT, true, "a result of our archive"},
    {"<message from='room@x'>" RESULT, false, "of an archive not asked"},
    {"<message from='friend@x'>" EVENT("urn:xmpp:avatar:metadata"), true,
     "an event of a friend"},
    {"<message from='friend@x'>" EVENT("urn:xmpp:bookmarks:1"), false,
     "a friend's bookmarks for us"},
    {"<message from='" OWN "'>" EVENT("urn:xmpp:bookmarks:1"), true,
     "our own bookmarks"},
    {"<message from='a b@c'><body/></message>", true,
     "an unprepared sender is no reason"},
    {"<message from='a@b/'><body/></message>", false,
     "a sender that is no address is"},
    {"<message from='a@b@c'><body/></message>", false, "nor one with two @"},
    {"<presence from=''/>", false, "nor is an empty one"},
    {"<presence from='friend@x/r'/>", true, "presence"},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static int on_stanza(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct testbed *testbed = userdata;
    const char *id = xmpp_stanza_get_id(stanza);

    (void)conn;
    if (id && !strcmp(id, "end"))
        testbed->raw_ups = 1; /* the last one has come */
    else
        testbed->count++;
    return 1;
}

static void judges(const struct row *row)
{
    char line[512];
    const char *script[32] = {PEER_LOGIN, NULL};
    struct testbed testbed;
    int n = 0;

    while (script[n])
        n++;
    snprintf(line, sizeof(line), "S %s<message id='end'/>", row->text);
    script[n++] = line;
    script[n++] = "C </stream:stream>";
    script[n++] = "S </stream:stream>";
    script[n] = NULL;
    testbed_make(&testbed);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_ANSWER_UNKNOWN, 0);
    xmpp_handler_add(testbed.conn, on_stanza, NULL, NULL, NULL, &testbed);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.raw_ups, 1, row->name);
    is_int(testbed.count, row->heard, "%s: %s", row->name,
           row->heard ? "heard" : "ignored");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    testbed_peer_done(&testbed, row->name);
    testbed_free(&testbed, row->name);
}

/* ---- an archive that is asked ------------------------------------ */

static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct testbed *testbed = userdata;
    const char *id = xmpp_stanza_get_id(stanza);

    if (id && !strcmp(id, "end"))
        testbed->raw_ups = 1;
    testbed->count +=
        xmpp_stanza_get_child_by_ns(stanza, "urn:xmpp:mam:2") != NULL;
    if (id && !strcmp(id, "self"))
        is_int(xmpp_conn_is_from_self(conn, stanza), 1, "our account");
    if (id && !strcmp(id, "other"))
        is_int(xmpp_conn_is_from_self(conn, stanza), 0, "somebody else");
    if (id && !strcmp(id, "none"))
        is_int(xmpp_conn_is_from_self(conn, stanza), 1, "nobody is named");
    return 1;
}

static void asked(void)
{
    static const char *const script[] = {
        PEER_LOGIN,
        "C <iq",
        "C id=\"q1\"",
        "C </iq>",
        "S <message from='Room@conf.example'>" RESULT
        "<message from='other@conf.example'>" RESULT
        "<iq type='result' id='q1' from='other@conf.example'/>"
        "<message from='room@conf.example'>" RESULT
        "<iq type='result' id='q1' from='room@conf.example'/>"
        "<message from='room@conf.example'>" RESULT
        "<message id='self' from='" OWN "'/><message id='none'/>"
        "<message id='other' from='" OWN "/other'/><message id='end'/>",
        PEER_CLOSE,
        NULL};
    struct testbed testbed;
    xmpp_stanza_t *iq;

    testbed_make(&testbed);
    xmpp_handler_add(testbed.conn, on_message, NULL, "message", NULL, &testbed);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    iq = xmpp_iq_new(testbed.ctx, "set", "q1");
    xmpp_stanza_set_to(iq, "room@conf.example");
    xmpp_stanza_add_tag(iq, "query", "urn:xmpp:mam:2");
    xmpp_send_take(testbed.conn, iq);
    testbed_until(&testbed, &testbed.raw_ups, 1, "all of them");
    is_int(testbed.count, 2,
           "results are heard from whom was asked, to the end");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    testbed_peer_done(&testbed, "asked");
    testbed_free(&testbed, "asked");
}

/* The first of so many questions is answered when all are asked: is it still
 * known? */
static void many(int n, int heard)
{
    static const char *const script[] = {
        PEER_LOGIN,
        "C id=\"last\"",
        "C </iq>",
        "S <message from='first@conf.example'>" RESULT "<message id='end'/>",
        PEER_CLOSE,
        NULL};
    struct testbed testbed;

    testbed_make(&testbed);
    xmpp_handler_add(testbed.conn, on_message, NULL, "message", NULL, &testbed);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    for (int i = 1; i <= n; i++) {
        xmpp_stanza_t *iq =
            xmpp_iq_new(testbed.ctx, "set", i == n ? "last" : "q");

        xmpp_stanza_set_to(iq,
                           i == 1 ? "first@conf.example" : "room@conf.example");
        xmpp_stanza_add_tag(iq, "query", "urn:xmpp:mam:2");
        is_int(xmpp_send_take(testbed.conn, iq), 0, "question %d", i);
    }
    testbed_until(&testbed, &testbed.raw_ups, 1, "the answers");
    is_int(testbed.count, heard, "of %d questions the first is %s", n,
           heard ? "known" : "forgotten");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    testbed_peer_done(&testbed, "many");
    testbed_free(&testbed, "many");
}

int main(void)
{
    for (size_t i = 0; i < ROWS; i++)
        judges(&rows[i]);
    asked();
    many(64, 1);
    many(65, 0);
    return done_testing();
}
