/* register_connect.c - the stream on which an account is created: what the
 * server offers, and what goes wrong. tests/live/account.c has TLS. */

#include <xmpp/xep/register_connect.h>

#include "conn/testbed.h"

#define OFFER "<register xmlns='http://jabber.org/features/iq-register'/>"
#define TOKEN "<register xmlns='urn:xmpp:ibr-token:0'/>"
#define FEATURES(what) "S <stream:features>" what "</stream:features>"
#define END "C </stream:stream>", "S </stream:stream>"

/* How actions ended, in their order. */
struct told {
    int count, status[4];
    char value[4][200];
};

static void on_told(xmpp_conn_t *conn, const xmpp_result_t *result,
                    void *userdata)
{
    struct told *told = userdata;
    int i = told->count++ % 4;

    (void)conn;
    told->status[i] = result->status;
    told->value[i][0] = '\0';
    if (result->value)
        xmpp_payload_print(result->payload, result->value, told->value[i],
                           sizeof(told->value[i]));
}

static void enter(struct testbed *testbed, struct told *told,
                  const char *const *script)
{
    testbed_make(testbed);
    xmpp_conn_set_jid(testbed->conn, "example.org");
    testbed->peer = fake_server_start(script);
    is_int(xmpp_register_connect(testbed->conn, "127.0.0.1",
                                 fake_server_port(testbed->peer), on_told,
                                 told),
           0, "it connects");
    testbed_until(testbed, &told->count, 1, "which ends");
}

static void leave(struct testbed *testbed, const char *what)
{
    while (!xmpp_conn_is_disconnected(testbed->conn))
        xmpp_run_once(testbed->ctx, 100);
    testbed_peer_done(testbed, what);
    testbed_free(testbed, what);
}

static void test_registers(void)
{
    static const char *const script[] = {
        "C to=\"example.org\"",
        "C >",
        "S " PEER_HEADER,
        FEATURES(OFFER TOKEN),
        "C <preauth xmlns=\"urn:xmpp:pars:0\" token=\"secret\"/></iq>",
        "S <iq type='result' from='example.org' id='%id%'/>",
        END,
        NULL};
    struct told told = {0};
    struct testbed testbed;

    enter(&testbed, &told, script);
    is_int(told.status[0], 0, "the server offers it");
    is_str(told.value[0], "{in_band: true, token: true}", "by a token, too");
    is_int(xmpp_register_show_token(testbed.conn, NULL, on_told, &told),
           XMPP_EARG, "no token");
    is_int(xmpp_register_show_token(testbed.conn, "secret", on_told, &told), 0,
           "a token");
    is_int(xmpp_register_connect(testbed.conn, "127.0.0.1", 1, on_told, &told),
           XMPP_EINVOP, "it is connected already");
    testbed_until(&testbed, &told.count, 2, "is shown");
    is_int(told.status[1], 0, "and is valid");
    xmpp_disconnect(testbed.conn);
    leave(&testbed, "registers");
}

/* By challenges (XEP-0389): there are no requests before the login. */
static void test_flow(void)
{
    static const char *const script[] = {
        "C >",
        "S " PEER_HEADER,
        FEATURES("<register xmlns='urn:xmpp:register:0'><flow id='0'>"
                 "<name>Verify</name><challenge type='jabber:x:oob'/></flow>"
                 "</register>"),
        "C <register xmlns=\"urn:xmpp:register:0\"><flow id=\"0\"/></register>",
        "S <challenge xmlns='urn:xmpp:register:0' type='jabber:x:oob'>"
        "<x xmlns='jabber:x:oob'><url>https://x/</url></x></challenge>",
        "C <response xmlns=\"urn:xmpp:register:0\"/>",
        "S <success xmlns='urn:xmpp:register:0'><jid>a@example.org</jid>"
        "<username>a</username></success>",
        END,
        NULL};
    struct told told = {0};
    struct testbed testbed;

    enter(&testbed, &told, script);
    is_str(told.value[0],
           "{flows: {flows: [{id: \"0\", names: [{text: \"Verify\"}], "
           "challenges: [{type: \"jabber:x:oob\"}]}]}}",
           "the server offers a flow");
    is_int(xmpp_register_begin(testbed.conn, NULL, XMPP_REGISTER_ACCOUNT, "0",
                               on_told, &told),
           0, "it is chosen");
    testbed_until(&testbed, &told.count, 2, "there is a challenge");
    is_str(told.value[1],
           "{challenge: {type: \"jabber:x:oob\", link: {url: \"https://x/\"}}}",
           "with a link");
    is_int(xmpp_register_respond(testbed.conn, NULL, on_told, &told), 0,
           "it is met");
    testbed_until(&testbed, &told.count, 3, "there is a success");
    is_str(told.value[2],
           "{success: {jid: \"a@example.org\", username: \"a\"}}",
           "which names the account");
    is_int(xmpp_register_stop(testbed.conn), XMPP_EINVOP, "it is over");
    xmpp_disconnect(testbed.conn);
    leave(&testbed, "a flow");
}

static void test_no_offer(void)
{
    static const char *const script[] = {"C >", "S " PEER_HEADER,
                                         FEATURES(TOKEN), END, NULL};
    struct told told = {0};
    struct testbed testbed;

    enter(&testbed, &told, script);
    is_int(told.status[0], XMPP_ENOSERVICE, "the server does not offer it");
    leave(&testbed, "no offer");
}

static void test_lost(void)
{
    static const char *const script[] = {"C >", "S " PEER_HEADER, "hangup",
                                         NULL};
    struct told told = {0};
    struct testbed testbed;

    enter(&testbed, &told, script);
    is_int(told.status[0], XMPP_ENOTCONN, "the connection is lost");
    leave(&testbed, "lost");
}

/* A connection that wants TLS. */
static void test_no_tls(const char *features)
{
    const char *const script[] = {"C >", "S " PEER_HEADER, features, END, NULL};
    struct told told = {0};
    struct testbed testbed;

    testbed_make(&testbed);
    xmpp_conn_set_jid(testbed.conn, "example.org");
    xmpp_conn_set_flags(testbed.conn, 0);
    testbed.peer = fake_server_start(script);
    is_int(xmpp_register_connect(testbed.conn, "127.0.0.1",
                                 fake_server_port(testbed.peer), on_told,
                                 &told),
           0, "it connects");
    testbed_until(&testbed, &told.count, 1, "which ends");
    is_int(told.status[0], XMPP_ENOTLS, "there is no TLS");
    leave(&testbed, "no TLS");
}

static void test_refused(void)
{
    static const char *const script[] = {
        "C >",
        "S " PEER_HEADER,
        FEATURES("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>" OFFER),
        "C <starttls xmlns=\"urn:ietf:params:xml:ns:xmpp-tls\"/>",
        "S <failure xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
        END,
        NULL};
    struct told told = {0};
    struct testbed testbed;

    testbed_make(&testbed);
    xmpp_conn_set_jid(testbed.conn, "example.org");
    xmpp_conn_set_flags(testbed.conn, 0);
    testbed.peer = fake_server_start(script);
    xmpp_register_connect(testbed.conn, "127.0.0.1",
                          fake_server_port(testbed.peer), on_told, &told);
    testbed_until(&testbed, &told.count, 1, "it ends");
    is_int(told.status[0], XMPP_ENOTLS, "TLS is refused");
    leave(&testbed, "refused");
}

/* The password itself is not sent without TLS. */
static void test_arguments(void)
{
    struct told told = {0};
    struct testbed testbed;

    testbed_make(&testbed);
    is_int(xmpp_register_connect(testbed.conn, NULL, 65536, on_told, &told),
           XMPP_EARG, "no such port");
    is_int(xmpp_register_set_password(testbed.conn, "x", on_told, &told),
           XMPP_EINVOP, "a password before the login");
    testbed_free(&testbed, "arguments");
}

int main(void)
{
    test_registers();
    test_flow();
    test_no_offer();
    test_lost();
    test_no_tls(FEATURES(OFFER));
    test_refused();
    test_arguments();
    return done_testing();
}
