/* fast.c - SASL2, Bind 2 and tokens through a connection: a token is made,
 * used, replaced and given up; and none of it is in the log. */

#include "conn/testbed.h"
#include "conn/token.h"
#include "net/certmaker.h"

static struct certmaker certmaker;
static char tls[160];

/* ---- the log ----------------------------------------------------- */

static int lines_with_secrets;

static void on_line(void *userdata, xmpp_log_level_t level, const char *area,
                    const char *line)
{
    static const char *const secrets[] = {
        "token-1",  "token-2",  "dG9rZW4tM",   "cm9tZW8A",
        "uufPlO4P", "vpxu0uC2", "open sesame", "b3BlbiBzZXNhbWU",
    };

    (void)userdata;
    (void)level;
    (void)area;
    for (size_t i = 0; i < sizeof(secrets) / sizeof(secrets[0]); i++)
        lines_with_secrets += strstr(line, secrets[i]) != NULL;
}

static const xmpp_log_t watched = {on_line, NULL};

/* ---- a server ---------------------------------------------------- */

#define FEATURES                                                               \
    "<stream:features><authentication " NS2 "><mechanism>PLAIN</mechanism>"    \
    "<inline><bind xmlns='urn:xmpp:bind:0'><inline/></bind>"                   \
    "<fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-NONE</mechanism>"     \
    "</fast></inline></authentication></stream:features>"

#define OPEN                                                                   \
    tls, "C <stream:stream", "C from=\"romeo@example.org\"", "C >",            \
        "S " PEER_HEADER FEATURES

#define BOUND                                                                  \
    "<authorization-identifier>romeo@example.org/tag.1"                        \
    "</authorization-identifier><bound xmlns='urn:xmpp:bind:0'/>"

#define AFTER "</success><stream:features/>"

#define BY_PASSWORD                                                            \
    "C mechanism=\"PLAIN\"", "C <user-agent id=\"" AGENT "\">",                \
        "C <software>prog</software><device>phone</device>",                   \
        "C <tag>tag</tag>"

static const char *const whole_life[] = {
    OPEN,
    BY_PASSWORD,
    WISH,
    "S <success " NS2 ">" BOUND TOKEN_1 AFTER,
    PEER_CLOSE,
    "accept",
    OPEN,
    "C mechanism=\"HT-SHA-256-NONE\"",
    "C " PROOF_1,
    "C <fast xmlns=\"urn:xmpp:fast:0\" count=\"1\"/>",
    "S <success " NS2 "><additional-data>" ANSWER_1 "</additional-data>" BOUND
    "<token xmlns='urn:xmpp:fast:0' token='token-2'/>" AFTER,
    PEER_CLOSE,
    "accept",
    OPEN,
    "C " PROOF_2,
    "C <fast xmlns=\"urn:xmpp:fast:0\" count=\"1\" invalidate=\"true\"/>",
    "S <success " NS2 "><additional-data>" ANSWER_2
    "</additional-data>" BOUND AFTER,
    PEER_CLOSE,
    "accept",
    OPEN,
    BY_PASSWORD,
    WISH,
    "S <success " NS2 ">" BOUND AFTER,
    PEER_CLOSE,
    NULL};

static const char *const one_password[] = {
    OPEN, BY_PASSWORD, "S <success " NS2 ">" BOUND AFTER, PEER_CLOSE, NULL};

static const char *const to_the_end[] = {
    OPEN, "C mechanism=\"HT-SHA-256-NONE\"", "eof", NULL};

/* ---- an application ---------------------------------------------- */

static struct told {
    int times;
    char last[400];
    void (*then)(struct testbed *testbed);
} told;

static void on_token(xmpp_conn_t *conn, const char *token, void *userdata)
{
    struct testbed *testbed = userdata;

    ok(conn == testbed->conn, "  a token is told");
    told.times++;
    snprintf(told.last, sizeof(told.last), "%s", token ? token : "none");
    is_str(xmpp_conn_get_fast_token(conn), token, "  and is the one we have");
    if (told.then)
        told.then(testbed);
    if (told.times == 1 && token) {
        is_int(xmpp_conn_set_fast_token(conn, token), 0, "  it is set anew");
        is_str(token, told.last, "  and is whole to the end");
    }
}

static const char *used; /* the mechanism */

static void close_when_up(struct testbed *testbed, xmpp_conn_event_t event)
{
    if (event == XMPP_CONN_CONNECT) {
        testbed->count = (int)xmpp_conn_get_round_trips(testbed->conn);
        used = xmpp_conn_get_mechanism(testbed->conn);
        xmpp_disconnect(testbed->conn);
    }
}

static void make(struct testbed *testbed)
{
    told = (struct told){0};
    testbed_make_log(testbed, &watched);
    testbed->on_event = close_when_up;
    xmpp_conn_set_jid(testbed->conn, "romeo@example.org/home");
    xmpp_conn_set_pass(testbed->conn, "open sesame");
    xmpp_conn_set_flags(testbed->conn, XMPP_CONN_FLAG_LEGACY_SSL);
    xmpp_conn_set_cafile(testbed->conn, certmaker.ca_file);
    is_int(xmpp_conn_set_user_agent(testbed->conn, AGENT, "prog", "phone"), 0,
           "who we are");
    is_int(xmpp_conn_set_bind2_tag(testbed->conn, "tag"), 0, "the tag");
}

static void expect(struct testbed *testbed, int n, const char *mechanism,
                   const char *token, const char *what)
{
    testbed_until(testbed, &testbed->downs, n, what);
    is_int(testbed->ups, n, "%s: logged in", what);
    is_int(testbed->count, 2, "%s: in two round trips", what);
    is_str(used, mechanism, "%s: by this", what);
    is_str(told.last, token, "%s: the token to keep", what);
    is_int(xmpp_conn_get_round_trips(testbed->conn), 0, "%s: over", what);
}

static void life(void)
{
    struct testbed testbed;

    make(&testbed);
    xmpp_conn_set_fast_token_handler(testbed.conn, on_token, &testbed);
    is_int(xmpp_conn_invalidate_fast_token(testbed.conn), XMPP_EINVOP,
           "there is nothing to give up");
    testbed_connect(&testbed, whole_life);
    expect(&testbed, 1, "PLAIN", FIRST("0"), "made");
    is_str(xmpp_conn_get_bound_jid(testbed.conn), "romeo@example.org/tag.1",
           "bound as the server likes");
    testbed_connect_again(&testbed);
    is_int(xmpp_conn_invalidate_fast_token(testbed.conn), XMPP_EINVOP,
           "not while connected");
    expect(&testbed, 2, "HT-SHA-256-NONE", SECOND, "used and replaced");
    is_int(told.times, 3, "told when made, when used, when replaced");
    is_int(xmpp_conn_invalidate_fast_token(testbed.conn), 0, "give it up");
    testbed_connect_again(&testbed);
    expect(&testbed, 3, "HT-SHA-256-NONE", "none", "given up");
    is_str(xmpp_conn_get_fast_token(testbed.conn), NULL,
           "there is none any more");
    testbed_connect_again(&testbed);
    expect(&testbed, 4, "PLAIN", "none", "and nothing is given up twice");
    testbed_peer_done(&testbed, "a token's life");
    testbed_free(&testbed, "a token's life");
}

/* Those lines are left alone, and the password is used. */
static void not_used(void)
{
    static const char *const rows[][2] = {
        {"1 romeo@example.org HT-SHA-256-NONE 1 0 dG9rZW4tMQ==", "expired"},
        {"1 juliet@example.org HT-SHA-256-NONE 0 0 dG9rZW4tMQ==",
         "of another account"},
        {"1 romeo@example.org HT-SHA-512-NONE 0 0 dG9rZW4tMQ==",
         "of a mechanism that is not offered"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct testbed testbed;

        make(&testbed);
        is_int(xmpp_conn_set_fast_token(testbed.conn, rows[i][0]), 0, "%s",
               rows[i][1]);
        testbed_connect(&testbed, one_password);
        expect(&testbed, 1, "PLAIN", "", rows[i][1]);
        is_str(xmpp_conn_get_fast_token(testbed.conn), rows[i][0],
               "  it stays");
        testbed_peer_done(&testbed, rows[i][1]);
        testbed_free(&testbed, rows[i][1]);
    }
}

static void hang_up(struct testbed *testbed)
{
    xmpp_disconnect(testbed->conn);
}

static void let_go(struct testbed *testbed)
{
    xmpp_conn_t *conn = testbed->conn;

    testbed->conn = NULL;
    xmpp_conn_release(conn);
}

static void change(struct testbed *testbed)
{
    told.then = NULL;
    is_int(xmpp_conn_set_fast_token(testbed->conn, NULL), 0, "  it is cleared");
    xmpp_disconnect(testbed->conn);
}

static void inside(void)
{
    static void (*const rows[])(struct testbed *) = {hang_up, let_go, change};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct testbed testbed;

        make(&testbed);
        xmpp_conn_set_fast_token(testbed.conn, FIRST("6"));
        xmpp_conn_set_fast_token_handler(testbed.conn, on_token, &testbed);
        told.then = rows[i];
        testbed_connect(&testbed, to_the_end);
        testbed_until(&testbed, &testbed.downs, 1,
                      "from inside of the handler");
        is_int(told.times, 1, "told once");
        fake_server_join(testbed.peer);
        testbed_free(&testbed, "from inside");
    }
}

/* ---- settings ---------------------------------------------------- */

static void settings(void)
{
    static char long_text[257];
    struct testbed testbed;

    memset(long_text, 'x', 256);
    make(&testbed);
    is_int(xmpp_conn_set_user_agent(testbed.conn, "humbug", NULL, NULL),
           XMPP_EARG, "no UUID");
    is_int(xmpp_conn_set_user_agent(testbed.conn,
                                    "d4565fa7-4d72-1749-b3d3-740edbf87770",
                                    NULL, NULL),
           XMPP_EARG, "of another version");
    is_int(xmpp_conn_set_user_agent(testbed.conn,
                                    "d4565fa7-4d72-4749-73d3-740edbf87770",
                                    NULL, NULL),
           XMPP_EARG, "of another variant");
    is_int(xmpp_conn_set_user_agent(testbed.conn,
                                    "D4565FA7-4D72-4749-B3D3-740EDBF87770",
                                    NULL, NULL),
           0, "upper case is fine");
    is_int(xmpp_conn_set_user_agent(testbed.conn, AGENT, "", NULL), XMPP_EARG,
           "an empty text");
    is_int(xmpp_conn_set_user_agent(testbed.conn, AGENT, NULL, "a\nb"),
           XMPP_EARG, "a line break");
    is_int(xmpp_conn_set_user_agent(testbed.conn, AGENT, "\xff", NULL),
           XMPP_EARG, "no UTF-8");
    is_int(xmpp_conn_set_user_agent(testbed.conn, AGENT, "\xef\xbf\xbf", NULL),
           XMPP_EARG, "not for XML");
    is_int(xmpp_conn_set_user_agent(testbed.conn, AGENT, long_text, NULL),
           XMPP_EARG, "too long");
    is_int(xmpp_conn_set_user_agent(testbed.conn, AGENT, long_text + 1, NULL),
           0, "long enough");
    is_int(xmpp_conn_set_user_agent(testbed.conn, NULL, NULL, NULL), 0,
           "nobody");
    is_int(xmpp_conn_set_bind2_tag(testbed.conn, long_text), XMPP_EARG,
           "too long");
    is_int(xmpp_conn_set_bind2_tag(testbed.conn, ""), 0,
           "Bind 2 without a tag");
    is_int(xmpp_conn_set_bind2_tag(testbed.conn, NULL), 0, "no Bind 2");
    is_int(xmpp_conn_set_fast_token(testbed.conn, "humbug"), XMPP_EARG,
           "no token");
    is_int(xmpp_conn_set_fast_token(testbed.conn, FIRST("3")), 0, "a token");
    is_str(xmpp_conn_get_fast_token(testbed.conn), FIRST("3"), "as it was set");
    is_int(xmpp_conn_set_fast_token(testbed.conn, NULL), 0, "none again");
    is_str(xmpp_conn_get_fast_token(testbed.conn), NULL, "none again");
    is_int(xmpp_conn_set_fast_token(testbed.conn, FIRST("3")), 0,
           "it is freed, too");
    testbed_free(&testbed, "settings");
}

static int set_all(struct testbed *testbed)
{
    int rc = xmpp_conn_set_user_agent(testbed->conn, AGENT, "prog", "phone");

    if (rc == 0)
        rc = xmpp_conn_set_bind2_tag(testbed->conn, "tag");
    return rc ? rc : xmpp_conn_set_fast_token(testbed->conn, FIRST("1"));
}

int main(void)
{
    certmaker_open(&certmaker);
    certmaker_files(&certmaker, &(struct cert_spec){.dns = {"example.org"}},
                    "server");
    snprintf(tls, sizeof(tls), "tls %.100s/server", certmaker.folder);
    life();
    not_used();
    inside();
    settings();
    testbed_squeeze(&watched, set_all);
    certmaker_close(&certmaker);
    is_int(lines_with_secrets, 0, "no secret was in the log");
    return done_testing();
}
