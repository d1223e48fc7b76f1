/* bot.h - the bot of the examples in this folder, which all run it in another
 * event loop. It answers each message; `later` is answered by a timer of the
 * library. */

#ifndef LOOPS_BOT_H
#define LOOPS_BOT_H

#include <xmpp/xmpp.h>

#ifdef __cplusplus
extern "C" {
#endif

#define BOT_PERIOD 200 /* milliseconds between two calls of bot_tick() */

/* `over` is called once with `loop` when the connection has ended: it makes the
 * loop return. */
struct bot {
    xmpp_ctx_t *ctx;
    xmpp_conn_t *conn;
    void (*over)(void *loop);
    void *loop;
    int ticks, code;
};

/* Begin to connect, by JID, LIBXMPP_PASSWORD, CAFILE, HOST and PORT of the
 * environment. An interrupt or a termination ends the bot. The descriptor to
 * watch for reading, with xmpp_ctx_process(bot->ctx) to be called when it is
 * ready; or -1 if it was refused, and standard error says why. */
int bot_start(struct bot *bot, void (*over)(void *loop), void *loop);

/* For a timer of the loop: sends the number of the call to PEER. */
void bot_tick(struct bot *bot);

/* Release all. The exit code of the program. */
int bot_end(struct bot *bot);

#ifdef __cplusplus
}
#endif

#endif
