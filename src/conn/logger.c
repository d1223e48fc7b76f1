/* logger.c - the default logger, and which lines are wanted at all. */

#include <stdio.h>

#include "conn/ctx.h"

static const char *const level_names[] = {"DEBUG", "INFO", "WARN", "ERROR"};

static void log_to_stderr(void *userdata, xmpp_log_level_t level,
                          const char *area, const char *msg)
{
    const xmpp_log_level_t *least = userdata;

    if (level >= *least && (unsigned)level <= XMPP_LEVEL_ERROR)
        fprintf(stderr, "%s %s %s\n", area, level_names[level], msg);
}

static const xmpp_log_level_t all_levels[] = {
    XMPP_LEVEL_DEBUG, XMPP_LEVEL_INFO, XMPP_LEVEL_WARN, XMPP_LEVEL_ERROR};

/* Neither is ever written to; the types say otherwise for libstrophe's sake. */
#define LOGGER(level)                                                          \
    {                                                                          \
        log_to_stderr, (void *)(uintptr_t)&all_levels[level]                   \
    }

static const xmpp_log_t loggers[] = {
    LOGGER(XMPP_LEVEL_DEBUG), LOGGER(XMPP_LEVEL_INFO), LOGGER(XMPP_LEVEL_WARN),
    LOGGER(XMPP_LEVEL_ERROR)};

xmpp_log_t *xmpp_get_default_logger(xmpp_log_level_t level)
{
    int at = (int)level;

    if (at < (int)XMPP_LEVEL_DEBUG)
        at = XMPP_LEVEL_DEBUG;
    if (at > (int)XMPP_LEVEL_ERROR)
        at = XMPP_LEVEL_ERROR;
    return (xmpp_log_t *)(uintptr_t)&loggers[at];
}

/* ---- what is wanted ---------------------------------------------- */

/* Our own logger, or a copy of it, drops lines below its level. The library
 * knows that level, so it does not render a stanza for a line that nobody
 * sees. A level that lies elsewhere is the application's, which may change it
 * at any time. */
static xmpp_log_level_t least_of(const xmpp_log_t *log)
{
    for (int i = XMPP_LEVEL_DEBUG; i <= XMPP_LEVEL_ERROR; i++)
        if (log && log->handler == log_to_stderr &&
            log->userdata == &all_levels[i])
            return all_levels[i];
    return XMPP_LEVEL_DEBUG;
}

void xmpp_ctx_set_log_level(xmpp_ctx_t *ctx, xmpp_log_level_t level)
{
    xmpp_log_level_t least;

    if (!ctx)
        return;
    least = least_of(ctx->env.log);
    ctx->env.least = level > least ? level : least;
}
