/* refusals.c - every condition by which a server refuses a login ends in a
 * code, a text and a word on whether to try again of its own, by SASL and by
 * SASL2. */

#include "conn/testbed.h"
#include "net/certmaker.h"

static struct certmaker certmaker;
static char good[160];

/* `code` of a refusal is never one that tells of the network, or of an attack.
 */
static const struct row {
    const char *condition;
    int code, retry;
    const char *message;
} rows[] = {
    {"aborted", XMPP_ELOGIN, 0, "for a reason other than the credentials"},
    {"account-disabled", XMPP_EDISABLED, 0, "the account is disabled"},
    {"credentials-expired", XMPP_EEXPIRED, 0, "the credentials have expired"},
    {"encryption-required", XMPP_EMECH, 0, "no acceptable login mechanism"},
    {"incorrect-encoding", XMPP_ELOGIN, 0, "for a reason other"},
    {"invalid-authzid", XMPP_ELOGIN, 0, "for a reason other"},
    {"invalid-mechanism", XMPP_EMECH, 0, "no acceptable login mechanism"},
    {"malformed-request", XMPP_ELOGIN, 0, "for a reason other"},
    {"mechanism-too-weak", XMPP_EMECH, 0, "no acceptable login mechanism"},
    {"not-authorized", XMPP_EAUTH, 0, "the server refused the credentials"},
    {"temporary-auth-failure", XMPP_EAUTHTEMP, 1,
     "cannot check credentials at present"},
    {"x-of-its-own", XMPP_EAUTH, 0, "the server refused the credentials"},
};

static bool is_of_something_else(int code)
{
    static const int others[] = {
        XMPP_EPROOF,   XMPP_EDOWNGRADE,  XMPP_EINJECT,     XMPP_EPOLICY,
        XMPP_ELOST,    XMPP_EEOF,        XMPP_ETIMEOUT,    XMPP_ECONNECT,
        XMPP_ETLS,     XMPP_ECERTNAME,   XMPP_ECERTISSUER, XMPP_ECERTTIME,
        XMPP_ECERTPIN, XMPP_ECERTREVOKED};

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (code == others[i])
            return true;
    return false;
}

/* The failure as the application sees it. */
static void look(struct testbed *testbed, const struct row *row,
                 const char *way)
{
    const xmpp_failure_t *f = xmpp_conn_get_failure(testbed->conn);
    char said[200];

    if (!ok(f != NULL, "%s, %s: failed", way, row->condition))
        return;
    snprintf(said, sizeof(said), "(the server says: %s, Call us)",
             row->condition);
    is_int(f->layer, XMPP_LAYER_SASL, "  in the login");
    is_str(xmpp_strerror_name(f->code), xmpp_strerror_name(row->code),
           "  by its code");
    ok(!is_of_something_else(f->code), "  which is no network, no attack");
    is_str(f->condition, row->condition, "  with the server's condition");
    is_str(f->text, "Call us", "  and its text");
    is_int(f->retry != 0, row->retry, "  may a retry help?");
    ok(strstr(f->message, "): tried: ANONYMOUS; offered: ANONYMOUS"),
       "  what was tried and offered");
    ok(strstr(f->message, "sasl: ") == f->message &&
           strstr(f->message, row->message) && strstr(f->message, said),
       "  in words: %s", f->message);
    ok(xmpp_strerror_advice(f->code)[0] != '\0', "  what helps: %s",
       xmpp_strerror_advice(f->code));
}

static void end(struct testbed *testbed, const struct row *row, const char *way)
{
    testbed_until(testbed, &testbed->downs, 1, row->condition);
    look(testbed, row, way);
    testbed_peer_done(testbed, row->condition);
    testbed_free(testbed, row->condition);
}

static void by_sasl(const struct row *row)
{
    char failure[300];
    const char *const script[] = {"C <stream:stream",
                                  "C >",
                                  "S " PEER_HEADER PEER_SASL,
                                  "C ANONYMOUS",
                                  failure,
                                  "eof",
                                  NULL};
    struct testbed testbed;

    snprintf(failure, sizeof(failure),
             "S <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><%s/>"
             "<text xml:lang='en'>Call us</text></failure>",
             row->condition);
    testbed_make(&testbed);
    testbed_connect(&testbed, script);
    end(&testbed, row, "SASL");
}

/* With a condition of the application beside it (XEP-0388 section 2.6.3). */
static void by_sasl2(const struct row *row)
{
    char failure[400];
    const char *const script[] = {
        PEER_TO_TLS,
        good,
        "C <stream:stream",
        "C >",
        "S " PEER_HEADER "<stream:features><authentication "
        "xmlns='urn:xmpp:sasl:2'><mechanism>ANONYMOUS</mechanism>"
        "</authentication></stream:features>",
        "C ANONYMOUS",
        failure,
        "eof",
        NULL};
    struct testbed testbed;

    snprintf(failure, sizeof(failure),
             "S <failure xmlns='urn:xmpp:sasl:2'>"
             "<%s xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"
             "<locked xmlns='urn:example:reasons'/>"
             "<text>Call us</text></failure>",
             row->condition);
    testbed_make_secured(&testbed, certmaker.ca_file);
    testbed_connect(&testbed, script);
    end(&testbed, row, "SASL2");
}

/* What a server says stays in its line, and so do the names that it offers. */
static void hostile_words(void)
{
    static const char *const script[] = {
        "C <stream:stream",
        "C >",
        "S " PEER_HEADER "<stream:features><mechanisms "
        "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>ANONYMOUS"
        "</mechanism><mechanism>X&#10;conn: logged in&#8238;</mechanism>"
        "</mechanisms></stream:features>",
        "C ANONYMOUS",
        "S <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/>"
        "<text>no&#10;&#13;&#9;&#155;conn: \"logged "
        "in\"&#8238;</text></failure>",
        "eof",
        NULL};
    const xmpp_failure_t *f;
    struct testbed testbed;

    testbed_make(&testbed);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.downs, 1, "hostile words");
    f = xmpp_conn_get_failure(testbed.conn);
    is_str(f ? f->message : NULL,
           "sasl: the server refused the credentials (the server says: "
           "not-authorized, no\\x0A\\x0D\\x09\\xC2\\x9Bconn: \"logged in\""
           "\\xE2\\x80\\xAE): tried: ANONYMOUS; offered: ANONYMOUS "
           "X\\x0Aconn: logged in\\xE2\\x80\\xAE",
           "hostile words are escaped");
    testbed_peer_done(&testbed, "hostile words");
    testbed_free(&testbed, "hostile words");
}

/* A long list is cut, and what does not fit is said to be there. */
static void many_names(void)
{
    char features[4000] = "S " PEER_HEADER "<stream:features><mechanisms "
                          "xmlns='urn:ietf:params:xml:ns:xmpp-sasl'>";
    const char *const script[] = {"C <stream:stream", "C >", features, "eof",
                                  NULL};
    const xmpp_failure_t *f;
    struct testbed testbed;

    for (int i = 0; i < 50; i++)
        strcat(features, "<mechanism>X-HUMBUG</mechanism>");
    strcat(features, "</mechanisms></stream:features>");
    testbed_make(&testbed);
    testbed_connect(&testbed, script);
    testbed_until(&testbed, &testbed.downs, 1, "many names");
    testbed_failed(&testbed, XMPP_LAYER_SASL, XMPP_EMECH, "many names");
    f = xmpp_conn_get_failure(testbed.conn);
    ok(f && strstr(f->message, "offered: X-HUMBUG X-HUMBUG ") &&
           !strcmp(f->message + strlen(f->message) - 4, " ..."),
       "  are cut: %s", f ? f->message : "");
    testbed_peer_done(&testbed, "many names");
    testbed_free(&testbed, "many names");
}

int main(void)
{
    hostile_words();
    many_names();
    certmaker_open(&certmaker);
    certmaker_files(&certmaker, &(struct cert_spec){.dns = {"example.org"}},
                    "good");
    snprintf(good, sizeof(good), "tls %s/good", certmaker.folder);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        by_sasl(&rows[i]);
        by_sasl2(&rows[i]);
    }
    certmaker_close(&certmaker);
    return done_testing();
}
