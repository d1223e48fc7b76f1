/* water.h - is the queue of a connection filling up, or emptying? */

#ifndef CONN_WATER_H
#define CONN_WATER_H

#include "conn/attempt.h"

/* Report a mark that was passed to the application, which may do anything. True
 * if it was called: there may be more to send then. */
bool water_report(struct attempt *attempt);

#endif
