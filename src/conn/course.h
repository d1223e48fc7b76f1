/* course.h - the course of an attempt: how it starts, its turns, how it ends.
 */

#ifndef CONN_COURSE_H
#define CONN_COURSE_H

#include "conn/attempt.h"

/* An attempt that is not started yet; NULL when memory is out. */
struct attempt *course_new(xmpp_conn_t *conn);

/* It was not started: wipe and free it. */
void course_discard(struct attempt *attempt);

/* Its account is filled in: dial. It is conn->attempt from here on. False when
 * memory is out; then it is the caller's to discard. */
bool course_start(struct attempt *attempt, const char *host, unsigned port);

/* The end: requests end and the application gets XMPP_CONN_DISCONNECT, unless
 * the login goes on at another host. attempt->fault is why. Where an end is
 * being delivered already, the rest of it is delivered now. */
void course_end(struct attempt *attempt);

#endif
