/* secure.h - TLS on a connection: from its beginning to the verdict. */

#ifndef CONN_SECURE_H
#define CONN_SECURE_H

#include "conn/conn.h"

/* Put a TLS stage on the pipe; if that fails the stream is aborted. */
void secure_begin(xmpp_conn_t *conn, bool alpn);

/* Go on with a handshake: PIPE_AGAIN while it is under way (the application
 * may be thinking), 0 when it is done, PIPE_FAIL after telling the fault. The
 * application may be called; the attempt may be over then. */
int secure_progress(xmpp_conn_t *conn);

/* Its patience is over: tell the fault. */
void secure_expire(xmpp_conn_t *conn);

/* What was agreed on, as a line of the log. */
void secure_log(const xmpp_conn_t *conn);

/* Forget what belongs to an attempt. */
void secure_reset(xmpp_conn_t *conn);

#endif
