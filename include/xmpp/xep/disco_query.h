/* disco_query.h - service discovery (XEP-0030): what others are, what they can
 * do, and what they have. disco.h has the other side, what we answer.
 *
 *     static void on_info(xmpp_conn_t *conn, const xmpp_result_t *result,
 *                         void *userdata)
 *     {
 *         const xmpp_disco_info_t *info = result->value;
 *
 *         if (info && xmpp_disco_has_feature(info, XMPP_NS_PING)) ...
 *     }
 *
 *     xmpp_disco_get_info(conn, "example.org", NULL, on_info, NULL);
 */

#ifndef XMPP_XEP_DISCO_QUERY_H
#define XMPP_XEP_DISCO_QUERY_H

#include <xmpp/module.h>
#include <xmpp/result.h>
#include <xmpp/xep/form.h>
#include <xmpp/xep/rsm.h>

XMPP_BEGIN

/* What an entity is: "client" and "pc", "conference" and "text", ...; the name
 * is for people, `lang` its language. */
typedef struct _xmpp_disco_identity_t {
    size_t size;
    const char *category, *type;
    const char *name, *lang;
} xmpp_disco_identity_t;

/* What an entity is and can do. */
typedef struct _xmpp_disco_info_t {
    size_t size;
    const char *node; /* of which this was asked, or NULL */
    const xmpp_disco_identity_t *const *identities;
    size_t identity_count;
    const char *const *features; /* mostly namespaces */
    size_t feature_count;
    const xmpp_form_t *const *forms; /* what else there is to know (XEP-0128) */
    size_t form_count;
    xmpp_stanza_t *element; /* of an answer: the <query/>; in a copy NULL */
} xmpp_disco_info_t;

/* One of the things that an entity has: something with an address of its own,
 * or a node of that address. */
typedef struct _xmpp_disco_item_t {
    size_t size;
    xmpp_jid_t jid;
    const char *node; /* or NULL */
    const char *name; /* for people, or NULL */
} xmpp_disco_item_t;

/* A page of them, or all. */
typedef struct _xmpp_disco_items_t {
    size_t size;
    const char *node; /* of which this was asked, or NULL */
    const xmpp_disco_item_t *const *items;
    size_t item_count;
    const xmpp_rsm_t *set; /* which page it is; NULL: all */
} xmpp_disco_items_t;

XMPP_API extern const xmpp_payload_t xmpp_disco_identity;
XMPP_API extern const xmpp_payload_t xmpp_disco_info;
XMPP_API extern const xmpp_payload_t xmpp_disco_item;
XMPP_API extern const xmpp_payload_t xmpp_disco_items;

/* Query an address (NULL: our own account), or a node of it: the value of the
 * result is a xmpp_disco_info_t. If there is no such node, most answer with the
 * condition item-not-found. Results as those of xmpp_request(). */
XMPP_API int xmpp_disco_get_info(xmpp_conn_t *conn, const char *to,
                                 const char *node, xmpp_result_handler handler,
                                 void *userdata);

/* The same for what it has: the value is a xmpp_disco_items_t. `page` is which
 * part to query, NULL: all. Not everybody answers in pages: without `set` in
 * the value there is no next one (xmpp_rsm_get_next()). */
XMPP_API int xmpp_disco_get_items(xmpp_conn_t *conn, const char *to,
                                  const char *node, const xmpp_rsm_t *page,
                                  xmpp_result_handler handler, void *userdata);

/* Is this feature there? And such an identity, where a NULL type means any? 1
 * or 0; 0 for a NULL info. */
XMPP_API int xmpp_disco_has_feature(const xmpp_disco_info_t *info,
                                    const char *feature);
XMPP_API int xmpp_disco_has_identity(const xmpp_disco_info_t *info,
                                     const char *category, const char *type);

/* The form of this FORM_TYPE, or NULL. Borrowed from the info. */
XMPP_API const xmpp_form_t *xmpp_disco_get_form(const xmpp_disco_info_t *info,
                                                const char *form_type);

XMPP_END

#endif /* XMPP_XEP_DISCO_QUERY_H */
