/* disco.h - service discovery (XEP-0030): answers to the queries of others.
 *
 *     xmpp_conn_use(conn, &xmpp_mod_disco);
 *     xmpp_disco_add_feature(conn, "urn:example:heating");
 *
 * disco_own.h and disco_items.h have what the answers are made of,
 * disco_query.h queries others; all are included. All addresses of a component
 * give the same answer, unless a function of yours gives another
 * (xmpp_disco_add_node()).
 */

#ifndef XMPP_XEP_DISCO_H
#define XMPP_XEP_DISCO_H

#include <xmpp/xep/disco_items.h>
#include <xmpp/xep/disco_own.h>
#include <xmpp/xep/disco_query.h>

XMPP_BEGIN

XMPP_API extern const xmpp_module_t xmpp_mod_disco;

/* Called for a query about a node of ours: in->from sent it, in->to is the
 * address that it is about. `query` is the element of the answer, to which it
 * adds what there is to say, by xmpp_payload_add(query, &xmpp_disco_item,
 * &item) for example; its namespace is XMPP_NS_DISCO_INFO or
 * XMPP_NS_DISCO_ITEMS. Non-zero: this is the answer; 0: there is no such thing,
 * which is answered with item-not-found. */
typedef int (*xmpp_disco_answer_handler)(xmpp_conn_t *conn,
                                         const xmpp_inbound_t *in,
                                         xmpp_stanza_t *query, void *userdata);

/* Let a function answer all queries about a node. It takes the place of an
 * earlier one. NULL as `node` stands for queries without a node: `query` then
 * contains already what was declared, and what the function adds is not part of
 * our capabilities (caps.h).
 *
 * 0; XMPP_EINVOP if the module is not in use; XMPP_EARG without a function;
 * XMPP_EMEM. */
XMPP_API int xmpp_disco_add_node(xmpp_conn_t *conn, const char *node,
                                 xmpp_disco_answer_handler handler,
                                 void *userdata);

/* 1 if it was there, 0 if not; XMPP_EINVOP. */
XMPP_API int xmpp_disco_remove_node(xmpp_conn_t *conn, const char *node);

XMPP_END

#endif /* XMPP_XEP_DISCO_H */
