/* tls.h - TLS on a connection: DANE, the handshake, the verdict. */

#ifndef CONN_TLS_H
#define CONN_TLS_H

#include "conn/attempt.h"

/* A target was reached: look up its TLSA records, if DANE is wanted. If that is
 * impossible the fault is set, and TLS will not begin. */
void tls_query_dane(struct attempt *attempt, const char *host, unsigned port);

/* The attempt is over. */
void tls_drop_dane(struct attempt *attempt);

/* Fill in what a TLS stage is made of, borrowed from the attempt. The
 * application may be called for a password; false if nothing is left to do
 * afterwards. If our own certificate cannot be used, the fault is set. */
bool tls_prepare(struct attempt *attempt, struct tls_wanted *ret);

/* STARTTLS: put a TLS stage on the pipe. If that fails the stream is aborted.
 */
void tls_begin(struct attempt *attempt);

/* Go on with setting up the stages of the pipe: PIPE_AGAIN if that takes longer
 * (the application may have to decide), 0 when it is done, PIPE_FAIL after the
 * fault was set. The application may be called; the attempt may be over then.
 */
int tls_progress(struct attempt *attempt);

/* Its patience is over: set the fault. */
void tls_expire(struct attempt *attempt);

/* Log the version, the cipher and the verdict. */
void tls_log(const struct attempt *attempt);

#endif
