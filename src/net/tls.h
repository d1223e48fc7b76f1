/* tls.h - TLS as a stage of a pipe, over memory buffers.
 *
 * GnuTLS never sees a descriptor: bytes come from and go to the stage below.
 * That is why nothing blocks, and why TLS travels over anything. */

#ifndef NET_TLS_H
#define NET_TLS_H

#include <xmpp/tls.h>

#include "base/env.h"
#include "net/dane.h"
#include "net/pipe.h"

/* ---- whom we trust, and our own certificate ---------------------- */

struct tls_config {
    const char *cafile, *capath; /* both NULL: the system's */
    const char *crlfile;         /* revoked certificates, or NULL */
    const char *cert, *key;      /* of ours, or NULL */
    bool trust_any;              /* accept any certificate */
};

/* Where the password of our key comes from. `get` writes at most `most` bytes,
 * the NUL included, and returns their number without it, or -1. `attempt`
 * counts from 0. */
struct tls_password {
    int (*get)(void *userdata, unsigned attempt, char *to, size_t most);
    void *userdata;
    unsigned tries;
};

/* Loaded certificates for one configuration, with a count of holds: the
 * system's set costs megabytes, so connections share it. They are in a list
 * that starts zeroed in the context. */
struct tls_trust;
struct tls_trusts {
    struct tls_trust *first;
};

/* Find it or make it; owned: tls_trust_release. The files are loaded with the
 * first handshake. NULL when memory is out. */
struct tls_trust *tls_trust_get(const struct env *env,
                                struct tls_trusts *trusts,
                                const struct tls_config *config);
void tls_trust_hold(struct tls_trust *trust);
void tls_trust_release(struct tls_trusts *trusts, struct tls_trust *trust);

/* Free the one that is kept without a hold, so that the next connection need
 * not load the same. */
void tls_trusts_free(struct tls_trusts *trusts);

/* Load what is not loaded yet. The password is fetched if it is needed; NULL:
 * it cannot be. Whoever enters it may call this function again, for another
 * connection. 0, or the code of the fault, which is set. */
int tls_trust_prepare(struct tls_trust *trust,
                      const struct tls_password *password, struct fault *fault);

/* How many XmppAddrs our own certificate has; and number `which` of them,
 * owned, if there are so many and `ret` is not NULL. */
unsigned tls_own_addresses(const struct env *env, const char *cert,
                           const char *key, const struct tls_password *password,
                           unsigned which, char **ret);

/* ---- a handshake ------------------------------------------------- */

/* What resumes a session, of TLS 1.3 only. It starts zeroed; its keeper owns
 * it. Resuming does not skip the verification: the certificate of the first
 * session is verified again, by what is trusted now. */
struct tls_ticket {
    char *domain;
    unsigned char *data; /* secret */
    size_t n;            /* at most TLS_TICKET_SIZE */
    unsigned long long stamp;
};

#define TLS_TICKET_SIZE 32768

void tls_ticket_free(const struct env *env, struct tls_ticket *ticket);

#define TLS_HASH 32 /* bytes of a SHA-256 */

struct tls_pin {
    xmpp_tls_pin_t kind;
    unsigned char hash[TLS_HASH];
};

/* Borrowed for the call; `trust`, `or_domain`, `ticket` and `dane` until the
 * stage is freed. */
struct tls_wanted {
    struct tls_trust *trust;
    const char *domain;    /* of the server, in ASCII: sent as SNI, and to be
                            * named by the certificate */
    const char *or_domain; /* a certificate for this name is as good; or NULL */
    const struct tls_pin *pins;
    size_t pins_n;
    struct tls_ticket *ticket; /* is used, and replaced; NULL: no resumption */
    const struct dane *dane;   /* its records count too; NULL: without DANE.
                                * Call progress when it is no longer PENDING */
    bool needs_dane;           /* without usable records it is rejected */
    bool pins_suffice;         /* instead of an authority, name and time */
    bool require_status;       /* a stapled proof that it is not revoked */
    bool decide_always;        /* PIPE_DECIDE for good certificates too */
    const char *alpn;          /* protocol to be agreed on, or NULL */
};

/* A stage on top of `below`. Its faults have the layer XMPP_LAYER_TLS and
 * distinguish a bad certificate (codes of XMPP_BADCERT_MAP), files of trust
 * that cannot be used (ETRUST), our own certificate (ECLIENTCERT) and a failed
 * handshake (ETLS). NULL when memory is out, or with a fault. */
struct stage *tls_stage_new(const struct env *env, struct stage *below,
                            const struct tls_wanted *wanted,
                            struct fault *fault);

/* The one in a pipe, or NULL. */
struct stage *tls_stage_find(const struct pipe *pipe);

/* Did the server never send anything? */
bool tls_stage_is_silent(const struct stage *stage);

/* ---- the decision ------------------------------------------------ */

/* When progress returns PIPE_DECIDE the handshake is suspended: the application
 * may still accept a certificate with these faults or, if there are none,
 * reject it. */
unsigned tls_stage_reasons(const struct stage *stage); /* XMPP_BADCERT_... */

/* Decide; progress then goes on, or fails. */
void tls_stage_answer(struct stage *stage, bool accept);

/* The server's certificate in DER; STR_NONE before it came. Valid until the
 * stage is used again. */
struct str tls_stage_peer(const struct stage *stage);

/* ---- what was agreed on ------------------------------------------ */

/* Static; NULL if there is none, and before the handshake is done. */
const char *tls_stage_info(const struct stage *stage, xmpp_tls_info_t which);

#endif
