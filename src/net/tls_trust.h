/* tls_trust.h - loaded certificates, one set per configuration. */

#ifndef NET_TLS_TRUST_H
#define NET_TLS_TRUST_H

#include <gnutls/x509.h>

#include "base/error.h"
#include "net/tls.h"

/* Loaded, or NULL before that. Borrowed. */
gnutls_certificate_credentials_t
tls_trust_credentials(const struct tls_trust *trust);

/* What sessions may agree on, shared by all of them; of a loaded one. */
gnutls_priority_t tls_trust_priority(const struct tls_trust *trust);

/* A number that changes when one of its files does. */
unsigned long long tls_trust_stamp(const struct tls_trust *trust);

/* False if a list of what this issuer (DER) revoked is out of date. */
bool tls_trust_is_current(const struct tls_trust *trust,
                          const gnutls_datum_t *issuer);

/* The GnuTLS session of a TLS stage, for the other files of TLS. */
gnutls_session_t tls_stage_session(const struct stage *stage);

/* Is nothing verified? */
bool tls_trust_is_blind(const struct tls_trust *trust);

#endif
