/* attempt.c - one attempt to connect: how it starts and how it ends. */

#include "conn/attempt.h"

#include <errno.h>
#include <stdio.h>

#include "address/idna.h"
#include "base/quote.h"
#include "conn/account.h"
#include "conn/dialing.h"
#include "conn/early.h"
#include "conn/fast.h"
#include "conn/paths.h"
#include "conn/pump.h"
#include "conn/redirect.h"
#include "conn/secure.h"
#include "conn/session.h"
#include "conn/timed.h"
#include "conn/trust.h"
#include "conn/vouch.h"
#include "net/sock.h"
#include "stanza/conditions.h"
#include "stream/sm.h"

#define PORT_COMPONENT 5347

/* ---- the end ----------------------------------------------------- */

/* libstrophe's error number: an errno for the transport, the TLS library's
 * code for TLS, 0 for everything that the server decided, the end of its stream
 * among it (`ended`). */
static int old_error(const struct fault *fault, bool ended)
{
    if (fault->code == XMPP_EEOF)
        return ended ? 0 : ECONNRESET;
    switch (fault->layer) {
    case XMPP_LAYER_DNS:
    case XMPP_LAYER_TCP:
        if (fault->os)
            return fault->os;
        return fault->code == XMPP_ETIMEOUT ? ETIMEDOUT : ECONNABORTED;
    case XMPP_LAYER_TLS:
        return fault->os ? fault->os : ECONNABORTED;
    default:
        return 0;
    }
}

static void keep_failure(xmpp_conn_t *conn, const struct fault *fault)
{
    bool ended = conn->stream && stream_agreed(conn->stream)->ended;

    conn->old_error = old_error(fault, ended);
    fault_describe(fault, conn->failure_message, sizeof(conn->failure_message));
    account_hint(conn, fault, conn->failure_message,
                 sizeof(conn->failure_message));
    conn->failure = (xmpp_failure_t){
        .layer = fault->layer,
        .code = fault->code,
        .os_error = fault->os,
        .retry = fault_may_retry(fault, conn->told_up),
        .condition = fault->condition[0] ? fault->condition : "",
        .text = fault->text[0] ? fault->text : "",
        .message = conn->failure_message,
    };
}

void attempt_keep_failure(xmpp_conn_t *conn)
{
    keep_failure(conn, &conn->fault);
}

static void free_transport(xmpp_conn_t *conn)
{
    struct poll *poll = conn->ctx->poll;

    dial_free(conn->dial);
    conn->dial = NULL;
    if (conn->watch.events)
        poll_watch(poll, &conn->watch, 0);
    poll_clear_alarm(poll, &conn->deadline);
    poll_clear_alarm(poll, &conn->again);
    secure_reset(conn);
    trust_forget(conn);
    pipe_free(&conn->pipe);
    vouch_end(conn); /* TLS looked at it */
    if (conn->trust)
        tls_trust_release(&conn->ctx->trusts, conn->trust);
    conn->trust = NULL;
    stream_free(conn->stream);
    conn->stream = NULL;
}

static void tell_down(xmpp_conn_t *conn, xmpp_stanza_t *error)
{
    xmpp_stream_error_t se = {XMPP_SE_UNDEFINED_CONDITION, NULL, error};
    struct str condition, text;
    char copy[sizeof(conn->fault.text)];

    if (error) {
        condition_read(error, NS_STREAM_ERRORS, &condition, &text);
        se.type = condition_type(condition);
        if (text.s) {
            snprintf(copy, sizeof(copy), "%.*s", STR_ARG(text));
            se.text = copy;
        }
    }
    if (conn->handler)
        conn->handler(conn, XMPP_CONN_DISCONNECT, conn->old_error,
                      error ? &se : NULL, conn->userdata);
}

/* Back to nothing, except for what is yet to be told. */
static void clear(xmpp_conn_t *conn)
{
    const struct env *env = &conn->ctx->env;

    attempt_keep_failure(conn);
    early_keep(conn);
    paths_learn(conn);
    if (conn->fault.code)
        env_log(env, conn->failure.retry ? XMPP_LEVEL_WARN : XMPP_LEVEL_ERROR,
                "conn", "disconnected: %s", conn->failure_message);
    else
        env_log(env, XMPP_LEVEL_INFO, "conn", "disconnected");
    free_transport(conn);
    timed_disarm_all(&conn->timed);
    account_free(conn);
    conn->state = CONN_OVER;
    conn->pressure = (struct pressure){0, 0};
    conn->told_up = conn->asked = false;
    conn->ending = conn->down = conn->feeding = conn->stop_asked = false;
    conn->attempt++;
}

static bool follow(xmpp_conn_t *conn);

void attempt_end(xmpp_conn_t *conn)
{
    if (conn_is_live(conn) && redirect_take(conn) && follow(conn))
        return;
    if (conn_is_live(conn))
        clear(conn);
    if (conn->state != CONN_OVER)
        return;
    /* A handler in here may release the connection, which comes here again
     * and tells the rest at once; then nothing is left to be told. */
    requests_end(&conn->dispatch.requests, conn, XMPP_ENOTCONN);
    if (conn->state == CONN_OVER)
        session_changed(conn);
    if (conn->state == CONN_OVER)
        session_tell_done(conn);
    if (conn->state == CONN_OVER) {
        xmpp_stanza_t *error = conn->stream_error;

        conn->stream_error = NULL;
        conn->state = CONN_IDLE;
        tell_down(conn, error);
        xmpp_stanza_release(error);
    }
}

void attempt_tell_up(xmpp_conn_t *conn, xmpp_conn_event_t event)
{
    timed_arm_all(&conn->timed);
    if (event == XMPP_CONN_CONNECT)
        conn->told_up = true;
    if (conn->handler)
        conn->handler(conn, event, 0, NULL, conn->userdata);
}

/* ---- the start --------------------------------------------------- */

static bool has_scratch(xmpp_ctx_t *ctx)
{
    if (!ctx->scratch)
        ctx->scratch = env_alloc(&ctx->env, SCRATCH_SIZE);
    return ctx->scratch != NULL;
}

static bool make_transport(xmpp_conn_t *conn)
{
    const struct settings *set = &conn->account.settings;
    const struct tls_config trust = {
        .cafile = set->tls.cafile,
        .capath = set->tls.capath,
        .crlfile = set->tls.crlfile,
        .cert = set->tls.cert,
        .key = set->tls.key,
        .trust_any = (set->flags & XMPP_CONN_FLAG_TRUST_TLS) != 0,
    };

    conn->trust = tls_trust_get(&conn->ctx->env, &conn->ctx->trusts, &trust);
    conn->stream =
        stream_new(&conn->ctx->env, &conn->account.wanted, &conn->fault);
    return conn->trust && conn->stream;
}

/* The same attempt goes on at another host. Nothing is told: the account and
 * all that waits are as they were. */
static bool follow(xmpp_conn_t *conn)
{
    free_transport(conn);
    xmpp_stanza_release(conn->stream_error);
    conn->stream_error = NULL;
    conn->fault = (struct fault){0};
    conn->ending = conn->down = conn->feeding = conn->asked = false;
    conn->attempt++;
    conn->state = CONN_DIALING;
    if (fast_again(conn) == 0 && make_transport(conn) && dialing_redirect(conn))
        return true;
    fault_set(&conn->fault, XMPP_LAYER_APP, XMPP_EMEM, NULL);
    return false;
}

static bool make_parts(xmpp_conn_t *conn, const char *host, unsigned port)
{
    if (!has_scratch(conn->ctx) || redirect_begin(conn, host, port) ||
        session_prepare(conn) || !make_transport(conn))
        return false;
    return dialing_begin(conn, host, port);
}

/* A host of the application's may be written in Unicode. */
static int host_in_ascii(xmpp_conn_t *conn, const char **host, char *room)
{
    xmpp_text_error_t wrong;
    struct quote said;
    int rc;

    if (str_is_ascii(str_of(*host)))
        return 0;
    rc = idna_to_ascii(str_of(*host), room, &wrong);
    if (rc == XMPP_EARG)
        return fault_set(&conn->fault, XMPP_LAYER_APP, rc,
                         "\"%s\" is not a valid name of a host: %s",
                         quote(&said, str_of(*host)), wrong.reason);
    *host = room;
    return rc;
}

/* The call itself failed: no event will tell it, so the log does. While an
 * earlier attempt has its end yet to be told, that failure is kept. */
static int refuse(xmpp_conn_t *conn, const struct fault *fault)
{
    struct env *env = &conn->ctx->env;
    char words[sizeof(conn->failure_message)];

    fault_describe(fault, words, sizeof(words));
    env_log(env, XMPP_LEVEL_ERROR, "conn", "not connecting: %s", words);
    if (conn->state != CONN_OVER)
        keep_failure(conn, fault);
    return env_refuse(env, fault->code, "%s", words);
}

static int misuse(xmpp_conn_t *conn, const char *words)
{
    struct fault fault = {0};

    fault_set(&fault, XMPP_LAYER_APP, XMPP_EINVOP, "%s", words);
    return refuse(conn, &fault);
}

/* A setter that has no result had no memory: the application hears it now. */
static int refuse_lost(xmpp_conn_t *conn)
{
    struct fault fault = {0};

    fault_set(&fault, XMPP_LAYER_APP, XMPP_EMEM,
              "%s() could not keep its value: call it again", conn->lost);
    return refuse(conn, &fault);
}

static int check_idle(xmpp_conn_t *conn)
{
    if (conn_is_live(conn))
        return misuse(conn, "this connection is in use: end it, and wait for "
                            "XMPP_CONN_DISCONNECT");
    if (conn->state != CONN_IDLE)
        return misuse(conn, "the last connection is still ending: wait for "
                            "XMPP_CONN_DISCONNECT");
    if (conn->ctx->finishing)
        return misuse(conn, "the context is ended by xmpp_ctx_finish()");
    if (conn->dying)
        return misuse(conn, "this connection is being released");
    return conn->lost ? refuse_lost(conn) : 0;
}

/* Who logs in, and where. A password may be asked for, and anything be done
 * meanwhile. */
static int take_settings(xmpp_conn_t *conn, enum stream_kind kind,
                         const char **host, char *room)
{
    int rc = trust_take_jid(conn);

    if (conn->dying)
        return fault_set(&conn->fault, XMPP_LAYER_APP, XMPP_EINVOP,
                         "this connection is being released");
    if (rc == 0)
        rc = host_in_ascii(conn, host, room);
    return rc ? rc : account_init(conn, kind);
}

/* What says no more than its code is told here. */
static int refuse_start(xmpp_conn_t *conn, int rc)
{
    fault_set(&conn->fault, XMPP_LAYER_APP, rc, NULL);
    return refuse(conn, &conn->fault);
}

static int start(xmpp_conn_t *conn, enum stream_kind kind, const char *host,
                 unsigned port, xmpp_conn_handler handler, void *userdata)
{
    char ascii[IDNA_NAME_MOST + 1];
    int rc = conn ? check_idle(conn) : XMPP_EINVOP;

    if (rc)
        return rc;
    conn->fault = (struct fault){0};
    conn->by_location = false;
    conn->failure = (xmpp_failure_t){0};
    conn_hold(conn);
    rc = take_settings(conn, kind, &host, ascii);
    if (rc)
        refuse_start(conn, rc);
    conn_unhold(conn);
    if (rc)
        return rc;
    env_free(&conn->ctx->env, conn->bound);
    conn->bound = NULL;
    if (!make_parts(conn, host, port)) {
        free_transport(conn);
        account_free(conn);
        return refuse_start(conn, XMPP_EMEM);
    }
    conn->handler = handler;
    conn->userdata = userdata;
    conn->state = CONN_DIALING;
    conn->attempt++;
    return 0;
}

int xmpp_connect_client(xmpp_conn_t *conn, const char *altdomain,
                        unsigned short altport, xmpp_conn_handler callback,
                        void *userdata)
{
    return start(conn, STREAM_CLIENT, altdomain, altport, callback, userdata);
}

int xmpp_connect_raw(xmpp_conn_t *conn, const char *altdomain,
                     unsigned short altport, xmpp_conn_handler callback,
                     void *userdata)
{
    return start(conn, STREAM_RAW, altdomain, altport, callback, userdata);
}

int xmpp_connect_component(xmpp_conn_t *conn, const char *server,
                           unsigned short port, xmpp_conn_handler callback,
                           void *userdata)
{
    if (conn && !conn->settings.secrets.pass)
        return misuse(conn,
                      "a component needs its secret: xmpp_conn_set_pass()");
    if (conn && !server)
        return misuse(conn,
                      "a component needs the name of the server to reach");
    return start(conn, STREAM_COMPONENT, server, port ? port : PORT_COMPONENT,
                 callback, userdata);
}
