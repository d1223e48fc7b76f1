/* service.h - which of our server's services has a feature? Uploads, rooms,
 * searches and multicasts are offered by addresses of their own, which service
 * discovery (XEP-0030) finds.
 *
 *     xmpp_service_find(conn, XMPP_NS_UPLOAD, on_service, NULL);
 */

#ifndef XMPP_XEP_SERVICE_H
#define XMPP_XEP_SERVICE_H

#include <xmpp/use.h>
#include <xmpp/xep/disco_query.h>

XMPP_BEGIN

typedef struct _xmpp_service_t {
    size_t size;
    xmpp_jid_t jid;
    const xmpp_disco_info_t *info; /* what it is and can do */
} xmpp_service_t;

/* Names the members. It is not an element of the protocol. */
XMPP_API extern const xmpp_payload_t xmpp_service;

/* Remembers for one session what was found. Without it every search begins
 * anew. */
XMPP_API extern const xmpp_module_t xmpp_mod_service;

/* Search what our server lists, and at last the server itself, for the first
 * one that has this feature, a namespace. It looks at 50 of them at most, one
 * after the other, within XMPP_OPT_REQUEST_TIMEOUT. The value is an
 * xmpp_service_t. XMPP_ENOSERVICE in the result: there is none.
 *
 * XMPP_EINVOP before the first login; XMPP_EARG without a feature; else as
 * xmpp_request(). */
XMPP_API int xmpp_service_find(xmpp_conn_t *conn, const char *feature,
                               xmpp_result_handler handler, void *userdata);

/* What was found for a feature in this session. NULL: nothing yet. Borrowed
 * until the next search for it, and until the session ends. */
XMPP_API const xmpp_service_t *xmpp_service_get(xmpp_conn_t *conn,
                                                const char *feature);

/* Search again next time: the service does not answer any more. */
XMPP_API void xmpp_service_forget(xmpp_conn_t *conn, const char *feature);

/* ---- for flows that search themselves ---------------------------- */

/* The requests of a search: `listed` NULL: what our server lists; else what the
 * service at this place of the list is, or, behind the list, our server. Owned.
 * NULL when out of memory. */
XMPP_API xmpp_stanza_t *
xmpp_service_make_query(xmpp_conn_t *conn, const xmpp_disco_items_t *listed,
                        long place);

/* The place to look at after this one; -1: there is none. */
XMPP_API long xmpp_service_next(const xmpp_disco_items_t *listed, long place);

/* Remember a service for its feature. 0; 1 if it has no such feature;
 * XMPP_EINVOP if the module is not in use; XMPP_EARG; XMPP_EMEM. */
XMPP_API int xmpp_service_keep(xmpp_conn_t *conn, const char *feature,
                               const xmpp_service_t *service);

XMPP_END

#endif /* XMPP_XEP_SERVICE_H */
