/* cert.c - is this certificate the server's? (RFC 6120 section 13.7) */

#include "net/cert.h"

#include <arpa/inet.h>
#include <gnutls/x509-ext.h>
#include <stdio.h>
#include <string.h>

#include "base/quote.h"

#define OID_SAN "2.5.29.17"
#define SAN_MOST 1024 /* names that are looked at */
#define MORE_SIZE 24  /* " and 1023 more" */

/* ---- one kind of name each --------------------------------------- */

static bool is_literal(const char *domain)
{
    unsigned char address[16];

    return inet_pton(AF_INET, domain, address) == 1 ||
           inet_pton(AF_INET6, domain, address) == 1;
}

/* A DNS-ID (RFC 6125 section 6.4). One wildcard is allowed, and only as the
 * whole leftmost label of at least three: "*.org" would name the servers of
 * strangers. */
static bool is_dns_name(struct str name, const char *domain)
{
    const char *rest = strchr(domain, '.');

    if (is_literal(domain)) /* or "*.0.0.1" would name 127.0.0.1 */
        return false;
    if (str_eq_nocase(name, str_of(domain)))
        return true;
    return name.n > 2 && name.s[0] == '*' && name.s[1] == '.' && rest &&
           rest > domain && strchr(rest + 1, '.') &&
           str_eq_nocase(str_n(name.s + 1, name.n - 1), str_of(rest));
}

static bool is_ip_name(struct str name, const char *domain)
{
    unsigned char address[16];

    if (inet_pton(AF_INET, domain, address) == 1)
        return str_eq(name, str_n((char *)address, 4));
    if (inet_pton(AF_INET6, domain, address) == 1)
        return str_eq(name, str_n((char *)address, 16));
    return false;
}

/* An SRV-ID (RFC 4985), in which no wildcard is accepted. */
static bool is_service(struct str name, const char *domain)
{
    static const struct str services[] = {
        {"_xmpp-client.", 13},
        {"_xmpps-client.", 14},
    };

    for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++)
        if (str_starts(name, services[i]) &&
            str_eq_nocase(str_n(name.s + services[i].n, name.n - services[i].n),
                          str_of(domain)))
            return true;
    return false;
}

/* An XmppAddr is UTF-8, while our domain is in ASCII. Ours is converted, not
 * theirs: libidn2 maps and even deletes characters, and what is left could be
 * taken for our name. */
static bool is_xmpp_address(struct str name, const char *domain)
{
    gnutls_datum_t ours = {NULL, 0};
    bool same;

    if (str_eq_nocase(name, str_of(domain)))
        return true;
    if (gnutls_idna_reverse_map(domain, (unsigned)strlen(domain), &ours, 0) !=
        0)
        return false;
    same = str_eq_nocase(str_n((char *)ours.data, ours.size), name);
    gnutls_free(ours.data);
    return same;
}

static const struct {
    unsigned type;
    bool (*matches)(struct str name, const char *domain);
} kinds[] = {
    {GNUTLS_SAN_DNSNAME, is_dns_name},
    {GNUTLS_SAN_IPADDRESS, is_ip_name},
    {GNUTLS_SAN_OTHERNAME_SRV, is_service},
    {GNUTLS_SAN_OTHERNAME_XMPP, is_xmpp_address},
};

/* A NUL inside a name is an attack; an IP address may well contain one. */
static bool matches(void *userdata, unsigned type, struct str name)
{
    const char *domain = userdata;

    if (!name.n ||
        (type != GNUTLS_SAN_IPADDRESS && memchr(name.s, '\0', name.n)))
        return false;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (kinds[i].type == type)
            return kinds[i].matches(name, domain);
    return false;
}

/* ---- all of them ------------------------------------------------- */

typedef bool (*name_use)(void *userdata, unsigned type, struct str name);

/* An otherName is decoded first. */
static bool use_other(const char *oid, const gnutls_datum_t *name, name_use use,
                      void *userdata)
{
    gnutls_datum_t text;
    unsigned type;
    bool good;

    if (gnutls_x509_othername_to_virtual(oid, name, &type, &text) < 0)
        return false;
    good = use(userdata, type, str_n((char *)text.data, text.size));
    gnutls_free(text.data);
    return good;
}

/* Up to the first that is good: true then. */
static bool use_names(gnutls_subject_alt_names_t names, name_use use,
                      void *userdata)
{
    gnutls_datum_t name, oid;
    unsigned type;

    for (unsigned i = 0; i < SAN_MOST; i++) {
        if (gnutls_subject_alt_names_get(names, i, &type, &name, &oid) < 0)
            return false;
        if (type == GNUTLS_SAN_OTHERNAME
                ? use_other((const char *)oid.data, &name, use, userdata)
                : use(userdata, type, str_n((char *)name.data, name.size)))
            return true;
    }
    return false;
}

static bool use_san(const gnutls_datum_t *san, name_use use, void *userdata)
{
    gnutls_subject_alt_names_t names;
    bool good;

    if (gnutls_subject_alt_names_init(&names) < 0)
        return false;
    good = gnutls_x509_ext_import_subject_alt_names(san, names, 0) == 0 &&
           use_names(names, use, userdata);
    gnutls_subject_alt_names_deinit(names);
    return good;
}

static bool use_cert(gnutls_x509_crt_t cert, name_use use, void *userdata)
{
    gnutls_datum_t san;
    bool good;

    if (gnutls_x509_crt_get_extension_by_oid2(cert, OID_SAN, 0, &san, NULL) < 0)
        return false;
    good = use_san(&san, use, userdata);
    gnutls_free(san.data);
    return good;
}

bool cert_san_names(const gnutls_datum_t *san, const char *domain)
{
    return use_san(san, matches, (void *)(uintptr_t)domain);
}

bool cert_names(gnutls_x509_crt_t cert, const char *domain)
{
    return use_cert(cert, matches, (void *)(uintptr_t)domain);
}

/* ---- which names it has ------------------------------------------ */

/* Invariant: a name is in `out` as a whole or not at all, and a NUL follows the
 * last one. */
struct list_of_names {
    char *out;
    size_t size, used;
    unsigned names, left_out;
};

/* A name that does not fit is counted. The result is false, so that use_names()
 * goes on to the last name. */
static bool put_san_name(void *userdata, unsigned type, struct str name)
{
    struct list_of_names *list = userdata;
    char text[INET6_ADDRSTRLEN];
    struct quote said;
    int n;

    if (type == GNUTLS_SAN_IPADDRESS) {
        if ((name.n != 4 && name.n != 16) ||
            !inet_ntop(name.n == 4 ? AF_INET : AF_INET6, name.s, text,
                       sizeof(text)))
            return false;
        name = str_of(text);
    } else if (type != GNUTLS_SAN_DNSNAME && type != GNUTLS_SAN_OTHERNAME_SRV &&
               type != GNUTLS_SAN_OTHERNAME_XMPP) {
        return false;
    }
    n = snprintf(list->out + list->used, list->size - list->used, "%s%s",
                 list->names ? ", " : "", quote(&said, name));
    if (n < 0 || (size_t)n >= list->size - list->used) {
        list->out[list->used] = '\0';
        list->left_out++;
        return false;
    }
    list->used += (size_t)n;
    list->names++;
    return false;
}

void cert_list_names(gnutls_x509_crt_t cert, char *out, size_t size)
{
    /* room is left for the number of those that do not fit */
    struct list_of_names list = {.out = out, .size = size - MORE_SIZE};
    char common[64];
    size_t n = sizeof(common);
    struct quote said;

    use_cert(cert, put_san_name, &list);
    if (list.left_out)
        snprintf(out + list.used, MORE_SIZE, "%s%u more",
                 list.names ? " and " : "", list.left_out);
    else if (list.names)
        return;
    else if (gnutls_x509_crt_get_dn_by_oid(cert, GNUTLS_OID_X520_COMMON_NAME, 0,
                                           0, common, &n) == 0)
        snprintf(out, size, "no domain (the common name \"%s\" is ignored)",
                 quote(&said, str_n(common, n)));
    else
        snprintf(out, size, "no domain");
}

/* ---- pins -------------------------------------------------------- */

/* The pin of a key is the hash of its SubjectPublicKeyInfo, so it survives a
 * new certificate for the same key. */
bool cert_has_pin(gnutls_x509_crt_t cert, const struct tls_pin *pin)
{
    unsigned char hash[TLS_HASH];
    size_t n = sizeof(hash);
    int rc = pin->kind == XMPP_TLS_PIN_KEY
                 ? gnutls_x509_crt_get_key_id(cert, GNUTLS_KEYID_USE_SHA256,
                                              hash, &n)
                 : gnutls_x509_crt_get_fingerprint(cert, GNUTLS_DIG_SHA256,
                                                   hash, &n);

    return rc == 0 && n == TLS_HASH && memcmp(hash, pin->hash, n) == 0;
}

/* ---- what was wrong ---------------------------------------------- */

unsigned cert_reasons(unsigned status)
{
    static const struct {
        unsigned status, reason;
    } rows[] = {
        {GNUTLS_CERT_REVOKED, XMPP_BADCERT_REVOKED},
        {GNUTLS_CERT_SIGNER_NOT_FOUND, XMPP_BADCERT_ISSUER},
        {GNUTLS_CERT_SIGNER_NOT_CA, XMPP_BADCERT_ISSUER},
        {GNUTLS_CERT_SIGNER_CONSTRAINTS_FAILURE, XMPP_BADCERT_ISSUER},
        {GNUTLS_CERT_SIGNATURE_FAILURE, XMPP_BADCERT_SIGNATURE},
        {GNUTLS_CERT_INSECURE_ALGORITHM, XMPP_BADCERT_WEAK},
        {GNUTLS_CERT_EXPIRED, XMPP_BADCERT_EXPIRED},
        {GNUTLS_CERT_NOT_ACTIVATED, XMPP_BADCERT_NOT_YET},
        {GNUTLS_CERT_PURPOSE_MISMATCH, XMPP_BADCERT_PURPOSE},
        {GNUTLS_CERT_REVOCATION_DATA_SUPERSEDED, XMPP_BADCERT_STATUS},
        {GNUTLS_CERT_REVOCATION_DATA_ISSUED_IN_FUTURE, XMPP_BADCERT_STATUS},
        {GNUTLS_CERT_MISSING_OCSP_STATUS, XMPP_BADCERT_STATUS},
        {GNUTLS_CERT_INVALID_OCSP_STATUS, XMPP_BADCERT_STATUS},
    };
    unsigned reasons = 0;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (status & rows[i].status)
            reasons |= rows[i].reason;
    /* a later GnuTLS may have faults that have no row */
    return status && !reasons ? (unsigned)XMPP_BADCERT_OTHER : reasons;
}

/* The first row that applies gives the code of the failure. */
static const struct {
    unsigned bit;
    int code;
    const char *text;
} reason_rows[] = {
#define ROW(bit, name, code, text) {name, code, text},
    XMPP_BADCERT_MAP(ROW)
#undef ROW
};

#define REASONS (sizeof(reason_rows) / sizeof(reason_rows[0]))

void xmpp_badcert_describe(unsigned reasons, char *out, size_t n)
{
    size_t used = 0;

    if (n)
        out[0] = '\0';
    for (size_t i = 0; i < REASONS; i++)
        if (reasons & reason_rows[i].bit && used < n) {
            int more = snprintf(out + used, n - used, "%s%s", used ? "; " : "",
                                reason_rows[i].text);

            used += more > 0 ? (size_t)more : 0;
        }
}

/* Which names it has instead of the one that was expected. */
static void add_names(char *text, size_t size, gnutls_x509_crt_t cert,
                      const char *domain)
{
    char names[140];
    size_t used = strlen(text);

    cert_list_names(cert, names, sizeof(names));
    snprintf(text + used, size - used,
             "%sthe certificate is for %s; expected %s", used ? "; " : "",
             names, domain);
}

/* Who that is. The name is the server's choice. */
static void add_issuer(char *text, size_t size, gnutls_x509_crt_t cert)
{
    char name[64];
    size_t n = sizeof(name), used = strlen(text);
    struct quote said;

    if (gnutls_x509_crt_get_issuer_dn_by_oid(cert, GNUTLS_OID_X520_COMMON_NAME,
                                             0, 0, name, &n) == 0)
        snprintf(text + used, size - used, "%sit was issued by \"%s\"",
                 used ? "; " : "", quote(&said, str_n(name, n)));
}

/* The words about a wrong name have the domain already, so it is put in front
 * only of the others. */
int cert_set_fault(struct fault *fault, unsigned reasons,
                   gnutls_x509_crt_t cert, const char *domain)
{
    unsigned other = reasons & ~(unsigned)XMPP_BADCERT_NAME;
    char text[sizeof(fault->detail)];

    xmpp_badcert_describe(cert ? other : reasons, text, sizeof(text));
    if (cert && reasons & XMPP_BADCERT_ISSUER)
        add_issuer(text, sizeof(text), cert);
    if (cert && reasons & XMPP_BADCERT_NAME)
        add_names(text, sizeof(text), cert, domain);
    for (size_t i = 0; i < REASONS; i++)
        if (reasons & reason_rows[i].bit)
            return fault_set(fault, XMPP_LAYER_TLS, reason_rows[i].code,
                             "%s%s%s", other || !cert ? domain : "",
                             other || !cert ? ": " : "", text);
    return fault_set(fault, XMPP_LAYER_TLS, XMPP_ECERT,
                     "%s: the application rejected it", domain);
}
