/* tls.h - TLS as a stage of a pipe, over memory buffers. */

#ifndef NET_TLS_H
#define NET_TLS_H

#include <xmpp/tls.h>

#include "base/env.h"
#include "net/dane.h"
#include "net/pipe.h"

/* ---- whom we trust, and with what we prove ourselves ------------- */

struct tls_config {
    const char *cafile, *capath; /* both NULL: the system's */
    const char *crlfile;         /* revoked certificates, or NULL */
    const char *cert, *key;      /* of ours, or NULL */
    bool trust_any;              /* accept any certificate */
};

/* Who knows the password of our key: writes at most `most` bytes with the NUL
 * and returns how many without it, or -1. `attempt` counts from 0. */
struct tls_password {
    int (*ask)(void *userdata, unsigned attempt, char *to, size_t most);
    void *userdata;
    unsigned tries;
};

/* Loaded certificates for one configuration, shared by counting: the system's
 * set costs megabytes. They hang in a list that starts zeroed in the context.
 */
struct tls_trust;
struct tls_trusts {
    struct tls_trust *first;
};

/* Find or load (owned: tls_trust_release). Loading is left to the first
 * handshake. NULL when memory is out. */
struct tls_trust *tls_trust_get(const struct env *env,
                                struct tls_trusts *trusts,
                                const struct tls_config *config);
void tls_trust_hold(struct tls_trust *trust);
void tls_trust_release(struct tls_trusts *trusts, struct tls_trust *trust);

/* Load what is not loaded yet; the password is asked for if it is needed (NULL:
 * never). 0, or a code after telling the fault. */
int tls_trust_prepare(struct tls_trust *trust,
                      const struct tls_password *password, struct fault *fault);

/* The XmppAddrs of our own certificate: how many, and one of them, owned, if
 * there are so many and `ret` is not NULL. */
unsigned tls_own_addresses(const struct env *env, const char *cert,
                           const char *key, const struct tls_password *password,
                           unsigned which, char **ret);

/* ---- a handshake ------------------------------------------------- */

/* What resumes a session, of TLS 1.3 only. It starts zeroed, and belongs to
 * whoever keeps it; the verification is repeated with what was verified then,
 * by what is trusted now. */
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

/* Borrowed for the call; `trust`, `ticket` and `dane` until the stage is freed.
 */
struct tls_wanted {
    struct tls_trust *trust;
    const char *domain; /* of the account, in ASCII: sent as SNI, and to be
                         * named by the certificate */
    const struct tls_pin *pins;
    size_t pins_n;
    struct tls_ticket *ticket; /* to be used, and replaced; NULL: do not */
    const struct dane *dane;   /* its word counts too; NULL: it was not asked.
                                * progress has to be called when it answered */
    bool needs_dane;           /* its word is demanded */
    bool pins_suffice;         /* instead of an authority, name and time */
    bool require_status;       /* a stapled proof that it is not revoked */
    bool ask_always;           /* ask about good certificates too */
    bool alpn;                 /* for "xmpp-client" (direct TLS, XEP-0368) */
};

/* A stage on top of `below`. Failures, told to `fault` with layer
 * XMPP_LAYER_TLS, tell what was wrong with the certificate (XMPP_BADCERT_MAP),
 * our trust (ETRUST) and our certificate (ECLIENTCERT) apart from a failed
 * handshake (ETLS). NULL: see the fault. */
struct stage *tls_stage_new(const struct env *env, struct stage *below,
                            const struct tls_wanted *wanted,
                            struct fault *fault);

/* The one in a pipe, or NULL. */
struct stage *tls_stage_find(const struct pipe *pipe);

/* ---- the question ------------------------------------------------ */

/* Did nothing ever come? */
bool tls_stage_is_silent(const struct stage *stage);

/* When progress says PIPE_ASK the handshake is suspended: the application may
 * still accept the certificate, or, if nothing is wrong, reject it. */
unsigned tls_stage_reasons(const struct stage *stage); /* XMPP_BADCERT_... */

/* Answer it; progress then goes on, or fails. */
void tls_stage_answer(struct stage *stage, bool accept);

/* The server's certificate in DER; STR_NONE before it came. Valid until the
 * stage is used again. */
struct str tls_stage_peer(const struct stage *stage);

/* ---- what was agreed on ------------------------------------------ */

/* Static; NULL if there is none, and before the handshake is done. */
const char *tls_stage_info(const struct stage *stage, xmpp_tls_info_t which);

#endif
