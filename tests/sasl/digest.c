/* digest.c - DIGEST-MD5 against the numbers of RFC 2831, and against servers
 * that lie. */

#include "sasl/digest.h"

#include "sasl/sasl_testbed.h"
#include "tap.h"

#define NONCE "nonce=\"OA6MG9tEQGm2hh\""
#define CHRIS                                                                  \
    "realm=\"elwood.innosoft.com\"," NONCE                                     \
    ",qop=\"auth\",algorithm=md5-sess,charset=utf-8"

static void begin_digest(struct sasl_testbed *testbed, const char *user)
{
    sasl_testbed_make(testbed);
    testbed->credentials.authcid = str_of(user);
    testbed->credentials.password = STR("secret");
    sasl_testbed_begin(testbed, &mechanism_digest, 'n', BINDING_NONE);
}

static int digest_of_rfc(struct sasl_testbed *testbed)
{
    begin_digest(testbed, "chris");
    return digest_answer(testbed->sasl, STR(CHRIS), "OA6MHXh6VqTrRk",
                         STR("imap/elwood.innosoft.com"), &testbed->out);
}

static void digest(void)
{
    struct sasl_testbed testbed;

    is_int(digest_of_rfc(&testbed), 0, "RFC 2831, section 4");
    sasl_testbed_said(
        &testbed,
        "charset=utf-8,username=\"chris\",realm=\"elwood.innosoft.com\","
        "nonce=\"OA6MG9tEQGm2hh\",nc=00000001,cnonce=\"OA6MHXh6VqTrRk\","
        "digest-uri=\"imap/elwood.innosoft.com\","
        "response=d388dad90d4bbd760a152321f2143af7,qop=auth",
        "  the client");
    is_int(mechanism_digest.step(
               testbed.sasl, STR("rspauth=ea40f60335c427b5527b84dbabcdfffd"),
               &testbed.out),
           0, "  the server is believed");
    is_int(buf_size(&testbed.out), 0, "  and gets an empty answer");
    is_int(mechanism_digest.success(testbed.sasl, STR_NONE), 0,
           "  then it ends");
    is_int(mechanism_digest.step(testbed.sasl, STR(CHRIS), &testbed.out),
           XMPP_ECHALLENGE, "  a challenge too many");
    sasl_testbed_drop(&testbed, "RFC 2831");

    digest_of_rfc(&testbed);
    is_int(mechanism_digest.success(
               testbed.sasl, STR("rspauth=ea40f60335c427b5527b84dbabcdfffd")),
           0, "the proof may come with the success");
    sasl_testbed_drop(&testbed, "RFC 2831");
}

static void digest_unproven(void)
{
    static const char *const said[] = {
        "rspauth=ea40f60335c427b5527b84dbabcdfffe", "rspauth=", "", NULL};
    struct sasl_testbed early;

    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
        struct sasl_testbed testbed;

        digest_of_rfc(&testbed);
        is_int(mechanism_digest.success(testbed.sasl, str_of(said[i])),
               XMPP_EPROOF, "a success with %s is not believed",
               said[i] ? said[i] : "nothing");
        sasl_testbed_drop(&testbed, "unproven");
    }
    begin_digest(&early, "chris");
    is_int(mechanism_digest.success(early.sasl, STR_NONE), XMPP_EPROOF,
           "nor one without a challenge");
    sasl_testbed_drop(&early, "at once");
}

static const struct {
    const char *challenge;
    int code;
} digests[] = {
    {NONCE ",algorithm=md5-sess", 0},
    {NONCE ",algorithm=md5-sess,realm=\"a\",realm=\"b\"", 0},
    {NONCE ",algorithm=md5-sess,qop=\"auth\t\"", 0},
    {NONCE ",algorithm=md5-sess,qop=\"\r\n auth \r\n,x\"", 0},
    {NONCE "\r,\nalgorithm=md5-sess\t", 0},
    {NONCE ", algorithm=md5-sess ,\tqop=\"auth-int, auth\",,stale=true", 0},
    {"nonce=\"a\\\"b\\\\c\",algorithm=md5-sess", 0},
    {NONCE ",algorithm=md5-sess,qop=\"auth-int\"", XMPP_ECHALLENGE},
    {NONCE ",algorithm=md5-sess,qop=\"\"", XMPP_ECHALLENGE},
    {NONCE ",algorithm=md5", XMPP_ECHALLENGE},
    {NONCE, XMPP_ECHALLENGE},
    {NONCE "," NONCE ",algorithm=md5-sess", XMPP_ECHALLENGE},
    {NONCE ",algorithm=md5-sess,charset=latin-1", XMPP_ECHALLENGE},
    {"algorithm=md5-sess", XMPP_ECHALLENGE},
    {"nonce=\"\",algorithm=md5-sess", XMPP_ECHALLENGE},
    {"nonce=\"a", XMPP_ECHALLENGE},
    {NONCE ",algorithm=md5-sess,x=\"\\", XMPP_ECHALLENGE},
    {NONCE ",algorithm=md5-sess,=\"x\"", XMPP_ECHALLENGE},
    {NONCE ",algorithm=md5-sess,x", XMPP_ECHALLENGE},
    {"nonce", XMPP_ECHALLENGE},
    {"=", XMPP_ECHALLENGE},
    {"", XMPP_ECHALLENGE},
};

static void digest_challenges(void)
{
    for (size_t i = 0; i < sizeof(digests) / sizeof(digests[0]); i++) {
        struct sasl_testbed testbed;

        begin_digest(&testbed, "a\"\\b");
        is_int(mechanism_digest.step(testbed.sasl, str_of(digests[i].challenge),
                                     &testbed.out),
               digests[i].code, "DIGEST-MD5: %s", digests[i].challenge);
        ok((buf_size(&testbed.out) > 0) == !digests[i].code,
           "  answered accordingly");
        buf_putc(&testbed.out, '\0');
        ok(digests[i].code ||
               strstr(buf_view(&testbed.out).s, "username=\"a\\\"\\\\b\""),
           "  with the name in quotes");
        sasl_testbed_drop(&testbed, "a challenge");
    }
}

/* What is Latin-1 is hashed as Latin-1, anything else as UTF-8. */
static void digest_letters(void)
{
    static const struct {
        const char *password, *response;
    } rows[] = {
        {"\u00e9\u00ff", "response=45208811359bd3e47c5935cddd9ebbc4"},
        {"\u00a3\u00e9", "response=10357c8583987272c0360c30f281e33c"},
        {"\u0100a", "response=417321fc0c46a5affda3baa04119d4e9"},
        {"\u20ac", "response=b17b42551a7539a668553c55d494c2fd"},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sasl_testbed testbed;

        begin_digest(&testbed, "chris");
        testbed.credentials.password = str_of(rows[i].password);
        is_int(digest_answer(testbed.sasl, STR(CHRIS), "OA6MHXh6VqTrRk",
                             STR("imap/elwood.innosoft.com"), &testbed.out),
               0, "letters %zu", i);
        buf_putc(&testbed.out, '\0');
        ok(strstr(buf_view(&testbed.out).s, rows[i].response), "  %s",
           rows[i].response);
        sasl_testbed_drop(&testbed, "letters");
    }
}

static void digest_fails(void)
{
    unsigned long n = 0;
    bool failed = true;

    while (failed) {
        struct sasl_testbed testbed;
        int rc;

        begin_digest(&testbed, "chris");
        failmem_arm(&testbed.memory, ++n, 0);
        rc = mechanism_digest.step(
            testbed.sasl, STR(NONCE ",algorithm=md5-sess"), &testbed.out);
        failed = testbed.memory.failed > 0;
        if (failed && rc == 0 && !testbed.out.failed)
            ok(false, "allocation %lu failed unnoticed", n);
        sasl_testbed_drop(&testbed, "failing memory");
    }
    ok(n > 5, "each of %lu allocations failed", n - 1);
}

/* Without a realm it is the domain that we want to reach (section 2.1.1). */
static void without_realm(void)
{
    struct sasl_testbed testbed;

    begin_digest(&testbed, "chris");
    is_int(digest_answer(testbed.sasl, STR(NONCE ",algorithm=md5-sess"),
                         "OA6MHXh6VqTrRk", STR("imap/elwood.innosoft.com"),
                         &testbed.out),
           0, "without a realm");
    sasl_testbed_said(
        &testbed,
        "username=\"chris\",realm=\"example.com\","
        "nonce=\"OA6MG9tEQGm2hh\",nc=00000001,cnonce=\"OA6MHXh6VqTrRk\","
        "digest-uri=\"imap/elwood.innosoft.com\","
        "response=12eba1a6fa2ad9bb789268b9263ca4ac,qop=auth",
        "  it is our domain");
    sasl_testbed_drop(&testbed, "without a realm");
}

/* The service is xmpp at our domain, and no two nonces of ours are the same. */
static void of_its_own(void)
{
    char cnonces[2][64];

    for (int i = 0; i < 2; i++) {
        struct sasl_testbed testbed;
        const char *at;

        begin_digest(&testbed, "chris");
        mechanism_digest.step(testbed.sasl, STR(CHRIS), &testbed.out);
        buf_putc(&testbed.out, '\0');
        ok(strstr(buf_view(&testbed.out).s, "digest-uri=\"xmpp/example.com\""),
           "the service");
        at = strstr(buf_view(&testbed.out).s, "cnonce=\"");
        if (!at || sscanf(at, "cnonce=\"%63[^\"]", cnonces[i]) != 1)
            bail("no nonce");
        is_int(strlen(cnonces[i]), 32, "a nonce of 24 octets");
        sasl_testbed_drop(&testbed, "of its own");
    }
    ok(strcmp(cnonces[0], cnonces[1]) != 0, "and each is new");
}

/* RFC 2831 section 7.1: spaces may stand behind the proof. */
static void proof_and_spaces(void)
{
    struct sasl_testbed testbed;

    digest_of_rfc(&testbed);
    is_int(
        mechanism_digest.success(
            testbed.sasl, STR("rspauth=ea40f60335c427b5527b84dbabcdfffd \r\n")),
        0, "a proof with spaces behind it");
    sasl_testbed_drop(&testbed, "spaces");
    digest_of_rfc(&testbed);
    is_int(mechanism_digest.success(testbed.sasl, STR(" \t")), XMPP_EPROOF,
           "spaces alone");
    sasl_testbed_drop(&testbed, "spaces");
}

/* A password in Latin-1 is hashed character by character. What that outgrows is
 * wiped. */
static void wipes(void)
{
    static const char *const secrets[] = {"\xe9\xe9\xe9\xe9", NULL};
    static char password[2001];
    struct sasl_testbed testbed;

    for (size_t i = 0; i + 2 < sizeof(password); i += 2)
        memcpy(password + i, "\u00e9", 2);
    begin_digest(&testbed, "chris");
    testbed.credentials.password = str_of(password);
    testbed.memory.secrets = secrets;
    is_int(mechanism_digest.step(testbed.sasl, STR(CHRIS), &testbed.out), 0,
           "a long password");
    ok(!testbed.memory.spilled, "nothing of it is left in memory");
    sasl_testbed_drop(&testbed, "wipes");
}

int main(void)
{
    digest();
    digest_unproven();
    digest_challenges();
    digest_letters();
    digest_fails();
    without_realm();
    of_its_own();
    proof_and_spaces();
    wipes();
    return done_testing();
}
