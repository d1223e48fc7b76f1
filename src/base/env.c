/* env.c - memory and log, handed down by pointer instead of kept in globals. */

#include "base/env.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xmpp/error.h>

#include "base/crypt.h"
#include "base/quote.h"

static void *libc_alloc(size_t size, void *userdata)
{
    (void)userdata;
    return malloc(size);
}

static void libc_free(void *p, void *userdata)
{
    (void)userdata;
    free(p);
}

static void *libc_realloc(void *p, size_t size, void *userdata)
{
    (void)userdata;
    return realloc(p, size);
}

static const xmpp_mem_t libc_mem = {libc_alloc, libc_free, libc_realloc, NULL};

void env_init(struct env *env, const xmpp_mem_t *mem, const xmpp_log_t *log)
{
    memset(env, 0, sizeof(*env));
    env->mem = mem ? mem : &libc_mem;
    env->log = log;
    /* with a key that can be guessed tables are slow at worst, never wrong */
    if (!crypt_random(env->hash_key, sizeof(env->hash_key)))
        memset(env->hash_key, 0, sizeof(env->hash_key));
}

/* The allocator of an application may return NULL for 0, which is not a failure
 * here. */
void *env_alloc(const struct env *env, size_t size)
{
    return env->mem->alloc(size ? size : 1, env->mem->userdata);
}

void *env_zalloc(const struct env *env, size_t size)
{
    void *p = env_alloc(env, size);

    if (p)
        memset(p, 0, size);
    return p;
}

/* With 0, realloc() may free the block. */
void *env_realloc(const struct env *env, void *p, size_t size)
{
    return env->mem->realloc(p, size ? size : 1, env->mem->userdata);
}

/* The allocator of an application need not accept NULL. */
void env_free(const struct env *env, void *p)
{
    if (p)
        env->mem->free(p, env->mem->userdata);
}

char *env_strndup(const struct env *env, const char *s, size_t n)
{
    char *copy = n < SIZE_MAX ? env_alloc(env, n + 1) : NULL;

    if (copy) {
        memcpy(copy, s, n);
        copy[n] = '\0';
    }
    return copy;
}

char *env_strdup(const struct env *env, const char *s)
{
    return s ? env_strndup(env, s, strlen(s)) : NULL;
}

/* The copy comes first: `s` may be a part of the old value. */
int env_replace(const struct env *env, char **member, const char *s)
{
    char *copy = env_strdup(env, s);

    if (s && !copy)
        return XMPP_EMEM;
    env_free_secret(env, *member);
    *member = copy;
    return 0;
}

void env_free_secret(const struct env *env, char *s)
{
    if (s)
        crypt_wipe(s, strlen(s));
    env_free(env, s);
}

void env_log_line(const struct env *env, xmpp_log_level_t level,
                  const char *area, const char *line)
{
    if (env_wants_log(env, level))
        env->log->handler(env->log->userdata, level, area, line);
}

/* Most lines fit on the stack; a longer one is rendered a second time. */
void env_vlog(const struct env *env, xmpp_log_level_t level, const char *area,
              const char *fmt, va_list ap)
{
    char small[512];
    char *line = small;
    va_list again;
    int n;

    if (!fmt || !env_wants_log(env, level))
        return;
    va_copy(again, ap);
    n = vsnprintf(small, sizeof(small), fmt, ap);
    if (n >= (int)sizeof(small)) {
        line = env_alloc(env, (size_t)n + 1);
        if (line)
            vsnprintf(line, (size_t)n + 1, fmt, again);
        else
            line = small; /* a cut line is better than no line */
    }
    va_end(again);
    if (n >= 0)
        env_log_line(env, level, area, line);
    if (line != small)
        env_free(env, line);
}

int env_refuse(struct env *env, int code, const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    vsnprintf(env->refused, sizeof(env->refused), fmt, ap);
    va_end(ap);
    env_log(env, XMPP_LEVEL_DEBUG, "api", "refused: %s", env->refused);
    return code;
}

int env_refuse_module(struct env *env, const char *module, int code,
                      const char *fmt, va_list ap)
{
    char reason[sizeof(env->refused)];
    size_t n;

    vsnprintf(reason, sizeof(reason), fmt, ap);
    snprintf(env->refused, sizeof(env->refused), "%s%s", module ? module : "",
             module ? ": " : "");
    n = strlen(env->refused);
    quote_append(env->refused, sizeof(env->refused), reason);
    env_log(env, XMPP_LEVEL_DEBUG, module ? module : "api", "refused: %s",
            env->refused + n);
    return code;
}

void env_log(const struct env *env, xmpp_log_level_t level, const char *area,
             const char *fmt, ...)
{
    va_list ap;

    va_start(ap, fmt);
    env_vlog(env, level, area, fmt, ap);
    va_end(ap);
}
