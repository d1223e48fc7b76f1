/* events.h - what a stream tells, to whom it concerns. */

#ifndef CONN_EVENTS_H
#define CONN_EVENTS_H

#include "conn/conn.h"

/* Deliver all events; false when the attempt ended meanwhile. */
bool events_deliver(xmpp_conn_t *conn, unsigned attempt);

#endif
