/* pipeline.c - a login that begins with the header, through a connection: the
 * offer is remembered, handed to another process, and given up when it is of no
 * use. */

#include <xmpp/fast.h>

#include "base/code.h"
#include "conn/testbed.h"
#include "net/certmaker.h"

#define AGENT "d4565fa7-4d72-4749-b3d3-740edbf87770"
#define TOKEN "1 romeo@example.org HT-SHA-256-NONE 0 0 dG9rZW4tMQ=="

/* HMAC-SHA-256 of "Initiator" and "Responder" with "token-1", by Python. */
#define PROOF "cm9tZW8AltYnaqcAAmsOqTAQAPyLWlYYlQK5Tg6hjaPckOJl6A8="
#define ANSWER "uufPlO4PrIgV7vBNziiL64Xu2KNryVaL7asgOuAMPFU="

#define NS2 "xmlns='urn:xmpp:sasl:2'"

static struct certmaker certmaker;
static char tls[160];

#define FEATURES(version)                                                      \
    "S " PEER_HEADER "<stream:features><authentication " NS2                   \
    "><mechanism>PLAIN</mechanism>"                                            \
    "<inline><bind xmlns='urn:xmpp:bind:0'><inline/></bind>"                   \
    "<fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-NONE</mechanism>"     \
    "</fast></inline></authentication>"                                        \
    "<config-version xmlns='urn:xmpp:iap:0' value='" version "'/>"             \
    "</stream:features>"

#define EARLY(version)                                                         \
    "C <config-version xmlns=\"urn:xmpp:iap:0\" value=\"" version "\"/>"       \
    "</authenticate>"

#define OPEN tls, "C <stream:stream", "C >"

#define SUCCESS                                                                \
    "S <success " NS2 "><additional-data>" ANSWER "</additional-data>"         \
    "<authorization-identifier>romeo@example.org/tag.1"                        \
    "</authorization-identifier><bound xmlns='urn:xmpp:bind:0'/></success>"    \
    "<stream:features/>"

static const char *const two_logins[] = {
    OPEN,     FEATURES("v1"), "C " PROOF, SUCCESS,     PEER_CLOSE,
    "accept", OPEN,           "C " PROOF, EARLY("v1"), FEATURES("v1"),
    SUCCESS,  PEER_CLOSE,     NULL};

static const char *const stale[] = {
    OPEN,
    "C " PROOF,
    EARLY("v1"),
    FEATURES("v2"),
    "S <failure " NS2 "><aborted xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"
    "<config-version-mismatch xmlns='urn:xmpp:iap:0'/></failure>",
    "C " PROOF,
    SUCCESS,
    PEER_CLOSE,
    NULL};

static const char *const not_used[] = {OPEN,    FEATURES("v1"), "C " PROOF,
                                       SUCCESS, PEER_CLOSE,     NULL};

static const char *const cut[] = {
    OPEN,           EARLY("v1"), "hangup", "accept",   OPEN,
    FEATURES("v1"), "C " PROOF,  SUCCESS,  PEER_CLOSE, NULL};

static unsigned trips;

static void look(struct testbed *testbed, xmpp_conn_event_t event)
{
    if (event != XMPP_CONN_CONNECT)
        return;
    trips = xmpp_conn_get_round_trips(testbed->conn);
    xmpp_disconnect(testbed->conn);
}

static void make(struct testbed *testbed, const char *offer)
{
    testbed_make_secured(testbed, certmaker.ca_file);
    testbed->on_event = look;
    xmpp_conn_set_jid(testbed->conn, "romeo@example.org/home");
    xmpp_conn_set_flags(testbed->conn, XMPP_CONN_FLAG_LEGACY_SSL);
    xmpp_conn_set_user_agent(testbed->conn, AGENT, NULL, NULL);
    xmpp_conn_set_bind2_tag(testbed->conn, "tag");
    xmpp_conn_set_fast_token(testbed->conn, TOKEN);
    xmpp_conn_set_option(testbed->conn, XMPP_OPT_PIPELINE, 1);
    is_int(xmpp_conn_set_cached_features(testbed->conn, offer), 0,
           "the offer is handed back");
}

static void expect(struct testbed *testbed, int downs, int ups, unsigned want,
                   const char *what)
{
    testbed_until(testbed, &testbed->downs, downs, what);
    is_int(testbed->ups, ups, "%s: logged in", what);
    is_int(trips, want, "%s: round trips", what);
}

/* What is kept, for a later part of the test. */
static char kept[4000];

static void remembered(void)
{
    struct testbed testbed;

    make(&testbed, NULL);
    ok(!xmpp_conn_get_cached_features(testbed.conn),
       "nothing is remembered yet");
    testbed_connect(&testbed, two_logins);
    expect(&testbed, 1, 1, 2, "first");
    snprintf(kept, sizeof(kept), "%s",
             xmpp_conn_get_cached_features(testbed.conn));
    ok(strncmp(kept, "1 example.org ", 14) == 0, "remembered for its domain");
    xmpp_conn_set_fast_token(testbed.conn, TOKEN);
    testbed_connect_again(&testbed);
    expect(&testbed, 2, 2, 1, "second");
    is_str(xmpp_conn_get_cached_features(testbed.conn), kept,
           "the same offer stands");
    testbed_peer_done(&testbed, "remembered");
    testbed_free(&testbed, "remembered");
}

static void handed_on(void)
{
    struct testbed testbed;

    make(&testbed, kept);
    testbed_connect(&testbed, stale);
    expect(&testbed, 1, 1, 2, "another version");
    ok(strcmp(xmpp_conn_get_cached_features(testbed.conn), kept) != 0,
       "another offer is remembered");
    testbed_peer_done(&testbed, "another version");
    testbed_free(&testbed, "another version");
}

static void left_alone(bool piped, const char *offer, const char *what)
{
    struct testbed testbed;

    make(&testbed, offer);
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_PIPELINE, piped);
    testbed_connect(&testbed, not_used);
    expect(&testbed, 1, 1, 2, what);
    testbed_peer_done(&testbed, what);
    testbed_free(&testbed, what);
}

/* Whatever the reason was, the next login does not depend on the same again. */
static void given_up(void)
{
    struct testbed testbed;

    make(&testbed, kept);
    testbed_connect(&testbed, cut);
    testbed_until(&testbed, &testbed.downs, 1, "cut off");
    is_int(testbed.ups, 0, "cut off: not logged in");
    ok(!xmpp_conn_get_cached_features(testbed.conn), "the offer is forgotten");
    xmpp_conn_set_fast_token(testbed.conn, TOKEN);
    testbed_connect_again(&testbed);
    expect(&testbed, 2, 1, 2, "after that");
    testbed_peer_done(&testbed, "cut off");
    testbed_free(&testbed, "cut off");
}

/* A line of this XML. */
static const char *line_of(const char *domain, const char *xml)
{
    static char line[1000];
    int n = snprintf(line, sizeof(line), "1 %s ", domain);

    base64_encode(line + n, xml, strlen(xml));
    return line;
}

static void settings(void)
{
    static const char *const bad[] = {
        "",
        "1",
        "1 example.org",
        "2 example.org PGEvPg==",
        "1 example.org PGEvPg",
        "1 example.org PGEvPg== x",
        "1 example.org AAAA",
        "1 example.org PGE+", /* <a> */
    };
    struct testbed testbed;

    make(&testbed, kept);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        is_int(xmpp_conn_set_cached_features(testbed.conn, bad[i]), XMPP_EARG,
               "no line: %s", bad[i]);
    is_str(xmpp_conn_get_cached_features(testbed.conn), kept,
           "the last one stands");
    is_int(xmpp_conn_set_cached_features(testbed.conn, NULL), 0, "none");
    ok(!xmpp_conn_get_cached_features(testbed.conn), "none");
    testbed_free(&testbed, "settings");
}

static int set_offer(struct testbed *testbed)
{
    int rc = xmpp_conn_set_option(testbed->conn, XMPP_OPT_PIPELINE, 1);

    return rc ? rc : xmpp_conn_set_cached_features(testbed->conn, kept);
}

int main(void)
{
    certmaker_open(&certmaker);
    certmaker_files(&certmaker, &(struct cert_spec){.dns = {"example.org"}},
                    "server");
    snprintf(tls, sizeof(tls), "tls %.100s/server", certmaker.folder);
    remembered();
    handed_on();
    left_alone(false, kept, "without the wish");
    left_alone(true, line_of("example.com", "<offer/>"), "of another domain");
    left_alone(true, line_of("example.org", "<offer/>"), "no offer at all");
    given_up();
    settings();
    testbed_squeeze(NULL, set_offer);
    certmaker_close(&certmaker);
    return done_testing();
}
