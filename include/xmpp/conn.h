/* conn.h - a connection: settings, life, and why it ended. */

#ifndef XMPP_CONN_H
#define XMPP_CONN_H

#include <xmpp/build.h>
#include <xmpp/error.h>
#include <xmpp/option.h>
#include <xmpp/tls.h>
#include <xmpp/types.h>

XMPP_BEGIN

/* ---- life -------------------------------------------------------- */

/* A connection object, owned; NULL for a NULL context or without memory. */
XMPP_API xmpp_conn_t *xmpp_conn_new(xmpp_ctx_t *ctx);

/* Hold it once more; returns the same pointer. */
XMPP_API xmpp_conn_t *xmpp_conn_clone(xmpp_conn_t *conn);

/* Give one hold back; allowed anywhere, inside its own handlers too. The
 * last hold closes a live connection abruptly and calls the connection
 * handler with XMPP_CONN_DISCONNECT. 1 if the last hold went, else 0. */
XMPP_API int xmpp_conn_release(xmpp_conn_t *conn);

XMPP_API xmpp_ctx_t *xmpp_conn_get_context(xmpp_conn_t *conn);

/* ---- account ----------------------------------------------------- */

/* The account: node@domain, with a resource if one is wished for, or a bare
 * domain for an anonymous login; for a component its own domain. Copied, and
 * brought into normal form (RFC 7622) by the connect call, which refuses what
 * is no valid address. */
XMPP_API void xmpp_conn_set_jid(xmpp_conn_t *conn, const char *jid);
XMPP_API const char *xmpp_conn_get_jid(const xmpp_conn_t *conn);

/* The full address that the server gave us, NULL until then. Borrowed. */
XMPP_API const char *xmpp_conn_get_bound_jid(const xmpp_conn_t *conn);

/* The password as it was typed, UTF-8 of any length. SCRAM and DIGEST-MD5
 * prepare it (SASLprep) where they can; PLAIN and XEP-0078 send it as it is,
 * for there the server prepares it. Copied, and wiped from memory with the
 * connection; NULL clears. */
XMPP_API void xmpp_conn_set_pass(xmpp_conn_t *conn, const char *pass);
XMPP_API const char *xmpp_conn_get_pass(const xmpp_conn_t *conn);

/* Allow only these SASL mechanisms, a list separated by spaces such as
 * "SCRAM-SHA-256-PLUS SCRAM-SHA-256"; NULL for all that are safe. Each name
 * stands for itself: without one with -PLUS no channel is bound. The strongest
 * that both sides have is used, whatever the order. Copied. 0, XMPP_EMEM, or
 * XMPP_EARG if no known mechanism is in the list. */
XMPP_API int xmpp_conn_set_mechanisms(xmpp_conn_t *conn, const char *list);

/* The xml:lang of the stream (RFC 6120 section 4.7.4); NULL for none. */
XMPP_API int xmpp_conn_set_lang(xmpp_conn_t *conn, const char *lang);

/* ---- flags ------------------------------------------------------- */

/* TLS is required and the server is verified unless a flag or
 * XMPP_OPT_TLS_OPTIONAL says otherwise; libstrophe without flags would go on
 * in the clear where a server offers none. */
#define XMPP_CONN_FLAG_DISABLE_TLS (1UL << 0)   /* never use TLS */
#define XMPP_CONN_FLAG_MANDATORY_TLS (1UL << 1) /* overrides TLS_OPTIONAL */
#define XMPP_CONN_FLAG_LEGACY_SSL (1UL << 2)    /* TLS from the first byte */
#define XMPP_CONN_FLAG_TRUST_TLS (1UL << 3)     /* accept any certificate */
#define XMPP_CONN_FLAG_LEGACY_AUTH (1UL << 4)   /* allow XEP-0078 */
#define XMPP_CONN_FLAG_DISABLE_SM (1UL << 5)    /* no XEP-0198 */
#define XMPP_CONN_FLAG_ENABLE_COMPRESSION (1UL << 6)     /* XEP-0138 */
#define XMPP_CONN_FLAG_COMPRESSION_DONT_RESET (1UL << 7) /* see below */

/* Compression begins behind the login. The length of what is compressed tells
 * somebody on the wire a little of its content, even under TLS, if others can
 * make us say something beside it; therefore each write stands alone, unless
 * COMPRESSION_DONT_RESET gives that up for fewer bytes. Without effect in a
 * library that was built without zlib. */

XMPP_API long xmpp_conn_get_flags(const xmpp_conn_t *conn);

/* Only while disconnected. 0; XMPP_EINVOP while connected, for DISABLE_TLS
 * together with another TLS flag, and for unknown bits (the known ones are
 * then applied all the same). */
XMPP_API int xmpp_conn_set_flags(xmpp_conn_t *conn, long flags);

/* ---- state ------------------------------------------------------- */

/* Connected means logged in (or, in raw mode, that the peer's stream
 * header has arrived); connecting is everything between a connect call and
 * that; one of the three is always true. */
XMPP_API int xmpp_conn_is_connecting(xmpp_conn_t *conn);
XMPP_API int xmpp_conn_is_connected(xmpp_conn_t *conn);
XMPP_API int xmpp_conn_is_disconnected(xmpp_conn_t *conn);

/* Why the last connection ended, or why the last connect call was refused;
 * NULL if it was not, or if this side ended it cleanly.
 * Borrowed; valid until the next connect call or the release. */
XMPP_API const xmpp_failure_t *xmpp_conn_get_failure(const xmpp_conn_t *conn);

/* ---- connecting -------------------------------------------------- */

typedef enum { XMPP_UNKNOWN, XMPP_CLIENT, XMPP_COMPONENT } xmpp_conn_type_t;

typedef enum {
    XMPP_CONN_CONNECT,     /* logged in */
    XMPP_CONN_RAW_CONNECT, /* raw mode: the transport is up */
    XMPP_CONN_DISCONNECT,  /* ended; exactly once per started connection */
    XMPP_CONN_FAIL         /* never used */
} xmpp_conn_event_t;

/* A stream error that the peer sent; valid only during the call. */
typedef struct {
    xmpp_error_type_t type;
    char *text;
    xmpp_stanza_t *stanza;
} xmpp_stream_error_t;

/* Called when the state changes. `error` is 0 for a clean end and for a
 * refusal by the server, else an errno or a TLS code, as in libstrophe; ask
 * xmpp_conn_get_failure() for the whole story. */
typedef void (*xmpp_conn_handler)(xmpp_conn_t *conn, xmpp_conn_event_t event,
                                  int error, xmpp_stream_error_t *stream_error,
                                  void *userdata);

/* Start a client connection; returns at once, the handler tells the rest.
 * With `altdomain` NULL the server is found by DNS (RFC 6120 section 3.2),
 * else that host is used, and `altport` or 5222 (5223 for direct TLS).
 * 0; XMPP_EINVOP (no JID, or not disconnected), XMPP_EARG (a JID that is
 * none), XMPP_EMEM; then the handler is not called, and the log and
 * xmpp_conn_get_failure() say why. */
XMPP_API int xmpp_connect_client(xmpp_conn_t *conn, const char *altdomain,
                                 unsigned short altport,
                                 xmpp_conn_handler callback, void *userdata);

/* Start a component (XEP-0114): the JID is its domain, the password its
 * secret, `server` the host to reach, `port` 0 for 5347. A secret that is
 * refused is XMPP_EAUTH in the layer sasl, like a password. */
XMPP_API int xmpp_connect_component(xmpp_conn_t *conn, const char *server,
                                    unsigned short port,
                                    xmpp_conn_handler callback, void *userdata);

/* Start a connection that negotiates nothing by itself. */
XMPP_API int xmpp_connect_raw(xmpp_conn_t *conn, const char *altdomain,
                              unsigned short altport,
                              xmpp_conn_handler callback, void *userdata);

/* Raw mode: open or reopen the stream, with our usual attributes or with
 * `attributes` (name, value, ...; `attributes_len` strings). */
XMPP_API int xmpp_conn_open_stream_default(xmpp_conn_t *conn);
XMPP_API int xmpp_conn_open_stream(xmpp_conn_t *conn, char **attributes,
                                   size_t attributes_len);

/* Raw mode: begin TLS on the transport, after `<proceed/>`. Returns at
 * once; what is sent afterwards waits for the handshake. */
XMPP_API int xmpp_conn_tls_start(xmpp_conn_t *conn);

/* End the stream properly: send what waits, unavailable presence if we were
 * available, the end tag, and wait for the server's end. In a session that can
 * be resumed the end tag follows the acknowledgement of what was sent.
 * XMPP_OPT_CLOSE_TIMEOUT counts from the last moment in which the server took
 * something. What it did not take by then stays for the next connection (see
 * xmpp_conn_send_queue_len(), xmpp_conn_get_unacked()), and the failure is
 * XMPP_ETIMEOUT; xmpp_send_tracked() handlers are told when its fate is known.
 * As long as the server has not confirmed the end, the next connection resumes
 * the session. Before the login is complete it ends as soon as possible.
 * DISCONNECT comes from the loop. Nothing happens on a connection that is
 * already closing or closed. */
XMPP_API void xmpp_disconnect(xmpp_conn_t *conn);

/* End it at once, saying nothing, because the application knows better: the
 * machine goes to sleep, or another network is there. The session stays (see
 * xmpp/sm.h), what was not sent or not acknowledged with it, and the next
 * connection continues it. DISCONNECT comes from the loop, without a failure.
 * Also ends the wait of xmpp_disconnect(). */
XMPP_API void xmpp_conn_drop(xmpp_conn_t *conn);

/* Ask the server for a sign of life now, for instance after a sleep: by an
 * acknowledgement (XEP-0198) or a ping (XEP-0199). If nothing arrives from it
 * for `patience` milliseconds from now (0: XMPP_OPT_PING_TIMEOUT) the
 * connection ends with XMPP_ETIMEOUT, and its session stays. Of several calls
 * the earliest deadline counts. 0; XMPP_ENOTCONN unless logged in, and in raw
 * mode; XMPP_EMEM. */
XMPP_API int xmpp_conn_check(xmpp_conn_t *conn, unsigned long patience);

/* ---- socket ------------------------------------------------------ */

/* Called with every new socket before it connects, `*(int *)sock` being the
 * descriptor; non-zero skips the address. */
typedef int (*xmpp_sockopt_callback)(xmpp_conn_t *conn, void *sock);
XMPP_API void xmpp_conn_set_sockopt_callback(xmpp_conn_t *conn,
                                             xmpp_sockopt_callback callback);

/* A ready-made one: TCP keepalive 60 s / 30 s / 3 and a user timeout. */
XMPP_API int xmpp_sockopt_cb_keepalive(xmpp_conn_t *conn, void *sock);

XMPP_END

#endif /* XMPP_CONN_H */
