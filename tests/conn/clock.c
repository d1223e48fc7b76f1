/* clock.c - the clock of the loop and the time of day. */

#include <time.h>

#include <xmpp/ctx.h>
#include <xmpp/time.h>

#include "conn/ctx.h"
#include "tap.h"

static void loop_clock(void)
{
    xmpp_ctx_t *ctx = xmpp_ctx_new(NULL, NULL);
    unsigned long before = xmpp_ctx_now(ctx);

    ok(xmpp_ctx_now(ctx) >= before, "the clock of the loop goes on");
    poll_stop_clock(ctx->poll, 1000);
    is_int(xmpp_ctx_now(ctx), 1000, "it can be stopped");
    poll_move_clock(ctx->poll, 500);
    is_int(xmpp_ctx_now(ctx), 1500, "and moved");
    is_int(xmpp_ctx_now(NULL), 0, "there is none without a context");
    xmpp_ctx_free(ctx);
}

/* Not by time(), whose clock is some milliseconds behind. */
static xmpp_time_t system_time(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (xmpp_time_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void time_of_day(void)
{
    xmpp_time_t before = system_time(), now = xmpp_time_now();

    ok(now >= before && now <= system_time(),
       "the time of day is the system's");
}

int main(void)
{
    loop_clock();
    time_of_day();
    return done_testing();
}
