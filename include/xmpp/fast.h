/* fast.h - logging in with few round trips: SASL2 (XEP-0388), Bind 2
 * (XEP-0386), and FAST tokens instead of the password (XEP-0484).
 *
 * SASL2 is used if the server offers it and it is not weaker than what SASL
 * offers, unless XMPP_OPT_SASL2 is 0. A session that can be resumed is resumed
 * together with the login. Bind 2 and FAST are used only if you enable them
 * with the functions below. A library that was built without them (configure
 * --without-sasl2) logs in as if no server had SASL2, whatever is set below.
 *
 * A FAST token replaces the password in later logins. The library requests one
 * in a login with the password, if a token handler and the id of a user agent
 * are set. The server may replace the token at any time. If both sides support
 * it, the token is bound to the TLS channel, so that somebody in the middle
 * cannot use it. If the server refuses a token, the library forgets it and
 * continues the same login with the password.
 *
 * Round trips of a login, counted from the stream header under TLS: 5 with
 * SCRAM and classic resource binding, with stream management or without it, 4
 * with SASL2, 3 with SASL2 and Bind 2, and 2 with a token and Bind 2 or session
 * resumption. XMPP_OPT_PIPELINE saves one more, so that a token needs 1.
 * STARTTLS adds two; TCP and TLS 1.3 are one each. Nothing is sent as early
 * data of TLS 1.3. doc/REACH has the times. */

#ifndef XMPP_FAST_H
#define XMPP_FAST_H

#include <xmpp/conn.h>

XMPP_BEGIN

/* ---- who is logging in ------------------------------------------- */

/* A random UUID (RFC 9562, version 4) as a new string. Owned: xmpp_free(). NULL
 * when out of memory. */
XMPP_API char *xmpp_uuid_gen(xmpp_ctx_t *ctx);

/* Set what identifies this installation to the server (and only to the server).
 * `id` is a UUID of version 4 that stays the same for as long as this program
 * is installed for this account: make it once with xmpp_uuid_gen() and store
 * it. `software` and `device` are names for the user to read. Each may be NULL.
 * Copied. 0, XMPP_EMEM, or XMPP_EARG: `id` is not such a UUID, or a name is
 * empty, longer than 255 octets, not UTF-8, or has control characters. */
XMPP_API int xmpp_conn_set_user_agent(xmpp_conn_t *conn, const char *id,
                                      const char *software, const char *device);

/* Use Bind 2 if the server offers it. The server then makes up the resource and
 * puts `tag` into it, a name for the kind of client, which strangers may see;
 * "" means no tag. A resource in xmpp_conn_set_jid() is then requested only if
 * the server does not offer Bind 2. NULL, the default: bind as RFC 6120 does.
 *
 * Note that with Bind 2 the server discards offline messages, because clients
 * are expected to read them from its archive (XEP-0313). Do not use it if your
 * program does not do that.
 *
 * Copied. 0, XMPP_EMEM, or XMPP_EARG as for the names above. */
XMPP_API int xmpp_conn_set_bind2_tag(xmpp_conn_t *conn, const char *tag);

/* ---- features enabled with the session --------------------------- */

/* Send this element in the same request as Bind 2, if the server offers its
 * namespace there: <enable/> of carbons (XEP-0280), <inactive/> of client state
 * (XEP-0352), ... A second element with the same namespace replaces the first.
 * NULL removes all. Copied. Takes effect with the next connection, and only
 * with xmpp_conn_set_bind2_tag(). 0; XMPP_EMEM; XMPP_EFULL above 16 elements;
 * XMPP_EARG if it is not an element with a namespace, or if the namespace is
 * one that the library handles itself (Bind 2, XEP-0198). */
XMPP_API int xmpp_conn_add_bind2_feature(xmpp_conn_t *conn,
                                         const xmpp_stanza_t *element);

/* 1 if the server enabled the element of this namespace together with the
 * session. 0 if not: then enable it in the ordinary way. After a resumption
 * this is 0, although what was enabled in the session before is still enabled.
 */
XMPP_API int xmpp_conn_has_bind2_feature(const xmpp_conn_t *conn,
                                         const char *ns);

/* The server's <bound/> element. It may contain more, such as the first and
 * last id of our archive (<metadata/>, XEP-0313) and replies to the elements
 * above. NULL if the session was not bound by Bind 2 or was resumed, and before
 * and after a connection. Borrowed; valid until the connection ends. */
XMPP_API xmpp_stanza_t *xmpp_conn_get_bind2_result(const xmpp_conn_t *conn);

/* ---- FAST tokens ------------------------------------------------- */

/* Called when the token to store has changed: the server issued one, the token
 * was used (which changes its counter), or, with NULL, there is none any more.
 * `token` is one line of text, as secret as a password, and works only for this
 * account. It is borrowed for the call. Store it for the next process, in place
 * of the last one; within this process the connection remembers it itself. */
typedef void (*xmpp_fast_token_handler)(xmpp_conn_t *conn, const char *token,
                                        void *userdata);

/* Set the handler. With a handler, tokens are requested; with NULL they are
 * not.
 */
XMPP_API void xmpp_conn_set_fast_token_handler(xmpp_conn_t *conn,
                                               xmpp_fast_token_handler handler,
                                               void *userdata);

/* Set a stored token; it is used from the next connection on. A token that has
 * expired, belongs to another account or does not fit the TLS channel is not
 * used, and the login uses the password. Copied, and wiped when the connection
 * is freed; NULL clears it. 0, XMPP_EMEM, or XMPP_EARG if `token` is not a line
 * that the handler received. */
XMPP_API int xmpp_conn_set_fast_token(xmpp_conn_t *conn, const char *token);

/* The present token, or NULL. Borrowed until the next login or set call. */
XMPP_API const char *xmpp_conn_get_fast_token(const xmpp_conn_t *conn);

/* Give the token up: the next login with it makes the server forget it, and
 * does not request another. The handler is then called with NULL. 0, or
 * XMPP_EINVOP if there is no token or the connection is in use. */
XMPP_API int xmpp_conn_invalidate_fast_token(xmpp_conn_t *conn);

/* ---- pipelining -------------------------------------------------- */

/* With XMPP_OPT_PIPELINE a login does not wait for the server's stream features
 * (XEP-0509). It is sent together with the stream header, using the features
 * that this server had the last time. The server must give its features a
 * version for this. If they have changed since, the server says so, and the
 * login continues with the present ones; the saved round trip is then lost.
 * Mechanisms that reveal a secret (PLAIN, OAUTHBEARER) are never used this way,
 * and every requirement on a login (minimum strength, channel binding) still
 * holds. */

/* The features to use the next time, as one line of text. Store it for the
 * account; it is not secret. The connection object remembers it by itself. NULL
 * if there is none. Get it in XMPP_CONN_CONNECT or XMPP_CONN_DISCONNECT.
 * Borrowed until the next login or set call. */
XMPP_API const char *xmpp_conn_get_cached_features(const xmpp_conn_t *conn);

/* Set a stored line; it is used from the next connection on, unless it belongs
 * to another domain. Copied; NULL clears it. 0, XMPP_EMEM, or XMPP_EARG if
 * `line` is not such a line. */
XMPP_API int xmpp_conn_set_cached_features(xmpp_conn_t *conn, const char *line);

/* ---- the cost of a login ----------------------------------------- */

/* How often the present login waited for an answer of the server before
 * XMPP_CONN_CONNECT. The handshakes of TCP and TLS are not counted. 0 before
 * and after a connection. */
XMPP_API unsigned xmpp_conn_get_round_trips(const xmpp_conn_t *conn);

XMPP_END

#endif /* XMPP_FAST_H */
