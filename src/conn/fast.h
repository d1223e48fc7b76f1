/* fast.h - user agent, tag of Bind 2, and tokens of a connection. */

#ifndef CONN_FAST_H
#define CONN_FAST_H

#include "conn/attempt.h"

/* Copy what one attempt needs into the account, whose address is known. 0 or
 * XMPP_EMEM. */
int fast_init(struct attempt *attempt);

/* The login begins anew at another host: by the token that stands now, for its
 * number went up. 0 or XMPP_EMEM. */
int fast_again(struct attempt *attempt);

/* Tell the stream's wishes what was copied. */
void fast_want(struct attempt *attempt);

/* The stream's token is another one: keep it, and tell the application. */
void fast_keep(struct attempt *attempt);

void fast_clear(struct attempt *attempt);

#endif
