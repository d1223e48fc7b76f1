/* bind2.h - what a session begins with when Bind 2 made it (XEP-0386). */

#ifndef CONN_BIND2_H
#define CONN_BIND2_H

#include "conn/attempt.h"

/* The settings of the attempt also get the elements that modules in use send
 * with Bind 2. An element of the application's with the same namespace stays
 * instead. 0 or XMPP_EMEM. */
int bind2_add_rows(struct attempt *attempt);

#endif
