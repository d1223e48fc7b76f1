/* mam_archive.h - what an archive of messages is like (XEP-0313): what its
 * server supports, where it begins and ends, by which fields it is queried.
 * mam.h queries it.
 *
 * `archive` is the bare address of a room, of a service, or of another account;
 * NULL or our own account's: the archive of our account. A component has none,
 * so that it gets XMPP_EARG for NULL. All functions that take a handler return
 * the codes of xmpp_request(), and XMPP_EINVOP if the module is not in use.
 *
 * The limit "archives" is of how many archives it is remembered what their
 * servers support: 200, from 1 to 100000. Those used longest ago are forgotten.
 */

#ifndef XMPP_XEP_MAM_ARCHIVE_H
#define XMPP_XEP_MAM_ARCHIVE_H

#include <xmpp/result.h>
#include <xmpp/use.h>
#include <xmpp/xep/form.h>

XMPP_BEGIN

XMPP_API extern const xmpp_module_t xmpp_mod_mam_archive;

/* What the server of an archive supports. Each member is 1 or 0. */
typedef struct _xmpp_mam_support_t {
    size_t size;
    int is_supported;        /* there is an archive that can be queried */
    int is_extended;         /* by ids, in flipped pages; and its metadata */
    int has_text;            /* full text search (XEP-0431) */
    int has_groupchat_field; /* a query may name `groupchat` */
    int has_groupchat;       /* messages of rooms are in it */
} xmpp_mam_support_t;

/* The first and the last message of an archive. If it is empty all members are
 * absent. */
typedef struct _xmpp_mam_metadata_t {
    size_t size;
    const char *first_id, *last_id;
    xmpp_time_t first_time, last_time;
} xmpp_mam_metadata_t;

/* The fields of a query. */
typedef struct _xmpp_mam_fields_t {
    size_t size;
    const xmpp_form_t *form;
} xmpp_mam_fields_t;

XMPP_API extern const xmpp_payload_t xmpp_mam_support;
XMPP_API extern const xmpp_payload_t xmpp_mam_metadata;
XMPP_API extern const xmpp_payload_t xmpp_mam_fields;

/* Query what the server supports: the value is a xmpp_mam_support_t. The answer
 * is remembered until the session ends. */
XMPP_API int xmpp_mam_get_support(xmpp_conn_t *conn, const xmpp_jid_t *archive,
                                  xmpp_result_handler handler, void *userdata);

/* The same as it is remembered; NULL if it is not. Borrowed until the next call
 * of a function of this module, or of mam.h. */
XMPP_API const xmpp_mam_support_t *
xmpp_mam_find_support(xmpp_conn_t *conn, const xmpp_jid_t *archive);

/* Query where the archive begins and ends: the value is a xmpp_mam_metadata_t.
 * Servers know this if they are `is_extended`.
 *
 * With Bind 2 (fast.h) the server sends it for our own account together with
 * the login: xmpp_payload_find(xmpp_conn_get_bind2_result(conn),
 * &xmpp_mam_metadata). */
XMPP_API int xmpp_mam_get_metadata(xmpp_conn_t *conn, const xmpp_jid_t *archive,
                                   xmpp_result_handler handler, void *userdata);

/* Query by which fields messages can be selected: the value is a
 * xmpp_mam_fields_t. Those that mam.h does not know go into `more` of a query.
 * `node` is that of a publish-subscribe service, else NULL. */
XMPP_API int xmpp_mam_get_fields(xmpp_conn_t *conn, const xmpp_jid_t *archive,
                                 const char *node, xmpp_result_handler handler,
                                 void *userdata);

/* ---- for mam.h --------------------------------------------------- */

/* A new iq to the archive. Owned. NULL when out of memory. */
XMPP_API xmpp_stanza_t *xmpp_mam_iq(xmpp_conn_t *conn, const char *type,
                                    const xmpp_jid_t *archive);

XMPP_END

#endif /* XMPP_XEP_MAM_ARCHIVE_H */
