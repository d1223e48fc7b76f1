/* login.h - how a connection logs in: passwords, keys, tokens, and how strong
 * the login has to be. */

#ifndef XMPP_LOGIN_H
#define XMPP_LOGIN_H

#include <xmpp/conn.h>

XMPP_BEGIN

/* A login uses the strongest mechanism that both sides support, in this order:
 * EXTERNAL (with a client certificate), a FAST token (fast.h), SCRAM with
 * channel binding, SCRAM without, OAUTHBEARER, DIGEST-MD5 (if enabled, see
 * below), PLAIN. An account without a localpart logs in by ANONYMOUS. With
 * SCRAM, the server must always prove that it knows the password. Weaker ways
 * of logging in have to be enabled explicitly:
 *
 *   DIGEST-MD5          XMPP_CONN_FLAG_LEGACY_AUTH, or by its name in
 *                       xmpp_conn_set_mechanisms()
 *   XEP-0078            XMPP_CONN_FLAG_LEGACY_AUTH
 *   a password without TLS
 *                       XMPP_CONN_FLAG_DISABLE_TLS together with
 *                       XMPP_CONN_FLAG_LEGACY_AUTH
 *
 * The first two are not there in a library that was built without them
 * (configure --without-legacy-auth).
 *
 * How a login can fail (xmpp_conn_get_failure(), layer XMPP_LAYER_SASL):
 *
 *   XMPP_EAUTH          the server refused the user name or the password
 *   XMPP_EDISABLED, XMPP_EEXPIRED, XMPP_EAUTHTEMP
 *                       it gave this reason
 *   XMPP_ELOGIN         it refused the login for another reason
 *   XMPP_EMECH          no mechanism that both sides support and allow
 *   XMPP_ECRED          a password or key is missing or not usable here
 *   XMPP_EPOLICY        this side refused, because the login would be too weak
 *   XMPP_EPROOF, XMPP_EDOWNGRADE
 *                       what answers is not the account's server: an attack
 *   XMPP_ETASK          the server demands a step that is not supported, such
 *                       as a second factor
 *   XMPP_ECHALLENGE     the server sent an invalid challenge, or one above a
 *                       limit
 */

/* ---- passwords --------------------------------------------------- */

/* Called when a login needs the account's password and none was set. It is not
 * called if SCRAM keys or a certificate suffice. Write the password to `pass`,
 * which has `size` bytes and is wiped after use. Return its length; a negative
 * number to give up (XMPP_ECRED); or 0 to answer later with
 * xmpp_conn_answer_login_password(). If the server refuses a password the
 * handler is called again, up to XMPP_OPT_LOGIN_PASSWORD_TRIES times in all.
 *
 * While an answer is awaited, the library extends XMPP_OPT_LOGIN_TIMEOUT by
 * XMPP_OPT_LOGIN_PASSWORD_TIMEOUT; a server may lose patience sooner. (For the
 * password of a key file there is libstrophe's
 * xmpp_conn_set_password_callback().) */
typedef int (*xmpp_login_password_handler)(char *pass, size_t size,
                                           xmpp_conn_t *conn, void *userdata);
XMPP_API void xmpp_conn_set_login_password_handler(
    xmpp_conn_t *conn, xmpp_login_password_handler handler, void *userdata);

/* Answer the handler's question later. NULL gives up. The password is not kept.
 * 0, or XMPP_EINVOP if no password is being waited for. */
XMPP_API int xmpp_conn_answer_login_password(xmpp_conn_t *conn,
                                             const char *pass);

/* ---- keys instead of a password ---------------------------------- */

/* The keys that SCRAM derived from the password in the last login, as one line
 * of text. Store it and set it next time instead of the password. The keys work
 * only for this account at this server, and are as secret as the password.
 * They are kept only with XMPP_OPT_KEEP_SCRAM_KEYS; the next login on the same
 * connection object then uses them too, which saves the slow computation. NULL
 * if there are none. Borrowed until the next login or the next set call. */
XMPP_API const char *xmpp_conn_get_scram_keys(const xmpp_conn_t *conn);

/* Set the keys. Copied, and wiped when the connection is freed; NULL clears
 * them. If the server has changed the salt or the iteration count since, the
 * password is needed: the one that was set, or one from the handler, or else
 * the login fails with XMPP_ECRED. 0, XMPP_EMEM, or XMPP_EARG if `keys` is not
 * such a line. */
XMPP_API int xmpp_conn_set_scram_keys(xmpp_conn_t *conn, const char *keys);

/* ---- OAuth tokens ------------------------------------------------ */

/* A token for OAUTHBEARER (RFC 7628). It is used only under verified TLS, if
 * the server offers that mechanism and no stronger one is possible. Copied, and
 * wiped when the connection is freed; NULL clears it. 0 or XMPP_EMEM. (FAST
 * tokens, XEP-0484, are in xmpp/fast.h.) */
XMPP_API int xmpp_conn_set_oauth_token(xmpp_conn_t *conn, const char *token);

/* ---- the minimum strength of a login ----------------------------- */

/* The strength of the last login, as one line of text such as
 *
 *     1 SCRAM-SHA-256-PLUS tls-exporter
 *
 * Store it for the account and set it as the minimum next time. It is not
 * secret. Before the first login it is the minimum that was set; NULL if there
 * is neither. Borrowed until the next login or the next set call. */
XMPP_API const char *xmpp_conn_get_min_login_strength(const xmpp_conn_t *conn);

/* Refuse to log in by a weaker mechanism, or with a weaker type of channel
 * binding, than this line says. If the server offers only weaker ones, the
 * login fails with XMPP_EPOLICY. The exception is a server that proves, with
 * the password, that it offers nothing stronger (XEP-0474); the minimum then
 * becomes what it offers. Each login raises the minimum to its own strength.
 *
 * NULL clears the minimum. Without one, one rule still holds for each
 * connection object: after it has proved the password by SCRAM, it never sends
 * the password itself. 0, or XMPP_EARG if `strength` is not such a line. */
XMPP_API int xmpp_conn_set_min_login_strength(xmpp_conn_t *conn,
                                              const char *strength);

/* ---- what was agreed on ------------------------------------------ */

/* The mechanism of the present login, such as "SCRAM-SHA-256-PLUS", or
 * "jabber:iq:auth" for XEP-0078. NULL before the login and after the connection
 * ended. Static. */
XMPP_API const char *xmpp_conn_get_mechanism(const xmpp_conn_t *conn);

/* The channel binding of the present login: "tls-exporter",
 * "tls-server-end-point" or "tls-unique". NULL if the login is not bound to the
 * channel, before the login, and after the connection ended. Static. */
XMPP_API const char *xmpp_conn_get_channel_binding(const xmpp_conn_t *conn);

XMPP_END

#endif /* XMPP_LOGIN_H */
