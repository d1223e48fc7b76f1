/* tls_trust.h - loaded certificates, one set per configuration. */

#ifndef NET_TLS_TRUST_H
#define NET_TLS_TRUST_H

#include <gnutls/gnutls.h>

#include "base/error.h"
#include "net/tls.h"

/* Load what is not loaded yet. NULL after telling the fault. Borrowed. */
gnutls_certificate_credentials_t tls_trust_load(struct tls_trust *trust,
                                                struct fault *fault);

/* The session of a TLS stage, for those who ask it things. */
gnutls_session_t tls_stage_session(const struct stage *stage);

/* Was verification renounced? */
bool tls_trust_is_blind(const struct tls_trust *trust);

#endif
