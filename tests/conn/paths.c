/* paths.c - a login that a server does not answer is not tried the same way
 * twice in a row, and never a weaker one. */

#include "conn/ctx.h"
#include "conn/fate.h"
#include "net/certmaker.h"

static struct certmaker certmaker;
static char good[160];

#define OFFER                                                                  \
    "<stream:features><authentication xmlns='urn:xmpp:sasl:2'>"                \
    "<mechanism>ANONYMOUS</mechanism><inline><sm xmlns='urn:xmpp:sm:3'/>"      \
    "</inline></authentication>"                                               \
    "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>"                    \
    "<mechanism>ANONYMOUS</mechanism></mechanisms></stream:features>"

#define TO_OFFER                                                               \
    PEER_TO_TLS, good, "C <stream:stream", "C >", "S " PEER_HEADER OFFER

#define SUCCESS2                                                               \
    "S <success xmlns='urn:xmpp:sasl:2'><authorization-identifier>"            \
    "guest@example.org</authorization-identifier></success>" SM_FEATURES

#define BIND                                                                   \
    "C </iq>", "S <iq type='result' id='%id%'><bind "                          \
               "xmlns='urn:ietf:params:xml:ns:xmpp-bind'>"                     \
               "<jid>guest@example.org/r</jid></bind></iq>"

#define SASL                                                                   \
    "C <auth xmlns", "C >", "S <success xmlns='" SASL_NS "'/>",                \
        "C <stream:stream", "C >", "S " PEER_HEADER SM_FEATURES
#define SASL_NS "urn:ietf:params:xml:ns:xmpp-sasl"

#define ENABLE "C <enable xmlns=\"urn:xmpp:sm:3\" resume=\"true\"/>"
#define END "S </stream:stream>", "eof", "accept"

/* Each step is the first that the script would not find if the one before it
 * had been said once more. */
static const char *const script[] = {
    TO_OFFER, "C <authenticate ", "C >", SUCCESS2, BIND, ENABLE, ENABLED,
    "C id=\"m1\"/>", "reset", "accept",
    /* resuming: together with the login, behind it, and not at all */
    TO_OFFER, "C <resume ", "C </authenticate>", END, TO_OFFER,
    "C <authenticate ", "C >", SUCCESS2, "C <resume ", END, TO_OFFER,
    "C <authenticate ", "C >", SUCCESS2, "C <bind ", END,
    /* then without SASL2; with stream management behind the address, twice;
       without it */
    TO_OFFER, SASL, BIND, ENABLE, END, TO_OFFER, SASL, BIND, ENABLE, END,
    TO_OFFER, SASL, BIND, ENABLE, END, TO_OFFER, SASL, BIND, "C id=\"m1\"/>",
    PEER_CLOSE, "accept",
    /* what worked is taken again; stream management is of one session */
    TO_OFFER, SASL, BIND, ENABLE, ENABLED, PEER_CLOSE, "accept",
    /* another account knows of nothing */
    TO_OFFER, "C <authenticate ", "C >", END,
    /* the plain way fails as well: all is tried anew */
    TO_OFFER, "C <auth xmlns", END, TO_OFFER, "C <authenticate ", "C >",
    "S </stream:stream>", "eof", NULL};

static void again(struct testbed *testbed, const char *what, int up)
{
    int ups = testbed->ups, downs = testbed->downs;

    testbed_connect_again(testbed);
    if (up) {
        testbed_until(testbed, &testbed->ups, ups + 1, what);
        xmpp_disconnect(testbed->conn);
        testbed_until(testbed, &testbed->downs, downs + 1, what);
        return;
    }
    testbed_until(testbed, &testbed->downs, downs + 1, what);
    testbed_failed(testbed, XMPP_LAYER_STREAM, XMPP_EEOF, what);
    ok(xmpp_conn_get_failure(testbed->conn)->retry, "  and may be tried again");
}

static void step_by_step(void)
{
    struct fate one = {0};
    struct testbed testbed;

    testbed_make_secured(&testbed, certmaker.ca_file);
    testbed.is_virtual = true;
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.ups, 1, "a session");
    is_int(fate_send(&testbed, "m1", &one), 0, "a message");
    testbed_until(&testbed, &testbed.downs, 1, "is cut");
    again(&testbed, "resuming together with the login", 0);
    again(&testbed, "resuming behind it", 0);
    ok(xmpp_conn_is_resumable(testbed.conn),
       "the session is not given up before");
    again(&testbed, "a new session by SASL2", 0);
    again(&testbed, "by SASL", 0);
    again(&testbed, "enabling stream management when the address is bound", 0);
    again(&testbed, "the same once more", 0);
    again(&testbed, "without stream management", 1);
    is_int(one.told, 1, "the message was sent");
    is_int(xmpp_conn_get_unacked(testbed.conn), 0, "once");
    again(&testbed, "what worked", 1);
    xmpp_conn_set_jid(testbed.conn, "example.org/other");
    again(&testbed, "another account, by SASL2", 0);
    again(&testbed, "the plain way", 0);
    again(&testbed, "the best way again", 0);
    testbed_peer_done(&testbed, "step by step");
    testbed_free(&testbed, "step by step");
}

#define STREAM_ERROR(name)                                                     \
    "S <stream:error><" name                                                   \
    " xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"

/* XEP-0198 section 3 lets a server insist that <enable/> waits for the address.
 * What is no complaint of that kind is an answer, and nothing is avoided. */
static void too_early(const char *says, bool learns)
{
#define ONE_OFFER                                                              \
    PEER_TO_TLS, good, "C <stream:stream", "C >",                              \
        "S " PEER_HEADER "<stream:features><mechanisms xmlns='" SASL_NS "'>"   \
        "<mechanism>ANONYMOUS</mechanism></mechanisms></stream:features>"
    const char *const strict[] = {
        ONE_OFFER, SASL,
        "C </iq>", ENABLE,
        says,      "eof",
        "accept",  ONE_OFFER,
        SASL,      learns ? "C </iq></stream:stream>" : "C </iq><enable ",
        "eof",     NULL};
    struct testbed testbed;

    testbed_make_secured(&testbed, certmaker.ca_file);
    testbed.is_virtual = true;
    testbed_connect(&testbed, strict);
    testbed_until(&testbed, &testbed.downs, 1, says);
    if (learns)
        ok(xmpp_conn_get_failure(testbed.conn)->retry, "  to be tried again");
    testbed_connect_again(&testbed);
    testbed_until(&testbed, &testbed.downs, 2, "the next one is silent");
    testbed_peer_done(&testbed, learns ? "in order then" : "as before");
    testbed_free(&testbed, says);
}

static void out_of_order(void)
{
    too_early(STREAM_ERROR("not-authorized"), true);
    too_early(STREAM_ERROR("policy-violation"), true);
    too_early(STREAM_ERROR("unsupported-stanza-type"), true);
    too_early(STREAM_ERROR("internal-server-error"), true);
    too_early(STREAM_ERROR("undefined-condition"), true);
    too_early(STREAM_ERROR("conflict"), false);
    too_early("S <not-authorized xmlns='urn:x'/>", false);
}

/* Where nothing came early, such a complaint is an answer. */
static void refused(void)
{
    static const char *const twice[] = {TO_OFFER,
                                        "C <authenticate ",
                                        STREAM_ERROR("policy-violation"),
                                        "eof",
                                        "accept",
                                        TO_OFFER,
                                        "C <authenticate ",
                                        "C >",
                                        "S </stream:stream>",
                                        "eof",
                                        NULL};
    struct testbed testbed;

    testbed_make_secured(&testbed, certmaker.ca_file);
    testbed.is_virtual = true;
    testbed_connect(&testbed, twice);
    testbed_until(&testbed, &testbed.downs, 1, "refused");
    testbed_failed(&testbed, XMPP_LAYER_STREAM, XMPP_ESTREAM, "refused");
    again(&testbed, "by SASL2 again", 0);
    testbed_peer_done(&testbed, "refused");
    testbed_free(&testbed, "refused");
}

/* Silence is like an end, only slower. */
static void silence(void)
{
    static const char *const mute[] = {
        TO_OFFER,        "C <authenticate ",   "C >", "eof", "accept", TO_OFFER,
        "C <auth xmlns", "S </stream:stream>", "eof", NULL};
    struct testbed testbed;

    testbed_make_secured(&testbed, certmaker.ca_file);
    testbed.is_virtual = true;
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_STEP_TIMEOUT, 1000);
    testbed_connect(&testbed, mute);
    testbed_until(&testbed, &testbed.downs, 1, "silence");
    testbed_failed(&testbed, XMPP_LAYER_STREAM, XMPP_ETIMEOUT, "silence");
    xmpp_conn_set_option(testbed.conn, XMPP_OPT_STEP_TIMEOUT, 15000);
    again(&testbed, "by SASL then", 0);
    testbed_peer_done(&testbed, "silence");
    testbed_free(&testbed, "silence");
}

/* An error of the server's own, and a server that has no other way: what else
 * it did is given up then. */
static void no_other_way(void)
{
#define ONLY                                                                   \
    PEER_TO_TLS, good, "C <stream:stream", "C >",                              \
        "S " PEER_HEADER "<stream:features><authentication "                   \
        "xmlns='urn:xmpp:sasl:2'><mechanism>ANONYMOUS</mechanism><inline>"     \
        "<bind xmlns='urn:xmpp:bind:0'/></inline></authentication>"            \
        "</stream:features>"
#define ERROR                                                                  \
    "S <stream:error><undefined-condition "                                    \
    "xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>",            \
        "eof"
    static const char *const only[] = {
        ONLY,     "C <bind ", "C </authenticate>", ERROR,
        "accept", ONLY,       "C <authenticate ",  ERROR,
        "accept", ONLY,       "C <authenticate ",  ERROR,
        "accept", ONLY,       "C <bind ",          "C </authenticate>",
        ERROR,    NULL};
    struct testbed testbed;

    testbed_make_secured(&testbed, certmaker.ca_file);
    testbed.is_virtual = true;
    xmpp_conn_set_bind2_tag(testbed.conn, "x");
    testbed_connect(&testbed, only);
    for (int i = 1; i < 5; i++) {
        testbed_until(&testbed, &testbed.downs, i, "an error of its own");
        testbed_failed(&testbed, XMPP_LAYER_STREAM, XMPP_ESTREAM, "its own");
        is_int(xmpp_conn_get_failure(testbed.conn)->retry, i != 3,
               "  to be tried in another way");
        if (i < 4)
            testbed_connect_again(&testbed);
    }
    testbed_peer_done(&testbed, "no other way");
    testbed_free(&testbed, "no other way");
}

#define CUT "reset", "accept"
#define CUT_EARLY "C <stream:stream", CUT
#define CUT_RESUMING TO_FEATURES, RESUME("0"), CUT

/* A cut may be the network's, so it takes six in a row to give up a session,
 * and one that comes before the session is resumed begins the row anew. */
static void cut(void)
{
    static const char *const resumes[] = {
        TO_ENABLE,    ENABLED,      CUT,          CUT_RESUMING, CUT_RESUMING,
        CUT_RESUMING, CUT_RESUMING, CUT_RESUMING, CUT_EARLY,    CUT_RESUMING,
        CUT_RESUMING, CUT_RESUMING, CUT_RESUMING, CUT_RESUMING, CUT_RESUMING,
        TO_FEATURES,  "C <bind ",   "reset",      NULL};
    enum { CUTS = 13 };
    struct testbed testbed;

    testbed_make(&testbed);
    testbed_connect(&testbed, resumes);
    for (int i = 1; i <= CUTS; i++) {
        testbed_until(&testbed, &testbed.downs, i, "cut");
        testbed_failed(&testbed, XMPP_LAYER_TCP, XMPP_ELOST, "cut");
        testbed_connect_again(&testbed);
    }
    testbed_until(&testbed, &testbed.downs, CUTS + 1, "cut while binding");
    testbed_peer_done(&testbed, "cuts");
    testbed_free(&testbed, "cuts");
}

/* A session that went on begins the row anew, too. */
static void cut_and_resumed(void)
{
#define FIVE                                                                   \
    CUT_RESUMING, CUT_RESUMING, CUT_RESUMING, CUT_RESUMING, CUT_RESUMING
    static const char *const resumes[] = {
        TO_ENABLE,    ENABLED,         CUT, FIVE, TO_FEATURES, RESUME("0"),
        RESUMED("0"), "C <presence/>", CUT, FIVE, TO_FEATURES, RESUME("0"),
        RESUMED("1"), PEER_CLOSE,      NULL};
    struct testbed testbed;

    testbed_make(&testbed);
    testbed_connect(&testbed, resumes);
    for (int i = 1; i <= 12; i++) {
        testbed_until(&testbed, &testbed.downs, i, "cut");
        testbed_connect_again(&testbed);
        if (i == 6) {
            testbed_until(&testbed, &testbed.ups, 2, "the session goes on");
            xmpp_send_raw_string(testbed.conn, "<presence/>");
        }
    }
    testbed_until(&testbed, &testbed.ups, 3, "and was not given up");
    xmpp_disconnect(testbed.conn);
    testbed_until(&testbed, &testbed.downs, 13, "down");
    testbed_peer_done(&testbed, "cuts around a session");
    testbed_free(&testbed, "cuts around a session");
}

/* After an hour a server may be another. */
static void an_hour(void)
{
#define BY_SASL TO_OFFER, SASL, BIND, ENABLE, ENABLED, PEER_CLOSE, "accept"
    static const char *const changes[] = {TO_OFFER, "C <authenticate ",
                                          "C >",    END,
                                          BY_SASL,  BY_SASL,
                                          TO_OFFER, "C <authenticate ",
                                          "C >",    "S </stream:stream>",
                                          "eof",    NULL};
    struct testbed testbed;

    testbed_make_secured(&testbed, certmaker.ca_file);
    testbed.is_virtual = true;
    testbed_connect(&testbed, changes);
    testbed_until(&testbed, &testbed.downs, 1, "no answer");
    again(&testbed, "by SASL then", 1);
    poll_move_clock(testbed.ctx->poll, UINT64_C(55) * 60000);
    again(&testbed, "still after 55 minutes", 1);
    poll_move_clock(testbed.ctx->poll, UINT64_C(5) * 60000);
    again(&testbed, "by SASL2 after an hour", 0);
    testbed_peer_done(&testbed, "an hour");
    testbed_free(&testbed, "an hour");
}

int main(void)
{
    certmaker_open(&certmaker);
    certmaker_files(&certmaker, &(struct cert_spec){.dns = {"example.org"}},
                    "good");
    snprintf(good, sizeof(good), "tls %s/good", certmaker.folder);
    step_by_step();
    out_of_order();
    silence();
    no_other_way();
    cut();
    cut_and_resumed();
    refused();
    an_hour();
    certmaker_close(&certmaker);
    return done_testing();
}
