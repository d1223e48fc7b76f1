/* keeper.c - a client that connects again whenever it is not connected. */

#include "live/keeper.h"

#include <stdlib.h>

#include "tap.h"

static void on_kept(xmpp_conn_t *conn, xmpp_conn_event_t event, int error,
                    xmpp_stream_error_t *stream_error, void *userdata)
{
    struct keeper *keeper = userdata;

    (void)error;
    (void)stream_error;
    keeper->is_up = event == XMPP_CONN_CONNECT;
    keeper->downs += event == XMPP_CONN_DISCONNECT;
    if (!keeper->is_up)
        return;
    if (xmpp_conn_is_resumed(conn)) {
        keeper->resumed++;
        return;
    }
    keeper->sessions++;
    if (keeper->on_session)
        keeper->on_session(conn, keeper->userdata);
}

void keeper_turn(struct keeper *keeper)
{
    if (!xmpp_conn_is_disconnected(keeper->conn))
        return;
    if (keeper->seed && rand_r(keeper->seed) % 6 == 0)
        xmpp_free_sm_state(xmpp_conn_get_sm_state(keeper->conn));
    if (xmpp_connect_client(keeper->conn, "127.0.0.1", keeper->port, on_kept,
                            keeper))
        bail("cannot connect");
}
