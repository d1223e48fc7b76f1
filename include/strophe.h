/* strophe.h - libstrophe's header, served by libxmpp.
 *
 * A program written for libstrophe includes this file and finds its functions,
 * types and constants. New programs include <xmpp/xmpp.h>.
 */

#ifndef XMPP_STROPHE_H
#define XMPP_STROPHE_H

#include <stdarg.h>

#include <xmpp/xmpp.h>

XMPP_BEGIN

/* Helpers that libstrophe exports and discourages. They use the context's
 * allocator and log; semantics are those of the C library's namesakes. */
XMPP_DEPRECATED(malloc)
XMPP_API void *xmpp_alloc(const xmpp_ctx_t *ctx, size_t size);
XMPP_DEPRECATED(realloc)
XMPP_API void *xmpp_realloc(const xmpp_ctx_t *ctx, void *p, size_t size);
XMPP_DEPRECATED(strdup)
XMPP_API char *xmpp_strdup(const xmpp_ctx_t *ctx, const char *s);
XMPP_DEPRECATED(strndup)
XMPP_API char *xmpp_strndup(const xmpp_ctx_t *ctx, const char *s, size_t len);

/* One line for the context's log, formatted as by printf. */
XMPP_DEPRECATED(internal)
XMPP_API void xmpp_log(const xmpp_ctx_t *ctx,
                       xmpp_log_level_t level,
                       const char *area,
                       const char *fmt,
                       va_list ap) XMPP_PRINTF(4, 0);
XMPP_DEPRECATED(internal)
XMPP_API void xmpp_error(const xmpp_ctx_t *ctx, const char *area,
                         const char *fmt, ...) XMPP_PRINTF(3, 4);
XMPP_DEPRECATED(internal)
XMPP_API void xmpp_warn(const xmpp_ctx_t *ctx, const char *area,
                        const char *fmt, ...) XMPP_PRINTF(3, 4);
XMPP_DEPRECATED(internal)
XMPP_API void xmpp_info(const xmpp_ctx_t *ctx, const char *area,
                        const char *fmt, ...) XMPP_PRINTF(3, 4);
XMPP_DEPRECATED(internal)
XMPP_API void xmpp_debug(const xmpp_ctx_t *ctx, const char *area,
                         const char *fmt, ...) XMPP_PRINTF(3, 4);

/* As xmpp_debug(), if the context's verbosity is at least `level`. */
XMPP_DEPRECATED(internal)
XMPP_API void xmpp_debug_verbose(int level, const xmpp_ctx_t *ctx,
                                 const char *area, const char *fmt, ...)
    XMPP_PRINTF(4, 5);

/* Same as setting XMPP_CONN_FLAG_DISABLE_TLS. */
XMPP_API void xmpp_conn_disable_tls(xmpp_conn_t *conn);

/* TCP keepalive: seconds of silence before probing, and between probes. */
XMPP_DEPRECATED(xmpp_conn_set_sockopt_callback)
XMPP_API void xmpp_conn_set_keepalive(xmpp_conn_t *conn, int timeout,
                                      int interval);

XMPP_END

#endif /* XMPP_STROPHE_H */
