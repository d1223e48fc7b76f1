/* compress_bomb.c - a compressed stream that becomes a thousand times as long:
 * it ends at the limit of a stanza, and little memory is taken. */

#include <zlib.h>

#include "conn/testbed.h"
#include "net/zlib.h"

#define LONG 20000000
#define ZLIB_FEATURES                                                          \
    "<stream:features><compression "                                           \
    "xmlns='http://jabber.org/features/compress'><method>zlib</method>"        \
    "</compression></stream:features>"

#define BOUND                                                                  \
    "<iq type='result' id='bind'><bind "                                       \
    "xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"                                \
    "<jid>guest@example.org/r</jid></bind></iq>"

/* All that is said behind the compression, as an order to the peer. */
static char *packed(const char *before, size_t n)
{
    char *plain = malloc(strlen(before) + n + 1), *line, *to;
    uLongf size = compressBound(strlen(before) + n);
    unsigned char *bytes = malloc(size);

    strcpy(plain, before);
    memset(plain + strlen(before), 'x', n);
    compress2(bytes, &size, (const Bytef *)plain, strlen(before) + n, 9);
    ok(size * 500 < n, "%zu bytes in %lu", n, (unsigned long)size);
    line = malloc(2 * size + 3);
    to = line + sprintf(line, "X ");
    for (uLongf i = 0; i < size; i++)
        to += sprintf(to, "%02x", bytes[i]);
    free(plain);
    free(bytes);
    return line;
}

static void explodes(const char *before, int ups, const char *what)
{
    char *bomb = packed(before, LONG);
    const char *const script[] = {
        "C <stream:stream",
        "C >",
        "S " PEER_HEADER PEER_SASL,
        "C ANONYMOUS",
        "C >",
        "S <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
        "C <stream:stream",
        "C >",
        "S " PEER_HEADER ZLIB_FEATURES,
        "C </compress>",
        "S <compressed xmlns='http://jabber.org/protocol/compress'/>",
        "C x", /* what zlib begins with: we heard it */
        bomb,
        "eof",
        NULL};
    struct testbed testbed;
    long start;

    testbed_make(&testbed);
    xmpp_conn_set_flags(testbed.conn, XMPP_CONN_FLAG_DISABLE_TLS |
                                          XMPP_CONN_FLAG_ENABLE_COMPRESSION);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_MAX_STANZA, 100000);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_CLOSE_TIMEOUT, 100);
    start = testbed.memory.most = testbed.memory.bytes;
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.downs, 1, what);
    is_int(testbed.ups, ups, "%s: that far it came", what);
    testbed_failed(&testbed, XMPP_LAYER_XML, XMPP_ELIMIT, what);
    ok(testbed.memory.most - start < LONG / 20, "%s: it took %ld bytes", what,
       testbed.memory.most - start);
    fake_server_join(testbed.peer);
    testbed_free(&testbed, what);
    free(bomb);
}

int main(void)
{
    if (!zlib_is_there()) {
        skip("built without zlib");
        return done_testing();
    }
    explodes(PEER_HEADER "<stream:features><x>", 0, "before the login is over");
    explodes(PEER_HEADER PEER_BIND BOUND "<message><body>", 1, "when it is up");
    return done_testing();
}
