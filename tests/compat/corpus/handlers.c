/* handlers.c - who is called for which stanza, in what order, how long. */

#include "life.h"

static int stays(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    const char *id = xmpp_stanza_get_id(stanza);

    (void)conn;
    printf("%s: %s\n", (char *)userdata, id ? id : "(null)");
    return 1;
}

static int goes(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    stays(conn, stanza, userdata);
    return 0;
}

/* The same again under other names: a function is registered once for one
 * userdata. */
static int other(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    return stays(conn, stanza, userdata);
}

static int third(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    return stays(conn, stanza, userdata);
}

static int adds(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    stays(conn, stanza, userdata);
    xmpp_handler_add(conn, third, NULL, NULL, NULL, "added by a handler");
    return 0;
}

static int deletes_other(xmpp_conn_t *conn, xmpp_stanza_t *stanza,
                         void *userdata)
{
    stays(conn, stanza, userdata);
    xmpp_handler_delete(conn, other);
    return 0;
}

static int last(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct life *life = userdata;

    (void)conn;
    (void)stanza;
    printf("-- seen %d\n", ++life->count);
    return 1;
}

static void filters(struct life *life)
{
    xmpp_conn_t *conn = life->conn;

    xmpp_handler_add(conn, stays, NULL, "message", NULL, "message");
    xmpp_handler_add(conn, stays, NULL, "message", "chat", "message chat");
    xmpp_handler_add(conn, stays, NULL, NULL, "chat", "chat");
    xmpp_handler_add(conn, stays, "urn:x", NULL, NULL, "urn:x");
    xmpp_handler_add(conn, stays, "urn:x", "iq", NULL, "iq urn:x");
    xmpp_handler_add(conn, stays, "jabber:client", NULL, NULL, "client");
    xmpp_handler_add(conn, stays, NULL, NULL, NULL, "all");
    xmpp_handler_add(conn, stays, NULL, "iq", "set", "iq set");
    xmpp_id_handler_add(conn, stays, "5", "id 5");
    xmpp_id_handler_add(conn, other, "5", "id 5 again");
    xmpp_id_handler_add(conn, goes, "5", "id 5 once");
    xmpp_id_handler_add(conn, other, "6", "id 6");
    xmpp_handler_add(conn, goes, NULL, NULL, NULL, "once");
    xmpp_handler_add(conn, stays, NULL, "presence", NULL, "all");
}

static void changes(struct life *life)
{
    xmpp_conn_t *conn = life->conn;

    xmpp_handler_delete(conn, stays);
    xmpp_id_handler_delete(conn, stays, "5");
    xmpp_handler_add(conn, adds, NULL, NULL, NULL, "adds");
    xmpp_handler_add(conn, deletes_other, NULL, NULL, NULL, "deletes other");
    xmpp_handler_add(conn, other, NULL, NULL, NULL, "other");
    xmpp_handler_add(conn, other, NULL, NULL, NULL, "other, elsewhere");
}

int main(void)
{
    static const char *const script[] = {
        PEER_LOGIN,
        "C go/>",
        "S <message id='1' type='chat'><body>x</body></message>"
        "<message id='2'><x xmlns='urn:x'/></message>"
        "<message id='3'><y xmlns='urn:y'><x xmlns='urn:x'/></y></message>"
        "<iq id='4' type='set'><x xmlns='urn:x'/></iq>"
        "<presence id='5'/><iq id='5' type='result'/>"
        "<iq id='6' type='error' from='anybody@example.org'/>",
        "C go2/>",
        "S <message id='7' type='chat'/><message id='8'/><iq id='5'/>",
        PEER_CLOSE,
        NULL};
    struct life life;

    life_make(&life);
    filters(&life);
    life_connect(&life, script);
    life_until(&life, &life.ups, 1);
    xmpp_handler_add(life.conn, last, NULL, NULL, NULL, &life);
    xmpp_send_raw_string(life.conn, "<iq id='5' type='get'><a xmlns='urn:a'/>"
                                    "</iq><iq id='6' type='get' "
                                    "to='anybody@example.org'><a "
                                    "xmlns='urn:a'/></iq><go/>");
    life_until(&life, &life.count, 7);
    changes(&life);
    xmpp_send_raw_string(life.conn, "<go2/>");
    life_until(&life, &life.count, 10);
    xmpp_disconnect(life.conn);
    life_until(&life, &life.downs, 1);
    life_peer(&life);
    life_free(&life);
    show_held();
    return 0;
}
