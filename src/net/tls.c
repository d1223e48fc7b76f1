/* tls.c - TLS as a stage of a pipe, over memory buffers. */

#include "net/tls.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gnutls/x509.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "net/cert.h"
#include "net/poll.h"
#include "net/tls_trust.h"

#define PRIORITY "-VERS-TLS1.0:-VERS-TLS1.1:-VERS-DTLS-ALL"
#define RECORD 16384
#define INPUT 4096
#define MESSAGES 32 /* that are no data are read at a time, then it is the turn
                     * of others: a peer could send them for ever */
#define BACKLOG_MOST 1048576 /* encrypted bytes that the socket did not take */

/* `in` is what the socket gave and GnuTLS has not asked for, `out` what GnuTLS
 * gave and the socket did not take. */
struct tls {
    struct stage stage;
    const struct env *env;
    gnutls_session_t session;
    struct tls_trust *trust;
    char *domain; /* owned */
    struct buf out;
    size_t in_start, in_end;
    bool is_up;      /* the handshake is done and the server verified */
    bool said_bye;
    char in[INPUT];
};

static struct tls *tls_of(struct stage *stage)
{
    return (struct tls *)stage;
}

/* ---- below ------------------------------------------------------------ */

static bool has_input(const struct tls *tls)
{
    return tls->in_end > tls->in_start;
}

static ssize_t pull(gnutls_transport_ptr_t at, void *to, size_t n)
{
    struct tls *tls = at;
    struct stage *below = tls->stage.below;
    size_t have;

    if (!has_input(tls)) {
        ssize_t got = below->row->read(below, tls->in, INPUT);

        if (got == PIPE_EOF)
            return 0;
        if (got < 0) {
            gnutls_transport_set_errno(tls->session,
                                       got == PIPE_AGAIN ? EAGAIN : EIO);
            return -1;
        }
        tls->in_start = 0;
        tls->in_end = (size_t)got;
    }
    have = tls->in_end - tls->in_start;
    if (n > have)
        n = have;
    memcpy(to, tls->in + tls->in_start, n);
    tls->in_start += n;
    return (ssize_t)n;
}

static int pull_timeout(gnutls_transport_ptr_t at, unsigned ms)
{
    (void)ms;
    return has_input(at);
}

/* Straight to the socket while it takes all; what it does not is kept, so
 * that GnuTLS never has to come again. */
static ssize_t push(gnutls_transport_ptr_t at, const void *from, size_t n)
{
    struct tls *tls = at;
    struct stage *below = tls->stage.below;
    ssize_t taken = 0;

    if (buf_size(&tls->out) == 0)
        taken = below->row->write(below, from, n);
    if (taken == PIPE_AGAIN)
        taken = 0;
    if (taken >= 0)
        buf_put(&tls->out, (const char *)from + taken, n - (size_t)taken);
    if (taken < 0 || tls->out.failed) {
        gnutls_transport_set_errno(tls->session, taken < 0 ? EIO : ENOMEM);
        return -1;
    }
    return (ssize_t)n;
}

/* 0 when all is out. */
static int flush(struct tls *tls)
{
    struct stage *below = tls->stage.below;

    while (buf_size(&tls->out)) {
        struct str bytes = buf_view(&tls->out);
        ssize_t n = below->row->write(below, bytes.s, bytes.n);

        if (n < 0)
            return (int)n;
        buf_consume(&tls->out, (size_t)n);
    }
    buf_trim(&tls->out);
    return 0;
}

/* ---- failing ---------------------------------------------------------- */

static int fail(struct tls *tls, int rc)
{
    struct fault *fault = tls->stage.fault;

    flush(tls); /* the alert, if one was made */
    if (fault_is_set(fault))
        return PIPE_FAIL;
    if (rc == GNUTLS_E_FATAL_ALERT_RECEIVED)
        fault_set(fault, XMPP_LAYER_TLS, XMPP_ETLS, "the server said: %s",
                  gnutls_alert_get_name(gnutls_alert_get(tls->session)));
    else if (rc == GNUTLS_E_PREMATURE_TERMINATION && !tls->is_up)
        fault_set(fault, XMPP_LAYER_TLS, XMPP_ETLS,
                  "the server closed the connection during the handshake");
    else if (rc == GNUTLS_E_PREMATURE_TERMINATION)
        fault_set(fault, XMPP_LAYER_TCP, XMPP_ELOST,
                  "closed without the end that TLS has");
    else
        fault_set(fault, XMPP_LAYER_TLS, XMPP_ETLS, "%s", gnutls_strerror(rc));
    fault_set_os(fault, rc);
    return PIPE_FAIL;
}

/* Renegotiation is how old attacks began; nobody needs it. */
static bool is_harmless(int rc)
{
    return rc == GNUTLS_E_INTERRUPTED || rc == GNUTLS_E_WARNING_ALERT_RECEIVED;
}

/* AGAIN comes after each message that is not data, input or not. */
static bool may_go_on(const struct tls *tls, int rc, int round)
{
    return round == 0 || is_harmless(rc) ||
           (rc == GNUTLS_E_AGAIN &&
            (has_input(tls) || gnutls_record_check_pending(tls->session)));
}

/* ---- the handshake ---------------------------------------------------- */

static bool leaf_names(struct tls *tls)
{
    unsigned n = 0;
    const gnutls_datum_t *chain =
        gnutls_certificate_get_peers(tls->session, &n);
    gnutls_x509_crt_t cert;
    bool named;

    if (!chain || n == 0 || gnutls_x509_crt_init(&cert) < 0)
        return false;
    named = gnutls_x509_crt_import(cert, &chain[0], GNUTLS_X509_FMT_DER) == 0 &&
            cert_names(cert, tls->domain);
    gnutls_x509_crt_deinit(cert);
    return named;
}

/* Not left to GnuTLS, which skips it when a session is resumed, and does not
 * know the names that XMPP allows. */
static int verify(struct tls *tls)
{
    char purpose[] = GNUTLS_KP_TLS_WWW_SERVER;
    gnutls_typed_vdata_st data = {.type = GNUTLS_DT_KEY_PURPOSE_OID,
                                  .data = (unsigned char *)purpose};
    struct fault *fault = tls->stage.fault;
    unsigned status = 0;
    int rc;

    if (tls_trust_is_blind(tls->trust))
        return 0;
    rc = gnutls_certificate_verify_peers(tls->session, &data, 1, &status);
    if (rc < 0)
        return fault_set(fault, XMPP_LAYER_TLS, XMPP_ECERT, "%s: %s",
                         tls->domain, gnutls_strerror(rc));
    if (status)
        return cert_tell(fault, status, tls->domain);
    if (!leaf_names(tls))
        return fault_set(fault, XMPP_LAYER_TLS, XMPP_ECERTNAME,
                         "it does not name %s", tls->domain);
    return 0;
}

static int reject(struct tls *tls)
{
    gnutls_alert_send(tls->session, GNUTLS_AL_FATAL, GNUTLS_A_BAD_CERTIFICATE);
    flush(tls);
    return PIPE_FAIL;
}

static int progress(struct stage *stage)
{
    struct tls *tls = tls_of(stage);
    int rc = GNUTLS_E_AGAIN;

    if (tls->is_up)
        return 0;
    for (int i = 0; i < MESSAGES && may_go_on(tls, rc, i); i++)
        rc = gnutls_handshake(tls->session);
    if (rc == GNUTLS_E_AGAIN || is_harmless(rc))
        return flush(tls) == PIPE_FAIL ? PIPE_FAIL : PIPE_AGAIN;
    if (rc < 0)
        return fail(tls, rc);
    if (verify(tls))
        return reject(tls);
    tls->is_up = true;
    flush(tls);
    return 0;
}

/* ---- data ------------------------------------------------------------- */

static ssize_t tls_read(struct stage *stage, char *to, size_t n)
{
    struct tls *tls = tls_of(stage);
    ssize_t got = GNUTLS_E_AGAIN;

    for (int i = 0; i < MESSAGES && may_go_on(tls, (int)got, i); i++)
        got = gnutls_record_recv(tls->session, to, n);
    if (got > 0)
        return got;
    if (got == 0)
        return PIPE_EOF;
    return got == GNUTLS_E_AGAIN || is_harmless((int)got)
               ? PIPE_AGAIN
               : fail(tls, (int)got);
}

static ssize_t tls_write(struct stage *stage, const char *from, size_t n)
{
    struct tls *tls = tls_of(stage);
    int rc = flush(tls);
    ssize_t sent;

    if (rc)
        return rc;
    sent = gnutls_record_send(tls->session, from, n < RECORD ? n : RECORD);
    if (sent == GNUTLS_E_AGAIN || sent == GNUTLS_E_INTERRUPTED)
        return PIPE_AGAIN;
    return sent < 0 ? fail(tls, (int)sent) : sent;
}

static unsigned tls_wants(struct stage *stage, unsigned above)
{
    struct tls *tls = tls_of(stage);
    struct stage *below = stage->below;

    if (!tls->is_up)
        above = POLL_READ;
    if (buf_size(&tls->out))
        above |= POLL_WRITE;
    return below->row->wants(below, above);
}

static bool tls_pending(struct stage *stage)
{
    struct tls *tls = tls_of(stage);
    struct stage *below = stage->below;

    return has_input(tls) || gnutls_record_check_pending(tls->session) ||
           below->row->pending(below);
}

static int tls_close(struct stage *stage)
{
    struct tls *tls = tls_of(stage);

    if (tls->is_up && !tls->said_bye) {
        tls->said_bye = true;
        gnutls_bye(tls->session, GNUTLS_SHUT_WR);
    }
    return flush(tls);
}

/* ---- life ------------------------------------------------------------- */

static void tls_free(struct stage *stage)
{
    struct tls *tls = tls_of(stage);

    gnutls_deinit(tls->session);
    buf_free(&tls->out);
    env_free(tls->env, tls->domain);
    env_free(tls->env, tls);
}

static const struct stage_row row = {
    .name = "tls",
    .progress = progress,
    .read = tls_read,
    .write = tls_write,
    .wants = tls_wants,
    .pending = tls_pending,
    .close = tls_close,
    .free = tls_free,
};

static bool is_address(const char *domain)
{
    unsigned char address[16];

    return inet_pton(AF_INET, domain, address) == 1 ||
           inet_pton(AF_INET6, domain, address) == 1;
}

static int set_up(struct tls *tls, gnutls_certificate_credentials_t credentials,
                  bool alpn)
{
    static const char name[] = "xmpp-client";
    const gnutls_datum_t protocol = {(unsigned char *)(uintptr_t)name,
                                     sizeof(name) - 1};
    gnutls_session_t s = tls->session;
    int rc = gnutls_set_default_priority_append(s, PRIORITY, NULL, 0);

    if (rc == 0)
        rc = gnutls_credentials_set(s, GNUTLS_CRD_CERTIFICATE, credentials);
    if (rc == 0 && !is_address(tls->domain))
        rc = gnutls_server_name_set(s, GNUTLS_NAME_DNS, tls->domain,
                                    strlen(tls->domain));
    if (rc == 0 && alpn)
        rc = gnutls_alpn_set_protocols(s, &protocol, 1, 0);
    gnutls_handshake_set_timeout(s, GNUTLS_INDEFINITE_TIMEOUT);
    gnutls_transport_set_ptr(s, tls);
    gnutls_transport_set_pull_function(s, pull);
    gnutls_transport_set_pull_timeout_function(s, pull_timeout);
    gnutls_transport_set_push_function(s, push);
    return rc;
}

struct stage *tls_stage_new(const struct env *env, struct stage *below,
                            struct tls_trust *trust, const char *domain,
                            bool alpn, struct fault *fault)
{
    gnutls_certificate_credentials_t credentials =
        tls_trust_load(trust, fault);
    struct tls *tls = credentials ? env_zalloc(env, sizeof(*tls)) : NULL;
    int rc;

    if (!tls)
        return NULL;
    tls->stage = (struct stage){&row, below, fault};
    tls->env = env;
    tls->trust = trust;
    tls->domain = env_strdup(env, domain);
    buf_init(&tls->out, env, BACKLOG_MOST);
    rc = gnutls_init(&tls->session, GNUTLS_CLIENT | GNUTLS_NONBLOCK |
                                        GNUTLS_NO_SIGNAL |
                                        GNUTLS_FORCE_CLIENT_CERT);
    if (rc < 0 || !tls->domain) {
        if (rc == 0)
            gnutls_deinit(tls->session);
        env_free(env, tls->domain);
        env_free(env, tls);
        return NULL;
    }
    rc = set_up(tls, credentials, alpn);
    if (rc == 0)
        return &tls->stage;
    fault_set(fault, XMPP_LAYER_TLS, XMPP_ETLS, "%s", gnutls_strerror(rc));
    tls_free(&tls->stage);
    return NULL;
}

gnutls_session_t tls_stage_session(const struct stage *stage)
{
    return ((const struct tls *)stage)->session;
}

void tls_stage_describe(const struct stage *stage, char *out, size_t n)
{
    gnutls_session_t s = tls_stage_session(stage);
    gnutls_protocol_t version = gnutls_protocol_get_version(s);
    char *suite = gnutls_session_get_desc(s);

    snprintf(out, n, "%s %s", gnutls_protocol_get_name(version),
             suite ? suite : "");
    gnutls_free(suite);
}
