/* ctx.c - the life of a context. */

#include "base/arena.h"
#include "conn/ctx.h"

#include <stdio.h>
#include <string.h>

#include <xmpp/error.h>
#include <xmpp/handler.h>

#include "base/quote.h"
#include "conn/timed.h"
#include "net/dns.h"

#define DEFAULT_TIMEOUT 1000

/* The version of libstrophe whose behaviour is followed, and our own. */
#define STROPHE_MAJOR 0
#define STROPHE_MINOR 14
#define OWN_VERSION "0.1.0"

void xmpp_initialize(void)
{
    /* Every library beneath prepares itself on first use. */
}

void xmpp_shutdown(void)
{
}

int xmpp_version_check(int major, int minor)
{
    return major == STROPHE_MAJOR && minor >= STROPHE_MINOR;
}

const char *xmpp_version(void)
{
    return OWN_VERSION;
}

xmpp_ctx_t *xmpp_ctx_new(const xmpp_mem_t *mem, const xmpp_log_t *log)
{
    struct env env;
    xmpp_ctx_t *ctx;

    env_init(&env, mem, log);
    ctx = env_zalloc(&env, sizeof(*ctx));
    if (!ctx)
        return NULL;
    ctx->env = env;
    list_init(&ctx->conns);
    list_init(&ctx->timed);
    ctx->timeout = DEFAULT_TIMEOUT;
    ctx->poll = poll_new(&ctx->env);
    if (!ctx->poll) {
        env_free(&env, ctx);
        return NULL;
    }
    return ctx;
}

void xmpp_ctx_free(xmpp_ctx_t *ctx)
{
    struct env env;

    if (!ctx)
        return;
    timed_free_all(&ctx->timed);
    poll_free(ctx->poll);
    env_free(&ctx->env, ctx->scratch);
    env_free(&ctx->env, ctx->dns_servers);
    arena_drain(&ctx->env);
    env = ctx->env;
    env_free(&env, ctx);
}

void xmpp_ctx_set_verbosity(xmpp_ctx_t *ctx, int level)
{
    ctx->env.verbosity = level;
}

const char *xmpp_ctx_get_last_error(const xmpp_ctx_t *ctx)
{
    return ctx ? ctx->env.refused : "";
}

void xmpp_free(const xmpp_ctx_t *ctx, void *p)
{
    env_free(env_of(ctx), p);
}

int xmpp_ctx_set_dns_servers(xmpp_ctx_t *ctx, const char *servers)
{
    struct quote said;

    if (servers && !dns_servers_valid(servers)) {
        quote(&said, str_of(servers));
        return env_refuse(&ctx->env, XMPP_EARG,
                          "\"%s\" is not a list of name servers: addresses, "
                          "each with a port if need be, and commas between "
                          "them", said.s);
    }
    return env_replace(&ctx->env, &ctx->dns_servers, servers);
}

/* ---- the default logger --------------------------------------------- */

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
#define LOGGER(level) {log_to_stderr, (void *)(uintptr_t)&all_levels[level]}

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
