/* libevent.c - the bot in libevent's loop.
 *
 *     cc libevent.c bot.c $(pkg-config --cflags --libs libxmpp libevent_core)
 */

#include <event2/event.h>

#include "bot.h"

static void on_ready(evutil_socket_t fd, short events, void *userdata)
{
    struct bot *bot = userdata;

    (void)fd;
    (void)events;
    xmpp_ctx_process(bot->ctx);
}

static void on_tick(evutil_socket_t fd, short events, void *userdata)
{
    (void)fd;
    (void)events;
    bot_tick(userdata);
}

static void on_over(void *loop)
{
    event_base_loopbreak(loop);
}

int main(void)
{
    struct event_base *loop = event_base_new();
    struct timeval period = {0, BOT_PERIOD * 1000};
    struct bot bot;
    int fd = bot_start(&bot, on_over, loop);

    if (fd >= 0) {
        struct event *watch =
            event_new(loop, fd, EV_READ | EV_PERSIST, on_ready, &bot);
        struct event *timer = event_new(loop, -1, EV_PERSIST, on_tick, &bot);

        event_add(watch, NULL);
        event_add(timer, &period);
        event_base_dispatch(loop);
        event_free(timer);
        event_free(watch); /* before the context closes its descriptor */
    }
    event_base_free(loop);
    return bot_end(&bot);
}
