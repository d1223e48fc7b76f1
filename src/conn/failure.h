/* failure.h - why the last attempt ended. */

#ifndef CONN_FAILURE_H
#define CONN_FAILURE_H

#include "conn/attempt.h"

/* Keep attempt->fault for xmpp_conn_get_failure(): the attempt ends. */
void failure_keep(struct attempt *attempt);

/* Another attempt begins, or what failed is no longer of interest. */
void failure_forget(xmpp_conn_t *conn);

/* A connect call failed. No event will report that, so it goes to the log. The
 * failure of an earlier attempt stays as long as its end is being delivered.
 * Returns the fault's code. */
int failure_refuse(xmpp_conn_t *conn, const struct fault *fault);

#endif
