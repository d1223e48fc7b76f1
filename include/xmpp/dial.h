/* dial.h - how the server of a connection is reached.
 *
 * A connect call tries the targets of the domain in turn (see
 * xmpp_connect_client()), until a login begins on one of them. It goes on to
 * the next target if one cannot be reached, or cannot be used: TLS fails, the
 * certificate is not acceptable, the target does not speak XMPP, or it ends the
 * stream. It does not go on once anything about the account was sent, nor if
 * the application itself rejects a certificate.
 *
 * All targets have to meet the same security requirements. Once one of them had
 * TLS, XMPP_OPT_TLS_OPTIONAL has no effect on the others. Each target has the
 * whole of XMPP_OPT_CONNECT_TIMEOUT and of the timeouts of the login.
 * XMPP_OPT_MAX_TARGETS limits how many of those that can be connected to are
 * tried.
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
    const char *address; /* the IP address; "" if the name has none */
    unsigned port;
    int direct_tls;     /* non-zero: TLS from the first byte (XEP-0368) */
    xmpp_layer_t layer; /* these four as in xmpp_failure_t */
    int code;
    int os_error;
    int retry;
    const char *message; /* why, as a sentence for a person */
} xmpp_target_failure_t;

/* The targets that failed since the last connect call, in the order in which
 * they failed. `index` counts from 0; after the last one the result is NULL. A
 * name with several addresses has an entry for each address that was tried. The
 * list is also there if the login succeeded on another target in the end. At
 * most 32 are kept. Borrowed; valid until the next connect call, the next
 * attempt of XMPP_OPT_RECONNECT, or the release. */
XMPP_API const xmpp_target_failure_t *
xmpp_conn_get_target_failure(const xmpp_conn_t *conn, size_t index);

/* ---- names ------------------------------------------------------- */

/* Give names a fixed place instead of looking them up, from the next connect
 * call on, as curl does with --resolve and --connect-to:
 *
 *     xmpp_conn_set_resolve(conn, "example.org=192.0.2.1,[2001:db8::1]:15222 "
 *                                 "xmpp.example.org=10.0.0.7");
 *
 * The entries are separated by white space. An entry applies to a name that the
 * library would look up: the domain of the account, the host of the connect
 * call or of a WebSocket, a proxy. The library connects to the places of the
 * entry, in this order, and sends no query for the name, not even for SRV
 * records. A place is an IP address, or another name, which is looked up. A
 * port after it replaces the usual port; an IPv6 address with a port is in
 * brackets. The port does not choose direct TLS: XMPP_CONN_FLAG_LEGACY_SSL
 * does. If SRV records lead to the name of an entry, the library uses the
 * addresses of the entry, or its first name if it has none, and the port of the
 * record.
 *
 * With a proxy, only an entry for the proxy itself has an effect, because the
 * proxy looks up the server. The check of the certificate stays the same: the
 * name that it has to contain is not changed by the list.
 *
 * Up to 16 addresses of a name are used. NULL, the default, removes the list.
 * Copied. 0; XMPP_EARG if an entry is not valid, and xmpp_ctx_get_last_error()
 * quotes it; XMPP_EMEM; XMPP_EINVOP if `conn` is NULL. */
XMPP_API int xmpp_conn_set_resolve(xmpp_conn_t *conn, const char *list);

/* What is looked up: the SRV records of a name such as
 * "_xmpp-client._tcp.example.org", or the addresses of a host. */
typedef enum { XMPP_LOOKUP_SRV, XMPP_LOOKUP_ADDRESSES } xmpp_lookup_kind_t;

typedef struct _xmpp_lookup_t {
    unsigned long id; /* for the answer; never 0 */
    xmpp_lookup_kind_t kind;
    const char *name; /* in ASCII; borrowed during the call */
} xmpp_lookup_t;

/* Called for each name that has to be looked up. Answer with one of the
 * functions below and the id of the lookup: at once or later, but in the
 * context's thread. Another thread that looks names up uses xmpp_ctx_post().
 *
 *     static void on_lookup(xmpp_ctx_t *ctx, const xmpp_lookup_t *lookup,
 *                           void *userdata)
 *     {
 *         static const char *const addresses[] = {"192.0.2.1"};
 *
 *         if (lookup->kind == XMPP_LOOKUP_SRV)
 *             xmpp_ctx_answer_srv(ctx, lookup->id, NULL, 0);
 *         else
 *             xmpp_ctx_answer_addresses(ctx, lookup->id, addresses, 1);
 *     }
 */
typedef void (*xmpp_lookup_handler)(xmpp_ctx_t *ctx,
                                    const xmpp_lookup_t *lookup,
                                    void *userdata);

/* Let the application look up all names that connections of this context need,
 * from their next connect call on. The library then sends no query to a name
 * server, except for XMPP_OPT_DANE, and uses neither the system's resolver nor
 * its hosts file. The handler is not called for IP addresses, for localhost,
 * nor for names that have an entry in xmpp_conn_set_resolve(). A lookup fails
 * if it is not answered within XMPP_OPT_CONNECT_TIMEOUT. The handler may do
 * anything. With NULL, the default, the library looks names up itself. */
XMPP_API void xmpp_ctx_set_lookup_handler(xmpp_ctx_t *ctx,
                                          xmpp_lookup_handler handler,
                                          void *userdata);

/* An SRV record (RFC 2782). The target "." means: there is no such service. */
typedef struct _xmpp_srv_t {
    unsigned priority, weight, port;
    const char *target;
} xmpp_srv_t;

/* Answer a lookup with `n` records or addresses ("192.0.2.1", "2001:db8::1"),
 * which are copied; `n` is 0 if the name has none. xmpp_ctx_fail_lookup()
 * reports that the lookup failed. The library sorts the records by priority and
 * weight, and alternates between IPv6 and IPv4 addresses.
 * XMPP_OPT_MAX_DNS_ANSWERS limits both.
 *
 * 0; XMPP_EINVOP if no lookup of that kind with this id waits for an answer,
 * because it was answered or is no longer needed; XMPP_EARG if a record or an
 * address is not valid, and the lookup still waits; XMPP_EMEM. */
XMPP_API int xmpp_ctx_answer_srv(xmpp_ctx_t *ctx, unsigned long id,
                                 const xmpp_srv_t *records, size_t n);
XMPP_API int xmpp_ctx_answer_addresses(xmpp_ctx_t *ctx, unsigned long id,
                                       const char *const *addresses, size_t n);
XMPP_API int xmpp_ctx_fail_lookup(xmpp_ctx_t *ctx, unsigned long id);

/* ---- the local address ------------------------------------------- */

/* Bind sockets to this local address before they connect, from the next connect
 * call on: an IPv4 address, an IPv6 address, or both, separated by a comma. If
 * only one family is named, servers are connected to over that family only.
 * With NULL, the default, the system chooses. Copied. 0; XMPP_EARG if it is not
 * such a list; XMPP_EMEM; XMPP_EINVOP if `conn` is NULL. Whether this machine
 * has the address is only known when it connects: if not, that is a failure of
 * the connection. */
XMPP_API int xmpp_conn_set_source(xmpp_conn_t *conn, const char *addresses);

XMPP_END

#endif /* XMPP_DIAL_H */
