/* cert_facts.c - the contents of a certificate in the words of libstrophe,
 * which are OpenSSL's: programs parse them. */

#include "net/cert_facts.h"

#include <gnutls/x509.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/code.h"
#include "base/error.h"
#include "net/cert_oid.h"

#define NAME_MOST 1048576 /* bytes of a name, in words */
#define DNS_MOST 1024     /* names that are kept */
#define DNS_SIZE 256      /* a longer one is left out */
#define OID_SIZE 128
#define HASH_MOST 32

/* ---- names ------------------------------------------------------- */

/* One attribute of a name: /CN=example.org, or +UID=x behind its twin. The
 * escapes are those of X509_NAME_oneline(): '/' and '+' would look like the
 * beginning of the next attribute. */
static void put_ava(struct buf *out, const gnutls_x509_ava_st *ava, bool twin)
{
    char oid[OID_SIZE];

    snprintf(oid, sizeof(oid), "%.*s", (int)ava->oid.size,
             (const char *)ava->oid.data);
    buf_putc(out, twin ? '+' : '/');
    buf_puts(out, str_of(cert_oid_attribute(oid)));
    buf_putc(out, '=');
    for (unsigned i = 0; i < ava->value.size; i++) {
        unsigned char c = ava->value.data[i];
        char escaped[8];

        if (c < ' ' || c > '~')
            snprintf(escaped, sizeof(escaped), "\\x%02X", (unsigned)c);
        else
            snprintf(escaped, sizeof(escaped), "%s%c",
                     c == '/' || c == '+' ? "\\" : "", c);
        buf_puts(out, str_of(escaped));
    }
}

static char *name_line(const struct env *env, gnutls_x509_dn_t dn)
{
    gnutls_x509_ava_st ava;
    struct buf out;

    buf_init(&out, env, NAME_MOST);
    for (int i = 0; gnutls_x509_dn_get_rdn_ava(dn, i, 0, &ava) == 0; i++)
        for (int j = 0; gnutls_x509_dn_get_rdn_ava(dn, i, j, &ava) == 0; j++)
            put_ava(&out, &ava, j > 0);
    return buf_take(&out);
}

static char *subject(const struct env *env, gnutls_x509_crt_t cert)
{
    gnutls_x509_dn_t dn;

    return gnutls_x509_crt_get_subject(cert, &dn) ? NULL : name_line(env, dn);
}

static char *issuer(const struct env *env, gnutls_x509_crt_t cert)
{
    gnutls_x509_dn_t dn;

    return gnutls_x509_crt_get_issuer(cert, &dn) ? NULL : name_line(env, dn);
}

/* ---- numbers, times, algorithms ---------------------------------- */

static char *version(const struct env *env, gnutls_x509_crt_t cert)
{
    char text[16];

    snprintf(text, sizeof(text), "%d", gnutls_x509_crt_get_version(cert));
    return env_strdup(env, text);
}

/* The magnitude of a negative number in two's complement. Such serial numbers
 * are forbidden but exist (RFC 5280 section 4.1.2.2). */
static void negate(unsigned char *bytes, size_t n)
{
    unsigned carry = 1;

    while (n--) {
        carry += (unsigned char)~bytes[n];
        bytes[n] = (unsigned char)carry;
        carry >>= 8;
    }
}

static char *serial(const struct env *env, gnutls_x509_crt_t cert)
{
    unsigned char bytes[64];
    char text[2 + 2 * sizeof(bytes)] = "0";
    size_t n = sizeof(bytes), i = 0, at = 0;

    if (gnutls_x509_crt_get_serial(cert, bytes, &n))
        return NULL;
    if (n && bytes[0] & 0x80) {
        text[at++] = '-';
        negate(bytes, n);
    }
    while (i < n && bytes[i] == 0) /* DER has one in front of a high bit */
        i++;
    for (; i < n; i++, at += 2)
        snprintf(text + at, sizeof(text) - at, "%02X", (unsigned)bytes[i]);
    return env_strdup(env, text);
}

/* Not by strftime(): the names of its months depend on the locale. */
static char *moment(const struct env *env, time_t when)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    char text[64];
    struct tm tm;

    if (when == (time_t)-1 || !gmtime_r(&when, &tm))
        return NULL;
    snprintf(text, sizeof(text), "%.3s %2d %02d:%02d:%02d %d GMT",
             months + 3 * tm.tm_mon, tm.tm_mday, tm.tm_hour, tm.tm_min,
             tm.tm_sec, tm.tm_year + 1900);
    return env_strdup(env, text);
}

static char *not_before(const struct env *env, gnutls_x509_crt_t cert)
{
    return moment(env, gnutls_x509_crt_get_activation_time(cert));
}

static char *not_after(const struct env *env, gnutls_x509_crt_t cert)
{
    return moment(env, gnutls_x509_crt_get_expiration_time(cert));
}

static char *algorithm(const struct env *env, gnutls_x509_crt_t cert,
                       int (*get)(gnutls_x509_crt_t, char *, size_t *))
{
    char oid[OID_SIZE];
    size_t n = sizeof(oid);

    return get(cert, oid, &n) < 0 ? NULL
                                  : env_strdup(env, cert_oid_algorithm(oid));
}

static char *key_algorithm(const struct env *env, gnutls_x509_crt_t cert)
{
    return algorithm(env, cert, gnutls_x509_crt_get_pk_oid);
}

static char *signature_algorithm(const struct env *env, gnutls_x509_crt_t cert)
{
    return algorithm(env, cert, gnutls_x509_crt_get_signature_oid);
}

/* ---- hashes ------------------------------------------------------ */

static char *hexed(const struct env *env, int rc, const unsigned char *hash,
                   size_t n)
{
    char text[HEX_SIZE(HASH_MOST)];

    if (rc < 0)
        return NULL;
    hex_encode(text, hash, n);
    return env_strdup(env, text);
}

static char *fingerprint(const struct env *env, gnutls_x509_crt_t cert,
                         gnutls_digest_algorithm_t digest)
{
    unsigned char hash[HASH_MOST];
    size_t n = sizeof(hash);
    int rc = gnutls_x509_crt_get_fingerprint(cert, digest, hash, &n);

    return hexed(env, rc, hash, n);
}

/* libstrophe's programs may show it; nothing is decided by it. */
static char *sha1(const struct env *env, gnutls_x509_crt_t cert)
{
    return fingerprint(env, cert, GNUTLS_DIG_SHA1);
}

static char *sha256(const struct env *env, gnutls_x509_crt_t cert)
{
    return fingerprint(env, cert, GNUTLS_DIG_SHA256);
}

/* The same hash as in cert_has_pin(): programs give it back as a pin. */
static char *key_pin(const struct env *env, gnutls_x509_crt_t cert)
{
    unsigned char hash[HASH_MOST];
    size_t n = sizeof(hash);
    int rc =
        gnutls_x509_crt_get_key_id(cert, GNUTLS_KEYID_USE_SHA256, hash, &n);

    return hexed(env, rc, hash, n);
}

static char *pem(const struct env *env, struct str der)
{
    const gnutls_datum_t data = {(unsigned char *)(uintptr_t)der.s,
                                 (unsigned)der.n};
    gnutls_datum_t text;
    char *copy;

    if (gnutls_pem_base64_encode2("CERTIFICATE", &data, &text) < 0)
        return NULL;
    copy = env_strndup(env, (char *)text.data, text.size);
    gnutls_free(text.data);
    return copy;
}

/* ---- DNS-IDs ----------------------------------------------------- */

/* With a NUL or a space inside, a name could pass for another one where an
 * application compares strings. */
static bool is_printable_name(const char *name, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (name[i] <= ' ' || name[i] > '~')
            return false;
    return n > 0;
}

static int keep_dns(const struct env *env, struct cert_facts *facts,
                    const char *name, size_t n)
{
    char **more =
        env_realloc(env, facts->dns, (facts->dns_n + 1) * sizeof(*more));

    if (!more)
        return XMPP_EMEM;
    facts->dns = more;
    more[facts->dns_n] = env_strndup(env, name, n);
    if (!more[facts->dns_n])
        return XMPP_EMEM;
    facts->dns_n++;
    return 0;
}

static int read_dns(const struct env *env, struct cert_facts *facts,
                    gnutls_x509_crt_t cert)
{
    int rc = 0;

    for (unsigned i = 0; i < DNS_MOST && rc == 0; i++) {
        char name[DNS_SIZE];
        size_t n = sizeof(name);
        int type =
            gnutls_x509_crt_get_subject_alt_name(cert, i, name, &n, NULL);

        if (type == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
            break;
        if (type == GNUTLS_SAN_DNSNAME && is_printable_name(name, n))
            rc = keep_dns(env, facts, name, n);
    }
    return rc;
}

/* ---- all of it --------------------------------------------------- */

static int read_facts(const struct env *env, struct cert_facts *facts,
                      gnutls_x509_crt_t cert, struct str der)
{
    static char *(*const readers[XMPP_CERT_ELEMENT_MAX])(const struct env *,
                                                         gnutls_x509_crt_t) = {
        [XMPP_CERT_VERSION] = version,
        [XMPP_CERT_SERIALNUMBER] = serial,
        [XMPP_CERT_SUBJECT] = subject,
        [XMPP_CERT_ISSUER] = issuer,
        [XMPP_CERT_NOTBEFORE] = not_before,
        [XMPP_CERT_NOTAFTER] = not_after,
        [XMPP_CERT_KEYALG] = key_algorithm,
        [XMPP_CERT_SIGALG] = signature_algorithm,
        [XMPP_CERT_FINGERPRINT_SHA1] = sha1,
        [XMPP_CERT_FINGERPRINT_SHA256] = sha256,
    };

    for (size_t i = 0; i < XMPP_CERT_ELEMENT_MAX; i++)
        facts->elements[i] = readers[i](env, cert);
    facts->pins[XMPP_TLS_PIN_KEY] = key_pin(env, cert);
    facts->pins[XMPP_TLS_PIN_CERT] = sha256(env, cert);
    facts->pem = pem(env, der);
    /* the DER was parsed before, so only memory can be missing */
    return facts->pem ? read_dns(env, facts, cert) : XMPP_EMEM;
}

int cert_facts_read(const struct env *env, struct str der,
                    struct cert_facts *facts)
{
    const gnutls_datum_t data = {(unsigned char *)(uintptr_t)der.s,
                                 (unsigned)der.n};
    gnutls_x509_crt_t cert;
    int rc = XMPP_ECERT;

    if (gnutls_x509_crt_init(&cert) < 0)
        return XMPP_EMEM;
    if (gnutls_x509_crt_import(cert, &data, GNUTLS_X509_FMT_DER) == 0)
        rc = read_facts(env, facts, cert, der);
    gnutls_x509_crt_deinit(cert);
    if (rc)
        cert_facts_free(env, facts);
    return rc;
}

void cert_facts_free(const struct env *env, struct cert_facts *facts)
{
    env_free(env, facts->pem);
    for (size_t i = 0; i < XMPP_CERT_ELEMENT_MAX; i++)
        env_free(env, facts->elements[i]);
    env_free(env, facts->pins[XMPP_TLS_PIN_KEY]);
    env_free(env, facts->pins[XMPP_TLS_PIN_CERT]);
    for (size_t i = 0; i < facts->dns_n; i++)
        env_free(env, facts->dns[i]);
    env_free(env, facts->dns);
    *facts = (struct cert_facts){0};
}
