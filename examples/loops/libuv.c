/* libuv.c - the bot in libuv's loop.
 *
 *     cc libuv.c bot.c $(pkg-config --cflags --libs libxmpp libuv) */

#include <uv.h>

#include "bot.h"

static void on_ready(uv_poll_t *watch, int status, int events)
{
    struct bot *bot = watch->data;

    (void)status;
    (void)events;
    xmpp_ctx_process(bot->ctx);
}

static void on_tick(uv_timer_t *timer)
{
    bot_tick(timer->data);
}

static void on_over(void *loop)
{
    uv_stop(loop);
}

int main(void)
{
    uv_loop_t *loop = uv_default_loop();
    uv_poll_t watch;
    uv_timer_t timer;
    struct bot bot;
    int fd = bot_start(&bot, on_over, loop);

    if (fd >= 0) {
        uv_poll_init(loop, &watch, fd);
        uv_timer_init(loop, &timer);
        watch.data = timer.data = &bot;
        uv_poll_start(&watch, UV_READABLE, on_ready);
        uv_timer_start(&timer, on_tick, BOT_PERIOD, BOT_PERIOD);
        uv_run(loop, UV_RUN_DEFAULT);
        uv_close((uv_handle_t *)&timer, NULL);
        uv_close((uv_handle_t *)&watch, NULL);
        uv_run(loop, UV_RUN_DEFAULT); /* carries out the two calls above */
    }
    uv_loop_close(loop);
    return bot_end(&bot);
}
