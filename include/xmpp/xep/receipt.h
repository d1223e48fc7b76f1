/* receipt.h - what became of a message, and what the other side does meanwhile:
 * delivery receipts (XEP-0184), displayed markers (XEP-0333) and chat states
 * (XEP-0085).
 *
 * These are the elements; xep/chat.h sends and answers them by the rules.
 */

#ifndef XMPP_XEP_RECEIPT_H
#define XMPP_XEP_RECEIPT_H

#include <xmpp/payload.h>

XMPP_BEGIN

/* ---- receipts ---------------------------------------------------- */

/* <received/>: the message with this id has arrived at a client. Required. */
typedef struct _xmpp_receipt_t {
    size_t size;
    const char *id;
} xmpp_receipt_t;

XMPP_API extern const xmpp_payload_t xmpp_receipt;

/* Request a receipt for a message of ours. A message without an id is given a
 * new one. Do not do so in rooms: every occupant would answer. 0; the status of
 * the tree (build.h), or XMPP_EMEM: then the message has no id, and nothing is
 * requested. */
XMPP_API int xmpp_receipt_request(xmpp_stanza_t *message);

/* 1 if the message requests a receipt that may be sent: it has an id, is not of
 * type "error" or "groupchat", and is not a receipt itself. Else 0. */
XMPP_API int xmpp_receipt_is_requested(xmpp_stanza_t *message);

/* ---- markers ----------------------------------------------------- */

/* <displayed/>: the message with this id, and all before it, have been
 * displayed. The other two are of older versions of XEP-0333: the message has
 * been received, or its user has acted on it. */
typedef struct _xmpp_marker_t {
    size_t size;
    const char *id; /* required; in a room the one that the room gave it */
} xmpp_marker_t;

XMPP_API extern const xmpp_payload_t xmpp_displayed;
XMPP_API extern const xmpp_payload_t xmpp_marker_received;
XMPP_API extern const xmpp_payload_t xmpp_marker_acknowledged;

/* Request a marker for a message of ours, as xmpp_receipt_request() does. */
XMPP_API int xmpp_marker_request(xmpp_stanza_t *message);

/* 1 if the message requests a marker that may be sent: it has an id, is not of
 * type "error", and is not a marker itself. Else 0. */
XMPP_API int xmpp_marker_is_requested(xmpp_stanza_t *message);

/* ---- chat states ------------------------------------------------- */

/* What somebody does in a conversation (XEP-0085 section 3). */
typedef enum {
    XMPP_CHAT_NO_STATE,
    XMPP_CHAT_ACTIVE,    /* pays attention */
    XMPP_CHAT_COMPOSING, /* writes */
    XMPP_CHAT_PAUSED,    /* has stopped writing */
    XMPP_CHAT_INACTIVE,  /* has done nothing for some minutes */
    XMPP_CHAT_GONE       /* has closed the conversation */
} xmpp_chat_state_t;

/* The state in a message; XMPP_CHAT_NO_STATE if there is none or more than one
 * (section 5.5), and in a message of type "error". */
XMPP_API xmpp_chat_state_t xmpp_chat_state_get(xmpp_stanza_t *message);

/* Add a state to a message of type "chat" or "groupchat". One with a body
 * should have no other than XMPP_CHAT_ACTIVE. 0; XMPP_EARG if it is not a
 * state; XMPP_EINVOP if the message has one already; or the status of the
 * tree. */
XMPP_API int xmpp_chat_state_add(xmpp_stanza_t *message,
                                 xmpp_chat_state_t state);

XMPP_END

#endif /* XMPP_XEP_RECEIPT_H */
