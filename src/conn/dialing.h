/* dialing.h - from an account to a connected socket: where it is looked for. */

#ifndef CONN_DIALING_H
#define CONN_DIALING_H

#include "conn/attempt.h"

/* `done` (net/dial.h) is called with the attempt, whose dial it has to free. */

/* Begin: first where a server would like to have us, then at the host of the
 * application's (NULL: none) or where the domain says. False when memory is
 * out. */
bool dialing_begin(struct attempt *attempt, const char *host, unsigned port,
                   dial_done done);

/* Nobody answered: look elsewhere. False if there is nowhere else; if that is
 * for lack of memory, attempt->fault tells. */
bool dialing_anew(struct attempt *attempt, dial_done done);

/* Go where a server sent us, which is forgotten then. False if there is no such
 * place, or memory is out. */
bool dialing_redirect(struct attempt *attempt, dial_done done);

#endif
