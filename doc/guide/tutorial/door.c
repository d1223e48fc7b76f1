/* door.c - a module of our own: is a door open? */

#include "door.h"

#include <stddef.h>

#include <xmpp/xmpp.h>

/* How the struct and its XML belong together. */
static const xmpp_field_t fields[] = {
    XMPP_ATTR_MUST(door_t, open, BOOL, "open"),
    XMPP_ATTR(door_t, visitors, NUMBER, "visitors"),
};
XMPP_PAYLOAD(door_payload, door_t, "door", NS_DOOR, fields);

/* What the module remembers on each connection; at first it is zeros. */
struct door_state {
    long visitors;
};

static void fill_door(door_t *door, const struct door_state *state)
{
    XMPP_INIT(door_payload, *door);
    door->open = state->visitors > 0;
    door->visitors = state->visitors;
}

static int on_look(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    xmpp_stanza_t *answer = xmpp_iq_result(conn, in->stanza);
    door_t door;
    int code;

    fill_door(&door, state);
    xmpp_payload_add(answer, &door_payload, &door);
    code = xmpp_send_take(conn, answer);
    return code ? code : 1; /* 1: answered */
}

static int on_ring(xmpp_conn_t *conn, const xmpp_inbound_t *in, void *state)
{
    struct door_state *s = state;
    door_t door;
    int code = xmpp_send_take(conn, xmpp_iq_result(conn, in->stanza));

    s->visitors++;
    fill_door(&door, s);
    xmpp_conn_emit(conn, &door_module, DOOR_RANG, &door, NULL);
    return code ? code : 1;
}

/* What the module listens for, and what it declares. */
static const xmpp_row_t rows[] = {
    XMPP_IQ_GET(XMPP_SENDER_ANYONE, NS_DOOR, "door", NULL, on_look),
    XMPP_IQ_SET(XMPP_SENDER_ANYONE, NS_DOOR, "ring", NULL, on_ring),
    XMPP_FEATURE(NS_DOOR),
    XMPP_EVENT(DOOR_RANG, "rang", &door_payload),
    XMPP_ROWS_END,
};
XMPP_MODULE(door_module, "door", sizeof(struct door_state), rows);

int door_look(xmpp_conn_t *conn, const char *to, xmpp_result_handler handler,
              void *userdata)
{
    xmpp_stanza_t *iq = xmpp_iq_to(conn, "get", to);

    xmpp_stanza_add_tag(iq, "door", NS_DOOR);
    return xmpp_request(conn, iq, &door_payload, handler, userdata);
}

int door_ring(xmpp_conn_t *conn, const char *to, xmpp_result_handler handler,
              void *userdata)
{
    xmpp_stanza_t *iq = xmpp_iq_to(conn, "set", to);

    xmpp_stanza_add_tag(iq, "ring", NS_DOOR);
    return xmpp_request(conn, iq, NULL, handler, userdata);
}
