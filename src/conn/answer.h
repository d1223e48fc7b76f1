/* answer.h - the library's own answers to an iq that is ours to answer. */

#ifndef CONN_ANSWER_H
#define CONN_ANSWER_H

#include "conn/attempt.h"

/* Answer what nobody took (RFC 6120 sections 8.2.3 and 8.4): a ping with a
 * result, what is malformed or unknown with an error. */
void answer_untaken(struct attempt *attempt, const xmpp_stanza_t *iq);

/* Answer with the error of this code, which the taker has returned. */
void answer_refused(struct attempt *attempt, const xmpp_stanza_t *iq, int code);

#endif
