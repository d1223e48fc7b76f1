/* availability.h - who is available, and how (RFC 6121 section 4).
 *
 *     xmpp_conn_use(conn, &xmpp_mod_availability);
 *     xmpp_conn_watch(conn, &xmpp_mod_availability, on_presence, userdata);
 *
 * The presence of each resource is kept until it is unavailable, or we are, or
 * the session ends. That of our own clients, this one included, is kept and
 * reported like that of contacts. That of occupants of rooms is not kept here.
 * A priority outside of -128 to 127 counts as none.
 * Uses xep/presence.h: without being available ourselves we get no presence.
 *
 * The limits: "contacts", the bare addresses whose presence is kept;
 * "resources" of each; "octets" of all texts. What is above them is
 * reported, but not kept.
 */

#ifndef XMPP_XEP_AVAILABILITY_H
#define XMPP_XEP_AVAILABILITY_H

#include <xmpp/xep/presence.h>

XMPP_BEGIN

XMPP_API extern const xmpp_module_t xmpp_mod_availability;

/* The events. The value is a xmpp_presence_t, and `before` what was kept of the
 * same full address, or NULL. */
typedef enum {
    XMPP_AVAILABILITY_CHANGED, /* somebody is available, like this */
    XMPP_AVAILABILITY_GONE,    /* value->from is no longer available; without a
                                * resource it stands for all of the contact's
                                * resources */
    XMPP_AVAILABILITY_REFUSED, /* an error came back, which
                                * xmpp_stanza_get_error() reads from the event's
                                * stanza: what was kept of this address is
                                * forgotten */
    XMPP_AVAILABILITY_CLEARED  /* the session is over, or we are unavailable:
                                * all that was kept is forgotten; no value */
} xmpp_availability_event_t;

/* The presence of this address; without a resource the best of the contact's:
 * that with the highest priority; of these the most willing to talk; of these
 * the latest. NULL if it is not available. Borrowed until the presence of the
 * contact changes. */
XMPP_API const xmpp_presence_t *xmpp_availability_get(xmpp_conn_t *conn,
                                                      const xmpp_jid_t *jid);

/* The next best resource of the same contact. NULL after the last. */
XMPP_API const xmpp_presence_t *
xmpp_availability_next(xmpp_conn_t *conn, const xmpp_presence_t *presence);

/* The best resource of the next contact; NULL: of the first. NULL after the
 * last. */
XMPP_API const xmpp_presence_t *
xmpp_availability_next_contact(xmpp_conn_t *conn,
                               const xmpp_presence_t *presence);

/* 1 while the connection is lost and its session may be resumed: what is kept
 * may be out of date. If it cannot be resumed, nothing is kept. */
XMPP_API int xmpp_availability_is_doubtful(xmpp_conn_t *conn);

XMPP_END

#endif /* XMPP_XEP_AVAILABILITY_H */
