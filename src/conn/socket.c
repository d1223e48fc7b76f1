/* socket.c - what an application may do to our sockets. */

#include "conn/attempt.h"
#include "net/sock.h"

#define KEEPALIVE_IDLE 60 /* seconds */
#define KEEPALIVE_INTERVAL 30
#define KEEPALIVE_COUNT 3

void xmpp_conn_set_sockopt_callback(xmpp_conn_t *conn,
                                    xmpp_sockopt_callback callback)
{
    struct attempt *attempt = conn ? conn_talking(conn) : NULL;

    if (!conn)
        return;
    conn->sockopt = callback;
    if (callback && attempt)
        callback(conn, &attempt->watch.fd);
}

int xmpp_sockopt_cb_keepalive(xmpp_conn_t *conn, void *sock)
{
    (void)conn;
    if (!sock)
        return XMPP_EINVOP;
    return sock_set_keepalive(*(int *)sock, KEEPALIVE_IDLE, KEEPALIVE_INTERVAL,
                              KEEPALIVE_COUNT);
}
