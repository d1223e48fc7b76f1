/* register_connect.h - creating an account at a server (XEP-0077): before the
 * login there is only a stream without an account. Also by an invitation
 * (XEP-0445).
 *
 *     conn = xmpp_conn_new(ctx);
 *     xmpp_conn_set_jid(conn, "example.org");
 *     xmpp_register_connect(conn, NULL, 0, on_ready, NULL);
 *
 *     ... in on_ready, if the status is 0:
 *     xmpp_register_get(conn, NULL, on_fields, NULL);
 *
 *     ... in on_fields: xmpp_register_submit(), and at last
 *     xmpp_disconnect(conn);
 *
 * After that the connection can log in with the new account.
 */

#ifndef XMPP_XEP_REGISTER_CONNECT_H
#define XMPP_XEP_REGISTER_CONNECT_H

#include <xmpp/xep/register_flow.h>

XMPP_BEGIN

/* What a server offers before the login: its stream features. */
typedef struct _xmpp_register_offer_t {
    size_t size;
    int in_band; /* accounts can be created */
    int token;   /* an invitation can be shown (XEP-0445) */
    const xmpp_register_flows_t *flows; /* or by challenges (XEP-0389), and */
    const xmpp_register_flows_t *recovery; /* recovered; or NULL */
} xmpp_register_offer_t;

XMPP_API extern const xmpp_payload_t xmpp_register_offer;

/* Comes into use with xmpp_register_connect(). */
XMPP_API extern const xmpp_module_t xmpp_mod_register_connect;

/* Connect to a server to create an account there. The domain is that of the
 * address that was set (xmpp_conn_set_jid()); host and port are as for
 * xmpp_connect_client(), and so are TLS, its flags and its checks. The value is
 * an xmpp_register_offer_t; from then on the functions of register.h work, with
 * NULL as `service`, and from xmpp_register_begin() on those of
 * register_flow.h. Nothing else does: it is a raw connection (conn.h).
 *
 * In the result XMPP_ENOSERVICE: the server does not offer it; XMPP_ENOTLS: it
 * has no TLS; XMPP_ENOTCONN: it could not be reached, and
 * xmpp_conn_get_failure() has the reason. In these cases the connection is
 * ended, too.
 *
 * XMPP_EARG for a port that is none; XMPP_EMEM; else as xmpp_connect_raw(). */
XMPP_API int xmpp_register_connect(xmpp_conn_t *conn, const char *host,
                                   long port, xmpp_result_handler handler,
                                   void *userdata);

/* Show the token of an invitation, before xmpp_register_get(). No value. A
 * token that is not valid any more is refused with item-not-found. XMPP_EARG
 * without a token. */
XMPP_API int xmpp_register_show_token(xmpp_conn_t *conn, const char *token,
                                      xmpp_result_handler handler,
                                      void *userdata);

XMPP_END

#endif /* XMPP_XEP_REGISTER_CONNECT_H */
