/* account.h - the terms of one attempt, copied from the settings. */

#ifndef CONN_ACCOUNT_H
#define CONN_ACCOUNT_H

#include "conn/conn.h"

/* Fill conn->account from the settings. 0; XMPP_EARG (not an address), which
 * conn->fault explains; XMPP_EMEM. On failure nothing is held. */
int account_init(xmpp_conn_t *conn, enum stream_kind kind);

/* Add to what is said of a failure, in `message` of `size` octets, whether the
 * address may lack its domain. */
void account_hint(const xmpp_conn_t *conn, const struct fault *fault,
                  char *message, size_t size);

/* Wipe and free. */
void account_free(xmpp_conn_t *conn);

#endif
