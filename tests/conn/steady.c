/* steady.c - in steady state nothing is allocated per stanza: neither for those
 * that arrive and are handled, nor for those that are built and sent. */

#include "conn/testbed.h"
#include "xml_calls.h"

#define WARM 1000
#define STANZAS 3000
#define MESSAGE                                                                \
    "<message from='juliet@example.org/balcony' to='guest@example.org/r' "     \
    "type='chat' id='%06d'><body>Wherefore art thou, Romeo?</body>"            \
    "<thread>e0ffe42b28561960</thread></message>"

#define BRIEF "<message from='a@b/c'><body>t</body></message>"

struct tally {
    struct testbed testbed;
    int seen;
    unsigned long ours, xml; /* when it was warm */
    size_t looked;
};

static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct tally *t = userdata;
    const char *body = xmpp_stanza_get_child_text(stanza, "body", NULL);

    (void)conn;
    t->looked += strlen(body) + strlen(xmpp_stanza_get_from(stanza));
    if (++t->seen == WARM) {
        t->ours = t->testbed.memory.calls;
        t->xml = xml_calls;
    }
    return 1;
}

static char *many_messages(bool are_brief)
{
    size_t size = STANZAS * (sizeof(MESSAGE) + 10) + 3;
    char *text = malloc(size);
    size_t n = 2;

    strcpy(text, "S ");
    for (int i = 0; i < STANZAS; i++)
        n += (size_t)(are_brief ? snprintf(text + n, size - n, BRIEF)
                                : snprintf(text + n, size - n, MESSAGE, i));
    return text;
}

static int lines;

static void on_line(void *userdata, xmpp_log_level_t level, const char *area,
                    const char *line)
{
    (void)userdata;
    (void)level;
    (void)area;
    lines += strstr(line, "Wherefore") != NULL;
}

static const xmpp_log_t own_log = {on_line, NULL};

/* ---- modules ----------------------------------------------------- */

#define MODULES 10

static int on_row(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    (void)conn;
    *(size_t *)state += in->sender; /* it is concerned with every message */
    return 0;
}

static const xmpp_row_t unconcerned[] = {
    XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_LIVE, "urn:other", NULL, NULL,
                 on_row),
    XMPP_WRAP(XMPP_SENDER_ANYONE, "urn:other", "wrap", on_row),
    XMPP_PRESENCE(XMPP_SENDER_ANYONE, NULL, NULL, NULL, on_row), XMPP_ROWS_END};
static const xmpp_row_t concerned[] = {
    XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_LIVE, NULL, NULL, NULL, on_row),
    XMPP_ROWS_END};

/* The last of them is concerned, if any is. */
static void use_modules(xmpp_conn_t *conn, int count, bool one_is_concerned)
{
    static xmpp_module_t modules[MODULES];

    for (int i = 0; i < count; i++) {
        bool last = one_is_concerned && i == count - 1;

        modules[i] = (xmpp_module_t){"m", sizeof(size_t), sizeof(xmpp_row_t),
                                     last ? concerned : unconcerned};
        is_int(xmpp_conn_use(conn, &modules[i]), 0, "a module is used");
    }
}

/* Nobody sees what is said: no stanza is rendered for a log either. */
static void receives(const char *name, const xmpp_log_t *log,
                     xmpp_log_level_t level, int modules, bool one_is_concerned)
{
    bool are_brief = strcmp(name, "brief") == 0;
    char *text = many_messages(are_brief);
    const char *script[] = {PEER_LOGIN, text, PEER_CLOSE, NULL};
    static struct tally t;

    t = (struct tally){.seen = 0};
    testbed_make_log(&t.testbed, log);
    xmpp_ctx_set_log_level(t.testbed.ctx, level);
    use_modules(t.testbed.conn, modules, one_is_concerned);
    xmpp_handler_add(t.testbed.conn, on_message, NULL, "message", NULL, &t);
    testbed_connect(&t.testbed, script);
    testbed_until(&t.testbed, &t.seen, STANZAS, "all messages arrive");
    /* Where the socket cuts is chance: the first text that is cut needs a
     * buffer, which stays. */
    ok(t.testbed.memory.calls - t.ours <= 1,
       "%s: for %d of them nothing is allocated", name, STANZAS - WARM);
    is_int(xml_calls - t.xml, 0, "by libxml2 neither");
    is_int(lines, 0, "none of them is logged");
    ok(t.looked >= STANZAS * (are_brief ? 6 : 50), "and all were looked at");
    xmpp_disconnect(t.testbed.conn);
    testbed_until(&t.testbed, &t.testbed.downs, 1, "down");
    testbed_peer_done(&t.testbed, "receiving");
    testbed_free(&t.testbed, "receiving");
    free(text);
}

/* The same log hears everything until it is told. */
static void logs(void)
{
    static const char *const script[] = {
        PEER_LOGIN, "S <message><body>Wherefore</body></message>", PEER_CLOSE,
        NULL};
    struct testbed testbed;

    lines = 0;
    testbed_make_log(&testbed, &own_log);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &lines, 1, "another logger hears all");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    testbed_peer_done(&testbed, "logging");
    testbed_free(&testbed, "logging");
    lines = 0;
}

static const char *const managed[] = {
    "C <stream:stream",
    "C >",
    "S " PEER_HEADER PEER_SASL,
    "C ANONYMOUS",
    "C >",
    "S <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
    "C <stream:stream",
    "C >",
    "S " PEER_HEADER "<stream:features><bind "
    "xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><sm xmlns='urn:xmpp:sm:3'/>"
    "</stream:features>",
    "C </iq>",
    "S <iq type='result' id='%id%'><bind "
    "xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>guest@example.org/r</jid>"
    "</bind></iq>",
    "C <enable",
    "C >",
    "S <enabled xmlns='urn:xmpp:sm:3' id='sm1' resume='true'/>"};

#define LOGIN_LINES (sizeof(managed) / sizeof(managed[0]))
#define ROUNDS 300
#define IN_ROUND 10

static void send_one(struct testbed *testbed)
{
    xmpp_stanza_t *m =
        xmpp_message_new(testbed->ctx, "chat", "juliet@example.org", "m1");

    xmpp_message_set_body(m, "My bounty is as boundless as the sea");
    if (xmpp_send_take(testbed->conn, m))
        testbed->count++;
}

static void sends(void)
{
    static const char *const script[] = {PEER_LOGIN, "C last", PEER_CLOSE,
                                         NULL};
    struct testbed testbed;
    unsigned long before = 0;

    testbed_make_log(&testbed, NULL);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    for (int i = 0; i < STANZAS; i++) {
        if (i == WARM)
            before = testbed.memory.calls;
        send_one(&testbed);
        if (i % 10 == 9)
            while (xmpp_conn_send_queue_len(testbed.conn) > 0)
                xmpp_run_once(testbed.ctx, 10);
    }
    ok(testbed.memory.calls - before < STANZAS / 100,
       "for %d sent ones hardly anything is: %lu", STANZAS - WARM,
       testbed.memory.calls - before);
    is_int(testbed.count, 0, "all were sent");
    xmpp_send_raw_string(testbed.conn, "<last/>");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    testbed_peer_done(&testbed, "sending");
    testbed_free(&testbed, "sending");
}

/* Each round says ten stanzas, which are acknowledged before the next. */
static void sends_managed(void)
{
    static char acks[ROUNDS][80];
    static const char *script[LOGIN_LINES + 2 * ROUNDS + 8];
    size_t n = LOGIN_LINES;
    struct testbed testbed;
    unsigned long before = 0;

    memcpy(script, managed, sizeof(managed));
    for (int i = 0; i < ROUNDS; i++) {
        snprintf(acks[i], sizeof(acks[i]),
                 "S <a xmlns='urn:xmpp:sm:3' h='%d'/>", (i + 1) * IN_ROUND);
        script[n++] = "C <last/>";
        script[n++] = acks[i];
    }
    script[n++] = "C </stream:stream>";
    script[n++] = "S </stream:stream>";
    script[n++] = "eof";
    testbed_make_log(&testbed, NULL);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    for (int i = 0; i < ROUNDS; i++) {
        if (i == ROUNDS / 10)
            before = testbed.memory.calls;
        for (int k = 0; k < IN_ROUND; k++)
            send_one(&testbed);
        xmpp_send_raw(testbed.conn, "<last/>", 7);
        while (xmpp_conn_get_unacked(testbed.conn) ||
               xmpp_conn_send_queue_len(testbed.conn))
            xmpp_run_once(testbed.ctx, 100);
    }
    is_int((long)(testbed.memory.calls - before), 0,
           "managed: for %d sent and acknowledged ones nothing is",
           (ROUNDS - ROUNDS / 10) * IN_ROUND);
    is_int(testbed.count, 0, "all were sent");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    testbed_peer_done(&testbed, "managed");
    testbed_free(&testbed, "managed");
}

int main(void)
{
    xmpp_log_t copy = *xmpp_get_default_logger(XMPP_LEVEL_ERROR);

    if (xml_calls_begin())
        bail("libxml2 keeps its own allocator");
    receives("silence", NULL, XMPP_LEVEL_DEBUG, 0, false);
    receives("brief", NULL, XMPP_LEVEL_DEBUG, 0, false);
    receives("our logger", xmpp_get_default_logger(XMPP_LEVEL_ERROR),
             XMPP_LEVEL_DEBUG, 0, false);
    receives("a copy of it", &copy, XMPP_LEVEL_DEBUG, 0, false);
    receives("another", &own_log, XMPP_LEVEL_WARN, 0, false);
    receives("ten modules", NULL, XMPP_LEVEL_DEBUG, MODULES, false);
    receives("and one concerned", NULL, XMPP_LEVEL_DEBUG, MODULES, true);
    logs();
    sends();
    sends_managed();
    return done_testing();
}
