/* types.h - the names that every other header of libxmpp shares. */

#ifndef XMPP_TYPES_H
#define XMPP_TYPES_H

#include <stddef.h>

/* Everything marked XMPP_API is exported by libxmpp.so; nothing else is. */
#if defined(__GNUC__)
#define XMPP_API __attribute__((visibility("default")))
#define XMPP_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define XMPP_API
#define XMPP_PRINTF(fmt, args)
#endif

#if defined(__GNUC__) && !defined(XMPP_NO_DEPRECATED)
#define XMPP_DEPRECATED(x) __attribute__((deprecated("replaced by " #x)))
#else
#define XMPP_DEPRECATED(x)
#endif

#ifdef __cplusplus
#define XMPP_BEGIN extern "C" {
#define XMPP_END }
#else
#define XMPP_BEGIN
#define XMPP_END
#endif

XMPP_BEGIN

/* Opaque objects. Each is described in the header named beside it. */
typedef struct _xmpp_ctx_t xmpp_ctx_t;       /* ctx.h */
typedef struct _xmpp_conn_t xmpp_conn_t;     /* conn.h */
typedef struct _xmpp_stanza_t xmpp_stanza_t; /* stanza.h */

/* A replacement for malloc(), free() and realloc(). All members must be set.
 * The context keeps a pointer to the struct, which must outlive it. */
typedef struct _xmpp_mem_t xmpp_mem_t;
struct _xmpp_mem_t {
    void *(*alloc)(size_t size, void *userdata);
    void (*free)(void *p, void *userdata);
    void *(*realloc)(void *p, size_t size, void *userdata);
    void *userdata;
};

typedef enum {
    XMPP_LEVEL_DEBUG,
    XMPP_LEVEL_INFO,
    XMPP_LEVEL_WARN,
    XMPP_LEVEL_ERROR
} xmpp_log_level_t;

/* Called for each line of the log. `area` names the part of the library
 * ("conn", "xmpp", "tls", "dns", ...); `msg` is NUL-terminated. Both are
 * borrowed for the call. The log never contains passwords or other secrets. */
typedef void (*xmpp_log_handler)(void *userdata, xmpp_log_level_t level,
                                 const char *area, const char *msg);

/* Where log lines go. The context keeps a pointer to the struct, which must
 * outlive it. */
typedef struct _xmpp_log_t xmpp_log_t;
struct _xmpp_log_t {
    xmpp_log_handler handler;
    void *userdata;
};

XMPP_END

#endif /* XMPP_TYPES_H */
