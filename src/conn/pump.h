/* pump.h - moving bytes between a pipe and a stream. */

#ifndef CONN_PUMP_H
#define CONN_PUMP_H

#include "conn/conn.h"

/* A socket is connected: build the pipe and begin. The caller holds the
 * connection; the descriptor is the pump's. */
void pump_start(xmpp_conn_t *conn, int fd);

/* Something changed from outside: have the pump look at it in the next turn
 * (unless it is at work already and will look anyway). */
void pump_kick(xmpp_conn_t *conn);

/* Set up what the connection is called by. */
void pump_init(xmpp_conn_t *conn);

#endif
