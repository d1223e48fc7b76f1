/* tell.h - what came in, to whoever listens. */

#ifndef CONN_TELL_H
#define CONN_TELL_H

#include "conn/attempt.h"

/* A STANZA to handlers and requests; the answer or the end where nobody wants
 * it. Of one that was skipped only a request hears that it answers, and who
 * asked a question. The attempt may be over afterwards. */
void tell(struct attempt *attempt, const struct stream_event *event);

#endif
