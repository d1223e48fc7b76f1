/* tls.c - TLS as a stage of a pipe, over memory buffers. */

#include "net/tls_inside.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "net/poll.h"
#include "net/tls_trust.h"

/* TLS 1.2 and newer (RFC 8996), keys of 2048 bits of RSA and more (RFC 9325
 * section 4.5). */
#define PRIORITY "%PROFILE_MEDIUM:-VERS-TLS1.0:-VERS-TLS1.1:-VERS-DTLS-ALL"
#define RECORD 16384 /* RFC 8446 section 5.1 */
/* Messages without data that are processed in one call: a peer could send them
 * for ever, and others want their turn. */
#define MESSAGES 32
/* Encrypted bytes that the stage below did not take. */
#define BACKLOG_MOST 1048576

/* ---- below ------------------------------------------------------- */

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
        ssize_t got = below->row->read(below, tls->in, TLS_INPUT);

        if (got == PIPE_EOF)
            return 0;
        if (got < 0) {
            tls->lost = tls->lost || got != PIPE_AGAIN;
            gnutls_transport_set_errno(tls->session,
                                       got == PIPE_AGAIN ? EAGAIN : EIO);
            return -1;
        }
        tls->in_start = 0;
        tls->in_end = (size_t)got;
        if (!tls->first)
            tls->first = tls->in[0];
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

/* Pass it on; what is not taken is kept in `out`, so that GnuTLS never has to
 * repeat a write. */
static ssize_t push_bytes(gnutls_transport_ptr_t at, const void *from, size_t n)
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
        tls->lost = true;
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

/* ---- failing ----------------------------------------------------- */

/* For some alerts a retry, with the same name and certificate of ours, would
 * meet the same. */
static void set_alert_fault(struct tls *tls)
{
    static const gnutls_alert_description_t lasting[] = {
        GNUTLS_A_UNRECOGNIZED_NAME,    GNUTLS_A_NO_APPLICATION_PROTOCOL,
        GNUTLS_A_BAD_CERTIFICATE,      GNUTLS_A_UNSUPPORTED_CERTIFICATE,
        GNUTLS_A_CERTIFICATE_REVOKED,  GNUTLS_A_UNKNOWN_CA,
        GNUTLS_A_ACCESS_DENIED,        GNUTLS_A_CERTIFICATE_REQUIRED,
        GNUTLS_A_INSUFFICIENT_SECURITY};
    gnutls_alert_description_t alert = gnutls_alert_get(tls->session);
    struct fault *fault = tls->stage.fault;

    fault_set(fault, XMPP_LAYER_TLS, XMPP_ETLS,
              "the server sent an alert: %s%s", gnutls_alert_get_name(alert),
              tls->wants_cert && !gnutls_certificate_get_ours(tls->session)
                  ? " (it requested a client certificate; none is set)"
                  : "");
    for (size_t i = 0; i < sizeof(lasting) / sizeof(lasting[0]); i++)
        fault->is_lasting |= alert == lasting[i];
}

/* XML instead of TLS. */
static void set_no_tls_fault(struct fault *fault)
{
    fault_set(fault, XMPP_LAYER_TLS, XMPP_ETLS,
              "the server answered without TLS: this port seems to be for "
              "STARTTLS, not for direct TLS");
    fault->is_lasting = true;
}

static void set_fault_of(struct tls *tls, int rc)
{
    struct fault *fault = tls->stage.fault;

    if (tls->out.failed)
        fault_set(fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
    else if (rc == GNUTLS_E_FATAL_ALERT_RECEIVED)
        set_alert_fault(tls);
    else if (!tls->is_up && tls->wanted.alpn && tls->first == '<')
        set_no_tls_fault(fault);
    else if (rc == GNUTLS_E_PREMATURE_TERMINATION && !tls->is_up)
        fault_set(fault, XMPP_LAYER_TLS, XMPP_ETLS,
                  "the server closed the connection during the handshake%s",
                  tls->wanted.alpn && !tls->first
                      ? "; is this port for STARTTLS?"
                      : "");
    else if (rc == GNUTLS_E_PREMATURE_TERMINATION)
        fault_set(fault, XMPP_LAYER_TCP, XMPP_ELOST,
                  "the connection was closed without the end that TLS "
                  "demands");
    else
        fault_set(fault, XMPP_LAYER_TLS, XMPP_ETLS, "%s", gnutls_strerror(rc));
    fault_set_os(fault, rc);
}

/* The fault is set before the last bytes are sent: if that fails too, it is
 * only a consequence. */
static int fail_stage(struct tls *tls, int rc)
{
    if (!fault_is_set(tls->stage.fault))
        set_fault_of(tls, rc);
    flush(tls); /* the alert, if one was made */
    return PIPE_FAIL;
}

/* Renegotiation is not harmless: nobody needs it, and attacks began by it. */
static bool is_harmless_code(int rc)
{
    return rc == GNUTLS_E_INTERRUPTED || rc == GNUTLS_E_WARNING_ALERT_RECEIVED;
}

/* GnuTLS returns AGAIN after each message without data, even if there is more
 * input. */
static bool may_go_on(const struct tls *tls, int rc, int round)
{
    if (tls_is_suspended(tls))
        return false;
    return round == 0 || is_harmless_code(rc) ||
           (rc == GNUTLS_E_AGAIN &&
            (has_input(tls) || gnutls_record_check_pending(tls->session)));
}

/* ---- the handshake ----------------------------------------------- */

static int verify_server(gnutls_session_t session)
{
    return tls_judge(gnutls_session_get_ptr(session));
}

/* If we reject the server, it gets an alert. */
static int give_up_handshake(struct tls *tls, int rc)
{
    if (tls->verdict == TLS_REJECTED)
        tls_send_alert(tls);
    return fail_stage(tls, rc);
}

static int tls_handshake(struct stage *stage)
{
    struct tls *tls = tls_of(stage);
    int rc = GNUTLS_E_AGAIN;

    if (tls->is_up)
        return 0;
    tls_wake(tls);
    for (int i = 0; i < MESSAGES && !tls->shaken && may_go_on(tls, rc, i); i++)
        rc = gnutls_handshake(tls->session);
    if (tls->lost) /* GnuTLS does not always return it */
        return fail_stage(tls, rc < 0 ? rc : GNUTLS_E_PUSH_ERROR);
    tls->shaken = tls->shaken || rc == 0;
    if (tls->shaken)
        rc = tls_judge(tls); /* if it was skipped */
    if (tls->verdict == TLS_DECIDING)
        return flush(tls) == PIPE_FAIL ? PIPE_FAIL : PIPE_DECIDE;
    if (rc == GNUTLS_E_AGAIN || is_harmless_code(rc))
        return flush(tls) == PIPE_FAIL ? PIPE_FAIL : PIPE_AGAIN;
    if (rc < 0)
        return give_up_handshake(tls, rc);
    tls->is_up = true;
    flush(tls);
    return 0;
}

/* ---- data -------------------------------------------------------- */

static ssize_t tls_read(struct stage *stage, char *to, size_t n)
{
    struct tls *tls = tls_of(stage);
    ssize_t got = GNUTLS_E_AGAIN;

    for (int i = 0; i < MESSAGES && may_go_on(tls, (int)got, i); i++)
        got = gnutls_record_recv(tls->session, to, n);
    if (tls->has_ticket)
        tls_ticket_keep(tls);
    if (got > 0)
        return got;
    if (got == 0)
        return PIPE_EOF;
    if (tls->lost)
        return fail_stage(tls, (int)got);
    return got == GNUTLS_E_AGAIN || is_harmless_code((int)got)
               ? PIPE_AGAIN
               : fail_stage(tls, (int)got);
}

static ssize_t tls_write(struct stage *stage, const char *from, size_t n)
{
    struct tls *tls = tls_of(stage);
    int rc = flush(tls);
    ssize_t sent;

    if (rc)
        return rc;
    sent = gnutls_record_send(tls->session, from, n < RECORD ? n : RECORD);
    if (tls->lost)
        return fail_stage(tls, sent < 0 ? (int)sent : GNUTLS_E_PUSH_ERROR);
    if (sent == GNUTLS_E_AGAIN || sent == GNUTLS_E_INTERRUPTED)
        return PIPE_AGAIN;
    return sent < 0 ? fail_stage(tls, (int)sent) : sent;
}

static int tls_flush(struct stage *stage)
{
    return flush(tls_of(stage));
}

static unsigned tls_wants(struct stage *stage, unsigned above)
{
    struct tls *tls = tls_of(stage);

    if (!tls->is_up)
        above = tls_is_suspended(tls) ? 0 : POLL_READ;
    if (buf_size(&tls->out))
        above |= POLL_WRITE;
    return stage->below->row->wants(stage->below, above);
}

static bool tls_pending(struct stage *stage)
{
    struct tls *tls = tls_of(stage);
    struct stage *below = stage->below;

    return !tls_is_suspended(tls) &&
           (has_input(tls) || gnutls_record_check_pending(tls->session) ||
            below->row->pending(below));
}

static int tls_close(struct stage *stage)
{
    struct tls *tls = tls_of(stage);

    if (tls->is_up && !tls->sent_end) {
        tls->sent_end = true;
        gnutls_bye(tls->session, GNUTLS_SHUT_WR);
    }
    return flush(tls);
}

/* ---- life -------------------------------------------------------- */

static void tls_free(struct stage *stage)
{
    struct tls *tls = tls_of(stage);

    if (tls->session)
        gnutls_deinit(tls->session);
    buf_free(&tls->out);
    env_free(tls->env, tls->domain);
    env_free(tls->env, (void *)(uintptr_t)tls->wanted.pins);
    env_free(tls->env, tls);
}

static const struct stage_row row = {
    .name = "tls",
    .layer = XMPP_LAYER_TLS,
    .progress = tls_handshake,
    .read = tls_read,
    .write = tls_write,
    .flush = tls_flush,
    .wants = tls_wants,
    .pending = tls_pending,
    .close = tls_close,
    .free = tls_free,
};

static bool is_ip_address(const char *domain)
{
    unsigned char address[16];

    return inet_pton(AF_INET, domain, address) == 1 ||
           inet_pton(AF_INET6, domain, address) == 1;
}

/* Two messages of the server that GnuTLS does not report otherwise. */
static int on_message(gnutls_session_t s, unsigned type, unsigned when,
                      unsigned incoming, const gnutls_datum_t *message)
{
    struct tls *tls = gnutls_session_get_ptr(s);

    (void)when;
    (void)message;
    if (type == GNUTLS_HANDSHAKE_CERTIFICATE_REQUEST && incoming)
        tls->wants_cert = true;
    if (type == GNUTLS_HANDSHAKE_NEW_SESSION_TICKET && incoming)
        tls->has_ticket = true;
    return 0;
}

static int set_up_session(struct tls *tls,
                          gnutls_certificate_credentials_t credentials)
{
    struct str name = str_of(tls->wanted.alpn);
    const gnutls_datum_t protocol = {(unsigned char *)(uintptr_t)name.s,
                                     (unsigned)name.n};
    gnutls_session_t s = tls->session;
    int rc = gnutls_set_default_priority_append(s, PRIORITY, NULL, 0);

    if (rc == 0)
        rc = gnutls_credentials_set(s, GNUTLS_CRD_CERTIFICATE, credentials);
    if (rc == 0 && !is_ip_address(tls->domain)) /* RFC 6066 section 3 */
        rc = gnutls_server_name_set(s, GNUTLS_NAME_DNS, tls->domain,
                                    strlen(tls->domain));
    if (rc == 0 && name.n)
        rc = gnutls_alpn_set_protocols(s, &protocol, 1, 0);
    gnutls_handshake_set_timeout(s, GNUTLS_INDEFINITE_TIMEOUT);
    gnutls_session_set_ptr(s, tls);
    gnutls_session_set_verify_function(s, verify_server);
    gnutls_handshake_set_hook_function(s, GNUTLS_HANDSHAKE_ANY,
                                       GNUTLS_HOOK_POST, on_message);
    gnutls_transport_set_ptr(s, tls);
    gnutls_transport_set_pull_function(s, pull);
    gnutls_transport_set_pull_timeout_function(s, pull_timeout);
    gnutls_transport_set_push_function(s, push_bytes);
    return rc;
}

static struct tls_pin *copy_wanted_pins(const struct env *env,
                                        const struct tls_wanted *wanted)
{
    size_t n = wanted->pins_n * sizeof(struct tls_pin);
    struct tls_pin *pins = n ? env_alloc(env, n) : NULL;

    if (pins)
        memcpy(pins, wanted->pins, n);
    return pins;
}

struct stage *tls_stage_new(const struct env *env, struct stage *below,
                            const struct tls_wanted *wanted,
                            struct fault *fault)
{
    struct tls *tls = NULL;
    int rc;

    if (tls_trust_prepare(wanted->trust, NULL, fault) == 0)
        tls = env_zalloc(env, sizeof(*tls));
    if (!tls)
        return NULL;
    tls->stage = (struct stage){&row, below, fault};
    tls->env = env;
    tls->wanted = *wanted;
    tls->domain = env_strdup(env, wanted->domain);
    tls->wanted.domain = tls->domain;
    tls->wanted.pins = copy_wanted_pins(env, wanted);
    buf_init(&tls->out, env, BACKLOG_MOST);
    /* FORCE: ours is sent even if the server does not name its issuer */
    rc = gnutls_init(&tls->session, GNUTLS_CLIENT | GNUTLS_NONBLOCK |
                                        GNUTLS_NO_SIGNAL |
                                        GNUTLS_FORCE_CLIENT_CERT);
    if (rc < 0 || !tls->domain || (wanted->pins_n && !tls->wanted.pins)) {
        if (rc < 0)
            tls->session = NULL;
        tls_free(&tls->stage);
        return NULL;
    }
    rc = set_up_session(tls, tls_trust_credentials(wanted->trust));
    if (rc == 0) {
        tls_ticket_use(tls);
        return &tls->stage;
    }
    fault_set(fault, XMPP_LAYER_TLS, XMPP_ETLS, "%s", gnutls_strerror(rc));
    tls_free(&tls->stage);
    return NULL;
}

struct stage *tls_stage_find(const struct pipe *pipe)
{
    struct stage *stage = pipe->top;

    while (stage && stage->row != &row)
        stage = stage->below;
    return stage;
}

bool tls_stage_is_silent(const struct stage *stage)
{
    return tls_of(stage)->first == 0;
}

gnutls_session_t tls_stage_session(const struct stage *stage)
{
    return tls_of(stage)->session;
}
