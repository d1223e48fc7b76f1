/* plain.c - what of a password is sent: by PLAIN as it was typed, by SCRAM
 * as SASLprep makes it, where it can. */

#include "sasl/scram.h"

#include "sasl/sasl_testbed.h"
#include "tap.h"

static int start(struct sasl_testbed *testbed, const struct mechanism *m,
                 bool *has_initial)
{
    sasl_testbed_begin(testbed, m, 'n', BINDING_NONE);
    *has_initial = false;
    return m->start(testbed->sasl, &testbed->out, has_initial);
}

/* ---- as they were typed ------------------------------------------ */

static void plain(void)
{
    static const struct {
        const char *user, *password;
        int rc;
        const char *said;
        size_t n;
    } rows[] = {
        {"tim", "tanstaaftanstaaf", 0, "\0tim\0tanstaaftanstaaf", 21},
        {"I\u00adX", "\u2168", 0, "\0I\u00adX\0\u2168", 9},
        {"u", "\ta\x07 ", 0, "\0u\0\ta\x07 ", 7},
        {"u",
         "\u0627"
         "1a",
         0,
         "\0u\0\u0627"
         "1a",
         7},
        {"u", "\u00ad", 0, "\0u\0\u00ad", 5},
        {"u", "", XMPP_ECRED, "", 0},
        {"u", "a\xff", XMPP_ECRED, "", 0},
        {"u", NULL, SASL_NEEDS_PASSWORD, "", 0},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct sasl_testbed testbed;
        bool has_initial;

        sasl_testbed_make(&testbed);
        testbed.credentials.authcid = str_of(rows[i].user);
        testbed.credentials.password = str_of(rows[i].password);
        testbed.credentials.can_get_password = true;
        is_int(start(&testbed, &mechanism_plain, &has_initial), rows[i].rc,
               "PLAIN, row %zu", i);
        is_mem(buf_view(&testbed.out).s, buf_size(&testbed.out), rows[i].said,
               rows[i].n, "  says so");
        is_int(has_initial, rows[i].rc == 0, "  at once");
        sasl_testbed_drop(&testbed, "PLAIN");
    }
}

/* Who the account acts for stands in front (RFC 4616 section 2, RFC 4422
 * appendix A). */
static void acts_for(void)
{
    bool has_initial;
    struct sasl_testbed testbed;

    sasl_testbed_make(&testbed);
    testbed.credentials.authzid = STR("juliet@example.com");
    is_int(start(&testbed, &mechanism_plain, &has_initial), 0, "PLAIN");
    is_mem(buf_view(&testbed.out).s, buf_size(&testbed.out),
           "juliet@example.com\0user\0pencil", 30, "  for another account");
    sasl_testbed_drop(&testbed, "PLAIN");
    sasl_testbed_make(&testbed);
    testbed.credentials.authzid = STR("juliet@example.com");
    is_int(start(&testbed, &mechanism_external, &has_initial), 0, "EXTERNAL");
    sasl_testbed_said(&testbed, "juliet@example.com", "  for another account");
    sasl_testbed_drop(&testbed, "EXTERNAL");
}

/* RFC 4616: a NUL is a separator, so there is none in a password. */
static void plain_nul(void)
{
    bool has_initial;
    struct sasl_testbed testbed;

    sasl_testbed_make(&testbed);
    testbed.credentials.password = str_n("a\0b", 3);
    is_int(start(&testbed, &mechanism_plain, &has_initial), XMPP_ECRED,
           "PLAIN: a NUL");
    is_int(buf_size(&testbed.out), 0, "  is not sent");
    sasl_testbed_drop(&testbed, "a NUL");
}

/* A token may be of any length, as a password and as itself. */
static void long_ones(const struct mechanism *m, size_t n)
{
    static char text[100000];
    bool has_initial;
    struct sasl_testbed testbed;

    memset(text, 'x', n);
    sasl_testbed_make(&testbed);
    testbed.credentials.password = testbed.credentials.oauth_token =
        str_n(text, n);
    is_int(start(&testbed, m, &has_initial), 0, "%s: %zu octets", m->name, n);
    ok(buf_size(&testbed.out) > n && !testbed.out.failed, "  are all sent");
    sasl_testbed_drop(&testbed, "a long token");
}

/* ---- prepared ---------------------------------------------------- */

#define NONCE "fyko+d2lbbFgONRv9qkxdawL"
#define NONCES NONCE "3rfcNHYJY1ZVvWVs7j"

/* RFC 5802's example with another password; the proofs are Python's. */
static void prepares(const char *password, const char *proof)
{
    struct sasl_testbed testbed;
    char final[200];

    sasl_testbed_make(&testbed);
    testbed.credentials.password = str_of(password);
    sasl_testbed_begin(&testbed, &mechanism_scram_sha1, 'n', BINDING_NONE);
    scram_begin(testbed.sasl, NONCE, &testbed.out);
    buf_clear(&testbed.out);
    is_int(mechanism_scram_sha1.step(
               testbed.sasl, STR("r=" NONCES ",s=QSXCR+Q6sek8bf92,i=4096"),
               &testbed.out),
           0, "a password of %zu octets", strlen(password));
    snprintf(final, sizeof(final), "c=biws,r=" NONCES ",p=%s", proof);
    sasl_testbed_said(&testbed, final, "  is proven");
    sasl_testbed_drop(&testbed, "a password");
}

static void prepared(void)
{
    static const char *const rows[][2] = {
        {"pencil", "v0X8v3Bz2T0CJGbJQyF0X+HI4Ts="},
        {"I\u00adX", "LwdhH5xY322gXvSHctonEypmUfA="},
        {"a\tb", "iz7YxXFojpdxvIuTVb/M+Hpmmjo="},
        {"\u05d0"
         "b1",
         "pFiBbetdybk/rUqzyVyl5AW43nU="},
        {"\u00ad", "d8bcd9ZQb0VXXxsxpNzZvtg8NS8="},
    };
    char text[5001] = "";

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        prepares(rows[i][0], rows[i][1]);
    memset(text, 'x', 5000);
    prepares(text, "Q4rkjUVvastvB7dFYEk0UK5WSj8=");
}

int main(void)
{
    plain();
    acts_for();
    plain_nul();
    for (size_t n = 4095; n < 99999; n += 4000) {
        long_ones(&mechanism_plain, n);
        long_ones(&mechanism_bearer, n);
    }
    prepared();
    return done_testing();
}
