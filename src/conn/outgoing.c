/* outgoing.c - what modules add to stanzas before they leave. */

#include "conn/outgoing.h"

#include <xmpp/module.h>

#include "stanza/find.h"

/* The kind of row that may add to it; XMPP_ROW_END: none. An error goes back as
 * it came. */
static unsigned adders_kind(const xmpp_stanza_t *stanza)
{
    if (str_is(node_attr(stanza, N_TYPE), "error"))
        return XMPP_ROW_END;
    if (node_is(stanza, N_PRESENCE, NAME_NONE))
        return XMPP_ROW_OUT_PRESENCE;
    return node_is(stanza, N_MESSAGE, NAME_NONE) ? XMPP_ROW_OUT_MESSAGE
                                                 : XMPP_ROW_END;
}

/* Presence to all is kept as it came: a module that has something else to add
 * by now sends it again, and then every row adds once. Without memory there is
 * none to be sent again. */
static void keep_broadcast(xmpp_conn_t *conn, const xmpp_stanza_t *presence)
{
    struct str type = node_attr(presence, N_TYPE);

    if (node_attr(presence, N_TO).s || (type.s && !str_is(type, "unavailable")))
        return;
    outgoing_forget(conn);
    if (!type.s)
        conn->presence = xmpp_stanza_copy(presence);
}

void outgoing_forget(xmpp_conn_t *conn)
{
    xmpp_stanza_release(conn->presence);
    conn->presence = NULL;
}

xmpp_stanza_t *xmpp_conn_get_presence(const xmpp_conn_t *conn)
{
    return conn ? conn->presence : NULL;
}

static bool is_ours_alone(const xmpp_stanza_t *stanza)
{
    return node_tree(stanza)->holds == 1;
}

static int call_adders(xmpp_conn_t *conn, unsigned kind, xmpp_stanza_t *stanza)
{
    struct members *members = &conn->dispatch.members;
    struct module_set *set = members->set;
    unsigned long turn = members->turn;

    set_hold(set);
    for (const struct set_row *r = set_begin(set, kind);
         r != set_end(set, kind) && members->turn == turn; r++)
        r->row->adder(conn, stanza, members->list[r->place]->state);
    set_release(set);
    return members->turn == turn ? xmpp_stanza_get_status(stanza)
                                 : XMPP_ENOTCONN;
}

int outgoing_add(xmpp_conn_t *conn, xmpp_stanza_t *stanza, bool is_taken,
                 xmpp_stanza_t **ret)
{
    const struct members *members = &conn->dispatch.members;
    unsigned kind = members->is_up ? adders_kind(stanza) : XMPP_ROW_END;

    *ret = stanza;
    if (!set_has(members->set, kind))
        return 0;
    if (kind == XMPP_ROW_OUT_PRESENCE)
        keep_broadcast(conn, stanza);
    if (!is_taken || !is_ours_alone(stanza))
        *ret = xmpp_stanza_copy(stanza);
    return *ret ? call_adders(conn, kind, *ret) : XMPP_EMEM;
}
