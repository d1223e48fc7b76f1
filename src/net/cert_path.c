/* cert_path.c - paths to an authority that GnuTLS does not try itself. */

#include "net/cert_path.h"

#include <string.h>
#include <time.h>

/* ---- certificates ------------------------------------------------ */

unsigned cert_path_read(const gnutls_datum_t *der, unsigned n,
                        gnutls_x509_crt_t *certs)
{
    unsigned read = 0;

    while (read < n && read < CERT_PATH_MOST) {
        if (gnutls_x509_crt_init(&certs[read]) < 0)
            break;
        if (gnutls_x509_crt_import(certs[read], &der[read],
                                   GNUTLS_X509_FMT_DER) < 0) {
            gnutls_x509_crt_deinit(certs[read]);
            break;
        }
        read++;
    }
    return read;
}

void cert_path_free(gnutls_x509_crt_t *certs, unsigned n)
{
    while (n)
        gnutls_x509_crt_deinit(certs[--n]);
}

static bool is_current(gnutls_x509_crt_t cert)
{
    time_t now = time(NULL);

    return gnutls_x509_crt_get_activation_time(cert) <= now &&
           gnutls_x509_crt_get_expiration_time(cert) >= now;
}

/* Two certificates of one name, such as an expired intermediate and its
 * successor with the same key. */
static bool are_twins(gnutls_x509_crt_t a, gnutls_x509_crt_t b)
{
    gnutls_datum_t x, y;
    bool same;

    if (gnutls_x509_crt_get_raw_dn(a, &x) < 0)
        return false;
    if (gnutls_x509_crt_get_raw_dn(b, &y) < 0) {
        gnutls_free(x.data);
        return false;
    }
    same = x.size == y.size && memcmp(x.data, y.data, x.size) == 0;
    gnutls_free(x.data);
    gnutls_free(y.data);
    return same;
}

/* ---- paths ------------------------------------------------------- */

/* The server's own certificate and those of the others that are valid today. Of
 * those with the same name as number `only` (0: of all) just that one is taken.
 * Returns how many there are. */
static unsigned select_certs(const gnutls_x509_crt_t *certs, unsigned n,
                             unsigned only, gnutls_x509_crt_t *ret)
{
    unsigned count = 0;

    ret[count++] = certs[0];
    for (unsigned i = 1; i < n; i++)
        if (is_current(certs[i]) &&
            (!only || i == only || !are_twins(certs[i], certs[only])))
            ret[count++] = certs[i];
    return count;
}

/* The demands are those on any other path: purpose, strength of the keys, and
 * the revocation lists of `trust`. */
static bool is_good(gnutls_x509_trust_list_t trust, gnutls_x509_crt_t *certs,
                    unsigned n)
{
    char purpose[] = GNUTLS_KP_TLS_WWW_SERVER;
    gnutls_typed_vdata_st data = {.type = GNUTLS_DT_KEY_PURPOSE_OID,
                                  .data = (unsigned char *)purpose};
    unsigned status = GNUTLS_CERT_INVALID;
    int rc = gnutls_x509_trust_list_verify_crt2(
        trust, certs, n, &data, 1,
        GNUTLS_PROFILE_TO_VFLAGS(GNUTLS_PROFILE_MEDIUM), &status, NULL);

    return rc == 0 && status == 0;
}

/* First without the outdated certificates, then with one of several twins
 * alone. A selection that leaves nothing more out was tried before. */
bool cert_path_exists(gnutls_x509_trust_list_t trust,
                      const gnutls_x509_crt_t *certs, unsigned n)
{
    gnutls_x509_crt_t some[CERT_PATH_MOST];
    unsigned current, count;

    if (n < 2 || n > CERT_PATH_MOST)
        return false;
    current = select_certs(certs, n, 0, some);
    if (current < n && is_good(trust, some, current))
        return true;
    for (unsigned i = 1; i < n; i++) {
        count = select_certs(certs, n, i, some);
        if (is_current(certs[i]) && count < current &&
            is_good(trust, some, count))
            return true;
    }
    return false;
}
