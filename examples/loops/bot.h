/* bot.h - the bot of the examples in this folder. Each of them runs it in
 * another event loop. It answers each message; it answers `later` by a timer of
 * the library, and (once) `work` by a thread of its own. */

#ifndef LOOPS_BOT_H
#define LOOPS_BOT_H

#include <pthread.h>

#include <xmpp/xmpp.h>

#ifdef __cplusplus
extern "C" {
#endif

#define BOT_PERIOD 200 /* milliseconds between two calls of bot_tick() */

/* `over` is called once, with `loop`, when the connection has ended. It has to
 * make the loop return. */
struct bot {
    xmpp_ctx_t *ctx;
    xmpp_conn_t *conn;
    void (*over)(void *loop);
    void *loop;
    int ticks, code;
    pthread_t worker;
    int works; /* it was started */
};

/* Begin to connect. The environment variables JID, LIBXMPP_PASSWORD, CAFILE,
 * HOST and PORT say where. SIGINT or SIGTERM ends the bot. Returns the
 * descriptor to watch for reading: call xmpp_ctx_process(bot->ctx) when it is
 * ready. Returns -1 if the connect call was refused (standard error says why),
 * or if the library was built without epoll.
 * The thread that sends calls xmpp_ctx_post(bot->ctx, ...), which makes the
 * descriptor ready. */
int bot_start(struct bot *bot, void (*over)(void *loop), void *loop);

/* For a timer of the loop: sends the number of the call to the address in the
 * environment variable PEER. */
void bot_tick(struct bot *bot);

/* Release everything. Returns the exit code of the program. */
int bot_end(struct bot *bot);

#ifdef __cplusplus
}
#endif

#endif
