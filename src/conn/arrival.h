/* arrival.h - a target was reached: the pipe to it, and the stream over that.
 */

#ifndef CONN_ARRIVAL_H
#define CONN_ARRIVAL_H

#include "conn/attempt.h"

/* Build the pipe and let it set itself up. If that fails attempt->fault is set,
 * and there is no transport. The application may be called; the attempt may be
 * over afterwards, so the caller keeps its memory (attempt->turns). */
void arrival_open(struct attempt *attempt, const struct target *target);

#endif
