/* failure.h - why the last attempt ended. */

#ifndef CONN_FAILURE_H
#define CONN_FAILURE_H

#include "conn/attempt.h"

/* Keep attempt->fault for xmpp_conn_get_failure(): the attempt ends. */
void failure_keep(struct attempt *attempt);

/* A connect call, or an attempt that the connection makes by itself: what
 * xmpp_conn_get_failure() gave is not valid any more. */
void failure_forget(xmpp_conn_t *conn);

/* It is not why the connection ended, or the same attempt goes on elsewhere.
 * Who has it may go on reading it. */
void failure_hide(xmpp_conn_t *conn);

/* A connect call failed. No event will report that, so it goes to the log. The
 * failure of an earlier attempt stays as long as its end is being delivered.
 * Returns the fault's code. */
int failure_refuse(xmpp_conn_t *conn, const struct fault *fault);

#endif
