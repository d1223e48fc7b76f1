/* blocking.h - addresses whose stanzas the server keeps off (XEP-0191), and
 * reports of them (XEP-0377).
 *
 *     xmpp_conn_use(conn, &xmpp_mod_blocking);
 *     xmpp_conn_watch(conn, &xmpp_mod_blocking, on_blocking, userdata);
 *     xmpp_blocking_block(conn, mallory, NULL, on_blocked, NULL);
 *
 * The list is requested as a session begins, before XMPP_CONN_CONNECT, and
 * followed from then on, also as it is changed by other clients: with the event
 * XMPP_BLOCKING_LOADED it is complete. It stays when a session ends; the next
 * one reports only what has changed. Another account begins with an empty list,
 * without events. If there is a store (store.h) the list is kept there, and is
 * there, without events, as a session begins.
 *
 * Nothing that a blocked address sends reaches us. To send to it is refused by
 * our server: a request ends with XMPP_ESTANZA and the condition
 * "not-acceptable", specific "blocked" (which ejabberd leaves out); a message
 * or presence with the event XMPP_BLOCKING_REFUSED.
 *
 * The limit "items": how many addresses the list has; of more, a line in the
 * log says that they are left out. On a component the module does nothing.
 */

#ifndef XMPP_XEP_BLOCKING_H
#define XMPP_XEP_BLOCKING_H

#include <xmpp/result.h>
#include <xmpp/use.h>
#include <xmpp/xep/report.h>

XMPP_BEGIN

XMPP_API extern const xmpp_module_t xmpp_mod_blocking;

/* An address of the list; xmpp_blocking_covers() says whom it stands for. */
typedef struct _xmpp_blocked_t {
    size_t size;
    xmpp_jid_t jid;
    const xmpp_report_t *report; /* of what is sent only */
} xmpp_blocked_t;

/* A message or presence of ours that the server did not deliver, because its
 * addressee is blocked. */
typedef struct _xmpp_blocking_refusal_t {
    size_t size;
    xmpp_jid_t to;
    const char *id;  /* of the stanza, or NULL */
    int is_presence; /* else it was a message */
} xmpp_blocking_refusal_t;

XMPP_API extern const xmpp_payload_t xmpp_blocked;
XMPP_API extern const xmpp_payload_t xmpp_blocking_refusal;

/* The events. The value of ADDED and REMOVED is a xmpp_blocked_t. */
typedef enum {
    XMPP_BLOCKING_LOADED, /* the list is complete; no value */
    XMPP_BLOCKING_ADDED,
    XMPP_BLOCKING_REMOVED,
    XMPP_BLOCKING_REFUSED, /* the value is a xmpp_blocking_refusal_t */
    XMPP_BLOCKING_FAILED   /* it could not be loaded, for example because the
                            * server has none: the value is a xmpp_result_t,
                            * without a payload. xmpp_blocking_load() repeats
                            * it */
} xmpp_blocking_event_t;

/* ---- reading ----------------------------------------------------- */

/* 1 if the list of this session is complete. */
XMPP_API int xmpp_blocking_is_loaded(xmpp_conn_t *conn);
XMPP_API size_t xmpp_blocking_count(xmpp_conn_t *conn);

/* The item behind `item`, NULL: the first; NULL at the end. Borrowed until it
 * is removed. */
XMPP_API const xmpp_blocked_t *xmpp_blocking_next(xmpp_conn_t *conn,
                                                  const xmpp_blocked_t *item);

/* The item because of which `jid` is blocked, NULL if it is not. The time for
 * this does not grow with the list. Our own account is never blocked (section
 * 5). */
XMPP_API const xmpp_blocked_t *xmpp_blocking_find(xmpp_conn_t *conn,
                                                  const xmpp_jid_t *jid);

/* Does an item of this address block `jid`? An address with a resource blocks
 * only that; a bare one all of its resources; a domain everything at it
 * (section 8). */
XMPP_API int xmpp_blocking_covers(const xmpp_jid_t *item,
                                  const xmpp_jid_t *jid);

/* ---- changing ---------------------------------------------------- */

/* Block an address, and report it unless `report` is NULL; or end that, for
 * this item of the list; or for all. The list has changed when its event is
 * reported, which may be before or after the result. No value. XMPP_EINVOP if
 * the module is not in use; XMPP_EARG without an address, or for a report
 * without a reason; the codes of xmpp_request(). */
XMPP_API int xmpp_blocking_block(xmpp_conn_t *conn, const xmpp_jid_t *jid,
                                 const xmpp_report_t *report,
                                 xmpp_result_handler handler, void *userdata);
XMPP_API int xmpp_blocking_unblock(xmpp_conn_t *conn, const xmpp_jid_t *jid,
                                   xmpp_result_handler handler, void *userdata);
XMPP_API int xmpp_blocking_unblock_all(xmpp_conn_t *conn,
                                       xmpp_result_handler handler,
                                       void *userdata);

/* Request the list again. It ends with XMPP_BLOCKING_LOADED or _FAILED. 0; 1 if
 * that is under way already; XMPP_EINVOP; the codes of xmpp_request(). */
XMPP_API int xmpp_blocking_load(xmpp_conn_t *conn);

XMPP_END

#endif /* XMPP_XEP_BLOCKING_H */
