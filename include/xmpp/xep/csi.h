/* csi.h - XEP-0352: our server may hold back what nobody looks at. */

#ifndef XMPP_XEP_CSI_H
#define XMPP_XEP_CSI_H

#include <xmpp/module.h>

XMPP_BEGIN

/* Sends what xmpp_csi_set() has set, also in later sessions and after a
 * session was resumed: each stream begins as active (section 4.2). Nothing is
 * sent to a server that does not offer it. */
XMPP_API extern const xmpp_module_t xmpp_mod_csi;

/* Whether somebody is looking at this client: `active` is 1 or 0, and 1 at the
 * start. Only our server learns it. 0, also without a session, for the sessions
 * to come; 1 if the server of this session does not offer it; XMPP_EINVOP if
 * the module is not in use; or a code of xmpp_send_take(). */
XMPP_API int xmpp_csi_set(xmpp_conn_t *conn, int active);

XMPP_END

#endif /* XMPP_XEP_CSI_H */
