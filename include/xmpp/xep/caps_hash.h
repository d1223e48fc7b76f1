/* caps_hash.h - a hash of what an entity is and can do, by which others know
 * whether they know it (XEP-0115 and XEP-0390). caps.h does all that is done
 * with it. */

#ifndef XMPP_XEP_CAPS_HASH_H
#define XMPP_XEP_CAPS_HASH_H

#include <xmpp/xep/disco_query.h>

XMPP_BEGIN

/* The verification string of XEP-0115 section 5.1, with the hash function of
 * this name ("sha-1"). Forms without a hidden FORM_TYPE do not count. Owned:
 * xmpp_free(). NULL if the info is ill-formed (section 5.4: an identity, a
 * feature or a form is there twice, or a FORM_TYPE has two values), if a text
 * contains the separator "<", if there is no such function, or when out of
 * memory. */
XMPP_API char *xmpp_caps_ver(xmpp_conn_t *conn, const xmpp_disco_info_t *info,
                             const char *algo);

/* The hash of XEP-0390 section 4.1, in base64. Owned. NULL if a form has no
 * hidden FORM_TYPE or is a table, if an info that was received contains
 * something else than identities, features and forms, if there is no such
 * function, or when out of memory. */
XMPP_API char *xmpp_caps_hash(xmpp_conn_t *conn, const xmpp_disco_info_t *info,
                              const char *algo);

XMPP_END

#endif /* XMPP_XEP_CAPS_HASH_H */
