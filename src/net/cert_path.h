/* cert_path.h - paths to an authority that GnuTLS does not try itself. */

#ifndef NET_CERT_PATH_H
#define NET_CERT_PATH_H

#include <stdbool.h>

#include <gnutls/x509.h>

#define CERT_PATH_MOST 16 /* certificates of one server that are looked at */

/* A server may send several issuers of the same name. GnuTLS takes the first of
 * them and tries no other if that one is expired or leads nowhere. Do the
 * certificates, the server's own first, lead to an authority of `trust` today
 * if such a one is left out? There are at most as many tries as certificates.
 * Revocation lists count. */
bool cert_path_exists(gnutls_x509_trust_list_t trust,
                      const gnutls_x509_crt_t *certs, unsigned n);

/* Read at most CERT_PATH_MOST of them, up to the first that cannot be read;
 * how many. Owned: cert_path_free. */
unsigned cert_path_read(const gnutls_datum_t *der, unsigned n,
                        gnutls_x509_crt_t *certs);
void cert_path_free(gnutls_x509_crt_t *certs, unsigned n);

#endif
