/* glib.c - the bot in GLib's loop.
 *
 *     cc glib.c bot.c $(pkg-config --cflags --libs libxmpp glib-2.0) */

#include <glib-unix.h>

#include "bot.h"

static gboolean on_ready(gint fd, GIOCondition condition, gpointer userdata)
{
    struct bot *bot = userdata;

    (void)fd;
    (void)condition;
    xmpp_ctx_process(bot->ctx);
    return G_SOURCE_CONTINUE;
}

static gboolean on_tick(gpointer userdata)
{
    bot_tick(userdata);
    return G_SOURCE_CONTINUE;
}

static void on_over(void *loop)
{
    g_main_loop_quit(loop);
}

int main(void)
{
    GMainLoop *loop = g_main_loop_new(NULL, FALSE);
    struct bot bot;
    int fd = bot_start(&bot, on_over, loop);

    if (fd >= 0) {
        guint watch = g_unix_fd_add(fd, G_IO_IN, on_ready, &bot);
        guint timer = g_timeout_add(BOT_PERIOD, on_tick, &bot);

        g_main_loop_run(loop);
        g_source_remove(timer);
        g_source_remove(watch); /* before the context closes it */
    }
    g_main_loop_unref(loop);
    return bot_end(&bot);
}
