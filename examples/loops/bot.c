/* bot.c - the bot of the examples in this folder. It knows nothing of their
 * loops, and never waits. */

#include "bot.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LATER 300 /* milliseconds */

static xmpp_ctx_t *to_finish;

/* This makes the descriptor ready, whatever loop watches it. */
static void on_signal(int number)
{
    (void)number;
    xmpp_ctx_finish(to_finish);
}

static void send_text(struct bot *bot, const char *to, const char *text)
{
    xmpp_stanza_t *message = xmpp_message_new(bot->ctx, "chat", to, NULL);

    xmpp_message_set_body(message, text);
    xmpp_send_take(bot->conn, message);
}

static void on_late(xmpp_conn_t *conn, void *userdata)
{
    (void)conn;
    send_text(userdata, getenv("PEER"), "it is later");
}

/* ---- another thread ---------------------------------------------- */

/* In the thread of the loop again, which alone may send. */
static void on_worked(xmpp_ctx_t *ctx, void *userdata)
{
    if (ctx) /* NULL: the bot has ended meanwhile */
        send_text(userdata, getenv("PEER"), "it is done");
}

/* A thread that does not hold up the loop, and has something to send in the
 * end. */
static void *work(void *userdata)
{
    struct bot *bot = userdata;

    xmpp_ctx_post(bot->ctx, on_worked, bot);
    return NULL;
}

static void begin_work(struct bot *bot)
{
    if (!bot->works)
        bot->works = pthread_create(&bot->worker, NULL, work, bot) == 0;
}

/* ---- the connection ---------------------------------------------- */

static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *message, void *userdata)
{
    struct bot *bot = userdata;
    const char *text = xmpp_stanza_get_child_text(message, "body", NULL);

    if (text && strcmp(text, "later") == 0)
        xmpp_slot_add_timeout(conn, on_late, LATER, bot, NULL, NULL);
    else if (text && strcmp(text, "work") == 0)
        begin_work(bot);
    else if (text)
        send_text(bot, xmpp_stanza_get_from(message), text);
    return 1;
}

static void on_event(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                     xmpp_stream_error_t *stream_error, void *userdata)
{
    struct bot *bot = userdata;

    (void)error;
    (void)stream_error;
    if (event == XMPP_CONN_CONNECT) {
        xmpp_send_take(conn, xmpp_presence_new(bot->ctx));
        puts("connected");
        fflush(stdout);
        return;
    }
    bot->code = xmpp_conn_get_failure(conn) ? 1 : 0; /* NULL: we ended it */
    bot->over(bot->loop);
}

int bot_start(struct bot *bot, void (*over)(void *loop), void *loop)
{
    const char *port = getenv("PORT");

    *bot = (struct bot){.over = over, .loop = loop, .code = 1};
    bot->ctx = xmpp_ctx_new(NULL, xmpp_get_default_logger(XMPP_LEVEL_WARN));
    bot->conn = xmpp_conn_new(bot->ctx);
    to_finish = bot->ctx;
    signal(SIGINT, on_signal);
    signal(SIGTERM, on_signal);
    xmpp_conn_set_jid(bot->conn, getenv("JID"));
    xmpp_conn_set_pass(bot->conn, getenv("LIBXMPP_PASSWORD"));
    xmpp_conn_set_cafile(bot->conn, getenv("CAFILE"));
    xmpp_handler_add(bot->conn, on_message, NULL, "message", "chat", bot);
    if (xmpp_connect_client(bot->conn, getenv("HOST"),
                            port ? (unsigned short)atoi(port) : 0, on_event,
                            bot) != 0)
        return -1;
    return xmpp_ctx_get_fd(bot->ctx);
}

/* What is sent here, outside of xmpp_ctx_process(), needs no wake-up. */
void bot_tick(struct bot *bot)
{
    char text[32];

    if (!xmpp_conn_is_connected(bot->conn) || !getenv("PEER"))
        return;
    snprintf(text, sizeof(text), "tick %d", ++bot->ticks);
    send_text(bot, getenv("PEER"), text);
}

int bot_end(struct bot *bot)
{
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    if (bot->works) /* it uses the context */
        pthread_join(bot->worker, NULL);
    xmpp_conn_release(bot->conn);
    xmpp_ctx_free(bot->ctx);
    return bot->code;
}
