/* ctx.c - the life of a context. */

#include "base/arena.h"
#include "conn/ctx.h"

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
    timed_init(&ctx->timed, &ctx->env);
    ctx->timeout = DEFAULT_TIMEOUT;
    xmpp_ctx_set_log_level(ctx, XMPP_LEVEL_DEBUG);
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
    lookups_free(&ctx->lookups);
    poll_free(ctx->poll);
    env_free(&ctx->env, ctx->scratch);
    env_free(&ctx->env, ctx->dns_servers);
    arena_drain(&ctx->env);
    env = ctx->env;
    env_free(&env, ctx);
}

void xmpp_ctx_set_verbosity(xmpp_ctx_t *ctx, int level)
{
    if (ctx)
        ctx->env.verbosity = level;
}

const char *xmpp_ctx_get_last_error(const xmpp_ctx_t *ctx)
{
    return ctx ? ctx->env.refused : "";
}

void xmpp_free(const xmpp_ctx_t *ctx, void *p)
{
    if (ctx)
        env_free(env_of(ctx), p);
}

int xmpp_ctx_set_dns_servers(xmpp_ctx_t *ctx, const char *servers)
{
    struct quote said;

    if (!ctx)
        return XMPP_EINVOP;
    if (servers && !dns_servers_valid(servers)) {
        quote(&said, str_of(servers));
        return env_refuse(&ctx->env, XMPP_EARG,
                          "\"%s\" is not a list of name servers: addresses, "
                          "each with a port if need be, and commas between "
                          "them", said.s);
    }
    return env_replace(&ctx->env, &ctx->dns_servers, servers);
}
