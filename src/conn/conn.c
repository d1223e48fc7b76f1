/* conn.c - the connection object: its life and its settings. */

#include "conn/conn.h"

#include "base/quote.h"
#include "conn/attempt.h"
#include "conn/fast.h"
#include "conn/login.h"
#include "conn/pump.h"
#include "conn/session.h"
#include "conn/timed.h"
#include "conn/trust.h"
#include "sasl/sasl.h"

/* ---- life -------------------------------------------------------- */

xmpp_conn_t *xmpp_conn_new(xmpp_ctx_t *ctx)
{
    xmpp_conn_t *conn = ctx ? env_zalloc(&ctx->env, sizeof(*conn)) : NULL;

    if (!conn)
        return NULL;
    conn->ctx = ctx;
    conn->refs = 1;
    env_enter(&ctx->env);
    list_append(&ctx->conns, &conn->in_ctx);
    timed_init(&conn->timed, &ctx->env);
    settings_init(&conn->settings);
    dispatch_init(&conn->dispatch, &ctx->env);
    pump_init(conn);
    return conn;
}

xmpp_conn_t *xmpp_conn_clone(xmpp_conn_t *conn)
{
    if (!conn)
        return NULL;
    conn->refs++;
    return conn;
}

static void free_conn(xmpp_conn_t *conn)
{
    xmpp_ctx_t *ctx = conn->ctx;
    const struct env *env = &ctx->env;

    list_remove(&conn->in_ctx);
    timed_free_all(&conn->timed); /* added by the last calls */
    dispatch_free(&conn->dispatch);
    settings_free(env, &conn->settings);
    trust_free(conn);
    env_free(env, conn->bound);
    env_free(env, conn->named_host);
    env_free(env, conn->offer);
    env_free(env, conn);
    ctx_leave(ctx);
}

void conn_hold(xmpp_conn_t *conn)
{
    conn->holds++;
}

void conn_unhold(xmpp_conn_t *conn)
{
    if (--conn->holds == 0 && conn->dying)
        free_conn(conn);
}

int xmpp_conn_release(xmpp_conn_t *conn)
{
    if (!conn || conn->dying)
        return 0;
    if (--conn->refs > 0)
        return 0;
    conn->dying = true;
    conn_hold(conn);
    attempt_end(conn); /* tells DISCONNECT if it was live */
    session_free(conn);
    routes_clear(&conn->dispatch.takers); /* whoever walks them stops */
    routes_clear(&conn->dispatch.routes);
    timed_free_all(&conn->timed);
    conn_unhold(conn);
    return 1;
}

xmpp_ctx_t *xmpp_conn_get_context(xmpp_conn_t *conn)
{
    return conn ? conn->ctx : NULL;
}

/* ---- settings ---------------------------------------------------- */

int conn_set(xmpp_conn_t *conn, const char *setter, char **member,
             const char *value)
{
    int rc = settings_set(&conn->ctx->env, member, value);

    if (rc)
        env_log(&conn->ctx->env, XMPP_LEVEL_ERROR, "conn",
                "%s: out of memory, the setting keeps its old value", setter);
    return rc;
}

/* Logging in with an old password, or without the given authorities, is not
 * what the application meant. */
void conn_set_or_lose(xmpp_conn_t *conn, const char *setter, char **member,
                      const char *value)
{
    if (conn_set(conn, setter, member, value))
        conn->lost = setter;
    else if (conn->lost && strcmp(conn->lost, setter) == 0)
        conn->lost = NULL;
}

void xmpp_conn_set_jid(xmpp_conn_t *conn, const char *jid)
{
    if (!conn)
        return;
    if (!str_eq(str_of(conn->settings.identity.jid), str_of(jid)))
        login_forget(conn);
    conn_set_or_lose(conn, __func__, &conn->settings.identity.jid, jid);
}

const char *xmpp_conn_get_jid(const xmpp_conn_t *conn)
{
    return conn ? conn->settings.identity.jid : NULL;
}

const char *xmpp_conn_get_bound_jid(const xmpp_conn_t *conn)
{
    return conn ? conn->bound : NULL;
}

void xmpp_conn_set_pass(xmpp_conn_t *conn, const char *pass)
{
    if (conn)
        conn_set_or_lose(conn, __func__, &conn->settings.secrets.pass, pass);
}

const char *xmpp_conn_get_pass(const xmpp_conn_t *conn)
{
    return conn ? conn->settings.secrets.pass : NULL;
}

int xmpp_conn_set_mechanisms(xmpp_conn_t *conn, const char *list)
{
    struct quote said;

    if (!conn)
        return XMPP_EINVOP;
    if (list && !mechanism_bits(str_of(list)))
        return env_refuse(&conn->ctx->env, XMPP_EARG,
                          "\"%s\" has no mechanism that is known: names with "
                          "spaces between them, such as SCRAM-SHA-256",
                          quote(&said, str_of(list)));
    return conn_set(conn, __func__, &conn->settings.identity.mechanisms, list);
}

int xmpp_conn_set_lang(xmpp_conn_t *conn, const char *lang)
{
    return conn ? conn_set(conn, __func__, &conn->settings.identity.lang, lang)
                : XMPP_EINVOP;
}

/* ---- flags ------------------------------------------------------- */

#define TLS_FLAGS                                                              \
    (XMPP_CONN_FLAG_MANDATORY_TLS | XMPP_CONN_FLAG_LEGACY_SSL |                \
     XMPP_CONN_FLAG_TRUST_TLS)

#define ALL_FLAGS                                                              \
    (TLS_FLAGS | XMPP_CONN_FLAG_DISABLE_TLS | XMPP_CONN_FLAG_LEGACY_AUTH |     \
     XMPP_CONN_FLAG_DISABLE_SM | XMPP_CONN_FLAG_ENABLE_COMPRESSION |           \
     XMPP_CONN_FLAG_COMPRESSION_DONT_RESET)

long xmpp_conn_get_flags(const xmpp_conn_t *conn)
{
    return conn ? conn->settings.flags : 0;
}

static int refuse_flags(xmpp_conn_t *conn, const char *why, long flags)
{
    return env_refuse(&conn->ctx->env, XMPP_EINVOP, "flags 0x%lx: %s",
                      (unsigned long)flags, why);
}

int xmpp_conn_set_flags(xmpp_conn_t *conn, long flags)
{
    if (!conn)
        return XMPP_EINVOP;
    if (conn->state != CONN_IDLE)
        return refuse_flags(conn, "only while disconnected", flags);
    if (flags & (long)XMPP_CONN_FLAG_DISABLE_TLS && flags & (long)TLS_FLAGS)
        return refuse_flags(conn,
                            "DISABLE_TLS contradicts the other flags of "
                            "TLS",
                            flags);
    conn->settings.flags = flags & (long)ALL_FLAGS;
    return flags & ~(long)ALL_FLAGS
               ? refuse_flags(conn, "there are no such flags",
                              flags & ~(long)ALL_FLAGS)
               : 0;
}

/* ---- state ------------------------------------------------------- */

int xmpp_conn_is_connecting(xmpp_conn_t *conn)
{
    if (!conn)
        return 0;
    return conn_is_live(conn) && !conn->told_up;
}

int xmpp_conn_is_connected(xmpp_conn_t *conn)
{
    if (!conn)
        return 0;
    return conn_is_live(conn) && conn->told_up;
}

int xmpp_conn_is_disconnected(xmpp_conn_t *conn)
{
    return conn ? !conn_is_live(conn) : 1;
}

const xmpp_failure_t *xmpp_conn_get_failure(const xmpp_conn_t *conn)
{
    if (!conn)
        return NULL;
    return conn->failure.code ? &conn->failure : NULL;
}

void conn_lose(xmpp_conn_t *conn)
{
    if (!conn || conn->state != CONN_TALKING || !conn->told_up)
        return;
    stream_fail(conn->stream, XMPP_EMEM, "what was to be sent would be lost");
    pump_kick(conn);
}

int xmpp_conn_check(xmpp_conn_t *conn, unsigned long patience)
{
    int rc;

    if (!conn || conn->state != CONN_TALKING)
        return XMPP_ENOTCONN;
    rc = stream_check(conn->stream, patience, conn_now(conn));
    pump_kick(conn);
    return rc;
}

void xmpp_conn_drop(xmpp_conn_t *conn)
{
    if (!conn || !conn_is_live(conn))
        return;
    if (conn->state == CONN_TALKING)
        stream_abort(conn->stream);
    pump_kick(conn);
}

void xmpp_disconnect(xmpp_conn_t *conn)
{
    if (!conn)
        return;
    if (!conn_is_live(conn))
        return;
    conn->stop_asked = true;
    if (conn->state == CONN_TALKING &&
        !(conn->securing && !conn->secured && conn->account.direct_tls))
        stream_close(conn->stream, conn_now(conn));
    else if (conn->state == CONN_TALKING)
        stream_abort(conn->stream);
    else
        conn->stop_asked = true;
    pump_kick(conn);
}
