/* dialing.h - from an account to a connected socket: where it is looked for. */

#ifndef CONN_DIALING_H
#define CONN_DIALING_H

#include "conn/attempt.h"

/* What a dial calls when it is done, see net/dial.h; the userdata is the
 * attempt, which has to free the dial. */
typedef void (*dialed_function)(void *userdata, int fd, const char *host,
                                unsigned port);

/* Begin: first where a server would like to have us, then at the host of the
 * application's (NULL: none) or where the domain says. False when memory is
 * out. */
bool dialing_begin(struct attempt *attempt, const char *host, unsigned port,
                   dialed_function done);

/* Nobody answered: look elsewhere. False if there is nowhere else; if that is
 * for lack of memory, attempt->fault tells. */
bool dialing_anew(struct attempt *attempt, dialed_function done);

/* Go where a server sent us, which is forgotten then. False if there is no such
 * place, or memory is out. */
bool dialing_redirect(struct attempt *attempt, dialed_function done);

#endif
