/* sync_ticket.c - what the connection has of messages on their way. */

#include <xmpp/xep/sync_ticket.h>

#include <stdio.h>

#include <xmpp/ctx.h>
#include <xmpp/error.h>
#include <xmpp/module.h>
#include <xmpp/option.h>

/* It may outlive the one who sent it. Linked both ways, since any may be the
 * next that is known of. */
struct _xmpp_sync_ticket_t {
    xmpp_sync_ticket_t *next, *previous;
    xmpp_sync_tickets_t *all; /* NULL: the sender is gone */
    xmpp_ctx_t *ctx;
    char own[XMPP_SYNC_MARK_SIZE];
};

static xmpp_sync_ticket_t *ticket_new(xmpp_sync_tickets_t *all, const char *own)
{
    xmpp_ctx_t *ctx = xmpp_conn_get_context(all->conn);
    xmpp_sync_ticket_t *ticket = xmpp_zalloc(ctx, sizeof(*ticket));

    if (!ticket)
        return NULL;
    ticket->all = all;
    ticket->ctx = ctx;
    snprintf(ticket->own, sizeof(ticket->own), "%s", own);
    ticket->next = all->first;
    if (ticket->next)
        ticket->next->previous = ticket;
    all->first = ticket;
    return ticket;
}

static void unlink_ticket(xmpp_sync_ticket_t *ticket)
{
    if (!ticket->all)
        return;
    if (ticket->next)
        ticket->next->previous = ticket->previous;
    if (ticket->previous)
        ticket->previous->next = ticket->next;
    else
        ticket->all->first = ticket->next;
    ticket->all = NULL;
}

static void ticket_free(xmpp_sync_ticket_t *ticket)
{
    unlink_ticket(ticket);
    xmpp_free(ticket->ctx, ticket);
}

static void on_ticket(xmpp_conn_t *conn, int status, const char *text,
                      size_t length, void *userdata)
{
    xmpp_sync_ticket_t *ticket = userdata;

    (void)conn;
    (void)text;
    (void)length;
    if (ticket->all)
        ticket->all->take(ticket->all->to, ticket->own, status);
    ticket_free(ticket);
}

int xmpp_sync_tickets_send(xmpp_sync_tickets_t *tickets, xmpp_stanza_t *message,
                           const char *own)
{
    xmpp_sync_ticket_t *ticket =
        tickets && message && own ? ticket_new(tickets, own) : NULL;
    int rc;

    if (!ticket) {
        if (message)
            xmpp_stanza_release(message);
        return XMPP_EMEM;
    }
    rc = xmpp_send_tracked(tickets->conn, message, on_ticket, ticket);
    if (rc)
        ticket_free(ticket);
    return rc;
}

static void forget_tickets_wait(void *tickets)
{
    ((xmpp_sync_tickets_t *)tickets)->wait = NULL;
}

static void on_tickets_wait(xmpp_conn_t *conn, const xmpp_result_t *result,
                            void *userdata)
{
    xmpp_sync_tickets_t *tickets = userdata;

    if (result->status == XMPP_ETIMEOUT &&
        tickets->tick(tickets->to, xmpp_conn_is_connected(conn)))
        xmpp_sync_tickets_wait(tickets);
}

void xmpp_sync_tickets_wait(xmpp_sync_tickets_t *tickets)
{
    if (!tickets || tickets->wait)
        return;
    tickets->wait =
        xmpp_pending_new(tickets->conn,
                         (unsigned long)xmpp_conn_get_option(
                             tickets->conn, XMPP_OPT_REQUEST_TIMEOUT),
                         on_tickets_wait, tickets);
    xmpp_pending_on_end(tickets->wait, forget_tickets_wait, tickets);
}

void xmpp_sync_tickets_clear(xmpp_sync_tickets_t *tickets)
{
    if (tickets && tickets->conn)
        xmpp_result_cancel(tickets->conn, on_tickets_wait, tickets);
    while (tickets && tickets->first)
        unlink_ticket(tickets->first);
}
