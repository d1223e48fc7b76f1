/* two.c - two connections in one context. */

#include "life.h"

static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct life *life = userdata;

    (void)conn;
    (void)stanza;
    life->count++;
    return 1;
}

int main(void)
{
    static const char *const script[] = {PEER_LOGIN, "S <message/><message/>",
                                         PEER_CLOSE, NULL};
    struct life a, b;

    life_make(&a);
    b = a;
    b.conn = xmpp_conn_new(a.ctx);
    xmpp_conn_set_jid(b.conn, "example.org");
    xmpp_conn_set_flags(b.conn, (long)XMPP_CONN_FLAG_DISABLE_TLS);
    xmpp_handler_add(a.conn, on_message, NULL, "message", NULL, &a);
    xmpp_handler_add(b.conn, on_message, NULL, "message", NULL, &b);
    life_connect(&a, script);
    life_until(&a, &a.ups, 1);
    life_connect(&b, script);
    life_until(&b, &b.ups, 1);
    life_until(&a, &a.count, 2);
    life_until(&a, &b.count, 2);
    xmpp_disconnect(a.conn);
    life_until(&a, &a.downs, 1);
    show_int("the other is still there", xmpp_conn_is_connected(b.conn));
    xmpp_disconnect(b.conn);
    life_until(&a, &b.downs, 1);
    life_peer(&a);
    life_peer(&b);
    show_int("released", xmpp_conn_release(b.conn));
    life_free(&a);
    show_held();
    return 0;
}
