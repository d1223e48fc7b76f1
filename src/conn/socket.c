/* socket.c - what an application may do to our sockets. */

#include "conn/conn.h"
#include "net/sock.h"

#define KEEPALIVE_IDLE 60 /* seconds */
#define KEEPALIVE_INTERVAL 30
#define KEEPALIVE_COUNT 3

void xmpp_conn_set_sockopt_callback(xmpp_conn_t *conn,
                                    xmpp_sockopt_callback callback)
{
    if (!conn)
        return;
    conn->sockopt = callback;
    if (callback && conn->state == CONN_TALKING)
        callback(conn, &conn->watch.fd);
}

int xmpp_sockopt_cb_keepalive(xmpp_conn_t *conn, void *sock)
{
    (void)conn;
    if (!sock)
        return XMPP_EINVOP;
    return sock_set_keepalive(*(int *)sock, KEEPALIVE_IDLE, KEEPALIVE_INTERVAL,
                              KEEPALIVE_COUNT);
}
