/* use.h - extensions as an application uses them: which of them a connection
 * has, their limits, who may reach them, and the events they report.
 *
 *     xmpp_conn_use(conn, &xmpp_mod_roster);
 *     xmpp_conn_watch(conn, &xmpp_mod_roster, on_roster, NULL);
 *
 * module.h describes what an extension is made of. */

#ifndef XMPP_USE_H
#define XMPP_USE_H

#include <xmpp/conn.h>
#include <xmpp/jid.h>
#include <xmpp/payload.h>
#include <xmpp/slot.h>

XMPP_BEGIN

/* An extension: a static table, such as xmpp_mod_ping. */
typedef struct _xmpp_module_t xmpp_module_t;

/* ---- modules in use ---------------------------------------------- */

/* Use a module on this connection; modules that it needs come first. Before or
 * after connecting: in a session it begins to work at once. A module that is
 * in use stays in use until the connection is released. A raw connection
 * negotiates by itself, so its modules get nothing.
 *
 * 0; 1 if it is in use already; XMPP_EINVOP without a connection or a module,
 * or if the connection is being released; XMPP_EMEM; or the code by which the
 * module refused, and then it is not in use. */
XMPP_API int xmpp_conn_use(xmpp_conn_t *conn, const xmpp_module_t *module);

/* The module that was used after this one; NULL: the first. NULL after the
 * last. */
XMPP_API const xmpp_module_t *
xmpp_conn_next_module(const xmpp_conn_t *conn, const xmpp_module_t *module);

/* ---- limits ------------------------------------------------------ */

/* Set a limit of a module that is in use, such as "items". The module's header
 * lists its limits. 0; XMPP_EINVOP if the module is not in use; XMPP_EARG if
 * it has no such limit, or if `n` is out of range. */
XMPP_API int xmpp_conn_set_limit(xmpp_conn_t *conn, const xmpp_module_t *module,
                                 const char *name, long n);

/* -1 if the module is not in use, or has no such limit. */
XMPP_API long xmpp_conn_get_limit(const xmpp_conn_t *conn,
                                  const xmpp_module_t *module,
                                  const char *name);

/* ---- access ------------------------------------------------------ */

/* May this sender (NULL: our own account) use the module? `element` is what the
 * module would get, or NULL. Non-zero: yes. All are borrowed for the call. */
typedef int (*xmpp_access_handler)(xmpp_conn_t *conn, const xmpp_jid_t *from,
                                   xmpp_stanza_t *element, void *userdata);

/* Restrict a module to the senders that `access` accepts, in addition to the
 * module's own rules. Of anybody else an iq of type "get" is answered with
 * service-unavailable, as if nobody were there; one of type "set" with
 * forbidden; messages and presence do not reach the module. NULL removes the
 * restriction. 0; XMPP_EINVOP if the module is not in use. */
XMPP_API int xmpp_conn_set_access(xmpp_conn_t *conn,
                                  const xmpp_module_t *module,
                                  xmpp_access_handler access, void *userdata);

/* Who a sender can be, as bits; all that hold are set.
 *
 *   ANYONE   always
 *   OWN      our account, or any of its resources
 *   ACCOUNT  our account itself: its bare JID, or no sender (RFC 6120 section
 *            8.1.2.1)
 *   SERVER   the same, or the domain of our account
 *   ASKED    we sent it a request, with an element in the namespace of the row,
 *            which it has not answered yet
 *   CONTACT  may see our presence; the roster module knows them
 *   SEEN     lets us see its presence, and so what its account publishes; the
 *            roster module knows them
 *   ROOM     a room that we are in, or one of its occupants; the module for
 *            rooms knows them
 *   SELF     the occupant of such a room that is us; the module for rooms
 *            knows it */
#define XMPP_SENDER_ANYONE 1
#define XMPP_SENDER_OWN 2
#define XMPP_SENDER_ACCOUNT 4
#define XMPP_SENDER_SERVER 8
#define XMPP_SENDER_ASKED 16
#define XMPP_SENDER_CONTACT 32
#define XMPP_SENDER_ROOM 64
#define XMPP_SENDER_SEEN 128
#define XMPP_SENDER_SELF 256

/* 1 if one of these bits holds for this address (NULL: our account). ASKED
 * never does here: it depends on a row, which only a stanza has. */
XMPP_API int xmpp_conn_sender_is(xmpp_conn_t *conn, const xmpp_jid_t *jid,
                                 unsigned sender);

/* ---- events ------------------------------------------------------ */

/* A change that a module reports. Borrowed for the call; made by the library
 * only, members may be added. To see what comes, print any of them with
 * xmpp_payload_print(event->payload, event->value, text, sizeof(text)); one
 * without a table is "". */
typedef struct _xmpp_event_t {
    const xmpp_module_t *module;
    int what;                      /* as the module's header numbers it */
    const char *name;              /* of it, such as "added" */
    const xmpp_payload_t *payload; /* the table of the values, or NULL */
    const void *value;             /* what it is now, or NULL */
    const void *before;            /* what it was, or NULL */
    xmpp_stanza_t *stanza; /* that was being delivered when it was emitted,
                            * usually its cause; or NULL */
} xmpp_event_t;

/* It may do anything, such as remove itself or release the connection. */
typedef void (*xmpp_event_handler)(xmpp_conn_t *conn, const xmpp_event_t *event,
                                   void *userdata);

/* Call a function for each event of a module, in the order in which they were
 * added. The module's model has already changed then. A function that is added
 * during an event does not get that event. 0; 1 if it is there already with
 * this userdata; XMPP_EINVOP if the module is not in use, or if the connection
 * is being released; XMPP_EARG without a function; XMPP_EMEM. */
XMPP_API int xmpp_conn_watch(xmpp_conn_t *conn, const xmpp_module_t *module,
                             xmpp_event_handler handler, void *userdata);
XMPP_API void xmpp_conn_unwatch(xmpp_conn_t *conn, const xmpp_module_t *module,
                                xmpp_event_handler handler, void *userdata);

/* The same as a registration of its own: see slot.h. The userdata is taken. */
XMPP_API int xmpp_slot_add_watch(xmpp_conn_t *conn, const xmpp_module_t *module,
                                 xmpp_event_handler handler, void *userdata,
                                 xmpp_free_handler free_userdata,
                                 xmpp_slot_t *ret_slot);

XMPP_END

#endif /* XMPP_USE_H */
