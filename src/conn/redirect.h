/* redirect.h - where a server sends its clients: see-other-host (RFC 6120
 * section 4.9.3.19). */

#ifndef CONN_REDIRECT_H
#define CONN_REDIRECT_H

#include "conn/attempt.h"

/* A connect call begins, with this host (or NULL) and port. A redirect that
 * ended an earlier session is kept only for the same host and port. 0 or
 * XMPP_EMEM. */
int redirect_begin(xmpp_conn_t *conn, const char *host, unsigned port);

/* The attempt fails, and its stream is still there. True if the login goes on
 * at another host, which is in conn->redirect. If the server named a host that
 * is not followed, attempt->fault names it and the reason. */
bool redirect_take(struct attempt *attempt);

/* The host that it goes on at, which is tried once: owned, or NULL. */
char *redirect_take_host(xmpp_conn_t *conn);

/* Another account: the redirect was not meant for it. */
void redirect_forget(xmpp_conn_t *conn);

#endif
