/* disco_own.h - service discovery (XEP-0030): our own identities, features and
 * forms. disco.h answers with them, and with the items of disco_items.h.
 *
 * The features, identities and forms (XEP-0128) of the modules in use are
 * declared without a line of yours. Without an identity we are a "client" of
 * the type "pc", on a component a "component" of the type "generic".
 */

#ifndef XMPP_XEP_DISCO_OWN_H
#define XMPP_XEP_DISCO_OWN_H

#include <xmpp/xep/disco_query.h>

XMPP_BEGIN

/* xmpp_mod_disco uses it. Its event has no value: our identities, features or
 * forms have changed, because something was added or removed, because another
 * module came into use, or because a session began. */
XMPP_API extern const xmpp_module_t xmpp_mod_disco_own;
enum { XMPP_DISCO_CHANGED };

/* Add something, which is copied. Each is there only once: an identity is known
 * by its category, type and language, a form by its FORM_TYPE. One that is
 * there already is replaced. An identity without a language goes out with that
 * of the stream (xmpp_conn_set_lang()), or "en".
 *
 * 0; 1 if it is there already and nothing changed; XMPP_EINVOP if the module is
 * not in use; XMPP_EARG if something is NULL that must be there; XMPP_EMEM. */
XMPP_API int xmpp_disco_add_feature(xmpp_conn_t *conn, const char *feature);
XMPP_API int xmpp_disco_add_identity(xmpp_conn_t *conn,
                                     const xmpp_disco_identity_t *identity);
XMPP_API int xmpp_disco_add_form(xmpp_conn_t *conn, const xmpp_form_t *form);

/* Remove it again; what modules declare stays. 1 if it was there, 0 if not; or
 * a negative code of xmpp_disco_add_feature(). */
XMPP_API int xmpp_disco_remove_feature(xmpp_conn_t *conn, const char *feature);
XMPP_API int xmpp_disco_remove_identity(xmpp_conn_t *conn,
                                        const xmpp_disco_identity_t *identity);
XMPP_API int xmpp_disco_remove_form(xmpp_conn_t *conn, const char *form_type);

/* ---- for modules ------------------------------------------------- */

/* Our identities, features and forms, those of the modules included. Borrowed;
 * valid until the next XMPP_DISCO_CHANGED. NULL if the module is not in use, or
 * when out of memory. */
XMPP_API const xmpp_disco_info_t *xmpp_disco_get_own(xmpp_conn_t *conn);

/* Report that what an XMPP_FORM row adds has changed. */
XMPP_API void xmpp_disco_changed(xmpp_conn_t *conn);

XMPP_END

#endif /* XMPP_XEP_DISCO_OWN_H */
