/* announced.c - what the server announces of its own limits (XEP-0478). */

#include "conn/testbed.h"

#define TO_BIND(before, after)                                                 \
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
        "<jid>guest@example.org/r</jid></bind></iq>",                          \
        PEER_CLOSE
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
        is_int(xmpp_conn_send_queue_len(testbed.conn), 1, "  nothing is left");
    }
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 1, "it ends");
    ok(!xmpp_conn_get_failure(testbed.conn), "  well");
    testbed_peer_done(&testbed, what);
    testbed_free(&testbed, what);
}

int main(void)
{
    static const char *const announced[] = {TO_BIND("", LIMIT("20000")), NULL};
    static const char *const both[] = {TO_BIND(LIMIT("10000"), LIMIT("20000")),
                                       NULL};
    static const char *const before[] = {TO_BIND(LIMIT("10000"), ""), NULL};
    static const char *const small[] = {TO_BIND("", LIMIT("5")), NULL};
    static const char *const nonsense[] = {
        TO_BIND("", LIMIT("99999999999999999999999")), NULL};

    accepts(announced, 20000, "announced after the login");
    accepts(both, 20000, "the last one counts");
    accepts(before, 30000, "one from before the login does not");
    accepts(small, 10000, "no server may accept less (RFC 6120)");
    accepts(nonsense, 30000, "not a number");
    return done_testing();
}
