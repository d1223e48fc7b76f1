/* onward.h - a target turned out to be of no use: whether the login goes on at
 * the next one. */

#ifndef CONN_ONWARD_H
#define CONN_ONWARD_H

#include "conn/attempt.h"

/* Nothing of the account was sent, and the application knows of nothing. Until
 * this is false the attempt keeps its dial. */
bool onward_is_open(const struct attempt *attempt);

/* The attempt fails, and its stream is still there. True if the login goes on
 * at another target; the failure is kept (conn/causes.h). */
bool onward_take(struct attempt *attempt);

/* `to` goes on where `from` has failed. The account is moved afterwards. */
void onward_move(struct attempt *to, struct attempt *from);

/* No target is left: attempt->fault becomes the reason for the whole. */
void onward_conclude(struct attempt *attempt);

#endif
