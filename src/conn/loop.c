/* loop.c - driving a context: our loop, or somebody else's. */

#include <limits.h>

#include <xmpp/error.h>

#include "conn/ctx.h"

void xmpp_run_once(xmpp_ctx_t *ctx, unsigned long timeout)
{
    int most = poll_timeout(ctx->poll);
    int wait = timeout > INT_MAX ? INT_MAX : (int)timeout;

    if (most >= 0 && most < wait)
        wait = most;
    poll_wait(ctx->poll, wait);
    poll_turn(ctx->poll);
}

void xmpp_run(xmpp_ctx_t *ctx)
{
    if (ctx->running)
        return; /* a nested call returns at once, as in libstrophe */
    ctx->running = true;
    ctx->stop = false;
    while (!ctx->stop)
        xmpp_run_once(ctx, ctx->timeout);
    ctx->running = false;
}

void xmpp_stop(xmpp_ctx_t *ctx)
{
    ctx->stop = true;
}

void xmpp_ctx_set_timeout(xmpp_ctx_t *ctx, unsigned long timeout)
{
    ctx->timeout = timeout;
}

int xmpp_ctx_get_fd(xmpp_ctx_t *ctx)
{
    return poll_fd(ctx->poll);
}

int xmpp_ctx_get_events(xmpp_ctx_t *ctx)
{
    (void)ctx;
    return poll_fd_events();
}

int xmpp_ctx_get_timeout(xmpp_ctx_t *ctx)
{
    return poll_timeout(ctx->poll);
}

int xmpp_ctx_process(xmpp_ctx_t *ctx)
{
    return poll_turn(ctx->poll) ? 1 : 0;
}

void xmpp_ctx_wakeup(xmpp_ctx_t *ctx)
{
    poll_wake(ctx->poll);
}
