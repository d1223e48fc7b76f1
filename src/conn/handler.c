/* handler.c - how handlers and timers are registered, with or without a slot.
 */

#include "conn/handler.h"

#include "conn/attempt.h"

/* As libstrophe's functions register: by function and userdata, which stays the
 * application's. */
static struct slot_args single(xmpp_conn_t *conn, void *userdata)
{
    return (struct slot_args){
        .user = {userdata, NULL}, .conn = conn, .is_single = true};
}

/* For functions without a result. XMPP_EINVOP is not reported: while a
 * connection is being released nothing would call the handler, so nothing is
 * missing. */
static void report(const xmpp_ctx_t *ctx, int rc)
{
    if (rc > 0)
        env_log(&ctx->env, XMPP_LEVEL_WARN, "conn",
                "this handler is registered already with this userdata");
    if (rc < 0 && rc != XMPP_EINVOP)
        env_log(&ctx->env, XMPP_LEVEL_ERROR, "conn", "handler not added: %s",
                xmpp_strerror(rc));
}

/* Can something be added to it, with this function? What is added while the
 * connection is being released would never be called. */
static int check_conn(xmpp_conn_t *conn, bool has_function)
{
    if (!conn)
        return XMPP_EINVOP;
    if (conn->dying)
        return env_refuse(&conn->ctx->env, XMPP_EINVOP,
                          "nothing can be added to a connection that is being "
                          "released");
    return has_function ? 0
                        : env_refuse(&conn->ctx->env, XMPP_EARG,
                                     "a handler needs a function");
}

/* ---- stanzas ----------------------------------------------------- */

int handler_add(xmpp_conn_t *conn, xmpp_handler handler, const char *ns,
                const char *name, const char *type,
                const struct slot_args *args)
{
    int rc = check_conn(conn, handler != NULL);

    return rc ? rc
              : routes_add(&conn->dispatch.routes, handler, ns, name, type,
                           args);
}

int handler_add_id(xmpp_conn_t *conn, xmpp_handler handler, const char *id,
                   const struct slot_args *args)
{
    int rc = check_conn(conn, handler != NULL);

    if (rc == 0 && !id)
        rc = env_refuse(&conn->ctx->env, XMPP_EARG,
                        "a handler by id needs an id");
    return rc ? rc : routes_add_id(&conn->dispatch.routes, handler, id, args);
}

void xmpp_handler_add(xmpp_conn_t *conn, xmpp_handler handler, const char *ns,
                      const char *name, const char *type, void *userdata)
{
    const struct slot_args args = single(conn, userdata);

    if (conn && handler)
        report(conn->ctx, handler_add(conn, handler, ns, name, type, &args));
}

void xmpp_handler_delete(xmpp_conn_t *conn, xmpp_handler handler)
{
    if (!conn)
        return;
    conn_hold(conn); /* freeing userdata may release it */
    routes_delete(&conn->dispatch.routes, handler);
    conn_unhold(conn);
}

void xmpp_id_handler_add(xmpp_conn_t *conn, xmpp_handler handler,
                         const char *id, void *userdata)
{
    const struct slot_args args = single(conn, userdata);

    if (conn && handler && id)
        report(conn->ctx, handler_add_id(conn, handler, id, &args));
}

void xmpp_id_handler_delete(xmpp_conn_t *conn, xmpp_handler handler,
                            const char *id)
{
    if (!conn || !id)
        return;
    conn_hold(conn);
    routes_delete_id(&conn->dispatch.routes, handler, id);
    conn_unhold(conn);
}

/* ---- iq stanzas of others ---------------------------------------- */

int handler_add_iq(xmpp_conn_t *conn, const char *type, const char *ns,
                   const char *name, xmpp_iq_handler handler,
                   const struct slot_args *args)
{
    struct str given = str_of(type);
    int rc = check_conn(conn, true);
    struct routes *takers;

    if (rc)
        return rc;
    if (!handler || !ns ||
        (type && !str_is(given, "get") && !str_is(given, "set")))
        return env_refuse(&conn->ctx->env, XMPP_EARG,
                          "a handler of iq stanzas needs a function, a "
                          "namespace, and as type \"get\", \"set\" or NULL");
    /* A taker has to know at once whether a request is its own, so its filter
     * is exact. */
    takers = dispatch_takers(&conn->dispatch);
    return takers ? routes_add(takers, handler, ns, name, type, args)
                  : XMPP_EMEM;
}

int xmpp_iq_handler_add(xmpp_conn_t *conn, const char *type, const char *ns,
                        const char *name, xmpp_iq_handler handler,
                        void *userdata)
{
    const struct slot_args args = single(conn, userdata);

    return handler_add_iq(conn, type, ns, name, handler, &args);
}

void xmpp_iq_handler_delete(xmpp_conn_t *conn, xmpp_iq_handler handler,
                            void *userdata)
{
    if (!conn || !conn->dispatch.takers)
        return;
    conn_hold(conn);
    routes_delete_entry(conn->dispatch.takers, handler, userdata);
    conn_unhold(conn);
}

/* ---- time -------------------------------------------------------- */

/* Do periodic timers of a connection run now? On a raw connection they run from
 * the transport on, because only the application knows when its login is
 * complete. */
static bool runs_timers(const xmpp_conn_t *conn)
{
    const struct attempt *attempt = conn_talking(conn);

    return attempt &&
           (attempt->is_up || attempt->account.wanted.kind == STREAM_RAW);
}

int handler_add_timed(xmpp_conn_t *conn, timed_function function,
                      unsigned long period, bool is_once,
                      const struct slot_args *args)
{
    bool has_function =
        is_once ? function.conn_once != NULL : function.conn != NULL;
    int rc = check_conn(conn, has_function);
    struct timed_terms terms = {.conn = conn,
                                .function = function,
                                .period = period,
                                .is_once = is_once};

    if (rc)
        return rc;
    terms.poll = conn->ctx->poll;
    /* A timeout runs whether the connection is up or not: its commonest use is
     * to connect again. */
    terms.runs = is_once || runs_timers(conn);
    return timed_add(&conn->timed, &terms, args);
}

int handler_add_global_timed(xmpp_ctx_t *ctx, timed_function function,
                             unsigned long period, bool is_once,
                             const struct slot_args *args)
{
    bool has_function =
        is_once ? function.ctx_once != NULL : function.ctx != NULL;
    struct timed_terms terms = {.ctx = ctx,
                                .function = function,
                                .period = period,
                                .is_once = is_once,
                                .runs = true};

    if (!ctx)
        return XMPP_EINVOP;
    if (ctx->env.last)
        return env_refuse(&ctx->env, XMPP_EINVOP,
                          "nothing can be added to a context that is freed");
    if (!has_function)
        return env_refuse(&ctx->env, XMPP_EARG, "a timer needs a function");
    terms.poll = ctx->poll;
    return timed_add(&ctx->timed, &terms, args);
}

void xmpp_timed_handler_add(xmpp_conn_t *conn, xmpp_timed_handler handler,
                            unsigned long period, void *userdata)
{
    const struct slot_args args = single(conn, userdata);
    timed_function function = {.conn = handler};

    if (conn && handler)
        report(conn->ctx,
               handler_add_timed(conn, function, period, false, &args));
}

void xmpp_timed_handler_delete(xmpp_conn_t *conn, xmpp_timed_handler handler)
{
    if (!conn)
        return;
    conn_hold(conn);
    timed_delete(&conn->timed, (timed_function){.conn = handler});
    conn_unhold(conn);
}

void xmpp_global_timed_handler_add(xmpp_ctx_t *ctx,
                                   xmpp_global_timed_handler handler,
                                   unsigned long period, void *userdata)
{
    const struct slot_args args = single(NULL, userdata);
    timed_function function = {.ctx = handler};

    if (ctx && handler)
        report(ctx,
               handler_add_global_timed(ctx, function, period, false, &args));
}

void xmpp_global_timed_handler_delete(xmpp_ctx_t *ctx,
                                      xmpp_global_timed_handler handler)
{
    if (!ctx)
        return;
    env_enter(&ctx->env); /* freeing userdata may free it */
    timed_delete(&ctx->timed, (timed_function){.ctx = handler});
    ctx_leave(ctx);
}
