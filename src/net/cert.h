/* cert.h - is this certificate the server's? (RFC 6120 section 13.7) */

#ifndef NET_CERT_H
#define NET_CERT_H

#include <gnutls/x509.h>

#include "base/error.h"
#include "net/tls.h"

/* Does it name the domain (ASCII)? As a DNS-ID, whose leftmost label may be a
 * wildcard; as an SRV-ID of _xmpp-client or _xmpps-client; or as an XmppAddr.
 * Common names do not count (RFC 6125 section 6.4.4). */
bool cert_names(gnutls_x509_crt_t cert, const char *domain);

/* The same for the content of a subjectAltName extension (DER). */
bool cert_san_names(const gnutls_datum_t *san, const char *domain);

bool cert_has_pin(gnutls_x509_crt_t cert, const struct tls_pin *pin);

/* A verification status of GnuTLS as XMPP_BADCERT_... bits. */
unsigned cert_reasons(unsigned status);

/* A text with the names that count, as many as fit into `size` (at least 100)
 * octets, and how many more there are; or that there are none. */
void cert_list_names(gnutls_x509_crt_t cert, char *out, size_t size);

/* Set the fault from the reasons; none means that the application rejected a
 * good certificate. If the name is wrong the text has those of `cert`, unless
 * that is NULL. Returns the code. */
int cert_set_fault(struct fault *fault, unsigned reasons,
                   gnutls_x509_crt_t cert, const char *domain);

#endif
