/* cert_facts.c - what a certificate says, in the very words of libstrophe. */

#include "net/cert_facts.h"

#include <ctype.h>

#include <xmpp/error.h>

#include "failmem.h"
#include "net/certmaker.h"
#include "tap.h"

static struct certmaker certmaker;
static struct failmem memory;
static struct env env;

static void read_coin(const struct cert_spec *spec, struct cert_facts *facts)
{
    struct cert_pair pair;
    gnutls_datum_t der;

    *facts = (struct cert_facts){0};
    certmaker_pair(&certmaker, spec, &pair);
    gnutls_x509_crt_export2(pair.cert, GNUTLS_X509_FMT_DER, &der);
    is_int(cert_facts_read(&env, str_n((char *)der.data, der.size), facts), 0,
           "a certificate is read");
    gnutls_free(der.data);
    cert_pair_free(&pair);
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
    read_coin(&(struct cert_spec){.odd = 1}, &facts);
    is_str(facts.elements[XMPP_CERT_SUBJECT], "/CN=test/1.3.6.1.4.1.99999.1=hi",
           "an attribute without a name");
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
    read_coin(&(struct cert_spec){.dns_raw = "a\0b.test", .dns_raw_n = 8},
              &facts);
    is_int(facts.dns_n, 0, "a name with a NUL is none");
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
    elements();
    without_memory();
    certmaker_close(&certmaker);
    return done_testing();
}
