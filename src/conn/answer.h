/* answer.h - the library's own answers to an iq that is ours to answer. */

#ifndef CONN_ANSWER_H
#define CONN_ANSWER_H

#include "conn/attempt.h"

/* Nobody took it (RFC 6120 sections 8.2.3 and 8.4): a ping has a result, what
 * is malformed and what is unknown an error. */
void answer_untaken(struct attempt *attempt, const xmpp_stanza_t *iq);

/* Who took it answers with the error of this code. */
void answer_refused(struct attempt *attempt, const xmpp_stanza_t *iq, int code);

#endif
