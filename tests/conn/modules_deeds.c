/* modules_deeds.c - what a row's handler may do while a stanza passes: use
 * another module, disconnect, run the loop, release the connection. And on
 * which connections rows work. */

#include "conn/diary.h"

static struct testbed testbed;
static void (*deed)(void);

/* ---- the modules under test -------------------------------------- */

static int act(const char *who, void *state)
{
    int *count = state;

    diary_add("%s", who);
    if (deed) {
        void (*once)(void) = deed;

        deed = NULL;
        once();
    }
    ++*count; /* the state is there, whatever was done */
    return 1;
}

static int in_a(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    (void)conn;
    (void)in;
    return act("a", state);
}

static int in_b(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    (void)conn;
    (void)in;
    return act("b", state);
}

static int live_a(xmpp_conn_t *conn, xmpp_lifecycle_t event, void *state)
{
    (void)conn;
    (void)state;
    if (event == XMPP_DETACHED || event == XMPP_CONNECTION_LOST)
        diary_add("%s", diary_event(event));
    return 0;
}

#define ROWS(in)                                                               \
    XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_LIVE, NULL, NULL, NULL, in),         \
        XMPP_WRAP(XMPP_SENDER_ACCOUNT, "urn:w", NULL, in),                     \
        XMPP_PRESENCE(XMPP_SENDER_ANYONE, NULL, NULL, NULL, in),               \
        XMPP_IQ_GET(XMPP_SENDER_ANYONE, "urn:q", NULL, NULL, in)

static const xmpp_row_t a_rows[] = {ROWS(in_a), XMPP_LIFECYCLE(live_a),
                                    XMPP_ROWS_END};
static XMPP_MODULE(mod_a, "a", sizeof(int), a_rows);
static const xmpp_row_t b_rows[] = {ROWS(in_b), XMPP_ROWS_END};
static XMPP_MODULE(mod_b, "b", sizeof(int), b_rows);
static const xmpp_row_t c_rows[] = {ROWS(in_b), XMPP_ROWS_END};
static XMPP_MODULE(mod_c, "c", sizeof(int), c_rows);

static int in_to(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    char text[100];
    size_t n;
    const char *to = xmpp_jid_view(in->to, XMPP_JID_FULL, &n);

    (void)conn;
    (void)state;
    snprintf(text, sizeof(text), "%.*s", (int)n, to ? to : "");
    diary_add("to(%s %u %s)", text, in->sender,
              xmpp_stanza_get_name(in->element));
    return -104;
}

static const xmpp_row_t to_rows[] = {
    XMPP_MESSAGE(XMPP_SENDER_ANYONE, XMPP_LIVE, XMPP_NS_CLIENT, "body", NULL,
                 in_to),
    XMPP_IQ_GET(XMPP_SENDER_ANYONE, "urn:to", "no", NULL, in_to),
    XMPP_ROWS_END};
static XMPP_MODULE(mod_to, "to", 0, to_rows);

static void open_raw(struct testbed *bed, xmpp_conn_event_t event)
{
    if (event == XMPP_CONN_RAW_CONNECT)
        xmpp_conn_open_stream_default(bed->conn);
}

static int on_stanza(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    (void)conn;
    (void)userdata;
    if (!xmpp_stanza_get_child_by_name(stanza, "bind"))
        diary_add("raw");
    return 1;
}

/* ---- deeds ------------------------------------------------------- */

static void use_one(void)
{
    is_int(xmpp_conn_use(testbed.conn, &mod_c), 0, "another is used");
}

static void release(void)
{
    xmpp_conn_t *conn = testbed.conn;

    testbed.conn = NULL;
    xmpp_conn_release(conn);
    diary_add("released");
}

static void free_all(void)
{
    xmpp_ctx_t *ctx = testbed.ctx;

    release();
    testbed.ctx = NULL;
    xmpp_ctx_free(ctx);
}

static void end_in_loop(void)
{
    xmpp_conn_drop(testbed.conn);
    for (int i = 0; i < 20 && testbed.downs == 0; i++)
        xmpp_run_once(testbed.ctx, 10);
    diary_add("down");
}

static const struct play {
    void (*deed)(void);
    const char *text, *diary, *what;
} plays[] = {
    {use_one, "<message/>", "a b raw a b b raw",
     "one used meanwhile gets the next"},
    {use_one, "<message><w xmlns='urn:w'/></message>", "a b raw a b b raw",
     "and so with envelopes"},
    {release, "<message/>", "a lost released detached",
     "released: nobody gets the rest"},
    {release, "<message><w xmlns='urn:w'/></message>",
     "a lost released detached", "released in an envelope"},
    {release, "<presence/>", "a lost released detached",
     "released for presence"},
    {release, "<iq type='get' id='1'><x xmlns='urn:q'/></iq>",
     "a lost released detached", "released for an iq"},
    {free_all, "<message/>", "a lost released detached",
     "released with its context"},
    {end_in_loop, "<message/>", "a lost down raw",
     "ended in a loop: rows get no more"},
};

static void acts(const struct play *play)
{
    char line[200];
    const char *script[] = {PEER_LOGIN, line, "eof", NULL};

    snprintf(line, sizeof(line), "S %s<message/>", play->text);
    testbed_make_virtual(&testbed);
    xmpp_conn_use(testbed.conn, &mod_a);
    xmpp_conn_use(testbed.conn, &mod_b);
    xmpp_handler_add(testbed.conn, on_stanza, NULL, NULL, NULL, NULL);
    testbed_connect(&testbed, script);
    deed = play->deed;
    for (int i = 0; i < 60 && testbed.ctx; i++)
        xmpp_run_once(testbed.ctx, 10);
    diary_is(play->diary, play->what);
    testbed_free(&testbed, play->what);
    diary_forget();
}

/* ---- on which connections ---------------------------------------- */

static void on_component(void)
{
    static const char *const script[] = {
        "C <stream:stream",
        "C >",
        "S <stream:stream xmlns='jabber:component:accept' id='s1' "
        "xmlns:stream='http://etherx.jabber.org/streams' from='c.example.org'>",
        "C </handshake>",
        "S <handshake/>",
        NULL};

    diary_begin(&testbed);
    xmpp_conn_set_jid(testbed.conn, "c.example.org");
    xmpp_conn_set_pass(testbed.conn, "secret");
    is_int(xmpp_conn_use(testbed.conn, &mod_to), 0, "used by a component");
    xmpp_connect_component(testbed.conn, "127.0.0.1", 5347, testbed_handler,
                           &testbed);
    diary_obey(&testbed, script);
    diary_hear(&testbed, "<message from='a@b' to='bot@c.example.org'>"
                         "<body>hi</body></message>");
    diary_is("to(bot@c.example.org 1 body)",
             "a row sees which of its addresses is meant");
    diary_hear(&testbed, "<message from='c.example.org' to='bot@c.example.org'>"
                         "<body>hi</body></message>");
    diary_is("to(bot@c.example.org 15 body)", "its own domain is its account");
    diary_hear(&testbed, "<iq from='a@b' id='1' type='get' "
                         "to='bot@c.example.org'><no xmlns='urn:to'/></iq>");
    diary_said_part(&testbed, "from=\"bot@c.example.org\"><error",
                    "which the library answers by, too");
    testbed_free(&testbed, "a component");
    diary_forget();
}

static void on_raw(void)
{
    static const char *const script[] = {"C <stream:stream", "C >",
                                         "S " PEER_HEADER, NULL};

    diary_begin(&testbed);
    is_int(xmpp_conn_use(testbed.conn, &mod_a), 0, "used on a raw connection");
    xmpp_handler_add(testbed.conn, on_stanza, NULL, NULL, NULL, NULL);
    testbed.on_event = open_raw;
    xmpp_connect_raw(testbed.conn, "127.0.0.1", 5222, testbed_handler,
                     &testbed);
    diary_obey(&testbed, script);
    is_int(testbed.ups, 1, "up");
    diary_hear(&testbed, "<message/>");
    diary_is("raw", "its rows get nothing");
    diary_cut(&testbed);
    diary_is("", "nor does it lose what it did not have");
    testbed_free(&testbed, "raw");
    diary_is("detached", "but it ends");
}

int main(void)
{
    for (size_t i = 0; i < sizeof(plays) / sizeof(plays[0]); i++)
        acts(&plays[i]);
    on_component();
    on_raw();
    return done_testing();
}
