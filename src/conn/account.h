/* account.h - the terms of one attempt, copied from the settings. */

#ifndef CONN_ACCOUNT_H
#define CONN_ACCOUNT_H

#include "conn/attempt.h"

/* Fill attempt->account from the settings. 0; XMPP_EARG (not an address), which
 * attempt->fault explains; XMPP_EMEM. */
int account_init(struct attempt *attempt, enum stream_kind kind);

/* `to` continues with the account of `from`, which keeps nothing that is
 * owned. */
void account_move(struct attempt *to, struct attempt *from);

/* Wipe and free. */
void account_free(struct attempt *attempt);

#endif
