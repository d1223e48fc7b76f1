/* ending.h - how actions end that are not answered. */

#ifndef CONN_ENDING_H
#define CONN_ENDING_H

#include "conn/attempt.h"

/* Actions wait for the session, not for the transport: they outlive a lost
 * transport as long as the session can be resumed. Their deadlines run
 * meanwhile, so the alarm is the connection's and not the attempt's. */
void ending_init(xmpp_conn_t *conn);
void ending_clear(xmpp_conn_t *conn);

/* The deadline of what may take so many milliseconds from now; 0: for ever. */
uint64_t ending_time(const xmpp_conn_t *conn, unsigned long patience);

/* The deadlines may have changed. */
void ending_arm(xmpp_conn_t *conn);

/* The attempt is over: end all with XMPP_ENOTCONN, unless the session can be
 * resumed. */
void ending_lost(struct attempt *attempt);

/* A session begins, and not by resumption; or the connection is released. */
void ending_all(xmpp_conn_t *conn);

#endif
