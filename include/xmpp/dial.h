/* dial.h - how the server of a connection is reached.
 *
 * One connect call tries the targets of the domain one after the other (see
 * xmpp_connect_client()), until a login begins on one of them. A target that
 * cannot be connected to is followed by the next one. So is a target that
 * cannot be used: TLS fails, its certificate is not acceptable, it does not
 * speak XMPP, or it ends the stream, as long as nothing of the account was
 * sent. Each target has to meet the same demands. After one that had TLS,
 * XMPP_OPT_TLS_OPTIONAL has no effect any more. XMPP_OPT_CONNECT_TIMEOUT and
 * the time-outs of the login count for each target anew, and
 * XMPP_OPT_MAX_TARGETS limits how many are tried. If the application itself
 * rejects a certificate, no other target is tried.
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

/* ---- names ------------------------------------------------------- */

/* Lead names elsewhere, from the next connect call on, as --resolve and
 * --connect-to of curl do. A list separated by white space:
 *
 *     "example.org=192.0.2.1,[2001:db8::1]:5223 xmpp.example.org=10.0.0.7"
 *
 * A name that is dialled (the domain of the account, the host of a connect
 * call, a proxy) is then connected to at these places, in this order, and the
 * DNS is not asked for it. A place is an address or a name; a port replaces the
 * usual one, and an IPv6 address with a port is in brackets. A name that SRV
 * records lead to gets these addresses, at the port of its record. What the
 * server has to prove stays the same: its certificate has to name the domain of
 * the account.
 *
 * Up to 16 addresses of a name are used. NULL, the default, for none. Copied.
 * 0; XMPP_EARG, and xmpp_ctx_get_last_error() names the entry that is not
 * valid; XMPP_EMEM; XMPP_EINVOP if `conn` is NULL. */
XMPP_API int xmpp_conn_set_resolve(xmpp_conn_t *conn, const char *list);

/* What is looked up: the SRV records of a name such as
 * "_xmpp-client._tcp.example.org", or the addresses of a host. */
typedef enum { XMPP_LOOKUP_SRV, XMPP_LOOKUP_ADDRESSES } xmpp_lookup_kind_t;

typedef struct _xmpp_lookup_t {
    unsigned long id; /* for the answer; never 0 */
    xmpp_lookup_kind_t kind;
    const char *name; /* in ASCII; borrowed during the call */
} xmpp_lookup_t;

/* Look up a name, and call one of the functions below, with its id: at once or
 * later, from the context's thread (xmpp_ctx_post()). */
typedef void (*xmpp_lookup_handler)(xmpp_ctx_t *ctx,
                                    const xmpp_lookup_t *lookup,
                                    void *userdata);

/* Have the application look up all names that connections of this context need,
 * from their next connect call on. The library then sends no query to a name
 * server, except for XMPP_OPT_DANE, and does not use the machine's resolver or
 * its hosts file. Addresses and names in xmpp_conn_set_resolve() are not asked
 * for. A lookup without an answer for XMPP_OPT_CONNECT_TIMEOUT has failed. The
 * handler may do anything. NULL, the default: the library looks names up. */
XMPP_API void xmpp_ctx_set_lookup_handler(xmpp_ctx_t *ctx,
                                          xmpp_lookup_handler handler,
                                          void *userdata);

/* A record of a service (RFC 2782). The target "." declines the service. */
typedef struct _xmpp_srv_t {
    unsigned priority, weight, port;
    const char *target;
} xmpp_srv_t;

/* The answers: `n` records or addresses ("192.0.2.1", "2001:db8::1"), copied; 0
 * if the name has none. The third reports that nobody knows. Records are
 * ordered by the library, and IPv6 addresses take turns with IPv4 addresses;
 * XMPP_OPT_MAX_DNS_ANSWERS limits both.
 *
 * 0; XMPP_EINVOP if no lookup of that kind with this id waits for an answer: it
 * was answered, or is not needed any more; XMPP_EARG if a record or an address
 * is not valid, and the lookup still waits; XMPP_EMEM. */
XMPP_API int xmpp_ctx_answer_srv(xmpp_ctx_t *ctx, unsigned long id,
                                 const xmpp_srv_t *records, size_t n);
XMPP_API int xmpp_ctx_answer_addresses(xmpp_ctx_t *ctx, unsigned long id,
                                       const char *const *addresses, size_t n);
XMPP_API int xmpp_ctx_fail_lookup(xmpp_ctx_t *ctx, unsigned long id);

/* ---- this side --------------------------------------------------- */

/* Connect from this address of this machine, from the next connect call on: one
 * of IPv4, one of IPv6, or both with a comma between them. Servers of a family
 * that has no address here are not connected to. NULL, the default: the system
 * chooses. Copied. 0; XMPP_EARG if it is not such a list; XMPP_EMEM;
 * XMPP_EINVOP if `conn` is NULL. An address that this machine does not have is
 * reported by the connection. */
XMPP_API int xmpp_conn_set_source(xmpp_conn_t *conn, const char *addresses);

XMPP_END

#endif /* XMPP_DIAL_H */
