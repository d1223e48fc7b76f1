/* failure.h - why the last attempt ended, for who asks. */

#ifndef CONN_FAILURE_H
#define CONN_FAILURE_H

#include "conn/attempt.h"

/* attempt->fault is why the attempt ended, or is about to. */
void failure_keep(struct attempt *attempt);

/* A connect call failed, so that no event will report it: the log does. While
 * an earlier attempt has its end yet to be delivered, that failure is kept.
 * Returns its code. */
int failure_refuse(xmpp_conn_t *conn, const struct fault *fault);

#endif
