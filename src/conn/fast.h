/* fast.h - user agent, tag of Bind 2, and tokens of a connection. */

#ifndef CONN_FAST_H
#define CONN_FAST_H

#include "conn/attempt.h"

/* Copy what one attempt needs into the account, whose address is known. 0 or
 * XMPP_EMEM. */
int fast_init(struct attempt *attempt);

/* The login begins again at another host: copy the token again, because its
 * count went up. 0 or XMPP_EMEM. */
int fast_again(struct attempt *attempt);

/* Put what was copied into account.wanted. */
void fast_want(struct attempt *attempt);

/* The stream has another token: keep it, and give it to the application. */
void fast_keep(struct attempt *attempt);

void fast_clear(struct attempt *attempt);

#endif
