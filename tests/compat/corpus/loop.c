/* loop.c - running and stopping. */

#include "life.h"

static int stops(xmpp_ctx_t *ctx, void *userdata)
{
    ++*(int *)userdata;
    xmpp_run(ctx); /* returns at once: it runs already */
    xmpp_stop(ctx);
    return 1;
}

static void on_event(struct life *life, xmpp_conn_event_t event)
{
    if (event == XMPP_CONN_CONNECT)
        xmpp_disconnect(life->conn);
    else
        xmpp_stop(life->ctx);
}

int main(void)
{
    static const char *const script[] = {PEER_LOGIN, PEER_CLOSE, NULL};
    struct life life;
    int n = 0;

    life_make(&life);
    xmpp_ctx_set_timeout(life.ctx, 5);
    xmpp_global_timed_handler_add(life.ctx, stops, 5, &n);
    xmpp_run(life.ctx);
    show_int("called", n);
    xmpp_run(life.ctx);
    show_int("called again", n);
    xmpp_global_timed_handler_delete(life.ctx, stops);
    life.on_event = on_event;
    life_connect(&life, script);
    xmpp_run(life.ctx);
    show_int("ups", life.ups);
    show_int("downs", life.downs);
    life_peer(&life);
    life_free(&life);
    show_held();
    return 0;
}
