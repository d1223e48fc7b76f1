/* cert_path.h - ways to an authority that GnuTLS does not look for itself. */

#ifndef NET_CERT_PATH_H
#define NET_CERT_PATH_H

#include <stdbool.h>

#include <gnutls/x509.h>

#define CERT_PATH_MOST 16 /* certificates of one server that are looked at */

/* Of several issuers with one name a server may send GnuTLS takes the first,
 * and goes no other way if that one is out of date or leads nowhere. Do the
 * certificates, the server's own first, lead to an authority of `trust`
 * today if such a one is left out? The number of tries is at most that of
 * the certificates. Lists of what is revoked are looked into. */
bool cert_path_exists(gnutls_x509_trust_list_t trust,
                      const gnutls_x509_crt_t *certs, unsigned n);

/* Read at most CERT_PATH_MOST of them, up to the first that cannot be read;
 * how many. Owned: cert_path_free. */
unsigned cert_path_read(const gnutls_datum_t *der, unsigned n,
                        gnutls_x509_crt_t *certs);
void cert_path_free(gnutls_x509_crt_t *certs, unsigned n);

#endif
