/* certmaker_status.c - lists of what is revoked, answers to staple, and locked
 * keys. */

#include <gnutls/abstract.h>
#include <gnutls/crypto.h>
#include <gnutls/ocsp.h>
#include <gnutls/pkcs12.h>

#include "net/certmaker.h"
#include "tap.h"

static void must(int rc, const char *what)
{
    if (rc < 0) {
        printf("# %s: %s\n", what, gnutls_strerror(rc));
        bail("it cannot be made");
    }
}

/* ---- locked keys ------------------------------------------------- */

static void put_bag(gnutls_pkcs12_t p12, gnutls_pkcs12_bag_t bag,
                    const char *password, unsigned flags)
{
    if (password)
        must(gnutls_pkcs12_bag_encrypt(bag, password, flags), "encryption");
    must(gnutls_pkcs12_set_bag(p12, bag), "bag");
    gnutls_pkcs12_bag_deinit(bag);
}

static gnutls_datum_t key_id(const struct cert_pair *pair, unsigned char *to)
{
    size_t n = 20;

    must(gnutls_x509_crt_get_key_id(pair->cert, 0, to, &n), "key id");
    return (gnutls_datum_t){to, (unsigned)n};
}

static void put_pkcs12(const struct certmaker *certmaker,
                       const struct cert_pair *pair, const char *name,
                       const char *password)
{
    unsigned char bytes[20];
    gnutls_datum_t id = key_id(pair, bytes), out, key;
    gnutls_pkcs12_bag_t bag;
    gnutls_pkcs12_t p12;

    must(gnutls_pkcs12_init(&p12), "PKCS#12");
    must(gnutls_pkcs12_bag_init(&bag), "bag");
    must(gnutls_pkcs12_bag_set_crt(bag, pair->cert), "certificate");
    must(gnutls_pkcs12_bag_set_key_id(bag, 0, &id), "key id");
    put_bag(p12, bag, password, GNUTLS_PKCS_PBES2_AES_256);
    must(gnutls_x509_privkey_export2_pkcs8(pair->key, GNUTLS_X509_FMT_DER,
                                           password, GNUTLS_PKCS_PBES2_AES_256,
                                           &key),
         "key");
    must(gnutls_pkcs12_bag_init(&bag), "bag");
    must(gnutls_pkcs12_bag_set_data(bag, GNUTLS_BAG_PKCS8_ENCRYPTED_KEY, &key),
         "key");
    must(gnutls_pkcs12_bag_set_key_id(bag, 0, &id), "key id");
    put_bag(p12, bag, NULL, 0);
    must(gnutls_pkcs12_generate_mac2(p12, GNUTLS_MAC_SHA256, password), "MAC");
    must(gnutls_pkcs12_export2(p12, GNUTLS_X509_FMT_DER, &out), "export");
    certmaker_save(certmaker, name, "p12", out);
    gnutls_free(key.data);
    gnutls_pkcs12_deinit(p12);
}

void certmaker_locked(const struct certmaker *certmaker,
                      const struct cert_pair *pair, const char *name,
                      const char *password)
{
    gnutls_datum_t out;

    must(gnutls_x509_crt_export2(pair->cert, GNUTLS_X509_FMT_PEM, &out), "PEM");
    certmaker_save(certmaker, name, "crt", out);
    must(gnutls_x509_privkey_export2_pkcs8(pair->key, GNUTLS_X509_FMT_PEM,
                                           password, GNUTLS_PKCS_PBES2_AES_256,
                                           &out),
         "key");
    certmaker_save(certmaker, name, "key", out);
    put_pkcs12(certmaker, pair, name, password);
}

/* ---- lists of what is revoked ------------------------------------ */

void certmaker_crl(const struct certmaker *certmaker, const char *name,
                   unsigned serial, time_t from, time_t until)
{
    unsigned char number[3] = {1, (unsigned char)(serial >> 8),
                               (unsigned char)serial};
    gnutls_x509_crl_t crl;
    gnutls_datum_t out;

    must(gnutls_x509_crl_init(&crl), "list");
    must(gnutls_x509_crl_set_version(crl, 2), "version");
    must(gnutls_x509_crl_set_this_update(crl, from), "time");
    must(gnutls_x509_crl_set_next_update(crl, until), "time");
    must(gnutls_x509_crl_set_number(crl, number, 1), "number");
    if (serial)
        must(gnutls_x509_crl_set_crt_serial(crl, number, 3, from), "serial");
    must(gnutls_x509_crl_sign2(crl, certmaker->ca, certmaker->ca_key,
                               GNUTLS_DIG_SHA256, 0),
         "signature");
    must(gnutls_x509_crl_export2(crl, GNUTLS_X509_FMT_PEM, &out), "export");
    certmaker_save(certmaker, name, "crl", out);
    gnutls_x509_crl_deinit(crl);
}

/* ---- answers to staple ------------------------------------------- */

/* DER written from its end to its start, so that lengths are known. */
struct der {
    unsigned char bytes[2048];
    size_t at;
};

static void der_put(struct der *d, const void *bytes, size_t n)
{
    if (n > d->at)
        bail("too little room");
    d->at -= n;
    memcpy(d->bytes + d->at, bytes, n);
}

/* What was written since `end` becomes the content of a tag. */
static void der_wrap(struct der *d, unsigned char tag, size_t end)
{
    size_t n = end - d->at;
    unsigned char head[4] = {tag, 0x82, (unsigned char)(n >> 8),
                             (unsigned char)n};

    if (n < 128) {
        head[1] = (unsigned char)n;
        der_put(d, head, 2);
    } else {
        der_put(d, head, 4);
    }
}

static void der_time(struct der *d, time_t when)
{
    char text[32];
    struct tm tm;

    gmtime_r(&when, &tm);
    strftime(text, sizeof(text), "%Y%m%d%H%M%SZ", &tm);
    der_put(d, text, 15);
    der_wrap(d, 0x18, d->at + 15);
}

static const unsigned char sha1_oid[] = {0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e,
                                         0x03, 0x02, 0x1a, 0x05, 0x00};
static const unsigned char ecdsa_oid[] = {0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86,
                                          0x48, 0xce, 0x3d, 0x04, 0x03, 0x02};
static const unsigned char basic_oid[] = {0x06, 0x09, 0x2b, 0x06, 0x01, 0x05,
                                          0x05, 0x07, 0x30, 0x01, 0x01};

static void sha1_of(gnutls_datum_t data, unsigned char *to)
{
    must(gnutls_hash_fast(GNUTLS_DIG_SHA1, data.data, data.size, to), "SHA-1");
}

/* Of the bits of the public key alone, which for P-256 are the last 65 bytes
 * of what it is exported as. */
static void key_hash(gnutls_x509_crt_t cert, unsigned char *to)
{
    gnutls_pubkey_t key;
    gnutls_datum_t der;

    must(gnutls_pubkey_init(&key), "key");
    must(gnutls_pubkey_import_x509(key, cert, 0), "key");
    must(gnutls_pubkey_export2(key, GNUTLS_X509_FMT_DER, &der), "key");
    sha1_of((gnutls_datum_t){der.data + der.size - 65, 65}, to);
    gnutls_free(der.data);
    gnutls_pubkey_deinit(key);
}

/* CertID of RFC 6960 section 4.1.1, by the issuer's name and key. */
static void der_cert_id(struct der *d, gnutls_x509_crt_t issuer,
                        gnutls_x509_crt_t cert)
{
    unsigned char serial[32], hash[20];
    size_t n = sizeof(serial), end = d->at;
    gnutls_datum_t name;

    must(gnutls_x509_crt_get_serial(cert, serial, &n), "serial");
    der_put(d, serial, n);
    der_wrap(d, 0x02, d->at + n);
    key_hash(issuer, hash);
    der_put(d, hash, 20);
    der_wrap(d, 0x04, d->at + 20);
    must(gnutls_x509_crt_get_raw_dn(issuer, &name), "name");
    sha1_of(name, hash);
    gnutls_free(name.data);
    der_put(d, hash, 20);
    der_wrap(d, 0x04, d->at + 20);
    der_put(d, sha1_oid, sizeof(sha1_oid));
    der_wrap(d, 0x30, end);
}

/* tbsResponseData with one answer. */
static void der_data(struct der *d, const struct certmaker *certmaker,
                     gnutls_x509_crt_t cert, const struct ocsp_answer *a)
{
    size_t end = d->at, start;
    gnutls_datum_t name;

    der_time(d, a->until);
    der_wrap(d, 0xa0, end);
    der_time(d, a->from);
    start = d->at;
    if (a->revoked) {
        der_time(d, a->from);
        der_wrap(d, 0xa1, start);
    } else {
        der_wrap(d, 0x80, start);
    }
    der_cert_id(d, certmaker->ca, cert);
    der_wrap(d, 0x30, end);
    der_wrap(d, 0x30, end);
    der_time(d, a->from);
    start = d->at;
    must(gnutls_x509_crt_get_raw_dn(certmaker->ca, &name), "name");
    der_put(d, name.data, name.size);
    gnutls_free(name.data);
    der_wrap(d, 0xa1, start);
    der_wrap(d, 0x30, end);
}

static gnutls_datum_t sign(const struct certmaker *certmaker,
                           const gnutls_datum_t *data)
{
    gnutls_privkey_t key;
    gnutls_datum_t signature;

    must(gnutls_privkey_init(&key), "key");
    must(gnutls_privkey_import_x509(key, certmaker->ca_key, 0), "key");
    must(gnutls_privkey_sign_data(key, GNUTLS_DIG_SHA256, 0, data, &signature),
         "signature");
    gnutls_privkey_deinit(key);
    return signature;
}

void certmaker_ocsp(const struct certmaker *certmaker, gnutls_x509_crt_t cert,
                    const char *name, const struct ocsp_answer *a)
{
    static struct der data, out;
    gnutls_datum_t tbs, signature, saved;
    size_t end;

    data.at = sizeof(data.bytes);
    der_data(&data, certmaker, cert, a);
    tbs = (gnutls_datum_t){data.bytes + data.at,
                           (unsigned)(sizeof(data.bytes) - data.at)};
    signature = sign(certmaker, &tbs);
    if (a->forged)
        signature.data[signature.size - 1] ^= 1;
    out.at = end = sizeof(out.bytes);
    der_put(&out, signature.data, signature.size);
    der_put(&out, "", 1); /* no unused bits */
    der_wrap(&out, 0x03, end);
    der_put(&out, ecdsa_oid, sizeof(ecdsa_oid));
    der_put(&out, tbs.data, tbs.size);
    der_wrap(&out, 0x30, end);
    der_wrap(&out, 0x04, end);
    der_put(&out, basic_oid, sizeof(basic_oid));
    der_wrap(&out, 0x30, end);
    der_wrap(&out, 0xa0, end);
    der_put(&out, "\x0a\x01\x00", 3); /* successful */
    der_wrap(&out, 0x30, end);
    saved.size = (unsigned)(sizeof(out.bytes) - out.at);
    saved.data = gnutls_malloc(saved.size);
    memcpy(saved.data, out.bytes + out.at, saved.size);
    certmaker_save(certmaker, name, "ocsp", saved);
    gnutls_free(signature.data);
}
