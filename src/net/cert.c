/* cert.c - is this certificate the server's? (RFC 6120 section 13.7) */

#include "net/cert.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#define SAN_SIZE 1100     /* a name that is longer cannot be ours */
#define SAN_MOST 1024     /* names that are looked at */

/* ---- one kind of name each -------------------------------------------- */

static bool is_literal(const char *domain)
{
    unsigned char address[16];

    return inet_pton(AF_INET, domain, address) == 1 ||
           inet_pton(AF_INET6, domain, address) == 1;
}

/* One wildcard, and only as the whole leftmost label of at least three. */
static bool is_dns_name(struct str name, const char *domain)
{
    const char *rest = strchr(domain, '.');

    if (is_literal(domain))
        return false;
    if (str_eq_nocase(name, str_of(domain)))
        return true;
    return name.n > 2 && name.s[0] == '*' && name.s[1] == '.' && rest &&
           rest > domain && strchr(rest + 1, '.') &&
           str_eq_nocase(str_n(name.s + 1, name.n - 1), str_of(rest));
}

static bool is_address(struct str name, const char *domain)
{
    unsigned char address[16];

    if (inet_pton(AF_INET, domain, address) == 1)
        return str_eq(name, str_n((char *)address, 4));
    if (inet_pton(AF_INET6, domain, address) == 1)
        return str_eq(name, str_n((char *)address, 16));
    return false;
}

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

/* An XmppAddr is UTF-8 and so need not be in ASCII as our domain is. */
static bool is_xmpp_address(struct str name, const char *domain)
{
    gnutls_datum_t ascii = {NULL, 0};
    bool same;

    if (str_eq_nocase(name, str_of(domain)))
        return true;
    if (gnutls_idna_map(name.s, (unsigned)name.n, &ascii, 0) != 0)
        return false;
    same = str_eq_nocase(str_n((char *)ascii.data, ascii.size), str_of(domain));
    gnutls_free(ascii.data);
    return same;
}

static const struct {
    unsigned type;
    bool (*matches)(struct str name, const char *domain);
} kinds[] = {
    {GNUTLS_SAN_DNSNAME, is_dns_name},
    {GNUTLS_SAN_IPADDRESS, is_address},
    {GNUTLS_SAN_OTHERNAME_SRV, is_service},
    {GNUTLS_SAN_OTHERNAME_XMPP, is_xmpp_address},
};

/* A NUL inside a name is a trick; an address may well contain one. */
static bool matches(unsigned type, struct str name, const char *domain)
{
    if (!name.n ||
        (type != GNUTLS_SAN_IPADDRESS && memchr(name.s, '\0', name.n)))
        return false;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (kinds[i].type == type)
            return kinds[i].matches(name, domain);
    return false;
}

/* The i-th name and its kind; false after the last. Others than ours, and
 * what is too long to be ours, come as an empty name. */
static bool read_name(gnutls_x509_crt_t cert, unsigned i, char *to,
                      struct str *name, unsigned *type)
{
    size_t n = SAN_SIZE;
    int rc = gnutls_x509_crt_get_subject_alt_name(cert, i, to, &n, NULL);

    if (rc == GNUTLS_E_REQUESTED_DATA_NOT_AVAILABLE)
        return false;
    *name = STR_NONE;
    *type = rc < 0 ? 0 : (unsigned)rc;
    if (rc >= 0)
        *name = str_n(to, n);
    return true;
}

bool cert_names(gnutls_x509_crt_t cert, const char *domain)
{
    char text[SAN_SIZE];
    struct str name;
    unsigned type;

    for (unsigned i = 0; i < SAN_MOST; i++) {
        if (!read_name(cert, i, text, &name, &type))
            return false;
        if (matches(type, name, domain))
            return true;
    }
    return false;
}

/* ---- what was wrong --------------------------------------------------- */

static const struct {
    unsigned bit;
    int code;
    const char *text;
} reasons[] = {
    {GNUTLS_CERT_REVOKED, XMPP_ECERT, "it is revoked"},
    {GNUTLS_CERT_SIGNER_NOT_FOUND, XMPP_ECERTISSUER,
     "its issuer is not among the trusted ones"},
    {GNUTLS_CERT_SIGNER_NOT_CA, XMPP_ECERTISSUER,
     "its issuer is not an authority"},
    {GNUTLS_CERT_SIGNATURE_FAILURE, XMPP_ECERT, "its signature is wrong"},
    {GNUTLS_CERT_INSECURE_ALGORITHM, XMPP_ECERT,
     "its algorithm is not secure"},
    {GNUTLS_CERT_EXPIRED, XMPP_ECERTTIME, "it is expired"},
    {GNUTLS_CERT_NOT_ACTIVATED, XMPP_ECERTTIME, "it is not valid yet"},
    {GNUTLS_CERT_PURPOSE_MISMATCH, XMPP_ECERT,
     "it is not meant for a server"},
};

int cert_tell(struct fault *fault, unsigned status, const char *domain)
{
    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
        if (status & reasons[i].bit)
            return fault_set(fault, XMPP_LAYER_TLS, reasons[i].code,
                             "%s: %s", domain, reasons[i].text);
    return fault_set(fault, XMPP_LAYER_TLS, XMPP_ECERT,
                     "%s: it could not be verified (0x%x)", domain, status);
}
