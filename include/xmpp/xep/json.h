/* json.h - JSON in stanzas: a container (XEP-0335), and messages of a type of
 * one's own (XEP-0432).
 *
 *     xmpp_conn_use(conn, &xmpp_mod_json);
 *     xmpp_conn_watch(conn, &xmpp_mod_json, on_json, NULL);
 *     xmpp_json_accept(conn, "urn:example:lamp");
 *
 *     xmpp_json_send(conn, "lamp@example.org/1", "urn:example:lamp",
 *                    "{\"level\": 80}");
 */

#ifndef XMPP_XEP_JSON_H
#define XMPP_XEP_JSON_H

#include <xmpp/payload.h>
#include <xmpp/use.h>

XMPP_BEGIN

/* The container, for items of nodes and protocols of one's own. */
typedef struct _xmpp_json_t {
    size_t size;
    const char *text; /* see xmpp_json_is_valid() */
} xmpp_json_t;

/* A message of a type, which is a URI that its author controls. */
typedef struct _xmpp_json_payload_t {
    size_t size;
    const char *datatype;
    const xmpp_json_t *json;
} xmpp_json_payload_t;

/* One that came. */
typedef struct _xmpp_json_message_t {
    size_t size;
    xmpp_jid_t jid; /* who sent it; absent: our own account */
    const char *datatype;
    const char *text; /* it is valid */
} xmpp_json_message_t;

XMPP_API extern const xmpp_payload_t xmpp_json;
XMPP_API extern const xmpp_payload_t xmpp_json_payload;
/* Names the members. It is not an element of the protocol. */
XMPP_API extern const xmpp_payload_t xmpp_json_message;

/* Reports messages with JSON, of all types; what is not valid is ignored. Who
 * may send them is decided by xmpp_conn_set_access(). */
XMPP_API extern const xmpp_module_t xmpp_mod_json;

/* Its events. The value is an xmpp_json_message_t. */
enum { XMPP_JSON_RECEIVED = 1 };

/* Let others find that we accept messages of this type: a feature of ours, if
 * xmpp_mod_disco_own is in use. Results as those of xmpp_disco_add_feature().
 */
XMPP_API int xmpp_json_accept(xmpp_conn_t *conn, const char *datatype);

/* Send such a message. XMPP_EARG without an address or a type, or if the text
 * is not valid; else as xmpp_send_take(). */
XMPP_API int xmpp_json_send(xmpp_conn_t *conn, const char *to,
                            const char *datatype, const char *text);

/* Is this one value in JSON (RFC 8259), nested no more than 100 times? 1 or
 * 0. */
XMPP_API int xmpp_json_is_valid(const char *text);

XMPP_END

#endif /* XMPP_XEP_JSON_H */
