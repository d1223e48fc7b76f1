/* handler.c - the public side of routes and timed handlers. */

#include <xmpp/handler.h>

#include "conn/attempt.h"
#include "conn/timed.h"

static void report(const struct env *env, int rc)
{
    if (rc > 0)
        env_log(env, XMPP_LEVEL_WARN, "conn",
                "this handler is registered already with this userdata");
    if (rc < 0)
        env_log(env, XMPP_LEVEL_ERROR, "conn", "handler not added: %s",
                xmpp_strerror(rc));
}

void xmpp_handler_add(xmpp_conn_t *conn, xmpp_handler handler, const char *ns,
                      const char *name, const char *type, void *userdata)
{
    if (!conn || !handler)
        return;
    report(&conn->ctx->env, routes_add(&conn->dispatch.routes, handler, ns,
                                       name, type, userdata));
}

void xmpp_handler_delete(xmpp_conn_t *conn, xmpp_handler handler)
{
    if (conn)
        routes_delete(&conn->dispatch.routes, handler);
}

void xmpp_id_handler_add(xmpp_conn_t *conn, xmpp_handler handler,
                         const char *id, void *userdata)
{
    if (!conn || !handler || !id)
        return;
    report(&conn->ctx->env,
           routes_add_id(&conn->dispatch.routes, handler, id, userdata));
}

void xmpp_id_handler_delete(xmpp_conn_t *conn, xmpp_handler handler,
                            const char *id)
{
    if (conn && id)
        routes_delete_id(&conn->dispatch.routes, handler, id);
}

/* ---- questions of others ----------------------------------------- */

int xmpp_iq_handler_add(xmpp_conn_t *conn, const char *type, const char *ns,
                        const char *name, xmpp_iq_handler handler,
                        void *userdata)
{
    struct str given = str_of(type);

    if (!conn)
        return XMPP_EINVOP;
    if (!handler || !ns ||
        (type && !str_is(given, "get") && !str_is(given, "set")))
        return env_refuse(&conn->ctx->env, XMPP_EARG,
                          "a handler of questions needs a function, a "
                          "namespace, and \"get\", \"set\" or neither");
    return routes_add(&conn->dispatch.takers, handler, ns, name, type,
                      userdata);
}

void xmpp_iq_handler_delete(xmpp_conn_t *conn, xmpp_iq_handler handler,
                            void *userdata)
{
    if (conn)
        routes_delete_entry(&conn->dispatch.takers, handler, userdata);
}

/* ---- time -------------------------------------------------------- */

void xmpp_timed_handler_add(xmpp_conn_t *conn, xmpp_timed_handler handler,
                            unsigned long period, void *userdata)
{
    struct timed_owner owner = {.conn = conn};
    timed_function function = {.conn = handler};
    struct attempt *attempt;
    bool runs;

    if (!conn || !handler)
        return;
    attempt = conn_talking(conn);
    runs = attempt &&
           (attempt->is_up || attempt->account.wanted.kind == STREAM_RAW);
    owner.ctx = conn->ctx;
    report(&conn->ctx->env, timed_add(conn->ctx->poll, &conn->timed, owner,
                                      function, period, userdata, runs));
}

void xmpp_timed_handler_delete(xmpp_conn_t *conn, xmpp_timed_handler handler)
{
    if (conn)
        timed_delete(&conn->timed, (timed_function){.conn = handler});
}

void xmpp_global_timed_handler_add(xmpp_ctx_t *ctx,
                                   xmpp_global_timed_handler handler,
                                   unsigned long period, void *userdata)
{
    struct timed_owner owner = {NULL, ctx};
    timed_function function = {.ctx = handler};

    if (!ctx || !handler)
        return;
    report(&ctx->env, timed_add(ctx->poll, &ctx->timed, owner, function, period,
                                userdata, true));
}

void xmpp_global_timed_handler_delete(xmpp_ctx_t *ctx,
                                      xmpp_global_timed_handler handler)
{
    if (ctx)
        timed_delete(&ctx->timed, (timed_function){.ctx = handler});
}
