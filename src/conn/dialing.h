/* dialing.h - from an account to a target: where to look for the server. */

#ifndef CONN_DIALING_H
#define CONN_DIALING_H

#include "conn/attempt.h"

/* `done` (net/dial.h) is called with the attempt, whose dial it has to free. */

/* Begin: first at the address that the server of our session prefers, then at
 * the application's host (or NULL), or where the domain's records point; and in
 * the end, or instead, by a WebSocket that is looked up. False when memory is
 * out, or with a fault. */
bool dialing_begin(struct attempt *attempt, const char *host, unsigned port,
                   dial_done done);

/* Nobody answered: try the next place. False if there is none, or with
 * XMPP_EMEM in attempt->fault. */
bool dialing_anew(struct attempt *attempt, dial_done done);

/* The target that was reached is of no use: go on with the next one, by the
 * dial that found it. False with XMPP_EMEM in attempt->fault. */
bool dialing_next(struct attempt *attempt, dial_done done);

/* Follow a redirect, once. False if there was none, or memory is out. */
bool dialing_redirect(struct attempt *attempt, dial_done done);

/* The socket gives up what its peer does not confirm, as the options say. */
void dialing_guard(const xmpp_conn_t *conn, int fd);

#endif
