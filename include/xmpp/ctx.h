/* ctx.h - the context: memory, log, and the loop that drives connections. */

#ifndef XMPP_CTX_H
#define XMPP_CTX_H

#include <xmpp/types.h>
#include <xmpp/version.h>

XMPP_BEGIN

/* ---- library ----------------------------------------------------- */

/* Prepare the libraries that libxmpp uses (XML, TLS, DNS). This is optional,
 * because each is prepared on first use; a program that starts threads should
 * call it before it does so. Calling it more than once is safe. */
XMPP_API void xmpp_initialize(void);

/* The counterpart of xmpp_initialize(). Frees nothing that is in use. */
XMPP_API void xmpp_shutdown(void);

/* ---- context ----------------------------------------------------- */

/* Create a context. `mem` NULL means malloc(), `log` NULL means no log; both
 * are borrowed and must outlive the context. NULL when out of memory.
 *
 * The log's handler is called from everywhere, also in the middle of a call: it
 * may read anything and end the loop (xmpp_stop(), xmpp_ctx_finish()), but must
 * not send on, disconnect or release a connection, nor run the loop. */
XMPP_API xmpp_ctx_t *xmpp_ctx_new(const xmpp_mem_t *mem, const xmpp_log_t *log);

/* Free a context; NULL is ignored. Its global timed handlers are removed
 * without being called, and xmpp_run() returns. Release its connections and
 * stanzas first. If some are left, a line in the log says so, and the context
 * stays in memory, without a log, until the last of them is released. */
XMPP_API void xmpp_ctx_free(xmpp_ctx_t *ctx);

/* Drop log lines below `level`. The library then does not format them at all;
 * at XMPP_LEVEL_DEBUG, formatting stanzas for the log takes a fifth of the
 * total work. The default logger's level is known without this call. Any other
 * logger receives everything (XMPP_LEVEL_DEBUG) until this function is called.
 */
XMPP_API void xmpp_ctx_set_log_level(xmpp_ctx_t *ctx, xmpp_log_level_t level);

/* libstrophe's: the level up to which xmpp_debug_verbose() writes its lines,
 * 0 (the default) to 3. The library's own lines do not depend on it. */
XMPP_API void xmpp_ctx_set_verbosity(xmpp_ctx_t *ctx, int level);

/* Why the last refused call was refused, as a text that names the argument and
 * what is wrong with it. Every function of the context, its connections and its
 * stanzas sets it when it returns XMPP_EARG, XMPP_EINVOP or XMPP_EINT, and
 * every failed send does. Functions with a xmpp_text_error_t explain XMPP_EARG
 * there instead. Those of extensions (xmpp/xep/) that take a connection set it,
 * too, with the name of the module in front. A call that succeeds leaves the
 * text as it is, so read it right after the failure. At most 255 octets; values
 * are quoted and escaped, secrets are left out. Never NULL; "" before the first
 * failure. Borrowed; valid until the next failure. */
XMPP_API const char *xmpp_ctx_get_last_error(const xmpp_ctx_t *ctx);

/* Free a block that a function of this library returned as owned. */
XMPP_API void xmpp_free(const xmpp_ctx_t *ctx, void *p);

/* Memory of the context's allocator, zeroed, and a copy of a text (NULL for
 * NULL). Owned: xmpp_free(). NULL when out of memory. */
XMPP_API void *xmpp_zalloc(xmpp_ctx_t *ctx, size_t size);
XMPP_API char *xmpp_copy_text(xmpp_ctx_t *ctx, const char *text);

/* A logger that writes to standard error and drops lines below `level`.
 * Static. */
XMPP_API xmpp_log_t *xmpp_get_default_logger(xmpp_log_level_t level);

/* Use these name servers instead of the system's: a comma-separated list of
 * "address" or "address:port", with IPv6 addresses in brackets. NULL restores
 * the system's. Copied.
 *
 * With a list, only these servers are asked. Without one, a name that the name
 * servers do not know is also looked up by getaddrinfo() in a thread, which
 * covers search domains and everything in nsswitch.conf. A list is useful for
 * tests, for devices behind a captive portal, and for programs that must not
 * leak names. 0, XMPP_EMEM, or XMPP_EARG (the list is not valid; nothing
 * changes). */
XMPP_API int xmpp_ctx_set_dns_servers(xmpp_ctx_t *ctx, const char *servers);

/* ---- our loop ---------------------------------------------------- */

/* Serve all connections until xmpp_stop() is called, or until
 * xmpp_ctx_finish() has ended them. It also waits while there is no connection,
 * because a timer may start one: so call xmpp_stop() when the last one has
 * ended, and do not call xmpp_run() after a connect call that was refused. A
 * call from inside a handler returns at once. */
XMPP_API void xmpp_run(xmpp_ctx_t *ctx);

/* Wait at most `timeout` milliseconds for something to happen, then serve it
 * once. */
XMPP_API void xmpp_run_once(xmpp_ctx_t *ctx, unsigned long timeout);

/* Make xmpp_run() return: at once if it waits, else after its current turn.
 * Connections stay as they are. Has no effect unless xmpp_run() is running. May
 * be called from any thread and from a signal handler. */
XMPP_API void xmpp_stop(xmpp_ctx_t *ctx);

/* End all connections of the context as xmpp_disconnect() does, and then make
 * xmpp_run() return. If you run your own loop, xmpp_ctx_process() ends them.
 *
 * May be called from any thread and from a signal handler: it only sets a
 * flag, which the next turn of the loop reads. A call before xmpp_run() is
 * remembered. Until all connections have ended, connect calls return
 * XMPP_EINVOP, so that a program that reconnects in its handler ends too. A
 * second call makes xmpp_run() return after its current turn, even if some
 * connections have not ended yet. NULL is ignored. */
XMPP_API void xmpp_ctx_finish(xmpp_ctx_t *ctx);

/* The longest time that xmpp_run() waits in one turn, in milliseconds (default
 * 1000). Not to be confused with xmpp_ctx_get_poll_timeout(). */
XMPP_API void xmpp_ctx_set_timeout(xmpp_ctx_t *ctx, unsigned long timeout);

/* For languages whose signal handlers run only when code of the language runs,
 * such as Python: xmpp_run() and xmpp_run_once() call `handler` in their own
 * thread as soon as a signal has ended a wait. They also call it after every
 * other wait in which no descriptor became ready: a signal that came just
 * before a wait is noticed when that wait is over (xmpp_ctx_set_timeout()). The
 * handler may do anything; an empty one that is written in that language is
 * enough. NULL: none, the default. A C program does not need it: its signal
 * handler calls xmpp_ctx_finish() or xmpp_stop(). */
typedef void (*xmpp_interrupt_handler)(xmpp_ctx_t *ctx, void *userdata);
XMPP_API void xmpp_ctx_set_interrupt_handler(xmpp_ctx_t *ctx,
                                             xmpp_interrupt_handler handler,
                                             void *userdata);

/* ---- your loop --------------------------------------------------- */

/* The descriptor that stands for the whole context. Watch it level-triggered
 * for xmpp_ctx_get_events(), and call xmpp_ctx_process() when it is ready. It
 * belongs to the context: do not read, write or close it. Stop watching it
 * before xmpp_ctx_free().
 *
 * It stays the same for the whole life of the context, whatever connections
 * come and go. After this call it becomes ready whenever there is something to
 * do: when bytes have arrived or can be sent, when a timer is due, when
 * xmpp_ctx_process() left something to do, when something was sent, connected,
 * ended or timed outside of xmpp_ctx_process(), and after xmpp_ctx_post(),
 * xmpp_ctx_finish() and xmpp_ctx_wakeup(). So a loop that watches it needs no
 * timer for the library, and can ignore the result of xmpp_ctx_process().
 * examples/loops has a bot in the loops of GLib, libuv, libevent, sd-event, Qt
 * and Python's asyncio.
 *
 * -1 if the library was built without epoll (configure --disable-epoll). Then
 * call xmpp_run() in a thread of its own, and use xmpp_ctx_post() from the
 * others. */
XMPP_API int xmpp_ctx_get_fd(xmpp_ctx_t *ctx);

/* The poll(2) events to watch the descriptor for. */
XMPP_API int xmpp_ctx_get_events(xmpp_ctx_t *ctx);

/* The milliseconds until xmpp_ctx_process() has something to do at the latest:
 * 0 means at once, -1 means never, as for poll(2). It changes with every call.
 * Loops that watch the descriptor may wait for that alone, and do not need this
 * function. */
XMPP_API int xmpp_ctx_get_poll_timeout(xmpp_ctx_t *ctx);

/* Serve what is ready; never blocks. 1 if there may be more to do at once, else
 * 0. It has no failure of its own: that of a connection is in its
 * XMPP_CONN_DISCONNECT. */
XMPP_API int xmpp_ctx_process(xmpp_ctx_t *ctx);

/* End the present wait of the loop. Nobody has to call this after sending, or
 * after anything else that is done in the context's thread. This function,
 * xmpp_ctx_post(), xmpp_stop() and xmpp_ctx_finish() are the only ones that may
 * be called from any thread and from a signal handler. */
XMPP_API void xmpp_ctx_wakeup(xmpp_ctx_t *ctx);

/* ---- other threads ----------------------------------------------- */

/* How many posted functions a context holds at a time. */
#define XMPP_POSTS_MOST 256

/* A posted function. `ctx` is NULL if the context is freed before the function
 * had its turn. The function then only frees `userdata`. */
typedef void (*xmpp_post_handler)(xmpp_ctx_t *ctx, void *userdata);

/* Call `function` once in the thread that runs the context's loop. This is how
 * other threads send:
 *
 *     static void send_text(xmpp_ctx_t *ctx, void *userdata)
 *     {
 *         struct job *job = userdata;
 *
 *         if (ctx) {
 *             xmpp_stanza_t *m = xmpp_message_new(ctx, "chat", job->to, NULL);
 *
 *             xmpp_message_set_body(m, job->text);
 *             xmpp_send_take(job->conn, m);
 *         }
 *         free(job);
 *     }
 *
 *     if (xmpp_ctx_post(ctx, send_text, job) != 0)
 *         free(job);
 *
 * The call wakes the loop: xmpp_run(), or a loop that watches
 * xmpp_ctx_get_fd(). The functions that one thread posts are called in the
 * order in which they were posted. A posted function may do anything that a
 * handler may. A function that it posts is called in the next turn of the loop.
 * xmpp_ctx_free() calls those that are left, with NULL for the context.
 *
 * May be called from any thread and from a signal handler; it locks and
 * allocates nothing. It is up to the program that the context is not freed
 * during the call, and that what `userdata` refers to, such as a connection,
 * still exists when the function runs.
 *
 * 0; XMPP_EFULL if XMPP_POSTS_MOST functions are waiting, so try again later;
 * XMPP_EARG without a function; XMPP_EINVOP without a context, or while it is
 * being freed. Unless the result is 0, `function` is never called.
 * xmpp_ctx_get_last_error() does not change, because it belongs to the
 * context's thread. */
XMPP_API int xmpp_ctx_post(xmpp_ctx_t *ctx, xmpp_post_handler function,
                           void *userdata);

XMPP_END

#endif /* XMPP_CTX_H */
