/* squeeze.h - compression of a connection. */

#ifndef CONN_SQUEEZE_H
#define CONN_SQUEEZE_H

#include "conn/attempt.h"

/* May this connection ask for it? */
bool squeeze_is_wanted(const xmpp_conn_t *conn);

/* Both sides agreed: from here on. */
void squeeze_begin(struct attempt *attempt);

#endif
