/* account.h - the terms of one attempt, copied from the settings. */

#ifndef CONN_ACCOUNT_H
#define CONN_ACCOUNT_H

#include "conn/conn.h"

/* Fill conn->account from the settings. 0; XMPP_EARG (not an address), which
 * conn->fault explains; XMPP_EMEM. On failure nothing is held. */
int account_init(xmpp_conn_t *conn, enum stream_kind kind);

/* Wipe and free. */
void account_free(xmpp_conn_t *conn);

#endif
