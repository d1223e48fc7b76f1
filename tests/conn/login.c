/* login.c - passwords that are asked for, keys, tokens and pins of a
 * connection, and that no secret is in the log, or in memory given back. */

#include "conn/testbed.h"

#define FIELDS                                                                 \
    "C <stream:stream", "C >",                                                 \
        "S " PEER_HEADER                                                       \
        "<stream:features><auth xmlns='http://jabber.org/features/iq-auth'/>"  \
        "</stream:features>",                                                  \
        "C <username>romeo</username>", "C </iq>",                             \
        "S <iq type='result' id='auth-fields'><query xmlns='jabber:iq:auth'>"  \
        "<username/><password/><resource/></query></iq>"

#define REFUSED                                                                \
    "S <iq type='error' id='auth'><error code='401' type='auth'>"              \
    "<not-authorized xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"    \
    "</iq>"

static const char *const right[] = {
    FIELDS,     "C <password>open sesame</password>",
    "C </iq>",  "S <iq type='result' id='auth'/>",
    PEER_CLOSE, NULL};
static const char *const wrong_once[] = {FIELDS,
                                         "C <password>wrong</password>",
                                         "C </iq>",
                                         REFUSED,
                                         "C <password>open sesame</password>",
                                         "C </iq>",
                                         "S <iq type='result' id='auth'/>",
                                         PEER_CLOSE,
                                         NULL};
static const char *const waiting[] = {FIELDS, "eof", NULL};

/* How the application answers; `count` is how often it was asked. */
static int give(char *pass, size_t size, xmpp_conn_t *conn, void *userdata)
{
    struct testbed *testbed = userdata;

    ok(conn == testbed->conn && size >= 1024, "  a password is asked for");
    testbed->count++;
    strcpy(pass, "open sesame");
    return 11;
}

static int give_second(char *pass, size_t size, xmpp_conn_t *conn,
                       void *userdata)
{
    struct testbed *testbed = userdata;

    if (testbed->count > 0)
        return give(pass, size, conn, userdata);
    testbed->count++;
    strcpy(pass, "wrong");
    return 5;
}

static int give_none(char *pass, size_t size, xmpp_conn_t *conn, void *userdata)
{
    struct testbed *testbed = userdata;

    (void)pass;
    (void)size;
    (void)conn;
    testbed->count++;
    return -1;
}

static int give_too_much(char *pass, size_t size, xmpp_conn_t *conn,
                         void *userdata)
{
    give_none(pass, size, conn, userdata);
    return (int)size + 1;
}

static int give_later(char *pass, size_t size, xmpp_conn_t *conn,
                      void *userdata)
{
    give_none(pass, size, conn, userdata);
    return 0;
}

static int give_inside(char *pass, size_t size, xmpp_conn_t *conn,
                       void *userdata)
{
    give_none(pass, size, conn, userdata);
    is_int(xmpp_conn_answer_login_password(conn, "open sesame"), 0,
           "  answered by the other function");
    return 0;
}

static int give_up_all(char *pass, size_t size, xmpp_conn_t *conn,
                       void *userdata)
{
    struct testbed *testbed = userdata;

    give_none(pass, size, conn, userdata);
    testbed->conn = NULL;
    is_int(xmpp_conn_release(conn), 1, "  released while being asked");
    return 5;
}

static int hang_up(char *pass, size_t size, xmpp_conn_t *conn, void *userdata)
{
    xmpp_disconnect(conn);
    return give_none(pass, size, conn, userdata);
}

/* ---- the log ----------------------------------------------------- */

static const char *const secrets[] = {"sesame", "wrong", "TOKEN", "AAAAAAAAAA",
                                      NULL};
static int lines_with_secrets;

static void on_line(void *userdata, xmpp_log_level_t level, const char *area,
                    const char *line)
{
    (void)userdata;
    (void)level;
    (void)area;
    for (size_t i = 0; secrets[i]; i++)
        lines_with_secrets += strstr(line, secrets[i]) != NULL;
}

static const xmpp_log_t watched = {on_line, NULL};

static void begin(struct testbed *testbed, const char *const *script,
                  xmpp_login_password_handler handler)
{
    testbed_make_log(testbed, &watched);
    testbed->memory.secrets = secrets;
    xmpp_conn_set_jid(testbed->conn, "romeo@example.org/r");
    xmpp_conn_set_flags(testbed->conn, XMPP_CONN_FLAG_DISABLE_TLS |
                                           XMPP_CONN_FLAG_LEGACY_AUTH);
    xmpp_conn_set_login_password_handler(testbed->conn, handler, testbed);
    is_int(xmpp_conn_answer_login_password(testbed->conn, "x"), XMPP_EINVOP,
           "nothing is asked before");
    testbed_connect(testbed, script);
    is_int(xmpp_conn_answer_login_password(testbed->conn, "x"), XMPP_EINVOP,
           "nor while connecting");
}

static void up_and_down(struct testbed *testbed, const char *what)
{
    testbed_until(testbed, &testbed->ups, 1, what);
    is_str(xmpp_conn_get_mechanism(testbed->conn), "jabber:iq:auth",
           "  it says how");
    is_str(xmpp_conn_get_channel_binding(testbed->conn), NULL,
           "  and not bound");
    is_str(xmpp_conn_get_min_login_strength(testbed->conn), NULL,
           "  which has no strength to keep");
    xmpp_disconnect(testbed->conn);
    testbed_until(testbed, &testbed->downs, 1, "  and ends");
    testbed_peer_done(testbed, what);
    is_str(xmpp_conn_get_mechanism(testbed->conn), NULL,
           "  then there is no how");
    testbed_free(testbed, what);
}

/* ---- asking ------------------------------------------------------ */

static void asks(void)
{
    struct testbed testbed;

    begin(&testbed, right, give);
    up_and_down(&testbed, "asked");
    is_int(testbed.count, 1, "  once");
    begin(&testbed, wrong_once, give_second);
    up_and_down(&testbed, "asked again");
    is_int(testbed.count, 2, "  twice");
    begin(&testbed, right, give_inside);
    up_and_down(&testbed, "answered from inside");
    begin(&testbed, right, give);
    xmpp_conn_set_pass(testbed.conn, "not used any more: it began already");
    up_and_down(&testbed, "a password that comes too late");
    is_int(testbed.count, 1, "  once");
}

static void asks_and_waits(void)
{
    struct testbed testbed;

    begin(&testbed, right, give_later);
    testbed_until(&testbed, &testbed.count, 1, "asked");
    for (int i = 0; i < 5; i++)
        xmpp_run_once(testbed.ctx, 1);
    is_int(testbed.count, 1, "  and not again while it thinks");
    is_int(xmpp_conn_answer_login_password(testbed.conn, "open sesame"), 0,
           "  an answer");
    is_int(xmpp_conn_answer_login_password(testbed.conn, "open sesame"),
           XMPP_EINVOP, "  is enough");
    up_and_down(&testbed, "answered later");

    begin(&testbed, waiting, give_later);
    testbed_until(&testbed, &testbed.count, 1, "asked");
    is_int(xmpp_conn_answer_login_password(testbed.conn, NULL), 0,
           "  it gives up");
    testbed_until(&testbed, &testbed.downs, 1, "  and is down");
    testbed_failed(&testbed, XMPP_LAYER_SASL, XMPP_ECRED, "given up");
    testbed_peer_done(&testbed, "given up");
    testbed_free(&testbed, "given up");

    begin(&testbed, waiting, give_later);
    testbed_until(&testbed, &testbed.count, 1, "asked");
    xmpp_disconnect(testbed.conn);
    is_int(xmpp_conn_answer_login_password(testbed.conn, "open sesame"), 0,
           "  too late");
    testbed_until(&testbed, &testbed.downs, 1, "  and is down");
    is_int(xmpp_conn_answer_login_password(testbed.conn, "x"), XMPP_EINVOP,
           "  then none");
    testbed_peer_done(&testbed, "disconnected while asked");
    testbed_free(&testbed, "disconnected while asked");
}

static void asks_in_vain(void)
{
    static const struct {
        xmpp_login_password_handler handler;
        const char *what;
        int code;
    } rows[] = {
        {give_none, "none given", XMPP_ECRED},
        {give_too_much, "too much given", XMPP_ECRED},
        {hang_up, "disconnected from inside", 0},
        {give_up_all, "released from inside", 0},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct testbed testbed;

        begin(&testbed, waiting, rows[i].handler);
        testbed_until(&testbed, &testbed.downs, 1, rows[i].what);
        if (rows[i].code)
            testbed_failed(&testbed, XMPP_LAYER_SASL, rows[i].code,
                           rows[i].what);
        testbed_peer_done(&testbed, rows[i].what);
        testbed_free(&testbed, rows[i].what);
    }
}

/* ---- settings ---------------------------------------------------- */

#define KEYS                                                                   \
    "1 SCRAM-SHA-1 4096 QSXCR+Q6sek8bf92 AAAAAAAAAAAAAAAAAAAAAAAAAAA= "        \
    "AAAAAAAAAAAAAAAAAAAAAAAAAAA="

static void settings(void)
{
    struct testbed testbed;

    testbed_make_log(&testbed, &watched);
    testbed.memory.secrets = secrets;
    is_str(xmpp_conn_get_scram_keys(testbed.conn), NULL, "no keys");
    is_int(xmpp_conn_set_scram_keys(testbed.conn, KEYS), 0, "keys");
    is_int(xmpp_conn_set_scram_keys(testbed.conn, "humbug"), XMPP_EARG,
           "no such keys");
    is_str(xmpp_conn_get_scram_keys(testbed.conn), KEYS,
           "the keys that were set");
    is_int(xmpp_conn_set_scram_keys(testbed.conn, NULL), 0, "no keys again");
    is_str(xmpp_conn_get_scram_keys(testbed.conn), NULL, "no keys again");
    is_int(xmpp_conn_set_scram_keys(testbed.conn, KEYS), 0,
           "they are freed, too");
    is_str(xmpp_conn_get_min_login_strength(testbed.conn), NULL, "no minimum");
    is_int(xmpp_conn_set_min_login_strength(testbed.conn, "1 SCRAM-SHA-1 -"), 0,
           "a minimum");
    is_int(xmpp_conn_set_min_login_strength(testbed.conn, "humbug"), XMPP_EARG,
           "not a strength");
    is_str(xmpp_conn_get_min_login_strength(testbed.conn), "1 SCRAM-SHA-1 -",
           "the minimum that was set");
    is_int(xmpp_conn_set_min_login_strength(testbed.conn, NULL), 0,
           "no minimum again");
    is_str(xmpp_conn_get_min_login_strength(testbed.conn), NULL,
           "no minimum again");
    is_int(xmpp_conn_set_oauth_token(testbed.conn, "TOKEN"), 0, "a token");
    is_int(xmpp_conn_set_oauth_token(testbed.conn, "TOKEN2"), 0,
           "another token");
    is_str(xmpp_conn_get_mechanism(testbed.conn), NULL, "no mechanism");
    testbed_free(&testbed, "settings");
}

/* A minimum refuses anything weaker, and the message says why. */
static void least_strength(void)
{
    static const char *const script[] = {
        "C <stream:stream", "C >", "S " PEER_HEADER PEER_SASL, "eof", NULL};
    struct testbed testbed;

    testbed_make_log(&testbed, &watched);
    testbed.memory.secrets = secrets;
    xmpp_conn_set_min_login_strength(testbed.conn,
                                     "1 SCRAM-SHA-256-PLUS tls-exporter");
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.downs, 1, "weaker than the minimum");
    testbed_failed(&testbed, XMPP_LAYER_SASL, XMPP_EPOLICY, "minimum strength");
    ok(strstr(xmpp_conn_get_failure(testbed.conn)->message,
              "SCRAM-SHA-256-PLUS tls-exporter") != NULL,
       "  it says what the minimum was");
    is_int(xmpp_conn_get_failure(testbed.conn)->retry, 0,
           "  retrying is no help");
    is_int(testbed.error, 0, "  libstrophe's number is that of refusals");
    testbed_peer_done(&testbed, "minimum strength");
    testbed_free(&testbed, "minimum strength");
}

/* Keys and token go through an attempt and leave no memory behind. */
static void carried(void)
{
    struct testbed testbed;

    testbed_make_log(&testbed, &watched);
    testbed.memory.secrets = secrets;
    xmpp_conn_set_scram_keys(testbed.conn, KEYS);
    xmpp_conn_set_oauth_token(testbed.conn, "TOKEN");
    is_int(xmpp_connect_client(testbed.conn, "127.0.0.1", fake_server_no_port(),
                               testbed_handler, &testbed),
           0, "an attempt with keys and token");
    testbed_until(&testbed, &testbed.downs, 1, "  that ends");
    testbed_free(&testbed, "keys and token");
}

int main(void)
{
    asks();
    asks_and_waits();
    asks_in_vain();
    settings();
    least_strength();
    carried();
    is_int(lines_with_secrets, 0, "no secret was in the log");
    return done_testing();
}
