/* sd-event.c - the bot in systemd's loop.
 *
 *     cc sd-event.c bot.c $(pkg-config --cflags --libs libxmpp libsystemd) */

#include <sys/epoll.h>
#include <systemd/sd-event.h>
#include <time.h>

#include "bot.h"

#define PERIOD_US (BOT_PERIOD * 1000UL)

static int on_ready(sd_event_source *watch, int fd, uint32_t events,
                    void *userdata)
{
    struct bot *bot = userdata;

    (void)watch;
    (void)fd;
    (void)events;
    xmpp_ctx_process(bot->ctx);
    return 0;
}

/* A timer of sd-event fires once. */
static int on_tick(sd_event_source *timer, uint64_t usec, void *userdata)
{
    bot_tick(userdata);
    sd_event_source_set_time(timer, usec + PERIOD_US);
    return sd_event_source_set_enabled(timer, SD_EVENT_ON);
}

static void on_over(void *loop)
{
    sd_event_exit(loop, 0);
}

int main(void)
{
    sd_event_source *watch = NULL, *timer = NULL;
    sd_event *loop = NULL;
    struct bot bot;
    int fd;

    if (sd_event_new(&loop) < 0)
        return 1;
    fd = bot_start(&bot, on_over, loop);
    if (fd >= 0) {
        sd_event_add_io(loop, &watch, fd, EPOLLIN, on_ready, &bot);
        sd_event_add_time_relative(loop, &timer, CLOCK_MONOTONIC, PERIOD_US, 0,
                                   on_tick, &bot);
        sd_event_loop(loop);
        sd_event_source_unref(timer);
        sd_event_source_unref(watch);
    }
    sd_event_unref(loop);
    return bot_end(&bot);
}
