/* arguments.c - a call that is refused names the argument and what is wrong
 * with it: to who asks the context, and in the log. */

#include "conn/testbed.h"

static char logged[600]; /* the last warning */

static void on_line(void *userdata, xmpp_log_level_t level, const char *area,
                    const char *line)
{
    (void)userdata;
    (void)area;
    if (level >= XMPP_LEVEL_WARN)
        snprintf(logged, sizeof(logged), "%s", line);
}

static const xmpp_log_t log_kept = {on_line, NULL};

/* ---- sending ----------------------------------------------------- */

#define TO "the attribute \"to\" of <message>, "
#define NO " is not a valid address: "

/* Each refused address and each broken text differs from all others. */
static const struct {
    const char *to, *body, *want;
} rows[] = {
    {"foo bar@b.example", "x",
     TO "\"foo bar@b.example\"," NO
        "localpart: it has a character that is not allowed in a name (U+0020)"},
    {"a@b@c", "x", TO "\"a@b@c\"," NO "domainpart: "},
    {"", "x", TO "\"\"," NO "domainpart: it is missing"},
    {"a@b.example/", "x",
     TO "\"a@b.example/\"," NO "resourcepart: it is empty"},
    {"@b.example", "x", TO "\"@b.example\"," NO "localpart: it is empty"},
    {"henry\u2163@b.example", "x",
     TO "\"henry\u2163@b.example\"," NO
        "localpart: it has a character that is not allowed in a name (U+2163)"},
    {"a@b..example", "x", TO "\"a@b..example\"," NO "domainpart: "},
    {"a@\"\u202e\"", "x",
     TO "\"a@\\x22\\xE2\\x80\\xAE\\x22\"," NO "domainpart: "},
    {"a@\xff", "x",
     "the attribute \"to\" of <message>: the byte 0xFF at offset "
     "2 is not UTF-8"},
    {"a@b.example", "that has a bell: \x07",
     "the text of <body>: the character U+0007 at offset 17 is not allowed in "
     "XML"},
    {"a@b.example", "\xc3(",
     "the text of <body>: the byte 0xC3 at offset 0 is "
     "not UTF-8"},
};

#define ROWS (sizeof(rows) / sizeof(rows[0]))

static xmpp_stanza_t *message(struct testbed *testbed, const char *to,
                              const char *body)
{
    xmpp_stanza_t *stanza = xmpp_message_new(testbed->ctx, "chat", to, NULL);

    xmpp_message_set_body(stanza, body);
    return stanza;
}

static void is_told(struct testbed *testbed, int rc, int code, const char *want)
{
    const char *said = xmpp_ctx_get_last_error(testbed->ctx);

    is_int(rc, code, "refused");
    if (!ok(strncmp(said, want, strlen(want)) == 0 && said[0], "  %s", said))
        printf("# want %s\n", want);
    ok(strstr(logged, said) != NULL, "  which the log says too");
    logged[0] = '\0';
}

static void never(xmpp_conn_t *conn, int status, xmpp_stanza_t *reply,
                  void *userdata)
{
    (void)conn;
    (void)reply;
    (void)userdata;
    if (status != XMPP_ENOTCONN)
        ok(false, "called with %d", status);
}

static void never_sent(xmpp_conn_t *conn, int status, const char *text,
                       size_t n, void *userdata)
{
    (void)text;
    (void)n;
    never(conn, status, NULL, userdata);
}

static xmpp_stanza_t *iq(struct testbed *testbed, const char *type,
                         const char *id, const char *to)
{
    xmpp_stanza_t *stanza = xmpp_iq_new(testbed->ctx, type, id);

    if (to)
        xmpp_stanza_set_to(stanza, to);
    return stanza;
}

static void asks(struct testbed *testbed)
{
    xmpp_conn_t *conn = testbed->conn;

    is_told(testbed,
            xmpp_request_send(conn, iq(testbed, "get", "1", "a b@c"), 0, never,
                              NULL),
            XMPP_EARG,
            "the attribute \"to\" of <iq>, \"a b@c\"," NO "localpart");
    is_told(testbed,
            xmpp_request_send(conn, iq(testbed, "result", "1", NULL), 0, never,
                              NULL),
            XMPP_EARG, "a request is an iq of type \"get\" or \"set\"");
    is_told(
        testbed,
        xmpp_request_send(conn, message(testbed, NULL, "x"), 0, never, NULL),
        XMPP_EARG, "a request is an iq of type \"get\" or \"set\"");
    is_int(xmpp_request_send(conn, iq(testbed, "get", "twice", NULL), 0, never,
                             NULL),
           0, "a request");
    is_told(testbed,
            xmpp_request_send(conn, iq(testbed, "get", "twice", NULL), 0, never,
                              NULL),
            XMPP_EARG, "the id \"twice\" is in use");
    is_told(testbed, xmpp_request_send(conn, NULL, 0, never, NULL), XMPP_EMEM,
            "the stanza is NULL");
    xmpp_conn_set_option(conn, XMPP_OPT_MAX_REQUESTS, 1);
    is_told(
        testbed,
        xmpp_request_send(conn, iq(testbed, "get", "2", NULL), 0, never, NULL),
        XMPP_EFULL, "the queue is full");
}

static void sends(void)
{
    static const char *const script[] = {PEER_LOGIN, "C twice", PEER_CLOSE,
                                         NULL};
    struct testbed testbed;
    xmpp_stanza_t *spoilt, *blank;

    testbed_make_log(&testbed, &log_kept);
    is_told(&testbed,
            xmpp_send_take(testbed.conn, message(&testbed, "a@b.example", "x")),
            XMPP_ENOTCONN, "not connected");
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "up");
    for (size_t i = 0; i < ROWS; i++)
        is_told(&testbed,
                xmpp_send_take(testbed.conn,
                               message(&testbed, rows[i].to, rows[i].body)),
                XMPP_EARG, rows[i].want);
    spoilt = message(&testbed, "a@b.example", "\x1b");
    xmpp_stanza_release(message(&testbed, "a\x05@b.example", "x"));
    xmpp_send(testbed.conn, spoilt);
    is_told(&testbed, xmpp_stanza_get_status(spoilt), XMPP_EARG,
            "the text of <body>: the character U+001B at offset 0");
    xmpp_stanza_release(spoilt);
    blank = message(&testbed, "a@b.example", "x");
    xmpp_stanza_add_child_ex(blank, xmpp_stanza_new(testbed.ctx), 0);
    is_told(&testbed, xmpp_send_take(testbed.conn, blank), XMPP_EINVOP,
            "a node of the stanza has neither a name nor a text");
    is_told(&testbed, xmpp_send_take(testbed.conn, NULL), XMPP_EMEM,
            "the stanza is NULL");
    is_told(&testbed,
            xmpp_send_tracked(testbed.conn,
                              xmpp_stanza_new_tag(testbed.ctx, "x", "urn:x"),
                              never_sent, NULL),
            XMPP_EARG, "only a message, presence or iq can be tracked");
    asks(&testbed);
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    testbed_peer_done(&testbed, "sending");
    testbed_free(&testbed, "sending");
}

/* Without a connection the stanza's context hears it. */
static void nowhere(void)
{
    struct testbed testbed;

    testbed_make(&testbed);
    is_int(xmpp_send_take(NULL, message(&testbed, "a@b.example", "x")),
           XMPP_EINVOP, "no connection");
    is_str(xmpp_ctx_get_last_error(testbed.ctx), "the connection is NULL",
           "  is said");
    is_int(
        xmpp_request_send(NULL, iq(&testbed, "get", "1", NULL), 0, never, NULL),
        XMPP_EINVOP, "no connection to ask by");
    is_str(xmpp_ctx_get_last_error(testbed.ctx),
           "the connection of the request is NULL", "  is said");
    is_int(xmpp_send_take(NULL, NULL), XMPP_EMEM, "nothing at all");
    is_int(xmpp_conn_set_option(NULL, XMPP_OPT_MAX_DEPTH, 8), XMPP_EINVOP,
           "no connection with an option");
    is_int(xmpp_conn_get_option(NULL, XMPP_OPT_MAX_DEPTH), XMPP_EINVOP,
           "nor a value of it");
    testbed_free(&testbed, "no connection");
}

/* Raw text has no result, but a reason. */
static void raw_text(void)
{
    static const char words[] = "not connected: send after XMPP_CONN_CONNECT "
                                "and before XMPP_CONN_DISCONNECT";
    struct testbed testbed;

    testbed_make(&testbed);
    xmpp_send_raw(testbed.conn, "<a/>", 4);
    is_str(xmpp_ctx_get_last_error(testbed.ctx), words, "raw bytes");
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_MAX_DEPTH, 0);
    xmpp_send_raw_string(testbed.conn, "<a%d/>", 1);
    is_str(xmpp_ctx_get_last_error(testbed.ctx), words, "a raw string");
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_MAX_DEPTH, 0);
    failmem_arm(&testbed.memory, 1, 1);
    xmpp_send_raw_string(testbed.conn, "<a>%02000d</a>", 1);
    failmem_arm(&testbed.memory, 0, 0);
    is_str(xmpp_ctx_get_last_error(testbed.ctx), "out of memory",
           "a long one without memory");
    testbed_free(&testbed, "raw text");
}

/* ---- settings ---------------------------------------------------- */

/* Each refusal says something of its own. */
static void is_new(struct testbed *testbed, int rc, const char *part,
                   const char *call)
{
    const char *said = xmpp_ctx_get_last_error(testbed->ctx);

    ok(rc < 0 && strstr(said, part), "%s: %s", call, said);
    xmpp_stanza_release(message(testbed, "\x01", NULL));
}

#define WRONG(call, part) is_new(&testbed, call, part, #call)

static void settings(void)
{
    static const unsigned char bytes[] = "no session";
    unsigned char *saved;
    struct testbed testbed;
    size_t n;
    xmpp_conn_t *conn;

    testbed_make(&testbed);
    conn = testbed.conn;
    WRONG(xmpp_ctx_set_dns_servers(testbed.ctx, "one two"),
          "\"one two\" is not a list");
    WRONG(xmpp_conn_set_mechanisms(conn, "NONE"), "\"NONE\" contains no known");
    WRONG(xmpp_conn_set_flags(conn, XMPP_CONN_FLAG_DISABLE_TLS |
                                        XMPP_CONN_FLAG_TRUST_TLS),
          "DISABLE_TLS cannot be combined");
    WRONG(xmpp_conn_set_flags(conn, 1L << 20),
          "flags 0x100000: these flags are");
    WRONG(xmpp_conn_set_option(conn, XMPP_OPT_MAX_DEPTH, -1),
          "XMPP_OPT_MAX_DEPTH: -1 is not between");
    WRONG(xmpp_conn_set_option(conn, (xmpp_option_t)9999, 1),
          "there is no option 9999");
    WRONG((int)xmpp_conn_get_option(conn, (xmpp_option_t)9999),
          "there is no option 9999");
    WRONG(xmpp_conn_set_scram_keys(conn, "secret keys"), "not a line of keys");
    ok(!strstr(xmpp_ctx_get_last_error(testbed.ctx), "secret"),
       "no secret is told");
    WRONG(xmpp_conn_set_min_login_strength(conn, "strong"),
          "\"strong\" is not a login strength");
    WRONG(xmpp_conn_set_user_agent(conn, "me", NULL, NULL), "UUID");
    WRONG(xmpp_conn_set_user_agent(conn, NULL, "", NULL), "the software must");
    WRONG(xmpp_conn_set_user_agent(conn, NULL, NULL, "\xff"),
          "the device must");
    WRONG(xmpp_conn_set_bind2_tag(conn, "\n"), "the tag must");
    WRONG(xmpp_conn_set_fast_token(conn, "secret"), "not a line of a token");
    WRONG(xmpp_conn_invalidate_fast_token(conn), "no token");
    WRONG(xmpp_conn_set_cached_features(conn, "offer"), "not a line that");
    WRONG(xmpp_conn_add_tls_pin(conn, XMPP_TLS_PIN_KEY, "ab"), "\"ab\" is not");
    WRONG(xmpp_conn_add_tls_pin(conn, (xmpp_tls_pin_t)7, "ab"),
          "XMPP_TLS_PIN_KEY");
    WRONG(xmpp_conn_answer_login_password(conn, "x"),
          "no password is being waited");
    WRONG(xmpp_conn_answer_cert(conn, 7, 1), "no question 7");
    WRONG(xmpp_conn_open_stream_default(conn), "XMPP_CONN_RAW_CONNECT");
    WRONG(xmpp_conn_tls_start(conn), "TLS can be started once");
    WRONG(xmpp_conn_set_sm_state(conn, NULL), "a session's state");
    WRONG(xmpp_conn_save_sm_state(conn, &saved, &n), "no session to save");
    WRONG(xmpp_conn_restore_sm_state(conn, bytes, sizeof(bytes)),
          "not a saved session");
    WRONG(xmpp_conn_restore_sm_state(conn, NULL, 0),
          "a session can be restored");
    WRONG(xmpp_stanza_new_from_string(testbed.ctx, "<a><b></a>") ? 0 : -1,
          "is not an XML element");
    WRONG(xmpp_stanza_new_from_string(testbed.ctx, "<a>") ? 0 : -1,
          "ends too early");
    testbed_free(&testbed, "settings");
}

/* ---- connecting -------------------------------------------------- */

/* The failure, the log and the context say the same. Ends the connection. */
static void is_refused(struct testbed *testbed, int rc, int code,
                       const char *part)
{
    const xmpp_failure_t *failure = xmpp_conn_get_failure(testbed->conn);

    is_int(rc, code, "a connect call is refused");
    if (ok(failure && failure->code == code && failure->layer == XMPP_LAYER_APP,
           "  with a failure"))
        ok(strstr(failure->message, part) && strstr(logged, failure->message) &&
               strstr(failure->message, xmpp_ctx_get_last_error(testbed->ctx)),
           "  which the log says too: %s", failure->message);
    logged[0] = '\0';
}

static int connect_to(struct testbed *testbed, const char *jid,
                      const char *host)
{
    xmpp_conn_set_jid(testbed->conn, jid);
    return xmpp_connect_client(testbed->conn, host, fake_server_no_port(),
                               testbed_handler, testbed);
}

static void connects(void)
{
    struct testbed testbed;

    testbed_make_log(&testbed, &log_kept);
    is_refused(&testbed, connect_to(&testbed, NULL, NULL), XMPP_EINVOP,
               "no JID was set");
    is_refused(&testbed, connect_to(&testbed, "a b@c", NULL), XMPP_EARG,
               "\"a b@c\" is not a valid address: localpart: it has");
    is_refused(&testbed, connect_to(&testbed, "romeo smith", NULL), XMPP_EARG,
               "is @domain missing?");
    is_refused(&testbed, connect_to(&testbed, "romeo@", NULL), XMPP_EARG,
               "\"romeo@\" is not a valid address: domainpart: it is missing");
    is_refused(&testbed, connect_to(&testbed, "a@\xff", NULL), XMPP_EARG,
               "\"a@\\xFF\" is not a valid address: ");
    is_refused(&testbed, connect_to(&testbed, "a@b.example", "\u00fc \u00fc"),
               XMPP_EARG, "\"\u00fc \u00fc\" is not a valid host name: ");
    is_refused(
        &testbed, connect_to(&testbed, "a@b.example", "127.0.0.1:5222"),
        XMPP_EARG,
        "\"127.0.0.1:5222\" names a port: pass it as an argument of its");
    is_refused(&testbed, connect_to(&testbed, "a@b.example", "[::1]:5222"),
               XMPP_EARG, "\"[::1]:5222\" names a port: ");
    is_refused(&testbed,
               xmpp_connect_component(testbed.conn, "127.0.0.1", 1,
                                      testbed_handler, &testbed),
               XMPP_EINVOP, "a component needs its secret");
    xmpp_conn_set_pass(testbed.conn, "x");
    is_refused(&testbed,
               xmpp_connect_component(testbed.conn, NULL, 1, testbed_handler,
                                      &testbed),
               XMPP_EINVOP, "the host of its server");
    is_int(connect_to(&testbed, "a@b.example", "127.0.0.1"), 0,
           "one that begins");
    ok(!xmpp_conn_get_failure(testbed.conn), "  without a failure");
    is_refused(&testbed, connect_to(&testbed, "a@b.example", "127.0.0.1"),
               XMPP_EINVOP, "this connection is in use");
    WRONG(xmpp_conn_set_flags(testbed.conn, 0), "only while disconnected");
    testbed_until(&testbed, &testbed.downs, 1, "down");
    ok(xmpp_conn_get_failure(testbed.conn)->code == XMPP_ECONNECT,
       "whose own failure is told in the end");
    testbed_free(&testbed, "connecting");
}

/* What looks like a forgotten domain is asked about, wherever it fails. */
static void is_asked(const char *jid, const char *pass, const char *answer,
                     bool asked)
{
    const char *script[] = {"C <stream:stream", "C >", answer, "eof", NULL};
    const xmpp_failure_t *failure;
    struct testbed testbed;

    testbed_make(&testbed);
    xmpp_conn_set_jid(testbed.conn, jid);
    xmpp_conn_set_pass(testbed.conn, pass);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.downs, 1, "down");
    failure = xmpp_conn_get_failure(testbed.conn);
    ok((strstr(failure->message, "is @domain missing?") != NULL) == asked, "%s",
       failure->message);
    testbed_peer_done(&testbed, jid);
    testbed_free(&testbed, jid);
}

static void forgotten_domains(void)
{
    static const char none[] =
        "S " PEER_HEADER "<stream:features><mechanisms "
        "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1"
        "</mechanism></mechanisms></stream:features>";
    static const char unknown[] =
        "S " PEER_HEADER "<stream:error><host-unknown "
        "xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>";

    is_asked("romeo", "secret", none, true);
    is_asked("romeo", NULL, unknown, true);
    is_asked("example.org", "secret", none, true);
    is_asked("example.org", NULL, unknown, false);
    is_asked("romeo@example", "secret", unknown, false);
}

int main(void)
{
    sends();
    nowhere();
    raw_text();
    settings();
    connects();
    forgotten_domains();
    return done_testing();
}
