/* keepalive.h - is the peer still there?
 *
 * Only what arrives is a sign of life. Two clocks run: one since anything was
 * heard, one since the oldest stanza that is not acknowledged left. When one of
 * them reaches XMPP_OPT_PING_AFTER an answer is requested, and the peer has
 * XMPP_OPT_PING_TIMEOUT for it. A request keeps its deadline whatever else is
 * written. With XMPP_OPT_PING_ADAPT the first of the two waits as long as
 * stream/rhythm has found out. A third clock runs since anything was sent, if
 * the server announced that it ends idle streams.
 */

#ifndef STREAM_KEEPALIVE_H
#define STREAM_KEEPALIVE_H

#include "stream/core.h"

void keepalive_init(struct stream *s);

/* Something was heard; or the transport is lost. */
void keepalive_heard(struct stream *s);
void keepalive_lost(struct stream *s);

/* `n` bytes left: waiting is only fair from when the question is out. */
void keepalive_sent(struct stream *s, size_t n);

/* Something was sent that the peer has to answer. */
void keepalive_requested(struct stream *s, int waits);

/* It acknowledged; `more`: stanzas that were not acknowledged before. */
void keepalive_acknowledged(struct stream *s, bool more);

/* Is it the answer to our ping? Then nobody else needs to see it. */
bool keepalive_is_pong(struct stream *s, const xmpp_stanza_t *node);

/* When to look next, and looking: true if an answer has to be requested. If it
 * did not answer in time the stream ends with XMPP_ETIMEOUT, and nothing is
 * sent: the session may still be resumed. */
uint64_t keepalive_deadline(const struct stream *s);
bool keepalive_tick(struct stream *s);

/* Request one by XEP-0199, where there is no stream management. */
void keepalive_ping(struct stream *s);

#endif
