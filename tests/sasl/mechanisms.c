/* mechanisms.c - EXTERNAL, ANONYMOUS and OAUTHBEARER, and the lines that
 * applications keep. */

#include <ctype.h>

#include "sasl/sasl_testbed.h"
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

/* b64token of RFC 6750 section 2.1: each character, and those beside. */
static void token_characters(void)
{
    static const char good[] = "09AZaz-._~+/=";

    for (unsigned c = 0; c < 256; c++) {
        char text[] = {'x', (char)c, c == '=' ? '=' : 'x'}; /* two are it */
        bool is_good = c && (isalnum((int)c) || strchr(good, (int)c));
        struct sasl_testbed testbed;
        bool has_initial;

        sasl_testbed_make(&testbed);
        testbed.credentials.oauth_token = str_n(text, 2);
        if (start(&testbed, &mechanism_bearer, &has_initial) !=
            (is_good ? 0 : XMPP_ECRED))
            ok(false, "a token with the character %u", c);
        sasl_testbed_drop(&testbed, "a token");
    }
    ok(true, "every character");
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
        {"{\"status\":\"no end", ""},
        {"{\"status\": 401 }", ""},
        {"[\"status\", \"401\"]", ""},
        {"{\"scope\":\"status\", \"status\" : \"401\" }", "401"},
        {"{\"a\":{\"status\":\"inside\"}}", ""},
        {"{\"\\u0073tatus\":\"!~\"}", "!~"},
        {"{\"status\":\"!\"}", "!"},
        {"{\"status\":\"401\"} x", ""},
        {"{\"status\":\"two words\"}", ""},
        {"{\"status\":\"a\\u007f\"}", ""},
        {"{\"status\":\"a\\u0020\"}", ""},
        {"{\"status\":\"\"}", ""},
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
        is_str(testbed.sasl->remark, rows[i].remark, "  says");
        sasl_testbed_drop(&testbed, "JSON");
    }
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
    token_characters();
    bad_tokens();
    bad_json();
    pins();
    keys();
    salt_of_keys(1, true);
    salt_of_keys(SALT_MOST, true);
    salt_of_keys(SALT_MOST + 1, false);
    return done_testing();
}
