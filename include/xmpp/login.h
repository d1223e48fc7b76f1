/* login.h - how a connection proves who it is, and who it believes. */

#ifndef XMPP_LOGIN_H
#define XMPP_LOGIN_H

#include <xmpp/conn.h>

XMPP_BEGIN

/* A login takes the strongest mechanism that both sides have: EXTERNAL (with a
 * client certificate), SCRAM with channel binding, SCRAM without, OAUTHBEARER,
 * PLAIN; ANONYMOUS for an account without a name. Of SCRAM the server's own
 * proof is demanded always. What is less than safe has to be allowed by name:
 *
 *   DIGEST-MD5          XMPP_CONN_FLAG_LEGACY_AUTH, or xmpp_conn_set_mechanisms
 *   XEP-0078            XMPP_CONN_FLAG_LEGACY_AUTH
 *   a password in clear XMPP_CONN_FLAG_DISABLE_TLS together with LEGACY_AUTH
 *
 * How a login can fail (xmpp_conn_get_failure, layer XMPP_LAYER_SASL):
 *
 *   XMPP_EAUTH          the server refused name or password
 *   XMPP_EDISABLED, XMPP_EEXPIRED, XMPP_EAUTHTEMP   ... for a reason it tells
 *   XMPP_ELOGIN         it refused the login; the password need not be wrong
 *   XMPP_EMECH          nothing that both sides have
 *   XMPP_ECRED          something is missing or unusable on this side
 *   XMPP_EPOLICY        this side gave up, for it would have been too weak
 *   XMPP_EPROOF, XMPP_EDOWNGRADE   an attack: somebody is not the server
 *   XMPP_ETASK          the server wants more than this, a second factor
 * perhaps XMPP_ECHALLENGE     the server sent nonsense, or exceeds a limit
 */

/* ---- passwords --------------------------------------------------- */

/* Asked for the account's password when none was set and one is needed; not if
 * stored keys or a certificate will do. Write it to `pass`, of `size` bytes;
 * it is wiped after use. Returns its length; negative to give up (XMPP_ECRED);
 * 0 to answer later by xmpp_conn_answer_login_password(). After the server
 * refused a password it is called again, XMPP_OPT_LOGIN_PASSWORD_TRIES times in
 * all. A server may lose its patience while a person thinks;
 * XMPP_OPT_LOGIN_TIMEOUT is ours. (libstrophe's
 * xmpp_conn_set_password_callback() is for files with keys.) */
typedef int (*xmpp_login_password_handler)(char *pass, size_t size,
                                           xmpp_conn_t *conn, void *userdata);
XMPP_API void xmpp_conn_set_login_password_handler(
    xmpp_conn_t *conn, xmpp_login_password_handler handler, void *userdata);

/* The answer that the handler owes; not kept. NULL gives up. 0, or XMPP_EINVOP
 * if nothing is being asked. */
XMPP_API int xmpp_conn_answer_login_password(xmpp_conn_t *conn,
                                             const char *pass);

/* ---- keys instead of a password ---------------------------------- */

/* What SCRAM made of the password in the last login, as a line to be kept and
 * handed back instead of the password; it only serves for this account at this
 * server, and must be kept as secret. NULL if there is none: it is kept only
 * with XMPP_OPT_KEEP_SCRAM_KEYS. With that option the next login on the same
 * connection uses it too, which spares the slow part. Borrowed until the next
 * login or setting. */
XMPP_API const char *xmpp_conn_get_scram_keys(const xmpp_conn_t *conn);

/* Copied, and wiped with the connection; NULL clears. If the server has changed
 * salt or iterations since, the password is needed: it is taken, or asked for,
 * or the login ends with XMPP_ECRED. 0, XMPP_EMEM, or XMPP_EARG for something
 * that is no such line. */
XMPP_API int xmpp_conn_set_scram_keys(xmpp_conn_t *conn, const char *keys);

/* ---- tokens ------------------------------------------------------ */

/* A token for OAUTHBEARER (RFC 7628), used under verified TLS where the server
 * offers it and no stronger mechanism is possible. Copied, and wiped with the
 * connection; NULL clears. 0 or XMPP_EMEM. */
XMPP_API int xmpp_conn_set_oauth_token(xmpp_conn_t *conn, const char *token);

/* ---- never less than before -------------------------------------- */

/* What the last login was worth, a line such as "1 SCRAM-SHA-256-PLUS
 * tls-exporter" to be kept for the account; no secret. NULL if there was none
 * and none was set. Borrowed until the next login or setting. */
XMPP_API const char *xmpp_conn_get_min_login_strength(const xmpp_conn_t *conn);

/* Log in no weaker than this: not by a weaker mechanism, and not with a weaker
 * type of channel binding. An offer that only allows less is refused with
 * XMPP_EPOLICY, unless the server proves by the password that it offers no more
 * (XEP-0474); then the pin is what it had. Logins raise the pin. NULL clears.
 * Without a pin, one rule holds on each connection object: once it proved the
 * password by SCRAM, it does not send the password itself. 0, or XMPP_EARG for
 * something that is no such line. */
XMPP_API int xmpp_conn_set_min_login_strength(xmpp_conn_t *conn,
                                              const char *pin);

/* ---- what was agreed on ------------------------------------------ */

/* "SCRAM-SHA-256-PLUS" etc., "jabber:iq:auth" for XEP-0078; NULL before and
 * after the connection. Static. */
XMPP_API const char *xmpp_conn_get_mechanism(const xmpp_conn_t *conn);

/* "tls-exporter", "tls-server-end-point", "tls-unique"; NULL if the login is
 * not bound to the channel, and before and after the connection. Static. */
XMPP_API const char *xmpp_conn_get_channel_binding(const xmpp_conn_t *conn);

XMPP_END

#endif /* XMPP_LOGIN_H */
