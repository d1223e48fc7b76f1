/* conversation.h - with whom we speak: where the next message goes (RFC 6121
 * section 5.1), its thread (XEP-0201), and who may learn of us.
 *
 *     const xmpp_conversation_t *c = xmpp_conversation_get(conn, &juliet);
 *     xmpp_stanza_set_jid(message, "to", c ? &c->address : &juliet);
 *
 * A conversation is known by the bare address of the other side, one with an
 * occupant of a room by the full address. On a component there is one for each
 * address of ours: that of xmpp_conn_send_as() counts.
 *
 * It begins when a contact (XMPP_SENDER_CONTACT) writes to us, or when we write
 * to somebody: a message with a body, not of type "groupchat", "headline" or
 * "error". What our other clients write counts, if carbons are in use. It goes
 * on in the next session, but one with an occupant ends when either leaves the
 * room, because the nick may become that of another person. Of too many, the
 * one that was used longest ago is forgotten: the limit "conversations".
 */

#ifndef XMPP_XEP_CONVERSATION_H
#define XMPP_XEP_CONVERSATION_H

#include <xmpp/module.h>
#include <xmpp/xep/conversation_list.h>

XMPP_BEGIN

XMPP_API extern const xmpp_module_t xmpp_mod_conversation;

/* What the application wants, as bits; at first none of it. */
enum {
    /* Messages of type "chat" with a body and without a thread get that of
     * their conversation, or a new one. */
    XMPP_CONVERSATION_THREADS = 1,
    /* Everybody is trusted, and begins a conversation by writing to us. */
    XMPP_CONVERSATION_STRANGERS = 2,
    /* Rooms that we are in are trusted. */
    XMPP_CONVERSATION_ROOMS = 4
};

/* 0; XMPP_EINVOP if the module is not in use; XMPP_EARG for other bits. */
XMPP_API int xmpp_conversation_set_policy(xmpp_conn_t *conn, int policy);

/* The conversation with this address (xep/conversation_list.h has the struct),
 * borrowed until the loop goes on or something is sent. NULL if there is none,
 * or if the module is not in use. */
XMPP_API const xmpp_conversation_t *
xmpp_conversation_get(xmpp_conn_t *conn, const xmpp_jid_t *jid);

/* The same; if there is none it begins. NULL also when out of memory. */
XMPP_API const xmpp_conversation_t *
xmpp_conversation_open(xmpp_conn_t *conn, const xmpp_jid_t *jid);

/* 1 if this address may learn that we are there, and what we do: it is a
 * contact, it is ours, we have written to it, or the policy is so. Else 0. */
XMPP_API int xmpp_conversation_is_trusted(xmpp_conn_t *conn,
                                          const xmpp_jid_t *jid);

/* A message without content to where this conversation goes, with an id and the
 * thread, if there is one; of type "groupchat" to a room, else "chat", and
 * marked as private to an occupant (XEP-0045 section 7.5). Owned. NULL if the
 * module is not in use, without an address, or when out of memory. */
XMPP_API xmpp_stanza_t *xmpp_conversation_message(xmpp_conn_t *conn,
                                                  const xmpp_jid_t *jid);

/* One side closes the conversation: its thread is not used again (XEP-0085
 * section 5.6). 1 if there is one, 0 if not. */
XMPP_API int xmpp_conversation_close(xmpp_conn_t *conn, const xmpp_jid_t *jid);

XMPP_END

#endif /* XMPP_XEP_CONVERSATION_H */
