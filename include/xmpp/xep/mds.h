/* mds.h - up to where each conversation was displayed, the same on all clients
 * of our account (XEP-0490). The contact learns nothing of it.
 *
 *     xmpp_conn_use(conn, &xmpp_mod_mds);
 *     xmpp_conn_watch(conn, &xmpp_mod_mds, on_displayed, NULL);
 *     xmpp_mds_set(conn, &chat, stanza_id, NULL, on_done, NULL);
 *
 * A conversation is named by the bare address of a contact or of a room; that
 * with an occupant in private, by the address of the occupant. Messages are
 * named by the id that our server, or the room, gave them (XEP-0359).
 *
 * The mark only moves forward (section 5.1). This module does not know the
 * order of messages: ignore a mark that is older than what you have displayed,
 * or which names a message that you do not know.
 *
 * What the server keeps is read in each new session; until then it is as the
 * last one left it. The limit "chats" is of how many the mark is kept; the one
 * that changed longest ago is forgotten first, here but not at the server.
 */

#ifndef XMPP_XEP_MDS_H
#define XMPP_XEP_MDS_H

#include <xmpp/module.h>
#include <xmpp/result.h>
#include <xmpp/xep/forward.h>

XMPP_BEGIN

XMPP_API extern const xmpp_module_t xmpp_mod_mds;

/* The element: up to which message. */
typedef struct _xmpp_mds_t {
    size_t size;
    const xmpp_stanza_id_t *stanza_id; /* required */
} xmpp_mds_t;

/* Up to which message of a conversation. */
typedef struct _xmpp_mds_displayed_t {
    size_t size;
    xmpp_jid_t chat;
    const char *id;
    xmpp_jid_t by;
} xmpp_mds_displayed_t;

XMPP_API extern const xmpp_payload_t xmpp_mds;

/* Names the members. It is not an element of the protocol. */
XMPP_API extern const xmpp_payload_t xmpp_mds_displayed;

/* Events of this module. */
enum {
    XMPP_MDS_DISPLAYED = 1, /* xmpp_mds_displayed_t, as `before`: what a client
                             * of ours has displayed, or the server reports */
    XMPP_MDS_LOADED         /* the server has reported all, or that it has
                             * none; no value */
};

/* All messages of `chat` up to this one were displayed. `by` NULL: the id is
 * that of our server, or of the room if `chat` is a room that we are in.
 *
 * If our server does not keep private data private, nothing is kept there, and
 * the status is XMPP_EPROTO. No value. XMPP_EINVOP if the module is not in use;
 * XMPP_EARG without a chat or an id; XMPP_ENOTCONN; XMPP_EMEM; else the codes
 * of xmpp_request(). */
XMPP_API int xmpp_mds_set(xmpp_conn_t *conn, const xmpp_jid_t *chat,
                          const char *id, const xmpp_jid_t *by,
                          xmpp_result_handler handler, void *userdata);

/* What is known of a conversation, and of the next one: NULL is the first, and
 * the result after the last. Borrowed until it changes. */
XMPP_API const xmpp_mds_displayed_t *xmpp_mds_get(xmpp_conn_t *conn,
                                                  const xmpp_jid_t *chat);
XMPP_API const xmpp_mds_displayed_t *
xmpp_mds_next(xmpp_conn_t *conn, const xmpp_mds_displayed_t *displayed);

/* Does our server take the mark out of a message to the contact, such as a
 * displayed marker (XEP-0333), and keep it? Then
 *
 *     xmpp_payload_add(marker, &xmpp_mds, &up_to);
 *
 * saves a request; the marker goes to a bare address. If the server does not,
 * the contact would see it. 1 or 0, which also stands for unknown: it is known
 * with XMPP_MDS_LOADED. */
XMPP_API int xmpp_mds_is_assisted(xmpp_conn_t *conn);

XMPP_END

#endif /* XMPP_XEP_MDS_H */
