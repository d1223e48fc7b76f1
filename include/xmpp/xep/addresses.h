/* addresses.h - one stanza to many (XEP-0033): a multicast service delivers it,
 * and everybody sees who else got it.
 *
 *     xmpp_addresses_find(conn, on_service, NULL);
 *     ...
 *     xmpp_addresses_send(conn, &to, message);
 *
 * What was received is read by xmpp_payload_find(message, &xmpp_addresses).
 */

#ifndef XMPP_XEP_ADDRESSES_H
#define XMPP_XEP_ADDRESSES_H

#include <xmpp/result.h>
#include <xmpp/use.h>

XMPP_BEGIN

/* What an address is for. */
typedef enum {
    XMPP_ADDRESS_BCC = 1, /* gets it, and nobody else learns of that */
    XMPP_ADDRESS_CC,
    XMPP_ADDRESS_NOREPLY, /* nobody should answer */
    XMPP_ADDRESS_OFROM,   /* who sent it to a room (XEP-0045) */
    XMPP_ADDRESS_REPLYROOM,
    XMPP_ADDRESS_REPLYTO,
    XMPP_ADDRESS_TO
} xmpp_address_type_t;

/* One address: `jid` or `uri`, but for XMPP_ADDRESS_NOREPLY. */
typedef struct _xmpp_address_t {
    size_t size;
    int type; /* xmpp_address_type_t */
    xmpp_jid_t jid;
    const char *node; /* of `jid`, or NULL */
    const char *uri;  /* outside of XMPP, such as a sip: URI */
    const char *desc; /* a name for people */
    int delivered;    /* it was, so a service does not deliver it again */
} xmpp_address_t;

typedef struct _xmpp_addresses_t {
    size_t size;
    const xmpp_address_t *const *list;
    size_t count;
} xmpp_addresses_t;

XMPP_API extern const xmpp_payload_t xmpp_address;
XMPP_API extern const xmpp_payload_t xmpp_addresses;

/* Needs xmpp_mod_service, which remembers the multicast service for the
 * session. */
XMPP_API extern const xmpp_module_t xmpp_mod_addresses;

/* Search our server for a multicast service. The value is an xmpp_service_t
 * (service.h). XMPP_ENOSERVICE in the result: there is none. Results as those
 * of xmpp_service_find(). */
XMPP_API int xmpp_addresses_find(xmpp_conn_t *conn, xmpp_result_handler handler,
                                 void *userdata);

/* Send a message or presence to these addresses. It has no `to` of its own, and
 * is taken. The service that was found in this session gets it once. Without
 * one, each of type TO, CC or BCC with a `jid` that was not delivered gets a
 * copy of its own, with the same list but for the others of type BCC.
 *
 * XMPP_EARG without addresses, without anybody who gets it, or for another
 * stanza; XMPP_EMEM; else as xmpp_send_take(), and some of the copies may have
 * been sent. */
XMPP_API int xmpp_addresses_send(xmpp_conn_t *conn, const xmpp_addresses_t *to,
                                 xmpp_stanza_t *stanza);

XMPP_END

#endif /* XMPP_XEP_ADDRESSES_H */
