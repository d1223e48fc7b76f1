/* fast.h - user agent, tag of Bind 2, and tokens of a connection. */

#ifndef CONN_FAST_H
#define CONN_FAST_H

#include "conn/conn.h"

/* Copy what one attempt needs into the account, whose address is known. 0 or
 * XMPP_EMEM. */
int fast_init(xmpp_conn_t *conn, struct account *account);

/* The login begins anew at another host: by the token that stands now, for its
 * number went up. 0 or XMPP_EMEM. */
int fast_again(xmpp_conn_t *conn);

/* Tell the stream's wishes what was copied. */
void fast_want(const xmpp_conn_t *conn, struct wanted *wanted);

/* The stream's token is another one: keep it, and tell the application. */
void fast_keep(xmpp_conn_t *conn);

void fast_clear(xmpp_conn_t *conn, struct account *account);

#endif
