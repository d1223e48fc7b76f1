/* secure.c - TLS on a connection: from its beginning to the verdict. */

#include "conn/secure.h"

#include <stdio.h>

#include "conn/pump.h"
#include "conn/tlscert.h"
#include "conn/trust.h"

/* ---- the handshake ----------------------------------------------- */

/* The application may be asked for a password, and do anything. False if the
 * attempt is over then. */
static bool prepare(xmpp_conn_t *conn)
{
    struct tls_password password = trust_password(conn);
    struct tls_trust *trust = conn->trust;
    unsigned attempt = conn->attempt;
    struct fault fault = {0};

    tls_trust_hold(trust);
    tls_trust_prepare(trust, &password, &fault);
    tls_trust_release(&conn->ctx->trusts, trust);
    if (conn->attempt != attempt)
        return false;
    if (fault_is_set(&fault))
        conn->fault = fault;
    return true;
}

void secure_begin(xmpp_conn_t *conn, bool alpn)
{
    const struct settings *set = &conn->account.settings;
    const long *options = conn->settings.options;
    const struct tls_wanted wanted = {
        .trust = conn->trust,
        .domain = conn->account.domain,
        .pins = set->tls.pins,
        .pins_n = set->tls.pins_n,
        .pins_suffice = options[XMPP_OPT_TLS_PIN_SUFFICES] != 0,
        .require_status = options[XMPP_OPT_TLS_REQUIRE_STATUS] != 0,
        .ask_always = conn->tls.ask && options[XMPP_OPT_TLS_ASK_ALWAYS],
        .ticket = options[XMPP_OPT_TLS_RESUME] ? &conn->tls.ticket : NULL,
        .dane = conn->dane,
        .needs_dane = options[XMPP_OPT_DANE] == 2,
        .alpn = alpn,
    };
    struct stage *stage = NULL;

    if (!prepare(conn))
        return;
    if (!fault_is_set(&conn->fault))
        stage = tls_stage_new(&conn->ctx->env, conn->pipe.top, &wanted,
                              &conn->fault);
    if (!stage) {
        fault_set(&conn->fault, XMPP_LAYER_TLS, XMPP_EMEM, NULL);
        stream_abort(conn->stream);
        return;
    }
    pipe_push(&conn->pipe, stage);
    conn->tls_stage = stage;
    conn->securing = true;
}

void secure_expire(xmpp_conn_t *conn)
{
    fault_set(&conn->fault, XMPP_LAYER_TLS, XMPP_ETIMEOUT,
              conn->asking
                  ? "the application did not decide about the certificate"
                  : "the TLS handshake took too long");
    if (conn->account.direct_tls && tls_stage_is_silent(conn->tls_stage))
        fault_add(&conn->fault, "is this port for STARTTLS?");
    conn->securing = conn->asking = false;
}

void secure_log(const xmpp_conn_t *conn)
{
    const struct stage *tls = conn->tls_stage;
    const char *cipher = tls_stage_info(tls, XMPP_TLS_CIPHER);
    const char *group = tls_stage_info(tls, XMPP_TLS_GROUP);

    env_log(&conn->ctx->env, XMPP_LEVEL_INFO, "tls",
            "secured by %s %s %s, verified: %s, resumed: %s",
            tls_stage_info(tls, XMPP_TLS_PROTOCOL), cipher ? cipher : "",
            group ? group : "", tls_stage_info(tls, XMPP_TLS_VERIFIED),
            tls_stage_info(tls, XMPP_TLS_RESUMED));
}

void secure_reset(xmpp_conn_t *conn)
{
    conn->tls_stage = NULL;
    conn->securing = conn->secured = conn->asking = false;
}

/* ---- the question ------------------------------------------------ */

/* Nobody's patience runs while the application thinks; how long that may last
 * is counted apart. */
static void begin_question(xmpp_conn_t *conn)
{
    uint64_t patience = conn_patience(conn, XMPP_OPT_TLS_ANSWER_TIMEOUT);

    conn->asking = true;
    conn->question++;
    conn->asked_at = conn_now(conn);
    stream_grant(conn->stream, (int64_t)patience);
    conn->asked_patience = patience;
    conn->step_deadline = TIME_NEVER; /* while the handler itself runs */
}

static void end_question(xmpp_conn_t *conn, bool accept)
{
    uint64_t now = conn_now(conn);

    conn->asking = false;
    stream_grant(conn->stream,
                 (int64_t)(now - conn->asked_at - conn->asked_patience));
    conn->step_deadline = conn->account.direct_tls
                              ? now + conn_patience(conn, XMPP_OPT_STEP_TIMEOUT)
                              : TIME_NEVER;
    tls_stage_answer(conn->tls_stage, accept);
}

int xmpp_conn_answer_cert(xmpp_conn_t *conn, unsigned long id, int accept)
{
    if (!conn)
        return XMPP_EINVOP;
    if (!conn->asking || id != conn->question)
        return env_refuse(
            &conn->ctx->env, XMPP_EINVOP,
            "there is no question %lu about a certificate, or not "
            "any more",
            id);
    end_question(conn, accept != 0);
    pump_kick(conn);
    return 0;
}

/* What the handler, in whichever form, says to it. */
static int put_question(xmpp_conn_t *conn, const xmpp_tlscert_t *cert)
{
    char text[256], domain[1024]; /* the attempt may end in the call */
    xmpp_cert_question_t question = {
        .id = conn->question,
        .cert = cert,
        .domain = domain,
        .reasons = tls_stage_reasons(conn->tls_stage),
        .text = text,
    };

    snprintf(domain, sizeof(domain), "%s", conn->account.domain);
    xmpp_badcert_describe(question.reasons, text, sizeof(text));
    if (conn->tls.ask)
        return conn->tls.ask(conn, &question, conn->tls.ask_userdata);
    return conn->tls.certfail(cert, text) ? XMPP_CERT_ACCEPT : XMPP_CERT_REJECT;
}

/* Ask the application. It may answer at once or later, end the attempt, or
 * run the loop meanwhile. */
static void ask(xmpp_conn_t *conn)
{
    unsigned attempt = conn->attempt;
    unsigned long id;
    xmpp_tlscert_t *cert;
    int answer;

    begin_question(conn);
    id = conn->question;
    if (!conn->tls.ask && !conn->tls.certfail) {
        end_question(conn, tls_stage_reasons(conn->tls_stage) == 0);
        return;
    }
    cert = xmpp_conn_get_peer_cert(conn);
    if (!cert && tls_stage_reasons(conn->tls_stage) != XMPP_BADCERT_OTHER)
        fault_set(&conn->fault, XMPP_LAYER_TLS, XMPP_EMEM, NULL);
    answer = cert ? put_question(conn, cert) : XMPP_CERT_REJECT;
    xmpp_tlscert_free(cert);
    if (conn->attempt != attempt || !conn->asking || conn->question != id)
        return;
    if (answer == XMPP_CERT_LATER)
        conn->step_deadline = conn_now(conn) + conn->asked_patience;
    else
        end_question(conn, answer == XMPP_CERT_ACCEPT);
}

int secure_progress(xmpp_conn_t *conn)
{
    unsigned attempt = conn->attempt;
    int rc = PIPE_ASK;

    while (conn->attempt == attempt && conn->securing && !conn->asking &&
           rc == PIPE_ASK && !(stream_wants(conn->stream) & WANT_DOWN)) {
        rc = pipe_progress(&conn->pipe);
        if (rc == PIPE_ASK)
            ask(conn);
    }
    if (rc == 0 || rc == PIPE_AGAIN || rc == PIPE_ASK)
        return rc == 0 ? 0 : PIPE_AGAIN;
    fault_set(&conn->fault, XMPP_LAYER_TLS, XMPP_ETLS,
              "the server closed the connection during the handshake");
    conn->securing = false;
    return PIPE_FAIL;
}

/* ---- what was agreed on ------------------------------------------ */

int xmpp_conn_is_secured(xmpp_conn_t *conn)
{
    return conn ? conn->secured : 0;
}

const char *xmpp_conn_get_tls_info(const xmpp_conn_t *conn,
                                   xmpp_tls_info_t which)
{
    return conn && conn->secured && conn->tls_stage
               ? tls_stage_info(conn->tls_stage, which)
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
