/* fast.h - logging in with few round trips: SASL2 (XEP-0388), Bind 2
 * (XEP-0386), and tokens instead of the password (XEP-0484, "FAST").
 *
 * SASL2 is used where it offers no less than SASL, unless XMPP_OPT_SASL2 is 0.
 * A session that can be resumed is resumed together with the login. Bind 2 and
 * tokens are used only after the functions below were called.
 *
 * A token takes the place of the password for the next logins. The server makes
 * it when it is asked to, which happens in a login with the password once there
 * are a handler and the id of a user agent; and makes another one whenever it
 * likes. With the best mechanism that both sides have it is bound to the TLS
 * channel: whoever sits in between cannot use it. One that was refused is
 * forgotten, and the password takes its place in the same login.
 *
 * How often a login waits for the server, counted from the header under TLS:
 * by SCRAM and classic binding 5 times, with SASL2 4 and with Bind 2 3; by a
 * token and Bind 2 (or resuming a session) 2. With XMPP_OPT_PIPELINE it is one
 * less, so that a token needs 1. The two for STARTTLS come on top; nothing is
 * sent as early data of TLS 1.3. */

#ifndef XMPP_FAST_H
#define XMPP_FAST_H

#include <xmpp/conn.h>

XMPP_BEGIN

/* ---- who is logging in ------------------------------------------- */

/* A random UUID (RFC 9562, version 4), a new string (owned: xmpp_free). NULL
 * without memory. */
XMPP_API char *xmpp_uuid_gen(xmpp_ctx_t *ctx);

/* Tell the server which installation this is: `id` is a UUID of version 4 that
 * stays the same for as long as this program is installed for this account
 * (make it once with xmpp_uuid_gen() and keep it), `software` and `device` are
 * for the user's eyes. Each may be NULL. Only the server sees them. Copied. 0,
 * XMPP_EMEM, or XMPP_EARG for an id that is no such UUID or a text that is
 * empty, longer than 255 bytes, or cannot be sent. */
XMPP_API int xmpp_conn_set_user_agent(xmpp_conn_t *conn, const char *id,
                                      const char *software, const char *device);

/* Bind by Bind 2 where it is offered: the server makes the resource, in which
 * `tag` stands, a word for the kind of client that strangers may see; "" for
 * none. A resource of xmpp_conn_set_jid() is then only asked for where Bind 2
 * is not offered. NULL, the default: bind as RFC 6120 does.
 *
 * Mind: with Bind 2 a server deletes messages that waited for us, for they are
 * to be read from its archive (XEP-0313). Who does not do so should not use it.
 *
 * Copied. 0, XMPP_EMEM, or XMPP_EARG as above. */
XMPP_API int xmpp_conn_set_bind2_tag(xmpp_conn_t *conn, const char *tag);

/* ---- what begins together with the session ----------------------- */

/* Ask for this in the same breath as the resource, where the server offers the
 * namespace of `element` inside of Bind 2: <enable/> of carbons (XEP-0280),
 * <inactive/> of client state (XEP-0352), ... One element of a namespace: the
 * next one replaces it. Copied. From the next connection on; only together with
 * xmpp_conn_set_bind2_tag(). NULL forgets all of them. 0; XMPP_EMEM; XMPP_EFULL
 * beyond 16; XMPP_EARG for what is no element with a namespace of its own, or
 * is the library's to ask for (Bind 2, XEP-0198). */
XMPP_API int xmpp_conn_add_bind2_feature(xmpp_conn_t *conn,
                                         const xmpp_stanza_t *element);

/* 1 if the session began with what was added for this namespace; 0 if not, and
 * it has to be asked for in the old way. After a resumption 0, though what
 * stood before stands again. */
XMPP_API int xmpp_conn_has_bind2_feature(const xmpp_conn_t *conn,
                                         const char *ns);

/* The server's <bound/>, in which it may tell more: the ends of our archive
 * (<metadata/>, XEP-0313), answers to what was asked for. NULL if the session
 * was bound otherwise or resumed, and before and after a connection. Borrowed.
 */
XMPP_API xmpp_stanza_t *xmpp_conn_get_bind2_result(const xmpp_conn_t *conn);

/* ---- tokens ------------------------------------------------------ */

/* Told whenever the token to keep is another one: it was made, it was used
 * (which changes its count), or, with NULL, there is none any more. `token` is
 * one line of text, as secret as a password, that only serves for this account;
 * borrowed during the call. Keep it for the next process, overwriting the last
 * one. In this process the connection knows it already. */
typedef void (*xmpp_fast_token_handler)(xmpp_conn_t *conn, const char *token,
                                        void *userdata);

/* With a handler tokens are asked for; NULL for not (any more). */
XMPP_API void xmpp_conn_set_fast_token_handler(xmpp_conn_t *conn,
                                               xmpp_fast_token_handler handler,
                                               void *userdata);

/* Hand back a token. One that is expired, of another account, or not good for
 * the TLS channel at hand is left alone, and the password is used. Copied, and
 * wiped with the connection; NULL clears. 0, XMPP_EMEM, or XMPP_EARG for
 * something that is no token of ours. Takes effect with the next connection. */
XMPP_API int xmpp_conn_set_fast_token(xmpp_conn_t *conn, const char *token);

/* The present one, or NULL. Borrowed until the next login or setting. */
XMPP_API const char *xmpp_conn_get_fast_token(const xmpp_conn_t *conn);

/* Log out for good: the next login by the token makes the server forget it, and
 * asks for no other. The handler is told NULL then. 0, or XMPP_EINVOP if there
 * is no token or a connection is up. */
XMPP_API int xmpp_conn_invalidate_fast_token(xmpp_conn_t *conn);

/* ---- not waiting for the features -------------------------------- */

/* With XMPP_OPT_PIPELINE a login begins together with the stream's header, by
 * what this server offered the last time (XEP-0509), if the server gives its
 * offer a version. Should it be another one by now, the server says so and the
 * login goes on by the present offer, at the cost of what was to be saved. What
 * reveals a secret (PLAIN, OAUTHBEARER) is never said like this; all that is
 * demanded of a login (pins, channel binding) is demanded as ever. */

/* The offer to begin with the next time: a line to be kept for the account, no
 * secret. This connection object remembers it by itself. NULL if there is none.
 * To be asked for in XMPP_CONN_CONNECT and XMPP_CONN_DISCONNECT; borrowed until
 * the next login or setting. */
XMPP_API const char *xmpp_conn_get_cached_features(const xmpp_conn_t *conn);

/* Hand it back. One of another domain is left alone. Copied; NULL clears. From
 * the next connection on. 0, XMPP_EMEM, or XMPP_EARG for something that is no
 * such line. */
XMPP_API int xmpp_conn_set_cached_features(xmpp_conn_t *conn, const char *line);

/* ---- what it cost ------------------------------------------------ */

/* How often the present login waited for an answer of the server, up to
 * XMPP_CONN_CONNECT; the handshakes of TCP and TLS are not counted. 0 before
 * and after a connection. */
XMPP_API unsigned xmpp_conn_get_round_trips(const xmpp_conn_t *conn);

XMPP_END

#endif /* XMPP_FAST_H */
