/* disco_items.h - service discovery (XEP-0030): our own items. disco.h answers
 * with them, by pages where these are requested (XEP-0059).
 */

#ifndef XMPP_XEP_DISCO_ITEMS_H
#define XMPP_XEP_DISCO_ITEMS_H

#include <xmpp/xep/disco_query.h>

XMPP_BEGIN

/* xmpp_mod_disco uses it. */
XMPP_API extern const xmpp_module_t xmpp_mod_disco_items;

/* Add an item, which is copied, and is there only once: it is known by its
 * address and node. One that is there already is replaced.
 *
 * 0; 1 if it is there already and nothing changed; XMPP_EINVOP if the module is
 * not in use; XMPP_EARG without an address; XMPP_EMEM. */
XMPP_API int xmpp_disco_add_item(xmpp_conn_t *conn,
                                 const xmpp_disco_item_t *item);

/* Remove it again: 1 if it was there, 0 if not; or a negative code of
 * xmpp_disco_add_item(). */
XMPP_API int xmpp_disco_remove_item(xmpp_conn_t *conn,
                                    const xmpp_disco_item_t *item);

/* ---- for modules ------------------------------------------------- */

/* Our items, or that page of them (NULL: all). Borrowed; valid until the next
 * call of this function. NULL if the page begins at an item that is gone, if
 * the module is not in use, or when out of memory. */
XMPP_API const xmpp_disco_items_t *
xmpp_disco_get_own_items(xmpp_conn_t *conn, const xmpp_rsm_t *page);

XMPP_END

#endif /* XMPP_XEP_DISCO_ITEMS_H */
