/* paths.h - ways of logging in on which a server did not answer, and which the
 * next attempts of this connection avoid. */

#ifndef CONN_PATHS_H
#define CONN_PATHS_H

#include "conn/attempt.h"

/* How long they are gone around, since a login was last not answered. */
#define PATHS_AVOIDED 3600000 /* milliseconds */
#define PATHS_CUTS 6          /* in a row give up a session */

/* The paths that an attempt which begins now has to avoid, as bits. */
unsigned paths_avoided(xmpp_conn_t *conn);

/* An attempt ends, as attempt->fault tells: what is to be learned
 * from it? A next attempt that goes another way is worth it. The stream is
 * still there. */
void paths_learn(struct attempt *attempt);

/* Logged in. */
void paths_arrived(xmpp_conn_t *conn);

/* Another account: nothing is known of its server. */
void paths_forget(xmpp_conn_t *conn);

#endif
