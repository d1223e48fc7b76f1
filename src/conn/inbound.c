/* inbound.c - what a module hands on to other modules. */

#include <xmpp/module.h>

#include "conn/conn.h"
#include "dispatch/pass.h"

void xmpp_inbound_unwrap(xmpp_conn_t *conn, const xmpp_inbound_t *in,
                         xmpp_stanza_t *inner, xmpp_via_t via)
{
    if (!conn || !in || !in->passing || !inner)
        return;
    conn_hold(conn);
    pass_unwrapped(in, inner, via);
    conn_unhold(conn);
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
