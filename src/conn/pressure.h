/* pressure.h - what the server makes us say: how much of it we hold. */

#ifndef CONN_PRESSURE_H
#define CONN_PRESSURE_H

#include "conn/attempt.h"

/* While so much of it waits to be written nothing is read: a server that does
 * not take our answers cannot make us pile them up. */
#define PRESSURE_UNSENT_MOST 1048576

/* So many times XMPP_OPT_MAX_OUTBOX of it may wait to be acknowledged. */
#define PRESSURE_HELD_MOST 8

/* Before and after something that came is handled: what is said meanwhile is
 * caused by it. The stream ends with XMPP_ELIMIT where that is too much. */
struct pressure pressure_begin(const struct attempt *attempt);
void pressure_end(struct attempt *attempt, struct pressure before);

/* So many bytes left. */
void pressure_sent(struct attempt *attempt, size_t n);

/* Does so much wait that nothing more may be read? */
bool pressure_is_high(const struct attempt *attempt);

#endif
