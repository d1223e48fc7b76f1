/* chat_state.h - what both sides of a conversation do: chat states (XEP-0085),
 * by its rules. receipt.h has the elements.
 *
 *     xmpp_conn_use(conn, &xmpp_mod_chat_state);
 *     xmpp_conn_watch(conn, &xmpp_mod_chat_state, on_state, NULL);
 *     ...
 *     xmpp_chat_set_state(conn, &juliet, XMPP_CHAT_COMPOSING);
 *
 * Messages of type "chat" with a body say that we are active, until a reply
 * shows that the other side does not understand that. Everything else is sent
 * by xmpp_chat_set_state() only. Nothing that a stranger sends is an event,
 * until we have written to the stranger.
 *
 * The limits: "conversations", for so many of them the states are kept;
 * "clients" of each conversation. For another one, the one that reported
 * longest ago has no state any more.
 */

#ifndef XMPP_XEP_CHAT_STATE_H
#define XMPP_XEP_CHAT_STATE_H

#include <xmpp/module.h>
#include <xmpp/xep/conversation.h>
#include <xmpp/xep/receipt.h>

XMPP_BEGIN

XMPP_API extern const xmpp_module_t xmpp_mod_chat_state;

/* A client of the other side is in another state. Both values of the event, now
 * and before, are a xmpp_chat_activity_t. In a room that we are in each
 * report of an occupant is an event; "gone" is none there. Who becomes
 * unavailable has no state any more; in a new session nobody has one, without
 * an event. */
enum { XMPP_CHAT_STATE_CHANGED };

typedef struct _xmpp_chat_activity_t {
    size_t size;
    xmpp_jid_t jid;  /* who: a client, or an occupant of a room */
    xmpp_jid_t chat; /* the conversation, or the room */
    int state;       /* xmpp_chat_state_t */
} xmpp_chat_activity_t;

XMPP_API extern const xmpp_payload_t xmpp_chat_activity;

/* The state of a client of the other side, or of an occupant. For a bare
 * address that of all its clients: the first of composing, paused, active,
 * inactive and gone that one of them has. XMPP_CHAT_NO_STATE if it is not
 * known. */
XMPP_API int xmpp_chat_get_state(xmpp_conn_t *conn, const xmpp_jid_t *jid);

/* What we do in this conversation, or in a room that we are in. It is sent only
 * if the other side is trusted (xmpp_conversation_is_trusted()) and understands
 * it: its last message has shown that, or the capabilities (xep/caps.h) of the
 * resource that wrote last or that `jid` names; and only if it is not what was
 * sent last (XEP-0085 section 5.1 and 5.3). After
 * XMPP_CHAT_GONE, which is not sent to rooms, the thread is not used again.
 *
 * 0 if it was sent; 1 if it was not; XMPP_EINVOP if the module is not in use;
 * XMPP_EARG if there is no address or no such state; or a code of
 * xmpp_send_take(). */
XMPP_API int xmpp_chat_set_state(xmpp_conn_t *conn, const xmpp_jid_t *jid,
                                 int state);

/* Whether states are sent at all; at first they are. Those of others are events
 * in any case. 0, or XMPP_EINVOP if the module is not in use. */
XMPP_API int xmpp_chat_send_states(xmpp_conn_t *conn, int are_sent);

XMPP_END

#endif /* XMPP_XEP_CHAT_STATE_H */
