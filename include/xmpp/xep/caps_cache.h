/* caps_cache.h - entity capabilities (XEP-0115 and XEP-0390): the answers by
 * their hashes. They are checked, bounded, and kept in the store. caps.h fills
 * this cache, and has what an application needs.
 *
 * A hash is written as a text:
 *     "ver:sha-1:VALUE"      the verification string of XEP-0115
 *     "hash:sha-256:VALUE"   the hash of XEP-0390
 *     "jid:N:ADDRESS:NODE"   none that can be checked: the answer is that of
 * one address only, of N octets, and does not go to the store
 *
 * Limits, beyond which what was used longest ago is forgotten:
 *     "hashes"     answers that are kept (500)
 *     "octets"     of an answer as XML; a longer one is refused (20000)
 */

#ifndef XMPP_XEP_CAPS_CACHE_H
#define XMPP_XEP_CAPS_CACHE_H

#include <xmpp/xep/disco_query.h>

XMPP_BEGIN

/* Reads the store when it comes into use: kind "caps", shared by all accounts.
 * What does not fit its hash is removed from there. */
XMPP_API extern const xmpp_module_t xmpp_mod_caps_cache;

/* What this hash stands for; NULL if it is not known. Borrowed; valid until the
 * next answer is put. */
XMPP_API const xmpp_disco_info_t *xmpp_caps_cache_get(xmpp_conn_t *conn,
                                                      const char *hash);

/* Keep an answer. If one that was received does not fit, the languages that its
 * element inherits are written out (XEP-0390 section 4.1), and it is tried
 * again. 0; XMPP_EPROTO if it does not fit the hash; XMPP_ELIMIT if it is too
 * long; XMPP_EINVOP if the module is not in use; XMPP_EARG if the text is not
 * such a hash, or if something is NULL; XMPP_EMEM.
 */
XMPP_API int xmpp_caps_cache_put(xmpp_conn_t *conn, const char *hash,
                                 const xmpp_disco_info_t *info);

/* 1 if one more answer would push out no other, else 0. */
XMPP_API int xmpp_caps_cache_has_room(xmpp_conn_t *conn);

XMPP_END

#endif /* XMPP_XEP_CAPS_CACHE_H */
