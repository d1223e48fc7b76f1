/* events.h - the stream's events, delivered to the application. */

#ifndef CONN_EVENTS_H
#define CONN_EVENTS_H

#include "conn/attempt.h"

/* Deliver all events of the stream. The attempt may be over afterwards. */
void events_deliver(struct attempt *attempt);

/* The connection is up, or in raw mode its transport: report it. The
 * attempt may be over afterwards. */
void events_up(struct attempt *attempt, xmpp_conn_event_t event);

#endif
