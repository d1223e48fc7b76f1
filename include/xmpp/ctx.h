/* ctx.h - the context: memory, log, and the loop that drives connections. */

#ifndef XMPP_CTX_H
#define XMPP_CTX_H

#include <xmpp/types.h>
#include <xmpp/version.h>

XMPP_BEGIN

/* ---- library ----------------------------------------------------- */

/* Optional: prepare the libraries beneath (XML, TLS, DNS). Everything is
 * also prepared on first use; call it early in a program that starts
 * threads. Safe to call more than once. */
XMPP_API void xmpp_initialize(void);

/* The counterpart of xmpp_initialize(); frees nothing that is in use. */
XMPP_API void xmpp_shutdown(void);

/* ---- context ----------------------------------------------------- */

/* Make a context. `mem` NULL means malloc, `log` NULL means silence; both
 * are borrowed and must outlive the context. NULL when out of memory. */
XMPP_API xmpp_ctx_t *xmpp_ctx_new(const xmpp_mem_t *mem, const xmpp_log_t *log);

/* Free a context; NULL is ignored. Global timers end with it, without a call,
 * and xmpp_run() returns. Release its connections and stanzas first: where that
 * was forgotten the log says so, and the context lives on, without a log,
 * until the last of them is released. */
XMPP_API void xmpp_ctx_free(xmpp_ctx_t *ctx);

/* Lines below `level` are not wanted: the library then does not even render
 * them, which for stanzas at XMPP_LEVEL_DEBUG is a fifth of the work. The
 * default logger's level is known without this call; another logger gets
 * everything (XMPP_LEVEL_DEBUG) until it is told here. */
XMPP_API void xmpp_ctx_set_log_level(xmpp_ctx_t *ctx, xmpp_log_level_t level);

/* 0 (quiet) to 3: how much queue-level detail goes to the log. */
XMPP_API void xmpp_ctx_set_verbosity(xmpp_ctx_t *ctx, int level);

/* Why a call was refused, in words that name the argument and what is wrong
 * with it: set by every function of this context, its connections and stanzas
 * that returns XMPP_EARG, XMPP_EINVOP or XMPP_EINT (where it has a
 * xmpp_text_error_t, that tells instead), and by all failures of sending; left
 * alone by what succeeds, so ask right after the failure. At most 255 octets;
 * values are quoted with escapes, secrets never. Never NULL, "" before the
 * first. Borrowed, valid until the next failure. */
XMPP_API const char *xmpp_ctx_get_last_error(const xmpp_ctx_t *ctx);

/* Free a block that a function of this library gave away as owned. */
XMPP_API void xmpp_free(const xmpp_ctx_t *ctx, void *p);

/* A logger to standard error that drops lines below `level`. Static. */
XMPP_API xmpp_log_t *xmpp_get_default_logger(xmpp_log_level_t level);

/* Ask these name servers instead of the system's: a comma-separated list
 * of "address" or "address:port", IPv6 in brackets; NULL for the system's.
 * Copied. Nobody else is asked for a name then: without them what the name
 * servers do not know is asked of the host's own resolver (getaddrinfo, in a
 * thread), with its search domains and all that nsswitch.conf names. For
 * tests, captive devices and who must not leak names. 0, XMPP_EMEM or XMPP_EARG
 * (the list cannot be read; nothing changes). */
XMPP_API int xmpp_ctx_set_dns_servers(xmpp_ctx_t *ctx, const char *servers);

/* ---- our loop ---------------------------------------------------- */

/* Serve all connections until xmpp_stop(), or until xmpp_ctx_finish() has
 * ended them. A call from inside a handler returns at once. */
XMPP_API void xmpp_run(xmpp_ctx_t *ctx);

/* Wait at most `timeout` milliseconds for something to happen, then serve
 * it once. Functions of the application are called only from inside here. */
XMPP_API void xmpp_run_once(xmpp_ctx_t *ctx, unsigned long timeout);

/* Make xmpp_run() return after its present turn, with the connections as they
 * are; without effect while it does not run. May be called from any thread
 * and from a signal handler. */
XMPP_API void xmpp_stop(xmpp_ctx_t *ctx);

/* End all connections of the context, each as by xmpp_disconnect(), and then
 * make xmpp_run() return; in a loop of your own, xmpp_ctx_process() ends them.
 * May be called from any thread and from a signal handler: it leaves a note,
 * which a later turn of the loop reads. Until that is done, connect calls are
 * refused (XMPP_EINVOP), so that a program that connects again in its handler
 * ends, too. A second call makes xmpp_run() return after its present turn,
 * however far it is. Before xmpp_run() it is remembered. NULL is ignored. */
XMPP_API void xmpp_ctx_finish(xmpp_ctx_t *ctx);

/* The longest wait of xmpp_run(), in milliseconds (default 1000). */
XMPP_API void xmpp_ctx_set_timeout(xmpp_ctx_t *ctx, unsigned long timeout);

/* ---- your loop --------------------------------------------------- */

/* One descriptor stands for the whole context: watch it for
 * xmpp_ctx_get_events(), level-triggered, and call xmpp_ctx_process() when
 * it is ready. It is the context's; do not read, write or close it. */
XMPP_API int xmpp_ctx_get_fd(xmpp_ctx_t *ctx);

/* The poll(2) events to watch the descriptor for. */
XMPP_API int xmpp_ctx_get_events(xmpp_ctx_t *ctx);

/* Milliseconds after which xmpp_ctx_process() has to be called even if the
 * descriptor stays quiet: 0 at once, -1 never. Ask before each wait. */
XMPP_API int xmpp_ctx_get_poll_timeout(xmpp_ctx_t *ctx);

/* Serve what is ready; never blocks. Returns a positive number when there
 * may be more to do at once, 0 when not, or a negative code. */
XMPP_API int xmpp_ctx_process(xmpp_ctx_t *ctx);

/* End a wait of this context from elsewhere. This, xmpp_stop() and
 * xmpp_ctx_finish() may be called from any thread and from a signal handler;
 * nothing else may. */
XMPP_API void xmpp_ctx_wakeup(xmpp_ctx_t *ctx);

XMPP_END

#endif /* XMPP_CTX_H */
