/* mechanisms.c - EXTERNAL, ANONYMOUS, OAUTHBEARER and DIGEST-MD5, and the
 * lines that applications keep. */

#include "sasl/sasl_testbed.h"
#include "sasl/digest.h"
#include "tap.h"

static int start(struct sasl_testbed *testbed, const struct mechanism *m,
                 bool *has_initial)
{
    sasl_testbed_begin(testbed, m, 'n', BINDING_NONE);
    *has_initial = false;
    return m->start(testbed->sasl, &testbed->out, has_initial);
}

/* ---- of one message ---------------------------------------------- */

static void short_ones(void)
{
    bool has_initial;
    struct sasl_testbed testbed;

    sasl_testbed_make(&testbed);
    is_int(start(&testbed, &mechanism_external, &has_initial), 0, "EXTERNAL");
    ok(has_initial && buf_size(&testbed.out) == 0, "  has an empty message");
    is_int(mechanism_external.success(testbed.sasl, STR_NONE), 0, "  and ends");
    is_int(mechanism_external.step(testbed.sasl, STR("x"), &testbed.out),
           XMPP_ECHALLENGE, "  it has no challenges");
    sasl_testbed_drop(&testbed, "EXTERNAL");
    sasl_testbed_make(&testbed);
    is_int(start(&testbed, &mechanism_anonymous, &has_initial), 0, "ANONYMOUS");
    ok(!has_initial, "  has no message");
    sasl_testbed_drop(&testbed, "ANONYMOUS");
}

/* ---- tokens ------------------------------------------------------ */

#define TOKEN "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg=="

static void bearer(void)
{
    bool has_initial;
    struct sasl_testbed testbed;

    sasl_testbed_make(&testbed);
    testbed.credentials.oauth_token = STR(TOKEN);
    testbed.credentials.authzid = STR("user@example.com");
    testbed.credentials.domain = STR("server.example.com");
    testbed.credentials.port = 143;
    is_int(start(&testbed, &mechanism_bearer, &has_initial), 0, "RFC 7628");
    sasl_testbed_said(&testbed,
                      "n,a=user@example.com,\x01"
                      "auth=Bearer " TOKEN
                      "\x01host=server.example.com\x01port=143\x01\x01",
                      "  section 4.1, the client, in another order");
    is_int(mechanism_bearer.success(testbed.sasl, STR_NONE), 0,
           "  section 4.1");
    sasl_testbed_drop(&testbed, "RFC 7628");

    sasl_testbed_make(&testbed);
    testbed.credentials.oauth_token = STR(TOKEN);
    is_int(start(&testbed, &mechanism_bearer, &has_initial), 0,
           "without a port");
    sasl_testbed_said(&testbed,
                      "n,a=user@example.com,\x01"
                      "auth=Bearer " TOKEN "\x01host=example.com\x01\x01",
                      "  and as ourselves");
    is_int(mechanism_bearer.step(
               testbed.sasl,
               STR("{\"status\":\"invalid_token\","
                   "\"scope\":\"example_scope\","
                   "\"openid-configuration\":\"https://example.com/"
                   ".well-known/openid-configuration\"}"),
               &testbed.out),
           0, "  section 4.3: a failure");
    sasl_testbed_said(&testbed, "\x01", "  is answered");
    is_str(testbed.sasl->remark, "invalid_token", "  and remembered");
    is_int(mechanism_bearer.success(testbed.sasl, STR_NONE), XMPP_ECHALLENGE,
           "  no success is believed then");
    is_int(mechanism_bearer.step(testbed.sasl, STR("{}"), &testbed.out),
           XMPP_ECHALLENGE, "  nor another challenge");
    sasl_testbed_drop(&testbed, "RFC 7628, failing");
}

static void bad_tokens(void)
{
    static const struct str tokens[] = {
        {"", 0},    {"a b", 3}, {"a\x01z", 3},   {"a\0z", 3},
        {"===", 3}, {"a=b", 3}, {"\xc3\xa9", 2}, {"a,b", 3},
    };

    for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
        struct sasl_testbed testbed;
        bool has_initial;

        sasl_testbed_make(&testbed);
        testbed.credentials.oauth_token = tokens[i];
        is_int(start(&testbed, &mechanism_bearer, &has_initial), XMPP_ECRED,
               "token %zu is none", i);
        is_int(buf_size(&testbed.out), 0, "  and is not sent");
        sasl_testbed_drop(&testbed, "a bad token");
    }
}

static void bad_json(void)
{
    static const struct {
        const char *json, *remark;
    } rows[] = {
        {"", ""},
        {"{\"status\"", ""},
        {"{\"status\":", ""},
        {"{\"status\": \"401\" }", "401"},
        {"{\"status\":\"a\x01z\"}", ""},
        {"{\"status\":\"no-end", "no-end"},
        {"{\"status\":\"no end", ""},
        {"\x01", ""},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sasl_testbed testbed;
        bool has_initial;

        sasl_testbed_make(&testbed);
        testbed.credentials.oauth_token = STR(TOKEN);
        start(&testbed, &mechanism_bearer, &has_initial);
        is_int(mechanism_bearer.step(testbed.sasl, str_of(rows[i].json),
                                     &testbed.out),
               0, "%s", rows[i].json);
        ok(strncmp(testbed.sasl->remark, rows[i].remark,
                   strlen(rows[i].remark)) == 0 &&
               (rows[i].remark[0] || !testbed.sasl->remark[0]),
           "  says: %s", testbed.sasl->remark);
        sasl_testbed_drop(&testbed, "JSON");
    }
}

/* ---- digests ----------------------------------------------------- */

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
        rc = mechanism_digest.step(testbed.sasl, STR(CHRIS), &testbed.out);
        failed = testbed.memory.failed > 0;
        if (failed && rc == 0 && !testbed.out.failed)
            ok(false, "allocation %lu failed unnoticed", n);
        sasl_testbed_drop(&testbed, "failing memory");
    }
    ok(n > 5, "each of %lu allocations failed", n - 1);
}

/* ---- lines ------------------------------------------------------- */

static const struct {
    bool is_good;
    char line[64];
} strength_lines[] = {
    {true, "1 SCRAM-SHA-512-PLUS tls-server-end-point"},
    {true, "1 SCRAM-SHA-1 -"},
    {true, "1 EXTERNAL -"},
    {false, ""},
    {false, "1"},
    {false, "2 SCRAM-SHA-1 -"},
    {false, "1 SCRAM-SHA-1"},
    {false, "1 SCRAM-SHA-7 -"},
    {false, "1 SCRAM-SHA-1 tls-humbug"},
    {false, "1 SCRAM-SHA-1 - x"},
};

static void pins(void)
{
    for (size_t i = 0; i < sizeof(strength_lines) / sizeof(strength_lines[0]);
         i++) {
        const char *line = strength_lines[i].line;
        char again[STRENGTH_SIZE];
        struct strength strength;

        is_int(strength_read(&strength, str_of(line)),
               strength_lines[i].is_good, "strength: %s", line);
        if (strength_lines[i].is_good) {
            strength_write(&strength, again, sizeof(again));
            is_str(again, line, "  is written as it was read");
            ok(!strength.is_set, "  and is not taken for the application's");
        }
    }
}

#define SHA1_KEY "AAAAAAAAAAAAAAAAAAAAAAAAAAA="

static const struct {
    bool is_good;
    char line[128];
} key_lines[] = {
    {true, "1 SCRAM-SHA-1 4096 QSXCR+Q6sek8bf92 " SHA1_KEY " " SHA1_KEY},
    {false, ""},
    {false, "2 SCRAM-SHA-1 4096 QSXC " SHA1_KEY " " SHA1_KEY},
    {false, "1 SCRAM-SHA-9 4096 QSXC " SHA1_KEY " " SHA1_KEY},
    {false, "1 SCRAM-SHA-256 4096 QSXC " SHA1_KEY " " SHA1_KEY},
    {false, "1 SCRAM-SHA-1 x QSXC " SHA1_KEY " " SHA1_KEY},
    {false, "1 SCRAM-SHA-1 99999999999 QSXC " SHA1_KEY " " SHA1_KEY},
    {false, "1 SCRAM-SHA-1 4096 *** " SHA1_KEY " " SHA1_KEY},
    {false, "1 SCRAM-SHA-1 4096 QSXC " SHA1_KEY},
    {false, "1 SCRAM-SHA-1 4096 QSXC " SHA1_KEY " AAAA"},
    {false, "1 SCRAM-SHA-1 4096 QSXC " SHA1_KEY " " SHA1_KEY " x"},
};

static void keys(void)
{
    for (size_t i = 0; i < sizeof(key_lines) / sizeof(key_lines[0]); i++) {
        const char *line = key_lines[i].line;
        char again[KEYS_SIZE];
        struct scram_keys k;

        is_int(keys_read(&k, str_of(line)), key_lines[i].is_good, "keys: %s",
               line);
        if (key_lines[i].is_good) {
            keys_write(&k, again, sizeof(again));
            is_str(again, line, "  are written as they were read");
        }
    }
}

static void salt_of_keys(size_t bytes, bool is_good)
{
    char line[KEYS_SIZE] = "1 SCRAM-SHA-1 4096 ";

    for (size_t i = 0; i < bytes / 3; i++)
        strcat(line, "AAAA");
    strcat(line, bytes % 3 == 2 ? "AAA= " : bytes % 3 ? "AA== " : " ");
    strcat(line, SHA1_KEY " " SHA1_KEY);
    is_int(keys_read(&(struct scram_keys){0}, str_of(line)), is_good,
           "keys with a salt of %zu bytes", bytes);
}

int main(void)
{
    short_ones();
    bearer();
    bad_tokens();
    bad_json();
    digest();
    digest_unproven();
    digest_challenges();
    digest_letters();
    digest_fails();
    pins();
    keys();
    salt_of_keys(1, true);
    salt_of_keys(SALT_MOST, true);
    salt_of_keys(SALT_MOST + 1, false);
    return done_testing();
}
