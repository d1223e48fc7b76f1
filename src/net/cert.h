/* cert.h - is this certificate the server's? (RFC 6120 section 13.7) */

#ifndef NET_CERT_H
#define NET_CERT_H

#include <gnutls/x509.h>

#include "base/error.h"
#include "net/tls.h"

/* Does it name the domain (ASCII): as DNS-ID, with one leftmost wildcard
 * label, as SRV-ID for _xmpp-client or _xmpps-client, or as XmppAddr? Common
 * names do not count. */
bool cert_names(gnutls_x509_crt_t cert, const char *domain);

/* The same for the content of a subjectAltName extension (DER). */
bool cert_san_names(const gnutls_datum_t *san, const char *domain);

bool cert_has_pin(gnutls_x509_crt_t cert, const struct tls_pin *pin);

/* A verification status of GnuTLS as XMPP_BADCERT_... bits. */
unsigned cert_reasons(unsigned status);

/* The names that count, as many as fit into `size` (at least 100) octets, how
 * many more there are, or that there are none. */
void cert_list_names(gnutls_x509_crt_t cert, char *out, size_t size);

/* Tell the reasons, none for a good certificate that was not wanted, to the
 * fault; and, where it is for another name, which names it has (`cert` may be
 * NULL). Returns the code. */
int cert_tell(struct fault *fault, unsigned reasons, gnutls_x509_crt_t cert,
              const char *domain);

#endif
