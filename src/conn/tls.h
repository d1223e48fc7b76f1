/* tls.h - TLS on a connection: from its beginning to the verdict. */

#ifndef CONN_TLS_H
#define CONN_TLS_H

#include "conn/attempt.h"

/* A target was reached: ask the DNS about its certificate (DANE), if that is
 * wanted. If it cannot be asked at all the fault is set, and TLS will not
 * begin.
 */
void tls_query_dane(struct attempt *attempt, const char *host, unsigned port);

/* The attempt is over. */
void tls_drop_dane(struct attempt *attempt);

/* What a TLS stage is made of, borrowed from the attempt. The application may
 * be called for a password: false if there is nothing to do any more then. If
 * our own certificate cannot be used the fault is set. */
bool tls_prepare(struct attempt *attempt, struct tls_wanted *ret);

/* STARTTLS: put a TLS stage on the pipe; if that fails the stream is aborted.
 */
void tls_begin(struct attempt *attempt);

/* Go on with setting up the stages of the pipe: PIPE_AGAIN while it is under
 * way (the application may be thinking), 0 when it is done, PIPE_FAIL after the
 * fault was set. The application may be called; the attempt may be over then.
 */
int tls_progress(struct attempt *attempt);

/* Its patience is over: set the fault. */
void tls_expire(struct attempt *attempt);

/* What was agreed on, as a line of the log. */
void tls_log(const struct attempt *attempt);

#endif
