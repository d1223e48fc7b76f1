/* search.h - searching directories, such as that of a server's users
 * (XEP-0055).
 *
 * A directory describes what can be searched for by a form or by fields, and a
 * form comes first. It answers in the same way:
 *
 *     xmpp_search_get(conn, "vjud.example.org", on_fields, NULL);
 *     ...
 *     XMPP_INIT(xmpp_search, wanted);
 *     wanted.last = "Capulet";
 *     xmpp_search_submit(conn, "vjud.example.org", &wanted, on_found, NULL);
 *
 * xmpp_service_find() with XMPP_NS_SEARCH finds the directory of our server
 * (service.h).
 */

#ifndef XMPP_XEP_SEARCH_H
#define XMPP_XEP_SEARCH_H

#include <xmpp/result.h>
#include <xmpp/use.h>
#include <xmpp/xep/form.h>

XMPP_BEGIN

/* Somebody who was found. */
typedef struct _xmpp_search_item_t {
    size_t size;
    xmpp_jid_t jid;
    const char *first, *last; /* the given name, and that of the family */
    const char *nick, *email;
} xmpp_search_item_t;

/* What can be searched for: the fields from `first` on that are not NULL. Or
 * what is searched for: those that have a text. Or what was found. */
typedef struct _xmpp_search_t {
    size_t size;
    const char *instructions; /* for people */
    const char *first, *last;
    const char *nick, *email;
    const xmpp_form_t *form; /* to be filled in; or what was found, as its
                              * `items` with the head `reported` */
    const xmpp_search_item_t *const *items; /* what was found without a form */
    size_t item_count;
} xmpp_search_t;

XMPP_API extern const xmpp_payload_t xmpp_search;
XMPP_API extern const xmpp_payload_t xmpp_search_item;

/* It has neither state nor limits: using it is not necessary. */
XMPP_API extern const xmpp_module_t xmpp_mod_search;

/* Get what a directory can be searched for. The value is an xmpp_search_t. */
XMPP_API int xmpp_search_get(xmpp_conn_t *conn, const char *directory,
                             xmpp_result_handler handler, void *userdata);

/* Search by the fields `first` to `email`, or by a form of the type
 * XMPP_FORM_SUBMIT, which is taken (xmpp_form_answer()). The value is an
 * xmpp_search_t, without items if nothing was found. XMPP_EARG without fields
 * or a form. */
XMPP_API int xmpp_search_submit(xmpp_conn_t *conn, const char *directory,
                                const xmpp_search_t *fields,
                                xmpp_result_handler handler, void *userdata);
XMPP_API int xmpp_search_submit_form(xmpp_conn_t *conn, const char *directory,
                                     xmpp_stanza_t *form,
                                     xmpp_result_handler handler,
                                     void *userdata);

XMPP_END

#endif /* XMPP_XEP_SEARCH_H */
