/* queue.c - what waits to be sent, counted and taken back. */

#include "life.h"

static void say(struct life *life, const char *id)
{
    xmpp_stanza_t *s = xmpp_message_new(life->ctx, NULL, NULL, id);

    xmpp_send(life->conn, s);
    xmpp_stanza_release(s);
    show_int("waiting", xmpp_conn_send_queue_len(life->conn));
}

static void drop(struct life *life, xmpp_queue_element_t which)
{
    char *text = xmpp_conn_send_queue_drop_element(life->conn, which);

    show_xml("taken back", text);
    if (text)
        xmpp_free(life->ctx, text);
    show_int("waiting", xmpp_conn_send_queue_len(life->conn));
}

int main(void)
{
    static const char *const script[] = {PEER_LOGIN, "C end/>", PEER_CLOSE,
                                         NULL};
    struct life life;

    life_make(&life);
    show_int("at first", xmpp_conn_send_queue_len(life.conn));
    drop(&life, XMPP_QUEUE_OLDEST);
    say(&life, "too early");
    life_connect(&life, script);
    life_until(&life, &life.ups, 1);
    life_pass(&life, 20);
    show_int("when connected", xmpp_conn_send_queue_len(life.conn));
    drop(&life, XMPP_QUEUE_YOUNGEST);
    life.logs = 1;
    say(&life, "1");
    say(&life, "2");
    say(&life, "3");
    say(&life, "4");
    drop(&life, XMPP_QUEUE_OLDEST);
    drop(&life, XMPP_QUEUE_YOUNGEST);
    drop(&life, (xmpp_queue_element_t)7);
    xmpp_send_raw_string(life.conn, "<end/>");
    show_int("waiting", xmpp_conn_send_queue_len(life.conn));
    life_pass(&life, 20);
    show_int("written", xmpp_conn_send_queue_len(life.conn));
    life.logs = 0;
    xmpp_disconnect(life.conn);
    life_until(&life, &life.downs, 1);
    life_peer(&life);
    life_free(&life);
    show_held();
    return 0;
}
