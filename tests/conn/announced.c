/* announced.c - what the server announces of its own limits (XEP-0478). */

#include "conn/testbed.h"

#define TO_BIND(before, after) TO_ID(before, after), PEER_CLOSE
#define TO_ID(before, after)                                                   \
    "C <stream:stream", "C >",                                                 \
        "S " PEER_HEADER "<stream:features>"                                   \
        "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"                \
        "<mechanism>ANONYMOUS</mechanism></mechanisms>" before                 \
        "</stream:features>",                                                  \
        "C ANONYMOUS", "C >",                                                  \
        "S <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",               \
        "C <stream:stream", "C >",                                             \
        "S " PEER_HEADER "<stream:features>"                                   \
        "<bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/>" after               \
        "</stream:features>",                                                  \
        "C </iq>",                                                             \
        "S <iq type='result' id='%id%'><bind "                                 \
        "xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"                            \
        "<jid>guest@example.org/r</jid></bind></iq>"
#define LIMIT(n)                                                               \
    "<limits xmlns='urn:xmpp:stream-limits:0'><max-bytes>" n                   \
    "</max-bytes></limits>"

/* A message of so many bytes on the wire. */
static xmpp_stanza_t *message_of(xmpp_ctx_t *ctx, size_t size)
{
    static char text[40000];
    xmpp_stanza_t *m = xmpp_message_new(ctx, NULL, NULL, NULL);
    size_t around = sizeof("<message><body></body></message>") - 1;

    memset(text, 'x', sizeof(text));
    text[size - around] = '\0';
    xmpp_stanza_add_text_tag(m, "body", NULL, text);
    return m;
}

static void accepts(const char *const *script, size_t most, const char *what)
{
    struct testbed testbed;
    xmpp_stanza_t *large;

    testbed_make_virtual(&testbed);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, what);
    is_int(xmpp_send_take(testbed.conn, message_of(testbed.ctx, most)), 0,
           "%s: as many as it accepts", what);
    if (most < 30000) {
        is_int(xmpp_send_take(testbed.conn, message_of(testbed.ctx, most + 1)),
               XMPP_ELIMIT, "  one more is not sent");
        ok(strstr(xmpp_ctx_get_last_error(testbed.ctx), "the server accepts"),
           "  it says why: %s", xmpp_ctx_get_last_error(testbed.ctx));
        large = message_of(testbed.ctx, most + 1);
        xmpp_send(testbed.conn, large);
        xmpp_stanza_release(large);
        xmpp_send_raw_string(testbed.conn, "<iq>%*s</iq>", (int)most, "");
        ok(strstr(xmpp_ctx_get_last_error(testbed.ctx), "the server accepts"),
           "  raw text neither: %s", xmpp_ctx_get_last_error(testbed.ctx));
        is_int(xmpp_conn_send_queue_len(testbed.conn), 1, "  nothing is left");
    }
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "it ends");
    ok(!xmpp_conn_get_failure(testbed.conn), "  well");
    testbed_peer_done(&testbed, what);
    testbed_free(&testbed, what);
}

/* ---- what came before it was announced --------------------------- */

struct waiting {
    struct testbed *testbed;
    bool releases;
    int told, status;
};

static void on_fate(xmpp_conn_t *conn, int status, const char *text,
                    size_t length, void *userdata)
{
    struct waiting *w = userdata;

    (void)text;
    (void)length;
    w->told++;
    w->status = status;
    if (w->releases) {
        w->testbed->conn = NULL;
        xmpp_conn_release(conn);
    }
}

static void queue_up(struct testbed *testbed, const char *const *script)
{
    testbed_make_virtual(testbed);
    xmpp_conn_set_option(testbed->conn, XMPP_OPT_SEND_OFFLINE, 1);
    testbed_serve(testbed, script);
}

/* The one in the middle is too long for the server. */
static void waits(const char *const *script)
{
    struct testbed testbed;
    struct waiting fits = {0}, large = {0};

    queue_up(&testbed, script);
    testbed.on_event = testbed_close_when_up;
    xmpp_send_tracked(testbed.conn, message_of(testbed.ctx, 20000), on_fate,
                      &fits);
    xmpp_send_tracked(testbed.conn, message_of(testbed.ctx, 20001), on_fate,
                      &large);
    xmpp_send_take(testbed.conn,
                   xmpp_message_new(testbed.ctx, NULL, NULL, "m3"));
    testbed_connect_again(&testbed);
    testbed_until(&testbed, &testbed.downs, 1, "what waited is checked");
    is_int(large.told, 1, "one is too long");
    is_int(large.status, XMPP_ELIMIT, "  and was not sent");
    is_int(fits.status, 1, "the others were");
    ok(!xmpp_conn_get_failure(testbed.conn), "the session was not lost by it");
    testbed_peer_done(&testbed, "waiting");
    testbed_free(&testbed, "waiting");
}

static void released_by_it(const char *const *script)
{
    struct testbed testbed;
    struct waiting large = {.testbed = &testbed, .releases = true};

    queue_up(&testbed, script);
    xmpp_send_tracked(testbed.conn, message_of(testbed.ctx, 20001), on_fate,
                      &large);
    testbed_connect_again(&testbed);
    testbed_until(&testbed, &large.told, 1, "released by the handler");
    is_int(testbed.ups, 0, "it was never up");
    testbed_peer_end(&testbed);
    testbed_free(&testbed, "released");
}

int main(void)
{
    static const char *const announced[] = {TO_BIND("", LIMIT("20000")), NULL};
    static const char *const both[] = {TO_BIND(LIMIT("10000"), LIMIT("20000")),
                                       NULL};
    static const char *const before[] = {TO_BIND(LIMIT("10000"), ""), NULL};
    static const char *const small[] = {TO_BIND("", LIMIT("5")), NULL};
    static const char *const queued[] = {TO_ID("", LIMIT("20000")),
                                         "C <message><body>xxx",
                                         "C </message>",
                                         "C id=\"m3\"/>",
                                         PEER_CLOSE,
                                         NULL};
    static const char *const nonsense[] = {
        TO_BIND("", LIMIT("99999999999999999999999")), NULL};

    accepts(announced, 20000, "announced after the login");
    accepts(both, 20000, "the last one counts");
    accepts(before, 30000, "one from before the login does not");
    accepts(small, 10000, "no server may accept less (RFC 6120)");
    accepts(nonsense, 30000, "not a number");
    waits(queued);
    released_by_it(queued);
    return done_testing();
}
