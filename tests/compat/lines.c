/* lines.c - the lines of the log that libstrophe's applications read. */

#include "conn/testbed.h"

static struct {
    char all[16384];
    size_t n;
} heard;

static void on_line(void *userdata, xmpp_log_level_t level, const char *area,
                    const char *line)
{
    (void)userdata;
    if (level == XMPP_LEVEL_DEBUG && heard.n < sizeof(heard.all))
        heard.n +=
            (size_t)snprintf(heard.all + heard.n, sizeof(heard.all) - heard.n,
                             "%s|%s\n", area, line);
}

static const xmpp_log_t lines = {on_line, NULL};

/* Was there this line since the last time? It and all before it go. */
static void has(const char *line)
{
    char *at = strstr(heard.all, line);

    if (!ok(at && (at == heard.all || at[-1] == '\n') &&
                at[strlen(line)] == '\n',
            "%s", line))
        printf("# in:\n%s", heard.all);
    if (!at)
        return;
    heard.n -= (size_t)(at - heard.all) + strlen(line);
    memmove(heard.all, at + strlen(line), heard.n + 1);
}

static void has_not(const char *text)
{
    ok(!strstr(heard.all, text), "but never %s", text);
}

static void login(struct testbed *testbed)
{
    testbed_until(testbed, &testbed->ups, 1, "it logs in");
    has("conn|SENT: <?xml version=\"1.0\"?><stream:stream "
        "xmlns=\"jabber:client\" "
        "xmlns:stream=\"http://etherx.jabber.org/streams\" "
        "to=\"example.org\" version=\"1.0\">");
    has("xmpp|RECV: <stream:stream id=\"s1\" from=\"example.org\" "
        "version=\"1.0\">");
    has("conn|SENT: <auth xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\" "
        "mechanism=\"ANONYMOUS\"/>");
    has("xmpp|RECV: <success xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\"/>");
}

static void raw_bytes(xmpp_conn_t *conn)
{
    xmpp_send_raw_string(conn, "<a  b='1'/> <c/>");
    has("conn|SENT: <a  b='1'/> <c/>");
    xmpp_send_raw_string(conn, "<a/><x><password>hidden</password></x>");
    has("conn|SENT: <a/><x><password>***</password></x>");
    xmpp_send_raw_string(conn, "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl'"
                               ">hidden</auth>");
    has("conn|SENT: <auth xmlns=\"urn:ietf:params:xml:ns:xmpp-sasl\">***"
        "</auth>");
    xmpp_send_raw_string(conn, "<password>hidden");
    has("conn|SENT: 16 raw bytes");
    xmpp_send_raw_string(conn, "</password>");
    has("conn|SENT: 11 raw bytes");
    xmpp_send_raw(conn, " ", 1);
    has("conn|SENT:  ");
    has_not("hidden");
}

int main(void)
{
    static const char *const script[] = {PEER_LOGIN, "C > ",
                                         "S <message from='a@example.org'/>",
                                         PEER_CLOSE, NULL};
    struct testbed testbed;

    testbed_make_log(&testbed, &lines);
    testbed_connect(&testbed, script);
    login(&testbed);
    raw_bytes(testbed.conn);
    xmpp_disconnect(testbed.conn);
    has("conn|SENT: </stream:stream>");
    testbed_until(&testbed, &testbed.downs, 1, "it ends");
    has("xmpp|RECV: <message from=\"a@example.org\"/>");
    has("xmpp|RECV: </stream:stream>");
    testbed_peer_done(&testbed, "lines");
    testbed_free(&testbed, "lines");
    return done_testing();
}
