/* passwords.c - what of a password is sent: by PLAIN as it was typed, by SCRAM
 * as SASLprep makes it, where it can. */

#include "sasl/scram.h"

#include "sasl/bed.h"
#include "tap.h"

static int start(struct bed *bed, const struct mechanism *m, bool *has_initial)
{
    bed_begin(bed, m, 'n', BINDING_NONE);
    *has_initial = false;
    return m->start(bed->sasl, &bed->out, has_initial);
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
        {"u", NULL, SASL_ASK, "", 0},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct bed bed;
        bool has_initial;

        bed_make(&bed);
        bed.credentials.authcid = str_of(rows[i].user);
        bed.credentials.password = str_of(rows[i].password);
        bed.credentials.can_ask = true;
        is_int(start(&bed, &mechanism_plain, &has_initial), rows[i].rc,
               "PLAIN, row %zu", i);
        is_mem(buf_view(&bed.out).s, buf_size(&bed.out), rows[i].said,
               rows[i].n, "  says so");
        is_int(has_initial, rows[i].rc == 0, "  at once");
        bed_drop(&bed, "PLAIN");
    }
}

/* RFC 4616: a NUL is a separator, so there is none in a password. */
static void plain_nul(void)
{
    bool has_initial;
    struct bed bed;

    bed_make(&bed);
    bed.credentials.password = str_n("a\0b", 3);
    is_int(start(&bed, &mechanism_plain, &has_initial), XMPP_ECRED,
           "PLAIN: a NUL");
    is_int(buf_size(&bed.out), 0, "  is not sent");
    bed_drop(&bed, "a NUL");
}

/* A token may be of any length, as a password and as itself. */
static void long_ones(const struct mechanism *m, size_t n)
{
    static char text[100000];
    bool has_initial;
    struct bed bed;

    memset(text, 'x', n);
    bed_make(&bed);
    bed.credentials.password = bed.credentials.token = str_n(text, n);
    is_int(start(&bed, m, &has_initial), 0, "%s: %zu octets", m->name, n);
    ok(buf_size(&bed.out) > n && !bed.out.failed, "  are all sent");
    bed_drop(&bed, "a long token");
}

/* ---- prepared ---------------------------------------------------- */

#define NONCE "fyko+d2lbbFgONRv9qkxdawL"
#define NONCES NONCE "3rfcNHYJY1ZVvWVs7j"

/* RFC 5802's example with another password; the proofs are Python's. */
static void prepares(const char *password, const char *proof)
{
    struct bed bed;
    char final[200];

    bed_make(&bed);
    bed.credentials.password = str_of(password);
    bed_begin(&bed, &mechanism_scram_sha1, 'n', BINDING_NONE);
    scram_begin(bed.sasl, NONCE, &bed.out);
    buf_clear(&bed.out);
    is_int(
        mechanism_scram_sha1.step(
            bed.sasl, STR("r=" NONCES ",s=QSXCR+Q6sek8bf92,i=4096"), &bed.out),
        0, "a password of %zu octets", strlen(password));
    snprintf(final, sizeof(final), "c=biws,r=" NONCES ",p=%s", proof);
    bed_said(&bed, final, "  is proven");
    bed_drop(&bed, "a password");
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
    plain_nul();
    for (size_t n = 4095; n < 99999; n += 4000) {
        long_ones(&mechanism_plain, n);
        long_ones(&mechanism_bearer, n);
    }
    prepared();
    return done_testing();
}
