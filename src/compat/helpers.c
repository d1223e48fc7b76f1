/* helpers.c - libstrophe's memory, string and log helpers. */

#define XMPP_NO_DEPRECATED
#include <strophe.h>

#include <stdio.h>
#include <string.h>

#include "base/env.h"

void *xmpp_alloc(const xmpp_ctx_t *ctx, size_t size)
{
    return ctx ? env_alloc(env_of(ctx), size) : NULL;
}

void *xmpp_realloc(const xmpp_ctx_t *ctx, void *p, size_t size)
{
    return ctx ? env_realloc(env_of(ctx), p, size) : NULL;
}

char *xmpp_strdup(const xmpp_ctx_t *ctx, const char *s)
{
    return ctx ? env_strdup(env_of(ctx), s) : NULL;
}

char *xmpp_strndup(const xmpp_ctx_t *ctx, const char *s, size_t len)
{
    return ctx && s ? env_strndup(env_of(ctx), s, strnlen(s, len)) : NULL;
}

/* ---- strings ----------------------------------------------------- */

char *xmpp_strtok_r(char *s, const char *delim, char **saveptr)
{
    return strtok_r(s, delim, saveptr);
}

int xmpp_snprintf(char *str, size_t count, const char *fmt, ...)
{
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(str, count, fmt, ap);
    va_end(ap);
    return n;
}

int xmpp_vsnprintf(char *str, size_t count, const char *fmt, va_list arg)
{
    return vsnprintf(str, count, fmt, arg);
}

/* ---- log --------------------------------------------------------- */

void xmpp_log(const xmpp_ctx_t *ctx, xmpp_log_level_t level, const char *area,
              const char *fmt, va_list ap)
{
    if (ctx)
        env_vlog(env_of(ctx), level, area, fmt, ap);
}

#define LOG_AT(level)                                                          \
    do {                                                                       \
        va_list ap;                                                            \
                                                                               \
        va_start(ap, fmt);                                                     \
        env_vlog(env_of(ctx), level, area, fmt, ap);                           \
        va_end(ap);                                                            \
    } while (0)

void xmpp_error(const xmpp_ctx_t *ctx, const char *area, const char *fmt, ...)
{
    if (ctx)
        LOG_AT(XMPP_LEVEL_ERROR);
}

void xmpp_warn(const xmpp_ctx_t *ctx, const char *area, const char *fmt, ...)
{
    if (ctx)
        LOG_AT(XMPP_LEVEL_WARN);
}

void xmpp_info(const xmpp_ctx_t *ctx, const char *area, const char *fmt, ...)
{
    if (ctx)
        LOG_AT(XMPP_LEVEL_INFO);
}

void xmpp_debug(const xmpp_ctx_t *ctx, const char *area, const char *fmt, ...)
{
    if (ctx)
        LOG_AT(XMPP_LEVEL_DEBUG);
}

void xmpp_debug_verbose(int level, const xmpp_ctx_t *ctx, const char *area,
                        const char *fmt, ...)
{
    if (ctx && env_of(ctx)->verbosity >= level)
        LOG_AT(XMPP_LEVEL_DEBUG);
}
