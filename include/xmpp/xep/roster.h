/* roster.h - the contact list (RFC 6121 section 2), as the server has it.
 *
 *     xmpp_conn_use(conn, &xmpp_mod_roster);
 *     xmpp_conn_watch(conn, &xmpp_mod_roster, on_roster, userdata);
 *
 * The list is requested as a session begins, before XMPP_CONN_CONNECT, and
 * followed from then on. The answer comes later: with the event
 * XMPP_ROSTER_LOADED the list is complete, until then it may be empty. Walk it
 * with xmpp_roster_next(). It stays when a session ends, and the next one
 * only brings what has changed. Another account begins with an empty list,
 * without events.
 *
 * If there is a store (store.h), contacts and version of the list are kept
 * there. They are in the list as a session begins, without events; where the
 * server supports versions it then sends only what is new (RFC 6121 section
 * 2.6). A store that fails costs nothing else. Nobody counts as a contact
 * (XMPP_SENDER_CONTACT, XMPP_SENDER_SEEN) before the list of this session is
 * loaded.
 *
 * The limits: "contacts" in the list; more are left out, and a line in the log
 * says so. "octets" of the name and the groups of a contact; longer ones are
 * left out. On a component the module does nothing.
 */

#ifndef XMPP_XEP_ROSTER_H
#define XMPP_XEP_ROSTER_H

#include <xmpp/module.h>
#include <xmpp/result.h>

XMPP_BEGIN

XMPP_API extern const xmpp_module_t xmpp_mod_roster;

/* Who sees whose presence (RFC 6121 section 2.1.2.5). */
typedef enum {
    XMPP_ROSTER_NONE = 1,
    XMPP_ROSTER_TO,   /* we see that of the contact */
    XMPP_ROSTER_FROM, /* the contact sees ours */
    XMPP_ROSTER_BOTH,
    XMPP_ROSTER_REMOVE /* of what is sent only: no item of the list has it */
} xmpp_roster_subscription_t;

/* A contact; begin one of your own with XMPP_INIT(xmpp_roster_item, item). */
typedef struct _xmpp_roster_item_t {
    size_t size;
    xmpp_jid_t jid;   /* a bare address */
    const char *name; /* given by the user, or NULL */
    int subscription; /* xmpp_roster_subscription_t */
    int ask;          /* 1: our request to see its presence is not answered */
    int approved;     /* 1: a request of the contact will be granted by the
                       * server (section 3.4) */
    const char *const *groups;
    size_t group_count;
} xmpp_roster_item_t;

XMPP_API extern const xmpp_payload_t xmpp_roster_item;

/* The events. The value is the item, and `before` what it was. */
typedef enum {
    XMPP_ROSTER_LOADED, /* the list is complete; no value */
    XMPP_ROSTER_ADDED,
    XMPP_ROSTER_CHANGED,
    XMPP_ROSTER_REMOVED, /* the value is what it was */
    XMPP_ROSTER_FAILED   /* the list was not loaded, and lacks nothing that it
                          * had; the value is the xmpp_result_t of the
                          * request */
} xmpp_roster_event_t;

/* ---- the list ---------------------------------------------------- */

/* 1 if the list of this session has arrived. */
XMPP_API int xmpp_roster_is_loaded(xmpp_conn_t *conn);

/* The number of contacts. */
XMPP_API size_t xmpp_roster_count(xmpp_conn_t *conn);

/* The contact with this address, whose resource does not count. NULL if there
 * is none. Borrowed until it changes. */
XMPP_API const xmpp_roster_item_t *xmpp_roster_get(xmpp_conn_t *conn,
                                                   const xmpp_jid_t *jid);

/* The contact behind `item`, NULL: the first, in the order in which they were
 * added. NULL at the end, and behind a contact that is not in the list any
 * more. Borrowed until it changes. Takes constant time. */
XMPP_API const xmpp_roster_item_t *
xmpp_roster_next(xmpp_conn_t *conn, const xmpp_roster_item_t *item);

/* ---- changes ----------------------------------------------------- */

/* Add a contact, or change its name and all of its groups (RFC 6121 sections
 * 2.3 and 2.4); its other members are the server's. The list changes when the
 * server reports the change, before or after the result. The result has no
 * value. 0; XMPP_EINVOP if the module is not in use, and on a component;
 * XMPP_EARG without an address; or a code of xmpp_request(). */
XMPP_API int xmpp_roster_set(xmpp_conn_t *conn, const xmpp_roster_item_t *item,
                             xmpp_result_handler handler, void *userdata);

/* Remove a contact, and with it the subscriptions of both sides (RFC 6121
 * section 2.5). The codes of xmpp_roster_set(). The server answers with
 * "item-not-found" if it is not in the list. */
XMPP_API int xmpp_roster_remove(xmpp_conn_t *conn, const xmpp_jid_t *jid,
                                xmpp_result_handler handler, void *userdata);

/* Request the list once more, after XMPP_ROSTER_FAILED. If the answer did not
 * come in time, the module does so itself when the session is resumed. 0; 1 if
 * it is being loaded already; XMPP_EINVOP if the module is not in use, and on a
 * component; or a code of xmpp_request(). */
XMPP_API int xmpp_roster_load(xmpp_conn_t *conn);

XMPP_END

#endif /* XMPP_XEP_ROSTER_H */
