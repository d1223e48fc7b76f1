/* paths.h - ways of logging in on which a server did not answer, and which the
 * next attempts of this connection avoid. */

#ifndef CONN_PATHS_H
#define CONN_PATHS_H

#include "conn/attempt.h"

/* They are avoided for so long after the last login that was not answered. */
#define PATHS_AVOIDED 3600000 /* milliseconds */
#define PATHS_CUTS 6          /* in a row while resuming give up a session */

/* The paths that a new attempt has to avoid, as bits. */
unsigned paths_avoided(xmpp_conn_t *conn);

/* An attempt ended because of attempt->fault: learn which path to avoid. If
 * there is one, another attempt is worth a try, and the failure says so
 * (`retry`). The stream is still there. */
void paths_learn(struct attempt *attempt);

/* Logged in. */
void paths_arrived(xmpp_conn_t *conn);

/* Another account: nothing is known of its server. */
void paths_forget(xmpp_conn_t *conn);

#endif
