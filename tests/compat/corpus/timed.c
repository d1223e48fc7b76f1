/* timed.c - functions that are called as time passes. */

#include "life.h"

static int counts(xmpp_conn_t *conn, void *userdata)
{
    (void)conn;
    return ++*(int *)userdata < 3;
}

static int forever(xmpp_conn_t *conn, void *userdata)
{
    (void)conn;
    ++*(int *)userdata;
    return 1;
}

static int global(xmpp_ctx_t *ctx, void *userdata)
{
    (void)ctx;
    return ++*(int *)userdata < 2;
}

static int says(xmpp_conn_t *conn, void *userdata)
{
    (void)conn;
    printf("%s\n", (char *)userdata);
    return 0;
}

static int deletes(xmpp_conn_t *conn, void *userdata)
{
    (void)userdata;
    printf("deletes the other\n");
    xmpp_timed_handler_delete(conn, forever);
    return 0;
}

int main(void)
{
    static const char *const script[] = {PEER_LOGIN, PEER_CLOSE, NULL};
    int n = 0, endless = 0, many = 0, g = 0, deleted = 0;
    struct life life;

    life_make(&life);
    xmpp_timed_handler_add(life.conn, counts, 5, &n);
    life_pass(&life, 50);
    show_int("before the connection", n);
    xmpp_global_timed_handler_add(life.ctx, global, 5, &g);
    life_until(&life, &g, 2);
    show_int("global ones without one", g);
    life_connect(&life, script);
    life_until(&life, &life.ups, 1);
    life_until(&life, &n, 3);
    life_pass(&life, 50);
    show_int("until it says no", n);
    xmpp_timed_handler_add(life.conn, forever, 5, &endless);
    xmpp_timed_handler_add(life.conn, forever, 1, &endless);
    life_until(&life, &endless, 5);
    xmpp_timed_handler_delete(life.conn, forever);
    endless = 0;
    life_pass(&life, 30);
    show_int("after its deletion", endless);
    xmpp_timed_handler_add(life.conn, says, 40, "the long one");
    xmpp_timed_handler_add(life.conn, says, 10, "the short one");
    life_pass(&life, 100);
    xmpp_timed_handler_add(life.conn, forever, 30, &deleted);
    xmpp_timed_handler_add(life.conn, deletes, 1, NULL);
    life_pass(&life, 60);
    show_int("deleted by another", deleted);
    xmpp_timed_handler_add(life.conn, forever, 5, &many);
    xmpp_global_timed_handler_add(life.ctx, global, 1, &g);
    xmpp_global_timed_handler_delete(life.ctx, global);
    xmpp_disconnect(life.conn);
    life_until(&life, &life.downs, 1);
    many = 0;
    life_pass(&life, 30);
    show_int("after the connection", many);
    show_int("a deleted global one", g);
    xmpp_timed_handler_delete(life.conn, forever);
    life_peer(&life);
    life_free(&life);
    show_held();
    return 0;
}
