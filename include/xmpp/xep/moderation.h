/* moderation.h - messages that a moderator of a room retracts (XEP-0425), ours
 * and those of others.
 *
 *     xmpp_conn_use(conn, &xmpp_mod_moderation);
 *     xmpp_conn_watch(conn, &xmpp_mod_moderation, on_moderated, NULL);
 *     xmpp_moderation_retract(conn, room, stanza_id, "spam", on_done, NULL);
 *
 * Both the present protocol and that of older rooms (0.2) are spoken. What an
 * author retracts is another thing (XEP-0424).
 */

#ifndef XMPP_XEP_MODERATION_H
#define XMPP_XEP_MODERATION_H

#include <xmpp/module.h>
#include <xmpp/result.h>

XMPP_BEGIN

XMPP_API extern const xmpp_module_t xmpp_mod_moderation;

/* A message of a room is retracted. */
typedef struct _xmpp_moderation_t {
    size_t size;
    xmpp_jid_t room;         /* absent: of a tombstone */
    const char *id;          /* that the room gave to the message (XEP-0359); no
                              * other id counts. NULL: of a tombstone */
    xmpp_jid_t by;           /* an occupant, or an account; may be absent */
    const char *occupant_id; /* of the moderator (XEP-0421), or NULL */
    const char *reason;      /* for people, or NULL */
    xmpp_time_t time;        /* of a tombstone: when it was retracted */
} xmpp_moderation_t;

/* Names the members. It is not an element of the protocol. */
XMPP_API extern const xmpp_payload_t xmpp_moderation;

/* The event of this module. It only comes from the room itself: the stream
 * brings it while we are in the room, an archive later. */
enum {
    XMPP_MODERATED = 1 /* xmpp_moderation_t: do not show the message any more */
};

/* Retract a message of somebody else. `id` is the one that the room gave it. If
 * the room does not know the present protocol, the older one is tried. No
 * value. Refusals are "forbidden", if we are no moderator, and
 * "item-not-found". XMPP_EARG without a room or an id; else the codes of
 * xmpp_request(). */
XMPP_API int xmpp_moderation_retract(xmpp_conn_t *conn, const xmpp_jid_t *room,
                                     const char *id, const char *reason,
                                     xmpp_result_handler handler,
                                     void *userdata);

/* What an archive has in place of such a message, if `message` is that: it is
 * to be believed only if it comes out of the archive of the room. It lives in
 * the tree of the message. NULL also when out of memory. */
XMPP_API const xmpp_moderation_t *
xmpp_moderation_get_tombstone(xmpp_stanza_t *message);

XMPP_END

#endif /* XMPP_XEP_MODERATION_H */
