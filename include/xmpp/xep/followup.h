/* followup.h - messages about an earlier message: it is corrected (XEP-0308),
 * retracted (XEP-0424) or reacted to (XEP-0444). xep/reply.h has replies.
 *
 * Which message is meant and who may do so has to be checked by the program
 * that keeps the messages. For each of them it keeps a copy of xmpp_author; as
 * a correction or a retraction arrives it looks for the message with that id,
 * and compares the authors:
 *
 *     if (xmpp_author_is_same(&kept->author, author_of_the_correction,
 * in_room)) replace(kept, correction);
 */

#ifndef XMPP_XEP_FOLLOWUP_H
#define XMPP_XEP_FOLLOWUP_H

#include <xmpp/conn.h>
#include <xmpp/payload.h>
#include <xmpp/xep/form.h>

XMPP_BEGIN

/* ---- payloads ---------------------------------------------------- */

/* <replace/>: this message takes the place of the one with this id, which is
 * the attribute of the original, in rooms too, and also if that was corrected
 * before. Required. */
typedef struct _xmpp_replace_t {
    size_t size;
    const char *id;
} xmpp_replace_t;

/* <retract/>: the message with this id is withdrawn; see
 * xmpp_followup_get_id(). */
typedef struct _xmpp_retract_t {
    size_t size;
    const char *id; /* required */
    const char *reason;
    xmpp_stanza_t *element; /* for what other extensions have in it, such as
                             * who moderates (XEP-0425); NULL in a copy */
} xmpp_retract_t;

/* <retracted/>: what an archive has in the place of a retracted message. */
typedef struct _xmpp_retracted_t {
    size_t size;
    const char *id; /* of the message that has the <retract/>; required */
    xmpp_time_t stamp;
    const char *reason;
    xmpp_stanza_t *element; /* as above */
} xmpp_retracted_t;

/* <reactions/>: all that the sender has to show at the message with this id.
 * They replace what the same sender has sent before; none takes them back. */
typedef struct _xmpp_reactions_t {
    size_t size;
    const char *id;               /* required; see xmpp_followup_get_id() */
    const char *const *reactions; /* each is an emoji */
    size_t reaction_count;
} xmpp_reactions_t;

XMPP_API extern const xmpp_payload_t xmpp_replace;
XMPP_API extern const xmpp_payload_t xmpp_retract;
XMPP_API extern const xmpp_payload_t xmpp_retracted;
XMPP_API extern const xmpp_payload_t xmpp_reactions;

/* ---- which message, and whose ------------------------------------ */

/* What a message is for (RFC 6121 section 5.2.2). */
typedef enum {
    XMPP_MESSAGE_NORMAL,
    XMPP_MESSAGE_CHAT,
    XMPP_MESSAGE_ERROR,
    XMPP_MESSAGE_GROUPCHAT,
    XMPP_MESSAGE_HEADLINE
} xmpp_message_type_t;

/* Who wrote a message, read from the <message/>. In one of our own, which has
 * not been sent yet, set `from`. */
typedef struct _xmpp_author_t {
    size_t size;
    xmpp_jid_t from;
    int type;                /* xmpp_message_type_t */
    const char *id;          /* of the message */
    const char *occupant_id; /* in a room (XEP-0421); NULL: not known */
} xmpp_author_t;

XMPP_API extern const xmpp_payload_t xmpp_author;

/* The id by which a message of type `ns` (XMPP_NS_CORRECT, XMPP_NS_RETRACT,
 * XMPP_NS_REACTIONS or XMPP_NS_REPLY) refers to this one. Of a message of type
 * "groupchat" it is the one that the room gave to it, but for a correction the
 * one of its sender. Borrowed from the message. NULL if there is no such id:
 * then it cannot be referred to. */
XMPP_API const char *
xmpp_followup_get_id(xmpp_conn_t *conn, xmpp_stanza_t *message, const char *ns);

/* 1 if both messages have the same author, so that one may correct or retract
 * the other, or be newer reactions in the place of the other; else 0. `in_room`
 * is not 0 if they are from occupants of a room, by type "groupchat" or
 * privately. Otherwise the bare addresses are compared.
 *
 * In a room a nickname proves nothing, because somebody else can have taken it
 * since. Only the same occupant id counts, and that only in rooms that have the
 * feature XMPP_NS_OCCUPANT_ID: others do not remove what an occupant claims. If
 * you know the real addresses of both, compare those. */
XMPP_API int xmpp_author_is_same(const xmpp_author_t *one,
                                 const xmpp_author_t *other, int in_room);

/* 1 if `author` may react to messages in the conversation with `chat`: a
 * contact and we, in a room (`in_room`) each occupant; else 0. Whether the
 * reactions are new or replace older ones is for xmpp_author_is_same(). Ignore
 * delayed ones that are older than those that you have. */
XMPP_API int xmpp_author_may_react(xmpp_conn_t *conn,
                                   const xmpp_author_t *author,
                                   const xmpp_jid_t *chat, int in_room);

/* ---- retractions ------------------------------------------------- */

/* Make a message a retraction of the one with this id, to be stored by
 * archives. `body` is a sentence for clients that do not know retractions, or
 * NULL. 0, or the status of the tree (build.h). */
XMPP_API int xmpp_retract_add(xmpp_stanza_t *message, const char *id,
                              const char *body);

/* ---- reactions --------------------------------------------------- */

/* The reactions in a message as a set: each once, at most 32, without texts of
 * more than 64 octets and empty ones. Borrowed from the message. NULL if there
 * are none, or several elements of them; or when out of memory. */
XMPP_API const xmpp_reactions_t *xmpp_reactions_get(xmpp_stanza_t *message);

/* 1 if both have the same reactions, in any order; those of NULL are none. Both
 * must be sets. */
XMPP_API int xmpp_reactions_is_same(const xmpp_reactions_t *one,
                                    const xmpp_reactions_t *other);

/* 1 if a contact or a room accepts these; `restrictions` is its form of the
 * type XMPP_REACTIONS_RESTRICTIONS, which service discovery has, or NULL. */
#define XMPP_REACTIONS_RESTRICTIONS "urn:xmpp:reactions:0:restrictions"
XMPP_API int xmpp_reactions_is_allowed(const xmpp_reactions_t *reactions,
                                       const xmpp_form_t *restrictions);

/* Add reactions to a message, which is otherwise empty, to be stored by
 * archives. 0, or the status of the tree. */
XMPP_API int xmpp_reactions_add(xmpp_stanza_t *message,
                                const xmpp_reactions_t *reactions);

XMPP_END

#endif /* XMPP_XEP_FOLLOWUP_H */
