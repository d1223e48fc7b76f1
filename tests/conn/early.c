/* early.c - a login that begins with the header, through a connection: the
 * offer is remembered, handed to another process, and given up when it is of no
 * use. */

#include <xmpp/fast.h>

#include "base/code.h"
#include "conn/bed.h"
#include "net/mint.h"

#define AGENT "d4565fa7-4d72-4749-b3d3-740edbf87770"
#define TOKEN "1 romeo@example.org HT-SHA-256-NONE 0 0 dG9rZW4tMQ=="

/* HMAC-SHA-256 of "Initiator" and "Responder" with "token-1", by Python. */
#define PROOF "cm9tZW8AltYnaqcAAmsOqTAQAPyLWlYYlQK5Tg6hjaPckOJl6A8="
#define ANSWER "uufPlO4PrIgV7vBNziiL64Xu2KNryVaL7asgOuAMPFU="

#define NS2 "xmlns='urn:xmpp:sasl:2'"

static struct mint mint;
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

static void look(struct bed *bed, xmpp_conn_event_t event)
{
    if (event != XMPP_CONN_CONNECT)
        return;
    trips = xmpp_conn_get_round_trips(bed->conn);
    xmpp_disconnect(bed->conn);
}

static void make(struct bed *bed, const char *offer)
{
    bed_make_secured(bed, mint.ca_file);
    bed->on_event = look;
    xmpp_conn_set_jid(bed->conn, "romeo@example.org/home");
    xmpp_conn_set_flags(bed->conn, XMPP_CONN_FLAG_LEGACY_SSL);
    xmpp_conn_set_user_agent(bed->conn, AGENT, NULL, NULL);
    xmpp_conn_set_bind2_tag(bed->conn, "tag");
    xmpp_conn_set_fast_token(bed->conn, TOKEN);
    xmpp_conn_set_option(bed->conn, XMPP_OPT_PIPELINE, 1);
    is_int(xmpp_conn_set_cached_features(bed->conn, offer), 0,
           "the offer is handed back");
}

static void expect(struct bed *bed, int downs, int ups, unsigned want,
                   const char *what)
{
    bed_until(bed, &bed->downs, downs, what);
    is_int(bed->ups, ups, "%s: logged in", what);
    is_int(trips, want, "%s: round trips", what);
}

/* What is kept, for a later part of the test. */
static char kept[4000];

static void remembered(void)
{
    struct bed bed;

    make(&bed, NULL);
    ok(!xmpp_conn_get_cached_features(bed.conn), "nothing is remembered yet");
    bed_connect(&bed, two_logins);
    expect(&bed, 1, 1, 2, "first");
    snprintf(kept, sizeof(kept), "%s", xmpp_conn_get_cached_features(bed.conn));
    ok(strncmp(kept, "1 example.org ", 14) == 0, "remembered for its domain");
    xmpp_conn_set_fast_token(bed.conn, TOKEN);
    bed_connect_again(&bed);
    expect(&bed, 2, 2, 1, "second");
    is_str(xmpp_conn_get_cached_features(bed.conn), kept,
           "the same offer stands");
    bed_peer_done(&bed, "remembered");
    bed_free(&bed, "remembered");
}

static void handed_on(void)
{
    struct bed bed;

    make(&bed, kept);
    bed_connect(&bed, stale);
    expect(&bed, 1, 1, 2, "another version");
    ok(strcmp(xmpp_conn_get_cached_features(bed.conn), kept) != 0,
       "another offer is remembered");
    bed_peer_done(&bed, "another version");
    bed_free(&bed, "another version");
}

static void left_alone(bool piped, const char *offer, const char *what)
{
    struct bed bed;

    make(&bed, offer);
    xmpp_conn_set_option(bed.conn, XMPP_OPT_PIPELINE, piped);
    bed_connect(&bed, not_used);
    expect(&bed, 1, 1, 2, what);
    bed_peer_done(&bed, what);
    bed_free(&bed, what);
}

/* Whatever the reason was, the next login does not depend on the same again. */
static void given_up(void)
{
    struct bed bed;

    make(&bed, kept);
    bed_connect(&bed, cut);
    bed_until(&bed, &bed.downs, 1, "cut off");
    is_int(bed.ups, 0, "cut off: not logged in");
    ok(!xmpp_conn_get_cached_features(bed.conn), "the offer is forgotten");
    xmpp_conn_set_fast_token(bed.conn, TOKEN);
    bed_connect_again(&bed);
    expect(&bed, 2, 1, 2, "after that");
    bed_peer_done(&bed, "cut off");
    bed_free(&bed, "cut off");
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
    struct bed bed;

    make(&bed, kept);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        is_int(xmpp_conn_set_cached_features(bed.conn, bad[i]), XMPP_EARG,
               "no line: %s", bad[i]);
    is_str(xmpp_conn_get_cached_features(bed.conn), kept,
           "the last one stands");
    is_int(xmpp_conn_set_cached_features(bed.conn, NULL), 0, "none");
    ok(!xmpp_conn_get_cached_features(bed.conn), "none");
    bed_free(&bed, "settings");
}

static int set_offer(struct bed *bed)
{
    int rc = xmpp_conn_set_option(bed->conn, XMPP_OPT_PIPELINE, 1);

    return rc ? rc : xmpp_conn_set_cached_features(bed->conn, kept);
}

int main(void)
{
    mint_open(&mint);
    mint_files(&mint, &(struct coin){.dns = {"example.org"}}, "server");
    snprintf(tls, sizeof(tls), "tls %.100s/server", mint.folder);
    remembered();
    handed_on();
    left_alone(false, kept, "without the wish");
    left_alone(true, line_of("example.com", "<offer/>"), "of another domain");
    left_alone(true, line_of("example.org", "<offer/>"), "no offer at all");
    given_up();
    settings();
    bed_squeeze(NULL, set_offer);
    mint_close(&mint);
    return done_testing();
}
