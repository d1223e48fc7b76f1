/* session.h - what the later steps share: settings, the loop, and the end. */

#ifndef SESSION_H
#define SESSION_H

#include <xmpp/xmpp.h>

/* A connection with the settings of the environment, as in bot.c. Exits if
 * there is no memory. */
xmpp_conn_t *session_new(void);

/* Connect and serve until the end. `on_ready` is called for each login. Returns
 * the exit code. */
int session_run(xmpp_conn_t *conn, void (*on_ready)(xmpp_conn_t *conn));

/* End it, with this exit code. */
void session_finish(xmpp_conn_t *conn, int code);

/* After session_run(): free everything. */
void session_free(xmpp_conn_t *conn);

#endif
