/* clock.c - the two clocks that a program may read. */

#include <xmpp/time.h>

#include "conn/ctx.h"

xmpp_time_t xmpp_time_now(void)
{
    return (xmpp_time_t)poll_micros();
}

/* A context that was freed too early has no loop any more. */
unsigned long xmpp_ctx_now(const xmpp_ctx_t *ctx)
{
    return ctx && ctx->poll ? (unsigned long)poll_now(ctx->poll) : 0;
}
