/* pressure.h - how much we hold of what the server makes us send. */

#ifndef CONN_PRESSURE_H
#define CONN_PRESSURE_H

#include "conn/attempt.h"

/* While this much of it waits to be written, nothing is read: a server that
 * does not take our answers cannot make us pile them up. */
#define PRESSURE_UNSENT_MOST 1048576

/* This many times XMPP_OPT_MAX_OUTBOX may wait to be acknowledged. */
#define PRESSURE_HELD_MOST 8

/* Call these before and after an event is handled: what is sent in between was
 * caused by it. Too much of it ends the stream with XMPP_ELIMIT. The end of one
 * is the beginning of the next, which it leaves in `at`. */
struct pressure pressure_begin(const struct attempt *attempt);
void pressure_end(struct attempt *attempt, struct pressure *at);

/* This many bytes were written. */
void pressure_sent(struct attempt *attempt, size_t n);

/* Does so much wait that nothing may be read? */
bool pressure_is_high(const struct attempt *attempt);

#endif
