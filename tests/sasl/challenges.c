/* challenges.c - challenges of SCRAM, lawful and not: nonces, salts,
 * iterations, extensions, and what the server says of its offer and its TLS. */

#include "sasl/scram.h"

#include "sasl/sasl_testbed.h"
#include "tap.h"

#define USUAL "r=fyko1,s=QSXCR+Q6sek8bf92,i=4096"

static const struct {
    const char *name, *challenge;
    int code;
} challenges[] = {
    {"one more character of a nonce", "r=fyko1,s=QSXCR+Q6sek8bf92,i=4096", 0},
    {"the first and the last character of a nonce",
     "r=fyko!~,s=QSXCR+Q6sek8bf92,i=4096", 0},
    {"the least iterations", "r=fyko1,s=QSXCR+Q6sek8bf92,i=4096", 0},
    {"the most iterations", "r=fyko1,s=QSXCR+Q6sek8bf92,i=100000", 0},
    {"a zero in front", "r=fyko1,s=QSXCR+Q6sek8bf92,i=04096", 0},
    {"a salt of one byte", "r=fyko1,s=AA==,i=4096", 0},
    {"an extension", USUAL ",x=y", 0},
    {"several", USUAL ",x=y,z=,d=1", 0},
    {"the server's offer", USUAL ",h=G6k/rBLDqgOhRRaCuuatSDFkJ08=", 0},
    {"its TLS", USUAL ",t=0304", 0},
    {"another offer", USUAL ",h=G6k/rBLDqgOhRRaCuuatSDFkJ09=", XMPP_EDOWNGRADE},
    {"half an offer", USUAL ",h=G6k", XMPP_EDOWNGRADE},
    {"no offer", USUAL ",h=", XMPP_EDOWNGRADE},
    {"another TLS", USUAL ",t=0303", XMPP_EDOWNGRADE},
    {"no TLS", USUAL ",t=", XMPP_EDOWNGRADE},
    {"two offers",
     USUAL ",h=G6k/rBLDqgOhRRaCuuatSDFkJ08=,h=G6k/rBLDqgOhRRaCuuatSDFkJ08=",
     XMPP_ECHALLENGE},
    {"two versions", USUAL ",t=0304,t=0304", XMPP_ECHALLENGE},
    {"nonce of its own", "r=other,s=QSXCR+Q6sek8bf92,i=4096", XMPP_ECHALLENGE},
    {"our nonce only", "r=fyko,s=QSXCR+Q6sek8bf92,i=4096", XMPP_ECHALLENGE},
    {"a space in it", "r=fyko 1,s=QSXCR+Q6sek8bf92,i=4096", XMPP_ECHALLENGE},
    {"DEL in it", "r=fyko\x7f,s=QSXCR+Q6sek8bf92,i=4096", XMPP_ECHALLENGE},
    {"no iterations", "r=fyko1,s=QSXCR+Q6sek8bf92,i=0", XMPP_ECHALLENGE},
    {"few iterations", "r=fyko1,s=QSXCR+Q6sek8bf92,i=4095", XMPP_ECHALLENGE},
    {"many iterations", "r=fyko1,s=QSXCR+Q6sek8bf92,i=100001", XMPP_ECHALLENGE},
    {"overflow", "r=fyko1,s=QSXCR+Q6sek8bf92,i=18446744073709555712",
     XMPP_ECHALLENGE},
    {"negative", "r=fyko1,s=QSXCR+Q6sek8bf92,i=-4096", XMPP_ECHALLENGE},
    {"no salt", "r=fyko1,s=,i=4096", XMPP_ECHALLENGE},
    {"broken salt", "r=fyko1,s=QSXC!,i=4096", XMPP_ECHALLENGE},
    {"extension", "m=x," USUAL, XMPP_ECHALLENGE},
    {"extension behind", USUAL ",m=x", XMPP_ECHALLENGE},
    {"half an extension", USUAL ",x", XMPP_ECHALLENGE},
    {"one without =", USUAL ",xy", XMPP_ECHALLENGE},
    {"a comma behind", USUAL ",", XMPP_ECHALLENGE},
    {"order", "s=QSXCR+Q6sek8bf92,r=fyko1,i=4096", XMPP_ECHALLENGE},
    {"empty", "", XMPP_ECHALLENGE},
};

/* RFC 5802 section 5.1: a mandatory extension is named as the reason. */
static void demands(void)
{
    static const char *const said[] = {"m=x," USUAL, "m="};

    for (size_t i = 0; i < sizeof(said) / sizeof(said[0]); i++) {
        struct sasl_testbed testbed;

        sasl_testbed_make(&testbed);
        sasl_testbed_begin(&testbed, &mechanism_scram_sha1, 'n', BINDING_NONE);
        scram_begin(testbed.sasl, "fyko", &testbed.out);
        testbed.sasl->mechanism->step(testbed.sasl, str_of(said[i]),
                                      &testbed.out);
        ok(strstr(testbed.fault.detail, "demands an extension"), "%s: %s",
           said[i], testbed.fault.detail);
        sasl_testbed_drop(&testbed, "a demand");
    }
}

static void challenged(size_t i)
{
    struct sasl_testbed testbed;
    const struct mechanism *m = &mechanism_scram_sha1;
    int code = challenges[i].code;

    sasl_testbed_make(&testbed);
    sasl_testbed_offer(&testbed, "SCRAM-SHA-1 SCRAM-SHA-1-PLUS",
                       "tls-exporter tls-server-end-point");
    sasl_testbed_begin(&testbed, m, 'n', BINDING_NONE);
    scram_begin(testbed.sasl, "fyko", &testbed.out);
    buf_clear(&testbed.out);
    is_int(m->step(testbed.sasl, str_of(challenges[i].challenge), &testbed.out),
           code, "%s: %s", challenges[i].name, xmpp_strerror_name(code));
    ok((buf_size(&testbed.out) > 0) == (code == 0),
       "  and a proof accordingly");
    sasl_testbed_drop(&testbed, challenges[i].name);
}

/* A salt as long as a challenge may be is lawful; its keys are not kept. */
static void long_salt(void)
{
    static const struct {
        size_t length; /* in base64 */
        const char *end;
        bool is_kept;
    } rows[] = {{4, "", true},
                {171, "=", true}, /* SALT_MOST */
                {172, "", false},
                {60000, "", false}};

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct buf challenge;
        struct sasl_testbed testbed;

        sasl_testbed_make(&testbed);
        sasl_testbed_begin(&testbed, &mechanism_scram_sha256, 'n',
                           BINDING_NONE);
        scram_begin(testbed.sasl, "fyko", &testbed.out);
        buf_init(&challenge, &testbed.env, 100000);
        buf_puts(&challenge, STR("r=fyko1,s="));
        for (size_t k = 0; k < rows[i].length; k++)
            buf_putc(&challenge, 'A');
        buf_puts(&challenge, str_of(rows[i].end));
        buf_puts(&challenge, STR(",i=4096"));
        is_int(testbed.sasl->mechanism->step(testbed.sasl, buf_view(&challenge),
                                             &testbed.out),
               0, "a salt of %zu characters", rows[i].length);
        is_int(testbed.sasl->keys.is_set, rows[i].is_kept,
               "  and whether its keys can be kept");
        buf_free(&challenge);
        sasl_testbed_drop(&testbed, "a salt");
    }
}

static void tls_of_others(void)
{
    static const struct {
        unsigned version;
        const char *said;
        int code;
    } rows[] = {{TLS_1_2, "0303", 0},
                {TLS_1_2, "0304", XMPP_EDOWNGRADE},
                {0, "0304", 0},
                {TLS_1_3, "0304 ", XMPP_EDOWNGRADE}};
    struct sasl_testbed testbed;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char challenge[128];

        sasl_testbed_make(&testbed);
        testbed.channel.version = rows[i].version;
        sasl_testbed_begin(&testbed, &mechanism_scram_sha1, 'n', BINDING_NONE);
        scram_begin(testbed.sasl, "fyko", &testbed.out);
        snprintf(challenge, sizeof(challenge), USUAL ",t=%s", rows[i].said);
        is_int(testbed.sasl->mechanism->step(testbed.sasl, str_of(challenge),
                                             &testbed.out),
               rows[i].code, "TLS %04x here, %s there", rows[i].version,
               rows[i].said);
        sasl_testbed_drop(&testbed, "TLS");
    }
    sasl_testbed_make(&testbed);
    testbed.credentials.channel = NULL;
    sasl_testbed_begin(&testbed, &mechanism_scram_sha1, 'n', BINDING_NONE);
    scram_begin(testbed.sasl, "fyko", &testbed.out);
    is_int(testbed.sasl->mechanism->step(testbed.sasl, STR(USUAL ",t=0304"),
                                         &testbed.out),
           XMPP_EDOWNGRADE, "no TLS here, some there");
    sasl_testbed_drop(&testbed, "no TLS");
}

int main(void)
{
    for (size_t i = 0; i < sizeof(challenges) / sizeof(challenges[0]); i++)
        challenged(i);
    demands();
    long_salt();
    tls_of_others();
    return done_testing();
}
