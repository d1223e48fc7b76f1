/* login.c - one whole life: events, states, the lines of the log. */

#include "life.h"

static void states(const char *when, xmpp_conn_t *conn)
{
    printf("%s: connecting %d, connected %d, disconnected %d, secured %d\n",
           when, xmpp_conn_is_connecting(conn), xmpp_conn_is_connected(conn),
           xmpp_conn_is_disconnected(conn), xmpp_conn_is_secured(conn));
    show_str("bound", xmpp_conn_get_bound_jid(conn));
}

static void on_event(struct life *life, xmpp_conn_event_t event)
{
    states(event == XMPP_CONN_CONNECT ? "in CONNECT" : "in DISCONNECT",
           life->conn);
}

static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct life *life = userdata;

    (void)conn;
    show_stanza("handler", stanza);
    show_str("its name", xmpp_stanza_get_name(stanza));
    show_str("its namespace", xmpp_stanza_get_ns(stanza));
    show_owned(life->ctx, "its body", xmpp_message_get_body(stanza));
    life->count++;
    return 1;
}

static void say(struct life *life)
{
    xmpp_stanza_t *s = xmpp_presence_new(life->ctx);

    xmpp_send(life->conn, s);
    xmpp_stanza_release(s);
    s = xmpp_message_new(life->ctx, "chat", "juliet@example.org", "m1");
    xmpp_message_set_body(s, "a < b & c");
    xmpp_send(life->conn, s);
    show_int("a sent stanza is still ours", xmpp_stanza_release(s));
    xmpp_send_raw_string(life->conn, "<message id='%d' to='%s'/>", 2,
                         "juliet@example.org");
    xmpp_send_raw(life->conn, "<message id='3'/>", 17);
}

int main(void)
{
    static const char *const script[] = {
        PEER_LOGIN, "C id='3'/>",
        "S <message from='juliet@example.org/balcony' type='chat' "
        "to='guest@example.org/r'><body>Art &amp; thou &lt;not></body>"
        "<x xmlns='urn:x'/></message>",
        PEER_CLOSE, NULL};
    struct life life;

    life_make(&life);
    states("new", life.conn);
    show_str("jid", xmpp_conn_get_jid(life.conn));
    life.logs = 1;
    life.on_event = on_event;
    xmpp_handler_add(life.conn, on_message, NULL, "message", NULL, &life);
    life_connect(&life, script);
    show_int("a second time", life_connect_again(&life));
    show_int("flags while connecting", xmpp_conn_set_flags(life.conn, 0));
    life_until(&life, &life.ups, 1);
    say(&life);
    life_until(&life, &life.count, 1);
    xmpp_disconnect(life.conn);
    life_until(&life, &life.downs, 1);
    life.logs = 0;
    states("at last", life.conn);
    xmpp_disconnect(life.conn);
    life_peer(&life);
    life_free(&life);
    show_held();
    return 0;
}
