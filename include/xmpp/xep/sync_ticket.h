/* sync_ticket.h - messages of sync.h on their way: what the connection reports
 * of them reaches who sent them, if it is still there. */

#ifndef XMPP_XEP_SYNC_TICKET_H
#define XMPP_XEP_SYNC_TICKET_H

#include <xmpp/conn.h>
#include <xmpp/result.h>
#include <xmpp/xep/sync_mark.h>

XMPP_BEGIN

/* ---- for modules ------------------------------------------------- */

typedef struct _xmpp_sync_ticket_t xmpp_sync_ticket_t;

/* The messages of one sender, which sets the first four; the others begin as
 * NULL. `take` gets the status of xmpp_send_tracked(). `tick` comes after
 * xmpp_sync_tickets_wait(), and returns whether it is to come again; `is_up`:
 * there is a connection. */
typedef struct _xmpp_sync_tickets_t {
    xmpp_conn_t *conn;
    void (*take)(void *to, const char *own, int status);
    int (*tick)(void *to, int is_up);
    void *to;
    xmpp_sync_ticket_t *first;
    xmpp_pending_t *wait;
} xmpp_sync_tickets_t;

/* Send a message, which is taken, with this origin-id. 0; XMPP_EMEM; the codes
 * of xmpp_send_tracked(). */
XMPP_API int xmpp_sync_tickets_send(xmpp_sync_tickets_t *tickets,
                                    xmpp_stanza_t *message, const char *own);

/* Call `tick` after XMPP_OPT_REQUEST_TIMEOUT, if that is not to come anyway. */
XMPP_API void xmpp_sync_tickets_wait(xmpp_sync_tickets_t *tickets);

/* From now on nothing is reported of what was sent. */
XMPP_API void xmpp_sync_tickets_clear(xmpp_sync_tickets_t *tickets);

XMPP_END

#endif /* XMPP_XEP_SYNC_TICKET_H */
