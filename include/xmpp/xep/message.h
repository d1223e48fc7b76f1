/* message.h - a message as one struct (RFC 6121 section 5), with all that the
 * payloads of forward.h, receipt.h, followup.h, reply.h and markup.h can add to
 * it. What a message combines is up to its sender: read any, build any.
 *
 *     const xmpp_message_t *m = xmpp_message_read(stanza);
 *     if (m && m->replaces) ...
 *
 *     xmpp_message_t m;
 *     XMPP_INIT(xmpp_message, m);
 *     m.to = *juliet;
 *     m.type = XMPP_MESSAGE_CHAT;
 *     m.body = "Hi";
 *     m.wants_receipt = 1;
 *     xmpp_send_take(conn, xmpp_message_build(conn, &m));
 */

#ifndef XMPP_XEP_MESSAGE_H
#define XMPP_XEP_MESSAGE_H

#include <xmpp/conn.h>
#include <xmpp/xep/followup.h>
#include <xmpp/xep/forward.h>
#include <xmpp/xep/markup.h>
#include <xmpp/xep/receipt.h>
#include <xmpp/xep/reply.h>

XMPP_BEGIN

typedef struct _xmpp_message_t {
    size_t size;
    xmpp_jid_t from, to;
    const char *id;
    int type;         /* xmpp_message_type_t */
    const char *lang; /* of the texts that have no other */

    /* The first of each, see xmpp_message_choose_body(). */
    const char *body, *subject;
    const char *thread, *parent_thread; /* XEP-0201 */
    const char *nick;                   /* chosen by the sender (XEP-0172) */

    /* forward.h. The first two prove nothing: use xmpp_delay_get() and
     * xmpp_stanza_id_get(). */
    const xmpp_delay_t *const *delays;
    size_t delay_count;
    const xmpp_stanza_id_t *const *stanza_ids;
    size_t stanza_id_count;
    const char *origin_id;
    const char *occupant_id;                          /* in a room (XEP-0421) */
    int no_permanent_store, no_store, no_copy, store; /* hints */

    /* receipt.h */
    int wants_receipt;        /* see xmpp_receipt_is_requested() */
    const char *received;     /* the id in a receipt */
    int is_markable;          /* see xmpp_marker_is_requested() */
    const char *displayed;    /* the id in a marker */
    const char *acknowledged; /* the same in one of older versions */
    int chat_state;           /* xmpp_chat_state_t */

    /* followup.h, reply.h. See xmpp_author_is_same(), xmpp_reactions_get() and
     * xmpp_fallback_get_body(). */
    const char *replaces; /* the id in a correction */
    const xmpp_retract_t *retract;
    const xmpp_retracted_t *retracted;
    const xmpp_reactions_t *reactions;
    const xmpp_reply_t *reply;
    const xmpp_fallback_t *const *fallbacks;
    size_t fallback_count;

    /* markup.h, styling.h */
    const xmpp_oob_t *const *oobs;
    size_t oob_count;
    const xmpp_reference_t *const *references;
    size_t reference_count;
    const xmpp_encryption_t *encryption;
    int is_unstyled;
} xmpp_message_t;

XMPP_API extern const xmpp_payload_t xmpp_message;

/* The struct that is read from a message. It lives as long as the message. NULL
 * if it is not a message, or when out of memory. In one of type "error" all but
 * the addresses and the id is what the one who gets it has sent. */
XMPP_API const xmpp_message_t *xmpp_message_read(xmpp_stanza_t *message);

/* A message as a tree, to be sent, or to be added to. One that requests a
 * receipt or a marker, and has no id, is given a new one. Owned. NULL when out
 * of memory; other failures mark the tree (build.h). */
XMPP_API xmpp_stanza_t *xmpp_message_build(xmpp_conn_t *conn,
                                           const xmpp_message_t *message);

/* ---- languages --------------------------------------------------- */

/* A message may have several bodies and subjects, each in another language
 * (RFC 6121 sections 5.2.3 and 5.2.4). Of these, the one for a user who prefers
 * the languages `langs`: tags such as "de-AT en" with spaces between them, the
 * best one first. "de" and "de-AT" fit each other. If none fits, or `langs` is
 * NULL, it is the one without a language of its own, else the first. Borrowed
 * from the message. NULL if there is none. */
XMPP_API const char *xmpp_message_choose_body(xmpp_stanza_t *message,
                                              const char *langs);
XMPP_API const char *xmpp_message_choose_subject(xmpp_stanza_t *message,
                                                 const char *langs);

/* Add a body or a subject in another language. 0; XMPP_EINVOP without a message
 * or a text, or if there is one in this language (NULL: in that of the
 * message); or the status of the tree (build.h). */
XMPP_API int xmpp_message_add_body(xmpp_stanza_t *message, const char *lang,
                                   const char *text);
XMPP_API int xmpp_message_add_subject(xmpp_stanza_t *message, const char *lang,
                                      const char *text);

XMPP_END

#endif /* XMPP_XEP_MESSAGE_H */
