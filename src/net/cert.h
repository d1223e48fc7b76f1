/* cert.h - is this certificate the server's? (RFC 6120 section 13.7) */

#ifndef NET_CERT_H
#define NET_CERT_H

#include <gnutls/x509.h>

#include "base/error.h"

/* Does it name the domain (ASCII): as DNS-ID, with one leftmost wildcard
 * label, as SRV-ID for _xmpp-client or _xmpps-client, or as XmppAddr? Common
 * names do not count. */
bool cert_names(gnutls_x509_crt_t cert, const char *domain);

/* Tell a verification status of GnuTLS to the fault; returns its code. */
int cert_tell(struct fault *fault, unsigned status, const char *domain);

#endif
