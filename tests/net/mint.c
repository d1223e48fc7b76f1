/* mint.c - throw-away certificates, made in the process. */

#include "net/mint.h"

#include <arpa/inet.h>
#include <gnutls/crypto.h>
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

static gnutls_x509_privkey_t make_key(void)
{
    gnutls_x509_privkey_t key;

    must(gnutls_x509_privkey_init(&key), "key");
    must(gnutls_x509_privkey_generate(
             key, GNUTLS_PK_ECDSA,
             GNUTLS_CURVE_TO_BITS(GNUTLS_ECC_CURVE_SECP256R1), 0),
         "key");
    return key;
}

static void put_name(gnutls_x509_crt_t cert, gnutls_x509_subject_alt_name_t type,
                     const void *data, size_t n)
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
    must(gnutls_x509_crt_set_subject_alt_othername(
             cert, SRV_OID, der, (unsigned)strlen(name) + 2,
             GNUTLS_FSAN_APPEND),
         "SRV-ID");
}

/* The whole extension by hand, for GnuTLS cuts names at a NUL. */
static void put_raw(gnutls_x509_crt_t cert, const char *name, unsigned n)
{
    unsigned char der[130] = {0x30, (unsigned char)(n + 2), 0x82,
                              (unsigned char)n};

    memcpy(der + 4, name, n);
    must(gnutls_x509_crt_set_extension_by_oid(cert, "2.5.29.17", der, n + 4, 0),
         "name");
}

static void put_names(gnutls_x509_crt_t cert, const struct coin *c)
{
    unsigned char address[4];

    for (int i = 0; i < 4 && c->dns[i]; i++)
        put_name(cert, GNUTLS_SAN_DNSNAME, c->dns[i], strlen(c->dns[i]));
    if (c->dns_raw)
        put_raw(cert, c->dns_raw, c->dns_raw_n);
    if (c->address && inet_pton(AF_INET, c->address, address) == 1)
        put_name(cert, GNUTLS_SAN_IPADDRESS, address, 4);
    if (c->srv)
        put_srv(cert, c->srv);
    if (c->xmpp)
        must(gnutls_x509_crt_set_subject_alt_othername(
                 cert, XMPP_OID, c->xmpp, (unsigned)strlen(c->xmpp),
                 GNUTLS_FSAN_APPEND | GNUTLS_FSAN_ENCODE_UTF8_STRING),
             "XmppAddr");
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
    must(gnutls_x509_crt_set_dn_by_oid(cert, GNUTLS_OID_X520_COMMON_NAME, 0,
                                       common, (unsigned)strlen(common)),
         "common name");
    gnutls_x509_crt_set_activation_time(cert,
                                        from ? from : time(NULL) - 3600);
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

void mint_coin(const struct mint *mint, const struct coin *coin,
               gnutls_x509_crt_t *ret_cert, gnutls_x509_privkey_t *ret_key)
{
    gnutls_x509_privkey_t key = make_key();
    gnutls_x509_crt_t cert =
        make_cert(key, coin->from, coin->until,
                  coin->common ? coin->common : "test");

    put_names(cert, coin);
    gnutls_x509_crt_set_basic_constraints(cert, 0, -1);
    gnutls_x509_crt_set_key_purpose_oid(
        cert, coin->for_client ? GNUTLS_KP_TLS_WWW_CLIENT
                               : GNUTLS_KP_TLS_WWW_SERVER, 0);
    must(gnutls_x509_crt_sign2(cert, coin->self ? cert : mint->ca,
                               coin->self ? key : mint->ca_key,
                               GNUTLS_DIG_SHA256, 0),
         "signature");
    *ret_cert = reread(cert);
    *ret_key = key;
}

static void save(const struct mint *mint, const char *name, const char *end,
                 gnutls_datum_t pem)
{
    char path[160];
    FILE *f;

    snprintf(path, sizeof(path), "%s/%s.%s", mint->folder, name, end);
    f = fopen(path, "w");
    if (!f || fwrite(pem.data, 1, pem.size, f) != pem.size || fclose(f))
        bail("a file cannot be written");
    gnutls_free(pem.data);
}

void mint_files(const struct mint *mint, const struct coin *coin,
                const char *name)
{
    gnutls_x509_crt_t cert;
    gnutls_x509_privkey_t key;
    gnutls_datum_t pem;

    mint_coin(mint, coin, &cert, &key);
    must(gnutls_x509_crt_export2(cert, GNUTLS_X509_FMT_PEM, &pem), "export");
    save(mint, name, "crt", pem);
    must(gnutls_x509_privkey_export2(key, GNUTLS_X509_FMT_PEM, &pem), "export");
    save(mint, name, "key", pem);
    gnutls_x509_crt_deinit(cert);
    gnutls_x509_privkey_deinit(key);
}

void mint_open(struct mint *mint)
{
    gnutls_datum_t pem;

    strcpy(mint->folder, "/tmp/libxmpp-mint-XXXXXX");
    if (!mkdtemp(mint->folder))
        bail("no folder for certificates");
    mint->ca_key = make_key();
    mint->ca = make_cert(mint->ca_key, 0, 0, "a throw-away authority");
    gnutls_x509_crt_set_basic_constraints(mint->ca, 1, -1);
    gnutls_x509_crt_set_key_usage(mint->ca, GNUTLS_KEY_KEY_CERT_SIGN);
    must(gnutls_x509_crt_sign2(mint->ca, mint->ca, mint->ca_key,
                               GNUTLS_DIG_SHA256, 0),
         "authority");
    must(gnutls_x509_crt_export2(mint->ca, GNUTLS_X509_FMT_PEM, &pem),
         "export");
    save(mint, "ca", "pem", pem);
    snprintf(mint->ca_file, sizeof(mint->ca_file), "%s/ca.pem", mint->folder);
}

void mint_close(struct mint *mint)
{
    DIR *dir = opendir(mint->folder);
    struct dirent *entry;
    char path[400];

    while (dir && (entry = readdir(dir))) {
        snprintf(path, sizeof(path), "%s/%s", mint->folder, entry->d_name);
        unlink(path);
    }
    if (dir)
        closedir(dir);
    rmdir(mint->folder);
    gnutls_x509_crt_deinit(mint->ca);
    gnutls_x509_privkey_deinit(mint->ca_key);
}
