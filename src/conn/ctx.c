/* ctx.c - the life of a context. */

#include "conn/ctx.h"

#include <xmpp/error.h>
#include <xmpp/handler.h>

#include "base/arena.h"
#include "base/quote.h"
#include "conn/names.h"
#include "conn/timed.h"
#include "net/dns.h"

#define DEFAULT_TIMEOUT 1000

void xmpp_initialize(void)
{
    /* Every library beneath prepares itself on first use. */
}

void xmpp_shutdown(void)
{
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
    slots_init(&ctx->slots, &ctx->env);
    sets_init(&ctx->sets, &ctx->env);
    timed_init(&ctx->timed, &ctx->env, &ctx->slots, NULL, NULL);
    posts_init(&ctx->posts);
    names_init(ctx);
    ctx->timeout = DEFAULT_TIMEOUT;
    /* This reads the level of our own logger, so that lines below it are never
     * rendered. */
    xmpp_ctx_set_log_level(ctx, XMPP_LEVEL_DEBUG);
    ctx->poll = poll_new(&ctx->env);
    if (!ctx->poll) {
        env_free(&env, ctx);
        return NULL;
    }
    return ctx;
}

/* ---- the end ----------------------------------------------------- */

/* Only connections and turns of the loop need these. */
static void free_ctx_parts(xmpp_ctx_t *ctx)
{
    timed_free_all(&ctx->timed);
    slots_free(&ctx->slots);
    lookups_free(&ctx->lookups);
    tls_trusts_free(&ctx->trusts);
    poll_free(ctx->poll);
    ctx->poll = NULL;
    env_free(&ctx->env, ctx->scratch);
    ctx->scratch = NULL;
    env_free(&ctx->env, ctx->dns_servers);
    ctx->dns_servers = NULL;
}

/* The last user has left. The environment is copied first, because it lies in
 * the memory that it frees. */
static void free_ctx(struct env *of_ctx)
{
    struct env env;

    arena_drain(of_ctx);
    env = *of_ctx;
    env_free(&env, env_ctx(of_ctx));
}

void ctx_leave(xmpp_ctx_t *ctx)
{
    if (ctx->env.last && list_is_empty(&ctx->conns) && !ctx->turns && ctx->poll)
        free_ctx_parts(ctx);
    env_leave(&ctx->env);
}

/* A program cannot have meant to leave a connection behind, so that is an
 * error. The log is not used later, because it may be gone by then. */
static void log_order(const xmpp_ctx_t *ctx)
{
    if (ctx->conns_n)
        env_log(&ctx->env, XMPP_LEVEL_ERROR, "conn",
                "the context was freed before its connections: it stays in "
                "memory, without a log, until they are released");
    else if (ctx->env.users && !ctx->turns)
        env_log(&ctx->env, XMPP_LEVEL_WARN, "conn",
                "the context was freed before its stanzas: it stays in memory, "
                "without a log, until they are released");
}

void xmpp_ctx_free(xmpp_ctx_t *ctx)
{
    if (!ctx || ctx->env.last)
        return;
    log_order(ctx);
    ctx->env.last = free_ctx; /* from now on it takes no more timers */
    env_enter(&ctx->env);
    timed_free_all(&ctx->timed);
    posts_close(&ctx->posts);
    ctx->interrupt = NULL;
    /* A handler may free the context: the loop that called it has to end. */
    atomic_store(&ctx->stop, true);
    ctx->env.log = NULL;
    ctx_leave(ctx);
}

/* ---- settings ---------------------------------------------------- */

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

void *xmpp_zalloc(xmpp_ctx_t *ctx, size_t size)
{
    return ctx ? env_zalloc(env_of(ctx), size) : NULL;
}

char *xmpp_copy_text(xmpp_ctx_t *ctx, const char *text)
{
    return ctx ? env_strdup(env_of(ctx), text) : NULL;
}

int xmpp_ctx_set_dns_servers(xmpp_ctx_t *ctx, const char *servers)
{
    struct quote said;

    if (!ctx)
        return XMPP_EINVOP;
    if (servers && !dns_servers_valid(servers)) {
        quote(&said, str_of(servers));
        return env_refuse(
            &ctx->env, XMPP_EARG,
            "\"%s\" is not a list of name servers: expected addresses "
            "separated by commas, each with an optional port",
            said.s);
    }
    return env_replace(&ctx->env, &ctx->dns_servers, servers);
}
