/* redirect.h - where a server sends its clients: see-other-host (RFC 6120
 * section 4.9.3.19). */

#ifndef CONN_REDIRECT_H
#define CONN_REDIRECT_H

#include "conn/attempt.h"

/* A connect call that names this host (NULL: none) and port. A redirect that an
 * earlier session ended with stays only if it is for the same. 0 or XMPP_EMEM.
 */
int redirect_begin(xmpp_conn_t *conn, const char *host, unsigned port);

/* The attempt fails, and the stream is still there: does the login go on at
 * another host, which conn->redirect names? If a server named one and it does
 * not, attempt->fault tells that host and why. */
bool redirect_take(struct attempt *attempt);

/* Another account, whose server says nothing about it. */
void redirect_forget(xmpp_conn_t *conn);

#endif
