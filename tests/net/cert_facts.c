/* cert_facts.c - what a certificate says, in the very words of libstrophe. */

#include "net/cert_facts.h"

#include <ctype.h>

#include <xmpp/error.h>

#include "failmem.h"
#include "net/certmaker.h"
#include "tap.h"

#define X8(x) x x x x x x x x
#define X63(x) x x x x x x x X8(x x x x x x x)
#define X64(x) X63(x) x

static struct certmaker certmaker;
static struct failmem memory;
static struct env env;

/* Octets of a certificate that stand in place of as many others: then its
 * signature is wrong, which does not matter here. */
struct patch {
    struct str old, new;
};

static void apply_patch(gnutls_datum_t der, const struct patch *patch)
{
    struct str old = patch->old;

    for (size_t i = 0; i + old.n <= der.size; i++)
        if (memcmp(der.data + i, old.s, old.n) == 0) {
            memcpy(der.data + i, patch->new.s, old.n);
            return;
        }
    bail("a certificate cannot be patched");
}

static void read_patched(const struct cert_spec *spec,
                         const struct patch *patch, struct cert_facts *facts)
{
    struct cert_pair pair;
    gnutls_datum_t der;

    *facts = (struct cert_facts){0};
    certmaker_pair(&certmaker, spec, &pair);
    gnutls_x509_crt_export2(pair.cert, GNUTLS_X509_FMT_DER, &der);
    if (patch)
        apply_patch(der, patch);
    is_int(cert_facts_read(&env, str_n((char *)der.data, der.size), facts), 0,
           "a certificate is read");
    gnutls_free(der.data);
    cert_pair_free(&pair);
}

static void read_coin(const struct cert_spec *spec, struct cert_facts *facts)
{
    read_patched(spec, NULL, facts);
}

/* OpenSSL's X509_NAME_oneline() of the same subjects. */
static void subjects(void)
{
    static const struct {
        const char *name, *want;
    } rows[] = {
        {"CN=example.org,O=Example,C=DE", "/C=DE/O=Example/CN=example.org"},
        {"CN=a/b\\+c", "/CN=a\\/b\\+c"},
        {"CN=M\xc3\xbcnchen", "/CN=M\\xC3\\xBCnchen"},
        {"EMAIL=a@b.test,street=x,ST=y,L=z,OU=u",
         "/OU=u/L=z/ST=y/street=x/emailAddress=a@b.test"},
        {"UID=u,DC=org,serialNumber=s", "/serialNumber=s/DC=org/UID=u"},
    };
    struct cert_facts facts;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        read_coin(&(struct cert_spec){.name = rows[i].name}, &facts);
        is_str(facts.elements[XMPP_CERT_SUBJECT], rows[i].want, "%s",
               rows[i].name);
        is_str(facts.elements[XMPP_CERT_ISSUER], "/CN=a throw-away authority",
               "and its issuer");
        cert_facts_free(&env, &facts);
    }
}

/* The numbers of the OID are its name, as far as there is room for them. */
static void nameless(const char *oid, const char *want)
{
    char subject[300];
    struct cert_facts facts;

    snprintf(subject, sizeof(subject), "/CN=test/%s=hi", want);
    read_coin(&(struct cert_spec){.odd = oid}, &facts);
    is_str(facts.elements[XMPP_CERT_SUBJECT], subject,
           "an attribute without a name");
    cert_facts_free(&env, &facts);
}

static void nameless_attributes(void)
{
    const char longest[] = "1.3.6.1.4.1" X8(".123456789012") ".1.1.1.1.1.1";

    nameless("1.3.6.1.4.1.99999.1", "1.3.6.1.4.1.99999.1");
    nameless(longest, longest);
    nameless("1.3.6.1.4.1" X8(".123456789012") ".1.1.1.1.1.1.1", longest);
}

/* Three attributes of one place, made of three places. */
#define CN "\x06\x03\x55\x04\x03\x13"
#define PLACE(letter) "\x31\x0a\x30\x08" CN "\x01" letter

static void several_in_one_place(void)
{
    const struct patch patch = {.old = STR(PLACE("a") PLACE("b") PLACE("c")),
                                .new = STR("\x31\x22\x30\x0a" CN "\x03"
                                           "abc\x30\x09" CN "\x02"
                                           "de\x30\x09" CN "\x02"
                                           "fg")};
    struct cert_facts facts;

    read_patched(&(struct cert_spec){.name = "CN=c,CN=b,CN=a"}, &patch, &facts);
    is_str(facts.elements[XMPP_CERT_SUBJECT], "/CN=abc+CN=de+CN=fg",
           "three attributes in one place of a name");
    cert_facts_free(&env, &facts);
}

static void no_subject(void)
{
    struct cert_facts facts;

    read_coin(&(struct cert_spec){.name = ""}, &facts);
    is_str(facts.elements[XMPP_CERT_SUBJECT], "", "an empty name");
    cert_facts_free(&env, &facts);
}

/* As OpenSSL's BN_bn2hex() writes them. */
static void serials(void)
{
    const struct {
        struct str octets;
        const char *want;
    } rows[] = {
        {STR("\x01"), "01"},
        {STR("\x7f\x80"), "7F80"},
        {STR("\0\x80"), "80"},
        {STR("\xff"), "-01"},
        {STR("\x80"), "-80"},
        {STR("\x80\0"), "-8000"},
        {STR("\xff\0"), "-0100"},
        {STR("\xfe\xfd\xfc"), "-010204"},
        {STR(X64("\x11")), X64("11")},
        {STR(X64("\x11") "\x11"), NULL},
        {STR(X64("\x91")), "-" X63("6E") "6F"},
    };
    struct cert_facts facts;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        read_coin(
            &(struct cert_spec){.serial_raw = rows[i].octets.s,
                                .serial_raw_n = (unsigned)rows[i].octets.n},
            &facts);
        is_str(facts.elements[XMPP_CERT_SERIALNUMBER], rows[i].want,
               "a serial number of %zu octets", rows[i].octets.n);
        cert_facts_free(&env, &facts);
    }
}

/* GnuTLS makes no certificate with it. */
static void serial_of_zero(void)
{
    const struct patch patch = {STR("\x02\x01\x5a"), STR("\x02\x01\0")};
    struct cert_facts facts;

    read_patched(&(struct cert_spec){.serial_raw = "\x5a", .serial_raw_n = 1},
                 &patch, &facts);
    is_str(facts.elements[XMPP_CERT_SERIALNUMBER], "0", "the number is zero");
    cert_facts_free(&env, &facts);
}

/* Whatever the locale is. */
static void times(void)
{
    static const struct {
        const char *utc, *want;
    } rows[] = {
        {"700101000000Z", "Jan  1 00:00:00 1970 GMT"},
        {"000229235959Z", "Feb 29 23:59:59 2000 GMT"},
        {"260301000000Z", "Mar  1 00:00:00 2026 GMT"},
        {"260430010203Z", "Apr 30 01:02:03 2026 GMT"},
        {"260510000000Z", "May 10 00:00:00 2026 GMT"},
        {"260609000000Z", "Jun  9 00:00:00 2026 GMT"},
        {"260731000000Z", "Jul 31 00:00:00 2026 GMT"},
        {"260801000000Z", "Aug  1 00:00:00 2026 GMT"},
        {"260930000000Z", "Sep 30 00:00:00 2026 GMT"},
        {"371001000000Z", "Oct  1 00:00:00 2037 GMT"}, /* in 32 bits, too */
        {"991130000000Z", "Nov 30 00:00:00 1999 GMT"},
        {"711231000000Z", "Dec 31 00:00:00 1971 GMT"},
    };
    struct cert_facts facts;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct patch patch = {STR("261031054124Z"), str_of(rows[i].utc)};

        read_patched(
            &(struct cert_spec){.from = 1793425284, .until = 1794030084},
            &patch, &facts);
        is_str(facts.elements[XMPP_CERT_NOTBEFORE], rows[i].want, "%s",
               rows[i].utc);
        cert_facts_free(&env, &facts);
    }
}

/* ---- DNS-IDs ----------------------------------------------------- */

/* A name that could pass for another where an application compares. */
static void odd_names(void)
{
    const struct {
        struct str name;
        unsigned want;
    } rows[] = {
        {STR("a.b"), 1},
        {STR("a"), 1},
        {STR("!"), 1},
        {STR("~"), 1},
        {STR(" "), 0},
        {STR(" a"), 0},
        {STR("a "), 0},
        {STR("a\0b.test"), 0},
        {STR("\0a"), 0},
        {STR("a\x7f"), 0},
        {STR("\xc3\xa4.test"), 0},
        {STR("a\nb"), 0},
    };
    struct cert_facts facts;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        read_coin(&(struct cert_spec){.dns_raw = rows[i].name.s,
                                      .dns_raw_n = (unsigned)rows[i].name.n},
                  &facts);
        is_int(facts.dns_n, rows[i].want, "name %zu: %s", i,
               rows[i].want ? "shown" : "not shown");
        cert_facts_free(&env, &facts);
    }
}

static void many_names(unsigned times, size_t want)
{
    struct cert_facts facts;

    read_coin(
        &(struct cert_spec){.dns_raw = "a", .dns_raw_n = 1, .dns_times = times},
        &facts);
    is_int(facts.dns_n, want, "of %u names", times);
    cert_facts_free(&env, &facts);
}

static void long_name(size_t n, size_t want)
{
    char name[300];
    struct cert_facts facts;

    memset(name, 'a', sizeof(name));
    name[n] = '\0';
    read_coin(&(struct cert_spec){.dns = {name, "b"}}, &facts);
    is_int(facts.dns_n, want, "a name of %zu octets, and a short one", n);
    cert_facts_free(&env, &facts);
}

static bool is_hex(const char *s, size_t n)
{
    if (!s || strlen(s) != n)
        return false;
    while (*s && (isdigit((unsigned char)*s) || (*s >= 'a' && *s <= 'f')))
        s++;
    return *s == '\0';
}

static void elements(void)
{
    struct cert_facts facts;
    const struct cert_spec spec = {.dns = {"a.example.org", "b.example.org"},
                                   .xmpp = "example.org",
                                   .serial = 0x0a0b,
                                   .from = 1793425284, /* two digits of a day */
                                   .until = 1794030084}; /* and one */

    read_coin(&spec, &facts);
    is_str(facts.elements[XMPP_CERT_VERSION], "3", "the version");
    is_str(facts.elements[XMPP_CERT_SERIALNUMBER], "010A0B", "the number");
    is_str(facts.elements[XMPP_CERT_NOTBEFORE], "Oct 31 05:41:24 2026 GMT",
           "from");
    is_str(facts.elements[XMPP_CERT_NOTAFTER], "Nov  7 05:41:24 2026 GMT",
           "until");
    is_str(facts.elements[XMPP_CERT_KEYALG], "id-ecPublicKey", "the key");
    is_str(facts.elements[XMPP_CERT_SIGALG], "ecdsa-with-SHA256",
           "the signature");
    ok(is_hex(facts.elements[XMPP_CERT_FINGERPRINT_SHA1], 40), "SHA-1");
    ok(is_hex(facts.elements[XMPP_CERT_FINGERPRINT_SHA256], 64), "SHA-256");
    ok(is_hex(facts.pins[XMPP_TLS_PIN_KEY], 64), "a pin of the key");
    is_str(facts.pins[XMPP_TLS_PIN_CERT],
           facts.elements[XMPP_CERT_FINGERPRINT_SHA256], "and of all");
    is_int(facts.dns_n, 2, "two names");
    is_str(facts.dns[0], "a.example.org", "the first");
    is_str(facts.dns[1], "b.example.org", "the second");
    ok(!strncmp(facts.pem, "-----BEGIN CERTIFICATE-----\n", 28) &&
           strstr(facts.pem, "\n-----END CERTIFICATE-----\n"),
       "PEM");
    cert_facts_free(&env, &facts);
    read_coin(&(struct cert_spec){.rsa = 2048, .self = 1}, &facts);
    is_str(facts.elements[XMPP_CERT_KEYALG], "rsaEncryption", "an RSA key");
    is_str(facts.elements[XMPP_CERT_SIGALG], "sha256WithRSAEncryption",
           "and its signature");
    cert_facts_free(&env, &facts);
}

static void without_memory(void)
{
    struct cert_pair pair;
    struct cert_facts facts = {0};
    gnutls_datum_t der;
    unsigned long n = 0;
    int rc = XMPP_EMEM;

    certmaker_pair(&certmaker, &(struct cert_spec){.dns = {"a.test", "b.test"}},
                   &pair);
    gnutls_x509_crt_export2(pair.cert, GNUTLS_X509_FMT_DER, &der);
    while (rc == XMPP_EMEM && n < 1000) {
        failmem_arm(&memory, ++n, 1);
        rc = cert_facts_read(&env, str_n((char *)der.data, der.size), &facts);
        if (rc == XMPP_EMEM && memory.held)
            break;
    }
    failmem_arm(&memory, 0, 0);
    ok(rc == 0 && n > 10, "memory was out %lu times", n);
    cert_facts_free(&env, &facts);
    is_int(memory.held, 0, "and is never kept");
    is_int(cert_facts_read(&env, str_n((char *)der.data, 40), &facts),
           XMPP_ECERT, "half of it is none");
    gnutls_free(der.data);
    cert_pair_free(&pair);
}

int main(void)
{
    failmem_init(&memory);
    env_init(&env, &memory.mem, NULL);
    certmaker_open(&certmaker);
    subjects();
    nameless_attributes();
    several_in_one_place();
    no_subject();
    serials();
    serial_of_zero();
    times();
    elements();
    odd_names();
    many_names(1024, 1024);
    many_names(1025, 1024);
    long_name(255, 2);
    long_name(256, 1);
    without_memory();
    certmaker_close(&certmaker);
    return done_testing();
}
