/* life.c - the life of a connection object: made, connected, released. */

#include "address/idna.h"
#include "base/quote.h"
#include "conn/account.h"
#include "conn/causes.h"
#include "conn/course.h"
#include "conn/ending.h"
#include "conn/expiry.h"
#include "conn/failure.h"
#include "conn/login.h"
#include "conn/module.h"
#include "conn/outgoing.h"
#include "conn/reconnect.h"
#include "conn/redirect.h"
#include "conn/sender_rules.h"
#include "conn/session.h"
#include "conn/trust.h"

#define PORT_COMPONENT 5347

/* ---- the object -------------------------------------------------- */

static void free_conn(xmpp_conn_t *conn)
{
    xmpp_ctx_t *ctx = conn->ctx;
    const struct env *env = &ctx->env;

    module_free(conn);
    outgoing_forget(conn);
    list_remove(&conn->in_ctx);
    ending_clear(conn);
    causes_clear(conn);
    expiry_clear(conn);
    dispatch_free(&conn->dispatch);
    login_forget_keys(conn);
    failure_forget(conn);
    redirect_forget(conn);
    settings_free(env, &conn->settings);
    trust_free(conn);
    env_free(env, conn->bound);
    env_free(env, conn->named_host);
    env_free(env, conn->offer);
    env_free(env, conn->send_as);
    env_free(env, conn);
    ctx_leave(ctx);
}

static int start_anew(xmpp_conn_t *conn, enum stream_kind kind);

xmpp_conn_t *xmpp_conn_new(xmpp_ctx_t *ctx)
{
    xmpp_conn_t *conn = ctx ? env_zalloc(&ctx->env, sizeof(*conn)) : NULL;

    if (!conn)
        return NULL;
    conn->ctx = ctx;
    conn->refs = 1;
    conn->destroy = free_conn;
    /* A context that is freed too early lives on until this connection is
     * gone. */
    env_enter(&ctx->env);
    ctx->conns_n++;
    list_append(&ctx->conns, &conn->in_ctx);
    timed_init(&conn->timed, &ctx->env, &ctx->slots, conn_hold, conn_unhold);
    ending_init(conn);
    expiry_init(conn);
    reconnect_init(conn, start_anew);
    settings_init_options(conn->options);
    dispatch_init(&conn->dispatch, &ctx->env, &ctx->slots, &sender_rules);
    conn->dispatch.members.sets = &ctx->sets;
    return conn;
}

xmpp_conn_t *xmpp_conn_clone(xmpp_conn_t *conn)
{
    if (!conn)
        return NULL;
    conn->refs++;
    return conn;
}

/* A program without a loop ends at once, and nothing else says why. */
static void end_attempt(xmpp_conn_t *conn)
{
    if (!conn->ctx->has_run)
        env_log(&conn->ctx->env, XMPP_LEVEL_WARN, "conn",
                "released before the loop ran: call xmpp_run() after the "
                "connect call");
    course_end(conn->attempt);
}

/* Everything that is still to be delivered is delivered in here, because the
 * application may free its userdata as soon as this returns. */
int xmpp_conn_release(xmpp_conn_t *conn)
{
    if (!conn || conn->dying)
        return 0;
    if (--conn->refs > 0)
        return 0;
    /* From here on nothing can be added (conn/handler). The order below is
     * that of the promises: DISCONNECT, the end of every action, the outcome of
     * every stanza, the end of the session for modules, then userdata. */
    conn->dying = true;
    conn->ctx->conns_n--;
    conn_hold(conn);
    reconnect_release(conn);
    if (conn->attempt)
        end_attempt(conn);
    ending_all(conn);
    session_free(conn);
    module_release(conn);
    dispatch_clear(&conn->dispatch); /* takes nothing more, see handler.c */
    timed_free_all(&conn->timed);
    /* Modules may be detached later, when the store is gone. */
    conn_leave_store(conn);
    conn_unhold(conn);
    return 1;
}

/* ---- connect calls ----------------------------------------------- */

static int misuse(xmpp_conn_t *conn, const char *words)
{
    struct fault fault = {0};

    fault_set(&fault, XMPP_LAYER_APP, XMPP_EINVOP, "%s", words);
    return failure_refuse(conn, &fault);
}

/* A setter without a result had no memory. This call is the first that can
 * report it. */
static int refuse_lost(xmpp_conn_t *conn)
{
    struct fault fault = {0};

    fault_set(&fault, XMPP_LAYER_APP, XMPP_EMEM,
              "%s() could not keep its value: call it again", conn->lost);
    return failure_refuse(conn, &fault);
}

static int check_idle(xmpp_conn_t *conn)
{
    if (conn_live(conn))
        return misuse(conn, "this connection is in use: end it, and wait for "
                            "XMPP_CONN_DISCONNECT");
    if (conn->attempt)
        return misuse(conn, "the last connection is still ending: wait for "
                            "XMPP_CONN_DISCONNECT");
    if (conn->ctx->finishing)
        return misuse(conn, "xmpp_ctx_finish() is ending this context");
    if (conn->dying)
        return misuse(conn, "this connection is being released");
    return conn->lost ? refuse_lost(conn) : 0;
}

/* Where no words explain the code, the code's own are used. */
static int refuse_start(xmpp_conn_t *conn, struct fault *fault, int rc)
{
    fault_set(fault, XMPP_LAYER_APP, rc, NULL);
    return failure_refuse(conn, fault);
}

/* "example.org:5222", "[::1]:5222": but "::1" is only an address. */
static bool names_port(const char *host)
{
    const char *colon = strrchr(host, ':');

    if (!colon || !colon[1] || colon[1 + strspn(colon + 1, "0123456789")])
        return false;
    return colon == strchr(host, ':') || (colon > host && colon[-1] == ']');
}

/* A host of the application's may be written in Unicode. */
static int host_in_ascii(const char **host, char *room, struct fault *fault)
{
    xmpp_text_error_t wrong;
    struct quote said;
    int rc;

    if (*host && names_port(*host))
        return fault_set(fault, XMPP_LAYER_APP, XMPP_EARG,
                         "\"%s\" names a port: pass it as an argument of its "
                         "own",
                         quote(&said, str_of(*host)));
    if (str_is_ascii(str_of(*host)))
        return 0;
    rc = idna_to_ascii(str_of(*host), room, &wrong);
    if (rc == XMPP_EARG)
        return fault_set(fault, XMPP_LAYER_APP, rc,
                         "\"%s\" is not a valid host name: %s",
                         quote(&said, str_of(*host)), wrong.reason);
    *host = room;
    return rc;
}

/* The attempt was refused: it goes, and its fault stays. */
static int discard_attempt(struct attempt *attempt, struct fault *fault, int rc)
{
    *fault = attempt->fault;
    course_discard(attempt);
    return rc;
}

static int begin_attempt(xmpp_conn_t *conn, enum stream_kind kind,
                         const char *host, unsigned port, struct fault *fault)
{
    struct attempt *attempt = course_new(conn);
    int rc;

    if (!attempt)
        return XMPP_EMEM;
    /* An address or setting that is not valid refuses the call, and leaves the
     * last bound address. */
    rc = account_init(attempt, kind);
    if (rc)
        return discard_attempt(attempt, fault, rc);
    env_free(&conn->ctx->env, conn->bound);
    conn->bound = NULL;
    return course_start(attempt, host, port)
               ? 0
               : discard_attempt(attempt, fault, XMPP_EMEM);
}

/* If no address is set, our certificate gives it. The application may then be
 * asked for the key's password, and may do anything meanwhile: hence the second
 * check. */
static int start_attempt(xmpp_conn_t *conn, enum stream_kind kind,
                         const char *host, unsigned port,
                         xmpp_conn_handler handler, void *userdata)
{
    char ascii[IDNA_NAME_MOST + 1];
    struct fault fault = {0};
    int rc = check_idle(conn);

    if (rc)
        return rc;
    failure_forget(conn);
    causes_clear(conn);
    rc = trust_take_jid(conn, &fault);
    if (rc)
        return refuse_start(conn, &fault, rc);
    rc = check_idle(conn);
    if (rc)
        return rc;
    rc = host_in_ascii(&host, ascii, &fault);
    if (rc == 0)
        rc = begin_attempt(conn, kind, host, port, &fault);
    if (rc)
        return refuse_start(conn, &fault, rc);
    /* Set last: a call that is refused leaves the earlier handler. Nothing is
     * delivered before the next turn of the loop. */
    conn->handler = handler;
    conn->userdata = userdata;
    expiry_arm(conn); /* for a session that was moved here */
    reconnect_begin(conn, kind);
    return 0;
}

/* The same once more, where the last connect call led, and for its handler. */
static int start_anew(xmpp_conn_t *conn, enum stream_kind kind)
{
    struct fault fault = {0};
    int rc = check_idle(conn);

    if (rc)
        return rc;
    failure_forget(conn);
    causes_clear(conn);
    rc = begin_attempt(conn, kind, conn->named_host, conn->named_port, &fault);
    return rc ? refuse_start(conn, &fault, rc) : 0;
}

static int start_held(xmpp_conn_t *conn, enum stream_kind kind,
                      const char *host, unsigned port,
                      xmpp_conn_handler handler, void *userdata)
{
    int rc;

    if (!conn)
        return XMPP_EINVOP;
    /* The callbacks of start_attempt() may release it. */
    conn_hold(conn);
    rc = start_attempt(conn, kind, host, port, handler, userdata);
    conn_unhold(conn);
    return rc;
}

int xmpp_connect_client(xmpp_conn_t *conn, const char *altdomain,
                        unsigned short altport, xmpp_conn_handler callback,
                        void *userdata)
{
    return start_held(conn, STREAM_CLIENT, altdomain, altport, callback,
                      userdata);
}

int xmpp_connect_raw(xmpp_conn_t *conn, const char *altdomain,
                     unsigned short altport, xmpp_conn_handler callback,
                     void *userdata)
{
    return start_held(conn, STREAM_RAW, altdomain, altport, callback, userdata);
}

int xmpp_connect_component(xmpp_conn_t *conn, const char *server,
                           unsigned short port, xmpp_conn_handler callback,
                           void *userdata)
{
    if (conn && !conn->settings.secrets.pass)
        return misuse(
            conn, "a component needs its secret: call xmpp_conn_set_pass()");
    if (conn && !server)
        return misuse(conn, "a component needs the host of its server");
    return start_held(conn, STREAM_COMPONENT, server,
                      /* XEP-0114 names no port; this is the usual one. */
                      port ? port : PORT_COMPONENT, callback, userdata);
}
