/* certmaker.c - throw-away certificates, made in the process. */

#include "net/certmaker.h"

#include <arpa/inet.h>
#include <gnutls/crypto.h>
#include <gnutls/x509-ext.h>
#include <dirent.h>
#include <stdlib.h>
#include <unistd.h>

#include "tap.h"

#define SRV_OID "1.3.6.1.5.5.7.8.7"
#define XMPP_OID "1.3.6.1.5.5.7.8.5"

static void must(int rc, const char *what)
{
    if (rc < 0) {
        printf("# %s: %s\n", what, gnutls_strerror(rc));
        bail("a certificate cannot be made");
    }
}

static gnutls_x509_privkey_t make_key(int rsa)
{
    gnutls_x509_privkey_t key;

    must(gnutls_x509_privkey_init(&key), "key");
    must(
        rsa ? gnutls_x509_privkey_generate(key, GNUTLS_PK_RSA, (unsigned)rsa, 0)
            : gnutls_x509_privkey_generate(
                  key, GNUTLS_PK_ECDSA,
                  GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0),
        "key");
    return key;
}

static gnutls_x509_privkey_t copy_key(gnutls_x509_privkey_t of)
{
    gnutls_x509_privkey_t key;

    must(gnutls_x509_privkey_init(&key), "key");
    must(gnutls_x509_privkey_cpy(key, of), "key");
    return key;
}

static void put_name(gnutls_x509_crt_t cert,
                     gnutls_x509_subject_alt_name_t type, const void *data,
                     size_t n)
{
    must(gnutls_x509_crt_set_subject_alt_name(cert, type, data, (unsigned)n,
                                              GNUTLS_FSAN_APPEND),
         "name");
}

/* An IA5String by hand, for GnuTLS knows no encoding of it. */
static void put_srv(gnutls_x509_crt_t cert, const char *name)
{
    unsigned char der[130] = {0x16, (unsigned char)strlen(name)};

    memcpy(der + 2, name, strlen(name));
    must(gnutls_x509_crt_set_subject_alt_othername(cert, SRV_OID, der,
                                                   (unsigned)strlen(name) + 2,
                                                   GNUTLS_FSAN_APPEND),
         "SRV-ID");
}

/* The whole extension by hand, for GnuTLS cuts names at a NUL. */
static void put_raw(gnutls_x509_crt_t cert, const struct cert_spec *c)
{
    unsigned times = c->dns_times ? c->dns_times : 1;
    unsigned size = times * (c->dns_raw_n + 2), at = 0;
    unsigned char der[4096] = {0x30};

    if (size > 127) {
        der[++at] = 0x82;
        der[++at] = (unsigned char)(size >> 8);
    }
    der[++at] = (unsigned char)size;
    for (at++; times--; at += c->dns_raw_n + 2) {
        der[at] = 0x82;
        der[at + 1] = (unsigned char)c->dns_raw_n;
        memcpy(der + at + 2, c->dns_raw, c->dns_raw_n);
    }
    must(gnutls_x509_crt_set_extension_by_oid(cert, "2.5.29.17", der, at, 0),
         "name");
}

static void put_xmpp(gnutls_x509_crt_t cert, const char *name)
{
    if (name)
        must(gnutls_x509_crt_set_subject_alt_othername(
                 cert, XMPP_OID, name, (unsigned)strlen(name),
                 GNUTLS_FSAN_APPEND | GNUTLS_FSAN_ENCODE_UTF8_STRING),
             "XmppAddr");
}

static void put_names(gnutls_x509_crt_t cert, const struct cert_spec *c)
{
    unsigned char address[16];

    for (int i = 0; i < 4 && c->dns[i]; i++)
        put_name(cert, GNUTLS_SAN_DNSNAME, c->dns[i], strlen(c->dns[i]));
    if (c->dns_raw)
        put_raw(cert, c);
    if (c->address && inet_pton(AF_INET, c->address, address) == 1)
        put_name(cert, GNUTLS_SAN_IPADDRESS, address, 4);
    if (c->address && inet_pton(AF_INET6, c->address, address) == 1)
        put_name(cert, GNUTLS_SAN_IPADDRESS, address, 16);
    if (c->srv)
        put_srv(cert, c->srv);
    put_xmpp(cert, c->xmpp);
    put_xmpp(cert, c->xmpp2);
}

static void put_must_staple(gnutls_x509_crt_t cert)
{
    gnutls_x509_tlsfeatures_t features;

    must(gnutls_x509_tlsfeatures_init(&features), "features");
    must(gnutls_x509_tlsfeatures_add(features, 5), "must-staple");
    must(gnutls_x509_crt_set_tlsfeatures(cert, features), "must-staple");
    gnutls_x509_tlsfeatures_deinit(features);
}

static gnutls_x509_crt_t make_cert(gnutls_x509_privkey_t key, time_t from,
                                   time_t until, const char *common)
{
    unsigned char serial[8];
    gnutls_x509_crt_t cert;

    gnutls_rnd(GNUTLS_RND_NONCE, serial, sizeof(serial));
    serial[0] &= 0x7f;
    must(gnutls_x509_crt_init(&cert), "certificate");
    must(gnutls_x509_crt_set_version(cert, 3), "version");
    must(gnutls_x509_crt_set_serial(cert, serial, sizeof(serial)), "serial");
    must(gnutls_x509_crt_set_key(cert, key), "key");
    if (common)
        must(gnutls_x509_crt_set_dn_by_oid(cert, GNUTLS_OID_X520_COMMON_NAME, 0,
                                           common, (unsigned)strlen(common)),
             "common name");
    gnutls_x509_crt_set_activation_time(cert, from ? from : time(NULL) - 3600);
    gnutls_x509_crt_set_expiration_time(cert,
                                        until ? until : time(NULL) + 3600);
    return cert;
}

/* As it comes over the wire; what is only built cannot be asked. */
static gnutls_x509_crt_t reread(gnutls_x509_crt_t built)
{
    gnutls_datum_t der;
    gnutls_x509_crt_t cert;

    must(gnutls_x509_crt_export2(built, GNUTLS_X509_FMT_DER, &der), "export");
    must(gnutls_x509_crt_init(&cert), "certificate");
    must(gnutls_x509_crt_import(cert, &der, GNUTLS_X509_FMT_DER), "import");
    gnutls_free(der.data);
    gnutls_x509_crt_deinit(built);
    return cert;
}

static void put_rest(gnutls_x509_crt_t cert, const struct cert_spec *spec)
{
    unsigned char serial[3] = {1, (unsigned char)(spec->serial >> 8),
                               (unsigned char)spec->serial};

    put_names(cert, spec);
    gnutls_x509_crt_set_basic_constraints(cert, spec->authority != 0, -1);
    if (spec->authority)
        gnutls_x509_crt_set_key_usage(cert, GNUTLS_KEY_KEY_CERT_SIGN |
                                                GNUTLS_KEY_CRL_SIGN);
    else
        gnutls_x509_crt_set_key_purpose_oid(cert,
                                            spec->for_client
                                                ? GNUTLS_KP_TLS_WWW_CLIENT
                                                : GNUTLS_KP_TLS_WWW_SERVER,
                                            0);
    if (spec->name)
        must(gnutls_x509_crt_set_dn(cert, spec->name, NULL), "subject");
    if (spec->odd)
        must(gnutls_x509_crt_set_dn_by_oid(cert, spec->odd, 1, "\x0c\x02hi", 4),
             "odd attribute");
    if (spec->serial)
        must(gnutls_x509_crt_set_serial(cert, serial, 3), "serial");
    if (spec->serial_raw)
        must(gnutls_x509_crt_set_serial(cert, spec->serial_raw,
                                        spec->serial_raw_n),
             "serial");
    if (spec->must_staple)
        put_must_staple(cert);
}

void certmaker_issue(const struct certmaker *certmaker,
                     const struct cert_spec *spec, gnutls_x509_crt_t *ret_cert,
                     gnutls_x509_privkey_t *ret_key)
{
    gnutls_x509_privkey_t key =
        spec->twin ? copy_key(spec->twin->key) : make_key(spec->rsa);
    gnutls_x509_privkey_t signer_key = certmaker->ca_key;
    gnutls_x509_crt_t signer = certmaker->ca;
    gnutls_x509_crt_t cert =
        make_cert(key, spec->from, spec->until,
                  spec->common || spec->name ? spec->common : "test");

    put_rest(cert, spec);
    if (spec->self || spec->by) {
        signer = spec->self ? cert : spec->by->cert;
        signer_key = spec->self ? key : spec->by->key;
    }
    must(gnutls_x509_crt_sign2(cert, signer, signer_key,
                               spec->sha1 ? GNUTLS_DIG_SHA1 : GNUTLS_DIG_SHA256,
                               0),
         "signature");
    *ret_cert = reread(cert);
    *ret_key = key;
}

void certmaker_save(const struct certmaker *certmaker, const char *name,
                    const char *end, gnutls_datum_t pem)
{
    char path[160];
    FILE *f;

    snprintf(path, sizeof(path), "%s/%s.%s", certmaker->folder, name, end);
    f = fopen(path, "w");
    if (!f || fwrite(pem.data, 1, pem.size, f) != pem.size || fclose(f))
        bail("a file cannot be written");
    gnutls_free(pem.data);
}

void certmaker_pair(const struct certmaker *certmaker,
                    const struct cert_spec *spec, struct cert_pair *ret)
{
    certmaker_issue(certmaker, spec, &ret->cert, &ret->key);
}

void cert_pair_free(struct cert_pair *pair)
{
    gnutls_x509_crt_deinit(pair->cert);
    gnutls_x509_privkey_deinit(pair->key);
}

static void append(gnutls_datum_t *pem, gnutls_x509_crt_t cert)
{
    gnutls_datum_t more;

    must(gnutls_x509_crt_export2(cert, GNUTLS_X509_FMT_PEM, &more), "export");
    pem->data = gnutls_realloc(pem->data, pem->size + more.size);
    if (!pem->data)
        bail("no memory");
    memcpy(pem->data + pem->size, more.data, more.size);
    pem->size += more.size;
    gnutls_free(more.data);
}

static void save_pair(const struct certmaker *certmaker,
                      const struct cert_pair *pair, const struct cert_pair *by,
                      const char *name)
{
    gnutls_datum_t pem;

    must(gnutls_x509_crt_export2(pair->cert, GNUTLS_X509_FMT_PEM, &pem),
         "export");
    if (by)
        append(&pem, by->cert);
    certmaker_save(certmaker, name, "crt", pem);
    must(gnutls_x509_privkey_export2(pair->key, GNUTLS_X509_FMT_PEM, &pem),
         "export");
    certmaker_save(certmaker, name, "key", pem);
}

void certmaker_files(const struct certmaker *certmaker,
                     const struct cert_spec *spec, const char *name)
{
    struct cert_pair pair;

    certmaker_pair(certmaker, spec, &pair);
    save_pair(certmaker, &pair, spec->by, name);
    cert_pair_free(&pair);
}

void certmaker_pair_files(const struct certmaker *certmaker,
                          const struct cert_pair *pair, const char *name)
{
    save_pair(certmaker, pair, NULL, name);
}

void certmaker_open(struct certmaker *certmaker)
{
    gnutls_datum_t pem;

    strcpy(certmaker->folder, "/tmp/libxmpp-certmaker-XXXXXX");
    if (!mkdtemp(certmaker->folder))
        bail("no folder for certificates");
    certmaker->ca_key = make_key(0);
    certmaker->ca =
        make_cert(certmaker->ca_key, 0, 0, "a throw-away authority");
    gnutls_x509_crt_set_basic_constraints(certmaker->ca, 1, -1);
    gnutls_x509_crt_set_key_usage(certmaker->ca, GNUTLS_KEY_KEY_CERT_SIGN |
                                                     GNUTLS_KEY_CRL_SIGN);
    must(gnutls_x509_crt_sign2(certmaker->ca, certmaker->ca, certmaker->ca_key,
                               GNUTLS_DIG_SHA256, 0),
         "authority");
    must(gnutls_x509_crt_export2(certmaker->ca, GNUTLS_X509_FMT_PEM, &pem),
         "export");
    certmaker_save(certmaker, "ca", "pem", pem);
    snprintf(certmaker->ca_file, sizeof(certmaker->ca_file), "%s/ca.pem",
             certmaker->folder);
}

void certmaker_close(struct certmaker *certmaker)
{
    DIR *dir = opendir(certmaker->folder);
    struct dirent *entry;
    char path[400];

    while (dir && (entry = readdir(dir))) {
        snprintf(path, sizeof(path), "%s/%s", certmaker->folder, entry->d_name);
        unlink(path);
    }
    if (dir)
        closedir(dir);
    rmdir(certmaker->folder);
    gnutls_x509_crt_deinit(certmaker->ca);
    gnutls_x509_privkey_deinit(certmaker->ca_key);
}
