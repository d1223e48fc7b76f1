/* strophe.h - libstrophe's header, provided by libxmpp.
 *
 * A program written for libstrophe includes this file and finds its functions,
 * types and constants. New programs include <xmpp/xmpp.h>.
 */

#ifndef XMPP_STROPHE_H
#define XMPP_STROPHE_H

#include <stdarg.h>

#include <xmpp/xmpp.h>

XMPP_BEGIN

/* Helpers that libstrophe exports but discourages. They work like the functions
 * of the C library with the same names, with the context's allocator and log.
 */
XMPP_DEPRECATED(malloc)
XMPP_API void *xmpp_alloc(const xmpp_ctx_t *ctx, size_t size);
XMPP_DEPRECATED(realloc)
XMPP_API void *xmpp_realloc(const xmpp_ctx_t *ctx, void *p, size_t size);
XMPP_DEPRECATED(strdup)
XMPP_API char *xmpp_strdup(const xmpp_ctx_t *ctx, const char *s);
XMPP_DEPRECATED(strndup)
XMPP_API char *xmpp_strndup(const xmpp_ctx_t *ctx, const char *s, size_t len);

/* The C library's strtok_r(), snprintf() and vsnprintf(). */
XMPP_DEPRECATED(strtok_r)
XMPP_API char *xmpp_strtok_r(char *s, const char *delim, char **saveptr);
XMPP_DEPRECATED(snprintf)
XMPP_API int xmpp_snprintf(char *str, size_t count, const char *fmt, ...)
    XMPP_PRINTF(3, 4);
XMPP_DEPRECATED(vsnprintf)
XMPP_API int xmpp_vsnprintf(char *str, size_t count, const char *fmt,
                            va_list arg) XMPP_PRINTF(3, 0);

/* Write a line to the context's log, formatted as by printf(). */
XMPP_DEPRECATED(internal)
XMPP_API void xmpp_log(const xmpp_ctx_t *ctx, xmpp_log_level_t level,
                       const char *area, const char *fmt, va_list ap)
    XMPP_PRINTF(4, 0);
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

/* Like xmpp_debug(), but only if the context's verbosity is at least `level`.
 */
XMPP_DEPRECATED(internal)
XMPP_API void xmpp_debug_verbose(int level, const xmpp_ctx_t *ctx,
                                 const char *area, const char *fmt, ...)
    XMPP_PRINTF(4, 5);

/* The same as setting XMPP_CONN_FLAG_DISABLE_TLS. */
XMPP_API void xmpp_conn_disable_tls(xmpp_conn_t *conn);

/* TCP keepalive: `timeout` seconds of silence before the first probe, and
 * `interval` seconds between probes. */
XMPP_DEPRECATED(xmpp_conn_set_sockopt_callback)
XMPP_API void xmpp_conn_set_keepalive(xmpp_conn_t *conn, int timeout,
                                      int interval);

/* ---- SHA-1 (RFC 3174) -------------------------------------------- */

#define XMPP_SHA1_DIGEST_SIZE 20

/* The digest of `len` bytes: as lower-case hexadecimal digits in a new string
 * (owned: xmpp_free), or as XMPP_SHA1_DIGEST_SIZE bytes. */
XMPP_API char *xmpp_sha1(xmpp_ctx_t *ctx, const unsigned char *data,
                         size_t len);
XMPP_API void xmpp_sha1_digest(const unsigned char *data, size_t len,
                               unsigned char *digest);

/* The same in pieces: new (owned: xmpp_sha1_free), update as often as needed,
 * final, and only then the result. An update after final begins a new digest.
 */
typedef struct _xmpp_sha1_t xmpp_sha1_t;
XMPP_API xmpp_sha1_t *xmpp_sha1_new(xmpp_ctx_t *ctx);
XMPP_API void xmpp_sha1_free(xmpp_sha1_t *sha1);
XMPP_API void xmpp_sha1_update(xmpp_sha1_t *sha1, const unsigned char *data,
                               size_t len);
XMPP_API void xmpp_sha1_final(xmpp_sha1_t *sha1);

/* The result as hexadecimal digits in `s`, which is returned (NULL if `slen` is
 * below 41); as a new string (owned: xmpp_free); as bytes. */
XMPP_API char *xmpp_sha1_to_string(xmpp_sha1_t *sha1, char *s, size_t slen);
XMPP_API char *xmpp_sha1_to_string_alloc(xmpp_sha1_t *sha1);
XMPP_API void xmpp_sha1_to_digest(xmpp_sha1_t *sha1, unsigned char *digest);

/* ---- base64 (RFC 4648 section 4) --------------------------------- */

/* Encode to a new string. Owned: xmpp_free(). NULL when out of memory. */
XMPP_API char *xmpp_base64_encode(xmpp_ctx_t *ctx, const unsigned char *data,
                                  size_t len);

/* Decode `len` characters to a new string. Owned: xmpp_free(). "" for an empty
 * input. NULL for anything but padded base64 without white space, for a result
 * with a NUL in it, and when out of memory. */
XMPP_API char *xmpp_base64_decode_str(xmpp_ctx_t *ctx, const char *base64,
                                      size_t len);

/* Decode to bytes, followed by a NUL that *outlen does not count. *out is
 * owned: xmpp_free(). If there are no bytes, for any reason, *out is NULL and
 * *outlen is 0. */
XMPP_API void xmpp_base64_decode_bin(xmpp_ctx_t *ctx, const char *base64,
                                     size_t len, unsigned char **out,
                                     size_t *outlen);

/* ---- random numbers ---------------------------------------------- */

/* From the operating system's generator, good enough for keys. If that fails
 * the program ends. */
typedef struct _xmpp_rand_t xmpp_rand_t;
XMPP_API xmpp_rand_t *xmpp_rand_new(xmpp_ctx_t *ctx);
XMPP_API void xmpp_rand_free(xmpp_ctx_t *ctx, xmpp_rand_t *rand);

/* A number from 0 to INT_MAX. */
XMPP_API int xmpp_rand(xmpp_rand_t *rand);
XMPP_API void xmpp_rand_bytes(xmpp_rand_t *rand, unsigned char *output,
                              size_t len);

/* Write `len` - 1 random digits 0-9 and A-F, and a NUL; nothing if `len` is 0.
 */
XMPP_API void xmpp_rand_nonce(xmpp_rand_t *rand, char *output, size_t len);

/* xmpp_uuid_gen() is in <xmpp/fast.h>. */

XMPP_END

#endif /* XMPP_STROPHE_H */
