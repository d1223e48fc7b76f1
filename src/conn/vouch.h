/* vouch.h - who vouches for a server's certificate besides the authorities: the
 * DNS (DANE). */

#ifndef CONN_VOUCH_H
#define CONN_VOUCH_H

#include "conn/attempt.h"

/* Connected to this host: ask the DNS about it, if that is wanted. If it cannot
 * be asked at all the fault is told, and TLS will not begin. */
void vouch_begin(struct attempt *attempt, const char *host, unsigned port);

/* The attempt is over. */
void vouch_end(struct attempt *attempt);

#endif
