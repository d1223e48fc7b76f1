/* course.h - the course of an attempt: how it starts, its turns, how it ends.
 */

#ifndef CONN_COURSE_H
#define CONN_COURSE_H

#include "conn/attempt.h"

/* An attempt that is not started yet; NULL when memory is out. */
struct attempt *course_new(xmpp_conn_t *conn);

/* It was not started: wipe and free it. */
void course_discard(struct attempt *attempt);

/* The account is filled in: dial. From here on it is conn->attempt. False when
 * memory is out; then the caller discards it. */
bool course_start(struct attempt *attempt, const char *host, unsigned port);

/* The end, for the reason in attempt->fault: actions end (conn/ending.h), and
 * the application gets XMPP_CONN_DISCONNECT; unless the login goes on at
 * another host. If an end is being delivered already, the rest of it is
 * delivered now. */
void course_end(struct attempt *attempt);

#endif
