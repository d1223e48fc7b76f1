/* own.c - logging in with a certificate of our own: the account is its own,
 * the password is asked for, once. */

#include "conn/bed.h"
#include "net/mint.h"

static struct mint mint;
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
    struct bed *bed = userdata;

    asked++;
    ok(most >= 100, "there is room");
    if (gone == conn) {
        bed->conn = NULL;
        xmpp_conn_release(conn);
    }
    if (!answer)
        return -1;
    strcpy(to, answer);
    return (int)strlen(to);
}

static void on_up_close(struct bed *bed, xmpp_conn_event_t event)
{
    if (event != XMPP_CONN_CONNECT)
        return;
    is_str(xmpp_conn_get_tls_info(bed->conn, XMPP_TLS_CLIENT_CERT), "yes",
           "ours was asked for");
    xmpp_disconnect(bed->conn);
}

static void make(struct bed *bed, const char *c, const char *k)
{
    bed_make(bed);
    asked = 0;
    answer = "secret";
    bed->on_event = on_up_close;
    /* Unlocking a key is slow by design, and valgrind makes it slower. */
    xmpp_conn_set_option(bed->conn, XMPP_OPT_STEP_TIMEOUT, 600000);
    xmpp_conn_set_option(bed->conn, XMPP_OPT_LOGIN_TIMEOUT, 600000);
    xmpp_conn_set_flags(bed->conn, 0);
    xmpp_conn_set_jid(bed->conn, NULL);
    xmpp_conn_set_cafile(bed->conn, mint.ca_file);
    xmpp_conn_set_client_cert(bed->conn, c, k);
    xmpp_conn_set_password_callback(bed->conn, password, bed);
    xmpp_conn_set_password_retries(bed->conn, 2);
}

static void login(const char *c, const char *k, int times, const char *what)
{
    struct bed bed;

    make(&bed, c, k);
    if (!k) { /* loading takes its time, which is what it is made for */
        char *jid = xmpp_conn_cert_xmppaddr(bed.conn, 0);

        is_str(jid, "romeo@example.org", "%s: this address", what);
        xmpp_free(bed.ctx, jid);
        ok(!xmpp_conn_cert_xmppaddr(bed.conn, 1), "%s: no other", what);
    }
    bed_connect(&bed, script);
    is_str(xmpp_conn_get_jid(bed.conn), "romeo@example.org",
           "%s: which is the account", what);
    bed_until(&bed, &bed.downs, 1, what);
    is_int(bed.ups, 1, "%s: logged in", what);
    is_int(asked, times, "%s: asked for the password %d times", what, times);
    bed_peer_done(&bed, what);
    bed_free(&bed, what);
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
    struct bed bed;

    make(&bed, p12, NULL);
    answer = said;
    xmpp_conn_set_jid(bed.conn, "romeo@example.org");
    bed_connect(&bed, no_tls);
    bed_until(&bed, &bed.downs, 1, what);
    is_int(asked, said ? 2 : 1, "%s: as often as was set", what);
    bed_failed(&bed, XMPP_LAYER_TLS, XMPP_ECLIENTCERT, what);
    bed_peer_done(&bed, what);
    bed_free(&bed, what);
}

static void released(void)
{
    struct bed bed;

    make(&bed, p12, NULL);
    xmpp_conn_set_jid(bed.conn, "romeo@example.org");
    bed_connect(&bed, no_tls);
    gone = bed.conn;
    bed_until(&bed, &bed.downs, 1, "released where the password is asked for");
    gone = NULL;
    bed_peer_done(&bed, "released");
    bed_free(&bed, "released");
}

static void without(void)
{
    struct bed bed;

    make(&bed, NULL, NULL);
    is_int(xmpp_conn_cert_xmppaddr_num(bed.conn), 0, "no certificate");
    is_int(xmpp_connect_client(bed.conn, "127.0.0.1", 1, bed_handler, &bed),
           XMPP_EINVOP, "and no account");
    xmpp_conn_set_client_cert(bed.conn, NULL, p12);
    is_int(xmpp_conn_cert_xmppaddr_num(bed.conn), 1, "libstrophe's older way");
    is_int(xmpp_conn_set_crlfile(bed.conn, "/nowhere"), 0, "a list");
    is_int(xmpp_conn_set_crlfile(bed.conn, NULL), 0, "and none");
    bed_free(&bed, "without");
}

int main(void)
{
    struct mint_pair pair;

    mint_open(&mint);
    mint_files(&mint, &(struct coin){.dns = {"example.org"}}, "good");
    mint_pair(&mint,
              &(struct coin){.xmpp = "romeo@example.org", .for_client = 1},
              &pair);
    mint_locked(&mint, &pair, "locked", "secret");
    mint_unpair(&pair);
    snprintf(tls, sizeof(tls), "tls %s/good", mint.folder);
    snprintf(cert, sizeof(cert), "%s/locked.crt", mint.folder);
    snprintf(key, sizeof(key), "%s/locked.key", mint.folder);
    snprintf(p12, sizeof(p12), "%s/locked.p12", mint.folder);
    login(cert, key, 1, "a locked key");
    login(p12, NULL, 1, "PKCS#12");
    refused("wrong", "a wrong password");
    refused(NULL, "no password");
    released();
    without();
    mint_close(&mint);
    return done_testing();
}
