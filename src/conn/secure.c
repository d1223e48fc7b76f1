/* secure.c - TLS on a connection: from its beginning to the verdict. */

#include "conn/secure.h"

#include <stdio.h>

#include "conn/tlscert.h"
#include "conn/trust.h"

/* ---- the handshake ----------------------------------------------- */

/* The application may be asked for a password, and do anything: end the
 * attempt, or run the loop, which begins the same. False if there is nothing to
 * do any more. */
static bool prepare(struct attempt *attempt)
{
    struct tls_password password = trust_password(attempt->conn);
    struct fault fault = {0};

    tls_trust_prepare(attempt->trust, &password, &fault);
    if (fault_is_set(&fault))
        attempt->fault = fault;
    return !attempt->over && !attempt->tls_stage;
}

bool secure_prepare(struct attempt *attempt, struct tls_wanted *ret)
{
    xmpp_conn_t *conn = attempt->conn;
    const struct settings *set = &attempt->account.settings;
    const long *options = conn->settings.options;

    if (!prepare(attempt))
        return false;
    *ret = (struct tls_wanted){
        .trust = attempt->trust,
        .domain = attempt->account.domain,
        .pins = set->tls.pins,
        .pins_n = set->tls.pins_n,
        .pins_suffice = options[XMPP_OPT_TLS_PIN_SUFFICES] != 0,
        .require_status = options[XMPP_OPT_TLS_REQUIRE_STATUS] != 0,
        .ask_always = conn->tls.ask && options[XMPP_OPT_TLS_ASK_ALWAYS],
        .ticket = options[XMPP_OPT_TLS_RESUME] ? &conn->tls.ticket : NULL,
        .dane = attempt->dane,
        .needs_dane = options[XMPP_OPT_DANE] == 2,
        .alpn = attempt->target.direct_tls,
    };
    return true;
}

void secure_begin(struct attempt *attempt)
{
    struct tls_wanted wanted;
    struct stage *stage = NULL;

    if (!secure_prepare(attempt, &wanted))
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

void secure_expire(struct attempt *attempt)
{
    if (!attempt->tls_stage) {
        fault_set(&attempt->fault, XMPP_LAYER_TCP, XMPP_ETIMEOUT,
                  "reaching the server by what lies between took too long");
        return;
    }
    fault_set(&attempt->fault, XMPP_LAYER_TLS, XMPP_ETIMEOUT,
              attempt->asking
                  ? "the application did not decide about the certificate"
                  : "the TLS handshake took too long");
    if (attempt->target.direct_tls && tls_stage_is_silent(attempt->tls_stage))
        fault_add(&attempt->fault, "is this port for STARTTLS?");
    attempt->establishing = attempt->asking = false;
}

void secure_log(const struct attempt *attempt)
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

/* ---- the question ------------------------------------------------ */

/* Nobody's patience runs while the application thinks; how long that may last
 * is counted apart. */
static void begin_question(struct attempt *attempt)
{
    uint64_t patience = attempt_patience(attempt, XMPP_OPT_TLS_ANSWER_TIMEOUT);

    attempt->asking = true;
    attempt->question = ++attempt->conn->questions;
    attempt->asked_at = attempt_now(attempt);
    stream_grant(attempt->stream, (int64_t)patience);
    attempt->asked_patience = patience;
    attempt->step_deadline = TIME_NEVER; /* while the handler itself runs */
}

static void end_question(struct attempt *attempt, bool accept)
{
    uint64_t now = attempt_now(attempt);

    attempt->asking = false;
    stream_grant(attempt->stream,
                 (int64_t)(now - attempt->asked_at - attempt->asked_patience));
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
    if (!attempt || !attempt->asking || id != attempt->question)
        return env_refuse(
            &conn->ctx->env, XMPP_EINVOP,
            "there is no question %lu about a certificate, or not "
            "any more",
            id);
    end_question(attempt, accept != 0);
    attempt_kick(attempt);
    return 0;
}

/* What the handler, in whichever form, says to it. */
static int put_question(struct attempt *attempt, const xmpp_tlscert_t *cert)
{
    xmpp_conn_t *conn = attempt->conn;
    char text[256];
    xmpp_cert_question_t question = {
        .id = attempt->question,
        .cert = cert,
        .domain = attempt->account.domain,
        .reasons = tls_stage_reasons(attempt->tls_stage),
        .text = text,
    };

    xmpp_badcert_describe(question.reasons, text, sizeof(text));
    if (conn->tls.ask)
        return conn->tls.ask(conn, &question, conn->tls.ask_userdata);
    return conn->tls.certfail(cert, text) ? XMPP_CERT_ACCEPT : XMPP_CERT_REJECT;
}

/* Ask the application. It may answer at once or later, end the attempt, or
 * run the loop meanwhile. */
static void ask(struct attempt *attempt)
{
    xmpp_conn_t *conn = attempt->conn;
    unsigned reasons = tls_stage_reasons(attempt->tls_stage);
    unsigned long id;
    xmpp_tlscert_t *cert;
    int answer;

    begin_question(attempt);
    id = attempt->question;
    if (!conn->tls.ask && !conn->tls.certfail) {
        end_question(attempt, reasons == 0);
        return;
    }
    cert = xmpp_conn_get_peer_cert(conn);
    if (!cert && reasons != XMPP_BADCERT_OTHER)
        fault_set(&attempt->fault, XMPP_LAYER_TLS, XMPP_EMEM, NULL);
    answer = cert ? put_question(attempt, cert) : XMPP_CERT_REJECT;
    xmpp_tlscert_free(cert);
    if (attempt->over || !attempt->asking || attempt->question != id)
        return;
    if (answer == XMPP_CERT_LATER)
        attempt->step_deadline = attempt_now(attempt) + attempt->asked_patience;
    else
        end_question(attempt, answer == XMPP_CERT_ACCEPT);
}

int secure_progress(struct attempt *attempt)
{
    int rc = PIPE_ASK;

    while (!attempt->over && attempt->establishing && !attempt->asking &&
           rc == PIPE_ASK && !(stream_wants(attempt->stream) & WANT_DOWN)) {
        rc = pipe_progress(&attempt->pipe);
        if (rc == PIPE_ASK)
            ask(attempt);
    }
    if (rc == 0 || rc == PIPE_AGAIN || rc == PIPE_ASK)
        return rc == 0 ? 0 : PIPE_AGAIN;
    fault_set(&attempt->fault, XMPP_LAYER_TLS, XMPP_ETLS,
              "the server closed the connection during the handshake");
    attempt->establishing = false;
    return PIPE_FAIL;
}

/* ---- what was agreed on ------------------------------------------ */

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
