/* discovery.h - the WebSockets of a domain, looked up by HTTPS (XEP-0156). */

#ifndef CONN_DISCOVERY_H
#define CONN_DISCOVERY_H

#include "conn/attempt.h"

#define DISCOVERY_REDIRECTS_MOST 3 /* followed for one document */

/* What XMPP_OPT_HOST_META allows. */
enum { DISCOVERY_NEVER, DISCOVERY_LAST, DISCOVERY_ONLY };

/* Is TCP not to be tried at all? */
bool discovery_is_only(const struct attempt *attempt);

/* Is there a WebSocket to be tried, or to be looked up? */
bool discovery_has_more(const struct attempt *attempt);

enum discovery_next {
    DISCOVERY_END,     /* none; or attempt->fault has XMPP_EMEM, XMPP_EDANE */
    DISCOVERY_PENDING, /* looked up: then `done` is called without a target */
    DISCOVERY_FOUND    /* it is the way now (conn/way.h): dial it */
};

/* The next WebSocket. `dial` has what is the same for all dials; what it points
 * to outlives the attempt. */
enum discovery_next discovery_next(struct attempt *attempt,
                                   const struct dial_wanted *dial,
                                   dial_done done);

/* `to` goes on where `from` has failed. */
void discovery_move(struct attempt *to, struct attempt *from);

void discovery_free(struct attempt *attempt);

#endif
