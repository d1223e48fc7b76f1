/* inbound.c - what a module hands on to other modules. */

#include <xmpp/module.h>

#include "conn/conn.h"
#include "dispatch/pass.h"
#include "stanza/find.h"

void xmpp_inbound_unwrap(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                         xmpp_stanza_t *inner, xmpp_via_t via)
{
    if (!conn || !in || !in->passing || !inner)
        return;
    conn_hold(conn);
    pass_unwrapped(in, inner, via);
    conn_unhold(conn);
}

/* What nobody takes is answered as if it had just come. */
int xmpp_inbound_again(xmpp_conn_t *conn, xmpp_stanza_t *iq)
{
    int rc;

    if (!conn || !iq)
        return XMPP_EARG;
    if (!node_is_question(iq))
        return env_refuse(&conn->ctx->env, XMPP_EARG,
                          "only an iq request can come again, such as one that "
                          "a row has left for later");
    conn_hold(conn);
    rc = pass_stanza(&(struct pass_place){&conn->dispatch.members,
                                          &conn->dispatch.requests, conn,
                                          str_of(conn->bound)},
                     iq);
    if (rc == PASS_TAKEN)
        rc = 0;
    else
        rc = xmpp_send_take(
            conn,
            xmpp_iq_error(conn, iq, rc ? rc : XMPP_ENOSERVICE, NULL, NULL));
    conn_unhold(conn);
    return rc;
}

int xmpp_inbound_item(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                      const char *node, const char *item,
                      xmpp_stanza_t *element, xmpp_item_event_t event)
{
    xmpp_inbound_t event_in;
    int count;

    if (!conn || !in || !in->passing || !node)
        return 0;
    event_in = *in;
    event_in.element = element;
    event_in.value = NULL;
    event_in.node = node;
    event_in.item = item;
    event_in.item_event = event;
    conn_hold(conn);
    count = pass_item(in, &event_in);
    conn_unhold(conn);
    return count;
}
