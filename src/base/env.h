/* env.h - the environment of all objects: memory, log, spare chunks. */

#ifndef BASE_ENV_H
#define BASE_ENV_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <xmpp/types.h>

struct chunk;

#define ENV_WARM 8 /* parsers that are kept, see stanza/reader */

/* The first member of a context, so that a pointer to a context is one to its
 * environment. The brain sees nothing else of a context; tests create an
 * environment without one.
 *
 * Spare chunks are kept per context and not per connection, so that ten
 * thousand idle connections share a handful of them. */
struct env {
    const xmpp_mem_t *mem;  /* borrowed, never NULL */
    const xmpp_log_t *log;  /* borrowed, NULL for silence */
    xmpp_log_level_t least; /* lines below this level are dropped */
    int verbosity;
    unsigned long users;           /* objects that live in it */
    void (*last)(struct env *env); /* called when `users` becomes 0; or NULL */
    unsigned char hash_key[16];    /* random: see map_hash_secret() */
    struct chunk *spare[3];        /* by size class, see arena.c */
    unsigned spares[3];            /* how many of each, bounded */
    void *warm[ENV_WARM];          /* who has one; NULL: nobody */
    uint32_t warm_lot;             /* draws whose is given up */
    char refused[256];             /* the reason of the last refused call */
};

/* Both are borrowed. NULL `mem` stands for malloc, NULL `log` for silence. */
void env_init(struct env *env, const xmpp_mem_t *mem, const xmpp_log_t *log);

static inline struct env *env_of(const xmpp_ctx_t *ctx)
{
    return (struct env *)(uintptr_t)ctx;
}

static inline xmpp_ctx_t *env_ctx(const struct env *env)
{
    return (xmpp_ctx_t *)(uintptr_t)env;
}

/* Called when an object that lives in the environment is created and freed. A
 * context that is freed before its connections and stanzas stays until the last
 * of them is gone, so that the order in which a program frees does not
 * matter. */
static inline void env_enter(struct env *env)
{
    env->users++;
}

static inline void env_leave(struct env *env)
{
    if (--env->users == 0 && env->last)
        env->last(env);
}

/* NULL if there is no memory; size 0 is valid and gives a pointer. */
void *env_alloc(const struct env *env, size_t size);
void *env_zalloc(const struct env *env, size_t size);
void *env_realloc(const struct env *env, void *p, size_t size);
void env_free(const struct env *env, void *p);
char *env_strndup(const struct env *env, const char *s, size_t n);
char *env_strdup(const struct env *env, const char *s); /* NULL gives NULL */

/* Replace a string member by a copy, NULL by none; the old one is wiped, since
 * it may be a secret. 0; XMPP_EMEM, and it keeps its old value. */
int env_replace(const struct env *env, char **member, const char *s);

/* Wipe a secret, then free it. */
void env_free_secret(const struct env *env, char *s);

/* Whether a line of this level would reach a handler: to be checked before a
 * line that is expensive to render. */
static inline bool env_wants_log(const struct env *env, xmpp_log_level_t level)
{
    return env->log && level >= env->least && env->log->handler;
}

void env_log(const struct env *env, xmpp_log_level_t level, const char *area,
             const char *fmt, ...) XMPP_PRINTF(4, 5);
void env_vlog(const struct env *env, xmpp_log_level_t level, const char *area,
              const char *fmt, va_list ap) XMPP_PRINTF(4, 0);

/* Record why a call is refused, for xmpp_ctx_get_last_error(), and log it at
 * debug level. A long reason is cut. Returns `code`. */
int env_refuse(struct env *env, int code, const char *fmt, ...)
    XMPP_PRINTF(3, 4);

/* The same for a module, whose name (or NULL) stands before the reason and is
 * the area of the line. What is not printable in the reason is escaped. */
int env_refuse_module(struct env *env, const char *module, int code,
                      const char *fmt, va_list ap) XMPP_PRINTF(4, 0);

/* A line that is already rendered. */
void env_log_line(const struct env *env, xmpp_log_level_t level,
                  const char *area, const char *line);

#endif
