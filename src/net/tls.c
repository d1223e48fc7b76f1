/* tls.c - TLS as a stage of a pipe, over memory buffers. */

#include "net/tls_inside.h"

#include <arpa/inet.h>
#include <string.h>

#include "net/poll.h"
#include "net/tls_trust.h"

#define RECORD 16384 /* RFC 8446 section 5.1 */
/* Messages without data that are processed in one call: a peer could send them
 * for ever, and others want their turn. */
#define MESSAGES 32
/* Plain bytes whose records leave in one write below. */
#define GATHERED 65536

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

    if (tls->out.failed || tls->rest.failed)
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
    tls_send_out(tls); /* the alert, if one was made */
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
            (tls_has_input(tls) || gnutls_record_check_pending(tls->session)));
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

static int shake(struct tls *tls)
{
    char room[TLS_INPUT];
    int rc = GNUTLS_E_AGAIN;

    tls_open_input(tls, room);
    for (int i = 0; i < MESSAGES && !tls->shaken && may_go_on(tls, rc, i); i++)
        rc = gnutls_handshake(tls->session);
    tls_close_input(tls);
    return rc;
}

static int tls_handshake(struct stage *stage)
{
    struct tls *tls = tls_of(stage);
    int rc;

    if (tls->is_up)
        return 0;
    tls_wake(tls);
    rc = shake(tls);
    if (tls->lost) /* GnuTLS does not always return it */
        return fail_stage(tls, rc < 0 ? rc : GNUTLS_E_PUSH_ERROR);
    tls->shaken = tls->shaken || rc == 0;
    if (tls->shaken)
        rc = tls_judge(tls); /* if it was skipped */
    if (tls->verdict == TLS_DECIDING)
        return tls_send_out(tls) == PIPE_FAIL ? PIPE_FAIL : PIPE_DECIDE;
    if (rc == GNUTLS_E_AGAIN || is_harmless_code(rc))
        return tls_send_out(tls) == PIPE_FAIL ? PIPE_FAIL : PIPE_AGAIN;
    if (rc < 0)
        return give_up_handshake(tls, rc);
    tls->is_up = true;
    tls_send_out(tls);
    return 0;
}

/* ---- data -------------------------------------------------------- */

/* One record, or what is left of it; messages without data pass. */
static ssize_t receive_record(struct tls *tls, char *to, size_t n)
{
    ssize_t got = GNUTLS_E_AGAIN;

    for (int i = 0; i < MESSAGES && may_go_on(tls, (int)got, i); i++)
        got = gnutls_record_recv(tls->session, to, n);
    return got;
}

/* All records that one read from below brought: so the stages above get small
 * ones together. *ret_last is what the last call returned. */
static size_t receive_records(struct tls *tls, char *to, size_t n,
                              ssize_t *ret_last)
{
    char room[TLS_INPUT];
    size_t have = 0;
    ssize_t got;

    tls_open_input(tls, room);
    do {
        got = receive_record(tls, to + have, n - have);
        if (got > 0)
            have += (size_t)got;
        tls->has_read = true;
    } while (got > 0 && have < n &&
             (tls_has_input(tls) || gnutls_record_check_pending(tls->session)));
    tls_close_input(tls);
    *ret_last = got;
    return have;
}

static ssize_t end_of_reading(struct tls *tls, int rc)
{
    tls->ended = false;
    if (rc == 0 && !tls->lost)
        return PIPE_EOF;
    return fail_stage(tls, rc);
}

/* The end, or a failure, is reported behind the data before it. */
static ssize_t tls_read(struct stage *stage, char *to, size_t n)
{
    struct tls *tls = tls_of(stage);
    size_t have;
    ssize_t got;

    if (tls->ended)
        return end_of_reading(tls, tls->end);
    have = receive_records(tls, to, n, &got);
    if (tls->has_ticket)
        tls_ticket_keep(tls);
    tls->ended =
        tls->lost || got == 0 ||
        (got < 0 && got != GNUTLS_E_AGAIN && !is_harmless_code((int)got));
    tls->end = (int)got;
    if (have)
        return (ssize_t)have;
    return tls->ended ? end_of_reading(tls, tls->end) : PIPE_AGAIN;
}

/* What is more than a record is gathered, and goes below in one write. */
static ssize_t tls_write(struct stage *stage, const char *from, size_t n)
{
    struct tls *tls = tls_of(stage);
    int rc = tls_send_out(tls);
    size_t most = n < GATHERED ? n : GATHERED, taken = 0;
    ssize_t sent = 1;

    if (rc)
        return rc;
    tls->gathers = most > RECORD;
    while (taken < most && sent > 0) {
        size_t rest = most - taken;

        sent = gnutls_record_send(tls->session, from + taken,
                                  rest < RECORD ? rest : RECORD);
        taken += sent > 0 ? (size_t)sent : 0;
    }
    tls->gathers = false;
    if (tls->lost)
        return fail_stage(tls, sent < 0 ? (int)sent : GNUTLS_E_PUSH_ERROR);
    if (sent < 0 && sent != GNUTLS_E_AGAIN && !is_harmless_code((int)sent))
        return fail_stage(tls, (int)sent);
    if (tls_send_out(tls) == PIPE_FAIL)
        return PIPE_FAIL;
    return taken ? (ssize_t)taken : PIPE_AGAIN;
}

static int tls_flush(struct stage *stage)
{
    return tls_send_out(tls_of(stage));
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
           (tls->ended || tls_has_input(tls) ||
            gnutls_record_check_pending(tls->session) ||
            below->row->pending(below));
}

static int tls_close(struct stage *stage)
{
    struct tls *tls = tls_of(stage);

    if (tls->is_up && !tls->sent_end) {
        tls->sent_end = true;
        gnutls_bye(tls->session, GNUTLS_SHUT_WR);
    }
    return tls_send_out(tls);
}

/* ---- life -------------------------------------------------------- */

static void tls_free(struct stage *stage)
{
    struct tls *tls = tls_of(stage);

    if (tls->session)
        gnutls_deinit(tls->session);
    buf_free(&tls->rest);
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

static int set_up_session(struct tls *tls, const struct tls_trust *trust)
{
    struct str name = str_of(tls->wanted.alpn);
    const gnutls_datum_t protocol = {(unsigned char *)(uintptr_t)name.s,
                                     (unsigned)name.n};
    gnutls_session_t s = tls->session;
    int rc = gnutls_priority_set(s, tls_trust_priority(trust));

    if (rc == 0)
        rc = gnutls_credentials_set(s, GNUTLS_CRD_CERTIFICATE,
                                    tls_trust_credentials(trust));
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
    tls_carry(tls);
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
    buf_init(&tls->rest, env, TLS_INPUT);
    buf_init(&tls->out, env, TLS_BACKLOG_MOST);
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
    rc = set_up_session(tls, wanted->trust);
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
