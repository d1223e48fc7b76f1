/* module.c - the fifth step: a program that uses a module of its own. Without
 * an argument it is a door; with an address it rings there and looks. */

#include <stdio.h>

#include <xmpp/xep/presence.h>

#include "door.h"
#include "session.h"

static const char *other;

static void on_door(xmpp_conn_t *conn, const xmpp_event_t *event,
                    void *userdata)
{
    const door_t *door = event->value;

    (void)conn;
    (void)userdata;
    if (event->what == DOOR_RANG)
        printf("visitor number %ld\n", door->visitors);
    fflush(stdout);
}

static void on_look(xmpp_conn_t *conn, const xmpp_result_t *result,
                    void *userdata)
{
    const door_t *door = result->value;
    char why[400];

    (void)userdata;
    xmpp_result_format(result, why, sizeof(why));
    if (result->status == 0)
        printf("the door is %s\n", door->open ? "open" : "closed");
    else
        fprintf(stderr, "%s: %s\n", other, why);
    session_finish(conn, result->status == 0 ? 0 : 1);
}

static void on_ready(xmpp_conn_t *conn)
{
    printf("ready as %s\n", xmpp_conn_get_bound_jid(conn));
    fflush(stdout);
    if (other && (door_ring(conn, other, NULL, NULL) != 0 ||
                  door_look(conn, other, on_look, NULL) != 0))
        session_finish(conn, 1);
}

int main(int argc, char **argv)
{
    xmpp_conn_t *conn = session_new();
    int code;

    other = argc > 1 ? argv[1] : NULL;
    xmpp_conn_use(conn, &xmpp_mod_presence);
    xmpp_conn_use(conn, &door_module);
    xmpp_conn_watch(conn, &door_module, on_door, NULL);
    code = session_run(conn, on_ready);
    session_free(conn);
    return code;
}
