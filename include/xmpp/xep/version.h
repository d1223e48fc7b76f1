/* version.h - XEP-0092: which software, in which version?
 *
 *     xmpp_software_t ours;
 *
 *     XMPP_INIT(xmpp_software, ours);
 *     ours.name = "heating";
 *     ours.version = "1.2";
 *     xmpp_conn_use(conn, &xmpp_mod_version);
 *     xmpp_software_set(conn, &ours);
 *
 *     xmpp_software_get(conn, "example.org", on_software, NULL);
 */

#ifndef XMPP_XEP_VERSION_H
#define XMPP_XEP_VERSION_H

#include <xmpp/module.h>
#include <xmpp/result.h>

XMPP_BEGIN

typedef struct _xmpp_software_t {
    size_t size;
    const char *name;    /* "Exodus" */
    const char *version; /* "0.7.0.4" */
    const char *os;      /* "Debian 12"; NULL: not to be known */
} xmpp_software_t;

XMPP_API extern const xmpp_payload_t xmpp_software;

/* Answers what xmpp_software_set() has set. Before that it answers that the
 * service is unavailable, and service discovery, with xmpp_mod_caps or
 * xmpp_mod_disco, does not report it. */
XMPP_API extern const xmpp_module_t xmpp_mod_version;

/* What others learn about this program: a name, a version, and, if its user
 * agreed, an operating system (section 5). The struct is copied. NULL: nothing
 * any more. 0; XMPP_EINVOP if the module is not in use; XMPP_EARG without a
 * name or a version; XMPP_EMEM. */
XMPP_API int xmpp_software_set(xmpp_conn_t *conn,
                               const xmpp_software_t *software);

/* Request it of `to`; NULL: of our account. The value is an xmpp_software_t.
 * The codes of xmpp_request(). */
XMPP_API int xmpp_software_get(xmpp_conn_t *conn, const char *to,
                               xmpp_result_handler handler, void *userdata);

XMPP_END

#endif /* XMPP_XEP_VERSION_H */
