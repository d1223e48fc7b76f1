/* loop.c - driving a context: our loop, or somebody else's. */

#include <limits.h>

#include <xmpp/error.h>

#include "conn/attempt.h"
#include "conn/ctx.h"

/* ---- ending all of it -------------------------------------------- */

/* Is a connection still there? It is gone when its DISCONNECT was delivered.
 * Each is ended once, because connect calls are refused meanwhile. */
static bool finish_goes_on(xmpp_ctx_t *ctx)
{
    bool left = false;

    for (struct list *l = ctx->conns.next; l != &ctx->conns; l = l->next) {
        xmpp_conn_t *conn = LIST_ENTRY(l, xmpp_conn_t, in_ctx);

        if (!ctx->finishing)
            xmpp_disconnect(conn);
        left |= conn->attempt || conn->reconnect.phase == RECONNECT_ENDING;
    }
    return left;
}

/* Carries out xmpp_ctx_finish(), which a signal handler may have called: it
 * only counts, and the loop does the rest between two turns. A second call does
 * not wait for the servers any longer. */
static void finish_step(xmpp_ctx_t *ctx)
{
    unsigned calls = atomic_load(&ctx->finish);

    if (calls == 0)
        return;
    if (finish_goes_on(ctx) && calls < 2) {
        ctx->finishing = true;
        return;
    }
    ctx->finishing = false;
    atomic_store(&ctx->finish, 0);
    atomic_store(&ctx->stop, true);
}

void xmpp_ctx_finish(xmpp_ctx_t *ctx)
{
    if (!ctx)
        return;
    atomic_fetch_add(&ctx->finish, 1);
    poll_wake(ctx->poll);
}

/* ---- our loop ---------------------------------------------------- */

/* The pumps of these connections wait for the handlers that run this loop. What
 * the handlers requested must not wait. */
static void kick_nested(xmpp_ctx_t *ctx)
{
    for (struct list *l = ctx->conns.next; l != &ctx->conns; l = l->next) {
        xmpp_conn_t *conn = LIST_ENTRY(l, xmpp_conn_t, in_ctx);

        if (conn->attempt)
            attempt_kick_nested(conn->attempt);
    }
}

/* A handler may free the context; then it stays until the turn is over. */
static void turn_begin(xmpp_ctx_t *ctx)
{
    env_enter(&ctx->env);
    /* xmpp_run() counts as a turn of its own. More than that one means that a
     * handler runs this loop. */
    if (ctx->turns > (unsigned)ctx->running)
        kick_nested(ctx);
    ctx->turns++;
    ctx->has_run = true;
}

static void turn_end(xmpp_ctx_t *ctx)
{
    ctx->turns--;
    ctx_leave(ctx);
}

/* True if there may be more to do at once. What was posted while the poll
 * waited woke it, so it is looked for afterwards. */
static bool serve(xmpp_ctx_t *ctx, int timeout)
{
    bool more = poll_turn(ctx->poll, timeout);

    posts_run(&ctx->posts, ctx);
    finish_step(ctx);
    return more;
}

/* A signal may come just before a wait, which then does not end by it: so each
 * wait counts in which no descriptor became ready. */
static void interrupt(xmpp_ctx_t *ctx)
{
    if (ctx->interrupt && poll_was_quiet(ctx->poll))
        ctx->interrupt(ctx, ctx->interrupt_userdata);
}

void xmpp_run_once(xmpp_ctx_t *ctx, unsigned long timeout)
{
    if (!ctx)
        return;
    turn_begin(ctx);
    serve(ctx, timeout > INT_MAX ? INT_MAX : (int)timeout);
    interrupt(ctx);
    turn_end(ctx);
}

void xmpp_run(xmpp_ctx_t *ctx)
{
    if (!ctx || ctx->running)
        return; /* a nested call returns at once, as in libstrophe */
    turn_begin(ctx);
    ctx->running = true;
    /* A stop from before this call is forgotten, so that the loop can run
     * again. */
    atomic_store(&ctx->stop, false);
    while (!atomic_load(&ctx->stop))
        xmpp_run_once(ctx, ctx->timeout);
    ctx->running = false;
    turn_end(ctx);
}

void xmpp_stop(xmpp_ctx_t *ctx)
{
    if (!ctx)
        return;
    /* Safe in signal handlers and other threads, like xmpp_ctx_finish(): atomic
     * members, and poll_wake(). */
    atomic_store(&ctx->stop, true);
    poll_wake(ctx->poll);
}

void xmpp_ctx_set_interrupt_handler(xmpp_ctx_t *ctx,
                                    xmpp_interrupt_handler handler,
                                    void *userdata)
{
    if (!ctx)
        return;
    ctx->interrupt = handler;
    ctx->interrupt_userdata = userdata;
}

void xmpp_ctx_set_timeout(xmpp_ctx_t *ctx, unsigned long timeout)
{
    if (ctx)
        ctx->timeout = timeout;
}

/* ---- somebody else's loop ---------------------------------------- */

int xmpp_ctx_get_fd(xmpp_ctx_t *ctx)
{
    return ctx ? poll_fd(ctx->poll) : -1;
}

int xmpp_ctx_get_events(xmpp_ctx_t *ctx)
{
    return ctx ? poll_fd_events() : 0;
}

int xmpp_ctx_get_poll_timeout(xmpp_ctx_t *ctx)
{
    return ctx ? poll_timeout(ctx->poll) : -1;
}

int xmpp_ctx_process(xmpp_ctx_t *ctx)
{
    bool more;

    if (!ctx)
        return 0;
    turn_begin(ctx);
    more = serve(ctx, 0);
    turn_end(ctx);
    return more ? 1 : 0;
}

void xmpp_ctx_wakeup(xmpp_ctx_t *ctx)
{
    if (ctx)
        poll_wake(ctx->poll);
}
