/* dialing.h - from an account to a connected socket: where it is looked for. */

#ifndef CONN_DIALING_H
#define CONN_DIALING_H

#include "conn/conn.h"

/* Begin: first where a server would like to have us, then at the host of the
 * application's (NULL: none) or where the domain says. The pump starts once
 * there is a socket, or the attempt ends. False when memory is out. */
bool dialing_begin(xmpp_conn_t *conn, const char *host, unsigned port);

/* Go where a server sent us, which is forgotten then. False if there is no such
 * place, or memory is out. */
bool dialing_redirect(xmpp_conn_t *conn);

#endif
