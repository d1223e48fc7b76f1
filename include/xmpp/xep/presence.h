/* presence.h - our own presence (RFC 6121 section 4), which may say since when
 * we have been idle (XEP-0319) and what our nickname is (XEP-0172).
 * xep/availability.h has that of others.
 *
 *     xmpp_conn_use(conn, &xmpp_mod_presence);
 *
 * As a session begins the module sends our presence: available, or what
 * xmpp_presence_set() was called with before. In a resumed session nothing is
 * sent, because the server still has it. If you use the contact list, use it
 * before this module: it is to be requested first (RFC 6121 section 2.2).
 *
 * A component has a presence for each of its addresses, and no server
 * broadcasts it: it goes to those for whom xmpp_presence_direct() was called.
 * Each function speaks for the address of xmpp_conn_send_as().
 *
 * The limit "directed": addresses with presence from xmpp_presence_direct().
 */

#ifndef XMPP_XEP_PRESENCE_H
#define XMPP_XEP_PRESENCE_H

#include <xmpp/module.h>
#include <xmpp/result.h>

XMPP_BEGIN

XMPP_API extern const xmpp_module_t xmpp_mod_presence;

/* The kinds of presence (RFC 6121 section 4.7.1). */
typedef enum {
    XMPP_PRESENCE_AVAILABLE,
    XMPP_PRESENCE_UNAVAILABLE,
    XMPP_PRESENCE_SUBSCRIBE, /* this and the next three: xep/subscription.h */
    XMPP_PRESENCE_SUBSCRIBED,
    XMPP_PRESENCE_UNSUBSCRIBE,
    XMPP_PRESENCE_UNSUBSCRIBED,
    XMPP_PRESENCE_PROBE,
    XMPP_PRESENCE_ERROR
} xmpp_presence_type_t;

/* How much somebody wants to be spoken to (section 4.7.2.1). */
typedef enum {
    XMPP_SHOW_ONLINE, /* nothing in particular */
    XMPP_SHOW_CHAT,
    XMPP_SHOW_AWAY,
    XMPP_SHOW_XA, /* away for long */
    XMPP_SHOW_DND /* busy */
} xmpp_show_t;

/* Begin one of your own with XMPP_INIT(xmpp_presence, presence). */
typedef struct _xmpp_presence_t {
    size_t size;
    xmpp_jid_t from, to; /* not used in one of your own */
    int type;            /* xmpp_presence_type_t */
    int show;            /* xmpp_show_t */
    const char *status;  /* a text for people, or NULL */
    long priority;       /* -128 to 127; XMPP_NO_NUMBER means 0 */
    xmpp_time_t idle;    /* since when; or XMPP_NO_TIME */
    const char *nick;    /* chosen by the sender, or NULL */
} xmpp_presence_t;

XMPP_API extern const xmpp_payload_t xmpp_presence;

/* The event; its value is a xmpp_presence_t. */
typedef enum {
    XMPP_PRESENCE_PROBED /* of a component: somebody requests the presence of
                          * value->to, and is not among those who get it; see
                          * xmpp_presence_direct() */
} xmpp_presence_event_t;

/* Be available or unavailable like this. It is copied, sent now, or as soon as
 * there is a session, and again in each new session. To be unavailable also
 * withdraws all that xmpp_presence_direct() sent (RFC 6121 section 4.6), and
 * nothing is sent any more until this function is called again.
 *
 * 0; XMPP_EINVOP if the module is not in use; XMPP_EARG without a presence, or
 * with a type, a priority or a year that cannot be ours; XMPP_EMEM; or a code
 * of xmpp_send_take(): then it is sent in the next session. */
XMPP_API int xmpp_presence_set(xmpp_conn_t *conn,
                               const xmpp_presence_t *presence);

/* What we are, or will be as soon as there is a session. NULL if the address of
 * a component has none. Borrowed until it is set again. */
XMPP_API const xmpp_presence_t *xmpp_presence_get_own(xmpp_conn_t *conn);

/* Send it once more: after something has changed that another module adds to
 * it. Without effect while we are unavailable. Results of xmpp_send_take();
 * XMPP_EINVOP if the module is not in use. */
XMPP_API int xmpp_presence_renew(xmpp_conn_t *conn);

/* Send presence to one address only, whether it has a subscription or not. NULL
 * stands for our own presence. Type XMPP_PRESENCE_UNAVAILABLE withdraws it. A
 * client's next xmpp_presence_set() does not change it, unless that is to be
 * unavailable; a component's goes there, too. It ends with the session.
 *
 * The results of xmpp_presence_set(); XMPP_EFULL if the limit "directed" is
 * reached. */
XMPP_API int xmpp_presence_direct(xmpp_conn_t *conn, const xmpp_jid_t *to,
                                  const xmpp_presence_t *presence);

XMPP_END

#endif /* XMPP_XEP_PRESENCE_H */
