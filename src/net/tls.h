/* tls.h - TLS as a stage of a pipe, over memory buffers. */

#ifndef NET_TLS_H
#define NET_TLS_H

#include "base/env.h"
#include "net/pipe.h"

/* Whom we trust, and with what we prove ourselves. */
struct tls_config {
    const char *cafile, *capath; /* both NULL: the system's */
    const char *cert, *key;      /* PEM files, or NULL */
    bool trust_any;              /* accept any certificate */
};

/* Loaded certificates for one configuration, shared by counting: the system's
 * set costs megabytes. They hang in a list that starts zeroed in the context. */
struct tls_trust;
struct tls_trusts {
    struct tls_trust *first;
};

/* Find or load (owned: tls_trust_release). Loading is left to the first
 * handshake. NULL when memory is out. */
struct tls_trust *tls_trust_get(const struct env *env,
                                struct tls_trusts *trusts,
                                const struct tls_config *config);
void tls_trust_release(struct tls_trusts *trusts, struct tls_trust *trust);

/* A stage on top of `below`. `domain` is the account's domain in ASCII: it is
 * sent as SNI and has to be named by the certificate. `alpn` asks for
 * "xmpp-client" (direct TLS, XEP-0368). Failures, told to `fault` with layer
 * XMPP_LAYER_TLS, tell a wrong name (ECERTNAME), a time (ECERTTIME), an issuer
 * (ECERTISSUER), other faults of the certificate (ECERT), our trust (ETRUST)
 * and our certificate (ECLIENTCERT) apart from a failed handshake (ETLS). The
 * trust is borrowed and must outlive the stage. NULL: see the fault. */
struct stage *tls_stage_new(const struct env *env, struct stage *below,
                            struct tls_trust *trust, const char *domain,
                            bool alpn, struct fault *fault);

/* "TLS1.3" etc. and the cipher suite, for the log; static or until freed. */
void tls_stage_describe(const struct stage *stage, char *out, size_t n);

#endif
