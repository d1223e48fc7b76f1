/* tls.c - TLS on a connection: from its beginning to the verdict. */

#include "conn/tls.h"

#include <stdio.h>

#include "conn/tlscert.h"
#include "conn/trust.h"
#include "conn/way.h"

/* ---- DANE -------------------------------------------------------- */

/* The handshake waits for it. */
static void on_dane_answer(void *userdata)
{
    struct attempt *attempt = userdata;

    env_log(attempt->env, XMPP_LEVEL_INFO, "dns", "DANE: %s",
            dane_reason(attempt->dane));
    attempt_kick(attempt);
}

static bool wants_dane(const struct attempt *attempt)
{
    const struct wanted *w = &attempt->account.wanted;
    const xmpp_conn_t *conn = attempt->conn;

    /* XMPP_CONN_FLAG_TRUST_TLS accepts any certificate, so there is nothing to
     * prove. */
    return conn->options[XMPP_OPT_DANE] && w->kind != STREAM_COMPONENT &&
           w->tls != TLS_NEVER &&
           !(conn->settings.flags & XMPP_CONN_FLAG_TRUST_TLS);
}

/* The handshake waits for the answer, and has a patience of its own. This one
 * is shorter, so that a missing answer is reported as such. */
static uint64_t dane_patience(const struct attempt *attempt)
{
    uint64_t dns = attempt_patience(attempt, XMPP_OPT_CONNECT_TIMEOUT),
             step = attempt_patience(attempt, XMPP_OPT_STEP_TIMEOUT) / 4 * 3;

    return dns < step ? dns : step;
}

void tls_query_dane(struct attempt *attempt, const char *host, unsigned port)
{
    const xmpp_conn_t *conn = attempt->conn;
    const struct dane_wanted wanted = {
        .domain = way_tls_name(attempt),
        .host = host,
        .port = port,
        .service = !attempt->srv_port            ? NULL
                   : attempt->target->direct_tls ? SRV_CLIENT_DIRECT
                                                 : SRV_CLIENT,
        .usual_port = attempt->srv_port,
        .anchor = attempt->account.settings.tls.anchor,
        .servers = conn->ctx->dns_servers,
        .timeout = dane_patience(attempt),
    };
    const char *lack = NULL;

    if (!wants_dane(attempt))
        return;
    if (way_has_proxy(attempt)) {
        fault_set(&attempt->fault, XMPP_LAYER_TLS, XMPP_EDANE,
                  "DNS queries would not go by the proxy: set XMPP_OPT_DANE to "
                  "0, or no proxy");
        return;
    }
    attempt->dane = dane_start(attempt->env, conn->ctx->poll, &wanted,
                               on_dane_answer, attempt, &lack);
    if (lack)
        fault_set(&attempt->fault, XMPP_LAYER_TLS, XMPP_ETRUST, "%s", lack);
    else if (!attempt->dane)
        fault_set(&attempt->fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
}

void tls_drop_dane(struct attempt *attempt)
{
    dane_free(attempt->dane);
    attempt->dane = NULL;
}

int xmpp_conn_set_dane_anchor(xmpp_conn_t *conn, const char *path)
{
    return conn ? conn_set(conn, __func__, &conn->settings.tls.anchor, path)
                : XMPP_EINVOP;
}

/* ---- the handshake ----------------------------------------------- */

/* The application may be asked for the key's password, and may do anything
 * meanwhile: end the attempt, or run the loop, which comes here again. False if
 * nothing is left to do. */
static bool load_certificate(struct attempt *attempt)
{
    struct tls_password password = trust_password(attempt->conn);
    struct fault fault = {0};

    tls_trust_prepare(attempt->trust, &password, &fault);
    if (fault_is_set(&fault))
        attempt->fault = fault;
    return !attempt->over && !attempt->tls_stage;
}

/* For direct TLS (XEP-0368), or for HTTP (RFC 7301 section 6). */
static const char *alpn_of(const struct attempt *attempt)
{
    if (!attempt->target->direct_tls)
        return NULL;
    return way_has_websocket(attempt) ? "http/1.1" : "xmpp-client";
}

bool tls_prepare(struct attempt *attempt, struct tls_wanted *ret)
{
    xmpp_conn_t *conn = attempt->conn;
    const struct settings *set = &attempt->account.settings;
    const int32_t *options = conn->options;

    if (!load_certificate(attempt))
        return false;
    /* The certificate is judged against the domain of the account, never
     * against the host that was dialled: the DNS or a redirect led there. A
     * ticket stays with its connection object. */
    *ret = (struct tls_wanted){
        .trust = attempt->trust,
        .domain = way_tls_name(attempt),
        .or_domain = way_other_tls_name(attempt),
        .pins = set->tls.pins,
        .pins_n = set->tls.pins_n,
        .pins_suffice = options[XMPP_OPT_TLS_PIN_SUFFICES] != 0,
        .require_status = options[XMPP_OPT_TLS_REQUIRE_STATUS] != 0,
        .decide_always = conn->tls.ask && options[XMPP_OPT_TLS_ASK_ALWAYS],
        .ticket = options[XMPP_OPT_TLS_RESUME] ? &conn->tls.ticket : NULL,
        .dane = attempt->dane,
        .needs_dane = options[XMPP_OPT_DANE] == 2,
        .alpn = alpn_of(attempt),
    };
    return true;
}

void tls_begin(struct attempt *attempt)
{
    struct tls_wanted wanted;
    struct stage *stage = NULL;

    if (!tls_prepare(attempt, &wanted))
        return;
    if (!fault_is_set(&attempt->fault))
        stage = tls_stage_new(attempt->env, attempt->pipe.top, &wanted,
                              &attempt->fault);
    if (!stage) {
        fault_set(&attempt->fault, XMPP_LAYER_TLS, XMPP_EMEM, NULL);
        stream_abort(attempt->stream);
        return;
    }
    pipe_push(&attempt->pipe, stage);
    attempt->tls_stage = stage;
    attempt->establishing = true;
}

void tls_expire(struct attempt *attempt)
{
    const struct stage *unready = attempt->pipe.unready;

    attempt->establishing = false;
    /* Another stage, such as a proxy, has its own words. */
    if (unready && unready != attempt->tls_stage) {
        fault_set(&attempt->fault, unready->row->layer, XMPP_ETIMEOUT,
                  "%s: no connection to the server in time",
                  unready->row->name);
        return;
    }
    fault_set(&attempt->fault, XMPP_LAYER_TLS, XMPP_ETIMEOUT,
              attempt->question_open
                  ? "the application did not decide about the certificate"
                  : "the TLS handshake took too long");
    /* A server that waits for XML in the clear says nothing. */
    if (attempt->target->direct_tls && tls_stage_is_silent(attempt->tls_stage))
        fault_add(&attempt->fault, "is this port for STARTTLS?");
    attempt->cert_refused = attempt->question_open;
    attempt->question_open = false;
}

void tls_log(const struct attempt *attempt)
{
    const struct stage *tls = attempt->tls_stage;
    const char *cipher = tls_stage_info(tls, XMPP_TLS_CIPHER);
    const char *group = tls_stage_info(tls, XMPP_TLS_GROUP);

    env_log(attempt->env, XMPP_LEVEL_INFO, "tls",
            "secured by %s %s %s, verified: %s, resumed: %s",
            tls_stage_info(tls, XMPP_TLS_PROTOCOL), cipher ? cipher : "",
            group ? group : "", tls_stage_info(tls, XMPP_TLS_VERIFIED),
            tls_stage_info(tls, XMPP_TLS_RESUMED));
}

/* ---- the application's decision ---------------------------------- */

/* While the application decides, no other patience runs; the decision has its
 * own. Each question has a number, because a late answer may be about another
 * certificate or other reasons. */
static void begin_question(struct attempt *attempt)
{
    uint64_t patience = attempt_patience(attempt, XMPP_OPT_TLS_ANSWER_TIMEOUT);

    attempt->question_open = true;
    attempt->question = ++attempt->conn->questions;
    attempt->question_at = attempt_now(attempt);
    stream_grant(attempt->stream, (int64_t)patience);
    attempt->question_patience = patience;
    attempt->step_deadline = TIME_NEVER; /* while the handler itself runs */
}

/* The deadline of the login is extended by the time that the decision took:
 * what was granted beyond that is taken back. */
static void end_question(struct attempt *attempt, bool accept)
{
    uint64_t now = attempt_now(attempt);
    const struct conn_tls *tls = &attempt->conn->tls;

    /* No other target is tried after that: it is not the library's verdict. */
    attempt->cert_refused = !accept && (tls->ask || tls->certfail);
    attempt->question_open = false;
    stream_grant(attempt->stream, (int64_t)(now - attempt->question_at -
                                            attempt->question_patience));
    attempt->step_deadline =
        attempt->opened
            ? TIME_NEVER /* the stream's own */
            : now + attempt_patience(attempt, XMPP_OPT_STEP_TIMEOUT);
    tls_stage_answer(attempt->tls_stage, accept);
}

int xmpp_conn_answer_cert(xmpp_conn_t *conn, unsigned long id, int accept)
{
    struct attempt *attempt = conn ? conn_live(conn) : NULL;

    if (!conn)
        return XMPP_EINVOP;
    if (!attempt || !attempt->question_open || id != attempt->question)
        return env_refuse(
            &conn->ctx->env, XMPP_EINVOP,
            "no question %lu about a certificate is waiting for an answer", id);
    end_question(attempt, accept != 0);
    attempt_kick(attempt);
    return 0;
}

/* Ours has three answers, libstrophe's two. */
static int call_cert_handler(struct attempt *attempt,
                             const xmpp_tlscert_t *cert)
{
    xmpp_conn_t *conn = attempt->conn;
    char text[256];
    xmpp_cert_question_t question = {
        .id = attempt->question,
        .cert = cert,
        .domain = way_tls_name(attempt),
        .reasons = tls_stage_reasons(attempt->tls_stage),
        .text = text,
    };

    xmpp_badcert_describe(question.reasons, text, sizeof(text));
    if (conn->tls.ask)
        return conn->tls.ask(conn, &question, conn->tls.ask_userdata);
    return conn->tls.certfail(cert, text) ? XMPP_CERT_ACCEPT : XMPP_CERT_REJECT;
}

/* The application may answer at once or later, end the attempt, or run the loop
 * meanwhile; xmpp_conn_answer_cert() may then have answered already. */
static void ask_application(struct attempt *attempt)
{
    xmpp_conn_t *conn = attempt->conn;
    unsigned reasons = tls_stage_reasons(attempt->tls_stage);
    unsigned long id;
    xmpp_tlscert_t *cert;
    int answer;

    begin_question(attempt);
    id = attempt->question;
    if (!conn->tls.ask && !conn->tls.certfail) {
        /* Without a handler the verdict of the library counts. */
        end_question(attempt, reasons == 0);
        return;
    }
    cert = xmpp_conn_get_peer_cert(conn);
    if (!cert && reasons != XMPP_BADCERT_OTHER)
        fault_set(&attempt->fault, XMPP_LAYER_TLS, XMPP_EMEM, NULL);
    answer = cert ? call_cert_handler(attempt, cert) : XMPP_CERT_REJECT;
    xmpp_tlscert_free(cert);
    if (attempt->over || !attempt->question_open || attempt->question != id)
        return;
    if (answer == XMPP_CERT_LATER)
        attempt->step_deadline =
            attempt_now(attempt) + attempt->question_patience;
    else
        end_question(attempt, answer == XMPP_CERT_ACCEPT);
}

int tls_progress(struct attempt *attempt)
{
    int rc = PIPE_DECIDE;

    while (!attempt->over && attempt->establishing && !attempt->question_open &&
           rc == PIPE_DECIDE && !(stream_wants(attempt->stream) & WANT_DOWN)) {
        rc = pipe_progress(&attempt->pipe);
        if (rc == PIPE_DECIDE)
            ask_application(attempt);
    }
    if (rc == 0 || rc == PIPE_AGAIN || rc == PIPE_DECIDE)
        return rc == 0 ? 0 : PIPE_AGAIN;
    if (attempt->pipe.unready == attempt->tls_stage)
        fault_set(&attempt->fault, XMPP_LAYER_TLS, XMPP_ETLS,
                  "the server closed the connection during the handshake");
    else
        fault_set(&attempt->fault, XMPP_LAYER_TCP, XMPP_ELOST,
                  "the connection was closed before it reached the server");
    attempt->establishing = false;
    return PIPE_FAIL;
}

/* ---- facts ------------------------------------------------------- */

int xmpp_conn_is_secured(xmpp_conn_t *conn)
{
    struct attempt *attempt = conn ? conn_live(conn) : NULL;

    return attempt && attempt->secured;
}

const char *xmpp_conn_get_tls_info(const xmpp_conn_t *conn,
                                   xmpp_tls_info_t which)
{
    struct attempt *attempt = conn ? conn_live(conn) : NULL;

    return attempt && attempt->secured
               ? tls_stage_info(attempt->tls_stage, which)
               : NULL;
}

const char *xmpp_tls_info_name(xmpp_tls_info_t which)
{
    static const char *const names[] = {
#define ROW(name, text, meaning) text,
        XMPP_TLS_INFO_MAP(ROW)
#undef ROW
    };

    return (unsigned)which < XMPP_TLS_INFO_COUNT_ ? names[(unsigned)which]
                                                  : NULL;
}
