/* again.c - handlers outlive their connection and serve the next one. */

#include "life.h"

static int on_message(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct life *life = userdata;

    (void)conn;
    show_str("message", xmpp_stanza_get_id(stanza));
    life->count++;
    return 1;
}

static void on_event(struct life *life, xmpp_conn_event_t event)
{
    if (event == XMPP_CONN_DISCONNECT && life->downs == 1)
        show_int("connect in DISCONNECT", life_connect_again(life));
}

static int never(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    (void)conn;
    (void)stanza;
    (void)userdata;
    printf("called although deleted\n");
    return 1;
}

int main(void)
{
    static const char *const script[] = {PEER_LOGIN,
                                         "S <message id='1'/>",
                                         "C </stream:stream>",
                                         "S </stream:stream>",
                                         "eof",
                                         "accept",
                                         PEER_LOGIN,
                                         "S <message id='2'/>",
                                         PEER_CLOSE,
                                         NULL};
    struct life life;

    life_make(&life);
    life.on_event = on_event;
    xmpp_handler_add(life.conn, on_message, NULL, "message", NULL, &life);
    xmpp_handler_add(life.conn, never, NULL, "message", NULL, &life);
    xmpp_handler_delete(life.conn, never);
    xmpp_id_handler_add(life.conn, never, "2", &life);
    xmpp_id_handler_delete(life.conn, never, "2");
    life_connect(&life, script);
    life_until(&life, &life.count, 1);
    xmpp_disconnect(life.conn);
    life_until(&life, &life.count, 2);
    xmpp_disconnect(life.conn);
    life_until(&life, &life.downs, 2);
    life_peer(&life);
    life_free(&life);
    show_held();
    return 0;
}
