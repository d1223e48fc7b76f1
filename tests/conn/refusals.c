/* refusals.c - every condition by which a server refuses a login ends in a code,
 * a text and a word on whether to try again of its own, by SASL and by SASL2. */

#include "conn/bed.h"
#include "net/mint.h"

static struct mint mint;
static char good[160];

/* `code` of a refusal is never one that tells of the network, or of an attack. */
static const struct row {
    const char *condition;
    int code, retry;
    const char *message;
} rows[] = {
    {"aborted", XMPP_ELOGIN, 0, "for another reason than the credentials"},
    {"account-disabled", XMPP_EDISABLED, 0, "the account is disabled"},
    {"credentials-expired", XMPP_EEXPIRED, 0, "the credentials have expired"},
    {"encryption-required", XMPP_EMECH, 0, "no acceptable login mechanism"},
    {"incorrect-encoding", XMPP_ELOGIN, 0, "for another reason"},
    {"invalid-authzid", XMPP_ELOGIN, 0, "for another reason"},
    {"invalid-mechanism", XMPP_EMECH, 0, "no acceptable login mechanism"},
    {"malformed-request", XMPP_ELOGIN, 0, "for another reason"},
    {"mechanism-too-weak", XMPP_EMECH, 0, "no acceptable login mechanism"},
    {"not-authorized", XMPP_EAUTH, 0, "the server refused the credentials"},
    {"temporary-auth-failure", XMPP_EAUTHTEMP, 1,
     "cannot check credentials at present"},
    {"x-of-its-own", XMPP_EAUTH, 0, "the server refused the credentials"},
};

static bool is_of_something_else(int code)
{
    static const int others[] = {
        XMPP_EPROOF,  XMPP_EDOWNGRADE, XMPP_EINJECT,     XMPP_EPOLICY,
        XMPP_ELOST,   XMPP_EEOF,       XMPP_ETIMEOUT,    XMPP_ECONNECT,
        XMPP_ETLS,    XMPP_ECERTNAME,  XMPP_ECERTISSUER, XMPP_ECERTTIME,
        XMPP_ECERTPIN, XMPP_ECERTREVOKED};

    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        if (code == others[i])
            return true;
    return false;
}

/* The failure as the application sees it. */
static void look(struct bed *bed, const struct row *row, const char *way)
{
    const xmpp_failure_t *f = xmpp_conn_get_failure(bed->conn);
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
    ok(strstr(f->message, "sasl: ") == f->message &&
           strstr(f->message, row->message) && strstr(f->message, said),
       "  in words: %s", f->message);
    ok(xmpp_strerror_advice(f->code)[0] != '\0', "  what helps: %s",
       xmpp_strerror_advice(f->code));
}

static void end(struct bed *bed, const struct row *row, const char *way)
{
    bed_until(bed, &bed->downs, 1, row->condition);
    look(bed, row, way);
    bed_peer_done(bed, row->condition);
    bed_free(bed, row->condition);
}

static void by_sasl(const struct row *row)
{
    char failure[300];
    const char *const script[] = {
        "C <stream:stream", "C >", "S " PEER_HEADER PEER_SASL, "C ANONYMOUS",
        failure, "eof", NULL};
    struct bed bed;

    snprintf(failure, sizeof(failure),
             "S <failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><%s/>"
             "<text xml:lang='en'>Call us</text></failure>",
             row->condition);
    bed_make(&bed);
    bed_connect(&bed, script);
    end(&bed, row, "SASL");
}

/* With a condition of the application beside it (XEP-0388 section 2.6.3). */
static void by_sasl2(const struct row *row)
{
    char failure[400];
    const char *const script[] = {
        PEER_TO_TLS, good, "C <stream:stream", "C >",
        "S " PEER_HEADER "<stream:features><authentication "
        "xmlns='urn:xmpp:sasl:2'><mechanism>ANONYMOUS</mechanism>"
        "</authentication></stream:features>",
        "C ANONYMOUS", failure, "eof", NULL};
    struct bed bed;

    snprintf(failure, sizeof(failure),
             "S <failure xmlns='urn:xmpp:sasl:2'>"
             "<%s xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"
             "<locked xmlns='urn:example:reasons'/>"
             "<text>Call us</text></failure>",
             row->condition);
    bed_make_secured(&bed, mint.ca_file);
    bed_connect(&bed, script);
    end(&bed, row, "SASL2");
}

int main(void)
{
    mint_open(&mint);
    mint_files(&mint, &(struct coin){.dns = {"example.org"}}, "good");
    snprintf(good, sizeof(good), "tls %s/good", mint.folder);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        by_sasl(&rows[i]);
        by_sasl2(&rows[i]);
    }
    mint_close(&mint);
    return done_testing();
}
