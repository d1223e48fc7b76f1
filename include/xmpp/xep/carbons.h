/* carbons.h - copies of what one's other clients send and receive (XEP-0280).
 *
 * With this module in use, message rows for XMPP_ALL get these copies as the
 * messages that they are, with XMPP_VIA_CARBON_IN or _OUT. A copy is handed on
 * only if it comes from our account, is the only one in its envelope, and is a
 * message of which we were the sender or the addressee; anything else is
 * ignored. Messages of rooms are ignored, too: rooms send them to each client.
 * Handlers of the application (handler.h) get the envelope as it came: a
 * program that wants the messages in it uses xep/sync.h, or a module of its own
 * (module.h) with such a row.
 *
 *     xmpp_conn_use(conn, &xmpp_mod_carbons);
 *
 * Copies are enabled at the beginning of each session: together with the login
 * where that is possible (xmpp_conn_set_bind2_tag()), else by a request, which
 * servers without the extension refuse.
 */

#ifndef XMPP_XEP_CARBONS_H
#define XMPP_XEP_CARBONS_H

#include <xmpp/result.h>
#include <xmpp/use.h>

XMPP_BEGIN

XMPP_API extern const xmpp_module_t xmpp_mod_carbons;

/* Switch copies on or off, in this session and in those that follow; at first
 * they are on. The result has no value. 0; XMPP_EINVOP if the module is not in
 * use; the codes of xmpp_request(): then it holds for the sessions that
 * follow. */
XMPP_API int xmpp_carbons_enable(xmpp_conn_t *conn, xmpp_result_handler handler,
                                 void *userdata);
XMPP_API int xmpp_carbons_disable(xmpp_conn_t *conn,
                                  xmpp_result_handler handler, void *userdata);

/* 1 if the server has confirmed that they are on in this session, else 0. */
XMPP_API int xmpp_carbons_is_enabled(const xmpp_conn_t *conn);

/* Mark a message, which is about to be sent, as not to be copied, also in the
 * words of XEP-0334. 0, or the status of the tree. */
XMPP_API int xmpp_carbons_exclude(xmpp_stanza_t *message);

XMPP_END

#endif /* XMPP_XEP_CARBONS_H */
