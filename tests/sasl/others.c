/* others.c - EXTERNAL, ANONYMOUS, OAUTHBEARER and DIGEST-MD5, and the
 * lines that applications keep. */

#include "sasl/bed.h"
#include "sasl/digest.h"
#include "tap.h"

static int start(struct bed *bed, const struct mechanism *m, bool *has_initial)
{
    bed_begin(bed, m, 'n', BINDING_NONE);
    *has_initial = false;
    return m->start(bed->sasl, &bed->out, has_initial);
}

/* ---- of one message ---------------------------------------------- */

static void short_ones(void)
{
    bool has_initial;
    struct bed bed;

    bed_make(&bed);
    is_int(start(&bed, &mechanism_external, &has_initial), 0, "EXTERNAL");
    ok(has_initial && buf_size(&bed.out) == 0, "  has an empty message");
    is_int(mechanism_external.success(bed.sasl, STR_NONE), 0, "  and ends");
    is_int(mechanism_external.step(bed.sasl, STR("x"), &bed.out),
           XMPP_ECHALLENGE, "  it has no challenges");
    bed_drop(&bed, "EXTERNAL");
    bed_make(&bed);
    is_int(start(&bed, &mechanism_anonymous, &has_initial), 0, "ANONYMOUS");
    ok(!has_initial, "  has no message");
    bed_drop(&bed, "ANONYMOUS");
}

/* ---- tokens ------------------------------------------------------ */

#define TOKEN "vF9dft4qmTc2Nvb3RlckBhbHRhdmlzdGEuY29tCg=="

static void bearer(void)
{
    bool has_initial;
    struct bed bed;

    bed_make(&bed);
    bed.credentials.token = STR(TOKEN);
    bed.credentials.authzid = STR("user@example.com");
    bed.credentials.domain = STR("server.example.com");
    bed.credentials.port = 143;
    is_int(start(&bed, &mechanism_bearer, &has_initial), 0, "RFC 7628");
    bed_said(&bed,
             "n,a=user@example.com,\x01"
             "auth=Bearer " TOKEN
             "\x01host=server.example.com\x01port=143\x01\x01",
             "  section 4.1, the client, in another order");
    is_int(mechanism_bearer.success(bed.sasl, STR_NONE), 0, "  section 4.1");
    bed_drop(&bed, "RFC 7628");

    bed_make(&bed);
    bed.credentials.token = STR(TOKEN);
    is_int(start(&bed, &mechanism_bearer, &has_initial), 0, "without a port");
    bed_said(&bed,
             "n,a=user@example.com,\x01"
             "auth=Bearer " TOKEN "\x01host=example.com\x01\x01",
             "  and as ourselves");
    is_int(mechanism_bearer.step(
               bed.sasl,
               STR("{\"status\":\"invalid_token\","
                   "\"scope\":\"example_scope\","
                   "\"openid-configuration\":\"https://example.com/"
                   ".well-known/openid-configuration\"}"),
               &bed.out),
           0, "  section 4.3: a failure");
    bed_said(&bed, "\x01", "  is answered");
    is_str(bed.sasl->remark, "invalid_token", "  and remembered");
    is_int(mechanism_bearer.success(bed.sasl, STR_NONE), XMPP_ECHALLENGE,
           "  no success is believed then");
    is_int(mechanism_bearer.step(bed.sasl, STR("{}"), &bed.out),
           XMPP_ECHALLENGE, "  nor another challenge");
    bed_drop(&bed, "RFC 7628, failing");
}

static void bad_tokens(void)
{
    static const struct str tokens[] = {
        {"", 0},    {"a b", 3}, {"a\x01z", 3},   {"a\0z", 3},
        {"===", 3}, {"a=b", 3}, {"\xc3\xa9", 2}, {"a,b", 3},
    };

    for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
        struct bed bed;
        bool has_initial;

        bed_make(&bed);
        bed.credentials.token = tokens[i];
        is_int(start(&bed, &mechanism_bearer, &has_initial), XMPP_ECRED,
               "token %zu is none", i);
        is_int(buf_size(&bed.out), 0, "  and is not sent");
        bed_drop(&bed, "a bad token");
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
        struct bed bed;
        bool has_initial;

        bed_make(&bed);
        bed.credentials.token = STR(TOKEN);
        start(&bed, &mechanism_bearer, &has_initial);
        is_int(mechanism_bearer.step(bed.sasl, str_of(rows[i].json), &bed.out),
               0, "%s", rows[i].json);
        ok(strncmp(bed.sasl->remark, rows[i].remark, strlen(rows[i].remark)) ==
                   0 &&
               (rows[i].remark[0] || !bed.sasl->remark[0]),
           "  says: %s", bed.sasl->remark);
        bed_drop(&bed, "JSON");
    }
}

/* ---- digests ----------------------------------------------------- */

#define NONCE "nonce=\"OA6MG9tEQGm2hh\""
#define CHRIS                                                                  \
    "realm=\"elwood.innosoft.com\"," NONCE                                     \
    ",qop=\"auth\",algorithm=md5-sess,charset=utf-8"

static void begin_digest(struct bed *bed, const char *user)
{
    bed_make(bed);
    bed->credentials.authcid = str_of(user);
    bed->credentials.password = STR("secret");
    bed_begin(bed, &mechanism_digest, 'n', BINDING_NONE);
}

static int digest_of_rfc(struct bed *bed)
{
    begin_digest(bed, "chris");
    return digest_answer(bed->sasl, STR(CHRIS), "OA6MHXh6VqTrRk",
                         STR("imap/elwood.innosoft.com"), &bed->out);
}

static void digest(void)
{
    struct bed bed;

    is_int(digest_of_rfc(&bed), 0, "RFC 2831, section 4");
    bed_said(&bed,
             "charset=utf-8,username=\"chris\",realm=\"elwood.innosoft.com\","
             "nonce=\"OA6MG9tEQGm2hh\",nc=00000001,cnonce=\"OA6MHXh6VqTrRk\","
             "digest-uri=\"imap/elwood.innosoft.com\","
             "response=d388dad90d4bbd760a152321f2143af7,qop=auth",
             "  the client");
    is_int(mechanism_digest.step(
               bed.sasl, STR("rspauth=ea40f60335c427b5527b84dbabcdfffd"),
               &bed.out),
           0, "  the server is believed");
    is_int(buf_size(&bed.out), 0, "  and gets an empty answer");
    is_int(mechanism_digest.success(bed.sasl, STR_NONE), 0, "  then it ends");
    is_int(mechanism_digest.step(bed.sasl, STR(CHRIS), &bed.out),
           XMPP_ECHALLENGE, "  a challenge too many");
    bed_drop(&bed, "RFC 2831");

    digest_of_rfc(&bed);
    is_int(mechanism_digest.success(
               bed.sasl, STR("rspauth=ea40f60335c427b5527b84dbabcdfffd")),
           0, "the proof may come with the success");
    bed_drop(&bed, "RFC 2831");
}

static void digest_unproven(void)
{
    static const char *const said[] = {
        "rspauth=ea40f60335c427b5527b84dbabcdfffe", "rspauth=", "", NULL};
    struct bed early;

    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
        struct bed bed;

        digest_of_rfc(&bed);
        is_int(mechanism_digest.success(bed.sasl, str_of(said[i])), XMPP_EPROOF,
               "a success with %s is not believed",
               said[i] ? said[i] : "nothing");
        bed_drop(&bed, "unproven");
    }
    begin_digest(&early, "chris");
    is_int(mechanism_digest.success(early.sasl, STR_NONE), XMPP_EPROOF,
           "nor one without a challenge");
    bed_drop(&early, "at once");
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
        struct bed bed;

        begin_digest(&bed, "a\"\\b");
        is_int(mechanism_digest.step(bed.sasl, str_of(digests[i].challenge),
                                     &bed.out),
               digests[i].code, "DIGEST-MD5: %s", digests[i].challenge);
        ok((buf_size(&bed.out) > 0) == !digests[i].code,
           "  answered accordingly");
        buf_putc(&bed.out, '\0');
        ok(digests[i].code ||
               strstr(buf_view(&bed.out).s, "username=\"a\\\"\\\\b\""),
           "  with the name in quotes");
        bed_drop(&bed, "a challenge");
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
        struct bed bed;

        begin_digest(&bed, "chris");
        bed.credentials.password = str_of(rows[i].password);
        is_int(digest_answer(bed.sasl, STR(CHRIS), "OA6MHXh6VqTrRk",
                             STR("imap/elwood.innosoft.com"), &bed.out),
               0, "letters %zu", i);
        buf_putc(&bed.out, '\0');
        ok(strstr(buf_view(&bed.out).s, rows[i].response), "  %s",
           rows[i].response);
        bed_drop(&bed, "letters");
    }
}

static void digest_fails(void)
{
    unsigned long n = 0;
    bool failed = true;

    while (failed) {
        struct bed bed;
        int rc;

        begin_digest(&bed, "chris");
        failmem_arm(&bed.memory, ++n, 0);
        rc = mechanism_digest.step(bed.sasl, STR(CHRIS), &bed.out);
        failed = bed.memory.failed > 0;
        if (failed && rc == 0 && !bed.out.failed)
            ok(false, "allocation %lu failed unnoticed", n);
        bed_drop(&bed, "failing memory");
    }
    ok(n > 5, "each of %lu allocations failed", n - 1);
}

/* ---- lines ------------------------------------------------------- */

static const struct {
    bool is_good;
    char line[64];
} pin_lines[] = {
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
    for (size_t i = 0; i < sizeof(pin_lines) / sizeof(pin_lines[0]); i++) {
        const char *line = pin_lines[i].line;
        char again[PIN_SIZE];
        struct pin pin;

        is_int(pin_read(&pin, str_of(line)), pin_lines[i].is_good, "pin: %s",
               line);
        if (pin_lines[i].is_good) {
            pin_write(&pin, again, sizeof(again));
            is_str(again, line, "  is written as it was read");
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
    salt_of_keys(SALT_MOST, true);
    salt_of_keys(SALT_MOST + 1, false);
    return done_testing();
}
