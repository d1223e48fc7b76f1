/* private.h - XML that our account keeps at its server (XEP-0049): one element
 * of each name and namespace. New data is better kept in private nodes (pep.h).
 */

#ifndef XMPP_XEP_PRIVATE_H
#define XMPP_XEP_PRIVATE_H

#include <xmpp/result.h>
#include <xmpp/use.h>

XMPP_BEGIN

/* It has neither state nor limits: using it is not necessary. */
XMPP_API extern const xmpp_module_t xmpp_mod_private;

/* Get the element that this table describes. The value is its struct; there is
 * none if nothing is kept that can be read. Servers answer with an empty
 * element for what was never set, which is a struct without members.
 *
 * XMPP_EARG without a table, or if its namespace is NULL; else as
 * xmpp_request(). */
XMPP_API int xmpp_private_get(xmpp_conn_t *conn, const xmpp_payload_t *payload,
                              xmpp_result_handler handler, void *userdata);

/* Keep this value instead of what was kept of its name and namespace. No value.
 * XMPP_EARG also without a value. */
XMPP_API int xmpp_private_set(xmpp_conn_t *conn, const xmpp_payload_t *payload,
                              const void *value, xmpp_result_handler handler,
                              void *userdata);

XMPP_END

#endif /* XMPP_XEP_PRIVATE_H */
