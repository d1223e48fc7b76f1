/* raw.c - driving a stream by hand. */

#include "life.h"

static int on_any(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct life *life = userdata;

    (void)conn;
    show_str("handler", xmpp_stanza_get_name(stanza));
    show_str("in", xmpp_stanza_get_ns(stanza));
    life->count++;
    return 1;
}

int main(void)
{
    static const char *const script[] = {"C <stream:stream",
                                         "C >",
                                         "S " PEER_HEADER PEER_SASL,
                                         "C <mine/>",
                                         "S <iq type='result' id='1'/>",
                                         "C to=\"other.org\"",
                                         "C >",
                                         "S " PEER_HEADER PEER_BIND,
                                         PEER_CLOSE,
                                         NULL};
    char *attributes[] = {"xmlns",        "jabber:client",
                          "xmlns:stream", "http://etherx.jabber.org/streams",
                          "version",      "1.0",
                          "to",           "other.org"};
    struct life life;

    life_make(&life);
    show_int("open too early", xmpp_conn_open_stream_default(life.conn));
    show_int("tls too early", xmpp_conn_tls_start(life.conn));
    xmpp_handler_add(life.conn, on_any, NULL, NULL, NULL, &life);
    life.logs = 1;
    life_connect_raw(&life, script);
    life_until(&life, &life.raw_ups, 1);
    printf("connected %d\n", xmpp_conn_is_disconnected(life.conn));
    show_int("open", xmpp_conn_open_stream_default(life.conn));
    life_until(&life, &life.count, 1);
    show_int("ups", life.ups);
    xmpp_send_raw_string(life.conn, "<mine/>");
    life_until(&life, &life.count, 2);
    show_int("open again", xmpp_conn_open_stream(life.conn, attributes, 8));
    life_until(&life, &life.count, 3);
    show_int("ups", life.ups);
    xmpp_disconnect(life.conn);
    life_until(&life, &life.downs, 1);
    life.logs = 0;
    life_peer(&life);
    life_free(&life);
    show_held();
    return 0;
}
