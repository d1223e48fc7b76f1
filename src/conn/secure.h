/* secure.h - TLS on a connection: from its beginning to the verdict. */

#ifndef CONN_SECURE_H
#define CONN_SECURE_H

#include "conn/attempt.h"

/* Put a TLS stage on the pipe; if that fails the stream is aborted. */
void secure_begin(struct attempt *attempt, bool alpn);

/* Go on with a handshake: PIPE_AGAIN while it is under way (the application
 * may be thinking), 0 when it is done, PIPE_FAIL after telling the fault. The
 * application may be called; the attempt may be over then. */
int secure_progress(struct attempt *attempt);

/* Its patience is over: tell the fault. */
void secure_expire(struct attempt *attempt);

/* What was agreed on, as a line of the log. */
void secure_log(const struct attempt *attempt);

#endif
