/* ping.h - XEP-0199: does an entity answer? */

#ifndef XMPP_XEP_PING_H
#define XMPP_XEP_PING_H

#include <xmpp/module.h>
#include <xmpp/result.h>

XMPP_BEGIN

/* Answers pings. */
XMPP_API extern const xmpp_module_t xmpp_mod_ping;

/* Ping `to`; NULL: our server. The result has no value. An error can be a sign
 * of life, too: "service-unavailable" comes from an entity that does not know
 * pings, but "remote-server-not-found" from a server on the way. The codes of
 * xmpp_request(). */
XMPP_API int xmpp_ping(xmpp_conn_t *conn, const char *to,
                       xmpp_result_handler handler, void *userdata);

XMPP_END

#endif /* XMPP_XEP_PING_H */
