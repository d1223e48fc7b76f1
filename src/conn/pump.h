/* pump.h - moving bytes between a pipe and a stream. */

#ifndef CONN_PUMP_H
#define CONN_PUMP_H

#include "conn/attempt.h"

/* Its answer. It never ends an attempt itself. */
enum pump_verdict {
    PUMP_AGAIN, /* there is more to do: call again in the next turn */
    PUMP_WAIT,  /* for the descriptor or the deadline */
    PUMP_OVER   /* the conversation is over, and all that was to go is out */
};

/* The pipe has its stages: they set themselves up, and the stream begins. The
 * attempt may be over afterwards. */
void pump_open(struct attempt *attempt);

/* Do what can be done now. The application may be called, and the attempt may
 * be over afterwards; the caller keeps its memory (attempt->turns). */
enum pump_verdict pump_run(struct attempt *attempt, uint64_t now);

/* POLL_READ and POLL_WRITE, for the top of the pipe. */
unsigned pump_wants(const struct attempt *attempt);

#endif
