/* dial.h - how the server of a connection is reached.
 *
 * One connect call tries the targets of the domain one after the other (see
 * xmpp_connect_client()), until a login begins on one of them. A target that
 * cannot be connected to is followed by the next one. So is a target that
 * cannot be used: TLS fails, its certificate is not acceptable, it does not
 * speak XMPP, or it ends the stream, as long as nothing of the account was
 * sent. Each target has to meet the same demands. After one that had TLS,
 * XMPP_OPT_TLS_OPTIONAL has no effect any more.
 *
 *     const xmpp_target_failure_t *f;
 *
 *     for (size_t i = 0; (f = xmpp_conn_get_target_failure(conn, i)); i++)
 *         printf("%s port %u: %s\n", f->host, f->port, f->message);
 */

#ifndef XMPP_DIAL_H
#define XMPP_DIAL_H

#include <xmpp/conn.h>

XMPP_BEGIN

/* Why a target was not used. Only the library makes such structs; read them by
 * pointer, because members may be added at the end. Strings are never NULL. */
typedef struct _xmpp_target_failure_t {
    const char *host;    /* the name that was looked up, or an address */
    const char *address; /* that was connected to; "" if the name has none */
    unsigned port;
    int direct_tls;     /* non-zero: TLS from the first byte (XEP-0368) */
    xmpp_layer_t layer; /* these four as in xmpp_failure_t */
    int code;
    int os_error;
    int retry;
    const char *message; /* why, as a sentence for a person */
} xmpp_target_failure_t;

/* The targets of the last connect call that failed, in the order in which they
 * did: `index` counts from 0, and NULL is behind the last. A name with several
 * addresses is in the list with each address that was tried. Also if the login
 * succeeded in the end, on another target. At most 32 are kept. Borrowed; valid
 * until the next connect call or the release. */
XMPP_API const xmpp_target_failure_t *
xmpp_conn_get_target_failure(const xmpp_conn_t *conn, size_t index);

XMPP_END

#endif /* XMPP_DIAL_H */
