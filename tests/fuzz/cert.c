/* cert.c - fuzz target: certificates as a server may send them, and the names
 * in them alone.
 *
 * The first byte tells for which domain, and which of the two it is. */

#include <gnutls/x509.h>
#include <string.h>
#include <strings.h>

#include "fuzz/fuzz.h"
#include "net/cert.h"
#include "net/cert_facts.h"

const char fuzz_corpus[] = "cert";

static const char *const domains[] = {
    "example.org", "im.example.org", "xn--mnchen-3ya.example",
    "192.0.2.1",   "2001:db8::1",    "localhost"};

/* What has to stand in it if it names the domain. */
static const struct {
    const char *bytes;
    size_t n;
} traces[] = {
    {"example.org", 11},     {".example.org", 12},        {".example", 8},
    {"\xc0\x00\x02\x01", 4}, {"\x20\x01\x0d\xb8\x00", 5}, {"localhost", 9}};

/* Beyond ASCII, where characters begin with a byte from C2 on, a name has more
 * spellings than are looked for here. */
static int has_trace(const uint8_t *data, size_t size, size_t which)
{
    size_t n = traces[which].n;

    for (size_t i = 0; i < size; i++)
        if (data[i] >= 0xc2)
            return 1;
    for (size_t i = 0; i + n <= size; i++)
        if (strncasecmp((const char *)data + i, traces[which].bytes, n) == 0 ||
            memcmp(data + i, traces[which].bytes, n) == 0)
            return 1;
    return 0;
}

static int is_plain(const char *s)
{
    if (s)
        while (*s >= ' ' && *s <= '~')
            s++;
    return !s || *s == '\0';
}

static void look(const struct cert_facts *facts)
{
    MUST(facts->pem);
    for (size_t i = 0; i < XMPP_CERT_ELEMENT_MAX; i++)
        MUST(is_plain(facts->elements[i]));
    for (size_t i = 0; i < facts->dns_n; i++)
        MUST(facts->dns[i] && facts->dns[i][0] && is_plain(facts->dns[i]));
    MUST(facts->elements[XMPP_CERT_FINGERPRINT_SHA256]);
    MUST(strlen(facts->elements[XMPP_CERT_FINGERPRINT_SHA256]) == 64);
}

static void whole(const gnutls_datum_t *der, size_t which)
{
    struct cert_facts facts = {0};
    gnutls_x509_crt_t cert;
    struct env env;
    int rc, known;

    env_init(&env, NULL, NULL);
    MUST(gnutls_x509_crt_init(&cert) == 0);
    known = gnutls_x509_crt_import(cert, der, GNUTLS_X509_FMT_DER) == 0;
    if (known && cert_names(cert, domains[which]))
        MUST(has_trace(der->data, der->size, which));
    gnutls_x509_crt_deinit(cert);
    rc = cert_facts_read(&env, str_n((char *)der->data, der->size), &facts);
    MUST(rc == 0 || rc == XMPP_ECERT);
    MUST((rc == 0) == (known != 0));
    if (rc == 0)
        look(&facts);
    cert_facts_free(&env, &facts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const size_t n = sizeof(domains) / sizeof(domains[0]);
    gnutls_datum_t der = {(unsigned char *)(uintptr_t)data + 1,
                          (unsigned)size - 1};

    if (size < 1 || size > 65536)
        return 0;
    if (data[0] & 0x80)
        whole(&der, data[0] % n);
    else if (cert_san_names(&der, domains[data[0] % n]))
        MUST(has_trace(data + 1, size - 1, data[0] % n));
    return 0;
}
