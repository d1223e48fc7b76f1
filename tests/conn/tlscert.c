/* tlscert.c - logging in with a certificate of our own: the account is its own,
 * the password is asked for, once. */

#include "conn/testbed.h"
#include "net/certmaker.h"

static struct certmaker certmaker;
static char tls[160], cert[160], key[160], p12[160];

#define STARTTLS                                                               \
    "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'>"      \
    "<required/></starttls></stream:features>"

#define EXTERNAL                                                               \
    "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"   \
    "<mechanism>EXTERNAL</mechanism></mechanisms></stream:features>"

static const char *const script[] = {
    "C <stream:stream",
    "C >",
    "S " PEER_HEADER STARTTLS,
    "C <starttls",
    "C />",
    "S <proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
    tls,
    "C <stream:stream",
    "C >",
    "S " PEER_HEADER EXTERNAL,
    "C EXTERNAL",
    "C >",
    "S <success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>",
    "C <stream:stream",
    "C >",
    "S " PEER_HEADER PEER_BIND,
    "C </iq>",
    "S <iq type='result' id='%id%'><bind "
    "xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"
    "<jid>romeo@example.org/r</jid></bind></iq>",
    PEER_CLOSE,
    NULL};

static int asked;
static const char *answer;
static xmpp_conn_t *gone;

static int password(char *to, size_t most, xmpp_conn_t *conn, void *userdata)
{
    struct testbed *testbed = userdata;

    asked++;
    ok(most >= 100, "there is room");
    if (gone == conn) {
        testbed->conn = NULL;
        xmpp_conn_release(conn);
    }
    if (!answer)
        return -1;
    strcpy(to, answer);
    return (int)strlen(to);
}

static void on_up_close(struct testbed *testbed, xmpp_conn_event_t event)
{
    if (event != XMPP_CONN_CONNECT)
        return;
    is_str(xmpp_conn_get_tls_info(testbed->conn, XMPP_TLS_CLIENT_CERT), "yes",
           "ours was asked for");
    xmpp_disconnect(testbed->conn);
}

static void make(struct testbed *testbed, const char *c, const char *k)
{
    testbed_make(testbed);
    asked = 0;
    answer = "secret";
    testbed->on_event = on_up_close;
    /* Unlocking a key is slow by design, and valgrind makes it slower. */
    xmpp_conn_set_option(testbed->conn, XMPP_OPT_STEP_TIMEOUT, 600000);
    xmpp_conn_set_option(testbed->conn, XMPP_OPT_LOGIN_TIMEOUT, 600000);
    xmpp_conn_set_flags(testbed->conn, 0);
    xmpp_conn_set_jid(testbed->conn, NULL);
    xmpp_conn_set_cafile(testbed->conn, certmaker.ca_file);
    xmpp_conn_set_client_cert(testbed->conn, c, k);
    xmpp_conn_set_password_callback(testbed->conn, password, testbed);
    xmpp_conn_set_password_retries(testbed->conn, 2);
}

static void login(const char *c, const char *k, int times, const char *what)
{
    struct testbed testbed;

    make(&testbed, c, k);
    if (!k) { /* loading takes its time, which is what it is made for */
        char *jid = xmpp_conn_cert_xmppaddr(testbed.conn, 0);

        is_str(jid, "romeo@example.org", "%s: this address", what);
        xmpp_free(testbed.ctx, jid);
        ok(!xmpp_conn_cert_xmppaddr(testbed.conn, 1), "%s: no other", what);
    }
    testbed_connect(&testbed, script);
    is_str(xmpp_conn_get_jid(testbed.conn), "romeo@example.org",
           "%s: which is the account", what);
    testbed_until(&testbed, &testbed.downs, 1, what);
    is_int(testbed.ups, 1, "%s: logged in", what);
    is_int(asked, times, "%s: asked for the password %d times", what, times);
    testbed_peer_done(&testbed, what);
    testbed_free(&testbed, what);
}

static const char *const no_tls[] = {
    "C <stream:stream",
    "C >",
    "S " PEER_HEADER STARTTLS,
    "C <starttls",
    "C />",
    "S <proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>",
    "eof",
    NULL};

static void refused(const char *said, const char *what)
{
    struct testbed testbed;

    make(&testbed, p12, NULL);
    answer = said;
    xmpp_conn_set_jid(testbed.conn, "romeo@example.org");
    testbed_connect(&testbed, no_tls);
    testbed_until(&testbed, &testbed.downs, 1, what);
    is_int(asked, said ? 2 : 1, "%s: as often as was set", what);
    testbed_failed(&testbed, XMPP_LAYER_TLS, XMPP_ECLIENTCERT, what);
    testbed_peer_done(&testbed, what);
    testbed_free(&testbed, what);
}

static void released(void)
{
    struct testbed testbed;

    make(&testbed, p12, NULL);
    xmpp_conn_set_jid(testbed.conn, "romeo@example.org");
    testbed_connect(&testbed, no_tls);
    gone = testbed.conn;
    testbed_until(&testbed, &testbed.downs, 1,
                  "released where the password is asked for");
    gone = NULL;
    testbed_peer_done(&testbed, "released");
    testbed_free(&testbed, "released");
}

static void without(void)
{
    struct testbed testbed;

    make(&testbed, NULL, NULL);
    is_int(xmpp_conn_cert_xmppaddr_num(testbed.conn), 0, "no certificate");
    is_int(xmpp_connect_client(testbed.conn, "127.0.0.1", 1, testbed_handler,
                               &testbed),
           XMPP_EINVOP, "and no account");
    xmpp_conn_set_client_cert(testbed.conn, NULL, p12);
    is_int(xmpp_conn_cert_xmppaddr_num(testbed.conn), 1,
           "libstrophe's older way");
    is_int(xmpp_conn_set_crlfile(testbed.conn, "/nowhere"), 0, "a list");
    is_int(xmpp_conn_set_crlfile(testbed.conn, NULL), 0, "and none");
    testbed_free(&testbed, "without");
}

int main(void)
{
    struct cert_pair pair;

    certmaker_open(&certmaker);
    certmaker_files(&certmaker, &(struct cert_spec){.dns = {"example.org"}},
                    "good");
    certmaker_pair(
        &certmaker,
        &(struct cert_spec){.xmpp = "romeo@example.org", .for_client = 1},
        &pair);
    certmaker_locked(&certmaker, &pair, "locked", "secret");
    cert_pair_free(&pair);
    snprintf(tls, sizeof(tls), "tls %s/good", certmaker.folder);
    snprintf(cert, sizeof(cert), "%s/locked.crt", certmaker.folder);
    snprintf(key, sizeof(key), "%s/locked.key", certmaker.folder);
    snprintf(p12, sizeof(p12), "%s/locked.p12", certmaker.folder);
    login(cert, key, 1, "a locked key");
    login(p12, NULL, 1, "PKCS#12");
    refused("wrong", "a wrong password");
    refused(NULL, "no password");
    released();
    without();
    certmaker_close(&certmaker);
    return done_testing();
}
