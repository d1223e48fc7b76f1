/* sends.c - sending from anywhere: handlers, before and after, much at once. */

#include "life.h"

#define BIG 100000

static int echoes(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct life *life = userdata;
    xmpp_stanza_t *reply = xmpp_stanza_reply(stanza);
    char *body = xmpp_message_get_body(stanza);

    xmpp_message_set_body(reply, body);
    xmpp_send(conn, reply);
    xmpp_stanza_release(reply);
    printf("a body of %lu\n", (unsigned long)strlen(body));
    xmpp_free(life->ctx, body);
    life->count++;
    return 1;
}

/* A loop inside of a handler. */
static int loops(xmpp_conn_t *conn, xmpp_stanza_t *stanza, void *userdata)
{
    struct life *life = userdata;

    (void)conn;
    (void)stanza;
    xmpp_run_once(life->ctx, 1);
    xmpp_run_once(life->ctx, 1);
    printf("still here\n");
    return 0;
}

static int on_socket(xmpp_conn_t *conn, void *sock)
{
    printf("a socket: %d\n", *(int *)sock >= 0 && conn != NULL);
    return 0;
}

static void on_event(struct life *life, xmpp_conn_event_t event)
{
    xmpp_send_raw_string(life->conn, "<presence id='%d'/>", (int)event);
}

static void much(struct life *life)
{
    char *text = malloc(BIG + 1);
    xmpp_stanza_t *s;

    memset(text, 'x', BIG);
    text[BIG] = '\0';
    s = xmpp_message_new(life->ctx, NULL, NULL, "big");
    xmpp_message_set_body(s, text);
    xmpp_send(life->conn, s);
    xmpp_stanza_release(s);
    xmpp_send_raw_string(life->conn,
                         "<message id='raw'><body>%s</body></message>", text);
    free(text);
}

int main(void)
{
    static const char *const script[] = {
        PEER_LOGIN,
        "C id='0'/>",
        "S <message from='juliet@example.org'><body>one</body></message>"
        "<message from='juliet@example.org'><body>two</body></message>",
        "C <body>one</body>",
        "C <body>two</body>",
        "C xxx</body></message>",
        "C xxx</body></message>",
        "C </stream:error>",
        PEER_CLOSE,
        NULL};
    struct life life;

    life_make(&life);
    life.on_event = on_event;
    xmpp_conn_set_sockopt_callback(life.conn, on_socket);
    xmpp_send_raw_string(life.conn, "<too-early/>");
    xmpp_handler_add(life.conn, echoes, NULL, "message", NULL, &life);
    xmpp_handler_add(life.conn, loops, NULL, "message", NULL, &life);
    life_connect(&life, script);
    xmpp_send_raw_string(life.conn, "<still-too-early/>");
    life_until(&life, &life.count, 2);
    xmpp_conn_set_sockopt_callback(life.conn, on_socket);
    much(&life);
    xmpp_send_error(life.conn, XMPP_SE_CONFLICT, (char *)"words");
    show_int("still connected", xmpp_conn_is_connected(life.conn));
    xmpp_disconnect(life.conn);
    life_until(&life, &life.downs, 1);
    xmpp_send_raw_string(life.conn, "<too-late/>");
    show_int("waiting", xmpp_conn_send_queue_len(life.conn));
    life_peer(&life);
    life_free(&life);
    show_held();
    return 0;
}
