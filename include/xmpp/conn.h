/* conn.h - a connection: its settings, its life, and why it ended.
 *
 *     xmpp_conn_t *conn = xmpp_conn_new(ctx);
 *
 *     xmpp_conn_set_jid(conn, "juliet@example.org");
 *     xmpp_conn_set_pass(conn, password);
 *     if (xmpp_connect_client(conn, NULL, 0, on_event, NULL) == 0)
 *         xmpp_run(ctx);
 *     xmpp_conn_release(conn);
 */

#ifndef XMPP_CONN_H
#define XMPP_CONN_H

#include <xmpp/build.h>
#include <xmpp/error.h>
#include <xmpp/option.h>
#include <xmpp/tls.h>
#include <xmpp/types.h>

XMPP_BEGIN

/* ---- life -------------------------------------------------------- */

/* Create a connection object. Owned: xmpp_conn_release(). NULL if `ctx` is NULL
 * or when out of memory. */
XMPP_API xmpp_conn_t *xmpp_conn_new(xmpp_ctx_t *ctx);

/* Take one more hold on the connection. Returns the same pointer. */
XMPP_API xmpp_conn_t *xmpp_conn_clone(xmpp_conn_t *conn);

/* Release one hold. This is allowed anywhere, also inside the connection's own
 * handlers. Releasing the last hold closes a live connection abruptly, ends
 * requests with XMPP_ENOTCONN, and calls the connection's handler with
 * XMPP_CONN_DISCONNECT. Returns 1 if this was the last hold,
 * else 0. */
XMPP_API int xmpp_conn_release(xmpp_conn_t *conn);

XMPP_API xmpp_ctx_t *xmpp_conn_get_context(xmpp_conn_t *conn);

/* ---- account ----------------------------------------------------- */

/* The account: localpart@domain, or localpart@domain/resource to request a
 * resource; a domain alone for an anonymous login; for a component its own
 * domain. Copied. The connect call brings it into normal form (RFC 7622) and
 * refuses it if it is not a valid address. */
XMPP_API void xmpp_conn_set_jid(xmpp_conn_t *conn, const char *jid);
XMPP_API const char *xmpp_conn_get_jid(const xmpp_conn_t *conn);

/* The full address that the server bound for us; NULL before the login. It
 * stays after the connection ended. Borrowed; valid until the next connect
 * call. */
XMPP_API const char *xmpp_conn_get_bound_jid(const xmpp_conn_t *conn);

/* The password as the user typed it, UTF-8 of any length. SCRAM and DIGEST-MD5
 * prepare it (SASLprep) if they can. PLAIN and XEP-0078 send it unchanged,
 * because there the server prepares it. Copied, and wiped from memory when the
 * connection is freed. NULL clears it. */
XMPP_API void xmpp_conn_set_pass(xmpp_conn_t *conn, const char *pass);
XMPP_API const char *xmpp_conn_get_pass(const xmpp_conn_t *conn);

/* Allow only these SASL mechanisms, a list separated by spaces such as
 * "SCRAM-SHA-256-PLUS SCRAM-SHA-256". NULL, the default, allows all that are
 * safe. The list is taken literally: channel binding is used only if a name
 * with -PLUS is in it. The strongest mechanism that both sides support is used,
 * whatever the order. Copied. 0, XMPP_EMEM, or XMPP_EARG if the list contains
 * no known mechanism. */
XMPP_API int xmpp_conn_set_mechanisms(xmpp_conn_t *conn, const char *list);

/* The xml:lang of the stream (RFC 6120 section 4.7.4); NULL for none. Copied. 0
 * or XMPP_EMEM. */
XMPP_API int xmpp_conn_set_lang(xmpp_conn_t *conn, const char *lang);
XMPP_API const char *xmpp_conn_get_lang(const xmpp_conn_t *conn);

/* ---- flags ------------------------------------------------------- */

/* A client connection without flags requires TLS and verifies the server's
 * certificate. You can only change that explicitly, with a flag or
 * XMPP_OPT_TLS_OPTIONAL. XMPP_CONN_FLAG_MANDATORY_TLS overrides that option.
 * (In libstrophe a connection without flags continues unencrypted if the server
 * offers no TLS.) */
#define XMPP_CONN_FLAG_DISABLE_TLS (1UL << 0)   /* never use TLS */
#define XMPP_CONN_FLAG_MANDATORY_TLS (1UL << 1) /* see above */
#define XMPP_CONN_FLAG_LEGACY_SSL (1UL << 2)    /* only direct TLS */
#define XMPP_CONN_FLAG_TRUST_TLS (1UL << 3)     /* accept any certificate */
#define XMPP_CONN_FLAG_LEGACY_AUTH (1UL << 4)   /* see login.h */
#define XMPP_CONN_FLAG_DISABLE_SM (1UL << 5)    /* no XEP-0198 */

/* Compression begins after the login. Compressed data reveals a little of its
 * content by its length, even under TLS: an attacker who can make us send text
 * of his choice beside a secret can guess the secret. Each write is therefore
 * compressed independently. XMPP_CONN_FLAG_COMPRESSION_DONT_RESET gives up that
 * protection to save bytes. Both flags have no effect if the library was built
 * without zlib. */
#define XMPP_CONN_FLAG_ENABLE_COMPRESSION (1UL << 6) /* XEP-0138 */
#define XMPP_CONN_FLAG_COMPRESSION_DONT_RESET (1UL << 7)

XMPP_API long xmpp_conn_get_flags(const xmpp_conn_t *conn);

/* Replace all flags; only while disconnected. 0, or XMPP_EINVOP: the connection
 * is in use, XMPP_CONN_FLAG_DISABLE_TLS is combined with another TLS flag, or a
 * bit is unknown (the known bits are set all the same). */
XMPP_API int xmpp_conn_set_flags(xmpp_conn_t *conn, long flags);

/* ---- state ------------------------------------------------------- */

/* is_connected: the login is complete; in raw mode, the stream header of the
 * server has arrived. is_connecting: after a connect call and before that.
 * is_disconnected: otherwise. Exactly one of the three is true. */
XMPP_API int xmpp_conn_is_connecting(xmpp_conn_t *conn);
XMPP_API int xmpp_conn_is_connected(xmpp_conn_t *conn);
XMPP_API int xmpp_conn_is_disconnected(xmpp_conn_t *conn);

/* Why the last connection failed, or why the last connect call was refused.
 * NULL if nothing failed: there was no connection yet, it is still up, or this
 * side ended it cleanly. Borrowed; valid until the next connect call, the next
 * attempt of XMPP_OPT_RECONNECT, or the release. */
XMPP_API const xmpp_failure_t *xmpp_conn_get_failure(const xmpp_conn_t *conn);

/* ---- connecting -------------------------------------------------- */

typedef enum { XMPP_UNKNOWN, XMPP_CLIENT, XMPP_COMPONENT } xmpp_conn_type_t;

typedef enum {
    XMPP_CONN_CONNECT,     /* logged in; raw mode: the server's stream header
                            * has arrived */
    XMPP_CONN_RAW_CONNECT, /* raw mode: the transport is up */
    XMPP_CONN_DISCONNECT,  /* ended; exactly once per connect call, unless
                            * XMPP_OPT_RECONNECT is set: see reconnect.h */
    XMPP_CONN_FAIL         /* never used */
} xmpp_conn_event_t;

/* How the connection was started, from the connect call to the end;
 * XMPP_UNKNOWN for a raw connection, and while disconnected. */
XMPP_API xmpp_conn_type_t xmpp_conn_get_type(const xmpp_conn_t *conn);

/* 1 if the type is XMPP_COMPONENT, else 0, also for NULL. For what differs: a
 * component (XEP-0114) has no account, no contact list and no resource; it
 * speaks for many addresses (xmpp_conn_send_as()), each with its own presence,
 * and must set `from` itself. */
XMPP_API int xmpp_conn_is_component(const xmpp_conn_t *conn);

/* A stream error that the server sent. Valid only during the call. */
typedef struct {
    xmpp_error_type_t type;
    char *text;
    xmpp_stanza_t *stanza;
} xmpp_stream_error_t;

/* Called when the state of the connection changes. `error` is 0 if the
 * connection ended cleanly or if the server refused something; otherwise it is
 * an errno or a code of the TLS library, as in libstrophe.
 * xmpp_conn_get_failure() has the full reason. */
typedef void (*xmpp_conn_handler)(xmpp_conn_t *conn, xmpp_conn_event_t event,
                                  int error, xmpp_stream_error_t *stream_error,
                                  void *userdata);

/* Start a client connection. Returns at once; `callback` receives everything
 * that happens later.
 *
 * If `altdomain` is not NULL, it is the host to connect to, at `altport`, where
 * 0 means 5222, or 5223 with XMPP_CONN_FLAG_LEGACY_SSL. If it is NULL, the
 * server is found by DNS (RFC 6120 section 3.2). The SRV records of
 * _xmpp-client and _xmpps-client form one list. A record of _xmpps-client means
 * direct TLS: TLS from the first byte (XEP-0368). With
 * XMPP_CONN_FLAG_LEGACY_SSL only those records are used. Without records the
 * domain itself is tried.
 *
 * Addresses are tried 250 milliseconds apart without waiting for the earlier
 * ones, and the first that connects is used (RFC 8305). If it turns out to be
 * unusable, the next one is tried (xmpp/dial.h). xmpp/transport.h has proxies
 * and WebSocket.
 *
 * 0 if the connection was started. Otherwise the callback is not called, and
 * the log and xmpp_conn_get_failure() have the reason:
 *
 *   XMPP_EINVOP  there is no JID; the connection is in use or being released;
 *                or xmpp_ctx_finish() is ending the context
 *   XMPP_EARG    the JID is not a valid address; an `altdomain` names a port,
 *                or is not ASCII and not a valid host name; or a ws:// URL is
 *                not allowed (xmpp/transport.h)
 *   XMPP_EMEM    out of memory, now or in an earlier set function that has no
 *                result
 */
XMPP_API int xmpp_connect_client(xmpp_conn_t *conn, const char *altdomain,
                                 unsigned short altport,
                                 xmpp_conn_handler callback, void *userdata);

/* Start a component connection (XEP-0114). It is not encrypted and the server
 * is not verified: use it only on loopback or in a trusted network. The JID is
 * the component's domain, the password its secret. `server` is the host to
 * connect to; `port` 0 means 5347. If the server refuses the secret, the
 * failure is XMPP_EAUTH in the layer XMPP_LAYER_SASL, as for a password.
 * The results are those of xmpp_connect_client(); XMPP_EINVOP also stands for a
 * missing password or `server`. */
XMPP_API int xmpp_connect_component(xmpp_conn_t *conn, const char *server,
                                    unsigned short port,
                                    xmpp_conn_handler callback, void *userdata);

/* Start a connection that negotiates nothing by itself: a raw connection. The
 * results are those of xmpp_connect_client(). */
XMPP_API int xmpp_connect_raw(xmpp_conn_t *conn, const char *altdomain,
                              unsigned short altport,
                              xmpp_conn_handler callback, void *userdata);

/* Raw mode: open or reopen the stream, with the usual attributes or with
 * `attributes` (name, value, name, value, ...: `attributes_len` strings). 0;
 * XMPP_EINVOP if the connection is not raw, before XMPP_CONN_RAW_CONNECT, or
 * after the end of the stream; XMPP_EMEM. */
XMPP_API int xmpp_conn_open_stream_default(xmpp_conn_t *conn);
XMPP_API int xmpp_conn_open_stream(xmpp_conn_t *conn, char **attributes,
                                   size_t attributes_len);

/* Raw mode: start TLS, after you received `<proceed/>`. Returns at once;
 * bytes that you send from now on, and a stream that you open, wait for the
 * handshake, while a stanza gets XMPP_ENOTCONN until the stream is open again.
 * 0, or XMPP_EINVOP: the connection is not raw or not up, TLS was started
 * before, or XMPP_CONN_FLAG_DISABLE_TLS is set. */
XMPP_API int xmpp_conn_tls_start(xmpp_conn_t *conn);

/* End the stream properly. The library sends what is queued, unavailable
 * presence if we were available, and the end tag, and then waits for the
 * server's end tag. In a session that can be resumed, it first waits for the
 * acknowledgement of everything that was sent. Before the login is complete it
 * ends the connection as soon as possible. XMPP_CONN_DISCONNECT comes later,
 * from the loop.
 *
 * The wait ends with XMPP_ETIMEOUT when the server has neither taken nor
 * acknowledged anything for XMPP_OPT_CLOSE_TIMEOUT. While something is left for
 * it to take or acknowledge, and it still sends, that time starts again, up to
 * ten times in all. What is left then stays queued for the next connection (see
 * xmpp_conn_send_queue_len() and xmpp_conn_get_unacked()). Handlers of
 * xmpp_send_tracked() are called when the outcome is known. Unless the server
 * has confirmed the end, the next connection resumes the session.
 *
 * Does nothing on a connection that is already closing or closed. */
XMPP_API void xmpp_disconnect(xmpp_conn_t *conn);

/* Close the transport at once, without ending the stream: for when the machine
 * is about to sleep, or the network has changed. The session stays (see
 * xmpp/sm.h), with everything that was not sent or not acknowledged, and the
 * next connection resumes it. XMPP_CONN_DISCONNECT comes from the loop, without
 * a failure. Also ends the wait of xmpp_disconnect(). Without effect until a
 * socket is connected. */
XMPP_API void xmpp_conn_drop(xmpp_conn_t *conn);

/* Check now whether the server is still there, for instance after the machine
 * slept. The library requests an acknowledgement (XEP-0198) or sends a ping
 * (XEP-0199). If nothing arrives within `patience` milliseconds (0 means
 * XMPP_OPT_PING_TIMEOUT), the connection ends with XMPP_ETIMEOUT and its
 * session stays. If this is called several times, the earliest deadline counts.
 * 0; XMPP_ENOTCONN if the login is not complete, or in raw mode; XMPP_EMEM;
 * XMPP_EINVOP if `conn` is NULL. */
XMPP_API int xmpp_conn_check(xmpp_conn_t *conn, unsigned long patience);

/* The silence, in milliseconds, after which the server is asked for a sign of
 * life: XMPP_OPT_PING_AFTER or, with XMPP_OPT_PING_ADAPT, what was found out so
 * far. The search begins at XMPP_OPT_PING_LEAST. A silence that the connection
 * survived is followed by one that is half as long again; one that it did not
 * survive is not tried again until xmpp_conn_network_changed(). 0: never. */
XMPP_API unsigned long xmpp_conn_get_ping_interval(const xmpp_conn_t *conn);

/* ---- socket ------------------------------------------------------ */

/* Called with each new socket before it connects; `*(int *)sock` is its
 * descriptor. Several may connect at the same time, and all but one are closed.
 * Return 0 to connect, non-zero to skip this address. If you set
 * the callback on a connection that is up, it is called for its socket at once.
 * The callback must not run the loop. */
typedef int (*xmpp_sockopt_callback)(xmpp_conn_t *conn, void *sock);
XMPP_API void xmpp_conn_set_sockopt_callback(xmpp_conn_t *conn,
                                             xmpp_sockopt_callback callback);

/* A callback for the function above. It sets TCP keepalive (the first probe
 * after 60 s, then every 30 s, lost after 3) and a TCP user timeout. 0;
 * XMPP_EINVOP if `sock` is NULL; -1 if the system refuses. */
XMPP_API int xmpp_sockopt_cb_keepalive(xmpp_conn_t *conn, void *sock);

XMPP_END

#endif /* XMPP_CONN_H */
