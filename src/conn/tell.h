/* tell.h - what came in, to whoever listens. */

#ifndef CONN_TELL_H
#define CONN_TELL_H

#include "conn/conn.h"

/* A stanza, or an element that is none, to handlers and requests; the answer or
 * the end where nobody wants it. The connection may be gone then only if the
 * caller does not hold it. */
void tell(xmpp_conn_t *conn, xmpp_stanza_t *stanza, bool is_other);

#endif
