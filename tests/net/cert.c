/* cert.c - which certificates are a server's, and which are not. */

#include "net/cert.h"

#include <gnutls/x509-ext.h>

#include "net/certmaker.h"
#include "tap.h"

static struct certmaker certmaker;

static void names(const struct cert_spec *spec, const char *domain, bool want,
                  const char *what)
{
    gnutls_x509_crt_t cert;
    gnutls_x509_privkey_t key;

    certmaker_issue(&certmaker, spec, &cert, &key);
    ok(cert_names(cert, domain) == want, "%s %s %s", what,
       want ? "names" : "does not name", domain);
    gnutls_x509_crt_deinit(cert);
    gnutls_x509_privkey_deinit(key);
}

static void dns_ids(void)
{
    static const struct {
        const char *name, *domain;
        bool want;
    } rows[] = {
        {"example.org", "example.org", true},
        {"EXAMPLE.org", "example.ORG", true},
        {"example.org", "example.com", false},
        {"example.org", "im.example.org", false},
        {"im.example.org", "example.org", false},
        {"example.org.evil.test", "example.org", false},
        {"*.example.org", "im.example.org", true},
        {"*.example.org", "IM.EXAMPLE.ORG", true},
        {"*.example.org", "example.org", false},
        {"*.example.org", "a.b.example.org", false},
        {"*.example.org", ".example.org", false},
        {"i*.example.org", "im.example.org", false},
        {"*m.example.org", "im.example.org", false},
        {"im.*.org", "im.example.org", false},
        {"*.*.org", "im.example.org", false},
        {"*.org", "example.org", false},
        {"*", "localhost", false},
        {"*", "example.org", false},
        {"xn--mnchen-3ya.example", "xn--mnchen-3ya.example", true},
        {"192.0.2.1", "192.0.2.1", false},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct cert_spec spec = {.dns = {rows[i].name}};

        names(&spec, rows[i].domain, rows[i].want, rows[i].name);
    }
}

static void other_names(void)
{
    names(&(struct cert_spec){.dns = {"a.test", "b.test", "c.test", "d.test"}},
          "d.test", true, "the last of four");
    names(&(struct cert_spec){.common = "example.org"}, "example.org", false,
          "a common name");
    names(&(struct cert_spec){.dns_raw = "example.org\0.evil.test",
                              .dns_raw_n = 22},
          "example.org", false, "a name with a NUL");
    names(&(struct cert_spec){.srv = "_xmpp-client.example.org"}, "example.org",
          true, "an SRV-ID");
    names(&(struct cert_spec){.srv = "_xmpps-client.example.org"},
          "example.org", true, "an SRV-ID of direct TLS");
    names(&(struct cert_spec){.srv = "_xmpp-server.example.org"}, "example.org",
          false, "an SRV-ID for servers");
    names(&(struct cert_spec){.srv = "_imap.example.org"}, "example.org", false,
          "an SRV-ID for mail");
    names(&(struct cert_spec){.xmpp = "example.org"}, "example.org", true,
          "an XmppAddr");
    names(&(struct cert_spec){.xmpp = "m\xc3\xbcnchen.example"},
          "xn--mnchen-3ya.example", true, "an XmppAddr in Unicode");
    names(&(struct cert_spec){.xmpp = "ex\xef\xbc\xa0"
                                      "ample.org"},
          "example.org", false, "an XmppAddr that libidn2 takes a letter from");
    names(&(struct cert_spec){.xmpp = "\xe2\x93\x94xample.org"}, "example.org",
          false, "or turns into letters");
    names(&(struct cert_spec){.xmpp = "romeo@example.org"}, "example.org",
          false, "an XmppAddr of a user");
    names(&(struct cert_spec){.address = "192.0.2.1"}, "192.0.2.1", true,
          "an address");
    names(&(struct cert_spec){.address = "192.0.2.1"}, "192.0.2.2", false,
          "an address");
    names(&(struct cert_spec){.address = "192.0.2.1"}, "example.org", false,
          "an address");
    names(&(struct cert_spec){.xmpp = "example.org"}, "xn--\x7f.example", false,
          "an XmppAddr, beside a domain that is not valid,");
}

/* Ours is the n-th of so many names. */
static bool names_at(unsigned n)
{
    gnutls_subject_alt_names_t names;
    gnutls_datum_t bytes;
    bool found;

    gnutls_subject_alt_names_init(&names);
    for (unsigned i = 1; i <= n; i++) {
        char text[] = "a.example";
        gnutls_datum_t name = {(unsigned char *)text, sizeof(text) - 1};
        gnutls_datum_t ours = {(unsigned char *)(uintptr_t) "example.org", 11};

        gnutls_subject_alt_names_set(names, GNUTLS_SAN_DNSNAME,
                                     i == n ? &ours : &name, NULL);
    }
    gnutls_x509_ext_export_subject_alt_names(names, &bytes);
    found = cert_san_names(&bytes, "example.org");
    gnutls_free(bytes.data);
    gnutls_subject_alt_names_deinit(names);
    return found;
}

/* An otherName of a kind that nobody knows, and what is not even DER. */
static void strange_name(void)
{
    static const struct {
        const char *oid, *der;
    } rows[] = {{"1.3.6.1.4.1.311.20.2.3", "\x0c\x02xy"},
                {"1.3.6.1.4.1.311.20.2.3", "\x0c\x7fxy"},
                {"1.3.6.1.5.5.7.8.7", "\x0c\x7fxy"},  /* SRV-ID */
                {"1.3.6.1.5.5.7.8.5", "\x0c\x7fxy"}}; /* XmppAddr */

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        gnutls_datum_t name = {(unsigned char *)(uintptr_t)rows[i].der, 4};
        gnutls_subject_alt_names_t names;
        gnutls_datum_t bytes;

        gnutls_subject_alt_names_init(&names);
        gnutls_subject_alt_names_set(names, GNUTLS_SAN_OTHERNAME, &name,
                                     rows[i].oid);
        if (gnutls_x509_ext_export_subject_alt_names(names, &bytes))
            bail("no names");
        ok(!cert_san_names(&bytes, "example.org"), "a name of kind %s",
           rows[i].oid);
        gnutls_free(bytes.data);
        gnutls_subject_alt_names_deinit(names);
    }
}

/* A fault has room for so much; a long domain and all reasons are more. */
static void long_words(void)
{
    struct cert_pair pair;
    struct fault f = {0};
    char domain[254];

    memset(domain, 'd', sizeof(domain) - 1);
    domain[sizeof(domain) - 1] = '\0';
    certmaker_pair(&certmaker, &(struct cert_spec){.dns = {"a.example"}},
                   &pair);
    is_int(cert_set_fault(&f, ~0u, pair.cert, domain), XMPP_ECERTREVOKED,
           "every reason");
    is_int((long)strlen(f.detail), (long)sizeof(f.detail) - 1, "is cut");
    cert_pair_free(&pair);
}

static void many_names(void)
{
    ok(names_at(1), "the first name");
    ok(names_at(1024), "the last that is looked at");
    ok(!names_at(1025), "one more is not looked at");
}

static void told(unsigned status, int code)
{
    struct fault f = {0};

    is_int(cert_set_fault(&f, cert_reasons(status), NULL, "example.org"), code,
           "status %#x is %s", status, xmpp_strerror_name(code));
    is_int(f.layer, XMPP_LAYER_TLS, "of TLS");
    ok(strncmp(f.detail, "example.org: ", 13) == 0, "%s", f.detail);
}

/* Which names there are instead. */
static void has(const struct cert_spec *spec, const char *want)
{
    gnutls_x509_crt_t cert;
    gnutls_x509_privkey_t key;
    struct fault f = {0};

    certmaker_issue(&certmaker, spec, &cert, &key);
    cert_set_fault(&f, XMPP_BADCERT_NAME, cert, "example.org");
    is_str(f.detail, want, "the names are told");
    f = (struct fault){0};
    cert_set_fault(&f, XMPP_BADCERT_NAME | XMPP_BADCERT_ISSUER, cert,
                   "example.org");
    is_int(f.code, XMPP_ECERTISSUER, "beside another reason");
    ok(strstr(f.detail, want) && strncmp(f.detail, "example.org: its", 16) == 0,
       "  %s", f.detail);
    ok(strstr(f.detail, "it was issued by \"a throw-away authority\";"),
       "  and names the issuer");
    gnutls_x509_crt_deinit(cert);
    gnutls_x509_privkey_deinit(key);
}

/* Names of kinds that do not count are passed over, also in front. */
static void kinds_told(void)
{
    static const unsigned char six[16] = {0x20, 1, 0xd, 0xb8, [15] = 1};
    gnutls_x509_crt_t cert;
    char names[200];
    struct fault f = {0};

    gnutls_x509_crt_init(&cert);
    gnutls_x509_crt_set_subject_alt_name(cert, GNUTLS_SAN_URI, "http://x", 8,
                                         GNUTLS_FSAN_SET);
    gnutls_x509_crt_set_subject_alt_name(cert, GNUTLS_SAN_IPADDRESS, six, 5,
                                         GNUTLS_FSAN_APPEND);
    gnutls_x509_crt_set_subject_alt_name(cert, GNUTLS_SAN_DNSNAME, "a.example",
                                         9, GNUTLS_FSAN_APPEND);
    gnutls_x509_crt_set_subject_alt_name(cert, GNUTLS_SAN_IPADDRESS, six, 16,
                                         GNUTLS_FSAN_APPEND);
    cert_list_names(cert, names, sizeof(names));
    is_str(names, "a.example, 2001:db8::1", "kinds of names");
    ok(cert_names(cert, "2001:db8::1"), "an IPv6 address");
    ok(!cert_names(cert, "2001:db8::2") && !cert_names(cert, "192.0.2.1"),
       "  and no other");
    cert_set_fault(&f, XMPP_BADCERT_ISSUER, cert, "example.org");
    ok(!strstr(f.detail, "a.example"),
       "no names where they are not the matter");
    gnutls_x509_crt_deinit(cert);
}

static void names_told(void)
{
    static char longest[4][61];
    struct cert_spec many = {0};

    has(&(struct cert_spec){.dns = {"a.example", "*.b.example"}},
        "the certificate is for a.example, *.b.example; expected example.org");
    has(&(struct cert_spec){.srv = "_xmpp-client.c.example",
                            .xmpp = "d.example",
                            .address = "192.0.2.7"},
        "the certificate is for 192.0.2.7, _xmpp-client.c.example, d.example; "
        "expected example.org");
    has(&(struct cert_spec){.dns_raw = "a.b\0\n\"", .dns_raw_n = 6},
        "the certificate is for a.b\\x00\\x0A\\x22; expected example.org");
    has(&(struct cert_spec){.common = "example.org"},
        "the certificate is for no domain (the common name \"example.org\" "
        "is ignored); expected example.org");
    has(&(struct cert_spec){.name = "O=Nobody"},
        "the certificate is for no domain; expected example.org");
    for (int i = 0; i < 4; i++) {
        memset(longest[i], 'a' + i, sizeof(longest[i]) - 1);
        many.dns[i] = longest[i];
    }
    has(&many,
        "the certificate is for aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
        "aaaaaaaaaaaaaaaa and 3 more; expected example.org");
}

/* Each reason has its words. They are cut where the room ends. */
static void reasons_told(void)
{
    char whole[400], all[400] = "";

    for (unsigned bit = 1; bit <= XMPP_BADCERT_DANE; bit <<= 1) {
        xmpp_badcert_describe(bit, whole, sizeof(whole));
        ok(whole[0] && !strstr(all, whole), "reason %#x: %s", bit, whole);
        strcat(strcat(all, *all ? "; " : ""), whole);
    }
    xmpp_badcert_describe(XMPP_BADCERT_REVOKED | XMPP_BADCERT_NAME, whole,
                          sizeof(whole));
    ok(strstr(whole, "; "), "two: %s", whole);
    for (size_t n = 1; n <= sizeof(whole); n++) {
        char text[sizeof(whole) + 1];

        memset(text, '#', sizeof(text));
        xmpp_badcert_describe(XMPP_BADCERT_REVOKED | XMPP_BADCERT_NAME, text,
                              n);
        if (text[n] != '#' || strncmp(text, whole, n - 1) != 0 ||
            strlen(text) >= n)
            ok(false, "with room for %zu: %.*s", n, (int)n, text);
    }
    xmpp_badcert_describe(0, whole, sizeof(whole));
    is_str(whole, "", "no reason");
}

/* Whole names, and the number of the others, whatever the room is. */
static void names_fit(void)
{
    static char longest[3][61];
    struct cert_spec spec = {0};
    struct cert_pair pair;
    size_t most = 0;

    for (int i = 0; i < 3; i++) {
        memset(longest[i], 'k' + i, sizeof(longest[i]) - 1);
        spec.dns[i] = longest[i];
    }
    certmaker_pair(&certmaker, &spec, &pair);
    for (size_t size = 100; size <= 300; size++) {
        char text[301];
        size_t names = 0;
        unsigned more = 0;
        const char *end;

        cert_list_names(pair.cert, text, size);
        while (names < 3 && strstr(text, longest[names]))
            names++;
        end = strstr(text, " and ");
        if (end)
            sscanf(end, " and %u more", &more);
        if (names + more != 3 || strlen(text) >= size ||
            strspn(text, "klm, ") !=
                (end ? (size_t)(end - text) + 1 : strlen(text)) ||
            names < most)
            ok(false, "in %zu octets: %s", size, text);
        most = names;
    }
    is_int((long)most, 3, "all of them fit in the end");
    cert_pair_free(&pair);
}

int main(void)
{
    certmaker_open(&certmaker);
    dns_ids();
    other_names();
    strange_name();
    long_words();
    many_names();
    reasons_told();
    names_fit();
    names_told();
    kinds_told();
    told(GNUTLS_CERT_INVALID | GNUTLS_CERT_EXPIRED, XMPP_ECERTTIME);
    told(GNUTLS_CERT_INVALID | GNUTLS_CERT_NOT_ACTIVATED, XMPP_ECERTTIME);
    told(GNUTLS_CERT_INVALID | GNUTLS_CERT_SIGNER_NOT_FOUND, XMPP_ECERTISSUER);
    told(GNUTLS_CERT_INVALID | GNUTLS_CERT_SIGNER_NOT_CA, XMPP_ECERTISSUER);
    told(GNUTLS_CERT_INVALID | GNUTLS_CERT_REVOKED, XMPP_ECERTREVOKED);
    told(GNUTLS_CERT_INVALID | GNUTLS_CERT_INSECURE_ALGORITHM, XMPP_ECERT);
    told(GNUTLS_CERT_INVALID | GNUTLS_CERT_PURPOSE_MISMATCH, XMPP_ECERT);
    told(GNUTLS_CERT_INVALID | GNUTLS_CERT_SIGNATURE_FAILURE, XMPP_ECERT);
    told(GNUTLS_CERT_INVALID, XMPP_ECERT);
    certmaker_close(&certmaker);
    return done_testing();
}
