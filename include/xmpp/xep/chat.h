/* chat.h - what became of the messages of a conversation: receipts (XEP-0184)
 * and displayed markers (XEP-0333), by the rules of both. receipt.h has the
 * elements, chat_state.h what both sides do meanwhile.
 *
 *     xmpp_conn_use(conn, &xmpp_mod_chat);
 *     xmpp_conn_watch(conn, &xmpp_mod_chat, on_chat, NULL);
 *     ...
 *     xmpp_chat_displayed(conn, message);
 *
 * Receipts that others request are sent without a line of yours. Strangers get
 * neither these nor markers, because they could learn from them that we are
 * there: see xmpp_conversation_is_trusted() and xmpp_conversation_set_policy().
 * xmpp_conn_set_access() keeps single addresses away.
 *
 * The limit "conversations": of so many of them the last marker is known.
 */

#ifndef XMPP_XEP_CHAT_H
#define XMPP_XEP_CHAT_H

#include <xmpp/module.h>
#include <xmpp/xep/chat_state.h>
#include <xmpp/xep/receipt.h>

XMPP_BEGIN

/* xmpp_mod_chat_state comes into use with it. */
XMPP_API extern const xmpp_module_t xmpp_mod_chat;

/* What the module does, as bits; at first the first two. */
enum {
    XMPP_CHAT_SEND_RECEIPTS = 1, /* those that others request */
    XMPP_CHAT_SEND_MARKERS = 2,  /* as the application calls for them */
    XMPP_CHAT_WANT_RECEIPTS = 4, /* request them for messages with a body */
    XMPP_CHAT_WANT_MARKERS = 8   /* likewise */
};

/* 0; XMPP_EINVOP if the module is not in use; XMPP_EARG for other bits. */
XMPP_API int xmpp_chat_set_policy(xmpp_conn_t *conn, int policy);

/* ---- what others report ------------------------------------------ */

/* Markers, of which the last two are from older versions of XEP-0333. */
typedef enum {
    XMPP_MARKER_NONE,
    XMPP_MARKER_DISPLAYED,
    XMPP_MARKER_RECEIVED,
    XMPP_MARKER_ACKNOWLEDGED
} xmpp_marker_kind_t;

/* The events. Each has a xmpp_chat_t as its value. */
enum {
    XMPP_CHAT_RECEIVED, /* a message of ours has arrived at a client; perhaps
                         * one event for each client */
    XMPP_CHAT_MARKED,   /* messages of ours up to this one have been displayed.
                         * Ignore an id that is not in this conversation, and
                         * one that is older than the last */
    XMPP_CHAT_MARKED_ELSEWHERE /* another client of ours has displayed the
                                * messages of the other side up to this one */
};

typedef struct _xmpp_chat_t {
    size_t size;
    xmpp_jid_t jid;  /* who reports: a client, or an occupant of a room */
    xmpp_jid_t chat; /* the conversation, or the room */
    const char *id;  /* of the message */
    int marker;      /* xmpp_marker_kind_t */
    int via;         /* xmpp_via_t */
} xmpp_chat_t;

XMPP_API extern const xmpp_payload_t xmpp_chat;

/* ---- what we report ---------------------------------------------- */

/* The user has seen this message, and all before it. Call it for the newest
 * one. A marker is sent if the message requests one, is not ours, and was not
 * marked last; in a room that we are in without a request, but there call it
 * only for messages of others.
 *
 * 0 if it was sent; 1 if it was not; XMPP_EINVOP if the module is not in use;
 * or a code of xmpp_send_take(). */
XMPP_API int xmpp_chat_displayed(xmpp_conn_t *conn, xmpp_stanza_t *message);

/* The same for a message of which you know that it requested a marker: by the
 * address of the conversation, and by the id of the message, which in a room is
 * the one that the room gave it. `marker` is a xmpp_marker_kind_t. XMPP_EARG if
 * the address, the id or the marker is none. */
XMPP_API int xmpp_chat_mark(xmpp_conn_t *conn, const xmpp_jid_t *jid,
                            const char *id, int marker);

XMPP_END

#endif /* XMPP_XEP_CHAT_H */
