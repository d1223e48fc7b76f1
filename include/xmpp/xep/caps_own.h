/* caps_own.h - entity capabilities (XEP-0115 and XEP-0390): our own, in the
 * presence that we send. caps.h has those of others. */

#ifndef XMPP_XEP_CAPS_OWN_H
#define XMPP_XEP_CAPS_OWN_H

#include <xmpp/xep/disco.h>

XMPP_BEGIN

/* Adds hashes of what we declare (disco_own.h) to each presence that we send,
 * and answers queries by the last three of them (XEP-0390 section 5.1). When
 * what we declare has changed, the last presence that went to all contacts is
 * sent once more, with the new hashes; changes within a second make one. */
XMPP_API extern const xmpp_module_t xmpp_mod_caps_own;

/* Name the program: a URL of its web site (XEP-0115 section 4); NULL or not
 * set: "libxmpp". It must not contain '#'. Copied. 0; XMPP_EINVOP if the module
 * is not in use; XMPP_EARG; XMPP_EMEM. */
XMPP_API int xmpp_caps_set_node(xmpp_conn_t *conn, const char *node);

XMPP_END

#endif /* XMPP_XEP_CAPS_OWN_H */
