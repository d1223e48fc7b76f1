/* pipeline.h - what the server offered the last time, kept to log in by. */

#ifndef CONN_PIPELINE_H
#define CONN_PIPELINE_H

#include "conn/attempt.h"

/* Copy it for an attempt, if it is for this server. */
void pipeline_init(struct attempt *attempt);

/* The login or the attempt is over: keep the features for the next one. */
void pipeline_keep(struct attempt *attempt);

#endif
